"""Which statements of two coders are one and the same, and in which fields they agree.

The rule of the coding book: statements of a document are paired one to one, the most alike first;
only those whose evidence overlaps, half of the words of the shorter one, and of which neither is
far longer than the other, may be a pair.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pledgebook.vocabulary.statement import Money, Quantity, Statement

__all__ = ["CORE", "FIELDS", "FULL", "OPTIONAL", "Pair", "Value", "match", "values_of"]

Value = str | tuple[object, ...] | None
"""What one field says, so that equal things are equal; None where it says nothing."""

_WORD = re.compile(r"\w+")
_NOT_TOLD = re.compile(r"[^a-z0-9]+")
_LEAST_OVERLAP = 0.5
_TIMES_AS_LONG, _LONG = 3, 350
_LEAST_AFFINITY = 10.0
_OVERLAP_WEIGHT = 2.0


def _name(text: str | None) -> Value:
    """Names are alike whatever their case and their signs: "F-16" is "F16"."""
    return _NOT_TOLD.sub("", (text or "").lower()) or None


def _quantity(quantity: Quantity | None) -> Value:
    return None if quantity is None else (quantity.low, quantity.high, quantity.per)


def _money(money: Money | None) -> Value:
    return None if money is None else (money.low, money.high, money.currency)


_GET: dict[str, tuple[float, Callable[[Statement], Value]]] = {
    "kind": (4, lambda one: one.kind.value),
    "category": (4, lambda one: one.item.category.value),
    "actors": (4, lambda one: tuple(sorted(str(_name(name) or "") for name in one.actors))),
    "designation": (2, lambda one: _name(one.item.designation)),
    "quantity": (3, lambda one: _quantity(one.quantity)),
    "money": (3, lambda one: _money(one.money)),
    "status": (1, lambda one: one.status.value),
    "scope": (1, lambda one: one.scope.value),
    "recipient": (1, lambda one: _name(one.recipient)),
    "when": (1, lambda one: one.when),
    "supplier": (1, lambda one: _name(one.supplier)),
    "unit": (1, lambda one: one.quantity.unit if one.quantity else None),
    "speaker": (1, lambda one: _name(one.speaker)),
}
"""The fields that are compared: what each weighs in pairing, and what it says."""

FIELDS = tuple(_GET)
OPTIONAL = ("designation", "quantity", "money", "recipient", "when", "supplier", "unit", "speaker")
CORE = ("kind", "category", "actors")
FULL = (*CORE, "designation", "quantity", "money", "status", "scope")


def values_of(statement: Statement) -> dict[str, Value]:
    """Return what each field says."""
    return {name: get(statement) for name, (_, get) in _GET.items()}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements that are one, by their places, and the fields in which they differ."""

    one: int
    other: int
    differs: tuple[str, ...]

    @property
    def core(self) -> bool:
        """Whether both say who does what with which kind of item."""
        return not set(self.differs) & set(CORE)

    @property
    def full(self) -> bool:
        """Whether they also agree on model, figures, status and scope."""
        return not set(self.differs) & set(FULL)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of an evidence, and how long it is in characters."""

    counted: Counter[str]
    length: int

    @classmethod
    def of(cls, quote: str) -> _Words:
        return cls(Counter(_WORD.findall(quote.lower())), len(quote))

    def overlap(self, other: _Words) -> float:
        """Return the share of the different words of the shorter one that the other has too."""
        shared = len(self.counted.keys() & other.counted.keys())
        return shared / max(1, min(len(self.counted), len(other.counted)))

    def likeness(self, other: _Words) -> float:
        """Return the F1 of the words of one against those of the other."""
        shared = (self.counted & other.counted).total()
        return 2 * shared / max(1, self.counted.total() + other.counted.total())

    def is_near(self, other: _Words) -> bool:
        short, long = sorted((self.length, other.length))
        return self.overlap(other) >= _LEAST_OVERLAP and long <= max(_TIMES_AS_LONG * short, _LONG)


def match(some: Sequence[Statement], others: Sequence[Statement]) -> list[Pair]:
    """Pair the statements of two coders of one document, in the order of the first's."""
    here = [(values_of(one), _Words.of(one.evidence.quote)) for one in some]
    there = [(values_of(one), _Words.of(one.evidence.quote)) for one in others]
    likely = []
    for i, (one, words) in enumerate(here):
        for j, (other, those) in enumerate(there):
            if words.is_near(those):
                differs = tuple(name for name in FIELDS if one[name] != other[name])
                alike = sum(weight for name, (weight, _) in _GET.items() if name not in differs)
                alike += _OVERLAP_WEIGHT * words.overlap(those) + words.likeness(those)
                if alike >= _LEAST_AFFINITY:
                    likely.append((-alike, i + j, i, Pair(i, j, differs)))
    pairs: list[Pair] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    # Equal likeness is settled by place in a way that is the same from either side.
    for *_, pair in sorted(likely, key=lambda found: found[:3]):
        if pair.one not in taken[0] and pair.other not in taken[1]:
            taken[0].add(pair.one)
            taken[1].add(pair.other)
            pairs.append(pair)
    return sorted(pairs, key=lambda pair: pair.one)
