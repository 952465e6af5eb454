"""A row of a user's table as statements, by a mapping; every cell that does not fit is reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from pledgebook.exchange.figures import (
    FigureError,
    currency_of,
    interval_of,
    is_blank,
    is_missing,
    period_of,
)
from pledgebook.exchange.intake import Names, Notebook, data_table
from pledgebook.exchange.rows import Claim
from pledgebook.exchange.table.grid import Grid, folded
from pledgebook.exchange.table.mapping import Mapping, StatementMapping
from pledgebook.exchange.things import Thing, category_of, thing_of
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

__all__ = ["Reading", "Seen"]

T = TypeVar("T")
_ITEM = ("item", "category", "designation")
_QUOTED = (
    "kind",
    "donor",
    "recipient",
    *_ITEM,
    "quantity",
    "unit",
    "money",
    "currency",
    "when",
    "date",
)
_FIGURES = ("quantity", "money")


@dataclass(frozen=True, slots=True)
class Seen:
    """The fields of one row as text, with the header of those that stand in a cell."""

    place: str
    texts: dict[str, str]
    headers: dict[str, str]

    def at(self, name: str) -> str:
        """Return the place of a field as a problem names it."""
        header = self.headers.get(name)
        return f"{self.place}, column {header}" if header else self.place


@dataclass(slots=True)
class Reading:
    """Turns the rows of one table into claims."""

    mapping: Mapping
    grid: Grid
    catalogue: Catalogue
    notebook: Notebook
    names: Names = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    _headers: dict[str, str] = field(init=False)
    _missing: frozenset[str] = field(init=False)
    _values: dict[str, dict[str, str]] = field(init=False)
    _things: dict[str, Thing | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names(self.catalogue, self.notebook)
        self._headers = {}
        for header in self.grid.headers:
            self._headers.setdefault(folded(header), header)
        self._missing = frozenset(map(folded, self.mapping.missing))
        self._values = {
            name: {folded(text): value for text, value in listed.items()}
            for name, listed in self.mapping.values.items()
        }

    def absent(self) -> list[str]:
        """Return the headers that the mapping names and the table does not have."""
        return [head for head in self.mapping.headers() if folded(head) not in self._headers]

    def unused(self) -> list[str]:
        """Return the headers that no field is mapped to."""
        used = {folded(header) for header in self.mapping.headers()}
        return [header for header in self.grid.headers if folded(header) not in used]

    def seen(self, part: StatementMapping, cells: dict[str, str], place: str) -> Seen:
        """Return the fields of a row: what its cells say, and else what is fixed."""
        texts: dict[str, str] = {}
        headers: dict[str, str] = {}
        for name, wanted in part.columns.items():
            header = self._headers.get(folded(wanted))
            said = cells.get(header, "") if header else ""
            said = "" if is_blank(said) or folded(said) in self._missing else said
            meant = self._values.get(name, {}).get(folded(said), said)
            if header and said:
                headers[name] = header
            if meant:
                texts[name] = meant
        for name, fixed in part.fixed.items():
            texts.setdefault(name, fixed)
        return Seen(place, texts, headers)

    def claims(self, cells: dict[str, str], place: str) -> list[Claim]:
        """Return the statements of a row."""
        made = []
        for index, part in enumerate(self.mapping.parts()):
            seen = self.seen(part, cells, place)
            own = self.mapping.statements[index].columns if self.mapping.statements else {}
            figures = [name for name in _FIGURES if name in own]
            # A row that says nothing of what was delivered makes no delivery.
            if not figures or any(name in seen.headers for name in figures):
                made.append(self._claim(seen, cells))
        return [claim for claim in made if claim is not None]

    def _claim(self, seen: Seen, cells: dict[str, str]) -> Claim | None:
        kind = self._listed(seen, "kind", Kind)
        thing = self._thing(seen)
        if kind is None or thing is None:
            self.counts["statements that could not be made"] += 1
            return None
        quantity, money = self._quantity(seen, thing), self._money(seen)
        fields: dict[str, Any] = {
            "kind": kind.value,
            "status": (self._listed(seen, "status", Status) or Status.FIRM).value,
            "scope": (self._listed(seen, "scope", Scope) or Scope.NEW).value,
            "actors": self._actors(seen),
            "recipient": self._party(seen, "recipient"),
            "item": thing.fields(),
            "quantity": quantity,
            "money": money,
            "when": self._period(seen, "when") or self._period(seen, "date"),
            "supplier": seen.texts.get("supplier"),
            "speaker": seen.texts.get("speaker"),
        }
        quotes = [seen.headers[name] for name in _QUOTED if name in seen.headers]
        return Claim(fields, list(dict.fromkeys(quotes)) or list(cells)[:1])

    def day(self, seen: Seen) -> str | None:
        """Return the day on which a row was announced, where it names a day."""
        try:
            period = period_of(seen.texts.get("date", ""), day_first=self.mapping.day_first)
        except FigureError:
            return None  # Reported where the statement is made.
        return period if period and len(period) == 10 else None

    def _actors(self, seen: Seen) -> list[str]:
        said = seen.texts.get("donor", "")
        if not said:
            return []
        whole = self.names.known(said)
        if whole is not None:
            return [whole]
        listed = [part.strip() for part in said.split(self.mapping.separator)]
        codes = {self.names.code(part, seen.at("donor")) for part in listed if part}
        return sorted(code for code in codes if code)

    def _party(self, seen: Seen, name: str) -> str | None:
        said = seen.texts.get(name, "")
        return self.names.code(said, seen.at(name)) if said else None

    def _thing(self, seen: Seen) -> Thing | None:
        """Return the item: by its category where one is given, else by what its text names."""
        said = seen.texts.get("item") or seen.texts.get("designation") or ""
        given = seen.texts.get("category", "")
        if said not in self._things:
            self._things[said] = thing_of(said, self.catalogue) if said else None
        found = self._things[said]
        category = category_of(given) if given else None
        if given and category is None:
            named = thing_of(given, self.catalogue)
            category = named.category if named else None
        if given and category is None:
            mend = f"write one of {', '.join(Category)}"
            self._fault(seen, "category", f"the category {given!r} is unknown", mend)
        if category is None and found is None:
            if not said and "money" in seen.texts:
                return Thing(Category.OTHER, None, "item")
            if not said:
                self._fault(seen, "item", "no item is named", "fill the cell, or fix a category")
                return None
            self.notebook.many(
                "unknown-item",
                "items that the catalogue does not know stand as 'other'",
                said,
                place=seen.at("item"),
                mend="add them to the catalogue file of the book, or give a category",
            )
            return Thing(Category.OTHER, said, "item")
        if category is None or (found is not None and found.category is category):
            assert found is not None
            return found
        # The table's own category stands; what it calls the item is kept as it is written.
        designation = found.designation if found is not None else None
        return Thing(category, designation or said or None, self.catalogue.default_units[category])

    def _quantity(self, seen: Seen, thing: Thing) -> dict[str, Any] | None:
        found = self._read(seen, "quantity", self._interval)
        if found is None:
            return None
        low, high, about = self._times(found, "quantity")
        return {"low": low, "high": high, "unit": self._unit(seen, thing), "approx": about}

    def _money(self, seen: Seen) -> dict[str, Any] | None:
        found = self._read(seen, "money", self._interval)
        if found is None:
            return None
        currency = self._read(seen, "currency", currency_of)
        if currency is None:
            if not seen.texts.get("currency"):
                what = "the amount has no currency: it stays unknown"
                self._fault(seen, "money", what, "fill the currency, or fix one")
            return None
        low, high, _ = self._times(found, "money")
        return {"low": low, "high": high, "currency": currency}

    def _interval(self, text: str) -> tuple[float | None, float | None, bool] | None:
        return interval_of(text, decimal=self.mapping.decimal)

    def _times(
        self, found: tuple[float | None, float | None, bool], name: str
    ) -> tuple[float | None, float | None, bool]:
        factor = dict(self.mapping.factor).get("money" if name == "money" else "quantity", 1.0)
        low, high = (None if end is None else round(end * factor, 6) for end in found[:2])
        return low, high, found[2]

    def _unit(self, seen: Seen, thing: Thing) -> str:
        said = folded(seen.texts.get("unit", ""))
        if not said or is_missing(said):
            return thing.unit
        for unit in self.catalogue.units.values():
            if said == folded(unit.name) or said in map(folded, unit.words):
                return unit.name
        what = f"the unit {said!r} is unknown and stands as it is"
        mend = f"write one of {', '.join(self.catalogue.units)}"
        self._fault(seen, "unit", what, mend, warning=True)
        return said

    def _period(self, seen: Seen, name: str) -> str | None:
        return self._read(
            seen, name, lambda text: period_of(text, day_first=self.mapping.day_first)
        )

    def _read(self, seen: Seen, name: str, read: Callable[[str], T | None]) -> T | None:
        try:
            return read(seen.texts.get(name, ""))
        except FigureError as error:
            self._fault(seen, name, f"{error}: it stays unknown", "mend the cell or the mapping")
            return None

    def _listed(self, seen: Seen, name: str, kinds: type[T]) -> T | None:
        """Return the kind, status or scope that a cell names, in the words of the data file."""
        said = folded(seen.texts.get(name, ""))
        if not said:
            if name == "kind":
                self._fault(seen, name, "the kind of statement is empty", "fill it, or fix one")
            return None
        value = _words(name).get(said)
        if value is None:
            listed = ", ".join(data_table("table")[name])
            what = f"{seen.texts[name]!r} is no {name}"
            mend = f"say under [values.{name}] which of {listed} it is"
            self._fault(seen, name, what, mend)
            return None
        return kinds(value)  # type: ignore[call-arg]

    def _fault(self, seen: Seen, name: str, what: str, mend: str, *, warning: bool = False) -> None:
        note = self.notebook.warning if warning else self.notebook.fault
        note(f"table-{name}", what, place=seen.at(name), mend=mend)


@cache
def _words(name: str) -> dict[str, str]:
    listed: dict[str, list[str]] = data_table("table")[name]
    return {folded(text): value for value, texts in listed.items() for text in (value, *texts)}
