"""Forecast 155mm shells in Ukraine as of 14 February 2023, and lay beside it what was told later.

    python benchmarks/hindcast.py [--write]

What was known on the day: the table of public figures beside the project (`facts.py` says where it
is looked for), as far as it was published by then, and a report of the day where the corpora are
there. What came: every later figure of the same table that falls into a series with a level on the
day, chosen by that rule and by nothing else. --write puts tables and chart into docs/hindcast.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import find_corpus
from facts import find_facts

from pledgebook.book import Book
from pledgebook.forecasting.assumptions import Assumptions
from pledgebook.forecasting.forecast import Forecast, Measure
from pledgebook.forecasting.making import make_forecast
from pledgebook.forecasting.request import Request
from pledgebook.forecasting.series import Nature, Point, Series, SeriesBook, SeriesMeasure

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "hindcast.md"
CHART = ROOT / "docs" / "images" / "hindcast-155mm.svg"
MARK = "<!-- written by benchmarks/hindcast.py -->"
REPORT = "seed-2023-02-14.txt"
AS_OF = dt.date(2023, 2, 14)
UNTIL = dt.date(2025, 12, 31)
MONTH = 30.4375
ITEMS = ("155mm", "artillery-ammunition")
PARTIES = ("UKR", "USA", "EU", "Rheinmetall")
MAPPING = '[fixed]\nrecipient = "UKR"\n'


@dataclass(frozen=True, slots=True)
class Beside:
    """One later figure, a month, beside what was forecast for its middle day."""

    series: Series
    point: Point
    low: float
    middle: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether some of what was told lies within the 80 % band."""
        above = self.point.high is None or self.point.high * MONTH >= self.low
        return above and (self.point.low or 0.0) * MONTH <= self.high

    @property
    def miss(self) -> float:
        """The told figure over the median, at the nearer end of its interval."""
        low = (self.point.low or 0.0) * MONTH
        high = self.point.high * MONTH if self.point.high is not None else math.inf
        return min(max(self.middle, low), high) / self.middle


def main() -> None:
    """Print the block of the page, or with --write put it into the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="put it into docs/hindcast.md")
    facts = find_facts()
    if facts is None:
        sys.exit("there is no table of public figures: PLEDGEBOOK_FACTS names one")
    write = arguments.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        book = read(facts, Path(folder))
        text = report(book)
        if write:
            draw(book)
        book.close()
    if not write:
        print(text)
        return
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
    _, _, after = rest.partition(MARK)
    PAGE.write_text(f"{before}{MARK}\n\n{text}\n{MARK}{after}", encoding="utf-8")


def read(facts: Path, folder: Path) -> Book:
    """Return a book of all the figures, as given to Ukraine, and of the day's report if there."""
    mapping = folder / "to-ukraine.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    book = Book.open(folder / "hindcast.db")
    book.imported.add("observations", facts, mapping=str(mapping), by="hindcast")
    corpus = find_corpus()
    if corpus is not None and (corpus / REPORT).exists():
        book.read(corpus / REPORT, date=AS_OF)
    return book


def report(book: Book) -> str:
    """Return the block of the page."""
    known = book.forecaster.series(as_of=AS_OF)
    later = book.forecaster.series(as_of=dt.date(2026, 10, 1))
    rows = beside(known, later)
    blocks = [_known(known), _came(rows), _with_targets(book, rows), _told(book)]
    return "\n".join(line for block in blocks for line in (*block, ""))


def _levels(known: SeriesBook) -> Iterator[Series]:
    for one in known.series:
        fits = one.key.item in ITEMS and set(one.key.parties) <= set(PARTIES)
        if fits and one.has_band and one.key.nature is Nature.ACTUAL:
            yield one


def _known(known: SeriesBook) -> list[str]:
    lines = [
        "| known on the day | figures | a month | 10 % | 90 % |",
        "| --- | --: | --: | --: | --: |",
    ]
    for one in _levels(known):
        at = one.at([AS_OF])
        low, middle, high = (_round(float(x[0]) * MONTH) for x in (at.p10, at.median, at.p90))
        lines.append(f"| {_name(one)} | {len(one.points)} | {middle} | {low} | {high} |")
    return lines


def beside(known: SeriesBook, later: SeriesBook) -> list[Beside]:
    """Return every figure told later of a series that had a level, earliest first."""
    by_key = {one.key: one for one in later.series}
    found = []
    for series in _levels(known):
        for point in by_key[series.key].points if series.key in by_key else ():
            if point.told <= AS_OF or point.middle <= AS_OF:
                continue
            at = series.at([point.middle])
            ends = (float(x[0]) * MONTH for x in (at.p10, at.median, at.p90))
            found.append(Beside(series, point, *ends))
    return sorted(found, key=lambda one: (one.series.key, one.point.order))


def _came(rows: list[Beside]) -> list[str]:
    lines = [
        "| told, a month | of | told on | by | forecast, 80 % band | within | told / median |",
        "| --: | --- | --- | --- | --: | --- | --: |",
    ]
    for one in rows:
        point = one.point
        told = _span(point.low, point.high)
        span = f"{point.first} to {point.last}" if point.first != point.last else f"{point.first}"
        band = f"{_round(one.middle)} ({_round(one.low)} to {_round(one.high)})"
        lines.append(
            f"| {told} | {_name(one.series)}, {span} | {point.told} | {point.speaker or 'n/k'} | "
            f"{band} | {'yes' if one.inside else '**no**'} | {one.miss:.2g} |"
        )
    inside = sum(one.inside for one in rows)
    lines += ["", f"{inside} of {len(rows)} later figures touch the 80 % band."]
    return lines


def _with_targets(book: Book, rows: list[Beside]) -> list[str]:
    """Lay American output beside the forecast with its announced targets as ramps."""
    found = _ask(book, UNTIL, ("steady",), ("USA",))
    band = found.outlooks["steady"].bands[Measure.OUTPUT]
    lines = [
        "| American output told later, a month | on | forecast with its targets, 80 % band |",
        "| --: | --- | --: |",
    ]
    for one in rows:
        key = one.series.key
        if key.measure is SeriesMeasure.PRODUCTION and key.parties == ("USA",):
            at = bisect_right(found.days, one.point.middle) - 1
            middle, low, high = (_round(float(x[at])) for x in (band.p50, band.p10, band.p90))
            told = _span(one.point.low, one.point.high)
            lines.append(f"| {told} | {one.point.middle} | {middle} ({low} to {high}) |")
    return lines


def _told(book: Book) -> list[str]:
    found = _ask(book, dt.date(2023, 12, 31), ("steady", "pace"), ("USA", "EU"))
    lines = [
        "| scenario | wanted until the end | arrives until the end | needed on the shelves |",
        "| --- | --: | --: | --: |",
    ]
    for outlook in found.outlooks.values():
        wanted = outlook.bands[Measure.WANTED].mean.sum()
        arrives = outlook.bands.get(Measure.ARRIVALS)
        needed = outlook.bands[Measure.NEEDED]
        band = f"{_round(needed.p50[-1])} ({_round(needed.p10[-1])} to {_round(needed.p90[-1])})"
        coming = _round(arrives.mean.sum()) if arrives is not None else "n/k"
        lines.append(f"| {outlook.scenario} | {_round(wanted)} | {coming} | {band} |")
    ratio = found.ratio
    if ratio is not None:
        lines += [
            "",
            f"Use over output on the day: {ratio.p50:.2g} ({ratio.p10:.2g} to {ratio.p90:.2g}).",
        ]
    lines += ["", "What the forecast says it cannot say:", ""]
    lines += [f"- {one.about}: {one.why}." for one in found.caveats if not one.said]
    return lines


def _ask(
    book: Book, until: dt.date, scenarios: tuple[str, ...], givers: tuple[str, ...]
) -> Forecast:
    told = book.forecaster.told(AS_OF)
    assume = Assumptions(givers=givers)
    asked = Request("155mm", "UKR", AS_OF, until, scenarios=scenarios, assume=assume)
    return make_forecast(told, asked)


def draw(book: Book) -> None:
    """Draw each series with its band as of the day, and the figures that came later."""
    import altair as alt

    known = book.forecaster.series(as_of=AS_OF)
    later = book.forecaster.series(as_of=dt.date(2026, 10, 1))
    rows = beside(known, later)
    shown = sorted({one.series.key for one in rows})
    days = [AS_OF + dt.timedelta(days=14 * at) for at in range((UNTIL - AS_OF).days // 14)]
    bands: list[dict[str, object]] = []
    dots: list[dict[str, object]] = []
    for series in (one for one in _levels(known) if one.key in shown):
        at = series.at(days)
        for number, day in enumerate(days):
            low, mid, high = (float(x[number]) * MONTH for x in (at.p10, at.median, at.p90))
            bands.append(
                {
                    "kind": "band",
                    "series": _name(series),
                    "day": str(day),
                    "low": low,
                    "mid": mid,
                    "high": high,
                }
            )
    for one in rows:
        low = (one.point.low or one.point.high or 0.0) * MONTH
        high = (one.point.high if one.point.high is not None else one.point.low or 0.0) * MONTH
        where = {"kind": "told", "series": _name(one.series), "day": str(one.point.middle)}
        dots.append(where | {"low": low, "high": high, "mid": math.sqrt(max(low, 1.0) * high)})
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=6, grid=False))
    scale = alt.Scale(type="log")
    axis = alt.Axis(values=[10**power for power in range(3, 8)], gridColor="#e4e4e4")
    y = alt.Y("low:Q", title="rounds a month", scale=scale, axis=axis)
    # One table for both: a chart in facets has one source of data.
    drawn = alt.Chart()
    band = drawn.transform_filter("datum.kind == 'band'")
    point = drawn.transform_filter("datum.kind == 'told'")
    chart = alt.layer(
        band.mark_area(opacity=0.25, color="#33658a").encode(x=x, y=y, y2="high:Q"),
        band.mark_line(color="#33658a").encode(x=x, y="mid:Q"),
        point.mark_rule(color="#b3261e", strokeWidth=2).encode(x=x, y="low:Q", y2="high:Q"),
        point.mark_circle(color="#b3261e", size=40, opacity=1).encode(x=x, y="mid:Q"),
    ).properties(width=300, height=150)
    whole = chart.facet(
        facet=alt.Facet("series:N", title=None, header=alt.Header(labelFontSize=12)),
        data=alt.InlineData([*bands, *dots]),
        columns=2,
    ).configure_view(stroke=None)
    save(whole, CHART)


def save(chart: object, path: Path) -> None:
    """Write a chart as SVG."""
    import vl_convert

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(vl_convert.vegalite_to_svg(chart.to_dict()), encoding="utf-8")  # type: ignore[attr-defined]


def _name(series: Series) -> str:
    key = series.key
    what = {
        SeriesMeasure.EXPENDITURE: "use",
        SeriesMeasure.PRODUCTION: "output",
        SeriesMeasure.DELIVERED: "deliveries",
    }.get(key.measure, key.measure.value)
    return f"{what} of {key.item.replace('-', ' ')}, {' and '.join(key.parties)}"


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        end = low if low is not None else high or 0.0
        return f"{'≥' if high is None else '≤'}{_round(end * MONTH)}"
    if low == high:
        return _round(low * MONTH)
    return f"{_round(low * MONTH)} to {_round(high * MONTH)}"


def _round(value: float) -> str:
    if value <= 0:
        return "0"
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, digits):,.0f}"


if __name__ == "__main__":
    main()
