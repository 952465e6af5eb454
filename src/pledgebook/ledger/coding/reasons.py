"""Why a statement stands out: what the ledger and the machine's own scores say of it."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pledgebook.ledger.answers.contradictions import contradictions_of
from pledgebook.ledger.coding.weights import Weighing, load_weighing
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry
from pledgebook.ledger.wording import amount
from pledgebook.reading.agreement import finding_of

__all__ = ["Reason", "Why", "reasons_of"]

_Like = tuple[str, str, str, str]


class Why(StrEnum):
    """What kind of reason it is."""

    CODERS = "coders"
    READERS = "readers"
    CONTRADICTION = "contradiction"
    LARGE = "large"
    LOW_SCORE = "low-score"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, in plain words, and what it weighs."""

    why: Why
    says: str
    weight: float


def reasons_of(ledger: Ledger, weighing: Weighing | None = None) -> dict[str, list[Reason]]:
    """Return, by statement, why those that stand out do so; the heaviest reason comes first."""
    rules = weighing or load_weighing()
    found: dict[str, list[Reason]] = defaultdict(list)
    entries = [entry for entry in ledger.entries.values() if entry.release is None]
    _contradicted(ledger, rules, found)
    _large(entries, rules, found)
    below, undated = rules.score.below, rules.weights.undated
    for entry in entries:
        statement = entry.statement
        if statement.score < below:
            says = f"the reader is not sure of it (score {statement.score:.2f})"
            weight = rules.weights.low_score * (1 - statement.score)
            found[entry.id].append(Reason(Why.LOW_SCORE, says, weight))
        both = finding_of(statement)
        if both is not None and both.for_review:
            found[entry.id].append(Reason(Why.READERS, both.says(), rules.weights.readers))
        if not entry.dated:
            says = "its document has no date"
            found[entry.id].append(Reason(Why.UNDATED, says, undated))
    for some in found.values():
        some.sort(key=lambda reason: (-reason.weight, reason.why, reason.says))
    return dict(found)


def _contradicted(ledger: Ledger, rules: Weighing, found: dict[str, list[Reason]]) -> None:
    said: dict[str, dict[str, None]] = defaultdict(dict)
    for clash in contradictions_of(ledger, ledger.commitments):
        says = clash.says
        if clash.kind == "figures":
            says = f"reports contradict each other ({clash.stage.value}: {clash.says})"
        for name in clash.statements:
            said[name][says] = None
    for name, some in said.items():
        if name in ledger.entries:
            first = next(iter(some))
            more = f", and {len(some) - 1} more such" if len(some) > 1 else ""
            weight = rules.weights.contradiction
            found[name].append(Reason(Why.CONTRADICTION, first + more, weight))


def _large(entries: Iterable[Entry], rules: Weighing, found: dict[str, list[Reason]]) -> None:
    """Find the amounts that are many times the median of their like."""
    likes: dict[_Like, list[tuple[float, Entry]]] = defaultdict(list)
    for entry in entries:
        statement = entry.statement
        category = statement.item.category.value
        quantity, money = statement.quantity, statement.money
        if quantity is not None:
            size = quantity.high if quantity.high is not None else quantity.low
            likes[category, "quantity", quantity.unit, quantity.per or ""].append(
                (size or 0.0, entry)
            )
        if money is not None:
            size = money.high if money.high is not None else money.low
            likes[category, "money", money.currency, money.per or ""].append((size or 0.0, entry))
    weights = rules.weights
    for (category, kind, unit, per), some in likes.items():
        median = statistics.median(size for size, _ in some)
        if len(some) < rules.large.least or median <= 0:
            continue
        for size, entry in some:
            times = size / median
            if times < rules.large.times:
                continue
            told = amount(Interval(size, size), unit) + (f" a {per}" if per else "")
            of = f"{category}, {kind}"
            says = f"{told} is {_times(times)} times the median of its like ({of})"
            weight = min(weights.most_large, weights.large * math.log10(times))
            found[entry.id].append(Reason(Why.LARGE, says, weight))


def _times(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
