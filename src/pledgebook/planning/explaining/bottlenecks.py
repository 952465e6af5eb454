"""What holds supply back, and what one more unit of it is worth: the duals of a plan, by name.

With the yes-or-no choices of a plan held fixed, the rest is a linear program. At its optimum every
way of supply is in balance: what a further unit would be worth where it arrives, less what it
costs, is the sum of the prices of all bounds that it runs into (complementary slackness). So each
unit that is not bought has its reason: a bound with a price, or that it costs more than it is
worth. Such prices hold for small changes, as long as no other bound comes to bind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.formulating.blocks import Block, Formulation
from pledgebook.planning.problem import Problem
from pledgebook.planning.solving.highs import Answer

__all__ = ["Hold", "Price", "Pricing", "Way"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_NOTHING = 1e-6
"""What is less than this share of a unit's value is the solver's rounding."""

_KINDS = {
    "capacity": "capacity",
    "run at all": "minimum",
    "idle until restarted": "restart",
    "restarted before it runs": "restart",
    "ramp": "ramp",
    "contract": "contract",
    "drawn in a step": "rate",
    "drawn in all": "shelf",
    "left": "shelf",
    "transport": "transport",
    "tiers": "price breaks",
}
_VALUE = frozenset({"balance", "inflow"})


@dataclass(frozen=True, slots=True)
class Way:
    """One way of supply: draws from a shelf, orders on a line or calls on a contract, to a stock.

    `names` are the shelves that are one to the plan, or the line or contract. `columns` (steps,)
    are its columns, -1 where there is none; what sets out in a step arrives `delay` steps later.
    """

    kind: str
    names: tuple[str, ...]
    stock: str
    delay: int
    columns: Indices

    @property
    def name(self) -> str:
        """The line, the contract, or the first of the shelves."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Hold:
    """What holds a way back: the kind of the bound, whose it is, and in which step, or year.

    `charge` is what it takes of a unit's value, `worth` what one more unit of the bound would save.
    Budgets and shares are by year, all else by step.
    """

    kind: str
    name: str
    at: int
    charge: float
    worth: float


@dataclass(frozen=True, slots=True)
class Price:
    """A unit that a way brings when it sets out in a step: its value there, its cost, its holds."""

    value: float
    cost: float
    holds: tuple[Hold, ...]


@dataclass(slots=True)
class Pricing:
    """The prices of a solved program, found by name. `duals` are those with choices held."""

    problem: Problem
    program: Formulation
    duals: Answer
    _rows: Floats = field(init=False)
    _columns: Floats = field(init=False)
    _kind: NDArray[np.int64] = field(init=False)
    _key: NDArray[np.int64] = field(init=False)
    _step: NDArray[np.int64] = field(init=False)
    _names: list[str] = field(init=False)
    _payers: dict[tuple[str, int], list[tuple[str, float, float]]] = field(init=False)
    _signed: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        rows, columns = self.duals.row_duals, self.duals.column_duals
        if rows is None or columns is None:
            raise ValueError("a plan without duals cannot be priced")
        self._rows, self._columns = rows, columns
        count = len(rows)
        self._kind, self._key, self._step = (np.full(count, -1) for _ in range(3))
        self._names = list(self.program.rows)
        for number, block in enumerate(self.program.rows.values()):
            place = np.nonzero(block.index >= 0)
            at = block.index[place]
            self._kind[at] = number
            self._key[at] = place[0]
            self._step[at] = place[-1] if len(place) > 1 else 0
        self._payers = self._find_payers()
        sign, values = self.program.columns.get("sign"), self.duals.values
        self._signed = {}
        if sign is not None and values is not None:
            told = sign.values(values)
            self._signed = {str(key): float(one) for key, one in zip(sign.keys, told, strict=True)}

    def ways(self) -> Iterator[Way]:
        """Yield every way of supply that the program has."""
        shelves = {shelf.name: shelf for shelf in self.problem.shelves}
        lines = {line.name: line for line in self.problem.lines}
        contracts = {contract.name: contract for contract in self.problem.contracts}
        for key, columns in _keyed(self.program.columns.get("draw")):
            names, stock = cast("tuple[tuple[str, ...], str]", key)
            yield Way("draw", names, stock, shelves[names[0]].delay, columns)
        for key, columns in _keyed(self.program.columns.get("order")):
            name, stock = cast("tuple[str, str]", key)
            yield Way("order", (name,), stock, lines[name].lead, columns)
        for key, columns in _keyed(self.program.columns.get("call")):
            name, stock = cast("tuple[str, str]", key)
            yield Way("call", (name,), stock, lines[contracts[name].line].lead, columns)

    def price(self, way: Way, step: int) -> Price | None:
        """Return what a further unit by a way in a step is worth, costs, and runs into."""
        column = int(way.columns[step])
        if column < 0:
            return None
        matrix = self.program.matrix
        inside = slice(matrix.indptr[column], matrix.indptr[column + 1])
        value, cost = 0.0, float(self.program.cost[column])
        holds: list[Hold] = []
        for row, entry in zip(matrix.indices[inside], matrix.data[inside], strict=True):
            pull = float(entry * self._rows[row])
            name = self._names[self._kind[row]]
            if name in _VALUE:
                value += pull
            elif name in ("paid", "budget", "spent"):
                holds += self._money(name, int(row), -pull)
            elif pull > 0 or name not in _KINDS:
                cost -= pull
            elif pull < 0:
                holds.append(self._hold(name, int(row), -pull, way, step))
        at_most = -float(self._columns[column])
        if at_most > 0:
            holds.append(self._at_most(way, step, column, at_most))
        least = _NOTHING * max(abs(value), abs(cost))
        return Price(value, cost, tuple(one for one in holds if one.charge > least))

    def value_at(self, stock: str, step: int) -> float:
        """Return what one unit more of a stock at a step would save."""
        number = next(i for i, one in enumerate(self.problem.stocks) if one.name == stock)
        inflow = self.program.rows.get("inflow")
        block = inflow if inflow is not None else self.program.rows["balance"]
        row = block.index[number, step] if inflow is not None else block.index[0, number, step]
        return float(self._rows[row]) if row >= 0 else 0.0

    def _at_most(self, way: Way, step: int, column: int, charge: float) -> Hold:
        """Return what bounds a column from above."""
        kind, name = {"draw": "rate", "order": "capacity", "call": "contract"}[way.kind], way.name
        if way.kind == "draw" and self._is_all(way, column):
            kind = "shelf"
        if way.kind == "call" and self._of_line(way.name, step):
            kind, name = "capacity", self._of_line(way.name, step)
        if kind == "capacity":
            line = next(one for one in self.problem.lines if one.name == name)
            # The formulation leaves out what a ramp cannot reach, or what an idle line cannot make.
            if self.program.upper[column] < line.capacity[step] * (1 - _NOTHING):
                kind = "ramp" if line.ramp is not None else "restart"
        return Hold(kind, name, step, charge, charge)

    def _of_line(self, contract: str, step: int) -> str:
        """Return the line of a contract that opens no less than the line makes; else nothing."""
        made = next(one for one in self.problem.contracts if one.name == contract)
        line = next(one for one in self.problem.lines if one.name == made.line)
        whole = line.capacity[step] + sum(grow.added for grow in line.expansions)
        return line.name if made.most[step] >= whole else ""

    def _is_all(self, way: Way, column: int) -> bool:
        """Tell whether a draw is bounded by all that the shelves hold, and not by a rate."""
        shelves = [shelf for shelf in self.problem.shelves if shelf.name in way.names]
        room = sum(one.held - one.reserve + float(one.replenished.sum()) for one in shelves)
        return bool(self.program.upper[column] >= room * (1 - _NOTHING))

    def _hold(self, name: str, row: int, charge: float, way: Way, step: int) -> Hold:
        kind, whose, at = _KINDS[name], way.name, step
        signed = float(self._signed.get(way.name, 0.0)) > 0.5
        if kind == "contract" and signed and self._of_line(way.name, at):
            return Hold("capacity", self._of_line(way.name, at), at, charge, charge)
        if kind == "transport":
            whose, at = "transport", int(self._step[row])
        elif name in ("capacity", "ramp", "run at all", "idle until restarted"):
            whose = str(self.program.rows[name].keys[self._key[row]])
        return Hold(kind, whose, at, charge, abs(float(self._rows[row])))

    def _money(self, name: str, row: int, charge: float) -> Iterator[Hold]:
        """Yield what the budgets and shares of those who pay take of a unit."""
        key, year = int(self._key[row]), int(self._step[row])
        if name == "paid":
            thing = str(self.program.rows["paid"].keys[key])
            for donor, budget, share in self._payers.get((thing, year), ()):
                if budget > 0:
                    yield Hold("budget", donor, year, charge, budget)
                if share > 0:
                    yield Hold("share", donor, year, charge, share)
        elif charge > 0:
            kind = "budget" if name == "budget" else "share"
            donor = str(self.program.rows[name].keys[key])
            yield Hold(kind, donor, year, charge, abs(float(self._rows[row])))

    def _find_payers(self) -> dict[tuple[str, int], list[tuple[str, float, float]]]:
        """Return who may pay for what in a year, with what their budgets and shares are worth."""
        pay, budget = self.program.columns.get("pay"), self.program.rows.get("budget")
        spent = self.program.rows.get("spent")
        found: dict[tuple[str, int], list[tuple[str, float, float]]] = {}
        if pay is None:
            return found
        for key, columns in zip(pay.keys, pay.index, strict=True):
            donor, thing = cast("tuple[str, str]", key)
            for year in np.flatnonzero(columns >= 0):
                money = share = 0.0
                if budget is not None and donor in budget.keys:
                    money = -float(self._rows[budget.at(donor)[year]])
                if spent is not None and donor in spent.keys:
                    share = float(self._rows[int(spent.at(donor))])
                found.setdefault((thing, int(year)), []).append((donor, money, share))
        return found


def _keyed(block: Block | None) -> Iterator[tuple[object, Indices]]:
    if block is not None:
        yield from zip(block.keys, block.index, strict=True)
