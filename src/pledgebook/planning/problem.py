"""The planning problem in plain figures: what may be chosen, what must be respected, what it costs.

Steps are counted from 0; a quantity is in units of its item, money in one currency. Names are
those of the scenario, so that every figure of a plan finds its way back to a key of the file and
to what that rests on. Everything but needs, and something to meet them with, may be empty.

What is ordered in a step is paid in that step's year, but for the share that is paid in advance or
on delivery; it arrives `lead` steps later. What arrives or is drawn in a step can be used in it.
Stock is counted at the end of each step, after use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Budget",
    "Case",
    "Contract",
    "Expansion",
    "Line",
    "Need",
    "Problem",
    "Restart",
    "Risk",
    "Shelf",
    "ShortPiece",
    "Stock",
    "Substitute",
    "Tier",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stock:
    """What a recipient holds of an item: `opening` at the start, `holding` cost a unit and step.

    `arriving` (steps,) is what comes in whatever the plan does: commitments made before.
    """

    name: str
    recipient: str
    item: str
    opening: float
    holding: float
    arriving: Floats


@dataclass(frozen=True, slots=True)
class ShortPiece:
    """A part of a need, as a share of it, and the cost of a missing unit. Dearest first."""

    share: float
    cost: float


@dataclass(frozen=True, slots=True)
class Substitute:
    """A stock that meets a need: `rate` units of it stand for one unit of the need."""

    stock: str
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Need:
    """What is wanted in each step (steps,), and from which stocks it can be met.

    What is missing in a step is missing for good. `priority` is the class, 1 before 2: with
    `Problem.lexicographic` the shortage of a class is made as small as can be before the next is
    looked at; else the costs of the pieces decide alone.
    """

    name: str
    recipient: str
    item: str
    amount: Floats
    pieces: tuple[ShortPiece, ...]
    met_by: tuple[Substitute, ...]
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a donor holds of an item and may hand over, at `cost` a unit, to the stocks named.

    At most `held` - `reserve` + what is replenished up to then; at most `most` in a step (steps,).
    """

    name: str
    donor: str
    item: str
    held: float
    reserve: float
    replenished: Floats
    most: Floats
    cost: float
    to: tuple[str, ...]
    delay: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """A price break: the first `width` units of a period at `rebate` (share of the price), then on.

    A tier is used only when the one before is full. What is ordered at the line's own terms in a
    period never passes the sum of the widths; an endless last tier has width `inf`.
    """

    width: float
    rebate: float


@dataclass(frozen=True, slots=True)
class Expansion:
    """Once, in a step from `earliest` to `latest`: `added` capacity a step, `delay` steps later."""

    name: str
    cost: float
    added: float
    delay: int
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Restart:
    """An idle line makes nothing until it is restarted, once, `delay` steps before it first may.

    From then it makes at least `least` a step for `run` steps.
    """

    cost: float
    delay: int
    least: float = 0.0
    run: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A production line that can be ordered from.

    `capacity` (steps,) is what is free for these buyers, after other customers and backlog. In a
    step it makes nothing, or at least `least` (the minimum sustaining rate; 0 for none); from one
    step to the next orders grow by at most `ramp` (None: freely). `tiers` are price breaks on what
    is ordered at the line's own terms in each period of `tier_steps`, counted from step 0 and anew
    from the first step of each budget year, at the price of the period's first step; whether a
    rebate lowers what is paid (in the year of the period, and of the arrival of its last step,
    never below nothing), or is a gain beside the budgets, says `rebate_paid`.
    `buyers` may pay for it; None: every donor that has a budget, and anyone where none has.
    """

    name: str
    item: str
    maker: str
    price: Floats
    capacity: Floats
    lead: int
    to: tuple[str, ...]
    least: float = 0.0
    ramp: float | None = None
    tiers: tuple[Tier, ...] = ()
    tier_steps: int = 3
    rebate_paid: bool = True
    expansions: tuple[Expansion, ...] = ()
    restart: Restart | None = None
    buyers: tuple[str, ...] | None = None
    advance: float = 1.0
    """The share that is paid in the year of the order; the rest in the year of arrival. 1: all.

    What arrives after the horizon is paid after it: a cost, but in no budget."""
    fixed_paid: bool = False
    """Whether budgets pay for expansions, restarts and the signing of contracts, in their year."""


@dataclass(frozen=True, slots=True)
class Contract:
    """An agreement on a line, which is signed once in step `start` or not at all.

    Signed, it costs `fixed`, opens `most` units a step (steps,) at `price` beside the line's own
    terms and within its capacity, and binds the buyers to take at least `take` in each year of
    `years` (by year index). A joint purchase needs at least `least_buyers` that each pay at least
    the share `least_part` of all that is paid for it.
    """

    name: str
    line: str
    kind: str
    price: float
    fixed: float
    start: int
    most: Floats
    take: Mapping[int, float]
    buyers: tuple[str, ...]
    least_buyers: int = 1
    least_part: float = 0.05


@dataclass(frozen=True, slots=True)
class Budget:
    """What a donor may spend in each year (years,); its share of all spending lies in a band.

    The share is of what all donors spend over the whole horizon. A donor without a budget is not
    bound.
    """

    donor: str
    amount: Floats
    least_share: float = 0.0
    most_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Case:
    """One course that use and arrivals may take, with its chance.

    What differs from the problem's own figures, by name: of needs their amounts (steps,), of
    stocks what arrives (steps,), of stocks what is held at the start.
    """

    name: str
    chance: float
    amount: Mapping[str, Floats] = field(default_factory=dict)
    arriving: Mapping[str, Floats] = field(default_factory=dict)
    opening: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Risk:
    """How bad cases weigh: `weight` of the mean of the worst `tail` of the cases' shortage cost.

    Weight 0 counts the mean alone, 1 the tail alone (conditional value at risk).
    """

    weight: float = 0.0
    tail: float = 0.1


@dataclass(frozen=True, slots=True)
class Problem:
    """All of it. Without cases it is deterministic; with them, what is chosen holds in every one.

    Drawdowns, orders, contracts, expansions and restarts are chosen once, before it is known which
    case comes; stock, use and shortage follow in each. `year_of` (steps,) is the budget year of a
    step; `transport` (steps,) bounds what sets out in a step, in `weight` a unit of each item.
    """

    steps: int
    year_of: NDArray[np.int64]
    currency: str
    stocks: Sequence[Stock]
    needs: Sequence[Need]
    shelves: Sequence[Shelf] = ()
    lines: Sequence[Line] = ()
    contracts: Sequence[Contract] = ()
    budgets: Sequence[Budget] = ()
    cases: Sequence[Case] = ()
    risk: Risk = Risk()
    lexicographic: bool = False
    transport: Floats | None = None
    weight: Mapping[str, float] = field(default_factory=dict)

    @property
    def years(self) -> int:
        """How many budget years the horizon touches."""
        return int(self.year_of[-1]) + 1
