"""The reasons of a link in plain words: the rules that held of a pair, with what each added."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from pledgebook.ledger.cases import Case
from pledgebook.ledger.rules import Rules

__all__ = ["Reason", "Reasons", "probability", "reasons_of"]


_LEAST = 0.05


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that held of a pair, with what it added to the sum."""

    rule: str
    weight: float
    says: str


class Reasons(Sequence[Reason]):
    """The reasons of one pair, weightiest first, put in words when somebody asks.

    A book has as many pairs as links and doubts, of which people read few. `mask` has a bit for
    each rule that held, in the order of `Rules`. It is equal to a tuple of the same reasons.
    """

    __slots__ = ("_mask", "_one", "_other", "_rules")

    def __init__(self, mask: int, one: Case, other: Case, rules: Rules) -> None:
        self._mask = mask
        self._one = one
        self._other = other
        self._rules = rules

    def told(self) -> tuple[Reason, ...]:
        """Return the reasons in words."""
        names = [name for number, name in enumerate(self._rules.rules) if self._mask >> number & 1]
        return tuple(reasons_of(names, self._one, self._other, self._rules))

    def __len__(self) -> int:
        return len(self.told())

    @overload
    def __getitem__(self, index: int) -> Reason: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Reason, ...]: ...
    def __getitem__(self, index: int | slice) -> Reason | tuple[Reason, ...]:
        return self.told()[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Reasons):
            return self.told() == other.told()
        return isinstance(other, tuple) and self.told() == other

    def __hash__(self) -> int:
        return hash(self.told())

    def __repr__(self) -> str:
        return repr(self.told())


def probability(total: float) -> float:
    """Turn a sum of weights into a score between 0 and 1."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def reasons_of(names: Iterable[str], one: Case, other: Case, rules: Rules) -> list[Reason]:
    """Return rules that held of a pair of cases as reasons, weightiest first.

    Those that hardly weigh are left out.
    """
    fields = _fields(one, other)
    found = [
        Reason(name, rules.weight(name), rules.rules[name].says.format_map(fields))
        for name in names
        if abs(rules.weight(name)) >= _LEAST
    ]
    return sorted(found, key=lambda reason: (-abs(reason.weight), reason.rule))


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
