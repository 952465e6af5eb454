"""Read one document, and turn whatever goes wrong with it into a problem of its own."""

from __future__ import annotations

from pledgebook.errors import PledgebookError, Problem
from pledgebook.reading.coders import Read
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

__all__ = ["attempt"]


def attempt(read: Read, document: Document, catalogue: Catalogue) -> list[Statement] | Problem:
    """Return the statements of a document, or the problem that kept them from being read."""
    try:
        return read(document, catalogue)
    except PledgebookError as error:
        return Problem.from_error(error, code="unread", source=document.origin)
    except Exception as error:  # noqa: BLE001 - one text must not stop the others
        return Problem(
            code="reader-failed",
            what=f"the reader failed on it ({type(error).__name__}: {error})",
            source=document.origin,
            mend="Report it, with the document; everything else was read",
        )
