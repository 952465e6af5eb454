"""What of a document goes with an export that carries no whole texts.

The quoted words, those that a statement rests on besides, and the line ends near them. Where the
ledger listens to the words around a quotation ("a correction: …"), these go too: a book that is
made of the pieces gives the same ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pledgebook.ledger.outlets import AFTER, BEFORE, is_corrected
from pledgebook.ledger.stubs import Piece, blank, cut
from pledgebook.vocabulary.statement import Evidence

__all__ = ["Span", "quotations"]

Span = tuple[int, int]

_BLANKS = re.compile("  +")


def quotations(text: str, quoted: Iterable[Span], grounds: Iterable[Span]) -> list[Piece]:
    """Return the pieces of a text that statements quote and rest on, with what belongs to them."""
    ordered = sorted(set(quoted))
    spans = {*ordered, *grounds}
    for span in ordered:
        spans.update(_line_ends(text, _near(span)))
    heard = {span: _corrects(text, span) for span in ordered}
    while True:
        pieces = cut(text, spans)
        left = blank(pieces, len(text))
        # Each round adds to the pieces, and with all that is near to it, a span hears the same.
        more = {_near(span) for span in ordered if _corrects(left, span) != heard[span]} - spans
        if not more:
            return pieces
        spans |= more


def _near(span: Span) -> Span:
    return max(0, span[0] - BEFORE), span[1] + AFTER


def _line_ends(text: str, span: Span) -> Iterator[Span]:
    place = text.find("\n", *span)
    while place >= 0:
        yield place, place + 1
        place = text.find("\n", place + 1, span[1])


def _corrects(text: str, span: Span) -> bool:
    start, end = span
    first, last = _near(span)
    # Much of it is blank, and looking through blanks takes long: how many there are says nothing.
    before, after = _BLANKS.sub("  ", text[first:start]), _BLANKS.sub("  ", text[end:last])
    near = f"{before}{text[start:end]}{after}"
    place = len(before)
    return is_corrected(
        near, Evidence.model_construct(start=place, end=place + min(end, len(text)) - start)
    )
