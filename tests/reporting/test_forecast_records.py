"""A forecast for machines: everything in JSON, a row a step in CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace

import numpy as np
from syrupy.assertion import SnapshotAssertion

from forecasts_made import full, nothing_told, without_stock
from pledgebook.forecasting.forecast import Measure, Source
from pledgebook.reporting.forecast_records import (
    FORECAST_FIELDS,
    forecast_csv,
    forecast_record,
    step_records,
)
from pledgebook.reporting.records import to_json


def test_a_row_for_each_scenario_measure_and_step() -> None:
    made = full("steady", "cut", steps=5)
    rows = list(csv.DictReader(io.StringIO(forecast_csv(made))))
    kinds = len(made.outlooks["steady"].bands) + 2
    assert len(rows) == 2 * kinds * 5
    assert set(rows[0]) == set(FORECAST_FIELDS)
    keys = {(row["scenario"], row["measure"], row["first_day"]) for row in rows}
    assert len(keys) == len(rows)


def test_csv_holds_the_exact_figures_and_the_sources() -> None:
    made = full(steps=3)
    band = made.outlooks["steady"].bands[Measure.STOCK]
    rows = [
        row for row in csv.DictReader(io.StringIO(forecast_csv(made))) if row["measure"] == "stock"
    ]
    assert [float(row["p50"]) for row in rows] == band.p50.tolist()
    assert [float(row["mean"]) for row in rows] == band.mean.tolist()
    assert rows[0]["sources"].split() == ["s1f0a2b3c4d5e6f708192", "c11d2e3f4051627384950"]
    assert "as you said" in rows[0]["assumptions"]
    assert rows[0]["first_day"] == "2023-02-24"
    assert rows[0]["last_day"] == "2023-03-23"
    assert rows[0]["unit"] == "round"
    assert rows[0]["forecast"] == made.id


def test_chances_have_no_quantiles() -> None:
    made = full(steps=3)
    dry = made.outlooks["steady"].run_dry
    assert dry is not None
    rows = [one for one in step_records(made) if one["measure"] == "chance to have run dry"]
    assert [one["mean"] for one in rows] == dry.by.tolist()
    assert {one["p50"] for one in rows} == {None}


def test_what_cannot_be_said_has_no_row() -> None:
    measures = {one["measure"] for one in step_records(without_stock())}
    assert "stock" not in measures
    assert "chance to have run dry" not in measures
    assert "needed" in measures
    assert forecast_csv(nothing_told()) == ",".join(FORECAST_FIELDS) + "\n"


def test_no_spreadsheet_runs_a_cell() -> None:
    made = full(steps=2)
    bad = Source("assumption", "=HYPERLINK(1)")
    made = replace(made, item="+1", sources=dict.fromkeys(Measure, (bad,)))
    rows = list(csv.DictReader(io.StringIO(forecast_csv(made))))
    assert {row["item"] for row in rows} == {"'+1"}
    assert {row["assumptions"] for row in rows} == {"'=HYPERLINK(1)"}


def test_what_is_endless_or_no_number_is_none() -> None:
    made = full(steps=2)
    outlook = made.outlooks["steady"]
    band = replace(outlook.bands[Measure.STOCK], p90=np.array([math.inf, math.nan]))
    made = replace(made, outlooks={"steady": replace(outlook, bands={Measure.STOCK: band})})
    found = json.loads(to_json(forecast_record(made)), parse_constant=lambda name: name)
    assert found["scenarios"][0]["bands"]["stock"]["p90"] == [None, None]
    rows = [row for row in csv.DictReader(io.StringIO(forecast_csv(made))) if row["p50"]]
    assert [row["p90"] for row in rows] == ["", ""]


def test_json_holds_everything() -> None:
    made = full("steady", "surge", steps=4)
    found = json.loads(to_json(forecast_record(made)))
    assert [one["scenario"] for one in found["scenarios"]] == ["steady", "surge"]
    assert len(found["steps"]) == 4
    assert all(
        len(values) == 4
        for one in found["scenarios"]
        for band in one["bands"].values()
        for values in band.values()
    )
    assert [one["commitment"] for one in found["commitments"]] == [
        one.commitment for one in made.expected
    ]
    assert found["caveats"][0]["about"] == made.caveats[0].about
    assert found["ratio"]["use"] == ["s1f0a2b3c4d5e6f708192"]
    assert found["inputs"] == dict(made.inputs)
    assert found["sources"]["output"][0]["kind"] == "series"


def test_the_keys_stay(snapshot: SnapshotAssertion) -> None:
    """Other programs read them."""

    def keys(value: object) -> object:
        if isinstance(value, dict):
            return {name: keys(inner) for name, inner in value.items()}
        return [keys(value[0])] if isinstance(value, list) and value else type(value).__name__

    assert keys(forecast_record(full(steps=1))) == snapshot


def test_nothing_told_is_written_too() -> None:
    found = json.loads(to_json(forecast_record(nothing_told())))
    assert found["scenarios"][0]["bands"] == {}
    assert found["scenarios"][0]["run_dry"] is None
    assert found["ratio"] is None
    assert len(found["caveats"]) == 3
