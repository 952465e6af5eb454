"""Totals over rows: what is known at least and at most, and how much is not known.

Stages are never added to each other, nor units, nor currencies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pledgebook.ledger.intervals import Total
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED, StatusRow

__all__ = ["OUTSTANDING", "CategoryTotal", "category_totals"]

OUTSTANDING = "outstanding"


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """The rows of one item category in one unit, added up stage by stage.

    `quantities` also has `outstanding`; `money` is by stage and currency; `rows` counts.
    """

    category: str
    unit: str | None
    rows: int
    overdue: int
    quantities: Mapping[str, Total]
    money: Mapping[str, Mapping[str, Total]]


def category_totals(rows: Iterable[StatusRow]) -> list[CategoryTotal]:
    """Return the totals by category and unit, in alphabetical order.

    Rows without a quantity stand with the rows of their category that have one.
    """
    groups: dict[str, dict[str | None, list[StatusRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[row.category.value][row.unit].append(row)
    found = []
    for category, by_unit in sorted(groups.items()):
        unitless = by_unit.pop(None, [])
        if not by_unit:
            found.append(_total(category, None, unitless))
            continue
        common = min(by_unit, key=lambda unit: (-len(by_unit[unit]), unit or ""))
        by_unit[common] += unitless
        units = sorted(by_unit, key=lambda unit: unit or "")
        found += [_total(category, unit, by_unit[unit]) for unit in units]
    return found


def _total(category: str, unit: str | None, rows: list[StatusRow]) -> CategoryTotal:
    quantities: dict[str, Total] = {}
    money: dict[str, dict[str, Total]] = {}
    for stage in COUNTED:
        terms = [row.quantities[stage] for row in rows if stage in row.quantities]
        if terms:
            quantities[stage.value] = _sum(terms)
        amounts = _money(rows, stage)
        if amounts:
            money[stage.value] = amounts
    left = [row.outstanding for row in rows if row.outstanding is not None]
    if left:
        quantities[OUTSTANDING] = _sum(left)
    return CategoryTotal(
        category, unit, len(rows), sum(row.overdue for row in rows), quantities, money
    )


def _money(rows: Iterable[StatusRow], stage: Stage) -> dict[str, Total]:
    terms: dict[str, list[Total]] = defaultdict(list)
    for row in rows:
        for currency, amount in row.money.get(stage, {}).items():
            terms[currency].append(amount)
    return {currency: _sum(some) for currency, some in sorted(terms.items())}


def _sum(terms: Iterable[Total]) -> Total:
    found = list(terms)
    known = [term for term in found if term.low is not None]
    unknown = sum(term.unknown for term in found)
    if not known:
        return Total(unknown=unknown)
    high: float | None = 0.0
    for term in known:
        high = None if high is None or term.high is None else high + term.high
    return Total(sum(term.low or 0.0 for term in known), high, unknown)
