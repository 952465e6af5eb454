"""What is told of undertakings together: parts, answers, histories and checks, where they changed.

It is what `undertakings.settle` and `checks` make of all groups, done again for those that a change
reaches: claims that connect them, answers that may concern them, events that are told of them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pledgebook.ledger.asking import Linker
from pledgebook.ledger.cases import ItemTree
from pledgebook.ledger.checks import check_of
from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.cues import load_cues
from pledgebook.ledger.events import Event
from pledgebook.ledger.history import own_events, with_history
from pledgebook.ledger.live.answered import Answering
from pledgebook.ledger.live.related import Parts
from pledgebook.ledger.live.undertaken import Changed, Decided, Undertakings
from pledgebook.ledger.undertakings import those_later

__all__ = ["Telling"]

Order = tuple[dt.date, str, int, str]
_MANY = 1_000
"""Above so many changes the order is made anew."""


class Telling:
    """Commitments by number, with the checks, and what was refused and asked for."""

    def __init__(self, undertakings: Undertakings, tree: ItemTree | None) -> None:
        self._of = undertakings
        self._cues = load_cues()
        groups, plain = undertakings.groups, undertakings.plain
        self._parts = Parts(groups, undertakings.home, self._cues)
        linker = Linker(groups, plain, tree, self._cues)
        self._answering = Answering(linker, plain, self._cues)
        self._own: dict[int, list[Event]] = {}
        self._over: dict[int, set[str]] = defaultdict(set)
        self._covers: dict[str, frozenset[int]] = {}
        self._checks: dict[str, tuple[tuple[Order, Order], Check]] = {}
        self._order: list[tuple[Order, int]] = []
        self.commitments: dict[int, Commitment] = {}
        self.refusals: dict[str, tuple[Commitment, ...]] = {}
        self.requests: dict[str, tuple[Commitment, ...]] = {}

    def leave(self, names: Iterable[int]) -> set[int]:
        """Forget what undertakings answer, before they change; return those that it concerns."""
        return self._answering.leave(name for name in names if name in self._of.plain)

    def follow(
        self,
        changed: Changed,
        decided: Decided,
        packages: Mapping[str, str],
        touched: set[int],
    ) -> dict[int, Commitment | None]:
        """Tell of what changed; `touched` is what `leave` returned.

        Returns what each commitment was that may be another now, None for one that was not there.
        """
        groups, gone = self._of.groups, changed.gone
        related = self._parts.update(
            (case for group in changed.before.values() for case in group.cases),
            (case for name in changed.present for case in groups[name].cases),
            changed.before.keys() | changed.present,
            packages=packages,
            apart=decided.apart,
            unbarred=decided.parted,
        )
        answered = self._answering.enter(changed.present, touched, gone)
        for name in gone:
            del self._own[name]
        for name in changed.present:
            group, plain = groups[name], self._of.plain[name]
            self._own[name] = own_events(group, plain, self._of.stages[name], self._cues)
        again = changed.present | changed.others | related | answered
        for name in changed.present:
            again |= self._answering.beside(name)
        again &= groups.keys()
        before = {name: self.commitments.get(name) for name in again | gone}
        self._arrange(changed)
        self._tell(again, before)
        self._check(changed.totals, changed.present | related, gone)
        return before

    def _tell(self, again: Iterable[int], before: Mapping[int, Commitment | None]) -> None:
        """Make commitments of the plain ones, and note what they answer."""
        for name, old in before.items():
            if old is not None:
                del self.commitments[name]
                self.refusals.pop(old.id, None)
                self.requests.pop(old.id, None)
        answers = self._answering.answers
        concerned = set(again)
        for name in again:
            plain = self._of.plain[name]
            wholes = self._parts.wholes.get(name, ())
            parts = self._parts.parts.get(name, ())
            if wholes or parts:
                plain = dataclasses.replace(plain, wholes=wholes, parts=parts)
            self.commitments[name] = with_history(name, plain, self._own, answers)
            concerned |= self._answering.beside(name)
        for name in concerned:
            self._answer(name)

    def _answer(self, name: int) -> None:
        one, answers = self.commitments[name], self._answering.answers
        refusals = [self.commitments[at] for at in answers.refusals.get(name, ())]
        later = those_later(one, refusals)
        asked = tuple(self.commitments[at] for at in answers.requests.get(name, ()))
        for kept, now in ((self.refusals, later), (self.requests, asked)):
            if now:
                kept[one.id] = now
            else:
                kept.pop(one.id, None)

    def _arrange(self, changed: Changed) -> None:
        """Keep the numbers in the order of their earliest statements."""
        groups, order = self._of.groups, self._order
        if len(changed.before) + len(changed.present) > _MANY:
            self._order = sorted((group.cases[0].order, name) for name, group in groups.items())
            return
        for name, group in changed.before.items():
            del order[bisect_left(order, (group.cases[0].order, name))]
        for name in changed.present:
            place = (groups[name].cases[0].order, name)
            order.insert(bisect_left(order, place), place)

    def in_order(self) -> tuple[Commitment, ...]:
        """Return the commitments, earliest first."""
        return tuple([self.commitments[name] for _, name in self._order])

    # Running totals

    def _check(self, totals: Iterable[str], names: Iterable[int], gone: Iterable[int]) -> None:
        """Hold running totals against undertakings where either changed."""
        asked = set(totals)
        for name in (*names, *gone):
            asked |= self._over.get(name, set())
        for total in asked:
            covered = self._of.grouping.covers.get(total, frozenset())
            before = self._covers.pop(total, frozenset())
            for name in before - covered:
                self._over[name].discard(total)
            for name in covered - before:
                self._over[name].add(total)
            if not covered:
                self._checks.pop(total, None)
                continue
            self._covers[total] = covered
            case = self._of.grouping.total(total)
            found = sorted((self._of.groups[name].cases[0].order, name) for name in covered)
            check = check_of(case, [self.commitments[name] for _, name in found])
            self._checks[total] = (found[0][0], case.order), check
        for name in gone:
            self._over.pop(name, None)

    def checks(self) -> tuple[Check, ...]:
        """Return the checks, in the order of the undertakings that they cover."""
        found = sorted(self._checks.values(), key=lambda one: one[0])
        return tuple(check for _, check in found)
