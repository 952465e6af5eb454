"""Texts into words, the same on every engine: what is looked for is folded as what is looked in.

Letters and digits part, so that "F-16", "F 16" and "F16" are the same two words. Case and the marks
of Latin and Greek letters do not count; й, ї and ґ are letters of their own. Digits grouped by
thousands are one number. Of scripts that put no spaces between words, every character is a word:
a longer search is a phrase of them. Nothing is stemmed.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["LONGEST", "Word", "fold", "fold_word", "words_in"]

LONGEST = 64
"""How many characters of a word count: no language has longer ones, and engines have limits."""

_KEPT = 262_144
# Marks that follow a letter, soft hyphens, joiners: they belong to the word and say nothing in it.
_WITHIN = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670"
    "\u00ad\u200b-\u200d\u2060\ufeff"
)
_APOSTROPHE = "(?<=[\u0400-\u052f])['\u2019\u02bc](?=[\u0400-\u052f])"
_WORD = re.compile(
    rf"[^\W\d_](?:[^\W\d_]|[{_WITHIN}]|{_APOSTROPHE})*|\d+(?:[.,'\u2019\u00a0\u202f]\d{{3}}(?!\d))*"
)
# Han with its extensions, kana, Bopomofo, Thai, Lao, Tibetan, Burmese, Khmer.
_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_ALL_UNSPACED = re.compile(f"[{_UNSPACED}]+")
_NO_WORD = re.compile(r"\W")
_PIECE = re.compile(rf"[{_UNSPACED}]|\d+|[^\W\d_{_UNSPACED}]+")
_SPELT = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe",
    "þ": "th", "\u0451": "\u0435", "\u0491": "\u0433",
    "'": "", "\u2019": "", "\u02bc": "", "\u0640": "",
}  # fmt: skip
_LATIN_ENDS, _GREEK = 0x250, range(0x370, 0x400)


class Word(NamedTuple):
    """A word of a text as it is looked for, and where it stands."""

    text: str
    start: int
    end: int


class _Folded(dict[int, str]):
    """What each character is folded to, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = _SPELT.get(letter)
        if folded is None:
            folded = self._plain(letter)
        self[code] = folded
        return folded

    @staticmethod
    def _plain(letter: str) -> str:
        if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
            return ""
        digit = unicodedata.decimal(letter, None)
        if digit is not None:
            return str(digit)
        base = unicodedata.normalize("NFD", letter)[0]
        if base != letter and (ord(base) < _LATIN_ENDS or ord(base) in _GREEK):
            return base
        return letter


_FOLDED = _Folded()


def fold(text: str) -> list[str]:
    """Return the words of a text, in their order."""
    return [word for raw in _WORD.findall(text) for word in fold_word(raw)]


def words_in(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """Yield the words of a text, or of a piece of it, with their places."""
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        raw, first = match.group(), match.start()
        folded = fold_word(raw)
        if len(folded) == len(raw) > 1 and _ALL_UNSPACED.fullmatch(raw):
            for number, word in enumerate(folded, first):
                yield Word(word, number, number + 1)
        else:
            for word in folded:
                yield Word(word, first, match.end())


@functools.lru_cache(_KEPT)
def fold_word(raw: str) -> tuple[str, ...]:
    """Return what a run of letters or of digits is looked for by: mostly one word, or none."""
    if raw.isascii():
        plain = raw.lower()
        # Digits may be grouped.
        return ((plain if plain.isalnum() else _NO_WORD.sub("", plain))[:LONGEST],)
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).casefold())
    plain = plain.translate(_FOLDED)
    if raw[0].isdecimal():
        plain = _NO_WORD.sub("", plain)
    return tuple(piece[:LONGEST] for piece in _PIECE.findall(plain))
