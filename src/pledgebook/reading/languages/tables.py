"""The data files of a language, and the patterns in which they write words.

A word is written as it stands (`haben`), as a stem with the language's endings (`Panzer~`), as a
beginning (`поста*`), or as the tail of a compound (`*panzer~`, `*hilfe`). A capital letter at its
head must stand in the text too. Blanks part the words of a phrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pledgebook.reading.languages.tokens import Token, folded

__all__ = ["READ", "Lexicon"]

READ = ("de", "fr", "uk")
"""The languages that this room reads, by ISO 639-1 code."""

Value = TypeVar("Value")
_LONGEST = 60
"""Letters of the longest word whose parts are looked at."""
_REMEMBERED = 60_000
"""Words whose entries are kept; a text of any length needs no more memory."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One word of a phrase: what it begins and ends with, and what may stand between."""

    text: str
    capital: bool
    ending: str
    """"" for nothing, "~" for an ending of the language, "*" for anything."""
    tail: bool


def _pattern(written: str) -> _Pattern:
    tail = written.startswith("*")
    bare = written.removeprefix("*")
    ending = bare[-1] if bare[-1] in "~*" else ""
    bare = bare.removesuffix(ending) if ending else bare
    return _Pattern(folded(bare), bare[:1].isupper() and not tail, ending, tail)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Value]):
    """A phrase of a lexicon with what it means."""

    first: _Pattern
    rest: tuple[_Pattern, ...]
    value: Value


class Lexicon(Generic[Value]):
    """Phrases of one language, found where a text has them."""

    def __init__(self, endings: Iterable[str], phrases: Iterable[tuple[str, Value]]) -> None:
        self._endings = frozenset(endings) | {""}
        self._exact: dict[str, list[Entry[Value]]] = {}
        self._stems: dict[str, list[Entry[Value]]] = {}
        self._tails: dict[str, list[Entry[Value]]] = {}
        for phrase, value in phrases:
            first, *rest = map(_pattern, phrase.split())
            entry = Entry(first, tuple(rest), value)
            place = self._tails if first.tail else self._stems if first.ending else self._exact
            place.setdefault(first.text, []).append(entry)
        self._known: dict[str, tuple[Entry[Value], ...]] = {}

    def at(self, tokens: list[Token], index: int) -> list[tuple[int, Value]]:
        """Return (index behind the phrase, value) for each phrase that begins at `index`.

        The longest come first, then those whose capital is asked for, in the order of the file.
        """
        token = tokens[index]
        entries = self._known.get(token.low)
        if entries is None:
            entries = self._of(token.low)
        if not entries:
            return []
        found = []
        for entry in entries:
            if entry.first.capital and not token.capital:
                continue
            end = self._end(tokens, index + 1, entry.rest)
            if end:
                found.append((end, entry.value))
        found.sort(key=lambda hit: -hit[0])
        return found

    def longest(self, tokens: list[Token], index: int) -> tuple[int, Value] | None:
        """Return the longest phrase that begins at `index`."""
        found = self.at(tokens, index)
        return found[0] if found else None

    def has(self, word: str) -> bool:
        """Tell whether a folded word is a phrase by itself."""
        return any(not entry.rest for entry in self._of(word))

    def value(self, word: str) -> Value | None:
        """Return what a folded word by itself means."""
        return next((entry.value for entry in self._of(word) if not entry.rest), None)

    def _end(self, tokens: list[Token], place: int, rest: tuple[_Pattern, ...]) -> int:
        for pattern in rest:
            if place < len(tokens) and tokens[place].low == "-":
                place += 1
            if place >= len(tokens) or not self._fits(tokens[place], pattern):
                return 0
            place += 1
        return place

    def _fits(self, token: Token, pattern: _Pattern) -> bool:
        low = token.low
        if pattern.capital and not token.capital:
            return False
        if pattern.tail:
            return any(
                self._closes(low, cut, pattern.ending) for cut in _ends_of(low, pattern.text)
            )
        return low.startswith(pattern.text) and self._closes(low, len(pattern.text), pattern.ending)

    def _closes(self, low: str, cut: int, ending: str) -> bool:
        if ending == "*":
            return True
        return low[cut:] in self._endings if ending else cut == len(low)

    def _of(self, low: str) -> tuple[Entry[Value], ...]:
        known = self._known.get(low)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[low] = tuple(self._search(low))
        return known

    def _search(self, low: str) -> Iterator[Entry[Value]]:
        yield from self._exact.get(low, ())
        if len(low) > _LONGEST:
            return
        for cut in range(len(low), 0, -1):
            for entry in self._stems.get(low[:cut], ()):
                if self._closes(low, cut, entry.first.ending):
                    yield entry
        if self._tails:
            for begin in range(len(low)):
                for cut in range(len(low), begin, -1):
                    for entry in self._tails.get(low[begin:cut], ()):
                        if self._closes(low, cut, entry.first.ending):
                            yield entry


def _ends_of(low: str, text: str) -> Iterator[int]:
    place = low.find(text)
    while place >= 0:
        yield place + len(text)
        place = low.find(text, place + 1)
