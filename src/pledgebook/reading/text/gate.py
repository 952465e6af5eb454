"""The gate before the reader: it tells from the words of a text whether to read it at all.

Most of what an agency or a newspaper prints concerns neither arms nor aid. The gate looks at the
different words of a text, a passage at a time, and adds up what `gate.toml` gives for them; that
costs about a twentieth of a reading. It is built to err on the side of reading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pledgebook.reading.text.lexicon import category_nouns
from pledgebook.reading.text.wording import table
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Gate", "Points", "gate"]

_WORD = re.compile(r"[^\W_]+")
_PARTY_ROLES = frozenset({"name", "adjective", "capital", "metonym"})


@dataclass(frozen=True, slots=True)
class Points:
    """What a passage gathers for what it is about, and for who is in it."""

    what: int = 0
    who: int = 0

    @property
    def total(self) -> int:
        """Both sides together."""
        return self.what + self.who


@dataclass(frozen=True, slots=True)
class _Class:
    is_what: bool
    weight: int
    most: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A text of several words, or one that counts in its own letter case or company only."""

    text: str
    place: int
    cased: bool = False
    needs: tuple[str, ...] = ()

    def stands_in(self, passage: str, low: str) -> bool:
        if self.text not in (passage if self.cased else low):
            return False
        return not self.needs or any(word in low for word in self.needs)


class Gate:
    """Decides which texts deserve reading, by the words of a catalogue and of `gate.toml`."""

    def __init__(self, catalogue: Catalogue) -> None:
        data = table("gate.toml")
        self._enough: int = data["enough"]
        self._passage: int = data["passage"]
        self._brief: int = data["brief"]
        self._often: int = data["often"]
        self._classes: list[_Class] = []
        self._words: dict[str, int] = {}
        self._phrases: dict[str, list[_Phrase]] = {}
        for place, entry in enumerate(data["class"].values()):
            self._classes.append(_Class(entry["side"] == "what", entry["weight"], entry["most"]))
            phrases = dict.fromkeys(_phrases(entry, place, catalogue))
            plain = {phrase.text for phrase in phrases if not phrase.needs}
            for phrase in phrases:
                if not _holds_another(phrase.text, plain):
                    self._enter(phrase)
        self._known = frozenset(self._words.keys() | self._phrases.keys())

    def opens(self, text: str) -> bool:
        """Tell whether a text deserves reading: it is brief, or one of its passages does."""
        return len(text) < self._brief or any(map(self._suffices, self._points(text)))

    def touches(self, text: str) -> bool:
        """Tell whether any word of a text counts, by itself or within a phrase: no more than that.

        What it says no to gathers no points; it is many times cheaper than to count them.
        """
        return not self._known.isdisjoint(_WORD.findall(text.lower()))

    def points(self, text: str) -> Points:
        """Return what the best passage of a text gathers; opens() goes by it."""
        return max(self._points(text), key=lambda p: (self._suffices(p), p.total), default=Points())

    def _suffices(self, points: Points) -> bool:
        return points.total >= self._enough and points.what > 0 and points.who > 0

    def _points(self, text: str) -> Iterator[Points]:
        for start, end in _passages(text, self._passage):
            passage = text[start:end]
            low = passage.lower()
            counts = Counter(filter(self._known.__contains__, _WORD.findall(low)))
            # Phrases take longer to look for: only where single words have not filled their class.
            left = [kind.most for kind in self._classes]
            for word, count in counts.items():
                if (place := self._words.get(word)) is not None:
                    left[place] -= 1 + (count >= self._often)
            for word in counts:
                for phrase in self._phrases.get(word, ()):
                    if left[phrase.place] > 0:
                        left[phrase.place] -= phrase.stands_in(passage, low)
            sides = [0, 0]
            for open_, kind in zip(left, self._classes, strict=True):
                sides[kind.is_what] += (kind.most - max(0, open_)) * kind.weight
            yield Points(what=sides[1], who=sides[0])

    def _enter(self, phrase: _Phrase) -> None:
        words = _WORD.findall(phrase.text.lower())
        if words == [phrase.text] and not phrase.needs:
            self._words.setdefault(phrase.text, phrase.place)
        elif words:
            # The longest word of a phrase is the one that the fewest texts hold.
            self._phrases.setdefault(max(words, key=len), []).append(phrase)


@lru_cache(maxsize=4)
def gate(catalogue: Catalogue) -> Gate:
    """Return the gate of a catalogue; it is made once."""
    return Gate(catalogue)


def _holds_another(phrase: str, plain: set[str]) -> bool:
    """Tell whether a phrase has a shorter one in it: a thing counts once."""
    words = phrase.split(" ")
    return any(
        " ".join(words[first:last]) in plain
        for first in range(len(words))
        for last in range(first + 1, len(words) + 1)
        if last - first < len(words)
    )


def _passages(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of passages of about `size` characters, cut between words."""
    start, length = 0, len(text)
    while start < length:
        end = start + size
        if end < length:
            # A word longer than a line is none: a text without blanks is cut anywhere.
            blank = text.rfind(" ", end - 80, end)
            end = blank if blank > start else end
        yield start, min(end, length)
        start = end


def _phrases(entry: dict[str, Any], place: int, catalogue: Catalogue) -> Iterator[_Phrase]:
    """Yield the words and phrases of a class, from the table and from the catalogue."""
    for text in entry.get("words", ()):
        yield _Phrase(text, place)
    categories: Iterable[str] = entry.get("nouns", ())
    for noun in category_nouns():
        if noun.category in categories and " " in noun.text:
            yield _Phrase(noun.text.lower(), place)
    if entry.get("items"):
        for alias in catalogue.item_aliases:
            text = alias.text if alias.cased else alias.text.lower()
            needs = tuple(word.lower() for word in alias.needs)
            yield _Phrase(text, place, alias.cased, needs)
    kinds = entry.get("parties", ())
    for party in catalogue.party_aliases if kinds else ():
        is_plain = party.role in _PARTY_ROLES and not party.ambiguous
        if is_plain and catalogue.parties[party.code].kind in kinds:
            yield _Phrase(party.text, place, cased=True)
