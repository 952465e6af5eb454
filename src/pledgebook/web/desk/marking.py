"""A text cut into pieces, so that each piece bears the statements whose words it is part of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Piece", "Span", "pieces"]


@dataclass(frozen=True, slots=True)
class Span:
    """The words of a statement: `text[start:end]`, in code points."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and the statements that rest on it; `begins` are those whose words begin here."""

    text: str
    names: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """Cut a text where words of a statement begin or end; joined, the pieces are the text.

    Spans may overlap and lie in each other; what of one lies outside the text is left out.
    """
    inside = [one for one in spans if 0 <= one.start < min(one.end, len(text))]
    edges = sorted({0, len(text), *(one.start for one in inside), *(one.end for one in inside)})
    edges = [edge for edge in edges if edge <= len(text)]
    ordered: Sequence[Span] = sorted(inside, key=lambda one: (one.start, -one.end, one.name))
    found = []
    for start, end in pairwise(edges):
        here = [one for one in ordered if one.start <= start and one.end >= end]
        found.append(
            Piece(
                text[start:end],
                tuple(one.name for one in here),
                tuple(one.name for one in here if one.start == start),
            )
        )
    return found
