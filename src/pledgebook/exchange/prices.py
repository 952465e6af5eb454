"""Price lists: what one unit of an item costs, from low to high, in the currency of the list.

A cell that holds no figure ("No price", a full stop) gives no price: it is missing, and never zero.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pledgebook.errors import SourceError
from pledgebook.exchange.figures import (
    FigureError,
    currency_of,
    interval_of,
    is_missing,
    period_of,
)
from pledgebook.exchange.intake import Notebook, clean, data_table, dataset_of
from pledgebook.exchange.rows import PriceClaim, Release, ReleaseRow
from pledgebook.exchange.sheets import Sheet, SheetRow, read_sheets
from pledgebook.exchange.table.grid import Grid, folded, grid_at
from pledgebook.exchange.things import Thing, category_of, thing_of
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["PricesImporter", "importer"]

_SEARCHED = 60
_NEAR = 0.8
_LEADING = re.compile(r"(?:an?\s+)?(\w+)\s+of\b", re.IGNORECASE)
_IN_HEADER = re.compile(r"\b([A-Z]{3})\b")


class PricesImporter:
    """Reads a price list from CSV, XLSX or ODS, with a header row of its own or of Kiel's list."""

    name = "prices"
    version = "1"

    def read(self, path: Path, catalogue: Catalogue, *, name: str | None = None) -> Release:
        """Read a price list as a release. Raises SourceError where no header row is found."""
        sheets, hashed = read_sheets(path)
        notebook = Notebook(path.name)
        reading = _Reading(catalogue, notebook)
        rows: list[ReleaseRow] = []
        dataset = None
        for sheet in sheets:
            grid = _grid(sheet)
            if grid is not None:
                dataset = _layout(grid) or dataset
                rows += reading.rows(grid)
        if not reading.tables:
            what = "no row of it names an item and a price"
            mend = "give the columns headers such as Item, Price, Currency, or Low and High"
            raise SourceError(what, where=str(path), mend=mend)
        return Release(
            dataset=dataset or dataset_of(self.name, path),
            name=name or path.stem,
            format=self.name,
            origin=str(path),
            bytes_sha256=hashed,
            published=None,
            rows=rows,
            notes=reading.notes(),
            problems=notebook.finish(),
        )


@dataclass(slots=True)
class _Reading:
    """Turns the rows of price lists into prices, and counts those without one."""

    catalogue: Catalogue
    notebook: Notebook
    tables: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    _columns: dict[str, str] = field(default_factory=dict)

    def rows(self, grid: Grid) -> list[ReleaseRow]:
        """Return the rows of one list."""
        self.tables += 1
        self._columns = _columns(grid.headers)
        used = set(self._columns.values())
        self.strange += [one for one in grid.headers if one not in used and "Column " not in one]
        found = []
        for row, cells in grid.rows():
            item = cells.get(self._columns["item"], "")
            found.append(
                ReleaseRow(
                    cells=cells,
                    origin=grid.sheet.origin(row),
                    key=" ".join(re.findall(r"\w+", item.casefold())),
                    prices=self._prices(item, cells, f"row {row.number}"),
                    url=_link(cells.get(self._columns.get("source", ""), "")),
                    title=item or None,
                )
            )
        return found

    def notes(self) -> list[str]:
        """Return what a reader must know."""
        notes = [f"{what}: {count}" for what, count in sorted(self.counts.items())]
        if self.strange:
            notes.append(f"columns that were kept and not used: {', '.join(self.strange)}")
        return notes

    def _prices(self, item: str, cells: Mapping[str, str], place: str) -> list[PriceClaim]:
        ends = self._ends(cells, place)
        if ends is None:
            self.counts["rows without a price"] += 1
            return []
        if is_missing(item):
            self._fault("item", "a price stands beside no item", place, "item")
            return []
        currency = self._currency(cells, place)
        if currency is None:
            return []
        low, high = ends
        thing = self._thing(item, cells)
        if thing is None:
            self._tell_unknown(item, place)
        return [
            PriceClaim(
                item=item,
                category=thing.category.value if thing else None,
                designation=self._said(cells, "designation")
                or (thing.designation if thing else None),
                low=low,
                high=high,
                currency=currency,
                unit=self._unit(item, cells, thing),
                date=self._date(cells, place),
                source=self._said(cells, "source") or None,
            )
        ]

    def _ends(self, cells: Mapping[str, str], place: str) -> tuple[float, float] | None:
        """Return the lowest and highest price of a row; one end stands for both."""
        found: list[float] = []
        for name in ("low", "high", "price"):
            said = self._said(cells, name)
            try:
                interval = interval_of(said, decimal=".") if said else None
            except FigureError as error:
                self._fault("price", f"{error}: it gives no price", place, name)
                return None
            found += [end for end in (interval[:2] if interval else ()) if end is not None]
            if found and name == "high":
                break
        if not found:
            return None
        if min(found) == 0:
            what = "a price of zero stands for none: it gives no price"
            self._fault("price", what, place, "price")
            return None
        if self._said(cells, "low") and self._said(cells, "high") and found[0] > found[-1]:
            self._fault("price", "low is above high: they were exchanged", place, "low")
        return min(found), max(found)

    def _currency(self, cells: Mapping[str, str], place: str) -> str | None:
        said = self._said(cells, "currency")
        if not said:
            header = next(
                (self._columns[name] for name in ("price", "low", "high") if name in self._columns),
                "",
            )
            match = _IN_HEADER.search(header)
            said = match[1] if match else ""
        try:
            currency = currency_of(said)
        except FigureError as error:
            self._fault("currency", f"{error}: it gives no price", place, "currency")
            return None
        if currency is None:
            self._fault("currency", "the price has no currency: it is left out", place, "currency")
        return currency

    def _thing(self, item: str, cells: Mapping[str, str]) -> Thing | None:
        found = thing_of(item, self.catalogue)
        given = category_of(self._said(cells, "category"))
        if given is None or (found is not None and found.category is given):
            return found
        return Thing(
            given, found.designation if found else None, self.catalogue.default_units[given]
        )

    def _tell_unknown(self, item: str, place: str) -> None:
        """Warn of an item that nobody knows: its price values what is reported in its very words.

        What may be a slip of the pen has a line of its own with what it is nearest to; the others,
        of which a long list has many, share one.
        """
        near = difflib.get_close_matches(item, self.catalogue.suggest_item(item), 1, _NEAR)
        if near:
            self.notebook.warning(
                "price-unknown-item",
                f"{item!r} is no item that is known: its price values only what has this very name",
                place=f"{place}, column {self._columns['item']}",
                mend=f"did you mean {near[0]}?",
            )
        else:
            self.notebook.many(
                "price-unknown-item",
                "items that nobody knows are valued only where reports name them in the same words",
                item,
                place=place,
                mend="name an item or a category of the catalogue, or leave them as they are",
            )

    def _unit(self, item: str, cells: Mapping[str, str], thing: Thing | None) -> str:
        """Return the unit that the price is of: as given, or as the item begins ("Ton of ...")."""
        leading = _LEADING.match(item)
        for said in (self._said(cells, "unit"), leading[1] if leading else ""):
            for unit in self.catalogue.units.values():
                if said and folded(said) in (folded(unit.name), *map(folded, unit.words)):
                    return unit.name
        return thing.unit if thing else "item"

    def _date(self, cells: Mapping[str, str], place: str) -> str | None:
        try:
            return period_of(self._said(cells, "date"))
        except FigureError as error:
            self._fault("date", f"{error}: its day stays unknown", place, "date")
            return None

    def _said(self, cells: Mapping[str, str], name: str) -> str:
        said = cells.get(self._columns.get(name, ""), "")
        return "" if is_missing(said) else said

    def _fault(self, code: str, what: str, place: str, name: str) -> None:
        column = self._columns.get(name)
        where = f"{place}, column {column}" if column else place
        self.notebook.fault(f"price-{code}", what, place=where, mend="mend the row")


def _grid(sheet: Sheet) -> Grid | None:
    """Return a sheet with its header row, None where no row names an item and a price."""
    priced = set(data_table("prices")["priced"])
    for row in sheet.rows[:_SEARCHED]:
        grid = grid_at(sheet, row)
        columns = _columns(grid.headers)
        if "item" in columns and priced & columns.keys() and _filled(row) > 1:
            return grid
    return None


def _filled(row: SheetRow) -> int:
    return sum(bool(clean(cell)) for cell in row.cells)


def _columns(headers: tuple[str, ...]) -> dict[str, str]:
    """Return fields with their headers; each header serves once."""
    known: dict[str, list[str]] = data_table("prices")["headers"]
    by_text = {folded(header): header for header in reversed(headers)}
    found: dict[str, str] = {}
    for name, words in known.items():
        header = next((by_text[word] for word in words if word in by_text), None)
        if header is not None and header not in found.values():
            found[name] = header
    return found


def _layout(grid: Grid) -> str | None:
    texts = set(map(folded, grid.headers))
    layouts: dict[str, list[str]] = data_table("prices")["layouts"]
    return next((name for name, needed in layouts.items() if texts.issuperset(needed)), None)


def _link(text: str) -> str | None:
    match = re.search(r"https?://[^\s;,]+", text)
    return match[0].rstrip(".") if match else None


importer = PricesImporter()
"""The importer of price lists."""
