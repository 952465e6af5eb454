"""Amounts of money in a text of another language, in the currency in which they are written."""

from __future__ import annotations

from functools import cache

from pledgebook.reading.languages.numbers import Numerals, numerals
from pledgebook.reading.languages.spelling import Figure
from pledgebook.reading.languages.tables import Lexicon
from pledgebook.reading.languages.tokens import Token
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.text.wording import table

__all__ = ["Currencies", "currencies"]


_LARGE = 1e6
_CARRIED = 400
"""Characters over which a currency carries to a bare amount in millions."""


class Currencies:
    """The currency words and signs of one language, by its data file `money.toml`."""

    def __init__(self, lang: str) -> None:
        data = table("money.toml", lang)
        endings = table("language.toml", lang)["endings"]
        rows = [(word, code) for code, words in data["currency"].items() for word in words]
        rows += [(word, f"@{name}") for name, words in data["shared"].items() for word in words]
        self._names: Lexicon[str] = Lexicon(endings, rows)
        self._leading = frozenset(data["leading"])
        self._links = frozenset(data["links"])
        self._owners: dict[str, Lexicon[str]] = {
            name: Lexicon(endings, [(w, code) for code, words in of.items() for w in words])
            for name, of in data["owners"].items()
        }
        self._closing = frozenset(data["closing"])
        self._numerals: Numerals = numerals(lang)

    def mentions(
        self, tokens: list[Token], figures: list[Figure]
    ) -> tuple[list[MoneyMention], set[int]]:
        """Return the amounts of money in order, and the indexes of the tokens that they take."""
        found: list[MoneyMention] = []
        taken: set[int] = set()
        floor = 0
        index = 0
        while index < len(figures):
            figure = figures[index]
            index += 1
            joined = self._numerals.ranged(tokens, figures, index - 1)
            if joined is not None:
                made = self._amount(tokens, joined, floor)
                if made is not None:
                    index += 1
            else:
                made = None
            if made is None:
                made = self._amount(tokens, figure, floor)
            if made is None:
                made = self._carried(tokens, figure, found)
            if made is None:
                continue
            first, last, core, currency = made
            mention = self._mention(tokens, first, last, core, currency, floor)
            if found and self._is_conversion(tokens, found[-1], first):
                mention = _converted(mention)
            found.append(mention)
            taken.update(range(first, last))
            floor = last
        return found, taken

    def _amount(
        self, tokens: list[Token], figure: Figure, floor: int
    ) -> tuple[int, int, Figure, str | None] | None:
        place = figure.last
        # "500 Millionen zusätzliche Euro", "2 milliards d'euros"
        for _ in range(2):
            name = self._names.longest(tokens, place) if place < len(tokens) else None
            if name is not None:
                code = self._settle(tokens, name[1], place, name[0])
                return figure.first, name[0], figure, code
            if (place < len(tokens) and tokens[place].low in self._links) or (
                figure.scales and place < len(tokens) and self._owns(tokens[place].low)
            ):
                place += 1
            else:
                break
        before = figure.first - 1
        for first in (before, before - 1):
            if first < floor:
                break
            name = self._names.longest(tokens, first)
            if name is not None and name[0] == figure.first:
                if tokens[first].low not in self._leading and tokens[before].low != "$":
                    break
                return first, figure.last, figure, self._settle(tokens, name[1], first, first)
        return None

    def _carried(
        self, tokens: list[Token], figure: Figure, found: list[MoneyMention]
    ) -> tuple[int, int, Figure, str | None] | None:
        """Read a bare amount in millions that goes on with one before it: "davon 20 Milliarden"."""
        if not found or max(figure.scales, default=0) < _LARGE:
            return None
        if tokens[figure.first].start - found[-1].end > _CARRIED:
            return None
        behind = tokens[figure.last] if figure.last < len(tokens) else None
        if behind is not None and behind.kind == "word" and behind.low not in self._closing:
            return None
        return figure.first, figure.last, figure, found[-1].currency

    def _owns(self, word: str) -> bool:
        return any(owner.has(word) for owner in self._owners.values())

    def _settle(self, tokens: list[Token], code: str, first: int, last: int) -> str | None:
        """Return the currency; a name that several states share goes by a word near it."""
        if not code.startswith("@"):
            return code
        owners = self._owners[code[1:]]
        near = [*range(first - 1, max(-1, first - 4), -1), *range(last, min(len(tokens), last + 2))]
        for place in near:
            owner = owners.value(tokens[place].low)
            if owner is not None:
                return owner
        for token in tokens[max(0, first - 60) : first][::-1]:
            owner = owners.value(token.low)
            if owner is not None:
                return owner
        return owners.value("*")

    def _mention(
        self,
        tokens: list[Token],
        first: int,
        last: int,
        figure: Figure,
        currency: str | None,
        floor: int,
    ) -> MoneyMention:
        start, said = self._numerals.bound(tokens, first, floor)
        low, high = figure.bounded(said)
        return MoneyMention(
            start=tokens[start].start,
            end=tokens[last - 1].end,
            low=low,
            high=high,
            currency=currency,
            per=None,
            converted=False,
            approx="approx" in said or figure.approx,
            core_start=tokens[first].start,
            core_end=tokens[last - 1].end,
            further="further" in said,
        )

    def _is_conversion(self, tokens: list[Token], before: MoneyMention, first: int) -> bool:
        """Tell whether an amount in brackets says the one before it again."""
        place = first - 1
        steps = 0
        while place >= 0 and tokens[place].start >= before.end and steps < 5:
            if tokens[place].low == "(":
                return True
            place, steps = place - 1, steps + 1
        return False


def _converted(mention: MoneyMention) -> MoneyMention:
    from dataclasses import replace

    return replace(mention, converted=True)


@cache
def currencies(lang: str) -> Currencies:
    """Return the currencies of a language; they are made once."""
    return Currencies(lang)
