"""The same model in NumPy, SimPy and PySD, and the memory floor of the machine.

Each returns the mean stock at the end of the horizon, so that what is timed can be seen to be the
same. NumPy goes over lines and steps in Python and over all draws at once, and measures what the
kernel does; the others play one draw at a time and keep the last stock alone.
"""

from __future__ import annotations

import importlib
import random
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from flow_model import (
    LEVELS,
    LOTS,
    NOISE,
    OPENING,
    RAMP_DELAY,
    RAMP_LENGTH,
    RAMP_TO,
    RATE,
    SIZE,
    curve,
)
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def in_numpy(draws: int, steps: int, lines: int, *, noise: bool = False) -> float:
    """Play the model with NumPy, vectorised over draws; return the mean of the last stock."""
    rng = np.random.default_rng(1)
    ends = 0.0

    def amount(median: float, sd: float) -> Floats:
        return median * np.exp(sd * rng.standard_normal(draws))

    for _ in range(lines):
        stock = amount(*OPENING)
        levels = [amount(*level) for level in LEVELS]
        arrivals = np.zeros((steps + 1, draws))
        for lot in range(LOTS):
            step = np.searchsorted(curve(lot, steps), rng.random(draws))
            arrivals[step, np.arange(draws)] += SIZE
        to, begins = amount(*RAMP_TO), amount(*RAMP_DELAY)
        dry = np.zeros(draws, dtype=bool)
        for t in range(steps):
            now = np.clip(t + 1 - begins, 0, RAMP_LENGTH)
            soon = np.clip(t - begins, 0, RAMP_LENGTH)
            above = np.clip(t + 1 - begins - RAMP_LENGTH, 0, 1)
            made = RATE + (to - RATE) * ((now**2 - soon**2) / (2 * RAMP_LENGTH) + above)
            came = arrivals[t] + made
            wanted = levels[t >= steps // 2]
            if noise:
                wanted = wanted * rng.lognormal(-np.log1p(NOISE**2) / 2, NOISE, draws)
            stock += came
            used = np.minimum(wanted, stock)
            stock -= used
            gap = wanted - used
            dry |= gap > 0
            for measured in (stock, came, made, wanted, used, gap):
                measured.mean()
                measured.var()
            np.count_nonzero(gap)
            np.count_nonzero(dry)
        ends += float(stock.mean())
    return ends / lines


def _amount(rng: random.Random, median: float, sd: float) -> float:
    return median * float(np.exp(sd * rng.gauss(0, 1)))


def _delay(rng: random.Random, lot: int, steps: int) -> float:
    share = rng.random() / 0.9
    return share * steps * (0.5 + 0.2 * lot) if share <= 1 else 10.0 * steps


def in_simpy(draws: int, steps: int, lines: int) -> float:
    """Play the model with SimPy, an event for each lot and each week; return the last stock."""
    simpy: Any = importlib.import_module("simpy")
    rng = random.Random(1)
    ends = []

    def lot(env: Any, shelf: list[float], delay: float, size: float) -> Iterator[Any]:  # noqa: ANN401
        yield env.timeout(delay)
        shelf[0] += size

    def weeks(env: Any, shelf: list[float]) -> Iterator[Any]:  # noqa: ANN401
        levels = [_amount(rng, *level) for level in LEVELS]
        to, begins = _amount(rng, *RAMP_TO), _amount(rng, *RAMP_DELAY)
        for t in range(steps):
            yield env.timeout(1)
            done = min(max((t + 0.5 - begins) / RAMP_LENGTH, 0.0), 1.0)
            there = shelf[0] + RATE + (to - RATE) * done
            shelf[0] = there - min(levels[t >= steps // 2], there)

    for _ in range(draws):
        env = simpy.Environment()
        shelves = [[_amount(rng, *OPENING)] for _ in range(lines)]
        for shelf in shelves:
            for k in range(LOTS):
                env.process(lot(env, shelf, _delay(rng, k, steps), SIZE))
            env.process(weeks(env, shelf))
        env.run(until=steps + 0.5)
        ends += [shelf[0] for shelf in shelves]
    return float(np.mean(ends))


MODEL = """{{UTF-8}}
Stock = INTEG(Arrivals + Output - Used, Opening) ~~|
Used = MIN(Wanted, Stock + Arrivals + Output) ~~|
Wanted = IF THEN ELSE(Time < {half}, Level 1, Level 2) ~~|
Output = {rate} + (To - {rate}) * MIN(MAX((Time + 0.5 - Begins) / {length}, 0), 1) ~~|
Arrivals = {arrivals} ~~|
Opening = 1000 ~~|
Level 1 = 30 ~~|
Level 2 = 50 ~~|
To = 20 ~~|
Begins = 10 ~~|
{lots}
FINAL TIME = {steps} ~~|
INITIAL TIME = 0 ~~|
SAVEPER = {steps} ~~|
TIME STEP = 1 ~~|
"""


def pysd_player(steps: int) -> Callable[[int], float]:
    """Return a call that plays one line of the model with PySD in so many draws."""
    pysd: Any = importlib.import_module("pysd")
    numbers = range(1, LOTS + 1)
    text = MODEL.format(
        half=steps // 2,
        rate=RATE,
        length=RAMP_LENGTH,
        steps=steps,
        arrivals=" + ".join(f"Size {k} * PULSE(Step {k}, 1)" for k in numbers),
        lots="\n".join(f"Size {k} = 300 ~~|\nStep {k} = 10 ~~|" for k in numbers),
    )
    folder = Path(tempfile.mkdtemp(prefix="flows-"))
    path = folder / "line.mdl"
    path.write_text(text, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pysd.read_vensim(str(path))

    def play(draws: int) -> float:
        rng = random.Random(1)
        ends = []
        for _ in range(draws):
            given = {"Opening": _amount(rng, *OPENING), "To": _amount(rng, *RAMP_TO)}
            given |= {"Level 1": _amount(rng, *LEVELS[0]), "Level 2": _amount(rng, *LEVELS[1])}
            given["Begins"] = _amount(rng, *RAMP_DELAY)
            for k in numbers:
                given[f"Size {k}"] = SIZE
                given[f"Step {k}"] = float(int(_delay(rng, k - 1, steps)))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = model.run(params=given, return_columns=["Stock"])
            ends.append(float(found["Stock"].iloc[-1]))
        return float(np.mean(ends))

    return play


def memory_toucher(cells: int, threads: int) -> Callable[[], float]:
    """Return a call that writes one float32 for each cell and reads it again, on some threads."""
    parts = np.array_split(np.zeros(cells, dtype=np.float32), threads)

    def touch(part: NDArray[np.float32]) -> float:
        part.fill(1.0)
        return float(part.sum())

    def touch_all() -> float:
        with ThreadPoolExecutor(threads) as pool:
            return sum(pool.map(touch, parts))

    touch_all()  # the first time the system has to find the memory
    return touch_all
