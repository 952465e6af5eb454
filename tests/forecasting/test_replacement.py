"""The time to make again what was handed over: quotients, bands, and what cannot be told."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.errors import UsageError
from pledgebook.exchange.importing import readings
from pledgebook.exchange.observations import importer
from pledgebook.forecasting.handed_over import Line
from pledgebook.forecasting.replacement import (
    Replacement,
    Replacements,
    made_again_by,
    replacement_times,
)
from pledgebook.forecasting.series.point import Nature
from pledgebook.forecasting.series.points import points_of
from pledgebook.forecasting.series.series import Series
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.records import Entry, statement_ids
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Evidence, Kind, Statement

CATALOGUE = load_catalogue()
ROOT = Path(__file__).resolve().parents[2]
BAND = r"[\d.]+ / [\d.]+ / [\d.]+"
NUMBER = r"[\d.]+"
FACTS = ROOT.parent / "shared" / "data" / "ammunition-facts.csv"
DAY = dt.date(2023, 1, 31)
SHELLS = Line(("USA",), "155mm", "round")
_numbers = itertools.count(1)


def entry(
    kind: str,
    low: float | None,
    high: float | None = None,
    *,
    per: str | None = None,
    when: str | None = "2023-01",
    told: str = "2023-01-31",
    quote: str = "so it is told",
    **fields: Any,  # noqa: ANN401
) -> Entry:
    """One statement of an American figure of 155mm shells; totals where it has no period."""
    number = next(_numbers)
    evidence = Evidence(document=f"d{number}", start=0, end=len(quote), quote=quote)
    said = {
        "kind": kind,
        "scope": "total" if per is None else "new",
        "actors": ["USA"],
        "item": {"category": "artillery-ammunition", "designation": "155mm"},
        "quantity": {"low": low, "high": high, "unit": "round", "per": per},
        "when": when,
        "speaker": f"speaker {number}",
        "evidence": evidence,
    }
    statement = Statement.model_validate(said | fields)
    return Entry(f"s{number:04}", statement, f"d{number}", dt.date.fromisoformat(told))


def exactly(kind: str, amount: float, **fields: Any) -> Entry:  # noqa: ANN401
    return entry(kind, amount, amount, **fields)


def times(entries: Sequence[Entry], as_of: dt.date = DAY, **more: Any) -> Replacements:  # noqa: ANN401
    return replacement_times(entries, CATALOGUE, as_of=as_of, **more)


def only(result: Replacements) -> Replacement:
    (found,) = result.times
    return found


def years(found: Replacement) -> tuple[float | None, float | None]:
    low, high = found.as_told.low, found.as_told.high
    return (
        None if low is None else round(low, 9),
        None if high is None else round(high, 9),
    )


def test_it_is_the_amount_over_the_rate() -> None:
    sent = exactly("delivery", 48_000)
    made = exactly("production", 1_000, per="month")
    found = only(times([sent, made]))
    assert found.line == SHELLS
    assert years(found) == (4, 4)
    assert found.rate.nature is Nature.ACTUAL
    assert (found.amount.promised, found.otherwise) == (False, None)
    assert found.statements == (sent.id, made.id)
    assert found.rate.series is not None


def test_the_band_is_that_of_the_series() -> None:
    """With an exact amount the quotient of a lognormal rate is lognormal: a closed form."""
    found = only(times([exactly("delivery", 48_000), exactly("production", 1_000, per="month")]))
    middle, tenth = 48_000 / found.rate.median, math.exp(1.2815515655 * found.rate.log_sd)
    assert found.band.p50 == pytest.approx(middle, rel=0.01)
    assert found.band.p10 == pytest.approx(middle / tenth, rel=0.01)
    assert found.band.p90 == pytest.approx(middle * tenth, rel=0.01)


def test_what_is_at_least_takes_at_least_as_long() -> None:
    found = only(times([entry("delivery", 48_000), exactly("production", 1_000, per="month")]))
    assert years(found) == (4, None)


def test_what_is_at_most_takes_at_most_as_long() -> None:
    made = exactly("production", 1_000, per="month")
    found = only(times([entry("delivery", None, 48_000), made]))
    assert years(found) == (None, 4)


def test_intervals_give_the_least_over_the_fastest_and_the_most_over_the_slowest() -> None:
    sent = entry("delivery", 24_000, 48_000)
    found = only(times([sent, entry("production", 1_000, 2_000, per="month")]))
    assert years(found) == (1, 4)


def test_a_promise_is_told_apart_from_what_was_handed_over() -> None:
    entries = [
        exactly("delivery", 12_000),
        exactly("pledge", 24_000),
        exactly("production", 1_000, per="month"),
    ]
    found = {one.amount.promised: one.as_told.low for one in times(entries).times}
    assert found == {False: pytest.approx(1), True: pytest.approx(2)}


def test_what_is_only_considered_or_not_a_total_is_no_amount() -> None:
    made = exactly("production", 1_000, per="month")
    talk = exactly("delivery", 5, status="tentative")
    single = exactly("delivery", 5, scope="new")
    result = times([made, talk, single])
    assert result.times == ()
    assert [one.why for one in result.caveats if one.about.startswith("replacement")] == [
        "it is not told how much was handed over in all"
    ]


def test_of_running_totals_the_newest_counts() -> None:
    older = exactly("delivery", 5_000, when="2022-06", told="2022-06-30")
    newer = exactly("delivery", 9_000, when="2022-12", told="2022-12-31")
    result = times([newer, older])
    assert [one.units for one in result.amounts[SHELLS]] == [Interval(9_000, 9_000)]


@pytest.mark.parametrize(
    ("spans", "sum_of_all"),
    [
        (("2022-03/2022-09", "2022-09-28/2022-10-28"), 12_000),
        (("2022-03/2022-09", "2022-10/2022-11"), 12_000),
        (("2022-03/2022-09", "2022-05/2022-11"), 6_000),
        (("2021", "2022"), 12_000),
    ],
)
def test_spans_are_added_where_they_lie_apart(spans: tuple[str, str], sum_of_all: float) -> None:
    entries = [exactly("delivery", 6_000, when=when) for when in spans]
    assert times(entries).amounts[SHELLS][0].units == Interval(sum_of_all, sum_of_all)


def test_a_running_total_and_spans_are_not_added() -> None:
    entries = [exactly("delivery", 6_000, when="2022-03/2022-09"), exactly("delivery", 7_000)]
    (amount,) = times(entries).amounts[SHELLS]
    assert amount.units == Interval(7_000, 7_000)


def test_an_open_part_leaves_the_sum_open() -> None:
    entries = [entry("delivery", 6_000, when="2021"), exactly("delivery", 6_000, when="2022")]
    assert times(entries).amounts[SHELLS][0].units == Interval(12_000, None)


def test_output_capacity_and_targets_each_give_their_own_time() -> None:
    entries = [
        exactly("delivery", 12_000),
        exactly("production", 1_000, per="month"),
        exactly("production", 2_000, per="month", quote="it has a capacity of so many"),
        exactly("production", 3_000, per="month", when="2024", status="tentative"),
        exactly("production", 4_000, per="month", when="2025", status="tentative"),
    ]
    found = sorted((one.rate.nature.value, years(one)) for one in times(entries).times)
    assert found == [
        ("actual", (1, 1)),
        ("capacity", (1 / 2, 1 / 2)),
        ("target", (1 / 4, 1 / 4)),
        ("target", (round(1 / 3, 9), round(1 / 3, 9))),
    ]


def test_what_is_used_otherwise_is_taken_off_the_rate() -> None:
    entries = [exactly("delivery", 12_000), exactly("production", 1_000, per="month")]
    training = exactly("expenditure", 6_000, per="year", told="2024-01-01", when=None)
    gross, net = times(entries, otherwise=[training]).times
    assert gross.otherwise is None
    assert (net.otherwise or UNKNOWN).low == pytest.approx(6_000)
    assert (years(gross), years(net)) == ((1, 1), (2, 2))
    assert (net.band.p50 or 0) > (gross.band.p50 or 0)


def test_where_all_that_is_made_is_used_otherwise_it_is_never_replaced() -> None:
    entries = [exactly("delivery", 12_000), exactly("production", 1_000, per="month")]
    training = exactly("expenditure", 20_000, per="year", when=None)
    result = times(entries, otherwise=[training])
    assert result.times[1].as_told == UNKNOWN
    assert result.times[1].band.p90 is None
    assert any("may never be replaced" in one.why and one.said for one in result.caveats)


def test_nobody_elses_use_is_taken_off() -> None:
    entries = [exactly("delivery", 12_000), exactly("production", 1_000, per="month")]
    others = exactly("expenditure", 6_000, per="year", actors=["UKR"])
    assert len(times(entries, otherwise=[others]).times) == 1


def test_an_output_of_none_replaces_nothing() -> None:
    found = only(times([exactly("delivery", 12_000), exactly("production", 0, per="month")]))
    assert found.as_told == UNKNOWN
    assert (found.band.p10, found.band.p50, found.band.p90) == (None, None, None)


def test_what_is_told_later_is_not_known_yet() -> None:
    made = exactly("production", 1_000, per="month", told="2023-02-01")
    result = times([exactly("delivery", 12_000), made])
    assert result.times == ()
    assert result.caveats[0].why == "it is not told what is made a year"
    assert len(times([exactly("delivery", 12_000), made], dt.date(2023, 2, 1)).times) == 1


def test_of_targets_alone_it_is_said_that_no_output_is_told() -> None:
    aim = exactly("production", 1_000, per="month", when="2025", status="tentative")
    result = times([exactly("delivery", 12_000), aim])
    assert only(result).rate.nature is Nature.TARGET
    assert "what is made now" in result.caveats[0].why


def test_nothing_told_is_nothing_said() -> None:
    assert times([]) == Replacements((), {}, ())


ENTRIES = [
    exactly("delivery", 12_000),
    exactly("delivery", 9_000, when="2022-05"),
    exactly("pledge", 20_000),
    exactly("production", 1_000, per="month", when="2022-06"),
    exactly("production", 1_100, per="month"),
    exactly("production", 3_000, per="month", when="2024", status="tentative"),
    exactly("delivery", 40, item={"category": "tank", "designation": "Leopard 2"}),
]


@given(seed=st.integers(0, 1000))
def test_the_order_of_the_statements_changes_nothing(seed: int) -> None:
    mixed = list(ENTRIES)
    random.Random(seed).shuffle(mixed)
    assert times(mixed) == times(ENTRIES)


@given(factor=st.floats(0.01, 100))
def test_so_many_times_the_amount_takes_so_many_times_as_long(factor: float) -> None:
    made = exactly("production", 1_000, per="month")
    once = only(times([exactly("delivery", 12_000), made]))
    more = only(times([exactly("delivery", 12_000 * factor), made]))
    for end in ("p10", "p50", "p90"):
        assert getattr(more.band, end) == pytest.approx(factor * getattr(once.band, end), rel=1e-6)
    assert more.as_told.low == pytest.approx(factor * (once.as_told.low or 0), rel=1e-6)


# What came.


def output(*entries: Entry) -> Series:
    return Series.of(points_of(entries, CATALOGUE)[0])


def test_an_amount_is_made_again_when_the_sum_of_the_output_reaches_it() -> None:
    series = output(
        *(exactly("production", 100, per="day", when=f"{n}") for n in range(2020, 2024))
    )
    (amount,) = times([exactly("delivery", 10_000)]).amounts[SHELLS]
    median, early, late = made_again_by(series, amount, DAY, dt.date(2024, 1, 1))
    assert median is not None
    assert abs((median - DAY).days - 100) <= 3
    assert early is not None
    assert late is not None
    assert early <= median <= late


def test_what_is_not_reached_by_the_horizon_has_no_day() -> None:
    series = output(exactly("production", 1, per="day"))
    (amount,) = times([exactly("delivery", 10_000)]).amounts[SHELLS]
    assert made_again_by(series, amount, DAY, dt.date(2023, 12, 31)) == (None, None, None)


def test_only_an_output_makes_anything_again_and_only_after_the_start() -> None:
    (amount,) = times([exactly("delivery", 10_000)]).amounts[SHELLS]
    with pytest.raises(UsageError, match="not of output"):
        made_again_by(output(exactly("stock", 5)), amount, DAY, dt.date(2024, 1, 1))
    with pytest.raises(UsageError, match="horizon"):
        made_again_by(output(exactly("production", 1, per="day")), amount, DAY, DAY)


# Against the world: docs/replacement.md shows these.


@pytest.mark.skipif(not FACTS.exists(), reason="the shared data are not here")
def test_the_published_inputs_give_their_times() -> None:
    release = importer.read(FACTS, CATALOGUE)
    entries = []
    for row in readings(release, CATALOGUE, "1", []):
        made = row.reading
        if made.document.date is not None:
            names = statement_ids(made.document.id, made.statements)
            entries += [
                Entry(name, statement, made.document.id, made.document.date)
                for name, statement in zip(names, made.statements, strict=True)
            ]
    result = times(entries)
    actual = {
        (one.line.item, one.amount.promised): one
        for one in result.times
        if one.rate.nature is Nature.ACTUAL
    }
    # 1,000,000 and 900,000 rounds at 14,400 a month; 8,500 missiles at 1,000 a year.
    assert actual["155mm", True].as_told.low == pytest.approx(1_000_000 / (14_400 * 12))
    assert actual["155mm", False].as_told.low == pytest.approx(900_000 / (14_400 * 12))
    assert actual["javelin", True].as_told == Interval(8.5, 8.5)
    # Seven years, as published, lie within the band; they are not the quotient.
    band = actual["155mm", True].band
    assert (band.p10 or 0) < 7 < (band.p90 or math.inf)
    # Of Stingers the amount is known, and no output.
    assert [one.units for one in result.amounts[Line(("USA",), "stinger", "item")]] == [
        Interval(1_600, None)
    ]
    assert any(one.about == "replacement of stinger of USA" for one in result.caveats)
    assert not any(one.line.item == "stinger" for one in result.times)
    assert {Kind.PLEDGE, Kind.DELIVERY} >= {
        one.statement.kind
        for one in entries
        if one.id in {name for time in result.times for name in time.amount.statements}
    }


@pytest.mark.skipif(not FACTS.exists(), reason="the shared data are not here")
def test_the_page_shows_what_the_benchmark_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, run `python benchmarks/replacement.py --write` and read the page again."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    from replacement import MARK, report

    page = (ROOT / "docs" / "replacement.md").read_text(encoding="utf-8")
    written, block = report(FACTS), page.partition(MARK)[2].strip()
    assert re.sub(BAND, "", block) == re.sub(BAND, "", written.strip())
    # Bands are sums of many terms: another machine may round the last digit otherwise.
    shown, now = (re.findall(NUMBER, " ".join(re.findall(BAND, text))) for text in (block, written))
    assert [float(one) for one in shown] == pytest.approx([float(one) for one in now], rel=0.03)
