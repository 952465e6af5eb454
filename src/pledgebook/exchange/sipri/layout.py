"""Where the columns of a register stand, and what its notes above them say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pledgebook.exchange.intake import clean, data_table
from pledgebook.exchange.sheets import Sheet, SheetRow

__all__ = ["Figure", "Layout", "layout_of"]

_SEARCHED = 100
"""Rows in which the header is looked for."""
_GENERATED = re.compile(
    r"\bgenerated\b\D{0,10}(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})\b", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MARKED = frozenset({"ordered_in", "ordered", "delivered", "delivered_in"})
_BRACKETS = re.compile(r"\((.*)\)")
_QUESTION = "?"


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell, with whether the register marks it as uncertain."""

    text: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one sheet, by what they hold.

    `marks` are the columns without a header in which a question mark belongs to the field beside.
    `strange` are headers that nobody asked for, `partial` tells that the deliveries are only those
    of the years that were asked for.
    """

    row: int
    headers: tuple[str, ...]
    places: Mapping[str, int]
    marks: Mapping[str, int]
    strange: tuple[str, ...]
    partial: bool
    scope: str
    generated: dt.date | None

    def cells(self, row: SheetRow) -> dict[str, str]:
        """Return the filled cells of a row by header, in order."""
        found = {}
        for header, cell in zip(self.headers, row.cells, strict=False):
            if header and (said := clean(cell)):
                found[header] = said
        return found

    def header(self, name: str) -> str | None:
        """Return the header of a field as it stands in the sheet."""
        place = self.places.get(name)
        return None if place is None else self.headers[place]

    def said(self, row: SheetRow, name: str) -> str:
        """Return the text of a field, empty where there is none."""
        return _at(row, self.places.get(name))

    def figure(self, row: SheetRow, name: str) -> Figure:
        """Return a field and whether a question mark or brackets make it uncertain."""
        text = self.said(row, name)
        unsure = _QUESTION in _at(row, self.marks.get(name))
        if match := _BRACKETS.fullmatch(text):
            text, unsure = match[1].strip(), True
        if text.endswith(_QUESTION):
            text, unsure = text.rstrip("? "), True
        return Figure(text, unsure)


def layout_of(sheet: Sheet) -> Layout | None:
    """Return the layout of a sheet by the first row that names what a register must name."""
    table = data_table("sipri")
    fields = {header: name for name, listed in table["columns"].items() for header in listed}
    fields |= dict.fromkeys(table["partial"], "delivered")
    for row in sheet.rows[:_SEARCHED]:
        names = [fields.get(clean(cell).casefold()) for cell in row.cells]
        if set(table["needed"]) <= set(names):
            return _layout(sheet, row, names, frozenset(table["partial"]))
    return None


def _layout(
    sheet: Sheet, row: SheetRow, names: list[str | None], partial: frozenset[str]
) -> Layout:
    headers = [clean(cell) for cell in row.cells]
    places: dict[str, int] = {}
    marks: dict[str, int] = {}
    strange = []
    for place, name in enumerate(names):
        before = names[place - 1] if place else None
        if name is not None:
            places.setdefault(name, place)
        elif not headers[place] and before in _MARKED:
            marks[before] = place
            headers[place] = f"{headers[place - 1]} ({_QUESTION})"
        elif headers[place]:
            strange.append(headers[place])
    above = [clean(" ".join(line.cells)) for line in sheet.rows if line.number < row.number]
    dated = [_day(match) for line in above if (match := _GENERATED.search(line))]
    return Layout(
        row=row.number,
        headers=tuple(_numbered(headers)),
        places=places,
        marks=marks,
        strange=tuple(strange),
        partial=headers[places["delivered"]].casefold() in partial
        if "delivered" in places
        else False,
        scope=above[0] if above else "",
        generated=next((day for day in dated if day), None),
    )


def _numbered(headers: list[str]) -> list[str]:
    """Tell equal headers apart."""
    seen: dict[str, int] = {}
    for place, header in enumerate(headers):
        seen[header] = seen.get(header, 0) + 1
        if header and seen[header] > 1:
            headers[place] = f"{header} ({seen[header]})"
    return headers


def _at(row: SheetRow, place: int | None) -> str:
    return clean(row.cells[place]) if place is not None and place < len(row.cells) else ""


def _day(match: re.Match[str]) -> dt.date | None:
    month = match[2].casefold()
    if month not in _MONTHS:
        return None
    try:
        return dt.date(int(match[3]), _MONTHS.index(month) + 1, int(match[1]))
    except ValueError:
        return None
