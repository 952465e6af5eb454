"""Numbers in a text of another language with their bounds, ranges and approximations.

The rules are those of the coding book: "bis zu vier" has no low end, "des centaines" is 100 to 999.
"""

from __future__ import annotations

from functools import cache

from pledgebook.reading.languages.spelling import Figure, Speller
from pledgebook.reading.languages.tables import Lexicon
from pledgebook.reading.languages.tokens import Token
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.wording import table

__all__ = ["Numerals", "numerals"]


class Numerals:
    """The numbers of one language, by its data file `numbers.toml`."""

    def __init__(self, lang: str) -> None:
        data = table("numbers.toml", lang)
        endings = table("language.toml", lang)["endings"]
        self._speller = Speller(lang)
        self._loose = frozenset(data.get("loose", ()))
        bounds = [(word, kind) for kind, words in data["bounds"].items() for word in words]
        self._bounds: Lexicon[str] = Lexicon(endings, bounds)
        behind = [(word, kind) for kind, words in data["behind"].items() for word in words]
        self._behind: Lexicon[str] = Lexicon(endings, behind)
        self._links: Lexicon[str] = Lexicon(
            endings, [(word, kind) for kind, words in data["range"].items() for word in words]
        )
        self._percent: Lexicon[bool] = Lexicon(endings, [(w, True) for w in data["percent"]])

    def figures(self, tokens: list[Token]) -> list[Figure]:
        """Return the numbers of a row of tokens in order, without their bounds."""
        return self._speller.figures(tokens)

    def mentions(
        self, tokens: list[Token], figures: list[Figure], barred: set[int] | None = None
    ) -> list[NumberMention]:
        """Return numbers with bounds and ranges; those that touch `barred` tokens are left out."""
        barred = barred or set()
        found: list[NumberMention] = []
        index = 0
        floor = 0
        while index < len(figures):
            one = figures[index]
            index += 1
            if any(place in barred for place in range(one.first, one.last)):
                continue
            joined = self.ranged(tokens, figures, index - 1)
            if joined is not None and not any(p in barred for p in range(one.first, joined.last)):
                index += 1
            else:
                joined = None
            mention = self._mention(tokens, joined or one, floor, joined is not None)
            floor = one.last
            found.append(mention)
        return found

    def ranged(self, tokens: list[Token], figures: list[Figure], index: int) -> Figure | None:
        """Return the range that a number opens with the next one, or None."""
        if index + 1 >= len(figures):
            return None
        first, second = figures[index], figures[index + 1]
        link = self._link(tokens, first.last, second.first)
        if link is None or first.article:
            return None
        low = first.low
        if not first.scales and low < 1000:
            low = next((low * s for s in second.scales if low * s < second.low), low)
        if not low < second.low:
            return None
        if link == "and" and not self._opens(tokens, first.first):
            return None
        if link == "or" and second.low > 2.5 * low:
            return None
        if link == "dash" and first.digits != second.digits:
            return None
        return Figure(
            first.first, second.last, low, second.high, first.approx, second.scales, first.digits
        )

    def bound(self, tokens: list[Token], first: int, floor: int) -> tuple[int, frozenset[str]]:
        """Return where the words that bound a number begin, and what they say.

        They are "at_least", "at_most", "approx", "further"; none begins before `floor`.
        """
        said: set[str] = set()
        edge = first
        while edge > floor:
            step = self._bound_before(tokens, edge, floor)
            if step is None:
                break
            edge, kind = step
            if kind in ("at_least", "at_most") and said & {"at_least", "at_most"}:
                continue
            said.add(kind)
        return edge, frozenset(said)

    def after(self, tokens: list[Token], last: int) -> tuple[int, str | None]:
        """Return where a bound behind a number ends, and what it says ("oder mehr")."""
        found = self._behind.longest(tokens, last) if last < len(tokens) else None
        return found if found else (last, None)

    def is_percent(self, tokens: list[Token], last: int) -> int:
        """Return the index behind the percent sign or word at `last`, 0 where there is none."""
        found = self._percent.longest(tokens, last) if last < len(tokens) else None
        return found[0] if found else 0

    def _bound_before(self, tokens: list[Token], edge: int, floor: int) -> tuple[int, str] | None:
        for begin in range(max(floor, edge - 4), edge):
            for end, kind in self._bounds.at(tokens, begin):
                if end == edge and not (
                    tokens[begin].low in self._loose and begin and tokens[begin - 1].capital
                ):
                    return begin, kind
        return None

    def _opens(self, tokens: list[Token], first: int) -> bool:
        """Tell whether "between" stands before a range."""
        if first and self._links.has(tokens[first - 1].low):
            return self._links.value(tokens[first - 1].low) == "between"
        return False

    def _link(self, tokens: list[Token], begin: int, end: int) -> str | None:
        if end - begin == 1 and tokens[begin].low in "-\u2013\u2014\u2010\u2011":
            return "dash"
        if not 0 < end - begin <= 3:
            return None
        found = self._links.longest(tokens, begin)
        if found is None or found[1] == "between":
            return None
        place, kind = found
        while place < end:
            step = self._bounds.longest(tokens, place)
            if step is None or step[1] != "approx":
                return None
            place = step[0]
        return kind if place == end else None

    def _mention(
        self, tokens: list[Token], figure: Figure, floor: int, ranged: bool
    ) -> NumberMention:
        start, said = self.bound(tokens, figure.first, floor)
        if ranged and start and self._opens(tokens, start):
            start -= 1
        if ranged:
            said -= {"at_least", "at_most"}
        last, kind = figure.last, "cardinal"
        percent = self.is_percent(tokens, last)
        if percent:
            last, kind = percent, "percent"
        last, more = self.after(tokens, last)
        said = said | {more} if more else said
        low, high = figure.bounded(said)
        return NumberMention(
            start=tokens[start].start,
            end=tokens[last - 1].end,
            low=low,
            high=high,
            approx="approx" in said or figure.approx,
            per=None,
            core_start=tokens[figure.first].start,
            core_end=tokens[figure.last - 1].end,
            kind="percent" if kind == "percent" else "cardinal",
            bounded=ranged or low is None or high is None,
            further="further" in said,
        )


@cache
def numerals(lang: str) -> Numerals:
    """Return the numbers of a language; they are made once."""
    return Numerals(lang)
