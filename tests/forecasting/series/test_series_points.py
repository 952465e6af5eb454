"""Statements become points: whose, what, which measure, what sort of figure, of which days."""

from __future__ import annotations

import pytest
from series_told import CATALOGUE, day, told

from pledgebook.forecasting.series import Hedge, Nature, Point, SeriesMeasure, points_of
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import Category, Kind, Scope


def only(entry: Entry) -> Point:
    points, caveats = points_of([entry], CATALOGUE)
    assert caveats == []
    (point,) = points
    return point


def why_not(*entries: Entry) -> str:
    points, caveats = points_of(entries, CATALOGUE)
    assert points == []
    (caveat,) = caveats
    assert not caveat.said
    return caveat.why


@pytest.mark.parametrize(
    ("per", "days"), [("day", 1.0), ("week", 7.0), ("month", 30.4375), ("year", 365.25)]
)
def test_rates_are_per_day(per: str, days: float) -> None:
    point = only(told("they make some", Kind.PRODUCTION, 14_400, per=per))
    assert (point.low, point.high) == (14_400 / days, 14_400 / days)
    assert point.key.measure is SeriesMeasure.PRODUCTION
    assert point.key.nature is Nature.ACTUAL


def test_a_stock_is_in_units_and_its_day_is_the_one_it_was_told() -> None:
    point = only(told("has 300 left", Kind.STOCK, 300, per=None, on="2023-02-03"))
    assert (point.low, point.first, point.last) == (300, day("2023-02-03"), day("2023-02-03"))


def test_a_span_is_cut_off_where_it_had_not_come_yet() -> None:
    point = only(told("made 40,000", Kind.PRODUCTION, 40_000, when="2025", on="2025-08-19"))
    assert (point.first, point.last) == (day("2025-01-01"), day("2025-08-19"))
    assert point.key.nature is Nature.ACTUAL


@pytest.mark.parametrize(
    ("quote", "when", "tentative", "nature"),
    [
        ("makes 28,000 a month", None, False, Nature.ACTUAL),
        ("will be at 60,000 in October", "2024-10", True, Nature.TARGET),
        ("60,000 in October", "2024-10", False, Nature.TARGET),
        ("The objective is 60,000", None, False, Nature.TARGET),
        ("metric: production target value_low: 60000", None, False, Nature.TARGET),
        ("60,000 by the end of 2024, the army says", None, False, Nature.TARGET),
        ("60,000 a month might come of it", None, True, Nature.TARGET),
        ("497 were planned for 2021", "2021", True, Nature.TARGET),
        ("made 28,000 in October, short of its goal", "2022-10", False, Nature.ACTUAL),
        ("has a capacity of 60,000", None, False, Nature.CAPACITY),
        ("is able to turn out 60,000", None, False, Nature.CAPACITY),
        ("made 60,000 https://a.org/more-capacity-needed-target", None, False, Nature.ACTUAL),
    ],
)
def test_what_sort_of_output_it_is(
    quote: str, when: str | None, tentative: bool, nature: Nature
) -> None:
    entry = told(quote, Kind.PRODUCTION, 60_000, when=when, tentative=tentative)
    assert only(entry).key.nature is nature


def test_a_target_has_its_day_and_what_it_aims_at() -> None:
    quote = "capacity is to reach 1.4 million by the end of 2024"
    target = only(told(quote, Kind.PRODUCTION, 1.4e6, per="year", when="2024-12", tentative=True))
    assert target.due == day("2024-12-31")
    assert target.aims_at is Nature.CAPACITY
    assert only(told("it is to make 5,000", Kind.PRODUCTION, 5_000, tentative=True)).due is None


def test_a_need_is_no_use() -> None:
    asked = only(told("needs 250,000", Kind.REQUEST, 250_000, by=("UKR",), to="UKR"))
    said = only(told("the requirement is 250,000", Kind.EXPENDITURE, 250_000, by=("UKR",)))
    fired = only(told("fires 110,000", Kind.EXPENDITURE, 110_000, by=("UKR",)))
    assert asked.key == said.key
    assert asked.key.nature is Nature.REQUIREMENT
    assert (fired.key.nature, fired.key.measure) == (Nature.ACTUAL, SeriesMeasure.EXPENDITURE)


def test_bodies_are_no_rounds() -> None:
    rounds = only(told("18,000 complete rounds, not bodies", Kind.PRODUCTION, 18_000))
    shells = only(told("40,000 shells", Kind.PRODUCTION, 40_000))
    bodies = only(told("40,000 metal bodies of shells", Kind.PRODUCTION, 40_000, unit="item"))
    coded = only(told("about as many", Kind.PRODUCTION, 30_000, unit="item"))
    assert (rounds.key.unit, rounds.complete) == ("round", True)
    assert (shells.key.unit, shells.complete) == ("round", False)
    assert bodies.key.unit == "part"
    assert coded.key.unit == "item"


def test_a_missile_is_a_round_and_an_item() -> None:
    made = [
        only(told("about 150", Kind.STOCK, 150, per=None, unit=unit, item="THAAD",
                  category=Category.MISSILE))
        for unit in ("round", "item")
    ]  # fmt: skip
    assert made[0].key == made[1].key


def test_an_item_has_its_place_in_the_tree() -> None:
    assert only(told("155mm", Kind.PRODUCTION, 1)).key.item == "155mm"
    assert only(told("HE", Kind.PRODUCTION, 1, item="155mm HE")).key.item == "155mm-he"
    assert only(told("shells", Kind.PRODUCTION, 1, item=None)).key.item == "artillery-ammunition"
    odd = only(told("odd", Kind.PRODUCTION, 1, item="Nothing 7 X"))
    assert odd.key.item == "artillery-ammunition/nothing 7 x"


def test_a_joint_figure_is_never_split() -> None:
    point = only(told("1.2 million together", Kind.PRODUCTION, 1.2e6, by=("EU", "USA")))
    assert point.key.parties == ("EU", "USA")


def test_names_of_a_party_are_its_code() -> None:
    one = only(told("makes 500", Kind.PRODUCTION, 500, by=("Lockheed",)))
    two = only(told("makes 500", Kind.PRODUCTION, 500, by=("Lockheed Martin",)))
    assert one.key == two.key


def test_an_amount_over_a_span_is_a_rate_over_it() -> None:
    entry = told("330,000 between March and January", Kind.DELIVERY, 330_000, per=None,
                 when="2023-03/2024-01", scope=Scope.TOTAL, by=("EU",), to="UKR", on="2024-01-31",
                 item=None)  # fmt: skip
    point = only(entry)
    assert point.low == pytest.approx(330_000 / 337)
    assert point.key.recipient == "UKR"
    assert (point.first, point.last) == (day("2023-03-01"), day("2024-01-31"))
    year = only(told("fired 186,000 in 2022", Kind.EXPENDITURE, 186_000, per=None, when="2022"))
    assert year.high == pytest.approx(186_000 / 365)


def test_a_month_is_within_or_up_to_as_the_words_say() -> None:
    within = told("80 in June", Kind.EXPENDITURE, 80, per=None, when="2023-06", on="2023-08-01",
                  scope=Scope.TOTAL)  # fmt: skip
    assert only(within).low == pytest.approx(80 / 30)
    up_to = told("80 so far by June", Kind.EXPENDITURE, 80, per=None, when="2023-06",
                 on="2023-08-01", scope=Scope.TOTAL)  # fmt: skip
    assert "single running total" in why_not(up_to)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (told("fired two", Kind.EXPENDITURE, 2, per=None), "without a period"),
        (told("fired 300", Kind.EXPENDITURE, 300, per=None, when="2023-05-10"), "is an event"),
        (told("95 % gone", Kind.EXPENDITURE, 95, per=None, unit="percent"), "a share"),
        (told("40 % more", Kind.PRODUCTION, 40, unit="percent"), "a share a period"),
        (told("300 a month in store", Kind.STOCK, 300), "a stock is told as so many a month"),
        (told("once had 300", Kind.STOCK, 300, per=None, scope=Scope.BACKGROUND), "a time that is"),
        (told("makes 300", Kind.PRODUCTION, 300, dated=False), "says of when it is"),
        (told("at least none", Kind.STOCK, 0, float("inf"), per=None), "says nothing"),
        (told("nobody makes 300", Kind.PRODUCTION, 300, by=()), "nobody is named"),
        (told("of which 170 are", Kind.STOCK, 170, per=None), "a part of what"),
        (
            told("6,000 are to be made by then", Kind.PRODUCTION, 6000, per=None, tentative=True),
            "over which time is not said",
        ),
        (
            told("could hold up to", Kind.DELIVERY, None, 4e6, per=None, tentative=True,
                 scope=Scope.TOTAL, to="RUS"),
            "a promise is no delivery",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_with_its_reason(entry: Entry, why: str) -> None:
    said = why_not(entry)
    assert why in said
    assert entry.id in said


def test_what_gives_no_figure_or_is_no_level_makes_no_point() -> None:
    others = [
        told("stocks are low", Kind.STOCK),
        told("asked for 100", Kind.REQUEST, 100, per=None),
        told("sent 100", Kind.DELIVERY, 100, per=None),
        told("will send 100", Kind.PLEDGE, 100, per=None),
    ]
    assert points_of(others, CATALOGUE) == ([], [])


def running(low: float, on: str, high: float | None = None) -> Entry:
    return told(f"{low} so far", Kind.DELIVERY, low, high, per=None, on=on, to="UKR",
                scope=Scope.TOTAL)  # fmt: skip


def test_running_totals_give_the_rate_between_them() -> None:
    totals = [running(29_820, "2023-01-01"), running(59_820, "2023-04-11")]
    point = only_of(totals)
    assert point.low == pytest.approx(299.9)
    assert point.high == pytest.approx(300.1)
    assert (point.first, point.last) == (day("2023-01-02"), day("2023-04-11"))
    assert set(point.statements) == {total.id for total in totals}
    assert point.told == day("2023-04-11")


def only_of(entries: list[Entry]) -> Point:
    points, caveats = points_of(entries, CATALOGUE)
    assert caveats == []
    (point,) = points
    return point


def test_totals_told_as_more_than_leave_room_and_never_go_below_zero() -> None:
    more = float("inf")
    first, second = points_of(
        [
            running(1e6, "2023-01-20", more),
            running(1.5e6, "2023-04-23", more),
            running(1.5e6, "2023-08-14", more),
        ],
        CATALOGUE,
    )[0]
    assert first.low == pytest.approx((1.5e6 - 1.1e6) / 93)
    assert first.high == pytest.approx((1.65e6 - 1e6) / 93)
    assert second.low is None
    assert second.high == pytest.approx(0.15e6 / 113)


def test_a_total_that_falls_is_named_and_the_same_total_is_none_at_all() -> None:
    points, caveats = points_of(
        [running(60_021, "2023-01-01"), running(50_011, "2023-03-01"),
         running(60_021, "2023-05-01")],
        CATALOGUE,
    )  # fmt: skip
    (caveat,) = caveats
    assert "lies below" in caveat.why
    (point,) = points
    assert point.is_zero


def test_a_figure_is_hedged_as_it_is_told() -> None:
    hedges = [
        only(told("makes 500", Kind.PRODUCTION, 500)).hedge,
        only(told("makes some 500", Kind.PRODUCTION, 500, approx=True)).hedge,
        only(told("is estimated to make 500", Kind.PRODUCTION, 500, approx=True)).hedge,
        only(told("claimed 500", Kind.PRODUCTION, 500)).hedge,
    ]
    assert hedges == [Hedge.PLAIN, Hedge.APPROX, Hedge.ESTIMATE, Hedge.CLAIM]


def test_a_voice_is_the_speaker_else_the_outlet_else_the_document() -> None:
    names = ["Doug Bush", "Bush", "Army (Bush)", "the Ministry", None, None]
    outlets = [None, None, None, None, "example.org", None]
    entries = [
        told("makes 500", Kind.PRODUCTION, 500, speaker=name, outlet=outlet)
        for name, outlet in zip(names, outlets, strict=True)
    ]
    voices = [only(entry).source for entry in entries]
    assert voices[:5] == ["bush", "bush", "bush", "the ministry", "example.org"]
    assert voices[5] == entries[5].document
