"""Which choices of the parts go together best: a program over what the parts have answered."""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from highspy._core import _Highs as Solver
from numpy.typing import NDArray
from scipy import sparse

from pledgebook.planning.decomposing.master import Outside
from pledgebook.planning.solving.quiet import begin_at, make_whole, quiet

__all__ = ["Answer", "Pool"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

# Nodes of the search for what goes together best: counted, not timed, so that it can be repeated.
NODES = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a part could do: what it costs, and its use of the coupling rows that it touches."""

    pattern: int
    cost: float
    rows: Indices
    use: Floats


@dataclass(slots=True)
class Pool:
    """Every answer seen so far, by part and by pattern: the yes-or-no choices that it makes.

    Answers of one pattern can be mixed, and keep to it; a plan takes one pattern of each part.
    """

    integer: list[NDArray[np.bool_]]
    answers: list[Answer] = field(default_factory=list)
    patterns: list[tuple[int, Floats]] = field(default_factory=list)
    _known: dict[tuple[int, bytes], int] = field(default_factory=dict)
    _seen: set[tuple[int, bytes]] = field(default_factory=set)

    def add(self, part: int, values: Floats, cost: float, use: Floats) -> None:
        """Add an answer, unless one like it is there."""
        choice = np.round(values[self.integer[part]])
        key = (part, choice.tobytes())
        if key not in self._known:
            self._known[key] = len(self.patterns)
            self.patterns.append((part, values))
        pattern = self._known[key]
        seen = (pattern, np.round(np.append(use, cost), 9).tobytes())
        if seen not in self._seen:
            self._seen.add(seen)
            rows = np.flatnonzero(use)
            self.answers.append(Answer(pattern, cost, rows, use[rows]))

    def prices(self, outside: Outside, penalty: float) -> Floats:
        """Return what coupling rows are worth where patterns, too, may be mixed."""
        model = self._model(outside, penalty)
        model.run()
        return np.array(model.getSolution().row_dual)[: outside.coupling.size]

    def choose(
        self, outside: Outside, penalty: float, gap: float, seconds: float, start: list[int]
    ) -> list[Floats] | None:
        """Return for each part the values of an answer with the pattern to hold; None if none.

        `start` is the patterns of a plan that is known.
        """
        model = self._model(outside, penalty)
        first = outside.between.size + 2 * outside.coupling.size + len(self.answers)
        at = np.arange(first, first + len(self.patterns))
        make_whole(model, at, gap, seconds)
        model.setOptionValue("mip_max_nodes", NODES)
        if start:
            value = np.zeros(at.size)
            value[start] = 1.0
            begin_at(model, at, value)
        model.run()
        info = model.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        taken = np.flatnonzero(np.array(model.getSolution().col_value)[first:] > 0.5)
        found: dict[int, Floats] = {self.patterns[p][0]: self.patterns[p][1] for p in taken}
        return [found[part] for part in range(len(self.integer))]

    def of(self, part: int, values: Floats) -> int:
        """Return the number of the pattern of an answer that was added."""
        return self._known[part, np.round(values[self.integer[part]]).tobytes()]

    def _model(self, outside: Outside, penalty: float) -> Solver:
        rows, parts = outside.coupling.size, len(self.integer)
        count, kinds = len(self.answers), len(self.patterns)
        eye = sparse.identity(rows, format="csc")
        used = np.concatenate([answer.use for answer in self.answers])
        at = np.concatenate([answer.rows for answer in self.answers])
        column = np.repeat(np.arange(count), [answer.rows.size for answer in self.answers])
        use = sparse.csc_matrix((used, (at, column)), shape=(rows, count))
        of = np.array([a.pattern for a in self.answers])
        part_of = np.array([part for part, _ in self.patterns])
        one, many = np.ones(count), np.ones(kinds)
        weigh = sparse.csc_matrix((one, (of, np.arange(count))), shape=(kinds, count))
        choose = sparse.csc_matrix((many, (part_of, np.arange(kinds))), shape=(parts, kinds))
        matrix = sparse.csc_matrix(
            sparse.bmat(
                [
                    [outside.matrix, eye, -eye, use, None],
                    [None, None, None, weigh, -sparse.identity(kinds, format="csc")],
                    [None, None, None, None, choose],
                ]
            )
        )
        cost = np.array([answer.cost for answer in self.answers])
        costs = [outside.cost, np.full(2 * rows, penalty), cost, np.zeros(kinds)]
        lower = np.append(outside.lower, np.zeros(2 * rows + count + kinds))
        upper = np.concatenate([outside.upper, np.full(2 * rows, np.inf), one, many])
        still = np.append(np.zeros(kinds), np.ones(parts))
        sides = (np.append(outside.row_lower, still), np.append(outside.row_upper, still))
        return quiet(matrix, np.concatenate(costs), (lower, upper), sides)
