"""A series as a picture: every point with its source, the band pooled from them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from importlib import resources
from itertools import combinations
from typing import Any

import jsonschema
import pytest

from pledgebook.forecasting.series import Hedge, Key, Nature, Point, Series, SeriesMeasure
from pledgebook.reporting.chart_files import chart_bytes
from pledgebook.reporting.names import Names
from pledgebook.reporting.series_chart import series_chart
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category

NAMES = Names(load_catalogue(None).parties)
MONTH = 30.4375
AS_OF = dt.date(2025, 8, 15)


def point(
    low: float | None,
    high: float | None,
    month: str,
    source: str,
    *,
    nature: Nature = Nature.ACTUAL,
    measure: SeriesMeasure = SeriesMeasure.PRODUCTION,
    hedge: Hedge = Hedge.PLAIN,
) -> Point:
    """A monthly output of 155mm shells in the United States, or a stock."""
    each = 1.0 if measure is SeriesMeasure.STOCK else MONTH
    first = dt.date.fromisoformat(f"{month}-01")
    last = first + dt.timedelta(days=27)
    return Point(
        key=Key(("USA",), "155mm", measure, nature, "round"),
        category=Category.ARTILLERY_AMMUNITION,
        low=None if low is None else low / each,
        high=None if high is None else high / each,
        first=first,
        last=last,
        told=last,
        source=source,
        speaker=source,
        document="d1",
        statements=(f"s{month}{source}",),
        says=f"{low} rounds a month",
        hedge=hedge,
    )


OUTPUT = (
    point(14_400, 14_400, "2022-09", "NDIA"),
    point(24_000, 24_000, "2023-08", "US Army"),
    point(28_000, 30_000, "2023-11", "Defense One", hedge=Hedge.ESTIMATE),
    point(None, 36_000, "2024-02", "CNN"),
    point(40_000, None, "2025-07", "Army spokesperson"),
)
TARGETS = (point(100_000, 100_000, "2025-12", "US Army", nature=Nature.TARGET),)


def spec_of(series: Series, *others: Series, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    chart = series_chart(
        series, NAMES, item_name="155mm shells", as_of=AS_OF, others=others, **more
    )
    found: dict[str, Any] = json.loads(chart_bytes(chart, ".vl.json"))
    return found


def layers(spec: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    for layer in spec["vconcat"][0]["layer"]:
        if layer["mark"]["type"] == kind:
            yield layer


def data(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = spec["datasets"][layer["data"]["name"]]
    return found


def footer(spec: dict[str, Any]) -> list[str]:
    found: list[str] = spec["vconcat"][1]["mark"]["text"]
    return found


def test_the_specification_is_valid_and_drawn() -> None:
    path = resources.files("altair.vegalite.v6.schema") / "vega-lite-schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    series = Series.of(OUTPUT)
    jsonschema.Draft7Validator(schema).validate(spec_of(series, Series.of(TARGETS)))
    chart = series_chart(series, NAMES, item_name="155mm shells", as_of=AS_OF)
    assert chart_bytes(chart, ".png").startswith(b"\x89PNG")


def test_each_point_stands_at_its_level_with_its_source() -> None:
    spec = spec_of(Series.of(OUTPUT), Series.of(TARGETS))
    actual, target = (data(spec, layer) for layer in layers(spec, "point"))
    assert [row["level"] for row in actual] == pytest.approx(
        [14_400, 24_000, 29_000, 36_000, 40_000]
    )
    assert [row["hedged"] for row in actual] == [False, False, True, True, True]
    assert [row["statements"] for row in actual] == [list(one.statements) for one in OUTPUT]
    assert [row["level"] for row in target] == pytest.approx([100_000])
    assert footer(spec) == [
        "Circles: actual, diamonds: target; hollow: an estimate, a claim, or one end open.",
        "1: 14,400 (2022-09-01 to 2022-09-28), NDIA, told on 2022-09-28",
        "2: 24,000 (2023-08-01 to 2023-08-28), US Army, told on 2023-08-28",
        "3: 28,000–30,000 (2023-11-01 to 2023-11-28), Defense One, told on 2023-11-28",
        "4: at most 36,000 (2024-02-01 to 2024-02-28), CNN, told on 2024-02-28",
        "5: at least 40,000 (2025-07-01 to 2025-07-28), Army spokesperson, told on 2025-07-28",
        "6: 100,000 (2025-12-01 to 2025-12-28), US Army, told on 2025-12-28",
    ]


def test_the_band_is_that_of_the_series() -> None:
    series = Series.of(OUTPUT)
    spec = spec_of(series)
    shown = data(spec, next(layers(spec, "area")))
    days = [dt.date.fromisoformat(row["day"]) for row in shown]
    levels = series.at(days)
    assert [row["p90"] for row in shown] == pytest.approx((levels.p90 * MONTH).tolist())
    assert [row["median"] for row in shown] == pytest.approx((levels.median * MONTH).tolist())
    assert days[0] == OUTPUT[0].first
    assert days[-1] == AS_OF


def test_a_stock_is_no_rate() -> None:
    held = point(3e5, 4e5, "2023-02", "Ministry", measure=SeriesMeasure.STOCK)
    spec = spec_of(Series.of([held]))
    assert spec["title"]["text"] == "United States: stock of 155mm shells"
    assert spec["vconcat"][0]["title"]["text"] == "Thousand rounds"
    assert "1 figure of 1 source." in spec["title"]["subtitle"][0]
    assert any("it rests on one figure" in line for line in footer(spec))


def test_none_at_all_is_drawn_at_zero() -> None:
    spec = spec_of(Series.of([point(0, 0, "2025-08", "Ministry")]))
    (points,) = (data(spec, layer) for layer in layers(spec, "point"))
    assert [row["level"] for row in points] == [0]


def test_numbers_do_not_touch() -> None:
    same = [point(20_000 + n, 20_000 + n, "2023-02", f"voice {n}") for n in range(12)]
    spec = spec_of(Series.of(same))
    places = [
        (layer["mark"]["x"], layer["mark"]["y"])
        for layer in layers(spec, "text")
        if layer["mark"]["text"].isdigit()
    ]
    assert len(places) == 12
    assert all(abs(a - x) >= 15 or abs(b - y) >= 12 for (a, b), (x, y) in combinations(places, 2))


def test_many_points_are_counted() -> None:
    many = [point(1e4 + n, 1e4 + n, f"20{10 + n // 12}-{n % 12 + 1:02}", "v") for n in range(40)]
    assert "and 10 more" in footer(spec_of(Series.of(many)))
