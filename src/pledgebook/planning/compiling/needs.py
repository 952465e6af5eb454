"""Needs and stocks: what is wanted, what is there, what comes in anyway, and what may vary."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.amounts import Amount
from pledgebook.planning.compiling.book import BookFigures, Lots
from pledgebook.planning.compiling.cases import Spread, Uncertain
from pledgebook.planning.compiling.frame import Frame, Key
from pledgebook.planning.problem import Need, ShortPiece, Stock, Substitute
from pledgebook.planning.scenario.names import KnownItem, KnownParty
from pledgebook.planning.scenario.tables import Commitment
from pledgebook.planning.scenario.tables import Need as NeedTable
from pledgebook.planning.scenario.tables import Stock as StockTable
from pledgebook.planning.scenario.values import OverTime
from pledgebook.vocabulary.toml_places import Path

__all__ = ["Demand", "compile_needs"]

Floats = NDArray[np.float64]

_Z90 = NormalDist().inv_cdf(0.9)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Wanted:
    """A need of the file with its parties found, and the items that can meet it, with rates."""

    at: int
    table: NeedTable
    recipient: KnownParty
    item: KnownItem
    met_by: dict[str, tuple[KnownItem, float]]

    @property
    def name(self) -> str:
        return self.table.name or f"{self.item.name} for {self.recipient.name}"


@dataclass(frozen=True, slots=True)
class Demand:
    """The needs and stocks of a problem. `stock_names` gives the stock of a recipient and item."""

    needs: tuple[Need, ...]
    stocks: tuple[Stock, ...]
    stock_names: dict[Key, str]
    uncertain: Uncertain

    def stocks_of(self, item: KnownItem, recipients: set[str] | None) -> tuple[str, ...]:
        """Return the stocks of an item, of all recipients or some (by key)."""
        return tuple(
            name
            for (recipient, kind), name in self.stock_names.items()
            if kind == item.key and (recipients is None or recipient in recipients)
        )


@dataclass(slots=True)
class _Coming:
    """What comes in at a stock: a steady flow, and promises by their chances."""

    steady: Floats
    lots: list[Lots] = field(default_factory=list)

    @property
    def mean(self) -> Floats:
        return self.steady + sum((one.mean for one in self.lots), np.zeros_like(self.steady))


def compile_needs(frame: Frame, book: BookFigures, supplied: set[str]) -> Demand:
    """Return what is wanted and held. `supplied` are the keys of items that can be given."""
    return _Needs(frame, book, supplied).compile()


class _Needs:
    def __init__(self, frame: Frame, book: BookFigures, supplied: set[str]) -> None:
        self._frame, self._book = frame, book
        self._amounts: dict[str, Spread] = {}
        self._openings: dict[str, Spread] = {}
        self._worth: dict[str, float] = {}
        self._tables: dict[Key, tuple[int, StockTable]] = {}
        self._promises: dict[Key, list[tuple[int, Commitment]]] = {}
        self._supplied = set(supplied)
        self._known: dict[str, KnownItem] = {}
        self._where: dict[str, Path] = {}
        self._read_stocks()

    def compile(self) -> Demand:
        wanted = list(self._wanted())
        stocks: dict[Key, tuple[KnownParty, KnownItem]] = {}
        for one in wanted:
            for item, _ in one.met_by.values():
                stocks[one.recipient.key, item.key] = (one.recipient, item)
        names = {key: self._stock_name(key, *about) for key, about in stocks.items()}
        self._unused(set(names))
        lots: dict[str, list[Lots]] = {}
        steady: dict[str, Floats] = {}
        made = []
        for key, (party, item) in stocks.items():
            stock, coming = self._stock(names[key], key, party, item)
            made.append(stock)
            lots[stock.name], steady[stock.name] = coming.lots, coming.steady
        needs = tuple(self._need(one, names) for one in wanted)
        uncertain = Uncertain(self._amounts, self._openings, lots, steady, self._worth)
        return Demand(needs, tuple(made), names, uncertain)

    def _read_stocks(self) -> None:
        """Find what the tables of stocks and commitments are about."""
        names, faults = self._frame.names, self._frame.faults
        for at, table in enumerate(self._frame.scenario.stock):
            path: Path = ("stock", at)
            key = self._key(table.recipient, table.item, path)
            if key is None:
                continue
            if key in self._tables:
                what = f"what {table.recipient} holds of {table.item} is there twice"
                faults.add("twice", path, what, "Keep one of the two tables")
            self._tables[key] = (at, table)
        for at, promise in enumerate(self._frame.scenario.commitment):
            path = ("commitment", at)
            if promise.donor is not None:
                names.party(promise.donor, (*path, "donor"))
            key = self._key(promise.recipient, promise.item, path)
            if key is not None:
                self._promises.setdefault(key, []).append((at, promise))

    def _key(self, recipient: str, item: str, path: Path) -> Key | None:
        party = self._frame.names.party(recipient, (*path, "recipient"))
        known = self._frame.names.item(item, (*path, "item"))
        if party is None or known is None:
            return None
        self._known[known.key] = known
        return party.key, known.key

    def _wanted(self) -> Iterator[Wanted]:
        """Yield the needs whose names are known, with all that can meet them."""
        names, taken = self._frame.names, set()
        for at, table in enumerate(self._frame.scenario.need):
            path: Path = ("need", at)
            recipient = names.party(table.recipient, (*path, "recipient"))
            item = names.item(table.item, (*path, "item"))
            # Unknown substitutes are noted even where the need itself is unknown.
            others = [
                (names.item(other.item, (*path, "substitutes", number, "item")), other.rate)
                for number, other in enumerate(table.substitutes)
            ]
            if recipient is None or item is None:
                continue
            met_by = {item.key: (item, 1.0)}
            for other, rate in [(item, 1.0), *others]:
                if other is not None:
                    met_by.setdefault(other.key, (other, rate))
                    for kind in self._kinds(other, recipient):
                        met_by.setdefault(kind.key, (kind, rate))
            one = Wanted(at, table, recipient, item, met_by)
            if one.name in taken:
                what = f"the need {one.name!r} is there twice"
                self._frame.faults.add("twice", path, what, "Give one of them a name of its own")
                continue
            taken.add(one.name)
            for key in met_by:
                self._where.setdefault(key, path)
            yield one

    def _kinds(self, item: KnownItem, recipient: KnownParty) -> Iterator[KnownItem]:
        """Yield the kinds of an item that are supplied, held or promised."""
        held = {key for party, key in (*self._tables, *self._promises) if party == recipient.key}
        for key in sorted(held | self._supplied):
            known = self._known.get(key) or self._frame.names.by_key(key)
            if known is not None and self._frame.names.is_kind_of(known, item):
                yield known

    def _stock_name(self, key: Key, party: KnownParty, item: KnownItem) -> str:
        at, table = self._tables.get(key, (0, None))
        plain = f"{party.name}: {item.name}"
        if table is None or table.name is None:
            return plain
        others = [one.name for one in self._frame.scenario.stock if one is not table]
        if table.name in others:
            what = f"the stock {table.name!r} is there twice"
            self._frame.faults.add("twice", ("stock", at, "name"), what, "Choose another name")
        return table.name

    def _unused(self, used: set[Key]) -> None:
        """Warn of what is held or promised and can meet no need."""
        what = "no need of the scenario can be met with it: it is left out"
        for key, (at, _) in self._tables.items():
            if key not in used:
                self._frame.faults.add("unused", ("stock", at), what, warning=True)
        for key, promises in self._promises.items():
            for at, _ in promises if key not in used else ():
                self._frame.faults.add("unused", ("commitment", at), what, warning=True)

    def _stock(
        self, name: str, key: Key, party: KnownParty, item: KnownItem
    ) -> tuple[Stock, _Coming]:
        frame, found = self._frame, self._tables.get(key)
        path: Path = ("stock", found[0]) if found else ("need",)
        table = found[1] if found else None
        opening = self._opening(name, path, table, party, item)
        coming = self._coming(name, path, table, party, item)
        for at, promise in self._promises.get(key, []):
            coming.lots.append(self._promise(name, ("commitment", at), promise))
        if table is not None and table.holding is not None:
            holding = frame.calendar.rate(table.holding, "month")
        else:
            share = frame.default("holding")
            holding = (
                frame.calendar.rate(share * frame.price(item, self._where[item.key]), "month")
                if share
                else 0.0
            )
        self._worth[name] = frame.known_price(item) or 1.0
        return Stock(name, party.name, item.name, opening, holding, coming.mean), coming

    def _opening(
        self,
        name: str,
        path: Path,
        table: StockTable | None,
        party: KnownParty,
        item: KnownItem,
    ) -> float:
        stream = f"{party.key}/{item.key}/opening"
        if table is None or table.opening is None:
            return 0.0
        here = (*path, "opening")
        if table.opening == "book":
            taken = self._book.held(item, party, here)
            if taken is None:
                return 0.0
            self._frame.origins.add(
                "stock", name, here, taken.says, taken.sources, source=table.source
            )
            self._openings[name] = Spread(stream, taken.median, taken.log_sd)
            return float(taken.median[0])
        self._frame.origins.add("stock", name, here, source=table.source)
        if table.spread is not None:
            low, high = self._ordered(table.spread, (*path, "spread"))
            self._openings[name] = _between(stream, np.array([table.opening]), low, high)
        return table.opening

    def _coming(
        self,
        name: str,
        path: Path,
        table: StockTable | None,
        party: KnownParty,
        item: KnownItem,
    ) -> _Coming:
        nothing = np.zeros(self._frame.calendar.steps)
        if table is None or table.arriving is None:
            return _Coming(nothing)
        here = (*path, "arriving")
        if isinstance(table.arriving, OverTime):
            self._frame.origins.add("stock", name, here, source=table.source)
            return _Coming(self._frame.rate(table.arriving, table.per, here))
        found = self._book.coming(item, party, here)
        if found is None:
            return _Coming(nothing)
        lots, says, sources = found
        self._frame.origins.add("stock", name, here, "; ".join(says), sources, source=table.source)
        return _Coming(nothing, lots)

    def _promise(self, name: str, path: Path, promise: Commitment) -> Lots:
        """Return a promise of the file as one lot; months of delay are all alike within bounds."""
        calendar = self._frame.calendar
        if promise.due < calendar.first and promise.late is None:
            what = "it was due before the horizon begins, and how late it may be is not said"
            mend = "Say by how many months with late = [least, most]"
            self._frame.faults.add("overdue", (*path, "due"), what, mend)
        low, high = promise.late or (0, 0)
        if high < low:
            what = "the least delay is longer than the most"
            self._frame.faults.add("order", (*path, "late"), what, "Write [least, most]")
        # Eight in ten lie between the two: an eighth of their distance is left on either side.
        least, most = low - (high - low) / 8, high + (high - low) / 8
        ends = calendar.first + np.arange(1, calendar.steps + 1) * calendar.length
        waited = ends - 1 - promise.due
        if most > least:
            by = np.clip((waited + 1 - least) / (most - least + 1), 0.0, 1.0)
        else:
            by = (waited >= low).astype(float)
        says = f"{promise.chance:.0%} to come at all"
        self._frame.origins.add("stock", name, path, says, source=promise.source)
        lot = f"{promise.recipient}/{promise.item}/{promise.donor}/{promise.due}/{promise.quantity}"
        return Lots(lot, Amount(promise.quantity), 1, by * promise.chance)

    def _need(self, one: Wanted, names: dict[Key, str]) -> Need:
        frame, table = self._frame, one.table
        path: Path = ("need", one.at)
        here = (*path, "amount")
        stream = f"{one.recipient.key}/{one.item.key}/use/{table.name or ''}"
        if isinstance(table.amount, OverTime):
            amount = frame.rate(table.amount, table.per, here)
            frame.origins.add("need", one.name, here, source=table.source)
            if table.spread is not None:
                low, high = self._ordered(table.spread, (*path, "spread"))
                self._amounts[one.name] = _between(stream, amount, low, high)
        else:
            required = table.amount == "book requirement"
            taken = self._book.use(one.item, one.recipient, here, required=required)
            amount = np.zeros(frame.calendar.steps) if taken is None else taken.median
            if taken is not None:
                frame.origins.add(
                    "need", one.name, here, taken.says, taken.sources, source=table.source
                )
                self._amounts[one.name] = Spread(stream, taken.median, taken.log_sd)
        self._worth[one.name] = frame.known_price(one.item) or 1.0
        return Need(
            one.name,
            one.recipient.name,
            one.item.name,
            amount,
            self._pieces(one),
            tuple(
                Substitute(names[one.recipient.key, item.key], rate)
                for item, rate in one.met_by.values()
            ),
            table.priority,
        )

    def _pieces(self, one: Wanted) -> tuple[ShortPiece, ...]:
        """Return the parts of a shortage, dearest first."""
        table, path = one.table, ("need", one.at, "short")
        if table.short is None:
            multiples = self._multiples(table.priority)
            price = self._frame.price(one.item, ("need", one.at))
            return tuple(ShortPiece(1 / len(multiples), price * m) for m in multiples)
        pieces = []
        for number, piece in enumerate(table.short):
            if (piece.cost is None) == (piece.multiple is None):
                what = "a part of a shortage has a cost or a multiple of the price: one of the two"
                self._frame.faults.add("short", (*path, number), what, "Write one of them")
                continue
            cost = piece.cost
            if cost is None:
                cost = (piece.multiple or 0.0) * self._frame.price(one.item, (*path, number))
            pieces.append(ShortPiece(piece.share, cost))
        whole = math.fsum(piece.share for piece in pieces)
        if whole > 1 + _ROUNDING:
            what = f"the shares add up to {whole:g}: more than the need"
            self._frame.faults.add("shares", path, what, "Let them add up to 1")
        return tuple(sorted(pieces, key=lambda piece: -piece.cost))

    def _multiples(self, priority: int) -> list[float]:
        told: dict[str, list[float]] = self._frame.default("shortage")
        classes = {int(name): costs for name, costs in told.items() if name.isdecimal()}
        wrong = [name for name, costs in told.items() if not name.isdecimal() or not costs]
        if wrong:
            what = f"{wrong[0]!r} is no class with costs"
            path = ("defaults", "shortage", wrong[0])
            self._frame.faults.add("shortage", path, what, "Write 1 = [20, 6]")
            return [1.0]
        if not classes:
            what = "no class of shortage has costs"
            self._frame.faults.add("shortage", ("defaults", "shortage"), what, "Write 1 = [20, 6]")
            return [1.0]
        return sorted(classes.get(priority) or classes[max(classes)], reverse=True)

    def _ordered(self, spread: tuple[float, float], path: Path) -> tuple[float, float]:
        low, high = spread
        if low > high:
            what = f"low {low:g} is above high {high:g}"
            self._frame.faults.add("order", path, what, "Write [low, high], as [0.8, 1.3]")
        return low, max(low, high)


def _between(stream: str, amount: Floats, low: float, high: float) -> Spread:
    """Return an amount that is eight times in ten from `low` to `high` times what is said."""
    log_sd = math.log(high / low) / (2 * _Z90)
    return Spread(stream, amount * math.sqrt(low * high), np.full(len(amount), log_sd))
