"""What a text in another language names: parties, items, verbs, figures, each at its tokens."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from pledgebook.reading.languages.dates import calendar_of
from pledgebook.reading.languages.money import currencies
from pledgebook.reading.languages.names import ItemName, NameFinder, PartyName, name_finder
from pledgebook.reading.languages.numbers import numerals
from pledgebook.reading.languages.spelling import Figure
from pledgebook.reading.languages.tables import Lexicon
from pledgebook.reading.languages.tokens import Token, folded, tokens_of
from pledgebook.reading.languages.verbs import Verb, verbs
from pledgebook.reading.quantities.dates import DateMention
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.wording import table
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["ItemName", "Mark", "Marked", "PartyName", "mark"]

_CALIBRE = re.compile(
    r"(?<![\w.,])(?P<size>\d{2,3}(?:[.,]\d{1,2})?)[ \u00a0\u202f-]?"
    r"(?:mm|мм|millim[eè]t\w{1,6}|міліметр\w{0,6})(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something found at `tokens[first:last]`."""

    kind: str
    first: int
    last: int
    value: (
        PartyName | ItemName | NumberMention | MoneyMention | DateMention | tuple[Verb, ...] | None
    ) = None


@dataclass(slots=True)
class Marked:
    """A text with all that was found in it; cues are kept by the token at which they begin."""

    text: str
    tokens: list[Token]
    marks: list[Mark]
    cues: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    firsts: list[int] = field(default_factory=list)

    def within(self, first: int, last: int) -> list[Mark]:
        """Return the marks of the tokens `first:last`."""
        begin = bisect_left(self.firsts, first)
        end = bisect_left(self.firsts, last)
        return self.marks[begin:end]

    def has_cue(self, first: int, last: int, *names: str) -> bool:
        """Tell whether one of some cues stands in the tokens `first:last`."""
        return any(
            name in names for place in range(first, last) for _, name in self.cues.get(place, ())
        )

    def cue_places(self, first: int, last: int, name: str) -> list[tuple[int, int]]:
        """Return where a cue stands in the tokens `first:last`."""
        return [
            (place, end)
            for place in range(first, last)
            for end, found in self.cues.get(place, ())
            if found == name
        ]


@cache
def _cues(lang: str) -> Lexicon[str]:
    data = table("cues.toml", lang)
    endings = table("language.toml", lang)["endings"]
    rows = [
        (word, name) for name, words in data.items() if isinstance(words, list) for word in words
    ]
    rows += [(word, f"per-{name}") for name, words in data["rates"].items() for word in words]
    rows += [
        (word, f"section-{name}") for name, words in data["sections"].items() for word in words
    ]
    rows += [(word, f"column-{name}") for name, words in data["columns"].items() for word in words]
    return Lexicon(endings, rows)


@cache
def _nouns(lang: str) -> Lexicon[ItemName]:
    data = table("items.toml", lang)
    endings = table("language.toml", lang)["endings"]
    rows: list[tuple[str, ItemName]] = []
    for group in data["group"]:
        name = ItemName(group["category"], None, group.get("unit"), weak=group.get("weak", False))
        rows += [(word, name) for word in group["words"]]
    for unit, words in data["units"].items():
        rows += [(word, ItemName(None, None, unit)) for word in words]
    return Lexicon(endings, rows)


@cache
def _elided(lang: str) -> frozenset[str]:
    return frozenset(table("language.toml", lang)["elided"])


def mark(text: str, lang: str, anchor: dt.date | None, catalogue: Catalogue) -> Marked:
    """Find all that a text names. Marks are in order and do not overlap."""
    tokens = tokens_of(text, _elided(lang))
    figures = numerals(lang).figures(tokens)
    money, _of_money = currencies(lang).mentions(tokens, figures)
    counts = {figure.first: (figure.last, figure.low) for figure in figures}
    dates, _of_dates = calendar_of(lang).mentions(tokens, anchor, counts)
    ends = [token.end for token in tokens]
    marks: list[Mark] = []
    taken: set[int] = set()
    finder = name_finder(lang, catalogue)
    latin = finder.spelled(text)
    low = folded(latin)
    for start, end, value in sorted(
        [*_calibres(low), *finder.catalogue_hits(latin, low)], key=lambda hit: hit[0]
    ):
        first, last = bisect_left(ends, start + 1), bisect_left(ends, end) + 1
        if any(place in taken for place in range(first, last)):
            continue
        kind = "item" if isinstance(value, ItemName) else "party"
        marks.append(Mark(kind, first, last, value))
        taken.update(range(first, last))
    for amount in money:
        _place(marks, taken, ends, "money", amount.core_start, amount.core_end, amount)
    for date in dates:
        _place(marks, taken, ends, "date", date.start, date.end, date)
    marks += _words(finder, lang, tokens, taken)
    numbers = numerals(lang).mentions(tokens, _free(figures, taken, tokens), set())
    for number in numbers:
        _place(marks, taken, ends, "number", number.core_start, number.core_end, number)
    marks.sort(key=lambda one: one.first)
    marked = Marked(text, tokens, marks)
    marked.firsts = [one.first for one in marks]
    lexicon = _cues(lang)
    for index, token in enumerate(tokens):
        if token.kind != "figure":
            found = lexicon.at(tokens, index)
            if found:
                marked.cues[index] = found
    _drop_strangers(marked)
    return marked


def _drop_strangers(marked: Marked) -> None:
    """Leave out bare surnames without a title, of persons whom the text does not name in full."""
    known = {
        marked.tokens[m.last - 1].low
        for m in marked.marks
        if isinstance(m.value, PartyName) and m.value.role == "person" and not m.value.alone
    }
    kept = []
    for one in marked.marks:
        if isinstance(one.value, PartyName) and one.value.alone:
            titled = marked.has_cue(max(0, one.first - 3), one.first, "apposition")
            if not titled and marked.tokens[one.last - 1].low not in known:
                continue
        kept.append(one)
    marked.marks = kept
    marked.firsts = [one.first for one in kept]


def _free(figures: list[Figure], taken: set[int], tokens: list[Token]) -> list[Figure]:
    """Return the figures that no name holds and that are no part of a name."""
    return [
        f for f in figures
        if not any(p in taken for p in range(f.first, f.last)) and not _in_name(tokens, f.first)
    ]  # fmt: skip


def _in_name(tokens: list[Token], place: int) -> bool:
    """Tell whether a figure is written together with a letter before or a designator behind it."""
    one = tokens[place]
    if one.kind != "figure":
        return False
    if place and tokens[place - 1].end == one.start and tokens[place - 1].kind == "word":
        return True
    after = tokens[place + 1 : place + 3]
    return len(after) == 2 and after[0].start == one.end and after[0].kind == "word" and (
        after[1].kind == "figure" and after[1].start == after[0].end
    )  # fmt: skip


def _place(
    marks: list[Mark],
    taken: set[int],
    ends: list[int],
    kind: str,
    start: int,
    end: int,
    value: NumberMention | MoneyMention | DateMention,
) -> None:
    first, last = bisect_left(ends, start + 1), bisect_left(ends, end) + 1
    if any(place in taken for place in range(first, last)):
        return
    marks.append(Mark(kind, first, last, value))
    taken.update(range(first, last))


def _calibres(low: str) -> Iterator[tuple[int, int, PartyName | ItemName]]:
    for found in _CALIBRE.finditer(low):
        size = found["size"].replace(",", ".")
        category = "artillery-ammunition" if float(size) >= 60 else "ammunition"
        yield found.start(), found.end(), ItemName(category, f"{size}mm", "round", calibre=True)


def _words(finder: NameFinder, lang: str, tokens: list[Token], taken: set[int]) -> Iterator[Mark]:
    """Find items, parties and verbs by the language's own words; the longest phrase wins."""
    nouns, actions = _nouns(lang), verbs(lang)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind != "word" or index in taken:
            index += 1
            continue
        hits: list[tuple[int, int, Mark]] = []
        model = finder.model(tokens, index)
        if model is not None:
            hits.append((model[0], 4, Mark("item", index, model[0], model[1])))
        noun = nouns.longest(tokens, index)
        if noun is not None:
            hits.append((noun[0], 3, Mark("item", index, noun[0], noun[1])))
        party = finder.party(tokens, index)
        if party is not None:
            value = _with_ending(party[1], tokens[party[0] - 1])
            hits.append((party[0], 2, Mark("party", index, party[0], value)))
        found = actions.at(tokens, index)
        if found:
            end = found[0][0]
            same = tuple(verb for last, verb in found if last == end)
            hits.append((end, 1, Mark("verb", index, end, same)))
        hits = [hit for hit in hits if not any(p in taken for p in range(index, hit[0]))]
        if not hits:
            index += 1
            continue
        end, _, best = max(hits, key=lambda hit: (hit[0], hit[1]))
        taken.update(range(index, end))
        yield best
        index = end


def _with_ending(name: PartyName, token: Token) -> PartyName:
    return PartyName(name.code, name.role, token.low[-3:], name.kind)
