"""Fan charts: the specification is valid, says what it shows, and is drawn for real."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from forecasts_made import full, nothing_told, without_stock
from pledgebook.errors import UsageError
from pledgebook.forecasting.forecast import Forecast, Measure
from pledgebook.reporting.chart_files import chart_bytes, check_charts, kind_of, save_chart
from pledgebook.reporting.forecast_chart import forecast_chart
from pledgebook.reporting.names import Names
from pledgebook.vocabulary.catalogue import load_catalogue

NAMES = Names(load_catalogue(None).parties)
FORECASTS = {
    "one": full,
    "scenarios": lambda: full("steady", "surge", "cut"),
    "weeks": lambda: full(step="week", steps=20),
    "stock unknown": without_stock,
}


def spec_of(forecast: Forecast, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a test's own
    found: dict[str, Any] = json.loads(
        chart_bytes(forecast_chart(forecast, NAMES, **more), ".vl.json")
    )
    return found


def texts(spec: object) -> Iterator[str]:
    """Every text that a picture shows."""
    if isinstance(spec, dict):
        for name, value in spec.items():
            if name in {"text", "title", "subtitle"}:
                if isinstance(value, str):
                    yield value
                elif isinstance(value, list):
                    yield from (one for one in value if isinstance(one, str))
            yield from texts(value)
    elif isinstance(spec, list):
        for one in spec:
            yield from texts(one)


def values(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    """The data of a layer."""
    found: list[dict[str, Any]] = spec["datasets"][layer["data"]["name"]]
    return found


def marks(spec: object, kind: str) -> Iterator[dict[str, Any]]:
    """Every layer with a mark of a kind."""
    if isinstance(spec, dict):
        if isinstance(spec.get("mark"), dict) and spec["mark"].get("type") == kind:
            yield spec
        for value in spec.values():
            yield from marks(value, kind)
    elif isinstance(spec, list):
        for one in spec:
            yield from marks(one, kind)


@pytest.mark.parametrize("name", FORECASTS)
def test_the_specification_is_valid(name: str) -> None:
    path = resources.files("altair.vegalite.v6.schema") / "vega-lite-schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(spec_of(FORECASTS[name]()))


def test_it_shows_the_bands_exactly() -> None:
    made = full()
    spec = spec_of(made, measures=[Measure.STOCK])
    (outer, inner) = list(marks(spec, "area"))
    assert outer["encoding"]["y"]["field"] == "p10"
    assert outer["encoding"]["y2"]["field"] == "p90"
    assert inner["encoding"]["y"]["field"] == "p25"
    data = values(spec, outer)
    band = made.outlooks["steady"].bands[Measure.STOCK]
    assert [row["median"] for row in data] == band.p50.tolist()
    assert [row["day"] for row in data] == [day.isoformat() for day in made.days[1:]]


def test_the_steps_in_which_it_runs_dry_are_marked_whole() -> None:
    made = full()
    dry = made.outlooks["steady"].run_dry
    assert dry is not None
    assert dry.p10 is not None
    assert dry.p50 is not None
    assert dry.p90 is not None
    spec = spec_of(made, measures=[Measure.STOCK])
    bar = next(one for one in marks(spec, "rule") if "x2" in one["encoding"])
    after = made.days[made.days.index(dry.p90) + 1]
    assert values(spec, bar) == [{"day": dry.p10.isoformat(), "to": after.isoformat(), "zero": 0}]
    (tick,) = marks(spec, "tick")
    middle = values(spec, tick)[0]["day"]
    place = made.days.index(dry.p50)
    assert made.days[place].isoformat() < middle < made.days[place + 1].isoformat()


def test_a_flow_stands_in_the_middle_of_its_step() -> None:
    made = full(step="week", steps=3)
    spec = spec_of(made, measures=[Measure.ARRIVALS])
    area = next(marks(spec, "area"))
    assert values(spec, area)[0]["day"] == "2023-02-27"


def test_it_names_scenario_sources_assumptions_and_what_cannot_be_said() -> None:
    shown = " ".join(texts(spec_of(full())))
    assert "155mm shells for Ukraine" in shown
    assert "Runs dry about August 2023" in shown
    assert "as of 24 February 2023" in shown
    assert "Scenario “steady”: use goes on as it is." in shown
    assert "UKR, expenditure of 155mm, 7 points of 5 sources" in shown
    assert "Assumed, not reported: opening stock" in shown
    assert "Cannot be said: output of DEU." in shown
    assert "thousand rounds (rests on assumptions)" in shown


def test_scenarios_share_a_scale() -> None:
    spec = spec_of(full("steady", "cut"), measures=[Measure.STOCK])
    domains = {tuple(area["encoding"]["y"]["scale"]["domain"]) for area in marks(spec, "area")}
    assert len(domains) == 1
    shown = list(texts(spec))
    assert {"steady", "cut"} <= set(shown)


def test_a_scenario_without_the_measure_keeps_its_place() -> None:
    made = full("steady", "cut")
    bare = replace(made.outlooks["cut"], bands={})
    made = replace(made, outlooks={**made.outlooks, "cut": bare})
    spec = spec_of(made)
    assert list(texts(spec)).count("cannot be said") == 3


def test_where_stock_is_unknown_it_draws_what_is_needed() -> None:
    shown = " ".join(texts(spec_of(without_stock())))
    assert "Needed on the shelves at the start" in shown
    assert "Stock at the end" not in shown
    assert "Cannot be said: stock, days of supply and run-dry date" in shown


def test_nothing_to_draw_is_said_with_its_mend() -> None:
    for nothing in (nothing_told(), replace(full(), outlooks={})):
        with pytest.raises(UsageError, match="nothing to draw") as raised:
            forecast_chart(nothing, NAMES)
        assert raised.value.mend


def test_labels_at_the_end_do_not_lie_on_each_other() -> None:
    made = full()
    same = np.full(made.steps, 5.0)
    outlook = made.outlooks["steady"]
    for low, high in ((4.9, 5.1), (0.0, 0.2), (4.0, 9.0)):
        band = replace(
            outlook.bands[Measure.STOCK],
            p10=same * low,
            p50=same * (low + high) / 2,
            p90=same * high,
        )
        changed = replace(made, outlooks={"steady": replace(outlook, bands={Measure.STOCK: band})})
        heights = sorted(
            one["mark"]["y"]
            for one in marks(spec_of(changed), "text")
            if one["mark"]["baseline"] == "middle"
        )
        assert len(heights) == 3
        assert all(below - above >= 12 for above, below in pairwise(heights))
        assert heights[0] >= 0
        assert heights[-1] <= 190


def test_endless_values_leave_a_picture() -> None:
    made = full(steps=3)
    outlook = made.outlooks["steady"]
    endless = replace(outlook.bands[Measure.DAYS_OF_SUPPLY], p90=np.array([40.0, np.inf, np.nan]))
    bands = {Measure.DAYS_OF_SUPPLY: endless}
    made = replace(made, outlooks={"steady": replace(outlook, bands=bands)})
    chart = forecast_chart(made, NAMES, measures=[Measure.DAYS_OF_SUPPLY])
    assert chart_bytes(chart, ".svg").startswith(b"<svg")


def test_it_is_drawn(tmp_path: Path) -> None:
    chart = forecast_chart(full(steps=6), NAMES)
    assert chart_bytes(chart, ".png").startswith(b"\x89PNG\r\n\x1a\n")
    svg = chart_bytes(chart, ".svg").decode()
    assert "Runs dry about" in svg
    assert "as of 24 February 2023" in svg
    page = chart_bytes(chart, ".html").decode()
    assert "<script src=" not in page
    assert "155mm shells for Ukraine" in page
    path = tmp_path / "fan.svg"
    save_chart(chart, path)
    assert "Runs dry about" in path.read_text(encoding="utf-8")


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "fan.vl.json"
    path.write_text("mine", encoding="utf-8")
    chart = forecast_chart(full(steps=2), NAMES)
    with pytest.raises(UsageError, match="there already"):
        save_chart(chart, path)
    assert path.read_text(encoding="utf-8") == "mine"
    save_chart(chart, path, force=True)
    assert json.loads(path.read_text(encoding="utf-8"))["$schema"].startswith("https://vega")
    assert [one.name for one in tmp_path.iterdir()] == ["fan.vl.json"]


def test_kinds_of_files() -> None:
    assert kind_of(Path("a/FAN.PNG")) == ".png"
    assert kind_of(Path("fan.vl.json")) == ".vl.json"
    for name in ("fan.gif", "fan.json", "fan"):
        with pytest.raises(UsageError, match="ending") as raised:
            kind_of(Path(name))
        assert ".vl.json" in str(raised.value)


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    check_charts()
    monkeypatch.setattr(
        "pledgebook.reporting.extras.find_spec", lambda name: None if name == "vl_convert" else 1
    )
    with pytest.raises(UsageError, match=r"pip install 'pledgebook\[charts\]'"):
        check_charts()
