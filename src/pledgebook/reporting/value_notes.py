"""What must be said below converted and valued figures: rates, days, lists, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pledgebook.ledger.money.convert import Conversion
from pledgebook.ledger.money.values import InKind, ValueRow

__all__ = ["conversions_of", "value_notes"]

_FEW = 3


def conversions_of(rows: Iterable[ValueRow], *, prices: bool = True) -> list[Conversion]:
    """Return every conversion that rows rest on; `prices` takes those of price lists too."""
    valuations = [one for row in rows for one in row.valuations]
    found = [one for value in valuations for one in value.money]
    if prices:
        found += [one.unit_price for one in _in_kind(rows) if one.unit_price is not None]
    return found


def value_notes(rows: Sequence[ValueRow], *, in_kind: bool = True) -> list[str]:
    """Return the sources and days of the rates, what has no rate, the lists, what has no price."""
    conversions = conversions_of(rows, prices=in_kind)
    notes = _rates([one for one in conversions if one.known and one.source])
    missing = Counter(
        f"{one.currency} of {one.asked}, {one.note}" for one in conversions if not one.known
    )
    notes += _listed("No rate, counted as not known", missing)
    if not in_kind:
        return notes
    things = _in_kind(rows)
    rows_by_list: dict[str, set[str]] = {}
    for one in things:
        if one.price is not None:
            rows_by_list.setdefault(one.price.rows[0].of_list, set()).update(one.price.documents)
    if rows_by_list:
        lists = "; ".join(
            f"{name} ({len(used)} row{'s' * (len(used) != 1)})"
            for name, used in sorted(rows_by_list.items())
        )
        notes.append(f"Prices: {lists}.")
    unpriced = Counter(one.note for one in things if one.note and one.price is None)
    notes += _listed("Not valued, counted as not known", unpriced)
    parts = sum(row.parts for row in rows)
    if parts:
        notes.append(
            f"{parts} in kind within a package whose money is stated: not in what is counted once."
        )
    return notes


def _in_kind(rows: Iterable[ValueRow]) -> list[InKind]:
    return [one.in_kind for row in rows for one in row.valuations if one.in_kind is not None]


def _rates(conversions: Sequence[Conversion]) -> list[str]:
    """Return each source with the days and periods that its rates are of."""
    spans: dict[str, list[Conversion]] = {}
    for one in conversions:
        spans.setdefault(one.source, []).append(one)
    notes = []
    for source, some in sorted(spans.items()):
        days = sorted({one.published for one in some if "average" not in one.published})
        means = sorted({one.asked for one in some if "average" in one.published})
        parts = []
        if days:
            many = f"{len(days)} days, {days[0]} to {days[-1]}"
            parts.append(f"rates of {days[0] if len(days) == 1 else many}")
        if means:
            parts.append(f"averages of {', '.join(means[:_FEW])}{' …' * (len(means) > _FEW)}")
        notes.append(f"{source}: {'; '.join(parts)}.")
    return notes


def _listed(lead: str, found: Counter[str]) -> list[str]:
    if not found:
        return []
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    shown = "; ".join(f"{text} ({count})" if count > 1 else text for text, count in ordered[:_FEW])
    rest = sum(count for _, count in ordered[_FEW:])
    return [f"{lead}: {shown}{f'; {rest} more' if rest else ''}."]
