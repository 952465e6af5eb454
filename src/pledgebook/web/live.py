"""The book as the pages see it: one consistent view at a time, shared by all requests."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from pledgebook.book import Book
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.live.columns import Columns
from pledgebook.ledger.live.rows import EVERYTHING, Index, Rows, Selection, Wanted
from pledgebook.ledger.live.view import View as Moment
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["EVERYTHING", "Live", "View", "Wanted"]

_KEPT = 3
"""Views of days gone by that are kept."""


@dataclass(frozen=True, slots=True)
class View:
    """The ledger of one moment with its index. It does not change; the next one is another.

    `number` tells views apart, those of days gone by too; `as_of` is None for the present one.
    """

    moment: Moment
    catalogue: Catalogue
    number: int
    as_of: dt.date | None = None

    @property
    def ledger(self) -> Ledger:
        """The whole ledger."""
        return self.moment.ledger

    def commitments(self, wanted: Wanted) -> Selection:
        """Return the commitments that fit, earliest first. Raises NotFoundError."""
        return self.moment.commitments(wanted)

    def rows(self, wanted: Wanted) -> Rows:
        """Return the rows of `status` of the commitments that fit. Raises NotFoundError."""
        return self.moment.rows(wanted)

    def of_document(self, document: str) -> Sequence[Entry]:
        """Return the statements of one document that count, in the order of their places."""
        return self.moment.of_document(document)

    def commitment(self, name: str) -> Commitment | None:
        """Return a commitment by its id, or by one that it bore before a merge."""
        return self.moment.commitment(name)


class Live:
    """Hands out views of a book; the present one follows every change of it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._present: View | None = None
        self._past_lock = threading.Lock()
        self._past: OrderedDict[dt.date, tuple[tuple[int, ...], View]] = OrderedDict()

    def view(self, as_of: dt.date | None = None) -> View:
        """Return the present view, or that of a day gone by.

        While another thread brings the present one up to date, it is the one before: whoever
        changed the book is kept waiting instead (`catch_up`).
        """
        if as_of is not None:
            return self._of(as_of)
        moment = self.book.live.view(wait=False)
        with self._lock:
            present = self._present
            if present is None or present.moment is not moment:
                present = self._present = self._new(moment)
            return present

    def catch_up(self) -> None:
        """Wait until the present view has all that is in the book, where there is a view."""
        if self.book.live.current_view is not None:
            self.book.live.view()

    def _of(self, day: dt.date) -> View:
        """Return the view of a day gone by: such a one is worked out from the beginning."""
        version = self.book.store.version()
        with self._past_lock:
            kept = self._past.get(day)
            if kept is None or kept[0] != version:
                ledger = self.book.ledger(as_of=day)
                columns = Columns()
                columns.take((None, one) for one in ledger.commitments)
                table = columns.table(ledger.commitments)
                index = Index(ledger.commitments, table, self.book.catalogue)
                kept = version, self._new(Moment(ledger, index, 0), day)
                self._past[day] = kept
            self._past.move_to_end(day)
            while len(self._past) > _KEPT:
                self._past.popitem(last=False)
            return kept[1]

    def _new(self, moment: Moment, day: dt.date | None = None) -> View:
        return View(moment, self.book.catalogue, next(self._numbers), day)
