"""Totals over rows: what is known at least and at most, and how much is not known.

Stages are never added to each other, nor units, nor currencies. What lies within a whole that is
added up too is not added to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pledgebook.ledger.intervals import Total
from pledgebook.ledger.status import COUNTED, StatusRow
from pledgebook.ledger.totals import (
    OUTSTANDING,
    CategoryTotal,
    money_total,
    outstanding_total,
    quantity_total,
)

__all__ = ["category_totals"]


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
    members = [commitment for row in rows for commitment in row.commitments]
    quantities: dict[str, Total] = {}
    money: dict[str, dict[str, Total]] = {}
    for stage in COUNTED:
        if any(stage in row.quantities for row in rows):
            quantities[stage.value] = quantity_total(members, stage)
        amounts = money_total(members, stage)
        if amounts:
            money[stage.value] = amounts
    left = outstanding_total(members)
    if left is not None:
        quantities[OUTSTANDING] = left
    return CategoryTotal(
        category, unit, len(rows), sum(row.overdue for row in rows), quantities, money
    )
