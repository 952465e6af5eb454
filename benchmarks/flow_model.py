"""The model that the speed of the flows is measured on, as a system and as plain numbers.

Each line has an uncertain opening stock, two regimes of use with an uncertain level each, five lots
with delays of their own, and a works with a ramp whose beginning and end are uncertain. `noise`
adds a fresh draw of use in every cell, `sizes` makes the size of each lot uncertain too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows import (
    Amount,
    Customer,
    Line,
    Lot,
    Noise,
    Ramp,
    Regime,
    System,
    Works,
)

LOTS = 5
NOISE = 0.3
OPENING, LEVELS = (1000.0, 0.2), ((30.0, 0.3), (50.0, 0.4))
SIZE, SIZE_SD = 300.0, 0.3
RATE, RAMP_TO, RAMP_DELAY, RAMP_LENGTH = 10.0, (20.0, 0.2), (10.0, 0.5), 26.0


def curve(lot: int, steps: int) -> NDArray[np.float64]:
    """Return the chance of a lot to have arrived by the end of each step: a tenth never does."""
    return np.minimum(np.arange(1, steps + 1) / (steps * (0.5 + 0.2 * lot)), 1.0) * 0.9


def flow_system(lines: int, steps: int, *, noise: bool = False, sizes: bool = False) -> System:
    """Return the model as a system."""
    curves = [curve(lot, steps).tolist() for lot in range(LOTS)]
    size = Amount(SIZE, SIZE_SD) if sizes else SIZE
    fresh = Noise.lognormal(NOISE) if noise else None
    use = [Regime(0, Amount(*LEVELS[0])), Regime(steps // 2, Amount(*LEVELS[1]))]
    ramp = Ramp(Amount(*RAMP_TO), Amount(*RAMP_DELAY), RAMP_LENGTH)
    return System(
        steps,
        [Line(f"line {i}", Amount(*OPENING), use=use, noise=fresh) for i in range(lines)],
        lots=[
            Lot(f"lot {i}.{k}", f"line {i}", size, curves[k])
            for i in range(lines)
            for k in range(LOTS)
        ],
        works=[
            Works(f"works {i}", RATE, ramps=[ramp], customers=[Customer(f"line {i}")])
            for i in range(lines)
        ],
    )
