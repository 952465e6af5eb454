"""A stored release held against the sums that its authors publish with it.

What is added up are the rows and statements as they stand in the book, not the file: so the check
is of the import too. Three sheets are known: the country summary (donor by type of aid, within a
tolerance), and the weapons that were committed and delivered (item by donor, to the unit).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pledgebook.exchange.celltext import cells_of, header_key
from pledgebook.exchange.intake import clean
from pledgebook.exchange.kiel.cells import State, number_of
from pledgebook.exchange.kiel.columns import column_of
from pledgebook.exchange.sheets import Sheet, read_sheets
from pledgebook.ledger.records import Entry
from pledgebook.ledger.releases import StoredRow
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Kind

__all__ = ["TOLERANCE", "Agreement", "Difference", "SummaryCheck", "check_summary"]

TOLERANCE = 0.001
"""How far a sum of money may be off, as a share of the larger of the two."""

_AIDS = ("financial", "humanitarian", "military")
_FACTORS = {"billion": 1e9, "million": 1e6}
_HEAD = 30
_BESIDE = frozenset({"", "total number", "type", "sub-type", "not included", "total"})

Sums = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that does not agree: what the sheet publishes, and what the rows come to."""

    sheet: str
    row: str
    column: str
    published: float
    summed: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """One sheet: how many cells were compared, how many of them are not zero, and which differ."""

    sheet: str
    cells: int
    filled: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> int:
        """The cells that agree."""
        return self.cells - len(self.differences)


@dataclass(frozen=True, slots=True)
class SummaryCheck:
    """All sheets that were found. `outside` are sums of donors that the country summary leaves out.

    `absent` are the sheets that the release does not have.
    """

    agreements: tuple[Agreement, ...]
    outside: tuple[tuple[str, str, float], ...]
    absent: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether there was something to compare and no cell differs."""
        return bool(self.agreements) and not any(one.differences for one in self.agreements)


def check_summary(store: Store, release_id: str, path: Path) -> SummaryCheck:
    """Hold a stored release against the sheets of its file. Raises SourceError."""
    sheets, _ = read_sheets(path)
    rows = store.release_rows(release_id)
    entries = store.release_entries(release_id)
    agreements: list[Agreement] = []
    absent: list[str] = []
    outside: tuple[tuple[str, str, float], ...] = ()
    country = next((found for sheet in sheets if (found := _country(sheet))), None)
    if country is None:
        absent.append("country summary")
    else:
        sums = _money(rows)
        agreements.append(_compare("Country summary", country, sums, TOLERANCE))
        donors = {donor for donor, _ in country}
        outside = tuple(
            (donor, aid, value)
            for (donor, aid), value in sorted(sums.items())
            if donor not in donors and value
        )
    weapons = (("committed", Kind.PLEDGE), ("delivered", Kind.DELIVERY))
    for word, kind in weapons:
        units = next((one for sheet in sheets if (one := _weapons(sheet, word))), None)
        if units is None:
            absent.append(f"{word} weapons")
        else:
            sums = _units(rows, entries, kind)
            agreements.append(_compare(f"{word.capitalize()} weapons", units, sums, 0.0))
    rates = next((table for sheet in sheets if (table := _rates(sheet))), None)
    if rates is None:
        absent.append("exchange rates")
    else:
        agreements.append(_converted(rows, entries, rates))
    return SummaryCheck(tuple(agreements), outside, tuple(absent))


def _compare(sheet: str, published: Sums, summed: Sums, tolerance: float) -> Agreement:
    differences = []
    for (row, column), value in published.items():
        ours = summed.get((row, column), 0.0)
        if abs(ours - value) > tolerance * max(abs(ours), abs(value)):
            differences.append(Difference(sheet, row, column, value, ours))
    filled = sum(value != 0 for value in published.values())
    return Agreement(sheet, len(published), filled, tuple(differences))


def _known(text: str) -> dict[str, str]:
    """Return the cells of a row's text by the names of the known columns."""
    found: dict[str, str] = {}
    for header, cell in cells_of(text).items():
        name = column_of(header)
        if name is not None:
            found.setdefault(name, cell)
    return found


def _money(rows: Sequence[StoredRow]) -> dict[tuple[str, str], float]:
    """Add up the converted value of the packages, by donor and type of aid, in EUR."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        cells = _known(row.text)
        amount = number_of(cells.get("total_eur", ""))
        if amount.value is not None:
            sums[header_key(cells["donor"]), header_key(cells["aid_type"])] += amount.value
    return sums


def _units(
    rows: Sequence[StoredRow], entries: Sequence[Entry], kind: Kind
) -> dict[tuple[str, str], float]:
    """Add up the units of statements of a kind, by item and donor as the rows name them."""
    cells = {row.document: _known(row.text) for row in rows}
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for entry in entries:
        statement = entry.statement
        if statement.kind is kind and statement.quantity is not None:
            row = cells[entry.document]
            key = header_key(row.get("item", "")), header_key(row["donor"])
            sums[key] += statement.quantity.low or 0.0
    return sums


def _converted(
    rows: Sequence[StoredRow], entries: Sequence[Entry], rates: Mapping[str, float]
) -> Agreement:
    """Hold the money of each package's statement, converted, against the value in its row."""
    cells = {row.document: (row.origin, _known(row.text)) for row in rows}
    published: dict[tuple[str, str], float] = {}
    summed: dict[tuple[str, str], float] = {}
    for entry in entries:
        statement = entry.statement
        if statement.money is None or not statement.rule.startswith("kiel/package-"):
            continue
        if statement.kind is not Kind.PLEDGE:
            continue
        origin, row = cells[entry.document]
        given, rate = number_of(row.get("total_eur", "")), rates.get(statement.money.currency)
        if given.state is State.GIVEN and given.value is not None and rate:
            published[origin, "EUR"] = given.value
            summed[origin, "EUR"] = (statement.money.low or 0.0) / rate
    return _compare("Converted packages", published, summed, TOLERANCE)


def _country(sheet: Sheet) -> dict[tuple[str, str], float] | None:
    """Read the country summary, in EUR; None where this is another sheet."""
    for number, row in enumerate(sheet.rows[:_HEAD]):
        keys = [header_key(clean(cell)) for cell in row.cells]
        at = {aid: _index(keys, f"{aid} commitments") for aid in _AIDS}
        name = _index(keys, "country")
        if name is None or None in at.values():
            continue
        units = " ".join(sheet.rows[number + 1].cells) if number + 1 < len(sheet.rows) else ""
        factor = next((value for word, value in _FACTORS.items() if word in units), 1.0)
        found: dict[tuple[str, str], float] = {}
        for donor, cells in _named(sheet, number + 1, name):
            if donor == "total":
                break
            for aid, index in at.items():
                found[donor, aid] = (_figure(cells, index) or 0.0) * factor
        return found
    return None


def _weapons(sheet: Sheet, word: str) -> dict[tuple[str, str], float] | None:
    """Read a sheet of weapons, item by donor; None where this is another sheet."""
    if word not in sheet.name.casefold():
        return None
    for number, row in enumerate(sheet.rows[:_HEAD]):
        keys = [header_key(clean(cell)) for cell in row.cells]
        if "total number" not in keys or "not included" not in keys:
            continue
        name = keys.index("total number") - 1
        donors = {index: key for index, key in enumerate(keys) if key not in _BESIDE}
        found: dict[tuple[str, str], float] = {}
        for item, cells in _named(sheet, number + 1, max(name, 0)):
            for index, donor in donors.items():
                key = item, donor
                found[key] = found.get(key, 0.0) + (_figure(cells, index) or 0.0)
        return found
    return None


def _rates(sheet: Sheet) -> dict[str, float] | None:
    """Read what one euro is in other currencies; None where this is another sheet."""
    for number, row in enumerate(sheet.rows[:_HEAD]):
        keys = [header_key(clean(cell)) for cell in row.cells]
        if "currency" in keys and "1 eur" in keys:
            name, rate = keys.index("currency"), keys.index("1 eur")
            rows = _named(sheet, number + 1, name)
            return {code.upper(): value for code, cells in rows if (value := _figure(cells, rate))}
    return None


def _named(sheet: Sheet, first: int, column: int) -> Iterator[tuple[str, Sequence[str]]]:
    for row in sheet.rows[first:]:
        name = header_key(clean(row.cells[column])) if column < len(row.cells) else ""
        if name:
            yield name, row.cells


def _index(keys: Sequence[str], wanted: str) -> int | None:
    return keys.index(wanted) if wanted in keys else None


def _figure(cells: Sequence[str], index: int | None) -> float | None:
    return (
        number_of(clean(cells[index])).value if index is not None and index < len(cells) else None
    )
