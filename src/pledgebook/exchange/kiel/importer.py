"""Reads a release of the Ukraine Support Tracker: a workbook, a CSV file, or a folder of these."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from pledgebook.exchange.intake import DATA, Names, Notebook, clean, data_table
from pledgebook.exchange.kiel.cells import Day, State, day_of, number_of
from pledgebook.exchange.kiel.claims import RowReader
from pledgebook.exchange.kiel.columns import MainSheet, main_sheet
from pledgebook.exchange.kiel.items import ItemReader
from pledgebook.exchange.rows import Release, ReleaseRow
from pledgebook.exchange.sheets import Sheet, SheetRow, read_sheets
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["KielImporter", "importer"]

_FORMAT = 1
_NAME = re.compile(r"release[-_ ]+(.+)", re.IGNORECASE)
_COVERS = re.compile(r"\bcover\w*.{0,60}?\bto ([A-Z][a-z]+ \d{1,2}, \d{4})")
_WORD = re.compile(r"[^a-z0-9]+")
_GAP = dt.timedelta(days=400)
_SOURCES = ("source_1", "source_2", "source_3", "source_4", "delivery_source")
_LEFT_OPEN = {
    "announced": "the day",
    "aid_type": "the kind of aid",
    "currency": "the sum in that currency",
}
_NO_ITEM = frozenset({"", ".", "0"})


class KielImporter:
    """The importer of `pledgebook import kiel`."""

    name = "kiel"

    @cached_property
    def version(self) -> str:
        """The version of the code and of the tables by which it reads: both change statements."""
        files = (DATA / f"{name}.toml" for name in ("kiel_columns", "kiel_items", "parties"))
        tables = b"\0".join(file.read_bytes() for file in files)
        return f"{_FORMAT}.{hashlib.sha256(tables).hexdigest()[:8]}"

    def read(self, path: Path, catalogue: Catalogue, *, name: str | None = None) -> Release:
        """Read a release. Raises SourceError where no sheet is a main sheet of the tracker."""
        sheets, sha256 = read_sheets(path)
        main = main_sheet(sheets, str(path))
        notebook = Notebook(main.sheet.file)
        stated = _stated_day(sheets)
        reading = _Reading(main, catalogue, notebook, stated)
        rows = list(reading.rows())
        published = stated or _latest(reading.days)
        notes = main.notes()
        if stated is None and published is not None:
            notes.append(f"taken to tell up to {published}, its latest day of announcement")
        return Release(
            dataset="kiel",
            name=name or _name(path, published),
            format=self.name,
            origin=str(path),
            bytes_sha256=sha256,
            published=published,
            rows=rows,
            notes=notes,
            problems=notebook.finish(),
        )


class _Reading:
    """One main sheet, row by row."""

    def __init__(
        self, main: MainSheet, catalogue: Catalogue, notebook: Notebook, stated: dt.date | None
    ) -> None:
        self._main = main
        self._notebook = notebook
        self._stated = stated
        self._names = Names(catalogue, notebook)
        self._items = ItemReader(catalogue)
        self._labels = {name: label for name in main.at if (label := main.label(name))}
        self._missing = frozenset(data_table("kiel_columns")["words"]["missing"])
        self._checked: tuple[str, ...] = tuple(data_table("kiel_columns")["checked"])
        self._measured = {
            main.at[name] for name in data_table("kiel_columns")["measured"] if name in main.at
        }
        self.days: Counter[dt.date] = Counter()

    def rows(self) -> Iterator[ReleaseRow]:
        """Yield the rows that name a donor; others are blank, or notes below the table."""
        for row in self._main.sheet.rows[self._main.header + 1 :]:
            if not any(map(clean, row.cells)):
                continue
            donor = self._main.cell(row.cells, "donor")
            if donor.casefold() in self._missing:
                self._notebook.warning(
                    "no-donor",
                    "the row names no donor and is left out",
                    place=f"row {row.number}",
                    mend="name the donor",
                )
                continue
            yield self._row(row, donor)

    def _row(self, row: SheetRow, donor: str) -> ReleaseRow:
        place = f"row {row.number}"
        cells = {name: self._main.cell(row.cells, name) for name in self._main.at}
        item = cells.get("item", "")
        has_item = item.casefold() not in _NO_ITEM
        thing = None
        if has_item:
            thing = self._items.read(
                item, cells.get("item_type", ""), cells.get("item_subtype", "")
            )

        def fault(column: str, cell: str, what: str, minor: bool) -> None:
            header = self._labels.get(column, column)
            self._notebook.fault(
                "unread-cell",
                f"{header} says {cell!r}: {what}; {_LEFT_OPEN.get(column, 'the figure')} is taken "
                "as unknown",
                place=place,
                mend="correct the cell, then import again",
                severity="warning" if minor else "error",
            )

        day = day_of(cells["announced"], self._stated)
        if day.fault is not None:
            fault("announced", cells["announced"], day.fault, False)
        if day.exact is not None:
            self.days[day.exact] += 1
        for name in self._checked:
            found = number_of(cells.get(name, ""))
            if found.fault is not None:
                fault(name, cells[name], found.fault, found.state is State.UNDISCLOSED)
        code = self._names.code(donor, place) or donor
        reader = RowReader(cells, self._labels, code, thing, day, fault)
        kind = cells.get("aid_subtype", "").strip(". ") or cells["aid_type"]
        what = item if has_item else f"{cells['aid_type']}, {kind}"
        return ReleaseRow(
            cells=self._kept(row.cells),
            origin=self._main.sheet.origin(row),
            key=_key(code, day, cells["announced"], item if has_item else f"({what})"),
            claims=tuple(reader.claims()),
            date=day.exact,
            url=next((cells[name] for name in _SOURCES if _is_address(cells.get(name, ""))), None),
            title=f"Ukraine Support Tracker: {donor}, {what}",
        )

    def _kept(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the cells that the row's text shows.

        Those that say that nothing is given are shown where a figure was to be expected.
        """
        return {
            label: clean(cell)
            for index, (label, cell) in enumerate(zip(self._main.labels, cells, strict=False))
            if label and (index in self._measured or clean(cell).casefold() not in self._missing)
        }


def _key(donor: str, day: Day, announced: str, item: str) -> str:
    """Return what a row is known by in other releases: their own ids are not stable."""
    when = day.exact.isoformat() if day.exact else " ".join(announced.casefold().split())
    return f"{donor} | {when} | {_WORD.sub(' ', item.casefold()).strip()}"


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and " " not in text


def _stated_day(sheets: Sequence[Sheet]) -> dt.date | None:
    """Return the last day that the read-me says is covered."""
    for sheet in sheets:
        for row in sheet.rows[:10]:
            for cell in row.cells:
                if match := _COVERS.search(cell):
                    try:
                        return dt.datetime.strptime(match[1], "%B %d, %Y").date()  # noqa: DTZ007
                    except ValueError:
                        continue
    return None


def _latest(days: Counter[dt.date]) -> dt.date | None:
    """Return the latest day; one that stands far behind all others is a slip of the pen."""
    ordered = sorted(days)
    while len(ordered) > 1 and ordered[-1] - ordered[-2] > _GAP:
        ordered.pop()
    return ordered[-1] if ordered else None


def _name(path: Path, published: dt.date | None) -> str:
    stem = path.stem if path.is_file() else path.resolve().name
    if match := _NAME.search(stem):
        return match[1]
    return published.isoformat() if published else stem


importer = KielImporter()
