"""A ledger that follows its inputs: the same one that `build_ledger` makes of all of them."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping

from pledgebook.ledger.cases import FAMILIES, ItemTree, prepare
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.ledger import Ledger, Observation
from pledgebook.ledger.live.source import News, Source
from pledgebook.ledger.live.telling import Telling
from pledgebook.ledger.live.undertaken import Undertakings
from pledgebook.ledger.live.verdicts import Verdicts
from pledgebook.ledger.records import Entry
from pledgebook.ledger.rules import load_rules

__all__ = ["Following", "Moved"]

Order = tuple[dt.date, str, int, str]
Moved = tuple[Commitment | None, Commitment | None]
"""A commitment as it was and as it is."""
_MANY = 1_000
"""Above so many changes the order is made anew."""


class Following:
    """Makes one ledger after another; those that it made stay as they are."""

    def __init__(self, tree: ItemTree) -> None:
        self._tree = tree
        rules = load_rules()
        self._further = rules.further_words
        self._verdicts = Verdicts()
        self._undertakings = Undertakings(rules)
        self._telling = Telling(self._undertakings, tree)
        self._changes: Mapping[str, Entry | None] = {}
        self._entries: dict[str, Entry] = {}
        self._order: list[Order] = []
        self._observed: dict[str, Observation] = {}
        self._home: dict[str, str] = {}
        self._ledger: Ledger | None = None

    def follow(self, source: Source, news: News, today: dt.date) -> tuple[Ledger, list[Moved]]:
        """Return the ledger of what a book holds now, and the commitments that may have changed."""
        standing = self._verdicts.stand(
            source.judgements, source.entries, source.documents, news.documents, source.rows
        )
        asked = {*news.gone, *(one.id for one in news.came), *self._changes, *standing.entries}
        self._changes = standing.entries
        now = {name: standing.entries.get(name, source.entries.get(name)) for name in asked}
        now = {name: one for name, one in now.items() if self._entries.get(name) != one}
        decisions = standing.decisions
        moved = self._settle(
            now,
            frozenset(decisions.same),
            frozenset(decisions.different),
            source.packages,
            today,
        )
        before = self._ledger
        self._put(now)
        self._ledger = Ledger(
            today=today,
            entries=dict(self._entries) if now or before is None else before.entries,
            commitments=self._telling.in_order(),
            observations=self._observations(now),
            checks=self._telling.checks(),
            decisions=decisions,
            home=dict(self._home),
            refusals=dict(self._telling.refusals),
            requests=dict(self._telling.requests),
        )
        return self._ledger, moved

    def _settle(
        self,
        entries: Mapping[str, Entry | None],
        same: frozenset[tuple[str, str]],
        different: frozenset[tuple[str, str]],
        packages: Mapping[str, str],
        today: dt.date,
    ) -> list[Moved]:
        """Bring the commitments up to date; return those that may have changed."""
        prepared = (
            prepare(entry, self._tree, self._further)
            for entry in entries.values()
            if entry is not None
        )
        cases = [case for case in prepared if case is not None]
        made, telling = self._undertakings, self._telling
        clusters, decided = made.decided(entries, cases, same, different)
        grouped = made.regroup(clusters, decided)
        touched = telling.leave(grouped.members)
        changed = made.take(clusters, grouped, decided, today)
        before = telling.follow(changed, decided, packages, touched)
        moved = [(old, telling.commitments.get(name)) for name, old in before.items()]
        for old, _ in moved:
            if old is not None:
                for name in old.statements:
                    self._home.pop(name, None)
        for _, one in moved:
            if one is not None:
                self._home |= dict.fromkeys(one.statements, one.id)
        return moved

    def _put(self, entries: Mapping[str, Entry | None]) -> None:
        """Put entries in their places."""
        gone = [old for name in entries if (old := self._entries.get(name)) is not None]
        came = [one for one in entries.values() if one is not None]
        known = self._entries
        if all((old := known.get(one.id)) is not None and old.order == one.order for one in came):
            # Nothing stands elsewhere: the order of those that are left is the same.
            for name, one in entries.items():
                if one is None:
                    known.pop(name, None)
                else:
                    known[name] = one
            places = {one.order for one in gone} - {one.order for one in came}
            for place in places:
                del self._order[bisect_left(self._order, place)]
            return
        for old in gone:
            del known[old.id]
        known |= {one.id: one for one in came}
        self._arrange(gone, came)
        self._entries = {place[3]: known[place[3]] for place in self._order}

    def _arrange(self, gone: Iterable[Entry], came: Iterable[Entry]) -> None:
        out, new = [one.order for one in gone], [one.order for one in came]
        if len(out) + len(new) > _MANY:
            self._order = sorted(one.order for one in self._entries.values())
            return
        for place in out:
            del self._order[bisect_left(self._order, place)]
        for place in new:
            self._order.insert(bisect_left(self._order, place), place)

    def _observations(self, entries: Mapping[str, Entry | None]) -> tuple[Observation, ...]:
        """Return what was said of stocks, output and use, earliest first."""
        changed = self._ledger is None
        for name, one in entries.items():
            changed |= self._observed.pop(name, None) is not None
            if one is not None and one.statement.kind not in FAMILIES:
                self._observed[name] = Observation(one)
                changed = True
        if not changed and self._ledger is not None:
            return self._ledger.observations
        return tuple(sorted(self._observed.values(), key=lambda one: one.entry.order))
