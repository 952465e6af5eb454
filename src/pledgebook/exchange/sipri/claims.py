"""What a deal of the register says: what was ordered, and what was delivered of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pledgebook.exchange.figures import FigureError, number_of, years_of
from pledgebook.exchange.intake import Names, Notebook, data_table
from pledgebook.exchange.rows import Claim, ReleaseRow
from pledgebook.exchange.sheets import Sheet, SheetRow
from pledgebook.exchange.sipri.layout import Figure, Layout
from pledgebook.exchange.things import Thing, is_calibre, thing_of
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

__all__ = ["Reading", "span_of"]

_ORDER = ("recipient", "supplier", "ordered_in", "ordered", "designation", "description")
_DELIVERY = ("designation", "description", "delivered", "delivered_in")
_KEY = ("recipient", "supplier", "ordered_in", "designation")


def span_of(years: tuple[int, ...]) -> str | None:
    """Return the first and the last of some years as `when` is written, None for none."""
    if not years:
        return None
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first}/{last}"


@dataclass(slots=True)
class Reading:
    """Turns deals into rows, and counts what a reader must know of them."""

    catalogue: Catalogue
    notebook: Notebook
    names: Names = field(init=False)
    table: dict[str, Any] = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    _things: dict[tuple[str, str], Thing | None] = field(default_factory=dict)
    _aid: re.Pattern[str] = field(init=False)
    _partly: re.Pattern[str] = field(init=False)
    _licence: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names(self.catalogue, self.notebook)
        self.table = data_table("sipri")
        words = self.table["words"]
        self._aid, self._partly = _words(words["aid"]), _words(words["partly"])
        self._licence = _words(words["licence"])

    def report(self, layout: Layout) -> None:
        """Note what the header row and the lines above it say of the whole register."""
        if layout.scope:
            self.told.append(f"it says of itself: {layout.scope}")
        if layout.strange:
            known = self.table["known"]
            new = [header for header in layout.strange if header.casefold() not in known]
            if new:
                self.told.append(f"columns that are not known and were kept: {', '.join(new)}")
        missing = [name for name in self.table["columns"] if name not in layout.places]
        if missing:
            listed = ", ".join(self.table["columns"][name][0] for name in missing)
            self.told.append(f"columns that are missing: {listed}")
        if layout.partial:
            self.told.append("delivered numbers are those of the years that were asked for only")

    def notes(self) -> list[str]:
        """Return what a reader must know."""
        return [*self.told, *(f"{what}: {count}" for what, count in sorted(self.counts.items()))]

    def row(self, sheet: Sheet, row: SheetRow, layout: Layout) -> ReleaseRow:
        """Return the row of one deal."""
        place = f"row {row.number}"
        recipient = self.names.code(layout.said(row, "recipient"), f"{place}, column Recipient")
        supplier = self.names.code(layout.said(row, "supplier"), f"{place}, column Supplier")
        thing = self._thing(layout.said(row, "designation"), layout.said(row, "description"), place)
        comments = layout.said(row, "comments")
        if self._licence.search(comments):
            self.counts[
                "deals that tell of items made or assembled under licence or elsewhere"
            ] += 1
        deal = _Deal(sheet, row, layout, place, recipient, supplier, thing, comments)
        made = [claim for claim in (self._order(deal), self._delivery(deal)) if claim is not None]
        # What no cell shows is not said: a stray mark in a row makes no deal.
        claims = [claim for claim in made if claim.quotes]
        if len(claims) < len(made):
            self.counts["rows that name neither a party nor a weapon nor a figure of a deal"] += 1
        key = [layout.said(row, name).casefold() for name in _KEY]
        return ReleaseRow(
            cells=layout.cells(row),
            origin=sheet.origin(row),
            key="|".join(key),
            claims=claims,
            title=f"{layout.said(row, 'designation')}, {layout.said(row, 'recipient')} from "
            f"{layout.said(row, 'supplier')}",
        )

    def _order(self, deal: _Deal) -> Claim:
        year = deal.layout.figure(deal.row, "ordered_in")
        gift = self._aid.search(deal.comments) and not self._partly.search(deal.comments)
        if year.unsure:
            self.counts["deals with an uncertain year of order, which stands as it is given"] += 1
        fields: dict[str, Any] = {
            "status": "firm",
            "scope": "new",
            "item": deal.thing.fields(),
            "quantity": self._quantity(deal, "ordered"),
            "when": span_of(self._years(deal, year, "ordered_in")),
        }
        grounds: dict[str, str] = {}
        if gift and deal.supplier is not None:
            fields |= {"kind": "pledge", "actors": [deal.supplier], "recipient": deal.recipient}
            if header := deal.layout.header("comments"):
                grounds["kind"] = header
        else:
            fields |= {
                "kind": "contract",
                "actors": [deal.recipient] if deal.recipient else [],
                "recipient": None,
                "supplier": deal.layout.said(deal.row, "supplier") if deal.supplier else None,
            }
        return Claim(fields, deal.headers(_ORDER), grounds)

    def _delivery(self, deal: _Deal) -> Claim | None:
        number = deal.layout.figure(deal.row, "delivered")
        years = self._years(deal, deal.layout.figure(deal.row, "delivered_in"), "delivered_in")
        if not years and number.text in ("", "?"):
            return None
        quantity = self._quantity(deal, "delivered")
        fields: dict[str, Any] = {
            "kind": "delivery",
            "status": "firm",
            "scope": "total" if len(years) > 1 else "new",
            "actors": [deal.supplier] if deal.supplier else [],
            "recipient": deal.recipient,
            "item": deal.thing.fields(),
            "quantity": quantity,
            "when": span_of(years),
        }
        grounds = {
            "actors": deal.layout.header("supplier"),
            "recipient": deal.layout.header("recipient"),
        }
        return Claim(
            fields,
            deal.headers(_DELIVERY),
            {name: header for name, header in grounds.items() if header},
        )

    def _years(self, deal: _Deal, figure: Figure, name: str) -> tuple[int, ...]:
        try:
            return years_of(figure.text)
        except FigureError as error:
            self._fault("date", error, deal, name)
            return ()

    def _quantity(self, deal: _Deal, name: str) -> dict[str, Any] | None:
        figure = deal.layout.figure(deal.row, name)
        try:
            number = number_of(figure.text, decimal=".")
        except FigureError as error:
            self._fault("quantity", error, deal, name)
            return None
        if number is None:
            return None
        if number < 0:
            self._fault("quantity", FigureError(f"{figure.text!r} is below zero"), deal, name)
            return None
        if figure.unsure:
            self.counts["numbers that are marked as uncertain and stand as approximate"] += 1
        unit = deal.thing.unit
        return {"low": number, "high": number, "unit": unit, "approx": figure.unsure}

    def _thing(self, designation: str, description: str, place: str) -> Thing:
        """Return the weapon, or something else by its name where nobody knows what it is."""
        named = (designation, description)
        if named not in self._things:
            self._things[named] = self._look_up(designation, description)
        found = self._things[named]
        if found is not None:
            return found
        self.notebook.many(
            "unknown-weapon",
            "weapons of no known category stand as 'other'",
            description or designation,
            place=place,
            mend="add the weapon to the catalogue file of the book, then import again",
        )
        return Thing(Category.OTHER, designation or None, "item")

    def _look_up(self, designation: str, description: str) -> Thing | None:
        """Return the weapon by its name in the catalogue, or by what the register calls it."""
        exact = self.catalogue.find_item(designation) if designation else None
        if exact is not None:
            return Thing(exact.category, exact.designation, exact.unit)
        category = self._category(description)
        named = thing_of(f"{designation} {description}", self.catalogue)
        if category is None and named is not None:
            category = named.category
        if category is None:
            return None
        known = named.designation if named is not None and named.category is category else None
        if known is None or is_calibre(known, self.catalogue):
            known = designation or None
        return Thing(category, known, self.catalogue.default_units[category])

    def _category(self, description: str) -> Category | None:
        listed: dict[str, str] = self.table["descriptions"]
        words = description.casefold().split()
        for start in range(len(words)):
            if found := listed.get(" ".join(words[start:])):
                return Category(found)
        return None

    def _fault(self, code: str, error: FigureError, deal: _Deal, name: str) -> None:
        column = deal.layout.header(name) or name
        self.notebook.fault(
            code,
            f"{error}: it stays unknown",
            place=f"{deal.place}, column {column}",
            mend="look at the register",
        )


@dataclass(frozen=True, slots=True)
class _Deal:
    sheet: Sheet
    row: SheetRow
    layout: Layout
    place: str
    recipient: str | None
    supplier: str | None
    thing: Thing
    comments: str

    def headers(self, names: tuple[str, ...]) -> list[str]:
        """Return the headers of those of some fields that are filled."""
        return [
            header
            for name in names
            if self.layout.said(self.row, name) and (header := self.layout.header(name))
        ]


def _words(listed: list[str]) -> re.Pattern[str]:
    joined = "|".join(re.escape(text) for text in sorted(listed, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)
