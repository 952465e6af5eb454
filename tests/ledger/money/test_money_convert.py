"""Amounts in another currency: intervals, days, periods, and what cannot be converted."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from making import Said, entries, report
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.money.convert import Conversion, Converter, Occasion
from pledgebook.ledger.money.rates import load_rates
from pledgebook.vocabulary.statement import Category

RATES = load_rates()
DAY = dt.date.fromisoformat

AMOUNTS = st.floats(0, 1e15, allow_nan=False)
CURRENCIES = st.sampled_from(
    ["EUR", "USD", "NOK", "SEK", "GBP", "JPY", "PLN", "CZK", "AED", "UAH", "XOF", "IDR"]
)
DAYS = st.dates(dt.date(2022, 2, 24), dt.date(2023, 10, 2))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(AMOUNTS), draw(AMOUNTS)))
    ends = draw(st.sampled_from([(low, high), (low, low), (None, high), (low, None)]))
    return Interval(*ends)


def convert(
    amount: Interval | float, currency: str, to: str, day: dt.date | str, period: str | None = None
) -> Conversion:
    whole = amount if isinstance(amount, Interval) else Interval(amount, amount)
    on = DAY(day) if isinstance(day, str) else day
    return Converter(RATES, to).convert(whole, currency, Occasion(on, period))


@given(intervals(), CURRENCIES, CURRENCIES, DAYS)
def test_there_and_back_is_the_same_within_rounding(
    amount: Interval, one: str, other: str, day: dt.date
) -> None:
    there = convert(amount, one, other, day)
    back = convert(there.converted, other, one, day)
    for end, again in ((amount.low, back.converted.low), (amount.high, back.converted.high)):
        assert again == (end if end is None else pytest.approx(end, rel=1e-12))


@given(intervals(), CURRENCIES, DAYS)
def test_the_same_currency_is_left_alone(amount: Interval, currency: str, day: dt.date) -> None:
    found = convert(amount, currency, currency, day)
    assert found.converted == found.amount == amount
    assert (found.rate, found.source, found.note) == (1.0, "", "")


@given(intervals(), intervals(), CURRENCIES, CURRENCIES, DAYS)
def test_order_and_openness_of_intervals_are_kept(
    one: Interval, other: Interval, currency: str, to: str, day: dt.date
) -> None:
    first, second = (convert(amount, currency, to, day).converted for amount in (one, other))
    for end in ("low", "high"):
        ends = getattr(one, end), getattr(other, end)
        converted = getattr(first, end), getattr(second, end)
        assert [value is None for value in ends] == [value is None for value in converted]
        if None not in ends and ends[0] <= ends[1]:
            assert converted[0] <= converted[1]


@given(st.dates(dt.date(1998, 1, 1), dt.date(2030, 1, 1)), st.sampled_from(["RUB", "XYZ", "UAH"]))
def test_what_has_no_rate_is_unknown_and_never_zero(day: dt.date, currency: str) -> None:
    found = convert(1e6, currency, "EUR", day)
    assume(not found.known)
    assert found.converted == UNKNOWN
    assert found.note
    assert found.problem is not None
    assert (found.problem.code, found.problem.severity) == ("no-rate", "warning")
    assert f"{currency} of {day} is not converted to EUR" in str(found.problem)


def test_a_conversion_carries_rate_day_and_source() -> None:
    found = convert(Interval(100, 200), "NOK", "EUR", "2023-02-14")
    assert found.amount == Interval(100, 200)
    assert found.rate == pytest.approx(1 / 10.8778)
    assert found.converted.high == pytest.approx(200 / 10.8778)
    assert (found.asked, found.published) == ("2023-02-14", "2023-02-14")
    assert found.quotes == ("1 EUR = 10.8778 NOK",)
    assert found.source.startswith("European Central Bank, euro reference rates (table to 20")
    assert found.problem is None


def test_cross_rates_go_by_the_euro_and_say_both() -> None:
    found = convert(100, "USD", "NOK", "2023-02-14")
    assert found.converted.low == pytest.approx(100 * 10.8778 / 1.0759)
    assert found.quotes == ("1 EUR = 1.0759 USD", "1 EUR = 10.8778 NOK")


def test_a_sunday_says_which_day_it_took() -> None:
    found = convert(1, "USD", "EUR", "2023-02-12")
    assert found.published == "2023-02-10"
    assert found.note == "the last rate before 2023-02-12, of 2023-02-10"


def test_a_period_takes_its_average() -> None:
    found = convert(108.13, "USD", "EUR", "2023-12-31", "2023")
    assert found.asked == "2023"
    assert found.published == "2023-01-02/2023-12-29, average of 255 days"
    assert found.converted.low == pytest.approx(100, abs=0.01)
    assert found.note == ""


def test_a_period_across_the_end_of_a_year() -> None:
    found = convert(1, "USD", "NOK", "2023-01-31", "2022-12/2023-01")
    assert found.published == "2022-12-01/2023-01-31, average of 43 days"
    assert found.rate == pytest.approx(10.5845 / 1.0681, rel=1e-4)


def test_a_period_without_an_average_takes_its_end_and_says_so() -> None:
    found = convert(1, "UAH", "EUR", "2023-12-31", "2023")
    assert found.rate == pytest.approx(1 / (37.9824 * 1.105))
    assert found.note.startswith("no average for 2023, only 193 of its 255 days of publication")
    gone = convert(1, "RUB", "EUR", "2022-06-30", "2022-06")
    assert not gone.known
    assert "2022-03-01" in gone.note


def told(date: str | None, when: str | None) -> Occasion:
    said = Said("A promise", money=(1e6, "NOK"), category=Category.MILITARY_AID, when=when)
    return Occasion.of(entries([report(said, date=date)])[0])


@pytest.mark.parametrize(
    ("date", "when", "asked"),
    [
        ("2023-02-14", None, "2023-02-14"),
        ("2023-02-14", "2022", "2022"),
        ("2023-02-14", "2023-02-10", "2023-02-10"),
        ("2023-02-14", "2023", "2023-02-14"),  # not over: nobody could know its average
        ("2023-02-14", "2023-06", "2023-02-14"),  # a promise for later
        ("2023-02-14", "2022-11/2023-01", "2022-11/2023-01"),
    ],
)
def test_money_is_of_its_own_period_or_of_the_day_of_the_report(
    date: str, when: str | None, asked: str
) -> None:
    assert told(date, when).asked == asked


def test_an_undated_report_is_converted_as_of_its_ingestion_and_says_so() -> None:
    occasion = told(None, None)
    assert occasion.day == dt.date(2025, 1, 1)
    assert "undated" in Converter(RATES, "EUR").convert(Interval(1, 1), "USD", occasion).note
