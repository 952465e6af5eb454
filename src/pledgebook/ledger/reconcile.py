"""Statements to undertakings: which reports speak of one promise, and which of another.

The result is a pure function of the set of statements and of the judgements: whatever the order of
input, the same groups come out. Running totals open no undertaking where they can be attached to
those that they sum over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pledgebook.ledger.cases import ALLIES, Case, ItemTree, Key, prepare, related
from pledgebook.ledger.closest import closest
from pledgebook.ledger.joining.join import Joined, join, scorer_of
from pledgebook.ledger.joining.reasons import Reason, Reasons, probability
from pledgebook.ledger.joining.scoring import PairScorer
from pledgebook.ledger.joining.table import CaseTable
from pledgebook.ledger.records import Entry
from pledgebook.ledger.rules import Rules, load_rules
from pledgebook.vocabulary.statement import Kind, Scope

__all__ = [
    "Doubt",
    "Group",
    "Link",
    "Reason",
    "assemble",
    "exceeds",
    "is_total",
    "key_of_total",
    "keys_of",
    "measured_like",
    "reconcile",
    "sums_over",
]

Pairs = Iterable[tuple[str, str]]
_ABOUT = 1.25
"""A total said to be about so much may be so much above the figures."""


@dataclass(frozen=True, slots=True)
class Link:
    """How strongly a statement belongs to its commitment, and why.

    `to` is the statement of the commitment that it was found closest to; None where it stands
    alone. `score` lies between 0 and 1. `judged` says that a person put it here.
    """

    statement: str
    score: float
    to: str | None = None
    reasons: Sequence[Reason] = ()
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Another undertaking that may be the same one: the likest pair of the two, and why.

    `anchor` is the earliest statement of the other undertaking.
    """

    anchor: str
    score: float
    statement: str
    other: str
    reasons: Sequence[Reason]


@dataclass(slots=True)
class Group:
    """The cases of one undertaking, earliest first, with their links.

    `totals` are running totals that sum over this undertaking among others.
    """

    cases: list[Case]
    links: dict[str, Link] = field(default_factory=dict)
    totals: list[Case] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def reconcile(
    entries: Iterable[Entry],
    tree: ItemTree | None = None,
    *,
    same: Pairs = (),
    different: Pairs = (),
    rules: Rules | None = None,
) -> list[Group]:
    """Join statements to undertakings; `same` and `different` are pairs that a person decided."""
    rules = rules or load_rules()
    ordered = sorted(set(entries), key=lambda entry: entry.order)
    prepared = (prepare(entry, tree, rules.further_words) for entry in ordered)
    cases = [case for case in prepared if case is not None]
    table = CaseTable(rules.continues)
    table.add_cases(cases)
    cases = [cases[place] for place in table.sort()]
    row = {case.id: number for number, case in enumerate(cases)}
    must = _rows(same, row)
    cannot = _rows(different, row)
    scorer = scorer_of(table, rules)
    joined = join(table, rules, scorer, must=must, cannot=cannot)
    return assemble(cases, scorer, rules, joined, must, cannot)


def assemble(
    cases: Sequence[Case],
    scorer: PairScorer,
    rules: Rules,
    joined: Joined,
    must: Sequence[tuple[int, int]] = (),
    cannot: Sequence[tuple[int, int]] = (),
) -> list[Group]:
    """Make the undertakings of what was joined; `cases` are the rows of its table, in order.

    Statements of different kinds or categories have no say in one another's undertakings.
    """
    return _Assembly(cases, scorer, rules, joined, must, cannot).groups()


def _rows(pairs: Pairs, row: Mapping[str, int]) -> list[tuple[int, int]]:
    """Return pairs of ids as pairs of rows, where both are there."""
    return [
        (row[one], row[other])
        for one, other in pairs
        if one != other and one in row and other in row
    ]


class _Assembly:
    """Makes groups, with links and doubts in words, of what was joined."""

    def __init__(
        self,
        cases: Sequence[Case],
        scorer: PairScorer,
        rules: Rules,
        joined: Joined,
        must: Sequence[tuple[int, int]],
        cannot: Sequence[tuple[int, int]],
    ) -> None:
        self._cases = cases
        self._scorer = scorer
        self._rules = rules
        self._joined = joined
        self._judged: dict[int, set[int]] = defaultdict(set)
        for one, other in must:
            self._judged[one].add(other)
            self._judged[other].add(one)
        self._cannot = cannot

    def groups(self) -> list[Group]:
        """Return the groups, earliest first."""
        members: dict[int, list[int]] = defaultdict(list)
        for row, label in enumerate(self._joined.labels.tolist()):
            members[label].append(row)
        groups: dict[int, Group] = {}
        totals: list[int] = []
        for label, rows in members.items():
            if all(self._is_total(row) for row in rows):
                totals += rows
            else:
                groups[label] = Group([self._cases[row] for row in rows])
        near = _Neighbours(groups.values())
        for label, group in groups.items():
            beyond = [row for row in members[label] if self._sums_over_others(row, group, near)]
            for row in beyond:
                group.cases.remove(self._cases[row])
            totals += beyond
            members[label] = [row for row in members[label] if row not in beyond]
        undertakings = [(groups[label], members[label]) for label in groups]
        undertakings += self._cover(sorted(totals), groups, near)
        self._link(undertakings)
        self._note_doubts(groups)
        return sorted(groups.values(), key=lambda group: group.cases[0].order)

    def _is_total(self, row: int) -> bool:
        """Tell whether a statement is a running total, and no person said where it belongs."""
        return is_total(self._cases[row]) and row not in self._judged

    def _sums_over_others(self, row: int, group: Group, near: _Neighbours) -> bool:
        """Tell whether a total says more than its undertaking holds, and others make up for it."""
        case = self._cases[row]
        if not self._is_total(row) or not exceeds(case, group.cases):
            return False
        return any(
            other is not group and any(measured_like(one, case) for one in other.cases)
            for other in near.covered(case)
        )

    def _link(self, undertakings: Iterable[tuple[Group, list[int]]]) -> None:
        """Say of each statement why it is with the others."""
        home: dict[int, tuple[Group, set[int]]] = {}
        several = []
        for group, rows in undertakings:
            if len(rows) == 1:
                name = self._cases[rows[0]].id
                group.links = {name: Link(name, 1.0)}
                continue
            several.append(rows)
            home |= dict.fromkeys(rows, (group, set(rows)))
        found = list(closest(self._scorer, several))
        for near, reasons in zip(
            found, self._reasons([(one.row, one.to) for one in found]), strict=True
        ):
            group, members = home[near.row]
            name = self._cases[near.row].id
            judged = bool(self._judged.get(near.row, set()) & members)
            score = 1.0 if judged else round(probability(near.mean), 4)
            group.links[name] = Link(name, score, self._cases[near.to].id, reasons, judged)

    def _reasons(self, pairs: Sequence[tuple[int, int]]) -> Iterator[Sequence[Reason]]:
        """Yield the reasons for each of many pairs."""
        some = np.array(pairs, np.int32).reshape(-1, 2)
        masks = self._scorer.masks(some.min(axis=1), some.max(axis=1))
        for mask, (one, other) in zip(masks, pairs, strict=True):
            yield Reasons(mask, self._cases[one], self._cases[other], self._rules)

    def _cover(
        self, totals: Iterable[int], groups: dict[int, Group], near: _Neighbours
    ) -> list[tuple[Group, list[int]]]:
        """Give each running total to all undertakings that it sums over, or make one of it.

        Returns the undertakings that were made, with their rows.
        """
        bars: dict[int, set[str]] = defaultdict(set)
        for one, other in self._cannot:
            bars[one].add(self._cases[other].id)
            bars[other].add(self._cases[one].id)
        own: dict[int, list[int]] = defaultdict(list)
        for row in totals:
            total = self._cases[row]
            covered = [
                group
                for group in near.covered(total)
                if bars[row].isdisjoint(case.id for case in group.cases)
            ]
            for group in covered:
                group.totals.append(total)
            if not covered:
                own[int(self._joined.labels[row])].append(row)
        made = []
        for label, rows in own.items():
            # Those that their undertaking let go stand beside it; no row has such a number.
            name = -1 - rows[0] if label in groups else label
            groups[name] = Group([self._cases[row] for row in rows])
            made.append((groups[name], rows))
        return made

    def _note_doubts(self, groups: Mapping[int, Group]) -> None:
        """Note where two undertakings hold statements that would pass for one, were they alone."""
        decided = {frozenset(pair) for pair in self._cannot}
        labels = self._joined.labels
        best: dict[tuple[int, int], tuple[float, int, int]] = {}
        one, other, weight = self._joined.doubts
        for first, second, total in zip(one.tolist(), other.tolist(), weight.tolist(), strict=True):
            if frozenset((first, second)) in decided:
                continue
            here, there = int(labels[first]), int(labels[second])
            if here not in groups or there not in groups:
                continue
            both = (((here, there), (first, second)), ((there, here), (second, first)))
            for sides, found in both:
                if sides not in best or total > best[sides][0]:
                    best[sides] = (total, *found)
        ordered = sorted(best.items())
        told = self._reasons([(mine, theirs) for _, (_, mine, theirs) in ordered])
        for ((here, there), (total, mine, theirs)), reasons in zip(ordered, told, strict=True):
            groups[here].doubts.append(
                Doubt(
                    groups[there].cases[0].id,
                    round(probability(total), 4),
                    self._cases[mine].id,
                    self._cases[theirs].id,
                    reasons,
                )
            )


class _Neighbours:
    """Undertakings by who acts in what, to find those that a running total sums over."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._by_key: dict[Key, list[Group]] = defaultdict(list)
        for group in groups:
            for key in keys_of(group.cases):
                self._by_key[key].append(group)

    def covered(self, total: Case) -> list[Group]:
        """Return the undertakings that a running total sums over."""
        near = self._by_key.get(key_of_total(total), ())
        return [group for group in near if sums_over(total, group.cases)]


def is_total(case: Case) -> bool:
    """Tell whether a statement is a running total."""
    return case.scope is Scope.TOTAL and case.family == "promise"


def keys_of(cases: Sequence[Case]) -> set[Key]:
    """Return the keys under which running totals look for an undertaking."""
    return {key for case in cases for key in case.keys} | {(*cases[0].keys[0][:2], ALLIES)}


def key_of_total(total: Case) -> Key:
    """Return the key of the undertakings that a running total may sum over.

    Whoever is named first will do: those that it sums over have the same parties. What is said of
    the allies as a whole sums over everybody.
    """
    first = total.keys[0]
    return (*first[:2], ALLIES) if ALLIES in total.actors else first


def measured_like(case: Case, total: Case) -> bool:
    """Tell whether a case has a figure that a total can be held against."""
    return (case.quantity is not None and case.unit == total.unit) or (
        case.money is not None and case.currency == total.currency
    )


def exceeds(total: Case, cases: Iterable[Case]) -> bool:
    """Tell whether a total is above all that an undertaking's other reports promise or deliver."""
    if total.quantity is None or not total.quantity.floor:
        return False
    figures = [
        (case.kind, case.quantity)
        for case in cases
        if case.scope is not Scope.TOTAL and case.quantity is not None and case.unit == total.unit
    ]
    if not figures or any(quantity.high is None for _, quantity in figures):
        return False
    delivered = sum(quantity.floor for kind, quantity in figures if kind is Kind.DELIVERY)
    most = max(delivered, *(quantity.high or 0.0 for _, quantity in figures))
    return total.quantity.floor > most * (_ABOUT if total.approx else 1.0)


def sums_over(total: Case, cases: Sequence[Case]) -> bool:
    """Tell whether an undertaking is one of those that a running total sums over."""
    lead = cases[0]
    if lead.order > total.order:
        return False
    if ALLIES not in total.actors and not any(case.actors & total.actors for case in cases):
        return False
    if total.beneficiary not in (lead.beneficiary, None):
        return False
    return total.designation is None or any(
        case.designation is None or related(total, case) for case in cases
    )
