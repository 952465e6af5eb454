"""Documents of which a book holds the quoted pieces only, each at its place.

Such a document keeps the id and the hashes of the original; its extractor bears a mark, so that
nobody takes it for the whole text. What was not quoted is blank: offsets and quotes hold. When the
original turns up, the text becomes whole, which is all that may ever happen to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from pledgebook.ledger import schema as t
from pledgebook.vocabulary.document import Document

__all__ = ["MARK", "Piece", "blank", "cut", "fill", "is_stub", "overlay"]

MARK = "+quotations"
"""What the extractor of such a document ends in."""

Piece = tuple[int, str]
"""Where a piece of a text starts, and the piece."""

_BLANK = " "


def is_stub(extractor: str) -> bool:
    """Tell whether a document with this extractor holds quotations only."""
    return extractor.endswith(MARK)


def cut(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """Return the pieces of a text that some spans cover, in order; touching spans are one piece."""
    pieces: list[list[int]] = []
    for start, end in sorted(spans):
        if pieces and start <= pieces[-1][1]:
            pieces[-1][1] = max(pieces[-1][1], end)
        else:
            pieces.append([start, end])
    return [(start, text[start:end]) for start, end in pieces if text[start:end]]


def blank(pieces: Sequence[Piece], length: int) -> str:
    """Return a text of some length that is blank but for the pieces."""
    return overlay(_BLANK * length, pieces)


def overlay(text: str, pieces: Sequence[Piece]) -> str:
    """Return a text with pieces written over it, each at its place."""
    parts, at = [], 0
    for start, piece in sorted(pieces):
        parts += [text[at:start], piece]
        at = start + len(piece)
    return "".join([*parts, text[at:]])


def fill(connection: Connection, document: Document) -> bool:
    """Make a document whole of which only quotations were kept; tell whether it was one."""
    # The id is made of the hash of the text: what has the same id is the same text.
    query = (
        t.documents.update()
        .where(
            t.documents.c.id == document.id, t.documents.c.extractor == document.extractor + MARK
        )
        .values(text=document.text, extractor=document.extractor)
    )
    return connection.execute(query).rowcount > 0
