"""In and out of a book: exports, imports, releases, feeds."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from pledgebook.book.opened import Opened
from pledgebook.ledger.moments import Day
from pledgebook.ledger.moments import to_day as _day
from pledgebook.ledger.place import additions

if TYPE_CHECKING:
    from collections.abc import Callable

    from pledgebook.bulk.importing import BulkImport, ImportProgress
    from pledgebook.exchange.backups.manifest import Manifest
    from pledgebook.exchange.exporting import ExportOptions, ExportReport
    from pledgebook.exchange.imported import Imported
    from pledgebook.exchange.importing import ImportReport
    from pledgebook.exchange.restoring import Restored
    from pledgebook.ledger.feeds.shelf import FeedShelf
    from pledgebook.ledger.releases import StoredRelease

__all__ = ["Moving"]


class Moving(Opened):
    """All that comes into a book from data sets and feeds, and all that leaves it."""

    def export(
        self, form: str, path: str | Path, *, as_of: Day | None = None, **how: Unpack[ExportOptions]
    ) -> ExportReport:
        """Write it as "jsonl", "datapackage", "csv", "xlsx", "parquet", "iati" or "corpus"."""
        from pledgebook.exchange.exporting import Source, Wishes, export

        ledger = functools.partial(self.ledger, as_of=as_of)
        source = Source(self.store, lambda: self.catalogue, ledger, self._additions)
        return export(form, path, source, Wishes(as_of=_day(as_of), **how))

    def back_up(self, path: str | Path, *, force: bool = False) -> Manifest:
        """Write all of the book to one file, while others use it; `force` replaces one there.

        `exchange.backups.restoring.restore_backup` makes a book of it again. Raises BookError,
        UsageError.
        """
        from pledgebook.exchange.backups.making import back_up

        return back_up(self.store.database.address, path, force=force, clock=self._clock)

    def import_(
        self, form: str, path: str | Path, name: str | None = None, by: str | None = None
    ) -> ImportReport:
        """Import a data set as a named release: "kiel", "fts", "iati", "sipri", "table"."""
        return self.imported.add(form, path, name=name, by=by)

    def releases(self, dataset: str | None = None) -> list[StoredRelease]:
        """Return the releases of imported data sets, oldest first; one of each is current."""
        return self.store.releases(dataset=dataset)

    @property
    def imported(self) -> Imported:
        """Releases beside each other, beside the reports, and beside their own sums."""
        from pledgebook.exchange.imported import Imported

        return Imported(self.store, self.ledger, self.catalogue)

    def import_book(self, path: str | Path) -> Restored:
        """Take in a book that was exported as JSONL or data package. Raises SourceError."""
        from pledgebook.exchange.restoring import restore

        restored = restore(self.store, path)
        self._additions = additions(self.store.place)
        self.__dict__.pop("catalogue", None)
        self.live.forget()
        self._ledgers.clear()
        return restored

    def import_bulk(
        self, folder: str | Path, progress: Callable[[ImportProgress], None] | None = None
    ) -> BulkImport:
        """Take in what `bulk.read_bulk` wrote, as if it had been read here. Raises SourceError."""
        from pledgebook.bulk.extra import require_extra

        require_extra()
        from pledgebook.bulk.importing import import_bulk

        return import_bulk(self.store, str(folder), self.catalogue, progress=progress)

    @property
    def feeds(self) -> FeedShelf:
        """The feeds that are watched: add, pause, remove; `ledger.feeds.watcher` polls them."""
        from pledgebook.ledger.feeds.shelf import FeedShelf

        return FeedShelf(self.store)
