"""What flows: lines of stock, lots on their way, works, handovers, and what is wanted.

A `System` is plain data. Times are in steps from the start of the horizon: step 0 is the first.
Amounts are in the unit of their line, rates in that unit per step. Everything has a `key`, the
stable name that its random streams hang on: neither its place among the others nor what else
flows changes what is drawn for it. The order of events within a step is told in `docs/flows.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pledgebook.forecasting.flows.amounts import Amount, Law, Noise, Size, Tie

__all__ = [
    "Amount",
    "Customer",
    "Event",
    "Handover",
    "Law",
    "Line",
    "Lot",
    "Mode",
    "Noise",
    "Ramp",
    "Regime",
    "Reorder",
    "Size",
    "System",
    "Tie",
    "Total",
    "Works",
]


class Mode(StrEnum):
    """What a line's use does when stock gets short."""

    AS_WANTED = "as wanted"
    """All that is wanted is used, down to the last unit; the reserve binds only what is given."""
    CUT = "cut to what arrives"
    """Once stock is down to the reserve, no more is used than arrives."""


@dataclass(frozen=True, slots=True)
class Regime:
    """The use of a line from step `start` on, until the next regime.

    `level` is what is wanted a step, drawn once for each draw and regime; `shape`, one factor for
    each step of the horizon, may give it a calendar. Regimes with the same `key` (of the same
    line) rise and fall together, across scenarios too; the key is the start unless one is given.
    """

    start: int
    level: Size
    shape: Sequence[float] | None = None
    key: str | None = None

    @property
    def name(self) -> str:
        """The key, or the start where there is none."""
        return str(self.start) if self.key is None else self.key


@dataclass(frozen=True, slots=True)
class Event:
    """A scheduled event: `size` is wanted on top of the base rate, spread over `duration` steps.

    It begins in a step from `earliest` to `latest`, all alike, and happens at all with `chance`.
    """

    key: str
    size: Size
    earliest: int
    latest: int
    duration: int = 1
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Reorder:
    """A reorder policy on the inventory position: stock and what is on order, less what is owed.

    Every `every` steps, at the end of the step: where the position is at or below `point`, order
    up to `up_to` (s, S), or as many times `quantity` as lift it above `point` (s, nQ). An order
    comes in at the start of the step `lead` steps later, at least 1; `lead` may be a law of whole
    steps, drawn for each order. An order costs `order_cost` and `unit_cost` a unit; within a year
    of `System.steps_a_year` no more is ordered than `budget` pays for.
    """

    point: float
    up_to: float | None = None
    quantity: float | None = None
    lead: int | Law = 1
    unit_cost: float = 0.0
    order_cost: float = 0.0
    budget: float | None = None
    every: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One item held by one party.

    `ages` gives shares of the opening stock by their age in steps, the rest is fresh; they matter
    with a `shelf_life` alone: what came in at step t can be used in the steps from t to
    t + shelf_life - 1, oldest first, and what is left then expires. `reserve` is kept back from
    all that is given away, and in mode `CUT` from use too. What is wanted and not there is lost,
    or with `backorder` owed and used as soon as there is stock.
    """

    key: str
    opening: Size = 0.0
    ages: Mapping[int, float] = field(default_factory=dict)
    use: Sequence[Regime] = ()
    noise: Noise | None = None
    events: Sequence[Event] = ()
    mode: Mode = Mode.AS_WANTED
    reserve: Size = 0.0
    shelf_life: int | None = None
    reorder: Reorder | None = None
    backorder: bool = False


@dataclass(frozen=True, slots=True)
class Lot:
    """Goods on their way to a line, with a delay of their own.

    `by` is the chance to have arrived by the end of each step; what is left at the last does not
    arrive within the horizon. `lost` is the share that does not survive the way. With a `source`
    the lot leaves that line `transit` steps before it arrives (at step 0 at the earliest), only
    above its reserve; what is short then waits until the shelf has it.
    """

    key: str
    to: str
    size: Size
    by: Sequence[float]
    lost: Size = 0.0
    source: str | None = None
    transit: int = 0
    tie: Tie | None = None


@dataclass(frozen=True, slots=True)
class Ramp:
    """A change of a works' rate to `to`, begun `delay` steps from the start, over `length` steps.

    With the chance `never` it does not come. The rate moves in a straight line; a ramp is counted
    from the rate of the ramp before it in the list that does come.
    """

    to: Size
    delay: Size = 0.0
    length: Size = 0.0
    never: float = 0.0


@dataclass(frozen=True, slots=True)
class Customer:
    """A line that a works makes for.

    It gets `share` of the output, up to its order `backlog` (None: no end of orders), `transit`
    steps later and less the share `lost`. What one customer cannot take goes to the others.
    """

    line: str
    share: float = 1.0
    backlog: Size | None = None
    transit: int = 0
    lost: Size = 0.0


@dataclass(frozen=True, slots=True)
class Works:
    """A production line: its rate a step, how that changes, and for whom it makes.

    Nothing is made before the step `idle_until`, and with the chance `idle_never` nothing at all.
    What the customers' shares leave, and what none of them can take, goes to `remainder`.
    """

    key: str
    rate: Size
    ramps: Sequence[Ramp] = ()
    idle_until: Size = 0.0
    idle_never: float = 0.0
    customers: Sequence[Customer] = ()
    remainder: str = "others"


@dataclass(frozen=True, slots=True)
class Handover:
    """What a line gives another at a `rate` a step, in the steps `start` to `end` (not included).

    It gives above its reserve only; what it cannot give at a step is not made good later.
    """

    key: str
    source: str
    to: str
    rate: Size
    start: int = 0
    end: int | None = None
    transit: int = 0
    lost: Size = 0.0


@dataclass(frozen=True, slots=True)
class Total:
    """Lines, or works, whose stock, arrivals, use, gap or output is wanted as one sum."""

    key: str
    of: Sequence[str]


@dataclass(frozen=True, slots=True)
class System:
    """All that flows over `steps` steps.

    `step_days` are the days of a step, one number or one for each, for the days of supply.
    """

    steps: int
    lines: Sequence[Line]
    lots: Sequence[Lot] = ()
    works: Sequence[Works] = ()
    handovers: Sequence[Handover] = ()
    totals: Sequence[Total] = ()
    step_days: float | Sequence[float] = 7.0
    steps_a_year: int = 52
