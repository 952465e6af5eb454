"""Pledgebook turns public words about aid into a ledger traced to its sentences.

    from pledgebook import Book

    book = Book.open("aid.db")
    book.read(["reports/"])
    book.status(recipient="UKR")

Everything that `__all__` names is loaded on first use, so importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from pledgebook.book import Book, ReadProgress, ReadReport
    from pledgebook.errors import (
        BookError,
        BookLockedError,
        BookVersionError,
        BulkError,
        CatalogueError,
        FetchError,
        NotFoundError,
        PledgebookError,
        Problem,
        SourceError,
        UsageError,
    )
    from pledgebook.forecasting.assumptions import Assumptions
    from pledgebook.forecasting.forecast import Forecast
    from pledgebook.planning.plan import Plan
    from pledgebook.vocabulary.document import Document
    from pledgebook.vocabulary.statement import (
        Category,
        Evidence,
        Ground,
        Item,
        Kind,
        Money,
        Per,
        Quantity,
        Scope,
        Statement,
        Status,
    )

    __version__: str

__all__ = [
    "Assumptions",
    "Book",
    "BookError",
    "BookLockedError",
    "BookVersionError",
    "BulkError",
    "CatalogueError",
    "Category",
    "Document",
    "Evidence",
    "FetchError",
    "Forecast",
    "Ground",
    "Item",
    "Kind",
    "Money",
    "NotFoundError",
    "Per",
    "Plan",
    "PledgebookError",
    "Problem",
    "Quantity",
    "ReadProgress",
    "ReadReport",
    "Scope",
    "SourceError",
    "Statement",
    "Status",
    "UsageError",
    "__version__",
    "read",
]

_HOME = {
    **dict.fromkeys(("Book", "ReadProgress", "ReadReport"), "pledgebook.book"),
    **dict.fromkeys(
        (
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
        ),
        "pledgebook.errors",
    ),
    "Assumptions": "pledgebook.forecasting.assumptions",
    "Document": "pledgebook.vocabulary.document",
    "Forecast": "pledgebook.forecasting.forecast",
    "Plan": "pledgebook.planning.plan",
    **dict.fromkeys(
        (
            "Category",
            "Evidence",
            "Ground",
            "Item",
            "Kind",
            "Money",
            "Per",
            "Quantity",
            "Scope",
            "Statement",
            "Status",
        ),
        "pledgebook.vocabulary.statement",
    ),
}


def read(source: str | Path, date: dt.date | None = None) -> list[Statement]:
    """Return the statements of a text, or of a file, without keeping them in a book.

    A `str` is the text itself, a `Path` a file in any format that is read; `date` is the day of
    publication, against which "next week" is resolved, where the source does not tell it. What is
    to be read again and again, or from many files, is read by `Book.read`.

    Raises UsageError where the text is the name of a file, SourceError where the file cannot be
    read; what could be read only in part is a UserWarning.
    """
    from pathlib import Path
    from warnings import warn

    from pledgebook.documents import load
    from pledgebook.documents.dates import dateline
    from pledgebook.errors import Problem, SourceError, UsageError
    from pledgebook.reading import read_document
    from pledgebook.vocabulary.catalogue import load_catalogue
    from pledgebook.vocabulary.document import Document, sha256

    catalogue = load_catalogue()
    if isinstance(source, str):
        if source and "\n" not in source and len(source) < 1000 and Path(source).is_file():
            raise UsageError("a text is expected, not its file", where=source, mend="Give a Path")
        document = Document(
            text=source,
            bytes_sha256=sha256(source),
            extractor="given/1",
            origin="-",
            date=date or dateline(source),
        )
        return read_document(document, catalogue)
    statements: list[Statement] = []
    for found in load([source], date=date):
        if not isinstance(found, Problem):
            statements += read_document(found, catalogue)
        elif found.severity == "error":
            raise SourceError(found.what, where=found.source, mend=found.mend)
        else:
            warn(str(found), stacklevel=2)
    return statements


def __getattr__(name: str) -> object:
    """Load an exported name from the module that defines it, once."""
    if name == "__version__":
        from importlib.metadata import version

        value: object = version("pledgebook")
    elif name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
