"""Which candidate a coded statement belongs to: the labels that the learned coder learns from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from pledgebook.reading.learned.survey import Spot, Survey

Coded = dict[str, Any]
LEAST = -6.0
"""The fit below which a candidate and a coded statement have nothing to do with each other."""


@dataclass(slots=True)
class Labels:
    """The coded statement of each spot, by its index, with where its evidence stands."""

    by_spot: dict[int, Coded]
    evidence: dict[int, tuple[int, int]]
    lost: list[Coded]


def label(survey: Survey, statements: list[Coded]) -> Labels:
    """Give each coded statement its best candidate, each candidate one statement at most."""
    text = survey.context.text
    spots, count = survey.spots, len(survey.spots)
    fits = np.full((len(statements), max(1, count)), -50.0)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for row, coded in enumerate(statements):
        for start, end in _occurrences(text, coded["evidence"]):
            for spot in spots:
                near = _nearness(survey, spot, start, end)
                if near is None:
                    continue
                fit = near + _fit(spot, coded)
                if fit > fits[row, spot.index]:
                    fits[row, spot.index] = fit
                    spans[row, spot.index] = (start, end)
    found: dict[int, Coded] = {}
    evidence: dict[int, tuple[int, int]] = {}
    rows, columns = linear_sum_assignment(-fits)
    for row, column in zip(rows, columns, strict=True):
        if fits[row, column] >= LEAST:
            found[int(column)] = statements[row]
            evidence[int(column)] = spans[int(row), int(column)]
    kept = {id(coded) for coded in found.values()}
    return Labels(found, evidence, [s for s in statements if id(s) not in kept])


def _occurrences(text: str, quote: str) -> Iterator[tuple[int, int]]:
    at = text.find(quote)
    while at >= 0:
        yield at, at + len(quote)
        at = text.find(quote, at + 1)


def _nearness(survey: Survey, spot: Spot, start: int, end: int) -> float | None:
    unit = survey.places[spot.place].units[spot.anchor.head]
    if start <= unit.start and unit.end <= end:
        return 1.0
    if spot.start < end and start < spot.end:
        return 0.5
    place = survey.places[spot.place]
    # A shortest quotation may leave out the item; the sentence still holds it.
    if place.start <= start and end <= place.end and spot.kind != "verb":
        return -3.0
    return None


def _fit(spot: Spot, coded: Coded) -> float:
    anchor = spot.anchor
    category = coded["item"]["category"]
    fit = 0.0
    if coded["kind"] == "training":
        fit -= 0.0 if spot.kind in ("training", "number", "loose", "verb") else 2.0
    elif spot.kind == "training":
        fit -= 6.0
    if anchor.item is not None:
        if anchor.item.category.value == category:
            fit += 3.0
        elif not anchor.weak:
            fit -= 1.5
        designation = coded["item"]["designation"]
        if designation and anchor.item.designation == designation:
            fit += 2.5
        elif designation and anchor.item.designation:
            fit -= 3.0
    elif spot.kind == "training":
        fit += 2.0 if coded["kind"] == "training" else -6.0
    elif spot.kind in ("verb", "line"):
        # Only where nothing that the text counts or names stands for the statement.
        return fit + 1.5
    fit += _amounts(anchor.number, coded["quantity"], 4.0, loose=spot.kind == "loose")
    fit += _amounts(anchor.money, coded["money"], 6.0, loose=False)
    if coded["money"] is None and spot.kind == "money":
        fit -= 5.0
    if coded["money"] is not None and anchor.money is None:
        fit -= 3.0
    if coded["quantity"] is None and spot.kind in ("number", "loose"):
        fit += 4.0 if _is_carried(anchor.number, coded["money"]) else -4.0
    if spot.kind == "loose" and coded["money"] is None and coded["quantity"] is not None:
        fit += 0.5
    return fit


def _is_carried(number: Any, money: Coded | None) -> bool:
    if number is None or money is None:
        return False
    return any(
        number.low is not None and number.low * scale in (money["low"], money["high"])
        for scale in (1, 1e3, 1e6, 1e9)
    )


def _amounts(found: Any, coded: Coded | None, worth: float, *, loose: bool) -> float:
    if coded is None:
        return 0.3 if found is None else -1.5
    if found is None:
        return -1.0
    same = (found.low, found.high) == (coded["low"], coded["high"])
    either = found.low is not None and found.low in (coded["low"], coded["high"])
    return worth if same else worth / 3 if either else -worth * (1.0 if loose else 0.75)
