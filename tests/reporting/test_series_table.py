"""Series as a person sees them, and as plain data."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from drawing import drawn
from pledgebook.forecasting.picking import pick_series
from pledgebook.forecasting.series import Nature, Series, SeriesBook, SeriesMeasure
from pledgebook.reporting.names import Names
from pledgebook.reporting.series_cells import days_of_point, heading, level_at, shown
from pledgebook.reporting.series_page import months_of, series_page, series_page_next
from pledgebook.reporting.series_records import (
    POINT_FIELDS,
    SERIES_FIELDS,
    picked_more,
    points_csv,
    series_record,
    whole_record,
)
from pledgebook.reporting.series_table import series_next, series_table
from pledgebook.reporting.status_table import NAMES_FROM
from pledgebook.vocabulary.statement import Per
from series_story import DAY, story_book, story_entries

ENTRIES = story_entries()


@pytest.fixture(scope="module")
def book() -> SeriesBook:
    return story_book()


def page(
    book: SeriesBook,
    width: int = 80,
    per: Per = Per.MONTH,
    item: str | None = None,
    nature: Nature | None = None,
) -> str:
    names = Names(book.catalogue.parties, in_full=width >= NAMES_FROM)
    return drawn(series_table(pick_series(book, item=item, nature=nature), book, names, per), width)


def one(book: SeriesBook, nature: Nature = Nature.ACTUAL, party: str = "USA") -> Series:
    measure = SeriesMeasure.EXPENDITURE if party == "UKR" else SeriesMeasure.PRODUCTION
    [found] = book.find(party=party, item="155mm", measure=measure, nature=nature)
    return found


def whole(book: SeriesBook, series: Series, width: int = 80, per: Per = Per.MONTH) -> str:
    names = Names(book.catalogue.parties, in_full=width >= NAMES_FROM)
    return drawn(series_page(series, book, names, ENTRIES, per=per, width=width), width)


@pytest.mark.parametrize("width", [80, 120])
def test_the_list_at_a_width(book: SeriesBook, width: int, snapshot: SnapshotAssertion) -> None:
    assert page(book, width).splitlines() == snapshot


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_everything_keeps_to_its_width(book: SeriesBook, width: int) -> None:
    shown_ = [page(book, width), *(whole(book, series, width) for series in book.series)]
    assert max(len(line) for text in shown_ for line in text.splitlines()) <= width


@pytest.mark.parametrize("nature", [Nature.ACTUAL, Nature.TARGET])
def test_one_series_whole(book: SeriesBook, nature: Nature, snapshot: SnapshotAssertion) -> None:
    assert whole(book, one(book, nature)).splitlines() == snapshot


def test_contradictions_are_marked_and_told_with_both_sides(book: SeriesBook) -> None:
    text = " ".join(page(book).split())
    assert "CAN !" in text
    assert "“Canada owns 82 Leopard 2 tanks”" in text
    assert "“Canada has no more than 40 Leopard 2 tanks”" in text
    assert "UKR !" not in text


def test_what_is_wanted_has_a_chance_and_no_level(book: SeriesBook) -> None:
    text = page(book, nature=Nature.TARGET)
    assert "level" not in text
    assert "even" in text
    assert "reached by" in text
    assert "names no day" in text
    assert "What is wanted is no level" in whole(book, one(book, Nature.TARGET))


def test_periods_multiply(book: SeriesBook) -> None:
    series = one(book)
    month, year, day = (level_at(series, DAY, per) for per in (Per.MONTH, Per.YEAR, Per.DAY))
    assert month is not None
    assert year is not None
    assert day is not None
    assert year.middle == pytest.approx(12 * month.middle)
    assert day.high == pytest.approx(month.high / 30.4375)
    assert "Production a year" in page(book, per=Per.YEAR)
    # What was told stays as it was told, in every period.
    assert "14,000 rounds a month" in " ".join(whole(book, series, 120, Per.YEAR).split())
    [stock] = book.find(measure=SeriesMeasure.STOCK)
    assert level_at(stock, DAY, Per.YEAR) == level_at(stock, DAY, Per.DAY)


def test_the_band_grows_with_every_month_since_the_last_figure(book: SeriesBook) -> None:
    series = one(book, party="UKR")
    levels = [level_at(series, day, Per.MONTH) for day in months_of(series, DAY)[1:]]
    widths = [math.log(level.high / level.low) for level in levels if level is not None]
    assert widths == sorted(widths)
    assert widths[-1] > 1.2 * widths[0]


def test_months_run_from_the_first_figure_to_the_day(book: SeriesBook) -> None:
    months = months_of(one(book), DAY)
    assert months[0] == dt.date(2022, 9, 30)
    assert months[-1] == DAY
    assert len(months) == 17
    assert months_of(one(book), dt.date(2020, 1, 1)) == [dt.date(2020, 1, 1)]


def test_a_long_span_is_thinned_and_keeps_its_last_month() -> None:
    late = story_book(dt.date(2033, 5, 15))
    text = whole(late, one(late))
    assert "May 2033" in text
    rows = [line for line in text.splitlines() if "░" in line]
    assert len(rows) <= 31


def test_nothing_found_is_said(book: SeriesBook) -> None:
    text = page(book, item="MiG-29")
    assert "No such figure was told by 2024-01-31." in text
    assert "recalled from a time that is not said" in " ".join(text.split())


def test_the_next_commands_name_what_is_there(book: SeriesBook) -> None:
    picked = pick_series(book)
    ids = {series.id[:8] for series in book.series}
    found = [*series_next(picked), *series_page_next(one(book), book)]
    assert {command.split()[-1] for command, _ in found} <= ids
    assert series_next(pick_series(book, item="MiG-29")) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.001, "<0.01"),
        (0.123, "0.12"),
        (9.87, "9.9"),
        (1234.0, "1,200"),
        (99_600.0, "100,000"),
        (math.inf, "∞"),
    ],
)
def test_levels_have_two_figures(value: float, text: str) -> None:
    assert shown(value) == text


def test_every_measure_and_nature_has_a_heading() -> None:
    titles = {heading(measure, nature, Per.MONTH) for measure in SeriesMeasure for nature in Nature}
    assert len(titles) == len(SeriesMeasure) * len(Nature)
    assert heading(SeriesMeasure.STOCK, Nature.ACTUAL, Per.DAY) == "Stock: what is held"


def test_days_are_told_as_shortly_as_they_can_be(book: SeriesBook) -> None:
    point = one(book).points[0]

    def told(first: str, last: str) -> str:
        ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        return days_of_point(replace(point, first=ends[0], last=ends[1]))

    assert told("2023-01-01", "2023-12-31") == "2023"
    assert told("2023-02-01", "2023-02-28") == "2023-02"
    assert told("2023-02-01", "2023-04-30") == "2023-02 to 2023-04"
    assert told("2023-02-03", "2023-02-03") == "2023-02-03"
    assert told("2023-02-03", "2023-02-27") == "2023-02-03 to 2023-02-27"


def test_records_hold_all_and_leave_out_no_unknown(book: SeriesBook) -> None:
    records = [series_record(series, book, Per.MONTH) for series in pick_series(book).series]
    assert all(set(SERIES_FIELDS) <= set(record) for record in records)
    by_nature = {record["nature"]: record for record in records}
    assert by_nature["target"]["level"] is None
    assert [target["says"] for target in by_nature["target"]["targets"]] == [
        "reached by 2023-08-20", "", "names no day",
    ]  # fmt: skip
    assert by_nature["target"]["targets"][1]["level"] == 80_000
    assert by_nature["capacity"]["level"]["p50"] == pytest.approx(37_500)
    more = picked_more(pick_series(book), book)
    assert more["targets_reached"] == 1
    assert any("contradict" in caveat["why"] for caveat in more["caveats"])
    assert len(more["left_out"]) == 1
    json.dumps([records, more], allow_nan=False)


def test_one_series_as_data(book: SeriesBook) -> None:
    series = one(book)
    record = whole_record(series, book, ENTRIES, Per.MONTH)
    assert [point["low"] for point in record["points"]] == [14_000, 24_000, 28_000]
    assert [statement for point in record["points"] for statement in point["statements"]] == [
        name for point in series.points for name in point.statements
    ]
    assert record["months"][-1]["day"] == DAY.isoformat()
    assert record["months"][-1]["p50"] == record["level"]["p50"]
    assert whole_record(one(book, Nature.TARGET), book, ENTRIES, Per.MONTH)["months"] == []
    [stock] = book.find(measure=SeriesMeasure.STOCK)
    ends = [(one["low"], one["high"]) for one in whole_record(stock, book, {}, Per.DAY)["points"]]
    assert ends == [(82, 82), (None, 40)]


def test_no_spreadsheet_runs_the_words_of_a_report(book: SeriesBook) -> None:
    series = one(book)
    first = replace(series.points[0], says="=HYPERLINK(1)")
    text = points_csv(replace(series, points=(first,)), ENTRIES, Per.MONTH)
    [row] = csv.DictReader(io.StringIO(text))
    assert tuple(row) == POINT_FIELDS
    assert not row["words"].startswith("=")
    assert row["words"].endswith("=HYPERLINK(1)")
