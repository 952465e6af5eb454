"""What is awaited, and what to expect of it, as plain data."""

from __future__ import annotations

from typing import Any

from pledgebook.forecasting.arrivals import ArrivalsList, Awaited, Expectation
from pledgebook.forecasting.forecast import Band
from pledgebook.ledger.release_view import StoredRelease
from pledgebook.reporting.answer_cells import ENDS, Parts, day_text, interval_record
from pledgebook.reporting.caveat_lines import caveat_record
from pledgebook.reporting.fulfilment_table import model_record

__all__ = ["ARRIVALS_FIELDS", "ARRIVALS_PARTS", "arrivals_more", "awaited_record"]

ARRIVALS_FIELDS = (
    "id", "donors", "recipient", "category", "item", "unit", "outstanding", "promised", "due",
    "overdue", "arrived_unreported", "any_by", "all_by", "half_by", "never", "open", "by",
)  # fmt: skip
"""The columns of the CSV: a row for each open commitment."""

ARRIVALS_PARTS: Parts = {"outstanding": ENDS}
"""The fields that are intervals."""

_QUANTILES = ("mean", "p10", "p50", "p90")


def awaited_record(row: Awaited, found: ArrivalsList) -> dict[str, Any]:
    """Return one open commitment with its chances; `half_by` is the day of an even chance."""
    one = row.commitment
    return {
        "id": row.id,
        "donors": list(one.donors),
        "recipient": one.recipient,
        "category": one.category.value,
        "item": one.item,
        "unit": one.unit,
        "outstanding": interval_record(row.left),
        "promised": one.promised,
        "due": day_text(one.due),
        "overdue": one.overdue,
        "arrived_unreported": row.arrived,
        "any_by": row.any_by,
        "all_by": row.all_by,
        "half_by": day_text(row.median),
        "never": row.never,
        "open": row.open,
        "by": found.by.isoformat(),
    }


def arrivals_more(found: ArrivalsList) -> dict[str, Any]:
    """Return all that is told besides the single commitments."""
    return {
        "by": found.by.isoformat(),
        "months": [
            {"first_day": first.isoformat(), "day_after": after.isoformat()}
            for first, after in zip(found.days[:-1], found.days[1:], strict=True)
        ],
        "expected": [_expectation(one) for one in found.expected],
        "own_orders_left_out": found.own,
        "model": {
            "learned_from": found.learned.says,
            "release": _release(found.learned.release),
            **model_record(found.learned.model),
            "unused": [caveat_record(one) for one in found.learned.unused],
        },
        "caveats": [caveat_record(one) for one in found.caveats],
        "draws": found.draws,
        "seed": found.seed,
    }


def _release(release: StoredRelease | None) -> dict[str, Any] | None:
    if release is None:
        return None
    return {
        "id": release.id,
        "dataset": release.dataset,
        "name": release.name,
        "day": release.day.isoformat(),
    }


def _expectation(one: Expectation) -> dict[str, Any]:
    arrivals = one.arrivals
    return {
        "recipient": one.recipient,
        "item": one.item,
        "name": one.name,
        "unit": one.unit,
        "all_kinds": one.whole,
        "outstanding": interval_record(one.outstanding) if one.counted else None,
        "commitments": list(one.counted),
        "of_unknown_size": list(one.unknown),
        "within_others": list(one.within),
        "arrived_unreported": _band(arrivals.already) if arrivals else None,
        "by_month": _band(arrivals.band) if arrivals else None,
        "since_now": _band(arrivals.by) if arrivals else None,
    }


def _band(band: Band) -> dict[str, list[float]]:
    return {name: [float(value) for value in getattr(band, name)] for name in _QUANTILES}
