"""The bare numbers of a text: digits, words and vague plurals, before qualifiers and rates.

`scan` finds every one in one pass of one regular expression; the Python work is done on hits only.
Numbers that count nothing (calibres, model names, years, clock times) are found too, and marked,
because amounts of money may still need them ("the two-billion-euro scheme").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from pledgebook.reading.quantities.spelled import (
    last_sizes,
    length,
    magnitudes,
    prefix_values,
    small_words,
    trailing,
)
from pledgebook.reading.text.wording import BLANK, GAP, alternation, fold, link_spans, table
from pledgebook.reading.text.wording import Spans as _Spans

NumberKind = Literal["cardinal", "vague", "percent", "ordinal", "multiple"]


@dataclass(frozen=True, slots=True)
class Core:
    """A bare number: `text[start:end]`, its interval, and how it was written.

    `sizes` are the magnitudes that end it, the greatest first: (100000, 1000) of "three hundred
    thousand"; a range lends them to its lower end ("two to three thousand"). A number of several
    magnitudes has (1,) and lends nothing. `digits` is True where it begins with digits.
    """

    start: int
    end: int
    low: float
    high: float
    kind: NumberKind
    sizes: tuple[float, ...]
    digits: bool


_DASH = "-\u2010\u2011"
_VULGAR = {"\u00bc": 0.25, "\u00bd": 0.5, "\u00be": 0.75}
# Full stops between thousands, as on the Continent; one alone would be a decimal point, and more
# than two an address.
_DOTTED = r"\d{1,3}(?:\.\d{3}){2}(?![.\d])"
_DIGITS = (
    rf"(?:\d{{0,3}}[{''.join(_VULGAR)}]|\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?"
    rf"|\d{{1,2}}(?:,\d\d)+,\d{{3}}(?!\d)(?:\.\d+)?"
    rf"|\d{{1,3}}(?:['\u2019]\d{{3}})+|{_DOTTED}"
    rf"|\d{{1,3}}(?:[ \u00a0\u202f\u2009]\d{{3}}"
    rf"(?![\d,.]\d|\w|{BLANK}?[{_DASH}]?(?:mm|milli|cal)))+"
    r"|\d+(?:\.\d+)?)(?![.,]?\d)"
)


def _parts(*, money: bool) -> dict[str, str]:
    """Return the parts of the pattern by name, in the order in which they are tried."""
    data = table("numbers.toml")
    big = alternation(data["magnitudes"])
    small = alternation(small_words())
    plural = alternation(data["vague"])
    free = alternation(data["abbreviations"]["free"])
    glued = alternation(
        [*data["abbreviations"]["glued"], *(data["abbreviations"]["money"] if money else ())]
    )
    blanks = rf"{BLANK}{{0,2}}" if money else ""
    joint = rf"(?:[{_DASH}]|{GAP})"
    joined = rf"(?:{joint}(?:and{joint})?)"
    makers = alternation(data["words"]["vague_makers"])
    couples = alternation(data["couples"])
    tens = alternation(data["tens"])
    ordinals = alternation(data["ordinals"])
    return {
        "skip": (
            rf"\+\d[\d ()-]{{6,20}}|(?!{_DOTTED})\d+(?:[-/.:]\d+){{2,}}|\d{{1,2}}[:h]\d\d|\d+/\d+"
            r"|['\u2019]\d\d(?!\w|[.,]\d)"
        ),
        "multiple": rf"{alternation(data['multiples'])}|\d+(?:\.\d+)?[{_DASH} ]?fold",
        "digits": (
            rf"{_DIGITS}(?:{joint}?(?:{big})s?(?:{GAP}(?:{big}))?(?!\w)"
            rf"|{BLANK}?(?:{free})(?!\w)|{blanks}(?:{glued})(?!\w))?"
        ),
        "vague": (
            rf"(?:(?:{makers}){GAP})?(?:{plural})(?:{GAP}(?:of|upon){GAP}(?:{plural}))?"
            rf"|(?:{makers}){GAP}(?:{big})(?:{GAP}(?:{big}))?s?"
        ),
        "share": (
            rf"(?:an?{joint}|one{joint})?(?:half|quarter){joint}(?:of{GAP})?(?:an?{joint})?(?:{big})"
            rf"|three{joint}quarters{GAP}of{GAP}an?{joint}(?:{big})"
        ),
        "couple": rf"(?:{couples})(?!{GAP}(?:of|\d|(?:{small})(?!\w)))(?:{GAP}(?:{big}))?",
        "ordinal": rf"(?:(?:{tens})[{_DASH} ])?(?:{ordinals})|\d+(?:st|nd|rd|th)",
        "word": (
            rf"(?:an?{joint}(?={big}))?(?:{small}|{big})"
            rf"(?:{joined}(?:{small}|{big})(?!\w)){{0,48}}(?:{joint}and{joint}a{joint}half(?:{joint}(?:{big}))?)?"
        ),
    }


@cache
def pattern(*, money: bool = False) -> re.Pattern[str]:
    """Return the compiled pattern of a bare number, over folded text.

    With `money` the abbreviations that only amounts of money take are known too ("$1.2 b").
    """
    body = "|".join(rf"(?P<{name}>{part})(?!\w)" for name, part in _parts(money=money).items())
    return re.compile(rf"(?<![\w/#])(?<![^\W\d_][{_DASH}])(?<!\d[.,:])(?:{body})")


@lru_cache(maxsize=4)
def scan(text: str) -> tuple[Core, ...]:
    """Return all bare numbers of `text` in order of place, those that count nothing included."""
    lowered = fold(text)
    links = _Spans(link_spans(lowered))
    cores: list[Core] = []
    search = pattern().search
    place = 0
    while found := search(lowered, place):
        place = found.end()
        if links.touch(found.start(), found.end()):
            continue
        core = read(found, lowered)
        if core is not None:
            cores.append(core)
            place = core.end
    return tuple(cores)


def at(lowered: str, place: int) -> Core | None:
    """Read the bare number of an amount of money that begins at `place` of folded text."""
    found = _anchored().match(lowered, place)
    return read(found, lowered) if found else None


@cache
def _anchored() -> re.Pattern[str]:
    body = "|".join(
        rf"(?P<{name}>{part})(?!\w)"
        for name, part in _parts(money=True).items()
        if name in {"digits", "vague", "share", "couple", "word"}
    )
    return re.compile(rf"(?:{body})")


def read(found: re.Match[str], lowered: str) -> Core | None:
    """Turn a match of the pattern into a bare number; None where it is none after all."""
    name = found.lastgroup
    start, end = found.span()
    piece = found.group()
    if name == "digits":
        return _digits(piece, start) if len(piece) < _LONGEST else None
    if name == "vague":
        return _vague(piece, start, end)
    if name == "share":
        size = magnitudes()[_words(piece)[-1]]
        value = size * (0.75 if "quarters" in piece else 0.5 if "half" in piece else 0.25)
        return Core(start, end, value, value, "cardinal", (size,), digits=False)
    if name == "couple":
        *words, last = _words(piece)
        scale = magnitudes().get(last)
        of = float(table("numbers.toml")["couples"][" ".join(words if scale else [*words, last])])
        value = of * (scale or 1.0)
        return Core(start, end, value, value, "cardinal", (scale or 1.0,), digits=False)
    if name == "ordinal":
        return _ordinal(piece, start, end)
    if name == "multiple":
        known = table("numbers.toml")["multiples"].get(piece)
        times = float(known if known is not None else re.split(r"[^\d.]", piece)[0])
        return Core(start, end, times, times, "multiple", (), digits=piece[0].isdigit())
    if name == "word":
        return _spelled(piece, start, lowered)
    return None


_LONGEST = 40
"""Characters of the longest figure that can be a number; what is longer is a key or a code."""

_WORD = re.compile(r"[^\W\d_]+")
_FIGURE = re.compile(_DIGITS)


def _words(piece: str) -> list[str]:
    return _WORD.findall(piece)


def _digits(piece: str, start: int) -> Core:
    found = _FIGURE.match(piece)
    figure = found.group() if found else piece
    known = magnitudes()
    names = _words(piece[len(figure) :])
    sizes = trailing([known.get(name) or known[name.removesuffix("s")] for name in names])
    bare = _bare(figure)
    # Decimal, because 1.1 million is 1100000, not 1100000.0000000001.
    value = (
        float(Decimal(bare) * Decimal(sizes[0]))
        if sizes and "." in bare
        else (float(bare) * (sizes[0] if sizes else 1.0))
    )
    return Core(start, start + len(piece), value, value, "cardinal", sizes, digits=True)


def _bare(figure: str) -> str:
    """Return the digits of a figure with at most a decimal point: "2\u00bd" is 2.5."""
    if (part := _VULGAR.get(figure[-1])) is not None:
        return str(float(figure[:-1] or 0) + part)
    digits = re.sub(r"[^\d.]", "", figure)
    return digits.replace(".", "") if digits.count(".") > 1 else digits


def _vague(piece: str, start: int, end: int) -> Core:
    data = table("numbers.toml")
    plurals: dict[str, tuple[float, float]] = data["vague"]
    words = [word for word in _words(piece) if word in plurals or word in magnitudes()]
    first, *factors = (word if word in plurals else word + "s" for word in words)
    low, high = plurals[first]
    for factor in factors:
        size = plurals[factor][0]
        low, high = low * size, (high + 1) * size - 1
    return Core(start, end, float(low), float(high), "vague", (), digits=False)


def _ordinal(piece: str, start: int, end: int) -> Core:
    if piece[0].isdigit():
        value = float(piece[:-2])
    else:
        words = _words(piece)
        value = float(table("numbers.toml")["ordinals"][words[-1]])
        if len(words) > 1:
            value += small_words()[words[0]]
    return Core(start, end, value, value, "ordinal", (), digits=piece[0].isdigit())


def _spelled(piece: str, start: int, lowered: str) -> Core | None:
    """Read the longest run of number words that makes one number; the rest is left to the scan.

    A number does not end before a magnitude: "between one hundred and two hundred" is no 102.
    """
    places = list(_WORD.finditer(piece))
    words = [match.group() for match in places]
    big = magnitudes()
    if words[0] in big and _PER.search(lowered, max(0, start - 6), start):
        return None
    values = prefix_values(words)
    between = "and" in words and bool(_BETWEEN.search(lowered, max(0, start - 30), start))
    taken = length(words, values, between=between)
    if taken == 0:
        return None
    end, value = start + places[taken - 1].end(), values[taken]
    return Core(start, end, value, value, "cardinal", last_sizes(words[:taken]), digits=False)


_BETWEEN = re.compile(
    r"\bbetween\s+(?:(?:about|around|some|roughly|approximately|nearly|an estimated)\s+)?\Z"
)
_PER = re.compile(r"\b(?:per|in an?)\s*\Z")
