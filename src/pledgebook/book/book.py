"""Book: the one object that joins the rooms for a caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from pledgebook.book.asking import Asking
from pledgebook.book.deciding import Deciding
from pledgebook.book.moving import Moving
from pledgebook.ledger.ingest import Ingest, ReadReport
from pledgebook.ledger.moments import Day
from pledgebook.ledger.moments import to_day as _day
from pledgebook.ledger.progress import ReadProgress
from pledgebook.reading.coders import Coder

if TYPE_CHECKING:
    from pledgebook.reporting.report.wishes import Reporting
    from pledgebook.reporting.report.writing import Written

__all__ = ["Book"]


class Book(Asking, Deciding, Moving):
    """Documents, statements, judgements, and the ledger that follows from them.

    `as_of` asks what was published by a day (undated documents count from their ingestion),
    `recorded_as_of` what the book held at a time. Both take ISO text too. `store` keeps it all,
    `live` the ledger of today, for any number of threads.
    """

    def read(
        self,
        sources: Iterable[str | Path] | str | Path,
        *,
        date: Day | None = None,
        lang: str | None = None,
        progress: Callable[[ReadProgress], None] | None = None,
        allow_local: bool = False,
        coder: str | Coder | None = None,
    ) -> ReadReport:
        """Read files, folders, globs, URLs or "-" into the book; the same bytes change nothing.

        `date` and `lang` are stated for all of them. `allow_local` permits URLs on the local
        network. `coder` names who reads: "grammar", "llm" (with PLEDGEBOOK_LLM_URL and the like),
        or several, "grammar,llm"; one that `pledgebook.reading.coder` made will do too, and stays
        open. Raises BookError where the book cannot be written, UsageError for an unknown coder;
        faults in data are in the report.
        """
        from pledgebook.reading import DEFAULT_CODER
        from pledgebook.reading import coder as coder_named

        named = [sources] if isinstance(sources, str | Path) else sources
        reader = coder_named(coder or DEFAULT_CODER) if not isinstance(coder, Coder) else coder
        try:
            ingest = Ingest(self.store, self.catalogue, reader, progress)
            return ingest.run(named, date=_day(date), lang=lang, allow_local=allow_local)
        finally:
            if reader is not coder:
                reader.session.close()

    def report(self, path: str | Path, **how: Unpack[Reporting]) -> Written:
        """Write a report to send around: HTML, Markdown or PDF, "-" for standard output."""
        from pledgebook.reporting.report.writing import write_report

        return write_report(self, self.store, path, **how)
