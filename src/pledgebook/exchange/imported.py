"""What a book can be asked about its releases: beside each other, the reports, their own sums."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pledgebook.errors import UsageError
from pledgebook.exchange.beside import Beside, beside_reports
from pledgebook.exchange.comparing import ReleaseDiff, diff_releases
from pledgebook.exchange.importing import ImportReport, ReadRelease, import_file
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.moments import Day, to_day, who
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue

if TYPE_CHECKING:
    from pledgebook.exchange.kiel.summary import SummaryCheck
    from pledgebook.ledger.releases import StoredRelease

__all__ = ["Imported"]


class Imported:
    """The releases of a book. Data sets and releases are given by name; an id will do too."""

    def __init__(self, store: Store, ledger: Callable[[], Ledger], catalogue: Catalogue) -> None:
        self._store = store
        self._ledger = ledger
        self._catalogue = catalogue

    def add(
        self,
        form: str,
        path: str | Path,
        *,
        name: str | None = None,
        published: Day | None = None,
        dataset: str | None = None,
        mapping: str | None = None,
        by: str | None = None,
    ) -> ImportReport:
        """Read a file or folder as a release and store it, whole or not at all.

        `name` and `published`, the day up to which it tells, prevail over what the file says. The
        same bytes twice change nothing. Raises UsageError for an unknown format, SourceError for
        what cannot be read as it; faults of rows and cells are in the report.
        """
        return import_file(
            self._store,
            self._catalogue,
            form,
            path,
            name=name,
            published=to_day(published),
            dataset=dataset,
            mapping=mapping,
            by=who(by),
        )

    def keep(self, read: ReadRelease, *, by: str | None = None) -> ImportReport:
        """Store a release that was read before, whole or not at all."""
        return read.store(self._store, self._catalogue, by=who(by))

    def release(self, dataset: str, name: str | None = None) -> StoredRelease:
        """Return a release of a data set, without a name the current one. Raises NotFoundError."""
        return self._store.release(name or dataset, dataset if name else None)

    def diff(self, dataset: str, other: str | None = None) -> ReleaseDiff:
        """Return what changed from another release of a data set to its current one.

        Without `other` that is the one before. Raises NotFoundError, and UsageError where there is
        nothing to compare.
        """
        after = self.release(dataset)
        known = [one for one in self._store.releases(dataset=after.dataset) if not one.current]
        if other is None and not known:
            raise UsageError(
                f"{after.dataset!r} has one release only",
                mend="Import another one, or compare it with the reports: --reports",
            )
        before = known[-1] if other is None else self.release(after.dataset, other)
        if before.id == after.id:
            raise UsageError(
                f"{before.name!r} is the current release itself", mend="Name an older one"
            )
        return diff_releases(self._store, before, after)

    def beside(self, dataset: str, name: str | None = None) -> list[Beside]:
        """Set a release beside the ledger of reports."""
        found = self.release(dataset, name)
        entries = self._store.release_entries(found.id)
        return beside_reports(self._ledger(), entries, self._catalogue)

    def check(self, release_id: str, path: str | Path) -> SummaryCheck:
        """Hold a stored release of the tracker against the sums published with it."""
        from pledgebook.exchange.kiel.summary import check_summary

        return check_summary(self._store, release_id, Path(path).expanduser())
