"""Find a quotation in the text that it is from, and mend it to the exact slice.

Whoever answers a prompt copies the words, but not always their white space, quotation marks and
dashes. Text and quotation are brought to one form, each character of which knows where it stood.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

__all__ = ["Quoted", "Span", "fold_marks", "in_order"]

Span = tuple[int, int]

_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4\u0060\u2039\u203a"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
_DASH = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_EDGES = " \t\n\"'.,;:!?-()[]*_"
_MOST_PLACES = 200


@cache
def _folded(character: str) -> str:
    """Return the common form of one character: nothing for an invisible one."""
    if character.isspace():
        return " "
    if character in _SINGLE:
        return "'"
    if character in _DOUBLE:
        return '"'
    if character in _DASH:
        return "-"
    if unicodedata.category(character) == "Cf":
        return ""
    return unicodedata.normalize("NFKD", character)


def fold_marks(text: str) -> tuple[str, list[int]]:
    """Return the common form of a text, and for each of its characters the place it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for one in _folded(character):
            if one == " " and folded and folded[-1] == " ":
                continue
            folded.append(one)
            places.append(place)
    return "".join(folded), places


@dataclass(frozen=True, slots=True)
class _Form:
    text: str
    places: Sequence[int]


class Quoted:
    """A text in which quotations are looked up."""

    def __init__(self, text: str) -> None:
        self._text = text
        folded, places = fold_marks(text)
        self._exact = _Form(folded, places)
        lowered = folded.lower()
        # A few letters have a longer small form: then only the exact form is looked through.
        self._lower = _Form(lowered, places) if len(lowered) == len(folded) else None

    def spans(self, quote: str) -> list[Span]:
        """Return every slice of the text that the quotation may be, in order; none is empty.

        Whole words only. Letter case and the marks around the quotation are given up last.
        """
        folded = fold_marks(quote)[0].strip()
        bare = folded.strip(_EDGES)
        for wanted in dict.fromkeys((folded, bare)):
            if not any(map(str.isalnum, wanted)):
                continue
            found = self._find(self._exact, wanted)
            if not found and self._lower is not None:
                found = self._find(self._lower, wanted.lower())
            if found:
                return found
        return []

    def _find(self, form: _Form, wanted: str) -> list[Span]:
        found: list[Span] = []
        place = form.text.find(wanted)
        while place != -1 and len(found) < _MOST_PLACES:
            end = place + len(wanted)
            if _stands_alone(form.text, place, end):
                found.append(self._slice(form.places[place], form.places[end - 1] + 1))
            place = form.text.find(wanted, place + 1)
        return found

    def _slice(self, start: int, end: int) -> Span:
        # A letter and its accents may be several characters of the text.
        while end < len(self._text) and unicodedata.combining(self._text[end]):
            end += 1
        return start, end


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a piece neither begins nor ends in the middle of a word."""
    before = start and text[start - 1].isalnum() and text[start].isalnum()
    if end == len(text):
        return not before
    after = text[end].isalnum() and text[end - 1].isalnum()
    return not before and not after and not unicodedata.combining(text[end])


def in_order(candidates: Sequence[Sequence[Span]]) -> list[Span | None]:
    """Choose one span for each quotation, so that together they follow the text as asked for.

    Answers are written in the order of the text. A quotation with several places takes the nearest
    one that is not before the last certain place, and before the next one if there is one.
    """
    chosen: list[Span | None] = [spans[0] if len(spans) == 1 else None for spans in candidates]
    floor = 0
    for index, spans in enumerate(candidates):
        sure = chosen[index]
        if sure is not None:
            floor = sure[0]
            continue
        if not spans:
            continue
        later = (one for one in chosen[index + 1 :] if one is not None and one[0] >= floor)
        ceiling = next(later, None)
        fits = [span for span in spans if span[0] >= floor]
        if ceiling is not None:
            fits = [span for span in fits if span[0] <= ceiling[0]] or fits
        best = fits[0] if fits else min(spans, key=lambda span: floor - span[0])
        chosen[index] = best
        floor = best[0]
    return chosen
