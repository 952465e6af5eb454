"""Fields of a query (donor:, recipient:, item:, kind:, from: and more) as the units they leave."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from pledgebook.ledger.filters import item_key
from pledgebook.ledger.search.columns import Mask
from pledgebook.ledger.search.found import KINDS
from pledgebook.ledger.search.names import Names
from pledgebook.ledger.search.query import Condition, words_of
from pledgebook.ledger.search.units import Units
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category, Kind

__all__ = ["Conditions"]

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_END = dt.date.max.toordinal()
_LANG = re.compile(r"[a-z]{2,3}")


class Conditions:
    """Holds the units of a day against the fields of a query."""

    def __init__(self, units: Units, names: Names, catalogue: Catalogue) -> None:
        self._units = units
        self._names = names
        self._catalogue = catalogue

    def holding(self, asked: Sequence[Condition]) -> tuple[Mask, list[Condition]]:
        """Return the units that fulfil all, and the conditions that make no sense.

        One of the values of a field will do; what is excluded is so each time.
        """
        left = np.ones(self._units.size, np.bool_)
        either: dict[str, Mask] = {}
        first, last = 0, _END
        senseless = []
        for condition in asked:
            if condition.field in ("from", "to") and not condition.absent:
                span = _span(condition.value)
                if span is None:
                    senseless.append(condition)
                elif condition.field == "from":
                    first = max(first, span[0])
                else:
                    last = min(last, span[1])
                continue
            units = self._having(condition.field, condition.value)
            if units is None:
                senseless.append(condition)
            elif condition.absent:
                left &= ~units
            else:
                known = either.get(condition.field)
                either[condition.field] = units if known is None else known | units
        for units in either.values():
            left &= units
        return left & self._told(first, last), senseless

    def _having(self, field: str, value: str) -> Mask | None:
        """Return the units with a value in a field, None where it can be no such value."""
        match field:
            case "donor" | "recipient":
                return self._party(field, value)
            case "item":
                return self._item(value)
            case "from" | "to":
                span = _span(value)
                if span is None:
                    return None
                after = field == "from"
                return self._told(span[0], _END) if after else self._told(0, span[1])
            case "speaker":
                part = words_of(value)
                if part is None:
                    return None
                return self._among("speaker", self._names.speakers(part.pattern))
            case "outlet":
                return self._outlet(value)
            case "lang":
                return self._lang(value)
            case "kind":
                return self._one_of("kind", value, Kind)
            case "stage":
                return self._one_of("stage", value, Stage)
            case "category":
                return self._one_of("category", value, Category)
            case _:
                return self._one_of("type", value, KINDS)

    def _among(self, column: str, wanted: Mask) -> Mask:
        return self._units.columns[column].having(wanted, self._units.size)

    def _where(self, column: str, fits: Callable[[str], bool]) -> Mask:
        values = self._units.columns[column].values
        return np.fromiter((fits(value) for value in values), np.bool_, len(values))

    def _one_of(self, column: str, value: str, known: Iterable[str]) -> Mask | None:
        key = item_key(value)
        names = {item_key(str(one)): str(one) for one in known}
        name = names.get(key) or names.get(key.removesuffix("s"))
        if name is None:
            return None
        return self._among(column, self._where(column, lambda one: one == name))

    def _party(self, column: str, value: str) -> Mask | None:
        party = self._catalogue.find_party(value)
        key = item_key(value)
        code = party.code if party is not None else None
        wanted = self._where(column, lambda one: one == code or item_key(one) == key)
        return self._among(column, wanted) if code is not None or wanted.any() else None

    def _item(self, value: str) -> Mask | None:
        category = self._one_of("category", value, Category)
        if category is not None:
            return category
        wanted = self._names.within(value)
        if item_key(value):
            wanted |= self._names.called(value)
        known = wanted.any() or self._catalogue.find_item(value) is not None
        return self._among("item", wanted) if known else None

    def _outlet(self, value: str) -> Mask | None:
        name = value.lower().removeprefix("www.").strip(".")
        wanted = self._where("outlet", lambda host: f".{name}." in f".{host}.")
        return self._among("outlet", wanted) if wanted.any() else None

    def _lang(self, value: str) -> Mask | None:
        code = value.lower()
        wanted = self._where(
            "language", lambda one: code in (one.lower(), one.lower().split("-")[0])
        )
        return self._among("language", wanted) if wanted.any() or _LANG.fullmatch(code) else None

    def _told(self, first: int, last: int) -> Mask:
        """Return what was told in a span of days: of a commitment, one of its reports."""
        units = self._units
        if first <= 0 and last >= _END:
            return np.ones(units.size, np.bool_)
        within = (units.days >= first) & (units.days <= last)
        _, said, own = units.masks()
        homes = units.home[within[said]]
        within[own] = False
        within[homes[homes >= 0]] = True
        return within


def _span(value: str) -> tuple[int, int] | None:
    """Return the first and last days of a year, a month or a day, as ordinals."""
    found = _DAY.fullmatch(value)
    if found is None:
        return None
    year, month, day = (int(text) if text else None for text in found.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
        length = calendar.monthrange(first.year, month or 12)[1]
        return first.toordinal(), dt.date(first.year, month or 12, day or length).toordinal()
    except ValueError:
        return None
