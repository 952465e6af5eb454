"""Laws of the date finder: all days in all layouts, and what relative words mean on any day."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reading.quantities.dates import DateMention, find_dates
from pledgebook.vocabulary.period import bounds

MONTHS = [dt.date(2000, number, 1).strftime("%B") for number in range(1, 13)]
WEEKDAYS = [dt.date(2024, 1, number).strftime("%A") for number in range(1, 8)]
ANCHORS = st.dates(dt.date(1995, 1, 1), dt.date(2035, 12, 31))


def ordinal(number: int) -> str:
    """Write 1st, 2nd, 3rd, 11th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    return f"{number}{ending}"


LAYOUTS: dict[str, Callable[[dt.date], str]] = {
    "14 February 2023": lambda day: f"{day.day} {day:%B %Y}",
    "February 14, 2023": lambda day: f"{day:%B} {day.day}, {day.year}",
    "Feb. 14, 2023": lambda day: f"{day:%b}{'' if day.month == 5 else '.'} {day.day}, {day.year}",
    "14 Feb 2023": lambda day: f"{day.day} {day:%b %Y}",
    "Tuesday, 14 February 2023": lambda day: f"{day:%A}, {day.day} {day:%B %Y}",
    "the 14th of February, 2023": lambda day: f"the {ordinal(day.day)} of {day:%B}, {day.year}",
    "2023-02-14": lambda day: day.isoformat(),
    "14.02.2023": lambda day: f"{day:%d.%m.%Y}",
    "Tue, February 14th 2023": lambda day: f"{day:%a}, {day:%B} {ordinal(day.day)} {day.year}",
}


def whens(text: str, anchor: dt.date | None) -> list[str]:
    return [mention.when for mention in find_dates(text, anchor)]


def span_of(text: str, anchor: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the only date in a text."""
    (when,) = whens(text, anchor)
    return bounds(when)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_day_in_every_layout(layout: str) -> None:
    write = LAYOUTS[layout]
    day = dt.date(1990, 1, 1)
    while day.year <= 2035:
        text = f"It came on {write(day)} by ship."
        found = find_dates(text, None)
        assert [(m.when, m.kind) for m in found] == [(day.isoformat(), "day")], text
        assert text[found[0].start : found[0].end] == write(day)
        day += dt.timedelta(days=1)


@given(anchor=ANCHORS, day=st.dates(dt.date(1990, 1, 1), dt.date(2035, 12, 31)))
def test_a_full_date_does_not_depend_on_the_anchor(anchor: dt.date, day: dt.date) -> None:
    for write in LAYOUTS.values():
        assert whens(f"It came on {write(day)}.", anchor) == [day.isoformat()]


@given(anchor=ANCHORS)
def test_today_is_the_anchor(anchor: dt.date) -> None:
    one = dt.timedelta(days=1)
    assert whens("It came today, not yesterday; more comes tomorrow", anchor) == [
        anchor.isoformat(),
        (anchor - one).isoformat(),
        (anchor + one).isoformat(),
    ]


@given(anchor=ANCHORS, number=st.integers(0, 6))
def test_a_weekday_lies_within_six_days(anchor: dt.date, number: int) -> None:
    name = WEEKDAYS[number]
    told, _ = span_of(f"They met on {name}.", anchor)
    planned, _ = span_of(f"They will meet on {name}.", anchor)
    last, _ = span_of(f"They met last {name}.", anchor)
    following, _ = span_of(f"They meet next {name}.", anchor)
    assert {day.weekday() for day in (told, planned, last, following)} == {number}
    assert 0 <= (anchor - told).days <= 6
    assert 0 <= (planned - anchor).days <= 6
    assert 1 <= (anchor - last).days <= 7
    assert 1 <= (following - anchor).days <= 7


@given(anchor=ANCHORS)
def test_weeks_months_and_years_follow_each_other(anchor: dt.date) -> None:
    one = dt.timedelta(days=1)
    for unit in ("week", "month", "quarter", "year"):
        last, this, following = (
            span_of(f"It came {word} {unit}.", anchor) for word in ("last", "this", "next")
        )
        assert this[0] <= anchor <= this[1]
        assert last[1] + one == this[0]
        assert this[1] + one == following[0]


@given(anchor=ANCHORS, number=st.integers(1, 12))
def test_a_month_is_the_nearest_or_as_the_words_say(anchor: dt.date, number: int) -> None:
    name = MONTHS[number - 1]
    due, _ = span_of(f"They will send it in {name}.", anchor)
    by, _ = span_of(f"They need it by {name}.", anchor)
    sent, _ = span_of(f"They sent it in {name}.", anchor)
    last, _ = span_of(f"They sent it last {name}.", anchor)
    coming, _ = span_of(f"They send it next {name}.", anchor)
    this = anchor.replace(day=1)
    assert {day.month for day in (due, by, sent, last, coming)} == {number}
    assert due == by
    assert 0 <= (due - this).days <= 340
    assert 0 <= (this - sent).days <= 340
    assert 1 <= (this - last).days <= 366
    assert 1 <= (coming - this).days <= 366


@given(anchor=ANCHORS, season=st.sampled_from(["spring", "summer", "autumn", "winter"]))
def test_seasons_have_three_months_in_their_order(anchor: dt.date, season: str) -> None:
    last, following = (span_of(f"It comes {word} {season}.", anchor) for word in ("last", "next"))
    for first, end in (last, following):
        assert 89 <= (end - first).days <= 91
    assert last[1] < anchor < following[0]
    late = span_of(f"It comes by the end of next {season}.", anchor)
    assert late[1] == following[1]
    assert late[0].day == 1


@given(anchor=ANCHORS, count=st.integers(2, 40))
def test_counting_back_and_ahead_is_exact(anchor: dt.date, count: int) -> None:
    days, weeks = dt.timedelta(days=count), dt.timedelta(weeks=count)
    assert whens(f"It came {count} days ago", anchor) == [(anchor - days).isoformat()]
    assert whens(f"It came {count} weeks ago", anchor) == [(anchor - weeks).isoformat()]
    assert whens(f"It comes in {count} days' time", anchor) == [(anchor + days).isoformat()]
    total = anchor.year * 12 + anchor.month - 1
    for text, moved in (
        (f"It came {count} months ago", total - count),
        (f"It comes within {count} months", total + count),
    ):
        assert whens(text, anchor) == [f"{moved // 12}-{moved % 12 + 1:02d}"]


@given(anchor=ANCHORS, count=st.integers(2, 20), unit=st.sampled_from(["days", "weeks", "months"]))
def test_stretches_begin_or_end_with_the_anchor(anchor: dt.date, count: int, unit: str) -> None:
    past = span_of(f"It was over the last {count} {unit}.", anchor)
    ahead = span_of(f"It is over the next {count} {unit}.", anchor)
    assert past[0] < anchor <= past[1]
    assert ahead[0] <= anchor < ahead[1]


@given(anchor=ANCHORS, back=st.integers(1, 30))
def test_since_runs_up_to_the_anchor(anchor: dt.date, back: int) -> None:
    year = anchor.year - back
    assert whens(f"It came since {year}.", anchor) == [f"{year}/{anchor.year}"]
    first, last = span_of(f"It came since March {year}.", anchor)
    assert (first, last.month) == (dt.date(year, 3, 1), anchor.month)


@given(first=st.integers(1990, 2035), more=st.integers(1, 30))
def test_spans_of_years(first: int, more: int) -> None:
    last = first + more
    for text in (f"for {first}-{last}", f"between {first} and {last}", f"from {first} to {last}"):
        assert whens(text, None) == [f"{first}/{last}"]


@given(anchor=ANCHORS, first=st.integers(1, 12), last=st.integers(1, 12))
def test_a_span_of_months_runs_forward_within_a_year(
    anchor: dt.date, first: int, last: int
) -> None:
    text = f"It ran from {MONTHS[first - 1]} to {MONTHS[last - 1]} {anchor.year}."
    if first == last:
        return
    start, end = span_of(text, anchor)
    assert (start.month, end.month, end.year) == (first, last, anchor.year)
    assert 28 <= (end - start).days <= 366


def test_without_an_anchor_only_full_dates_are_found() -> None:
    text = "On Tuesday, in April, last week, today, three days ago, by Christmas, 14 February"
    assert find_dates(text, None) == []
    assert whens("In April 2023, Q3 2024, spring 2025 and by the end of 2026", None) == [
        "2023-04",
        "2024-07/2024-09",
        "2025-03/2025-05",
        "2026-12",
    ]


@pytest.mark.parametrize(
    ("text", "relation", "tense", "kind"),
    [
        ("due by the end of March", "by", "future", "month"),
        ("held since 2014", "since", None, "span"),
        ("until next year", "until", "future", "year"),
        ("from 3 March 2023", "from", "future", "day"),
        ("sent in January", "in", "past", "month"),
        ("before the summer of 2022", "before", "past", "season"),
        ("after 2021", "after", "past", "year"),
        ("on Monday", "on", "past", "day"),
        ("the third quarter of 2023", None, "future", "quarter"),
    ],
)
def test_relation_tense_and_kind(text: str, relation: str, tense: str, kind: str) -> None:
    (mention,) = find_dates(text, dt.date(2023, 2, 14))
    assert (mention.relation, mention.tense, mention.kind) == (relation, tense, kind)


SCRAPS = """the end of March May may 2023 14 1. - to by since last next week two weeks ago Tuesday
Q3 spring in within 2023-02-30 31/12/2023 FY24 year early , year's \u201822 between and half a"""
PROSE = st.lists(st.sampled_from([*re.split(r"\s", SCRAPS), "\n"]), max_size=30).map(" ".join)


def check_shape(text: str, mentions: list[DateMention]) -> None:
    for mention in mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        first, last = bounds(mention.when)
        assert first <= last
    assert all(one.end <= other.start for one, other in pairwise(mentions))


@given(text=st.one_of(PROSE, st.text(max_size=150)), anchor=st.one_of(st.none(), st.dates()))
def test_mentions_are_sorted_valid_and_apart(text: str, anchor: dt.date | None) -> None:
    check_shape(text, find_dates(text, anchor))


HOSTILE = {
    "digits": "1" * 1_000_000,
    "months": "March " * 10_000,
    "ends": "the end of " * 90_000,
    "years": "2023-" * 200_000,
    "since": "since 2022 " * 10_000,
    "counts": "within two " * 90_000,
    "blanks": "the" + " " * 1_000_000 + "end of March",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_takes_linear_time(name: str) -> None:
    begun = time.process_time()
    find_dates(HOSTILE[name], dt.date(2023, 2, 14))
    assert time.process_time() - begun < 20
