"""The sheet that goes with a workbook: what was asked for, and what the words mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pledgebook.exchange.bookrows import last_instant
from pledgebook.exchange.cells import LONGEST_CELL
from pledgebook.exchange.export_tables import ExportTable, Tables
from pledgebook.exchange.exporting import Source, Wishes

__all__ = ["method_lines"]

_READING = {
    "What is counted": "Reports that were read, not the things themselves. Reports of one "
    "undertaking count once.",
    "Stages": "Asked, considered, pledged, on order, delivered and refused stand side by side. "
    "They are never added to each other.",
    "Low and high": "Every figure is an interval. An empty low or high is an open end. Nothing "
    "known is not zero: it is counted in the column that ends in _unknown.",
    "Money": "As given, by currency; nothing is converted. EUR 100..200 is between the two, "
    "EUR ..200 is up to 200, EUR 100.. is at least 100.",
    "Overdue": "What was promised by a day that is past, and is not known to be delivered.",
    "Sources": "The sheet Documents lists what the statements were read from, with the hash of "
    "its bytes. Quotations are the words of these documents and belong to their authors.",
    "Opening a figure": "`pledgebook why ID` opens an id of these sheets down to its sentences.",
    "Apostrophes": "A text that a spreadsheet might run as a formula has an apostrophe in front.",
    "Long texts": f"A cell holds {LONGEST_CELL:,} characters. A longer text is cut, marked […].",
}


def method_lines(
    source: Source,
    wishes: Wishes,
    tables: Tables,
    wanted: Sequence[ExportTable],
    counts: Mapping[str, int],
) -> Iterator[tuple[str, str]]:
    """Yield the lines of the sheet: a name, and what there is to say."""
    with source.store.database.reading() as connection:
        recorded = last_instant(connection)
    yield "What this is", ""
    yield "As of", str(tables.ledger.today)
    yield "Published until", str(wishes.as_of) if wishes.as_of else "no limit"
    yield "Last recorded in the book", recorded or "nothing"
    yield "Picked", "; ".join(f"{name} {said}" for name, said in wishes.picks.items()) or "all"
    for table in wanted:
        yield f"{table.title}, rows", f"{counts[table.name]:,}"
    yield "How to read it", ""
    yield from _READING.items()
    for table in wanted:
        yield f"Columns of {table.title}", ""
        for column in table.columns:
            yield column.name, column.means
