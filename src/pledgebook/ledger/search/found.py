"""What a search gives back: hits with marked pieces of text, and counts of what was found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple

__all__ = ["KINDS", "Facet", "FacetValue", "Found", "Hit", "HitKind", "Piece"]

HitKind = Literal["document", "statement", "commitment"]

KINDS: tuple[HitKind, ...] = ("document", "statement", "commitment")
"""What can be found."""


class Piece(NamedTuple):
    """A piece of plain text, and whether it is what was looked for. It is never HTML."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found.

    `date` is the day of publication, of a commitment that of its newest report. `document` is where
    a document or statement stands, `commitment` what a statement supports. The score says how well
    it fits the words that were asked for: more is better, 0 where none were.
    """

    kind: HitKind
    id: str
    title: str
    snippet: tuple[Piece, ...]
    date: dt.date
    outlet: str | None
    score: float
    document: str | None = None
    commitment: str | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """How many of the hits have this value; `clause` added to the query leaves those alone."""

    value: str
    label: str
    count: int
    clause: str


@dataclass(frozen=True, slots=True)
class Facet:
    """The values that hits have in one respect, the most frequent first.

    A hit may have several, as donors, or none. `others` counts the values that are not listed.
    """

    name: str
    values: tuple[FacetValue, ...]
    others: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, best first, and what is to be said of all `total` of them.

    The facet "type" counts what there would be without `kinds`. `suggestions` are queries to try
    where nothing was found. `taken_as_words` are fields whose value makes no sense, such as an
    unknown donor: they were looked for as words.
    """

    query: str
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    suggestions: tuple[str, ...] = ()
    taken_as_words: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0
