"""Statements to undertakings: which reports speak of one promise, and which of another.

The result is a pure function of the set of statements and of the judgements: whatever the order of
input, the same groups come out. Running totals open no undertaking where they can be attached to
those that they sum over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pledgebook.ledger.blocking import meetings
from pledgebook.ledger.cases import ALLIES, Case, ItemTree, Key, prepare, related
from pledgebook.ledger.clustering import Groups, in_spans
from pledgebook.ledger.records import Entry
from pledgebook.ledger.rules import Rules, load_rules
from pledgebook.ledger.scoring import VETO, Reason, Scorer, parts_of_wholes, probability
from pledgebook.vocabulary.statement import Scope

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Link:
    """How strongly a statement belongs to its commitment, and why.

    `to` is the statement of the commitment that it was found closest to; None where it stands
    alone. `score` lies between 0 and 1. `judged` says that a person put it here.
    """

    statement: str
    score: float
    to: str | None = None
    reasons: tuple[Reason, ...] = ()
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
    reasons: tuple[Reason, ...]


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
    parts = parts_of_wholes(cases, rules.most_parts)
    scorer = Scorer(rules, parts)
    must = [pair for pair in same if pair[0] != pair[1]]
    cannot = list(different)
    judged = {statement for pair in must for statement in pair}
    acts: list[Case] = []
    totals: list[Case] = []
    for case in cases:
        is_total = case.scope is Scope.TOTAL and case.family == "promise"
        (totals if is_total and case.id not in judged else acts).append(case)
    groups = [Group(members) for members in _cluster(acts, scorer, rules, must, cannot)]
    _attach_totals(totals, groups, scorer, rules, cannot)
    decided = _judged_pairs(must)
    for group in groups:
        group.cases.sort(key=lambda case: case.order)
        group.links = _links(group.cases, scorer, decided)
    _note_doubts(acts, groups, scorer, rules, cannot)
    return sorted(groups, key=lambda group: group.cases[0].order)


def _cluster(
    cases: Sequence[Case], scorer: Scorer, rules: Rules, must: Pairs, cannot: Pairs
) -> list[list[Case]]:
    number = {case.id: index for index, case in enumerate(cases)}
    links = [(number[a], number[b]) for a, b in must if a in number and b in number]
    bars = [(number[a], number[b]) for a, b in cannot if a in number and b in number]
    known: dict[tuple[int, int], float] = {}

    def score(one: int, other: int) -> float:
        key = (one, other) if one < other else (other, one)
        if key not in known:
            known[key] = scorer.total(cases[key[0]], cases[key[1]])
        return known[key]

    together = Groups(len(cases))
    for one, other in links:
        together.join(one, other)
    # Only groups with a pair above the threshold can ever be joined.
    for one, other in meetings(cases, rules.window):
        if together.find(one) != together.find(other) and score(one, other) > rules.threshold:
            together.join(one, other)

    found: list[list[int]] = []
    for members in together.sets():
        found += in_spans(
            members,
            score,
            threshold=rules.threshold,
            must=links,
            cannot=bars,
            most=rules.most_compared,
            weight=lambda index: rules.vague_weight if cases[index].is_vague else 1.0,
        )
    return [[cases[index] for index in group] for group in found]


def _attach_totals(
    totals: Sequence[Case], groups: list[Group], scorer: Scorer, rules: Rules, cannot: Pairs
) -> None:
    """Give each running total to the one undertaking it speaks of, or to all it sums over."""
    bars: dict[str, set[str]] = defaultdict(set)
    for one, other in cannot:
        bars[one].add(other)
        bars[other].add(one)
    by_key: dict[Key, list[Group]] = defaultdict(list)
    for group in groups:
        for key in {key for case in group.cases for key in case.keys}:
            by_key[key].append(group)
        everybody = (*group.cases[0].keys[0][:2], ALLIES)
        if not by_key[everybody] or by_key[everybody][-1] is not group:
            by_key[everybody].append(group)
    own: list[Group] = []
    for total in totals:
        # Whoever is named first will do: those that it sums over have the same parties. What is
        # said of the allies as a whole sums over everybody.
        near = by_key.get((*total.keys[0][:2], ALLIES) if _is_of_all(total) else total.keys[0], ())
        covered = [
            group
            for group in near
            if _sums_over(total, group)
            and bars[total.id].isdisjoint(case.id for case in group.cases)
        ]
        ranked = sorted(
            ((_likeness(total, group, scorer), -place) for place, group in enumerate(covered)),
            reverse=True,
        )
        clear = len(ranked) == 1 or (
            len(ranked) > 1 and ranked[0][0] - ranked[1][0] > rules.total_margin
        )
        best = covered[-ranked[0][1]] if clear else None
        # Among several, the one of unknown size is no better a guess for being unknown.
        sure = best is not None and (len(ranked) == 1 or _is_measured(total, best))
        if best is not None and sure and ranked[0][0] > rules.threshold:
            best.cases.append(total)
        elif covered:
            for group in covered:
                group.totals.append(total)
        else:
            own.append(Group([total]))
    groups += own


def _is_measured(total: Case, group: Group) -> bool:
    """Tell whether an undertaking has a figure that the total can be held against."""
    return any(
        (case.quantity is not None and case.unit == total.unit)
        or (case.money is not None and case.currency == total.currency)
        for case in group.cases
    )


_ENOUGH = 4


def _likeness(total: Case, group: Group, scorer: Scorer) -> float:
    """Return the mean score of a total with the first and last acts of an undertaking."""
    acts = [case for case in group.cases if case.scope is not Scope.TOTAL] or group.cases
    some = acts if len(acts) <= 2 * _ENOUGH else acts[:_ENOUGH] + acts[-_ENOUGH:]
    return sum(scorer.total(total, case) for case in some) / len(some)


def _is_of_all(total: Case) -> bool:
    return ALLIES in total.actors


def _sums_over(total: Case, group: Group) -> bool:
    lead = group.cases[0]
    if lead.order > total.order:
        return False
    if not _is_of_all(total) and not any(case.actors & total.actors for case in group.cases):
        return False
    if total.beneficiary not in (lead.beneficiary, None):
        return False
    return total.designation is None or any(
        case.designation is None or related(total, case) for case in group.cases
    )


def _note_doubts(
    acts: Sequence[Case], groups: Sequence[Group], scorer: Scorer, rules: Rules, cannot: Pairs
) -> None:
    """Note where two undertakings hold statements that would pass for one, were they alone."""
    decided = {frozenset(pair) for pair in cannot}
    home = {case.id: number for number, group in enumerate(groups) for case in group.cases}
    best: dict[tuple[int, int], tuple[float, Case, Case]] = {}
    for first, second in meetings(acts, rules.doubt_window):
        one, other = acts[first], acts[second]
        here, there = home[one.id], home[other.id]
        if here == there or frozenset((one.id, other.id)) in decided:
            continue
        total = scorer.total(one, other)
        if total <= rules.doubt:
            continue
        for sides, found in (((here, there), (one, other)), ((there, here), (other, one))):
            if sides not in best or total > best[sides][0]:
                best[sides] = (total, *found)
    for (here, there), (total, one, other) in sorted(best.items(), key=lambda item: item[0]):
        groups[here].doubts.append(
            Doubt(
                groups[there].cases[0].id,
                round(probability(total), 4),
                one.id,
                other.id,
                tuple(scorer.reasons(one, other)),
            )
        )


def _judged_pairs(must: Pairs) -> Mapping[str, set[str]]:
    decided: dict[str, set[str]] = defaultdict(set)
    for one, other in must:
        decided[one].add(other)
        decided[other].add(one)
    return decided


def _links(
    cases: Sequence[Case], scorer: Scorer, decided: Mapping[str, set[str]]
) -> dict[str, Link]:
    links = {}
    members = {case.id for case in cases}
    for case in cases:
        others = [other for other in cases if other is not case]
        if not others:
            links[case.id] = Link(case.id, 1.0)
            continue
        totals = {other.id: scorer.total(case, other) for other in others}
        closest = max(others, key=_closest(totals))
        judged = bool(decided.get(case.id, set()) & members)
        # What only a judgement brought together says nothing of the others.
        likely = [total for total in totals.values() if total > VETO] or [VETO]
        mean = sum(likely) / len(likely)
        links[case.id] = Link(
            case.id,
            1.0 if judged else round(probability(mean), 4),
            closest.id,
            tuple(scorer.reasons(case, closest)),
            judged,
        )
    return links


def _closest(totals: Mapping[str, float]) -> Callable[[Case], tuple[float, str]]:
    return lambda other: (totals[other.id], other.id)
