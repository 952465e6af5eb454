"""Series as plain data: a record each, and a record for each of their figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pledgebook.exchange.cells import neutral
from pledgebook.forecasting.picking import Picked, Standing, item_name, standings
from pledgebook.forecasting.series import Point, Series, SeriesBook
from pledgebook.ledger.records import Entry
from pledgebook.reporting.answer_cells import Parts, day_text
from pledgebook.reporting.caveat_lines import caveat_record
from pledgebook.reporting.records import to_csv
from pledgebook.reporting.series_cells import Level, each, level_at, voices
from pledgebook.reporting.series_page import months_of
from pledgebook.vocabulary.statement import Per

__all__ = [
    "POINT_FIELDS",
    "SERIES_FIELDS",
    "SERIES_PARTS",
    "picked_more",
    "point_records",
    "points_csv",
    "series_record",
    "whole_record",
]

Record = dict[str, Any]

SERIES_FIELDS = (
    "id", "parties", "item", "name", "measure", "nature", "recipient", "unit", "per", "level",
    "reports", "figures", "voices", "newest", "targets",
)  # fmt: skip
"""The columns of the CSV of several series."""

SERIES_PARTS: Parts = {"level": ("p10", "p50", "p90")}

POINT_FIELDS = (
    "series", "number", "statements", "first_day", "last_day", "low", "high", "unit", "per",
    "told", "speaker", "outlet", "document", "voice", "hedge", "due", "words",
)  # fmt: skip
"""The columns of the CSV of one series: a row for each figure."""


def series_record(series: Series, book: SeriesBook, per: Per) -> Record:
    """Return a series as plain data, its level as of the day of the book; targets have none."""
    key = series.key
    return {
        "id": series.id,
        "parties": list(key.parties),
        "item": key.item,
        "name": item_name(key.item, book.catalogue),
        "measure": key.measure.value,
        "nature": key.nature.value,
        "recipient": key.recipient or None,
        "unit": key.unit,
        "per": per.value if series.is_rate else None,
        "level": _level(level_at(series, book.as_of, per)),
        "reports": len(series.points),
        "figures": len(series.tellings),
        "voices": voices(series),
        "voice_names": list(series.sources),
        "newest": series.newest.isoformat(),
        "targets": [_standing(one, series, per) for one in standings(book, series)],
    }


def whole_record(
    series: Series, book: SeriesBook, entries: Mapping[str, Entry], per: Per
) -> Record:
    """Return a series with every figure, its level at the end of each month, and its caveats."""
    months = months_of(series, book.as_of) if series.has_band else []
    return {"as_of": book.as_of.isoformat(), **series_record(series, book, per)} | {
        "points": point_records(series, entries, per),
        "months": [
            {"day": day.isoformat(), **(_level(level_at(series, day, per)) or {})} for day in months
        ],
        "caveats": [caveat_record(one) for one in series.caveats],
    }


def point_records(series: Series, entries: Mapping[str, Entry], per: Per) -> list[Record]:
    """Return the figures of a series, earliest first; an end that is None is open."""
    return [
        _point(number, point, series, entries.get(point.statements[0]), per)
        for number, point in enumerate(series.points, start=1)
    ]


def points_csv(series: Series, entries: Mapping[str, Entry], per: Per) -> str:
    """Return the figures as comma-separated values; no spreadsheet runs any of their words."""
    records = [
        {name: neutral(cell) if isinstance(cell, str) else cell for name, cell in record.items()}
        for record in point_records(series, entries, per)
    ]
    return to_csv(records, POINT_FIELDS)


def picked_more(picked: Picked, book: SeriesBook) -> Record:
    """Return what is to be known of all of the series together."""
    return {
        "targets_learned_from": book.slips.targets,
        "targets_reached": book.slips.reached,
        "caveats": [
            caveat_record(one) | {"series": series.id}
            for series in picked.series
            for one in series.caveats
        ]
        + [caveat_record(one) | {"series": None} for one in picked.caveats],
        "left_out": [caveat_record(one) for one in picked.left_out],
    }


def _level(level: Level | None) -> dict[str, float | None] | None:
    if level is None:
        return None
    ends = {"p10": level.low, "p50": level.middle, "p90": level.high}
    return {name: _number(end) for name, end in ends.items()}


def _number(value: float | None) -> float | None:
    """Return a level to six figures, which is more than any source gives; None for no end."""
    return float(f"{value:.6g}") if value is not None and math.isfinite(value) else None


def _standing(one: Standing, series: Series, per: Per) -> Record:
    target, outlook = one.target, one.outlook
    return {
        "id": target.id,
        "level": _number(target.level * each(series, per)),
        "due": day_text(target.due),
        "told": target.told.isoformat(),
        "aims_at": target.point.aims_at.value,
        "reached_by": day_text(target.reached_by),
        "met_by_due": outlook and outlook.by_due,
        "half_by": day_text(outlook.p50) if outlook else None,
        "never": outlook and outlook.never,
        "says": one.says,
    }


def _point(number: int, point: Point, series: Series, entry: Entry | None, per: Per) -> Record:
    by = each(series, per)
    return {
        "series": series.id,
        "number": number,
        "statements": list(point.statements),
        "first_day": point.first.isoformat(),
        "last_day": point.last.isoformat(),
        "low": None if point.low is None else _number(point.low * by),
        "high": None if point.high is None else _number(point.high * by),
        "unit": point.key.unit,
        "per": per.value if series.is_rate else None,
        "told": point.told.isoformat(),
        "speaker": point.speaker,
        "outlet": entry.outlet if entry else None,
        "document": point.document,
        "voice": point.source,
        "hedge": point.hedge.value,
        "due": day_text(point.due),
        "words": point.says,
    }
