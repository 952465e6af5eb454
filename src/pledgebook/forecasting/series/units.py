"""Units laid beside each other: periods to days, rounds and items to one, parts kept apart."""

from __future__ import annotations

import datetime as dt

from pledgebook.forecasting.series.nodes import Node
from pledgebook.forecasting.series.settings import Settings
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Per

__all__ = ["DAYS", "PART", "days_of", "per_day", "unit_of"]

DAYS: dict[Per, float] = {Per.DAY: 1.0, Per.WEEK: 7.0, Per.MONTH: 30.4375, Per.YEAR: 365.25}
"""Days in each period, on average over the calendar's leap cycle of four years."""

PART = "part"
"""The unit of bodies and casings."""

_COUNTS = frozenset({"item", "round"})


def unit_of(told: str, node: Node, quote: str, catalogue: Catalogue, settings: Settings) -> str:
    """Return the unit in which figures of an item are laid beside each other.

    A missile is a round and an item; both become the unit in which the catalogue counts it. Bodies
    and casings are parts, whatever they were coded as, and shells that were coded as items are not
    known to be rounds.
    """
    if told not in _COUNTS:
        return told
    if settings.has("part", quote) and not settings.has("complete", quote):
        return PART
    if told == "item" and node.category in settings.items_apart:
        return told
    item = catalogue.items.get(node.name)
    counted = item.unit if item else catalogue.default_units.get(node.category, told)
    return counted if counted in _COUNTS else told


def days_of(first: dt.date, last: dt.date) -> int:
    """Return how many days a span has, both its ends counted."""
    return (last - first).days + 1


def per_day(amount: float | None, days: float) -> float | None:
    """Return a daily rate; an open end stays open."""
    return None if amount is None else amount / days
