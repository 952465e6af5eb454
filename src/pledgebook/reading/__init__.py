"""The room `reading`: a document in, its statements out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledgebook.reading.coders import Coder
    from pledgebook.vocabulary.catalogue import Catalogue
    from pledgebook.vocabulary.document import Document
    from pledgebook.vocabulary.statement import Statement

__all__ = ["CODERS", "coder", "read_document"]

CODERS = ("grammar",)


def coder(name: str = "grammar") -> Coder:
    """Return the coder of a name of `CODERS`. Raises UsageError for another name."""
    from pledgebook.errors import UsageError
    from pledgebook.reading.coders import Coder, digest_of

    if name == "grammar":
        from pledgebook.reading.grammar.coder import read

        return Coder(name, digest_of("grammar", "quantities", "text", "data"), read)
    raise UsageError(
        f"there is no coder {name!r}", where="--coder", mend=f"Name one of {', '.join(CODERS)}"
    )


def read_document(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return the statements of a document, in the order of its text."""
    return coder().read(document, catalogue)
