"""A forecast as JSON, all of it, and as CSV, a row for each scenario, measure and step."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

from pledgebook.exchange.cells import neutral
from pledgebook.forecasting.forecast import (
    Band,
    Expected,
    Floats,
    Forecast,
    Influence,
    Measure,
    Outlook,
    RunDry,
    Source,
)
from pledgebook.reporting.records import to_csv

__all__ = ["FORECAST_FIELDS", "forecast_csv", "forecast_record", "step_records"]

Record = dict[str, Any]

_STATISTICS = ("mean", "p10", "p25", "p50", "p75", "p90")
FORECAST_FIELDS = (
    "item", "recipient", "as_of", "scenario", "measure", "unit", "step", "first_day", "last_day",
    *_STATISTICS, "sources", "assumptions", "forecast",
)  # fmt: skip
"""The columns of the CSV."""

_DRY = "chance to have run dry"
_MET = "chance that all wanted is there"


def step_records(forecast: Forecast) -> Iterator[Record]:
    """Yield a record for each scenario, measure and step.

    A chance has its value as `mean`, and no quantiles. What is without end or no number is None.
    """
    for outlook in forecast.outlooks.values():
        for measure in Measure:
            if measure in outlook.bands:
                yield from _of_band(forecast, outlook, measure)
        if outlook.met is not None:
            yield from _of_chance(forecast, outlook, _MET, outlook.met)
        if outlook.run_dry is not None:
            yield from _of_chance(forecast, outlook, _DRY, outlook.run_dry.by)


def forecast_csv(forecast: Forecast) -> str:
    """Return a forecast as comma-separated values; no spreadsheet runs any of its texts."""
    records = [
        {name: neutral(cell) if isinstance(cell, str) else cell for name, cell in record.items()}
        for record in step_records(forecast)
    ]
    return to_csv(records, FORECAST_FIELDS)


def forecast_record(forecast: Forecast) -> Record:
    """Return all of a forecast as plain data, its steps as lists in the order of `steps`."""
    return {
        "id": forecast.id,
        "item": forecast.item,
        "item_name": forecast.item_name,
        "unit": forecast.unit,
        "recipient": forecast.recipient,
        "as_of": forecast.as_of.isoformat(),
        "until": forecast.until.isoformat(),
        "step": forecast.step,
        "draws": forecast.draws,
        "seed": forecast.seed,
        "inputs": dict(forecast.inputs),
        "steps": [
            {"first_day": first.isoformat(), "last_day": last.isoformat()}
            for first, last in _spans(forecast)
        ],
        "scenarios": [_outlook(one) for one in forecast.outlooks.values()],
        "sources": {
            measure.value: [_source(one) for one in forecast.sources[measure]]
            for measure in Measure
            if measure in forecast.sources
        },
        "ratio": _ratio(forecast),
        "commitments": [_expected(one) for one in forecast.expected],
        "caveats": [
            {"about": one.about, "why": one.why, "mend": one.mend, "said_all_the_same": one.said}
            for one in forecast.caveats
        ],
    }


def _spans(forecast: Forecast) -> Iterator[tuple[dt.date, dt.date]]:
    for first, after in zip(forecast.days[:-1], forecast.days[1:], strict=True):
        yield first, after - dt.timedelta(days=1)


def _of_band(forecast: Forecast, outlook: Outlook, measure: Measure) -> Iterator[Record]:
    band = outlook.bands[measure]
    sources = forecast.sources.get(measure, ())
    unit = "day" if measure is Measure.DAYS_OF_SUPPLY else forecast.unit
    for step, record in enumerate(_steps(forecast, outlook, measure.value, unit)):
        record |= {name: _number(getattr(band, name)[step]) for name in _STATISTICS}
        record["sources"] = [one.id for one in sources if one.id is not None]
        record["assumptions"] = "; ".join(one.says for one in sources if one.kind == "assumption")
        yield record


def _of_chance(
    forecast: Forecast, outlook: Outlook, measure: str, chance: Floats
) -> Iterator[Record]:
    for step, record in enumerate(_steps(forecast, outlook, measure, "share of draws")):
        record |= dict.fromkeys(_STATISTICS) | {"mean": _number(chance[step])}
        sources = forecast.sources.get(Measure.STOCK, ())
        record["sources"] = [one.id for one in sources if one.id is not None]
        record["assumptions"] = "; ".join(one.says for one in sources if one.kind == "assumption")
        yield record


def _steps(forecast: Forecast, outlook: Outlook, measure: str, unit: str) -> Iterator[Record]:
    for first, last in _spans(forecast):
        yield {
            "item": forecast.item,
            "recipient": forecast.recipient,
            "as_of": forecast.as_of.isoformat(),
            "scenario": outlook.scenario,
            "measure": measure,
            "unit": unit,
            "step": forecast.step,
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
            "forecast": forecast.id,
        }


def _outlook(outlook: Outlook) -> Record:
    return {
        "scenario": outlook.scenario,
        "says": outlook.says,
        "bands": {
            measure.value: _band(outlook.bands[measure])
            for measure in Measure
            if measure in outlook.bands
        },
        "all_wanted_is_there": None if outlook.met is None else _numbers(outlook.met),
        "run_dry": _run_dry(outlook.run_dry),
        "influences_on": outlook.influences_on or None,
        "influences": [_influence(one) for one in outlook.influences],
    }


def _band(band: Band) -> Record:
    return {name: _numbers(getattr(band, name)) for name in _STATISTICS}


def _run_dry(dry: RunDry | None) -> Record | None:
    if dry is None:
        return None
    return {
        "p10": _day(dry.p10),
        "p50": _day(dry.p50),
        "p90": _day(dry.p90),
        "by": _numbers(dry.by),
        "never": _number(dry.never),
    }


def _influence(one: Influence) -> Record:
    return {
        "inputs": one.inputs,
        "first": _number(one.first),
        "first_error": _number(one.first_error),
        "total": _number(one.total),
        "total_error": _number(one.total_error),
    }


def _ratio(forecast: Forecast) -> Record | None:
    ratio = forecast.ratio
    if ratio is None:
        return None
    return {
        "p10": _number(ratio.p10),
        "p50": _number(ratio.p50),
        "p90": _number(ratio.p90),
        "use": list(ratio.use),
        "output": list(ratio.output),
    }


def _source(source: Source) -> Record:
    return {"kind": source.kind, "id": source.id, "says": source.says}


def _expected(one: Expected) -> Record:
    return {
        "commitment": one.commitment,
        "donors": list(one.donors),
        "item": one.item,
        "unit": one.unit,
        "outstanding": {"low": one.low, "high": one.high},
        "due": _day(one.due),
        "arrived_unreported": _number(one.arrived),
        "arrived_by": _numbers(one.by),
        "half_expected_by": _day(one.median),
    }


def _numbers(values: Floats) -> list[float | None]:
    return [_number(one) for one in values]


def _number(value: float) -> float | None:
    """Return a number as JSON and CSV can hold it: none for what is without end or no number."""
    return float(value) if math.isfinite(value) else None


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
