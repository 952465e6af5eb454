"""What the finders of numbers, money and dates share: folded text, data files, pattern parts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from pledgebook.errors import CatalogueError

BLANK = r"[^\S\n\r]"
"""One blank that does not end the line."""

GAP = rf"(?:{BLANK}{{1,4}}(?:\r?\n{BLANK}{{0,4}})?|\r?\n{BLANK}{{0,4}})"
"""Blanks between two words, with at most one line break: never an empty line."""

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")


def fold(text: str) -> str:
    """Return `text` in lower case at the same length, so that offsets hold in both."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered


@cache
def table(name: str, lang: str = "en") -> dict[str, Any]:
    """Read the data file `name` of a language's word tables.

    Raises CatalogueError where it is missing or is not TOML.
    """
    path = files("pledgebook.reading") / "data" / lang / name
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(
            f"the word table cannot be read ({error})",
            where=f"reading/data/{lang}/{name}",
            mend="install the package again",
        ) from error


def alternation(words: Iterable[str]) -> str:
    """Return a pattern for any of `words`, the longest first; a blank stands for any gap.

    It is empty where there are none.
    Beginnings that words share are written once: of hundreds of words a search then tries a few
    letters at each place, not each word.
    """
    tree: dict[str, Any] = {}
    for word in sorted(set(words)):
        place = tree
        for letter in word:
            place = place.setdefault(letter, {})
        place[_END] = None
    return f"(?:{_branches(tree)})" if tree else ""


_END = ""
"""Marks in a tree of letters that a word may end here."""


def _branches(tree: dict[str, Any]) -> str:
    """Return the pattern of a tree of letters; going on goes before ending."""
    parts = []
    for letter, rest in tree.items():
        if letter == _END:
            continue
        tail, here = _branches(rest), GAP if letter == " " else re.escape(letter)
        parts.append(here + (f"(?:{tail})" if "|" in tail or tail.endswith("?") else tail))
    if _END in tree:
        return f"(?:{'|'.join(parts)})?" if parts else ""
    return "|".join(parts)


def link_spans(lowered: str) -> list[tuple[int, int]]:
    """Return the spans of web addresses: digits and names inside them mean nothing."""
    if "://" not in lowered and "www." not in lowered:
        return []
    return [match.span() for match in _URL.finditer(lowered)]


class Spans:
    """Sorted spans that answer whether a piece of text touches one of them."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._next = 0

    def touch(self, start: int, end: int) -> bool:
        """Tell whether `start:end` overlaps a span; calls come in rising order of `start`."""
        spans = self._spans
        while self._next < len(spans) and spans[self._next][1] <= start:
            self._next += 1
        return self._next < len(spans) and spans[self._next][0] < end
