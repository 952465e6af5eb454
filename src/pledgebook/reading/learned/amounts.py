"""Which number and which amount of money a statement could have.

A bare number may be money whose currency and magnitude stand elsewhere: "the other sixty", a table
"in millions of euros".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.learned.candidate import Candidate
from pledgebook.reading.learned.positions import AROUND_SIZE, POSITION_SIZE, around, position
from pledgebook.reading.learned.survey import Spot, Survey
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention

Amount = NumberMention | MoneyMention

Held = Mapping[int, Sequence[tuple[int, Unit]]]
"""By place: the units of one kind with their index."""


@dataclass(frozen=True, slots=True)
class Carried:
    """An amount whose currency or magnitude stands elsewhere."""

    low: float | None
    high: float | None
    currency: str
    per: None = None


SMALL = 100_000
"""Below this an amount in a table may be meant in thousands, millions or billions."""
_SCALES = (
    (1e9, re.compile(r"\b(?:billions?|bn)\b|\d ?bn\b", re.IGNORECASE)),
    (1e6, re.compile(r"\b(?:millions?|mn|mio|m)\b|\d ?(?:m|mn)\b", re.IGNORECASE)),
    (1e3, re.compile(r"\b(?:thousands?|k)\b|\d ?k\b|\b000s?\b", re.IGNORECASE)),
)


def _scale(text: str) -> float:
    return next((scale for scale, words in _SCALES if words.search(text)), 1.0)


class Amounts:
    """The numbers and the money of one survey."""

    def __init__(self, survey: Survey, numbers: Held, money: Held) -> None:
        self.survey = survey
        self._units: dict[type, Held] = {NumberMention: numbers, MoneyMention: money}
        text = survey.context.text
        self._scales = [scale for scale, words in _SCALES if words.search(text)]
        self._money: list[tuple[tuple[int, int], MoneyMention]] = [
            ((place, index), unit.value)
            for place, units in money.items()
            for index, unit in units
            if isinstance(unit.value, MoneyMention) and unit.value.currency is not None
        ]

    def numbers(self, spot: Spot) -> list[Candidate]:
        """Return which number it could have; the value is a mention, 1 for "a", or None."""
        return self._all(spot, NumberMention, spot.anchor.number)

    def money(self, spot: Spot) -> list[Candidate]:
        """Return which amount of money it could have; the value is an amount or None."""
        return self._all(spot, MoneyMention, spot.anchor.money)

    def _all(self, spot: Spot, kind: type, own: Amount | None) -> list[Candidate]:
        survey = self.survey
        place = survey.places[spot.place]
        found: list[Candidate] = []
        inner = list(self._units[kind].get(spot.place, ()))
        inner.sort(key=lambda pair: (pair[1].value is not own, abs(pair[0] - spot.anchor.head)))
        held = False
        for index, unit in inner[:6]:
            value: Any = unit.value
            if isinstance(value, NumberMention) and value.kind not in (
                "cardinal", "vague", "percent",
            ):  # fmt: skip
                continue
            held = held or value is own
            found.append(self._amount(spot, value, own, index, len(found)))
        if own is not None and not held:
            found.insert(0, self._amount(spot, own, own, spot.anchor.last, 0))
        if kind is MoneyMention:
            found += self._carried(spot, own, len(found))
        single = spot.anchor.single or place.units[spot.anchor.head].low in ("one", "a", "an")
        if kind is NumberMention:
            found.append(Candidate(1, -1, -1, self._blank(own, single=single, one=True)))
        found.append(Candidate(None, -1, -1, self._blank(own, single=single, one=False)))
        return found

    def _carried(self, spot: Spot, own: Amount | None, order: int) -> list[Candidate]:
        """Return amounts that a bare number stands for: "the other sixty", a table in millions."""
        number = spot.anchor.number
        place = self.survey.places[spot.place]
        found: dict[tuple[float | None, float | None, str], Candidate] = {}
        scales: list[tuple[str, float]] = []
        if isinstance(own, MoneyMention) and own.currency and (own.low or own.high or 0) < SMALL:
            values = (own.low, own.high)
            scales = [(own.currency, scale) for scale in self._scales if scale > 1]
        elif number is not None and own is None and spot.kind in ("number", "loose"):
            values = (number.low, number.high)
            known = [m for at, m in self._money if at < (spot.place, spot.anchor.head)]
            for money in [*known[:-3:-1], *(m for _, m in self._money[:1])]:
                text = self.survey.context.text[money.start : money.end]
                scales += [
                    (money.currency or "", scale) for scale in dict.fromkeys((_scale(text), 1.0))
                ]
            if place.row is not None and place.row.currency is not None:
                scales.append((place.row.currency, place.row.scale))
        else:
            return []
        for currency, scale in scales[:6]:
            low, high = (None if v is None else v * scale for v in values)
            if (low or high or 0) < 1000 or (low, high, currency) in found:
                continue
            features = [0.0] * (11 + POSITION_SIZE + AROUND_SIZE)
            features[2], features[5] = 1.0, 1 / (1 + order + len(found))
            features[6], features[7] = float(scale == 1e6), float(scale == 1e9)
            features[8] = float(own is not None)
            value = Carried(low, high, currency)
            found[low, high, currency] = Candidate(value, spot.place, spot.anchor.head, features)
        return list(found.values())

    def _amount(
        self, spot: Spot, value: Amount, own: Amount | None, index: int, order: int
    ) -> Candidate:
        survey = self.survey
        units = survey.places[spot.place].units
        kind = getattr(value, "kind", "")
        features = [
            0.0, 0.0, 0.0, float(value is own), float(own is None), 1 / (1 + order),
            float(kind == "percent"), float(kind == "vague"), float(value.further),
            float(value.per is not None), float(getattr(value, "converted", False)),
        ]  # fmt: skip
        features += position(survey, spot, spot.place, index) + around(units, index)
        return Candidate(value, spot.place, index, features)

    def _blank(self, own: Amount | None, *, single: bool, one: bool) -> list[float]:
        blank = [0.0] * (11 + POSITION_SIZE + AROUND_SIZE)
        blank[0], blank[1] = float(not one), float(one)
        blank[2], blank[4] = float(single), float(own is None)
        return blank
