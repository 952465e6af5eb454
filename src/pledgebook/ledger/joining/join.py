"""Join the rows of a table: which undertaking each one belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.joining.blocks import Linked, Solver
from pledgebook.ledger.joining.meetings import Meetings
from pledgebook.ledger.joining.parts import said_parts, sums
from pledgebook.ledger.joining.scoring import PairScorer, pair_keys
from pledgebook.ledger.joining.table import FAMILY, NONE, SCOPES, CaseTable, Ints
from pledgebook.ledger.rules import Rules
from pledgebook.vocabulary.statement import Scope

__all__ = [
    "Joined",
    "is_late",
    "join",
    "join_pairs",
    "likely_floor",
    "likely_pairs",
    "linked_pairs",
    "scorer_of",
    "solver_of",
    "together",
]

Floats = npt.NDArray[np.float32]
Pairs = Sequence[tuple[int, int]]
_AT_A_TIME = 100_000


@dataclass(frozen=True, slots=True)
class Joined:
    """The undertaking of each row, named by its first row, and the pairs that leave a doubt.

    `doubts` are pairs of rows of different undertakings that would pass for one, with their sums.
    """

    labels: Ints
    doubts: tuple[Ints, Ints, Floats]


def scorer_of(table: CaseTable, rules: Rules) -> PairScorer:
    """Return the scorer of a table, with what its documents say of wholes and parts."""
    rows = len(table)
    added = pair_keys(sums(table, rules.most_parts), rows)
    return PairScorer(table, rules, added, pair_keys(said_parts(table), rows))


def join(
    table: CaseTable, rules: Rules, scorer: PairScorer, *, must: Pairs = (), cannot: Pairs = ()
) -> Joined:
    """Find the undertakings; `must` and `cannot` are pairs of rows that a person decided."""
    met = Meetings(table, rules)
    return join_pairs(met, likely_pairs(met, rules, scorer), rules, scorer, must, cannot)


def join_pairs(
    met: Meetings,
    found: Linked,
    rules: Rules,
    scorer: PairScorer,
    must: Pairs = (),
    cannot: Pairs = (),
) -> Joined:
    """Find the undertakings of a table of which all `likely_pairs` are known."""
    one, other, weight = found
    solver = solver_of(met.table, rules, scorer, must, cannot)
    labels = solver.labels(linked_pairs(met, rules, found))
    doubtful = (weight > rules.doubt) & (labels[one] != labels[other])
    return Joined(labels, (one[doubtful], other[doubtful], weight[doubtful]))


def solver_of(
    table: CaseTable, rules: Rules, scorer: PairScorer, must: Pairs = (), cannot: Pairs = ()
) -> Solver:
    """Return the solver of a table."""
    return Solver(scorer.totals, is_late(table), rules.threshold, rules.most_compared, must, cannot)


def is_late(table: CaseTable) -> npt.NDArray[np.bool_]:
    """Tell which rows join late: running totals, and what gives no figure."""
    total = (table.scope == SCOPES[Scope.TOTAL]) & (table.family == FAMILY["promise"])
    late: npt.NDArray[np.bool_] = total | ((table.quantity == NONE) & (table.money == NONE))
    return late


def likely_pairs(
    met: Meetings, rules: Rules, scorer: PairScorer, rows: Ints | None = None
) -> Linked:
    """Return pairs of rows that may be one undertaking or leave a doubt, with their sums.

    With `rows`, only pairs that hold one of them.
    """
    likely: list[Linked] = []
    floor = likely_floor(rules)
    for one, other in met.pairs(most=_AT_A_TIME, rows=rows):
        found = scorer.totals(one, other)
        good = found > floor
        likely.append((one[good], other[good], found[good]))
    return together(likely)


def likely_floor(rules: Rules) -> float:
    """Return the sum above which a pair is likely."""
    return min(rules.link, rules.doubt)


def linked_pairs(met: Meetings, rules: Rules, found: Linked) -> Linked:
    """Return those of the pairs that bring their rows into one block."""
    one, other, weight = found
    thick, late = met.thick, is_late(met.table)
    # What is late may follow what it is most like, wherever it stands: it connects no blocks.
    more = thick[one] & thick[other] & (late[one] == late[other])
    least = np.where(more, rules.link_in_the_thick, rules.link)
    linked = weight > least
    return one[linked], other[linked], weight[linked]


def together(found: Sequence[Linked]) -> Linked:
    """Put pairs together; each once, in their order."""
    if not found:
        nothing = np.empty(0, np.int32)
        return nothing, nothing, np.empty(0, np.float32)
    one = np.concatenate([pairs[0] for pairs in found])
    other = np.concatenate([pairs[1] for pairs in found])
    weight = np.concatenate([pairs[2] for pairs in found])
    key = one.astype(np.int64) << 32 | other.astype(np.int64)
    places = np.unique(key, return_index=True)[1]
    return one[places], other[places], weight[places]
