"""The plan: what is chosen, what it costs, what stays short, and how good it is proved to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bottleneck", "Change", "Choices", "Outcome", "Plan", "Reason", "Status"]

Floats = NDArray[np.float64]


class Status(StrEnum):
    """How the search ended. There is a plan with the first four alone."""

    OPTIMAL = "optimal"
    GAP = "within the gap"
    TIME = "out of time"
    STOPPED = "stopped"
    """By the user: the best plan so far, with its gap."""
    INFEASIBLE = "infeasible"
    NONE = "no plan found"


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen, by name, each (steps,) unless it says otherwise.

    `drawn` by shelf and stock, `ordered` by line and stock at the line's own terms, `called` by
    contract and stock. `paid` by donor and line, or contract, each (years,). `expanded`,
    `restarted` and `signed` give the step; what is missing there is not done.
    """

    drawn: Mapping[tuple[str, str], Floats] = field(default_factory=dict)
    ordered: Mapping[tuple[str, str], Floats] = field(default_factory=dict)
    called: Mapping[tuple[str, str], Floats] = field(default_factory=dict)
    paid: Mapping[tuple[str, str], Floats] = field(default_factory=dict)
    expanded: Mapping[str, int] = field(default_factory=dict)
    restarted: Mapping[str, int] = field(default_factory=dict)
    signed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows in one case: stock at the end of each step, use by need and stock, shortage.

    `short` is by need, (pieces, steps).
    """

    case: str
    chance: float
    stock: Mapping[str, Floats]
    served: Mapping[tuple[str, str], Floats]
    short: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A bound that binds: what it is, in which steps, and what one more unit of it is worth.

    `kind` is "shelf", "rate" (of draws), "lead time", "capacity", "minimum" (rate of a line),
    "restart", "ramp", "contract", "price breaks", "transport", "budget", "share" or "price" (it
    costs more than the shortage counts for); `steps` are years for budgets and shares. `worth` is
    the fall of the objective for one more unit in one of the steps, on the mean over them, by the
    duals of the problem with its yes-or-no choices held fixed.
    """

    kind: str
    name: str
    says: str
    steps: tuple[int, ...]
    worth: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a need stays short over some steps, by how much on the mean, and what holds it back."""

    need: str
    first: int
    last: int
    short: float
    says: str
    bottlenecks: tuple[Bottleneck, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A change that closes a gap: what, by how much, and what else it costs.

    The gap is what is missing of a need from step `first` to `last`, `closes` units on the mean;
    the rest of the plan stays as it is. `cost` is what is spent more (drawdown, orders, contracts,
    expansions, restarts, rebates, holding), `kind` "budget", "reserve", "capacity" or "earlier".
    """

    need: str
    says: str
    cost: float
    closes: float
    kind: str = ""
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer. `cost` is the objective, `bound` what no plan can go below, both proved.

    `parts` splits the cost: drawdown, orders, contracts, expansions, restarts, rebates, holding,
    shortage, risk. `gap` is (cost - bound) / cost.
    """

    status: Status
    choices: Choices
    outcomes: Sequence[Outcome]
    cost: float
    bound: float
    parts: Mapping[str, float]
    seconds: float
    method: str
    reasons: Sequence[Reason] = ()
    changes: Sequence[Change] = ()
    clash: Sequence[str] = ()
    """The smallest set of demands found that cannot all be met, in words, where none can."""

    @property
    def gap(self) -> float:
        """The proven relative distance to the best that there could be."""
        return 0.0 if self.cost == self.bound else (self.cost - self.bound) / abs(self.cost)
