"""Links and doubts that follow the undertakings, for those whose statements or pairs changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from pledgebook.ledger.cases import Case
from pledgebook.ledger.closest import closest
from pledgebook.ledger.joining.reasons import Reasons, probability
from pledgebook.ledger.live.joined import Clusters, Joining, Likely, Likeness
from pledgebook.ledger.reconcile import Doubt, Link
from pledgebook.ledger.rules import Rules

__all__ = ["Linking"]


class Linking:
    """Says why statements are together, and which undertakings may be one."""

    def __init__(self, joining: Joining, rules: Rules, cases: Mapping[str, Case]) -> None:
        self._joining = joining
        self._rules = rules
        self._cases = cases
        self._likely: dict[int, Likely] = {}
        self._near: dict[int, dict[int, Likeness]] = defaultdict(dict)
        self._why: dict[tuple[int, int], Reasons] = {}

    def links(
        self,
        undertakings: Iterable[Sequence[Case]],
        judged: Mapping[str, AbstractSet[str]],
    ) -> list[dict[str, Link]]:
        """Return the links of some undertakings; `judged` is what a person joined each with."""
        asked = list(undertakings)
        several = [cases for cases in asked if len(cases) > 1]
        made: dict[str, Link] = {}
        place, scorer = self._joining.scorer(case.id for cases in several for case in cases)
        names = list(place)
        found = list(closest(scorer, [[place[one.id] for one in cases] for cases in several]))
        home = {one.id: cases for cases in several for one in cases}
        rows = np.array([(one.row, one.to) for one in found], np.int32).reshape(-1, 2)
        masks = scorer.masks(rows.min(axis=1), rows.max(axis=1))
        for near, mask in zip(found, masks, strict=True):
            name, to = names[near.row], names[near.to]
            here, there = self._cases[name], self._cases[to]
            others = judged.get(name)
            decided = others is not None and any(one.id in others for one in home[name])
            score = 1.0 if decided else round(probability(near.mean), 4)
            reasons = Reasons(mask, here, there, self._rules)
            made[name] = Link(name, score, to, reasons, decided)
        return [
            {one.id: made[one.id] for one in cases}
            if len(cases) > 1
            else {one.id: Link(one.id, 1.0) for one in cases}
            for cases in asked
        ]

    def look(self, changed: Clusters) -> set[int]:
        """Find the doubts of what changed; return the clusters that other doubts are told of."""
        touched: set[int] = set()
        for field in changed.fields:
            before = self._likely.get(field, Likely.none())
            now = self._likely[field] = self._joining.doubts(field)
            for one, other, (_, first, second) in before.without(now):
                self._near[one].pop(other, None)
                self._near[other].pop(one, None)
                self._why.pop((first, second), None)
                touched |= {one, other}
            for one, other, found in now.without(before):
                self._near[one][other] = self._near[other][one] = found
                touched |= {one, other}
        return touched

    def beside(self, cluster: int) -> Iterable[int]:
        """Return the clusters that a cluster is in doubt with."""
        return self._near.get(cluster, ())

    def doubts(self, asked: Mapping[int, Mapping[int, Case]]) -> dict[int, list[Doubt]]:
        """Return the doubts of some undertakings.

        `asked` are, by cluster, those beside it that are undertakings, with their earliest cases.
        """
        self._explain(
            self._near[cluster][other] for cluster, others in asked.items() for other in others
        )
        return {cluster: self._told(cluster, others) for cluster, others in asked.items()}

    def _told(self, cluster: int, others: Mapping[int, Case]) -> list[Doubt]:
        joining, told = self._joining, []
        mine = joining.members[cluster]
        near = self._near[cluster]
        for other in sorted(others, key=self._order):
            total, first, second = near[other]
            here, there = (first, second) if first in mine else (second, first)
            told.append(
                Doubt(
                    others[other].id,
                    round(probability(total), 4),
                    joining.ids[here],
                    joining.ids[there],
                    self._why[first, second],
                )
            )
        return told

    def _order(self, cluster: int) -> tuple[object, ...]:
        return self._cases[self._joining.ids[cluster]].order

    def _explain(self, found: Iterable[Likeness]) -> None:
        """Find the reasons of those pairs of which they are not known."""
        pairs = {(one, other) for _, one, other in found if (one, other) not in self._why}
        if not pairs:
            return
        ids = self._joining.ids
        place, scorer = self._joining.scorer({ids[end] for pair in pairs for end in pair})
        ordered = sorted(pairs)
        rows = [(place[ids[one]], place[ids[other]]) for one, other in ordered]
        ends = np.array(rows, np.int32).reshape(-1, 2)
        masks = scorer.masks(ends.min(axis=1), ends.max(axis=1))
        for (one, other), mask in zip(ordered, masks, strict=True):
            here, there = self._cases[ids[one]], self._cases[ids[other]]
            self._why[one, other] = Reasons(mask, here, there, self._rules)
