"""What a date is read against: the document's date, the words around it, the dates before it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pledgebook.reading.quantities.calendar_math import Direction, Period
from pledgebook.reading.text.wording import GAP, table

Relation = Literal["on", "by", "since", "until", "from", "in", "before", "after"]
DateKind = Literal["day", "month", "quarter", "season", "year", "span"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a match of the date pattern means; `end` is where it ends when before the match does."""

    period: Period
    kind: DateKind
    end: int | None = None


class Context:
    """The surroundings of one match of the date pattern.

    `anchor` is the document's date, `previous` the period that the text named last.
    """

    __slots__ = ("_tense", "anchor", "lowered", "previous", "relation", "start", "stop", "text")

    def __init__(
        self, text: str, lowered: str, anchor: dt.date | None, previous: Period | None,
        found: re.Match[str],
    ) -> None:  # fmt: skip
        self.text = text
        self.lowered = lowered
        self.anchor = anchor
        self.previous = previous
        self.start, self.stop = found.span()
        self.relation = _relation(lowered, self.start)
        self._tense: tuple[Direction] | None = None

    @property
    def base(self) -> dt.date | None:
        """The day that "a day earlier" counts from: the one named last, else the document's."""
        if self.previous is not None and self.previous.precision == "day":
            return self.previous.first
        return self.anchor

    @property
    def tense(self) -> Direction:
        """Whether what happens then is told as past or as still to come."""
        if self._tense is None:
            self._tense = (_tense(self.lowered, self.start, self.stop, self.relation),)
        return self._tense[0]

    def is_capital(self, place: int) -> bool:
        """Tell a name from a common word: months and weekdays are written with a capital."""
        return self.text[place].isupper()


_BEFORE = re.compile(
    rf"([a-z]+){GAP}(?:the{GAP}|about{GAP}|around{GAP}|early{GAP}|late{GAP}){{0,2}}\Z"
)


def _relation(lowered: str, start: int) -> Relation | None:
    found = _BEFORE.search(lowered, max(0, start - 30), start)
    return _relations().get(found[1]) if found else None


@cache
def _relations() -> dict[str, Relation]:
    return {
        word: name for name, words in table("dates.toml")["relations"].items() for word in words
    }


_WORDS = re.compile(r"['\u2019]?[a-z]+")
_CLAUSE_END = re.compile(r"[.!?;:\n](?=\s|$)")
_BACK = re.compile(r"(?<!\w)(?:back|already|as early as)\s+(?:in|on|at)?\s*\Z")
_HAD = re.compile(r"(?<!\w)(?:had|having)(?!\w)")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("dates.toml")["words"][name])


def _tense(lowered: str, start: int, stop: int, relation: Relation | None) -> Direction:
    if relation == "since":
        return "past"
    head = lowered[max(0, start - 160) : start]
    if _BACK.search(head):
        return "past"
    for ends in _CLAUSE_END.finditer(head):
        last = ends.end()
        break
    else:
        last = 0
    while later := _CLAUSE_END.search(head, last):
        last = later.end()
    head = head[last:]
    if relation in {"by", "until", "from"}:
        # "had been concluded by April" looks back; every other "by April" looks ahead.
        return "past" if relation == "by" and _HAD.search(head) else "future"
    tokens = _WORDS.findall(head)
    hint = _nearest(tokens, range(len(tokens) - 1, -1, -1))
    if hint is None and len(tokens) < 3:
        # The date opens its clause: "In September it was told to triple that."
        tail = lowered[stop : stop + 120]
        stops = _CLAUSE_END.search(tail)
        tokens = _WORDS.findall(tail[: stops.start()] if stops else tail)
        hint = _nearest(tokens, range(len(tokens)))
    return hint


def _nearest(tokens: list[str], order: range) -> Direction:
    """Return the tense of the first verb in the given order of words."""
    for index in order:
        tense = _verb(tokens, index)
        if tense is not None:
            return tense
    return None


def _verb(tokens: list[str], index: int) -> Direction:
    word = tokens[index]
    before = tokens[max(0, index - 3) : index]
    if word in _words("future_verbs"):
        return "future"
    if word == "to":
        return "future" if before and before[-1] in {"is", "are", "yet"} else None
    past = word in _words("past_verbs") or (
        len(word) > 4 and word.endswith("ed") and word not in _words("no_verbs")
    )
    if not past or (before and before[-1] == "to"):
        return None
    return "future" if not _words("modals").isdisjoint(before) else "past"
