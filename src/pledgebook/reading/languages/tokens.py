"""Words, figures and punctuation of a text, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pledgebook.reading.text.wording import fold

__all__ = ["Token", "folded", "tokens_of"]

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u2018": "'", "\u02b9": "'"})
_BLANKS = "\u0020\u00a0\u202f\u2009"
_TOKEN = re.compile(
    # Blanks, points and apostrophes part thousands; a calibre behind them is no part of them.
    rf"(?P<figure>\d{{1,3}}(?:[{_BLANKS}.'\u2019]\d{{3}}(?!\d|[{_BLANKS}-]?(?:mm|мм|millim|міліметр)))+"
    r"(?:,\d{1,3}(?!\d))?"
    r"|\d+(?:[.,]\d{1,3}(?![\d]))?)"
    r"|(?P<word>[^\W\d_]+(?:['\u2019\u02bc\u2018][^\W\d_]+)*['\u2019]?)"
    r"|(?P<mark>\n|[^\w\s]|_)"
)
_ODD = re.compile(r"\d{1,3}(?:,\d{3})+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: `kind` is "word", "figure" or "mark"; `low` is it, folded.

    `figure` is the number that digits write, None for others.
    """

    start: int
    end: int
    low: str
    kind: str
    capital: bool
    figure: float | None = None


def folded(text: str) -> str:
    """Return a text in lower case with one kind of apostrophe, at the same length."""
    return fold(text).translate(_APOSTROPHES)


def tokens_of(text: str, elided: frozenset[str] = frozenset()) -> list[Token]:
    """Cut a text into tokens; `elided` words are parted at their apostrophe (l'Ukraine)."""
    low = folded(text)
    found: list[Token] = []
    for match in _TOKEN.finditer(low):
        start, end = match.span()
        kind = match.lastgroup or "mark"
        if kind == "word":
            _words(text, low, start, end, elided, found)
        elif kind == "figure":
            figure = match.group()
            found.append(Token(start, end, figure, kind, False, _value(figure)))
        else:
            found.append(Token(start, end, low[start:end], kind, False))
    return found


def _words(
    text: str, low: str, start: int, end: int, elided: frozenset[str], found: list[Token]
) -> None:
    cut = low.find("'", start, end)
    while cut > 0 and elided and low[start:cut] in elided:
        found.append(Token(start, cut + 1, low[start : cut + 1], "word", text[start].isupper()))
        start = cut + 1
        cut = low.find("'", start, end)
    if start < end:
        piece = low[start:end]
        while piece.endswith("'"):
            piece, end = piece[:-1], end - 1
        if piece:
            found.append(Token(start, end, piece, "word", text[start].isupper()))


def _value(figure: str) -> float:
    """Return the number that a figure writes: blanks, points, apostrophes part thousands."""
    if _ODD.fullmatch(figure) and figure.endswith("000"):
        return float(figure.replace(",", ""))
    whole, _, part = figure.partition(",")
    digits = re.sub(r"\D", "", whole)
    tail = whole.rpartition(".")[2]
    # What is parted by points and blanks both ("28.000 460") is parted into thousands by both.
    if "." in whole and len(tail) != 3 and tail.isdecimal():
        whole, _, part = whole.partition(".")
        digits = re.sub(r"\D", "", whole)
    return float(f"{digits or '0'}.{part or '0'}")
