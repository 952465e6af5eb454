"""How strongly two statements speak of one undertaking, and why, in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from pledgebook.ledger.cases import ALLIES, Case, related
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.rules import Rules
from pledgebook.vocabulary.statement import Kind, Scope

VETO = -20.0
"""The sum for a pair that no other evidence may join."""

_ORDER = 2.5
_EQUAL = ("quantity-equal", "money-equal")
_PROMISES = (Kind.PLEDGE, Kind.CONTRACT)


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that held of a pair, with what it added to the sum."""

    rule: str
    weight: float
    says: str


def probability(total: float) -> float:
    """Turn a sum of weights into a score between 0 and 1."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


class Scorer:
    """Compares cases by the rules. `parts` are pairs that add up to a whole in one document.

    What two statements say is compared once and remembered: the same is said again and again. Only
    the days between them are looked at anew.
    """

    def __init__(self, rules: Rules, parts: Iterable[frozenset[str]] = ()) -> None:
        self._rules = rules
        self._weights = {name: rule.weight for name, rule in rules.rules.items()}
        self._parts = frozenset(parts)
        self._in_parts = frozenset(name for pair in self._parts for name in pair)
        self._signs: dict[tuple[object, ...], int] = {}
        self._sign_of: dict[str, int] = {}
        self._said: dict[tuple[int, int, bool], float] = {}

    def total(self, one: Case, other: Case) -> float:
        """Return the sum of the weights of the rules that hold of a pair."""
        if one.order > other.order:
            one, other = other, one
        same_document = one.entry.document == other.entry.document
        if same_document and self._is_sum(one, other):
            names = _said(one, other, is_sum=True)
            return VETO if names is None else self._sum(names)
        key = self._sign(one), self._sign(other), same_document
        known = self._said.get(key)
        if known is None:
            names = _said(one, other)
            known = self._said[key] = VETO if names is None else self._sum(names)
        if known == VETO or same_document:
            return known
        return known + self._sum(self._days(one, other))

    def reasons(self, one: Case, other: Case) -> list[Reason]:
        """Return the rules that hold of a pair, weightiest first."""
        if one.order > other.order:
            one, other = other, one
        is_sum = self._is_sum(one, other)
        names = _said(one, other, is_sum=is_sum) or []
        if names and not is_sum:
            names += self._days(one, other)
        fields = _fields(one, other)
        found = [
            Reason(name, self._weights[name], self._rules.rules[name].says.format_map(fields))
            for name in names
        ]
        return sorted(found, key=lambda reason: (-abs(reason.weight), reason.rule))

    def _is_sum(self, one: Case, other: Case) -> bool:
        return one.id in self._in_parts and frozenset((one.id, other.id)) in self._parts

    def _sum(self, names: Iterable[str]) -> float:
        return sum(self._weights[name] for name in names)

    def _sign(self, case: Case) -> int:
        """Return a number for what a case says, whoever says it when."""
        sign = self._sign_of.get(case.id)
        if sign is None:
            sign = self._signs.setdefault(case.says, len(self._signs))
            self._sign_of[case.id] = sign
        return sign

    def _days(self, one: Case, other: Case) -> list[str]:
        if one.entry.document == other.entry.document:
            return []
        if not (one.entry.dated and other.entry.dated):
            # The day of ingestion says nothing on how far apart two reports were published.
            return []
        names = []
        days = (other.entry.counted - one.entry.counted).days
        both_new = one.scope is Scope.NEW and other.scope is Scope.NEW
        if both_new and one.kind is other.kind and days > self._rules.news_days:
            names.append("news-apart")
            if days > self._rules.far_days:
                names.append("news-far")
        if days <= self._rules.near_days:
            names.append("published-near")
        elif days > self._rules.far_days:
            names.append("published-far")
        return names


def _said(one: Case, other: Case, *, is_sum: bool = False) -> list[str] | None:
    """Return the rules that hold of what an earlier and a later case say; None where none may."""
    actors = _actors(one, other)
    recipient = _recipient(one, other)
    if actors is None or recipient is None or one.family != other.family:
        return None
    if is_sum:
        # The sum settles what item and quantity alone would leave open or deny.
        return [actors, recipient, "parts"]
    names = [actors, recipient, _item(one, other)]
    listed = _listed_apart(one, other)
    names += ["same-document"] if listed else []
    # One document does not list the same thing twice: equal amounts are no sign there.
    names += [name for name in _quantity(one, other) if not (listed and name in _EQUAL)]
    names += [name for name in _money(one, other) if not (listed and name in _EQUAL)]
    names += _when(one, other)
    names += _sequence(one, other)
    if one.supplier and other.supplier:
        same = one.supplier in other.supplier or other.supplier in one.supplier
        names.append("supplier-equal" if same else "supplier-conflict")
    if _says_little(one) or _says_little(other):
        names.append("says-little")
    if one.firm != other.firm:
        names.append("only-considered")
    return names


def _sequence(one: Case, other: Case) -> list[str]:
    names = []
    same_document = one.entry.document == other.entry.document
    if not same_document and other.scope is not Scope.NEW:
        names.append("recalled")
    elif not same_document and other.further and other.kind in _PROMISES:
        names.append("further")
    if one.kind in _PROMISES and other.kind is Kind.DELIVERY:
        names.append("fulfilment")
    elif one.kind is Kind.DELIVERY and other.kind in _PROMISES:
        later = other.scope is Scope.NEW and not same_document
        names.append("promise-after-delivery" if later else "fulfilment")
    return names


def _actors(one: Case, other: Case) -> str | None:
    if one.actors == other.actors:
        return "actors-equal" if one.actors else "actors-unknown"
    if one.actors & other.actors:
        return "actors-overlap"
    for buyer, giver in ((one, other), (other, one)):
        sale = buyer.buys_for_itself and not giver.buys_for_itself
        if sale and giver.beneficiary is not None and giver.beneficiary in buyer.actors:
            return "actors-buyer-giver"
    return None


def _recipient(one: Case, other: Case) -> str | None:
    if one.beneficiary == other.beneficiary:
        return "recipient-equal"
    if one.beneficiary is None or other.beneficiary is None:
        return "recipient-missing"
    return None


def _item(one: Case, other: Case) -> str:
    if one.designation is None and other.designation is None:
        return "item-category"
    if one.designation is None or other.designation is None:
        return "item-vague"
    if one.words == other.words:
        return "item-equal"
    return "item-related" if related(one, other) else "item-conflict"


def _quantity(one: Case, other: Case) -> list[str]:
    first, second = one.quantity, other.quantity
    if first is None or second is None:
        return [] if first is second else ["quantity-one-sided"]
    if one.unit != other.unit:
        return ["quantity-units"]
    if first == second:
        return ["quantity-equal"]
    if _agree(first, second) or ((one.approx or other.approx) and _close(first, second)):
        return ["quantity-compatible"]
    if _is_part(one, other) or _is_part(other, one):
        return ["quantity-partial"]
    if _of_one_order(first, second):
        return ["quantity-conflict"]
    return ["quantity-conflict", "quantity-far"]


def _is_part(part: Case, whole: Case) -> bool:
    return (
        part.kind is Kind.DELIVERY
        and whole.kind in _PROMISES
        and part.quantity is not None
        and whole.quantity is not None
        and (whole.quantity.high is None or part.quantity.floor < whole.quantity.high)
    ) or (part.kind is whole.kind is Kind.DELIVERY and part.entry.document != whole.entry.document)


def _agree(first: Interval, second: Interval) -> bool:
    """Tell whether intervals meet; "up to" and "at least" speak of amounts of that order only."""
    return first.meets(second) and _of_one_order(first, second)


def _of_one_order(first: Interval, second: Interval) -> bool:
    ends = [end for end in (first.low, first.high, second.low, second.high) if end is not None]
    return min(ends) * _ORDER >= max(ends)


def _close(first: Interval, second: Interval) -> bool:
    small, large = sorted((first.low or first.high or 0.0, second.low or second.high or 0.0))
    return small >= 0.8 * large


def _money(one: Case, other: Case) -> list[str]:
    first, second = one.money, other.money
    if first is None or second is None:
        bare = (one, other) if second is None else (other, one)
        if first is second or bare[1].quantity is None or bare[0].quantity is not None:
            return []
        return ["money-or-quantity"]
    if one.currency != other.currency:
        return ["money-currencies"]
    if first == second:
        return ["money-equal"]
    return ["money-compatible" if _agree(first, second) else "money-conflict"]


def _when(one: Case, other: Case) -> list[str]:
    if one.span is None or other.span is None:
        return []
    if one.when == other.when:
        return ["when-equal"]
    if one.span[0] <= other.span[1] and other.span[0] <= one.span[1]:
        return ["when-compatible"]
    # A promise's date and its delivery's date are two dates.
    return ["when-conflict"] if one.kind is other.kind else []


def _says_little(case: Case) -> bool:
    """Tell whether a statement gives nothing to know its undertaking by but who and what kind."""
    return case.quantity is None and case.money is None and case.designation is None


def _listed_apart(one: Case, other: Case) -> bool:
    """Tell whether one document gives two statements of one kind beside each other."""
    return (
        one.entry.document == other.entry.document
        and one.kind is other.kind
        and one.scope is other.scope
        and _rivals(one, other)
    )


def _rivals(one: Case, other: Case) -> bool:
    """Tell whether two statements of one document compete: each gives, or lacks, the same."""
    if (one.designation is None) != (other.designation is None):
        return True
    if (one.quantity is None) != (other.quantity is None):
        return False
    return (one.money is None) == (other.money is None)


def _fields(one: Case, other: Case) -> dict[str, str | int]:
    if one.order > other.order:
        one, other = other, one
    narrow, wide = one, other
    if len(one.words) < len(other.words):
        narrow, wide = other, one
    days = abs((other.entry.counted - one.entry.counted).days)
    small, large = one, other
    if one.quantity and other.quantity and one.quantity.floor > other.quantity.floor:
        small, large = other, one
    return {
        "item": narrow.designation or narrow.category.value,
        "other": wide.designation or wide.category.value,
        "category": one.category.value,
        "quantity": str(small.quantity),
        "other_quantity": str(large.quantity),
        "money": f"{one.money} {one.currency}",
        "other_money": f"{other.money} {other.currency}",
        "when": one.when or "",
        "other_when": other.when or "",
        "supplier": one.entry.statement.supplier or "",
        "days": days,
    }


def parts_of_wholes(cases: Iterable[Case], most: int) -> set[frozenset[str]]:
    """Find, in each document, quantities that add up to another one of the same undertaking.

    "Four of the 13 jets were handed over, the other nine will follow": both are parts of the 13.
    """
    groups: dict[tuple[object, ...], list[Case]] = {}
    for case in cases:
        exact = case.quantity is not None and case.quantity.low == case.quantity.high
        if exact and case.scope is not Scope.TOTAL and case.family == "promise":
            key = (case.entry.document, case.beneficiary, case.category, case.unit)
            groups.setdefault(key, []).append(case)
    pairs: set[frozenset[str]] = set()
    for group in groups.values():
        ordered = sorted(group, key=lambda case: case.order)
        if 3 <= len(ordered) <= _MOST_IN_A_DOCUMENT:
            for whole in ordered:
                pairs |= _parts(whole, ordered, most)
    return pairs


_MOST_IN_A_DOCUMENT = 12


def _parts(whole: Case, group: list[Case], most: int) -> set[frozenset[str]]:
    if whole.kind not in _PROMISES:
        return set()
    others = [case for case in group if case is not whole and _may_be_part(case, whole)]
    if whole.scope is Scope.NEW:
        # What was handed over before is no part of a promise that is news.
        others = [case for case in others if case.kind in _PROMISES]
    for size in range(2, most + 1):
        for chosen in combinations(others, size):
            if sum(_exact(case) for case in chosen) == _exact(whole):
                members = (whole, *chosen)
                return {frozenset((a.id, b.id)) for a, b in combinations(members, 2)}
    return set()


def _may_be_part(part: Case, whole: Case) -> bool:
    smaller = 0 < _exact(part) < _exact(whole)
    acts = _actors(part, whole) is not None and ALLIES not in part.actors
    vague = part.designation is None or whole.designation is None
    return smaller and acts and (vague or related(part, whole))


def _exact(case: Case) -> float:
    return case.quantity.floor if case.quantity is not None else 0.0
