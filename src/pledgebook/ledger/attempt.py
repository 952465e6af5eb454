"""Read one document, and turn whatever goes wrong with it into a problem of its own."""

from __future__ import annotations

from pledgebook.errors import PledgebookError, Problem
from pledgebook.reading.coders import Coder, Read, StoppedError
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

__all__ = ["attempt", "unread"]


def attempt(read: Read, document: Document, catalogue: Catalogue) -> list[Statement] | Problem:
    """Return the statements of a document, or the problem that kept them from being read.

    Raises StoppedError where the documents after it cannot be read either.
    """
    try:
        return read(document, catalogue)
    except StoppedError:
        raise
    except PledgebookError as error:
        return Problem.from_error(error, code="unread", source=document.origin)
    except Exception as error:  # noqa: BLE001 - one text must not stop the others
        return Problem(
            code="reader-failed",
            what=f"the reader failed on it ({type(error).__name__}: {error})",
            source=document.origin,
            mend="Report it, with the document; everything else was read",
        )


def unread(coder: Coder, document: Document) -> Problem | None:
    """Return a warning where a document is in a language that a coder does not read.

    It is stored like any other, and has no statements.
    """
    lang = document.lang
    if coder.languages is None or lang is None or lang in coder.languages:
        return None
    known = ", ".join(sorted(coder.languages))
    return Problem(
        code="language-unread",
        what=f"nothing was taken from it: the {coder.name} coder does not read {lang!r}",
        source=document.origin,
        mend=f"It reads {known}; name the language with --lang if {lang!r} is wrong",
        severity="warning",
    )
