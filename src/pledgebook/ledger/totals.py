"""Sums over commitments that take each unit of money, and each thing that was paid for, once.

What lies within a whole is not added to it: a fund of a package, an item with a price of its own, a
payment for what another hands over. Where the whole is not among the commitments that are added up,
its parts count by themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.wholes import Relation

__all__ = [
    "OUTSTANDING",
    "Amounts",
    "CategoryTotal",
    "counts_items",
    "is_open",
    "money_total",
    "once",
    "outstanding_total",
    "outstanding_totals",
    "quantity_total",
    "quantity_totals",
]

Amounts = Mapping[str, Interval]
"""What one commitment brings to a sum, by currency, unit or whatever is kept apart."""

OUTSTANDING = "outstanding"
"""What was promised and is not known to be delivered, where stages are named."""


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """The rows of `status` of one item category in one unit, added up stage by stage.

    `quantities` also has `outstanding`; `money` is by stage and currency; `rows` counts.
    """

    category: str
    unit: str | None
    rows: int
    overdue: int
    quantities: Mapping[str, Total]
    money: Mapping[str, Mapping[str, Total]]


_EVERY = frozenset(Relation)


def once(
    commitments: Iterable[Commitment],
    amounts: Callable[[Commitment], Amounts],
    *,
    relations: frozenset[Relation] = _EVERY,
    whole_is_firm: bool = True,
) -> dict[str, Total]:
    """Add up what commitments bring, by key, each whole with its parts once.

    `amounts` may be anything that is worth adding up: money as given, converted, or the value of
    items. A whole counts as what it was said to be, and no less than its parts come to; where
    `whole_is_firm` is false, parts may show that it is more. `relations` says which kinds of parts
    lie within their wholes in such amounts.
    """
    members = {commitment.id: commitment for commitment in commitments}
    brought = {name: amounts(commitment) for name, commitment in members.items()}
    keys: dict[str, list[str]] = defaultdict(list)
    for name, found in brought.items():
        for key in found:
            keys[key].append(name)
    related = {
        name: [part.whole for part in commitment.wholes if part.relation in relations]
        for name, commitment in members.items()
        if commitment.wholes
    }
    return {
        key: Total.of(_terms(keys[key], key, brought, related, members, whole_is_firm))
        for key in sorted(keys)
    }


def _terms(
    names: Sequence[str],
    key: str,
    brought: Mapping[str, Amounts],
    related: Mapping[str, list[str]],
    members: Mapping[str, Commitment],
    whole_is_firm: bool,
) -> list[Interval]:
    inside: dict[str, list[str]] = defaultdict(list)
    tops = []
    for name in names:
        whole = _above(name, key, brought, related, members) if name in related else None
        if whole is None:
            tops.append(name)
        else:
            inside[whole].append(name)
    return [_held(name, key, brought, inside, whole_is_firm) for name in tops]


def _above(
    name: str,
    key: str,
    brought: Mapping[str, Amounts],
    related: Mapping[str, list[str]],
    members: Mapping[str, Commitment],
) -> str | None:
    """Return the nearest whole that brings something of the same kind to the sum."""
    waiting, seen = list(related[name]), {name}
    while waiting:
        whole = waiting.pop(0)
        if whole in seen:
            continue
        seen.add(whole)
        if whole in members and key in brought[whole]:
            return whole
        waiting += related.get(whole, [])
    return None


def _held(
    name: str,
    key: str,
    brought: Mapping[str, Amounts],
    inside: Mapping[str, list[str]],
    whole_is_firm: bool,
) -> Interval:
    own = brought[name][key]
    parts = inside.get(name)
    if not parts:
        return own
    together: Interval | None = None
    for part in parts:
        held = _held(part, key, brought, inside, whole_is_firm)
        together = held if together is None else together.added(held)
    return own.holding(together or UNKNOWN, whole_is_firm=whole_is_firm)


def money_total(commitments: Iterable[Commitment], stage: Stage) -> dict[str, Total]:
    """Return the money of a stage by currency, as given; each package with its parts once."""

    def money(commitment: Commitment) -> Amounts:
        figure = commitment.stages.get(stage)
        return {} if figure is None else figure.money

    return once(commitments, money, whole_is_firm=stage is not Stage.DELIVERED)


_FUNDING = frozenset({Relation.FUNDING})
_ALL = ""


def quantity_total(commitments: Iterable[Commitment], stage: Stage) -> Total:
    """Return the quantity of a stage; what one pays for and another hands over counts once.

    A promise of money alone has no number of items that would be unknown.
    """
    return _quantities(commitments, stage, lambda _: _ALL).get(_ALL, Total())


def quantity_totals(commitments: Iterable[Commitment], stage: Stage) -> dict[str | None, Total]:
    """Return the quantity of a stage as `quantity_total` does, each unit for itself."""
    found = _quantities(commitments, stage, lambda unit: unit or _ALL)
    return {unit or None: total for unit, total in found.items()}


def _quantities(
    commitments: Iterable[Commitment], stage: Stage, key: Callable[[str | None], str]
) -> dict[str, Total]:
    def quantity(commitment: Commitment) -> Amounts:
        figure = commitment.stages.get(stage)
        if figure is None or (not figure.quantity.known and figure.money):
            return {}
        return {key(figure.unit): figure.quantity}

    return once(commitments, quantity, relations=_FUNDING)


def outstanding_total(commitments: Iterable[Commitment]) -> Total | None:
    """Return what is outstanding, None where no number of items was promised."""
    return _left(commitments, lambda _: _ALL).get(_ALL)


def outstanding_totals(commitments: Iterable[Commitment]) -> dict[str | None, Total]:
    """Return what is outstanding as `outstanding_total` does, each unit for itself."""
    found = _left(commitments, lambda unit: unit or _ALL)
    return {unit or None: total for unit, total in found.items()}


def _left(commitments: Iterable[Commitment], key: Callable[[str | None], str]) -> dict[str, Total]:
    def outstanding(commitment: Commitment) -> Amounts:
        left = commitment.outstanding
        if left is None or not counts_items(commitment):
            return {}
        return {key(commitment.unit): left}

    return once(commitments, outstanding, relations=_FUNDING)


def is_open(commitment: Commitment) -> bool:
    """Tell whether something that was promised is, or may be, still to come."""
    left = commitment.outstanding
    if left is None or left.high == 0:
        return False
    return left.low is not None or counts_items(commitment)


def counts_items(commitment: Commitment) -> bool:
    """Tell whether a commitment is about a number of items, not only about money."""
    figures = [
        commitment.stages[stage]
        for stage in (Stage.PLEDGED, Stage.ON_ORDER)
        if stage in commitment.stages
    ]
    return any(figure.quantity.known or not figure.money for figure in figures)
