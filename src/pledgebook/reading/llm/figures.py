"""Whether the numbers of an answer occur in the words that it quotes.

A figure counts as said in one of these ways, and in no other:

1. it is read from the evidence: digits, number words, a vague plural, a bound, a rate;
2. it is one: a thing that is named in the singular is one of it;
3. it is a share said in words ("a quarter"), where percent are counted;
4. its digits are in the evidence and its magnitude ("USD million") elsewhere in the document, as
   in tables and in series;
5. the evidence holds no figure of its own and takes one up from shortly before it, or from the
   head of its list ("these", "as many", a heading with the number).

In the last two ways the place is kept as a ground of the statement, so that whoever checks it sees
what the figure rests on. A figure that has to be worked out ("twice that") does not occur.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pledgebook.reading.llm.quoting import Span
from pledgebook.reading.quantities.currencies import Markers
from pledgebook.reading.quantities.dates import find_dates
from pledgebook.reading.quantities.money import find_money
from pledgebook.reading.quantities.number_words import scan
from pledgebook.reading.quantities.numbers import find_numbers
from pledgebook.reading.text.segments import Block, blocks, sentences
from pledgebook.reading.text.wording import fold, table

__all__ = ["Figure", "Figures", "Said", "figures_in"]

_REACH = 700


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a text holds, at `text[start:end]`; `bare` tells that it may count things."""

    value: float
    start: int
    end: int
    bare: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A figure is said; `ground` is where, when that is outside the evidence."""

    ground: Span | None = None


def figures_in(text: str) -> list[Figure]:
    """Return every number that can be read in a text, in all the ways in which it can be read."""
    found = [
        Figure(value, core.start, core.end, core.kind in {"cardinal", "vague"})
        for core in scan(text)
        for value in (core.low, core.high)
    ]
    read = [(m.low, m.high, m.core_start, m.core_end) for m in find_numbers(text)]
    read += [(m.low, m.high, m.core_start, m.core_end) for m in find_money(text)]
    found += [
        Figure(value, start, end)
        for low, high, start, end in read
        for value in (low, high)
        if value is not None
    ]
    return found


class Figures:
    """The numbers of a document, asked of for one statement after the other."""

    def __init__(self, text: str, names: Sequence[Span]) -> None:
        """`names` are the spans of items, whose numbers ("155mm", "F-16") count nothing."""
        self._text = text
        self._folded = fold(text)
        self._names = names
        self._blocks: list[Block] | None = None
        self._currencies: set[str] | None = None

    def said(
        self, ends: Iterable[float | None], start: int, end: int, *, unit: str = "item"
    ) -> Said | None:
        """Tell how the ends of an interval are said by `text[start:end]`; None where they are not.

        An open end (None) needs no words.
        """
        wanted = [value for value in ends if value is not None]
        inside = figures_in(self._text[start:end])
        if _all(wanted, inside) or (set(wanted) == {1.0} and unit != "percent"):
            return Said()
        if unit == "percent" and self._shares(wanted, start, end):
            return Said()
        ground = self._scaled(wanted, inside, start, end)
        if ground is None and not self._has_own(inside, start, end):
            ground = self._before(wanted, start, end)
        return Said(ground) if ground is not None else None

    def currency(self, code: str, ends: Iterable[float | None], start: int, end: int) -> bool:
        """Tell whether an amount in `text[start:end]` may be in this currency.

        The evidence decides where it names one; otherwise the document must name it.
        """
        wanted = [value for value in ends if value is not None]
        named = {
            mention.currency
            for mention in find_money(self._text[start:end])
            if mention.currency is not None
            and any(_same(value, one) for value in wanted for one in (mention.low, mention.high))
        }
        if code in named:
            return True
        sharing = {
            other
            for word, codes in _words("shared").items()
            if code in codes and word in self._folded
            for other in codes
        }
        if named:
            return code in sharing and bool(named & sharing)
        return bool(sharing) or code in self._named()

    def _named(self) -> set[str]:
        if self._currencies is None:
            markers = Markers(self._text, self._folded, None, "USD")
            self._currencies = {one.currency for one in markers if one.currency is not None}
        return self._currencies

    def _shares(self, wanted: Sequence[float], start: int, end: int) -> bool:
        words = " ".join(re.findall(r"\w+", self._folded[start:end]))
        said = {
            float(value)
            for word, values in _words("percent").items()
            if re.search(rf"\b{word}s?\b", words)
            for value in values
        }
        return all(value in said for value in wanted)

    def _scaled(
        self, wanted: Sequence[float], inside: Sequence[Figure], start: int, end: int
    ) -> Span | None:
        """Return the place of the magnitude that makes these figures of those in the evidence."""
        for size, pattern in _magnitudes():
            if not _all([value / size for value in wanted], inside):
                continue
            places = [match.span() for match in pattern.finditer(self._folded)]
            if places:
                return min(places, key=lambda span: _distance(span, start, end))
        return None

    def _has_own(self, inside: Sequence[Figure], start: int, end: int) -> bool:
        """Tell whether the evidence counts something itself, names of items and dates aside."""
        piece = self._text[start:end]
        taken = [(first - start, last - start) for first, last in self._names]
        taken += [(date.start, date.end) for date in find_dates(piece, None)]
        return any(
            figure.bare
            and figure.value != 1
            and not any(first < figure.end and figure.start < last for first, last in taken)
            for figure in inside
        )

    def _before(self, wanted: Sequence[float], start: int, end: int) -> Span | None:
        """Return the place shortly before the evidence, or over its list, that has the figures."""
        for first, last in self._reach(start, end):
            piece = self._text[first:last]
            found = figures_in(piece)
            if _all(wanted, found):
                hit = max(
                    (one for one in found if any(_same(value, one.value) for value in wanted)),
                    key=lambda one: one.start,
                )
                return first + hit.start, first + hit.end
        return None

    def _reach(self, start: int, end: int) -> list[Span]:
        """Return where to look: what stands before in reach, the head of the list, the tail."""
        if self._blocks is None:
            self._blocks = blocks(self._text)
        own = [block for block in self._blocks if block.start < end and start < block.end]
        near = max(0, start - _REACH)
        spans = [(near, start)]
        spans += [
            (self._blocks[block.head].start, self._blocks[block.head].end)
            for block in own
            if block.head is not None
        ]
        # The rest of the sentence or line that the evidence is from.
        for block in own:
            first, last = max(block.start, near), min(block.end, end + _REACH)
            spans += [
                (end, stop)
                for begin, stop in sentences(self._text, first, last)
                if begin < end < stop
            ]
        return spans


def _distance(span: Span, start: int, end: int) -> int:
    return max(start - span[1], span[0] - end, 0)


def _same(wanted: float, found: float | None) -> bool:
    return found is not None and math.isclose(wanted, found, rel_tol=1e-9, abs_tol=1e-9)


def _all(wanted: Sequence[float], found: Sequence[Figure]) -> bool:
    return all(any(_same(value, one.value) for one in found) for value in wanted)


@cache
def _words(name: str) -> dict[str, list[Any]]:
    path = files("pledgebook.reading.llm") / "data" / "fractions.toml"
    words: dict[str, list[Any]] = tomllib.loads(path.read_text("utf-8"))[name]
    return words


@cache
def _magnitudes() -> tuple[tuple[float, re.Pattern[str]], ...]:
    """Return thousand, million and so on, each with the words for it."""
    data = table("numbers.toml")
    words: dict[float, list[str]] = {}
    shorts = data["abbreviations"]
    for source in (data["magnitudes"], shorts["free"], shorts["glued"], shorts["money"]):
        for word, size in source.items():
            if size >= 1000:
                words.setdefault(float(size), []).append(word)
    whole: Callable[[list[str]], str] = lambda found: "|".join(map(re.escape, found))  # noqa: E731
    return tuple(
        (size, re.compile(rf"(?<![^\W\d_])(?:{whole(found)})s?(?!\w)"))
        for size, found in sorted(words.items())
    )
