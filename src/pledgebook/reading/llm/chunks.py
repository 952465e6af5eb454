"""Cut a long document into the pieces that one prompt each asks about.

The pieces lie end to end: every character belongs to exactly one, so that nothing is lost and
nothing is coded twice. What a reader of a piece has to know of the text before it goes along as
context, from which nothing is coded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pledgebook.reading.llm.quoting import Span
from pledgebook.reading.text.segments import Block, blocks, sentences

__all__ = ["Chunk", "chunks"]

_OPENING = 500
_BEFORE = 800


@dataclass(frozen=True, slots=True)
class Chunk:
    """`text[start:end]` is to be coded; `number` of `count`, from 1.

    `context` are spans of the text before it, in order, that its reader has to know.
    """

    start: int
    end: int
    number: int
    count: int
    context: tuple[Span, ...]


def chunks(text: str, size: int) -> list[Chunk]:
    """Return the pieces of a text, each of at most `size` characters; none for a blank text."""
    if not text.strip():
        return []
    found = blocks(text)
    bounds = [0, *_cuts(text, found, size), len(text)]
    count = len(bounds) - 1
    return [
        Chunk(start, end, number, count, _context(text, found, start))
        for number, (start, end) in enumerate(pairwise(bounds), 1)
    ]


def _cuts(text: str, found: list[Block], size: int) -> Iterator[int]:
    """Yield the places at which a new piece begins: before a paragraph where that is possible."""
    begin = 0
    last = 0
    for place in _places(text, found, size):
        if place - begin > size and last > begin:
            yield last
            begin = last
        while place - begin > size:
            # A stretch without paragraph, sentence or blank: it is cut all the same.
            begin += size
            yield begin
        last = place
    # The last place is the end of the text.


def _places(text: str, found: list[Block], size: int) -> Iterator[int]:
    """Yield where a piece may begin, in order, and the end of the text."""
    for block in found:
        yield _line_start(text, block.start)
        if block.end - block.start > size:
            for start, end in sentences(text, block.start, block.end):
                yield start
                if end - start > size:
                    yield from _blanks(text, start, end, size)
    yield len(text)


def _line_start(text: str, place: int) -> int:
    """Return the start of the line, so that a bullet stays with its item."""
    return text.rfind("\n", 0, place) + 1


def _blanks(text: str, start: int, end: int, size: int) -> Iterator[int]:
    place = start
    while end - place > size:
        gap = text.rfind(" ", place + 1, place + size)
        if gap < 0:
            return
        place = gap + 1
        yield place


def _context(text: str, found: list[Block], start: int) -> tuple[Span, ...]:
    """Return what a reader of `text[start:]` has to know: opening, heads over it, words before."""
    if start == 0:
        return ()
    near = max(0, start - _BEFORE)
    if near:
        blank = text.find(" ", near, start)
        near = blank + 1 if blank >= 0 else near
    opening = min(_OPENING, near)
    line = text.rfind("\n", 0, opening)
    opening = line if line > _OPENING // 4 else opening
    spans = [(0, opening)]
    head = _head(found, start)
    if head is not None and opening <= head.start < near:
        spans.append((head.start, min(head.end, head.start + _OPENING, near)))
    spans.append((near, start))
    return tuple(span for span in spans if text[slice(*span)].strip())


def _head(found: list[Block], start: int) -> Block | None:
    """Return the line that introduces the list in which a piece begins, or its last heading."""
    heading: Block | None = None
    for block in found:
        if block.start >= start:
            if block.kind == "item" and block.head is not None:
                return found[block.head]
            break
        if block.kind == "heading":
            heading = block
    return heading
