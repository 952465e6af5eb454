"""Requests, refusals and promises that follow the undertakings: which of them concern which.

An undertaking that changed is looked at again, and so are those that answered it, and those that
may answer it now. The result is that of `asking.link_answers` for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from pledgebook.ledger.asking import Answers, Linker, earliest_of
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.cues import Cues

__all__ = ["Answering"]

_Key = tuple[str | None, str]


class Answering:
    """By number of an undertaking: what it answers, and what answers it."""

    def __init__(self, linker: Linker, commitments: Mapping[int, Commitment], cues: Cues) -> None:
        self._linker = linker
        self._commitments = commitments
        self._cues = cues
        self._answers: dict[_Key, set[int]] = defaultdict(set)
        self._given: dict[_Key, set[int]] = defaultdict(set)
        self._refusals: dict[int, tuple[int, ...]] = {}
        self._listed: dict[int, set[int]] = defaultdict(set)
        self.answers = Answers()

    def leave(self, names: Iterable[int]) -> set[int]:
        """Forget undertakings before they change; return those that answered them."""
        touched: set[int] = set()
        for name in names:
            one = self._commitments[name]
            touched |= self._listed.get(name, set())
            for other in (*self.answers.requests.pop(name, ()), *self._refusals.pop(name, ())):
                self._listed[other].discard(name)
                touched.add(other)
            self._answers[one.recipient, one.category.value].discard(name)
            for giver in one.donors:
                self._given[giver, one.category.value].discard(name)
            self._linker.take(name)
        return touched

    def enter(
        self, names: AbstractSet[int], touched: AbstractSet[int], gone: AbstractSet[int]
    ) -> set[int]:
        """Take undertakings as they are now; return all of which other answers may be told.

        `touched` is what `leave` returned, `gone` are those that are no more.
        """
        for name in names:
            one = self._commitments[name]
            self._linker.put(name)
            if name not in self._linker.requests:
                self._answers[one.recipient, one.category.value].add(name)
                for giver in one.donors:
                    self._given[giver, one.category.value].add(name)
        again = set(names) | touched
        if len(names) < len(self._commitments):
            for name in names:
                again |= self._may_answer(name)
        again -= gone
        told = set(again)
        for name in again - self._linker.requests:
            told |= self._look(name)
        for name in gone:
            self._listed.pop(name, None)
            self.answers.granted.pop(name, None)
            self.answers.refusals.pop(name, None)
        told -= gone
        for name in told:
            self._tell(name)
        return told

    def _may_answer(self, name: int) -> set[int]:
        """Return those that may answer a request, or that a refusal may concern."""
        one, linker = self._commitments[name], self._linker
        found = set()
        if name in linker.requests and one.recipient is not None:
            for number in self._answers.get((one.recipient, one.category.value), ()):
                last = self._commitments[number].last
                if linker.earlier(last) <= one.first <= last and linker.answers(number, name):
                    found.add(number)
        if name in linker.refusals:
            for giver in one.donors:
                for number in self._given.get((giver, one.category.value), ()):
                    first = self._commitments[number].first
                    if linker.earlier(first) <= one.first and linker.concerns(name, number):
                        found.add(number)
        return found

    def _look(self, name: int) -> set[int]:
        """Find what a promise or refusal answers; return the requests and refusals concerned."""
        answers = self.answers
        before = {*answers.requests.pop(name, ()), *self._refusals.pop(name, ())}
        requests = self._linker.requests_of(name)
        refusals = () if name in self._linker.refusals else self._linker.refusals_of(name)
        if requests:
            answers.requests[name] = requests
        if refusals:
            self._refusals[name] = refusals
        now = {*requests, *refusals}
        for other in before - now:
            self._listed[other].discard(name)
        for other in now - before:
            self._listed[other].add(name)
        return before | now

    def _tell(self, name: int) -> None:
        """Say what was granted to a request, or of a refusal, and what refuses an undertaking."""
        answers, listed = self.answers, self._listed.get(name, set())
        refused = listed & self._linker.refusals
        granted = self._earliest(listed - refused)
        refusals = self._earliest(refused) or self._refusals.get(name, ())
        for kept, now in ((answers.granted, granted), (answers.refusals, refusals)):
            if now:
                kept[name] = now
            else:
                kept.pop(name, None)

    def _earliest(self, numbers: Iterable[int]) -> tuple[int, ...]:
        return earliest_of(numbers, self._commitments, self._cues)

    def beside(self, name: int) -> set[int]:
        """Return those in whose histories the events of an undertaking may be told."""
        answers = self.answers
        return {
            *self._listed.get(name, ()),
            *answers.requests.get(name, ()),
            *self._refusals.get(name, ()),
        }
