"""Everything that Pledgebook raises or reports.

    PledgebookError
    ├── UsageError          a call that cannot be carried out as given
    │   ├── CatalogueError  a data file or a user's addition that breaks its schema
    │   └── NotFoundError   an id, party or item that the book does not know
    ├── SourceError         a source that cannot be read at all
    │   └── FetchError      a URL that was refused, failed or timed out
    ├── BookError           a book that cannot be opened or written
    │   ├── BookLockedError   another process holds it
    │   └── BookVersionError  it was written by a newer Pledgebook
    └── BulkError           bulk work that cannot go on: its cluster is gone, its folder is full

Errors stop one call. Faults in data do not: they are collected as `Problem` records, and the rest
of the batch goes on.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = [
    "BookError",
    "BookLockedError",
    "BookVersionError",
    "BulkError",
    "CatalogueError",
    "FetchError",
    "NotFoundError",
    "PledgebookError",
    "Problem",
    "SourceError",
    "UsageError",
]


class PledgebookError(Exception):
    """Base of every exception that Pledgebook raises on purpose.

    `what` says what went wrong, `where` the file, line, field or URL, `mend` what to do about it.
    The text of the exception is one clear sentence made of the three.
    """

    def __init__(self, what: str, *, where: str | None = None, mend: str | None = None) -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(sentence(what, where, mend))


class UsageError(PledgebookError):
    """A call that cannot be carried out as given."""


class CatalogueError(UsageError):
    """A vocabulary data file, or a user's addition to it, that breaks its schema."""


class NotFoundError(UsageError):
    """An id, party or item that is not known."""


class SourceError(PledgebookError):
    """A source that cannot be read at all."""


class FetchError(SourceError):
    """A URL that was refused, failed or timed out."""


class BookError(PledgebookError):
    """A book that cannot be opened or written."""


class BookLockedError(BookError):
    """Another process holds the book."""


class BookVersionError(BookError):
    """The book was written by a newer Pledgebook."""


class BulkError(PledgebookError):
    """Bulk work that cannot go on: its cluster is gone, or what it writes to is full or read-only.

    What was confirmed before stays; the same call again does what is missing.
    """


class Problem(BaseModel):
    """A fault in one piece of data: it is reported, and everything else goes on.

    `code` is a stable, short name such as `empty-document`; `place` adds a line, page or field.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    what: str
    source: str
    place: str | None = None
    mend: str | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.source}, {self.place}" if self.place else self.source
        return sentence(self.what, where, self.mend)

    @classmethod
    def from_error(cls, error: PledgebookError, *, code: str, source: str) -> Problem:
        """Turn an error about one source into a record of it."""
        return cls(code=code, what=error.what, source=error.where or source, mend=error.mend)


def sentence(what: str, where: str | None, mend: str | None) -> str:
    """Join what went wrong, its place and its mend into the line that a person reads."""
    text = f"{where}: {what}" if where else what
    text = text.rstrip(".") + "."
    if not mend:
        return text
    end = "" if mend.endswith("?") else "."
    return f"{text} {mend[0].upper()}{mend[1:].rstrip('.')}{end}"
