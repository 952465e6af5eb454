"""Single numbers in a text of another language: digits, words, magnitudes, vague numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from pledgebook.reading.languages.tables import Lexicon
from pledgebook.reading.languages.tokens import Token
from pledgebook.reading.text.wording import table

__all__ = ["Figure", "Speller"]

_OF = ("de", "d'")
"""Words between a vague number and its magnitude: "des dizaines de milliers"."""
_REMEMBERED = 60_000
"""Words kept with whether they are numbers written in one word."""
_Role = Literal["word", "scale", "vague", "about", "and"]

_SHORTEST = 4
"""Letters of a magnitude that may stand without a figure: "mille", no abbreviation."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What a word does within a number."""

    role: _Role
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `tokens[first:last]`, before any bound: a single value has low equal to high.

    `scales` are the magnitudes that it names (1e6 for "2 Millionen"), to lend to a range.
    `article` tells that the number is a word that may be an article ("une").
    """

    first: int
    last: int
    low: float
    high: float
    approx: bool = False
    scales: tuple[float, ...] = ()
    digits: bool = False
    article: bool = False

    def bounded(self, said: Collection[str]) -> tuple[float | None, float | None]:
        """Return its ends under the bounds that are said of it."""
        if "at_least" in said:
            return self.low, None
        return (None if "at_most" in said else self.low), self.high


class Speller:
    """The number words of one language, by its data file `numbers.toml`."""

    def __init__(self, lang: str) -> None:
        data = table("numbers.toml", lang)
        endings = table("language.toml", lang)["endings"]
        self._articles = frozenset(data.get("articles", ()))
        parts: list[tuple[str, _Part]] = []
        for value, words in data["words"].items():
            parts += [(word, _Part("word", float(value), float(value))) for word in words]
        for value, words in data["scales"].items():
            parts += [(word, _Part("scale", float(value), float(value))) for word in words]
        for row in data["vague"]:
            parts += [(word, _Part("vague", row["low"], row["high"])) for word in row["words"]]
        for row in data["about"]:
            parts += [(word, _Part("about", row["value"], row["value"])) for word in row["words"]]
        parts += [(word, _Part("and")) for word in data["joints"]]
        self._suffixes = frozenset(data.get("suffixes", ()))
        self._parts: Lexicon[_Part] = Lexicon(endings, parts)
        glued = data.get("glued", {})
        self._compounds: dict[str, tuple[float, bool] | None] = {}
        self._glue = tuple(glued.get("joints", ()))
        self._pieces = {
            word: part
            for word, part in parts
            if part.role in ("word", "scale") and glued and not set("~* ") & set(word)
        }

    def figures(self, tokens: list[Token]) -> list[Figure]:
        """Return the numbers of a row of tokens in order, without their bounds."""
        found: list[Figure] = []
        index = 0
        while index < len(tokens):
            figure = self._figure(tokens, index)
            if figure is None:
                index += 1
                continue
            found.append(figure)
            index = figure.last
        return found

    def _figure(self, tokens: list[Token], index: int) -> Figure | None:
        token = tokens[index]
        if token.kind == "figure" and token.figure is not None:
            behind = index + 1
            if self._suffixes and behind < len(tokens) and _glued(tokens, behind) and (
                tokens[behind].low in self._suffixes
            ):  # fmt: skip
                return None
            return self._scaled(tokens, Figure(
                index, index + 1, token.figure, token.figure, digits=True
            ))  # fmt: skip
        if token.kind != "word":
            return None
        spelled = self._spelled(tokens, index)
        if spelled is not None:
            return self._scaled(tokens, spelled)
        return None

    def _scaled(self, tokens: list[Token], figure: Figure) -> Figure:
        """Take the magnitudes behind a number: "2,5 Millionen", "deux cents millions"."""
        low, high, last, scales = figure.low, figure.high, figure.last, list(figure.scales)
        while last < len(tokens) and tokens[last].kind == "word":
            found = self._parts.longest(tokens, last)
            if found is None or found[1].role != "scale":
                break
            end, part = found
            if end < len(tokens) and tokens[end].low == "." and _glued(tokens, end):
                end += 1
            if part.low < 1000 and figure.digits:
                break
            low, high, last = low * part.low, high * part.high, end
            scales.append(part.low)
        return Figure(
            figure.first, last, low, high, figure.approx, tuple(scales), figure.digits,
            figure.article and last == figure.last,
        )  # fmt: skip

    def _spelled(self, tokens: list[Token], index: int) -> Figure | None:
        total = 0.0
        group: float | None = None
        last = index
        place = index
        joint = False
        scales: list[float] = []
        while place < len(tokens) and tokens[place].kind == "word":
            step = self._step(tokens, place)
            if step is None:
                break
            end, part = step
            if part.role == "and":
                if group is None or joint:
                    break
                joint, place = True, end
                continue
            if part.role in ("vague", "about"):
                if group is None and not total:
                    return self._blurred(tokens, index, end, part)
                if group is not None and group < 10 and not total:
                    # "два десятки", "zwei Dutzend", "пів сотні"
                    size = 10.0 ** (len(str(int(part.high))) - 1)
                    group *= part.low if part.role == "about" else size
                    last = place = end
                    continue
                break
            if part.role == "scale":
                if last == index and len(tokens[place].low) < _SHORTEST:
                    # "M. Lecornu" is no million.
                    break
                # "dreitausend", but "trois mille" and "тисяч" open a new group.
                if total and part.low >= (scales[-1] if scales else part.low + 1):
                    break
                total += (1.0 if group is None else group) * part.low
                scales.append(part.low)
                group = None
            elif group is None:
                if total and scales and part.low >= scales[-1]:
                    break
                group = part.low
            elif part.low == 100 and 1 < group < 10:
                group *= 100
            elif _adds(group, part.low):
                group += part.low
            else:
                break
            joint = False
            last = place = end
            if place < len(tokens) - 1 and tokens[place].low == "-" and _glued(tokens, place):
                place += 1
        if last == index:
            return None
        alone = last == index + 1 and tokens[index].low in self._articles
        value = total + (group or 0.0)
        return Figure(index, last, value, value, scales=tuple(scales), article=alone)

    def _blurred(self, tokens: list[Token], index: int, end: int, part: _Part) -> Figure:
        """Read "Dutzende", "une vingtaine", "сотні", with the magnitude that may follow."""
        low, high = part.low, part.high
        place = end
        if place < len(tokens) and tokens[place].low in _OF:
            place += 1
        found = self._parts.longest(tokens, place) if place < len(tokens) else None
        if found is None or found[1].role != "scale" or found[1].low < 1000:
            return Figure(index, end, low, high, approx=True)
        size = found[1].low
        if part.role == "vague":
            # Dozens are 24 to 99; of thousands they are tens.
            magnitude = 10.0 ** (len(str(int(high))) - 1)
            low, high = magnitude * size, (high + 1) * size - 1
        else:
            low, high = low * size, high * size
        return Figure(index, found[0], low, high, approx=True, scales=(size,))

    def _step(self, tokens: list[Token], place: int) -> tuple[int, _Part] | None:
        found = self._parts.longest(tokens, place)
        if found is not None:
            return found
        if self._glue:
            word = tokens[place].low
            if word not in self._compounds:
                if len(self._compounds) >= _REMEMBERED:
                    self._compounds.clear()
                self._compounds[word] = self._compound(word)
            value = self._compounds[word]
            if value is not None:
                return place + 1, _Part("scale" if value[1] else "word", value[0], value[0])
        return None

    def _compound(self, word: str) -> tuple[float, bool] | None:
        """Read a number written in one word: "siebenhundertfünfundzwanzig"."""
        total, group, place, pieces = 0.0, 0.0, 0, 0
        while place < len(word):
            for joint in self._glue:
                if pieces and word.startswith(joint, place):
                    place += len(joint)
            for end in range(len(word), place, -1):
                part = self._pieces.get(word[place:end])
                if part is not None:
                    break
            else:
                return None
            if part.low == 100:
                group = max(group, 1.0) * 100
            elif part.low == 1000:
                total, group = total + max(group, 1.0) * 1000, 0.0
            elif group and part.low >= group and group % 100 > 9:
                return None
            else:
                group += part.low
            place, pieces = end, pieces + 1
        return (total + group, False) if pieces > 1 else None


def _adds(group: float, part: float) -> bool:
    """Tell whether a smaller number goes on with a larger one: 20 and 5, 60 and 15, 300 and 40."""
    if group >= 100 and group % 100 == 0:
        return part < 100
    if part < 10:
        return group % 10 == 0 and group >= 20
    return part < 20 and group % 100 in (60, 80)


def _glued(tokens: list[Token], place: int) -> bool:
    return tokens[place - 1].end == tokens[place].start
