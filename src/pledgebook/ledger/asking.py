"""Which requests, refusals and promises concern one another, without merging their figures.

A request and a promise belong together where the recipient is the same and the item the same or a
kind of it, and where the request asked this giver, if its words name whom it asked. A refusal and a
promise are of one giver. What names a model reaches two years, what names none a few months.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from pledgebook.ledger.cases import Case, ItemTree, related
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.cues import Cues
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.stages import Stage

__all__ = [
    "Answers",
    "Linker",
    "PartyFinder",
    "asked_of",
    "earliest_of",
    "is_asked",
    "link_answers",
    "party_finder",
]

_NAME = re.compile(r"\b[^\W\d_][\w’'-]*", re.UNICODE)
_LONGEST = 3


PartyFinder = Callable[[str], set[str]]
"""Returns the codes of the parties that a text names."""


class _HasCode(Protocol):
    @property
    def code(self) -> str: ...


@runtime_checkable
class _Finder(Protocol):
    def find_party(self, text: str) -> _HasCode | None: ...


@dataclass(slots=True)
class Answers:
    """By number of an undertaking: the requests it answers, the refusals that concern it.

    `granted` are, for a request or a refusal, the promises that answer or surround it.
    """

    requests: dict[int, tuple[int, ...]] = field(default_factory=dict)
    refusals: dict[int, tuple[int, ...]] = field(default_factory=dict)
    granted: dict[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Shelf:
    """Undertakings of one kind under a key, by the day of their first report."""

    places: list[tuple[dt.date, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def between(self, first: dt.date, last: dt.date) -> Sequence[int]:
        start = bisect_left(self.places, (first, ""))
        return self.numbers[start : bisect_right(self.places, (last, _AFTER))]

    def put(self, place: tuple[dt.date, str], number: int) -> None:
        at = bisect_left(self.places, place)
        self.places.insert(at, place)
        self.numbers.insert(at, number)

    def take(self, place: tuple[dt.date, str]) -> None:
        at = bisect_left(self.places, place)
        del self.places[at], self.numbers[at]


_Key = tuple[str | None, str]
_AFTER = "d"
"""It comes after every id of a commitment."""


class Linker:
    """Finds what undertakings answer; `groups` and `commitments` are by number, and may change.

    Those that are `put` are found as requests and refusals, until they are taken away.
    """

    def __init__(
        self,
        groups: Mapping[int, Group] | Sequence[Group],
        commitments: Mapping[int, Commitment] | Sequence[Commitment],
        tree: ItemTree | None,
        cues: Cues,
    ) -> None:
        self._commitments = commitments
        self._groups = groups
        self._cues = cues
        self._find = party_finder(tree)
        self._named: dict[int, Case | None] = {}
        self._asked: dict[int, frozenset[str]] = {}
        self.requests: set[int] = set()
        self.refusals: set[int] = set()
        self._by_giver: dict[_Key, _Shelf] = defaultdict(_Shelf)
        self._asked_for: dict[_Key, _Shelf] = defaultdict(_Shelf)

    def earlier(self, day: dt.date) -> dt.date:
        """Return the first day from which a request or refusal reaches to another day."""
        return dt.date.fromordinal(max(1, day.toordinal() - self._cues.days.answer))

    def _places(self, number: int) -> Iterator[_Shelf]:
        one = self._commitments[number]
        if number in self.refusals:
            for giver in one.donors:
                yield self._by_giver[giver, one.category.value]
        if number in self.requests:
            yield self._asked_for[one.recipient, one.category.value]

    def put(self, number: int) -> None:
        """Let a request or a refusal be found; of others nothing is noted."""
        one = self._commitments[number]
        if one.asked_by:
            self.requests.add(number)
        if Stage.REFUSED in one.stages:
            self.refusals.add(number)
        for shelf in self._places(number):
            shelf.put((one.first, one.id), number)

    def take(self, number: int) -> None:
        """Forget an undertaking, as it was when it was put."""
        one = self._commitments[number]
        for shelf in self._places(number):
            shelf.take((one.first, one.id))
        self.requests.discard(number)
        self.refusals.discard(number)
        self._named.pop(number, None)
        self._asked.pop(number, None)

    def requests_of(self, number: int) -> tuple[int, ...]:
        """Return the requests before a promise or refusal that it answers, the nearest ones."""
        one = self._commitments[number]
        found: list[int] = []
        for recipient in dict.fromkeys((one.recipient,)):
            shelf = self._asked_for.get((recipient, one.category.value))
            if recipient is None or shelf is None:
                continue
            before = shelf.between(self.earlier(one.last), one.last)
            found += [at for at in before if self.answers(number, at)]
        return tuple(found[-self._cues.most.answers :])

    def answers(self, number: int, request: int) -> bool:
        """Tell whether a promise or refusal may answer a request, whatever lies between them."""
        return self._is_of(request, number) and self._asks(request, number)

    def _asks(self, request: int, number: int) -> bool:
        """Tell whether a request was made to this giver, as far as its words tell.

        What asks nobody by name, and names no model, asks everybody for a while; for aid of a
        general kind it asks nobody in particular.
        """
        one, answer = self._commitments[request], self._commitments[number]
        asked = self.asked(request)
        if asked:
            return is_asked(asked, answer)
        if one.category in self._cues.holds:
            return False
        days = (answer.last - one.last).days
        return one.designation is not None or days <= self._cues.days.vague_answer

    def refusals_of(self, number: int) -> tuple[int, ...]:
        """Return the refusals by the same giver that concern a promise, the newest ones."""
        one = self._commitments[number]
        found: set[int] = set()
        for giver in one.donors:
            shelf = self._by_giver.get((giver, one.category.value))
            if shelf is not None:
                found |= {
                    at
                    for at in shelf.between(self.earlier(one.first), dt.date.max)
                    if self.concerns(at, number)
                }
        ordered = sorted(
            found, key=lambda at: (self._commitments[at].first, self._commitments[at].id)
        )
        return tuple(ordered[-self._cues.most.answers :])

    def concerns(self, refusal: int, promise: int) -> bool:
        """Tell whether a refusal by the same giver concerns a promise."""
        one, other = self._commitments[refusal], self._commitments[promise]
        if one.recipient not in (other.recipient, None) or not self._is_of(refusal, promise):
            return False
        days = self._cues.days
        within = days.answer if one.designation is not None else days.vague_answer
        apart = max((one.first - other.last).days, (other.first - one.last).days)
        if apart > within:
            return False
        refused = one.stages[Stage.REFUSED]
        for stage in (Stage.PLEDGED, Stage.ON_ORDER):
            figure = other.stages.get(stage)
            if figure is not None and figure.unit == refused.unit is not None:
                # Who refuses more than was promised refuses something else.
                return _fits(refused.quantity, figure.quantity)
            if figure is not None and refused.money:
                return any(
                    _fits(amount, figure.money[currency])
                    for currency, amount in refused.money.items()
                    if currency in figure.money
                )
        return True

    def _is_of(self, wide: int, narrow: int) -> bool:
        """Tell whether what the first names is what the second names, or holds it as a kind."""
        one, other = self._name(wide), self._name(narrow)
        if one is None:
            return True
        return other is not None and related(one, other)

    def _name(self, number: int) -> Case | None:
        if number not in self._named:
            named = [case for case in self._groups[number].cases if case.designation is not None]
            self._named[number] = max(
                named, key=lambda case: (len(case.lineage), len(case.words), case.id), default=None
            )
        return self._named[number]

    def asked(self, number: int) -> frozenset[str]:
        """Return the parties that the words of a request name, besides those who ask."""
        if number not in self._asked:
            quotes = (case.entry.statement.evidence.quote for case in self._groups[number].cases)
            self._asked[number] = asked_of(self._commitments[number], quotes, self._find)
        return self._asked[number]


def _fits(refused: Interval, promised: Interval) -> bool:
    return promised.high is None or refused.floor <= promised.high


def asked_of(request: Commitment, quotes: Iterable[str], find: PartyFinder) -> frozenset[str]:
    """Return the parties that the words of a request name, besides those who ask or receive."""
    named = {code for quote in quotes for code in find(quote)}
    return frozenset(named - {*request.asked_by, request.recipient})


def is_asked(asked: frozenset[str], answer: Commitment) -> bool:
    """Tell whether a promise or refusal can answer a request that names `asked`, if anybody."""
    return not asked or not asked.isdisjoint(answer.donors)


def party_finder(tree: object) -> PartyFinder:
    """Return what finds parties in a text; without a catalogue that knows any, it finds none."""
    if not isinstance(tree, _Finder):
        return lambda _: set()
    finder = tree

    def find(text: str) -> set[str]:
        words = list(_NAME.finditer(text))
        found = set()
        for start, first in enumerate(words):
            if not first[0][0].isupper():
                continue
            for last in words[start : start + _LONGEST]:
                party = finder.find_party(text[first.start() : last.end()])
                if party is not None:
                    found.add(party.code)
        return found

    return find


def link_answers(
    groups: Sequence[Group],
    commitments: Sequence[Commitment],
    tree: ItemTree | None,
    cues: Cues,
) -> Answers:
    """Find for every promise what it answers and what speaks against it."""
    linker = Linker(groups, commitments, tree, cues)
    for number in range(len(commitments)):
        linker.put(number)
    answers = Answers()
    asked, refused = linker.requests, linker.refusals
    granted: dict[int, list[int]] = defaultdict(list)
    turned_down: dict[int, list[int]] = defaultdict(list)
    for number in range(len(commitments)):
        if number in asked:
            continue
        requests = linker.requests_of(number)
        if requests:
            answers.requests[number] = requests
        if number in refused:
            for request in requests:
                turned_down[request].append(number)
            continue
        for request in requests:
            granted[request].append(number)
        refusals = linker.refusals_of(number)
        if refusals:
            answers.refusals[number] = refusals
        for refusal in refusals:
            granted[refusal].append(number)

    def earliest(numbers: Iterable[int]) -> tuple[int, ...]:
        return earliest_of(numbers, commitments, cues)

    answers.granted = {number: earliest(found) for number, found in granted.items()}
    answers.refusals |= {number: earliest(found) for number, found in turned_down.items()}
    return answers


def earliest_of(
    numbers: Iterable[int],
    commitments: Mapping[int, Commitment] | Sequence[Commitment],
    cues: Cues,
) -> tuple[int, ...]:
    """Return those of some undertakings that were reported first: as many as are told of."""
    ordered = sorted(numbers, key=lambda at: (commitments[at].first, commitments[at].id))
    return tuple(ordered[: cues.most.granted])
