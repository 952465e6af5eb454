"""The room `reading`: a document in, its statements out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledgebook.vocabulary.catalogue import Catalogue
    from pledgebook.vocabulary.document import Document
    from pledgebook.vocabulary.statement import Statement

__all__ = ["CODER", "CODER_VERSION", "read_document"]

CODER = "grammar"
CODER_VERSION = "1"


def read_document(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return the statements of a document, in the order of its text."""
    from pledgebook.reading.grammar import read

    return read(document, catalogue)
