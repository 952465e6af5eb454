"""Reports of made-up books, for what writes them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from making import Clock
from pledgebook.book import Book
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.reporting.report.making import make_report
from pledgebook.reporting.report.model import Report
from pledgebook.reporting.report.wishes import Wishes

DAY = dt.date(2024, 1, 1)


@contextlib.contextmanager
def book_of(place: str | Path, readings: Sequence[Reading]) -> Iterator[Book]:
    """A book that holds some readings, on a day that does not move."""
    with Store.open(place, clock=Clock()) as store:
        store.add(readings)
    with Book.open(place, clock=Clock()) as book:
        yield book


def report_of(book: Book, **wishes: object) -> Report:
    """The report of a book as of `DAY`, unless another day is wished for."""
    return make_report(book, book.store, Wishes(**{"as_of": DAY, **wishes}))  # type: ignore[arg-type]
