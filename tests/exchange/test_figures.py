"""Cells of tables: numbers, ranges, currencies, dates. What says nothing is nothing, never zero."""

from __future__ import annotations

import datetime as dt

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.exchange.figures import (
    FigureError,
    currency_of,
    interval_of,
    is_missing,
    number_of,
    period_of,
    years_of,
)
from pledgebook.exchange.intake import data_table
from pledgebook.vocabulary.period import bounds

NOTHING = [
    "",
    " ",
    ".",
    "-",
    "--",
    "n/a",
    "No price",
    "undisclosed",
    "NaN",
    "several",
    "?",
    "\u2013",
]


@pytest.mark.parametrize("text", NOTHING)
def test_a_cell_that_says_nothing_is_missing(text: str) -> None:
    assert is_missing(text)
    assert number_of(text) is None
    assert interval_of(text) is None
    assert currency_of(text) is None
    assert period_of(text) is None
    assert years_of(text) == ()


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("8", None, 8),
        ("-1,000.50", None, -1000.5),
        ("1 234 567", None, 1_234_567),
        ("1\u00a0234", None, 1234),
        ("1'234.5", None, 1234.5),
        ("\u22125", None, -5),
        ("1.5e6", None, 1_500_000),
        ("1.000", ".", 1),
        ("1.000", ",", 1000),
        ("395,88", ",", 395.88),
        ("1.234.567,8", ",", 1_234_567.8),
        ("0.125", None, 0.125),
    ],
)
def test_numbers(text: str, decimal: str | None, value: float) -> None:
    assert number_of(text, decimal=decimal) == value


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "@SUM(A1)",
            "1,2,3",
            "12,34",
            "36000/3600",
            "1.000.00",
            "until 7/27/2022",
            "8 tanks",
        ),
        *("1e99", "9" * 30, "inf", "0x10", "+-1", "1__0", "--5"),
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(FigureError):
        number_of(text)


def test_a_number_that_may_be_two_is_refused_until_the_mark_is_said() -> None:
    with pytest.raises(FigureError, match="a thousand or a fraction"):
        number_of("1.000")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8", (8, 8, False)),
        ("8-10", (8, 10, False)),
        ("8 to 10", (8, 10, False)),
        ("1,000\u20132,000", (1000, 2000, False)),
        ("up to 4", (None, 4, False)),
        ("<= 4", (None, 4, False)),
        ("at least 100", (100, None, False)),
        ("100+", (100, None, False)),
        ("~50", (50, 50, True)),
        ("about 50", (50, 50, True)),
        ("c. 50-60", (50, 60, True)),
        ("dozens", (24, 99, True)),
        ("a dozen", (12, 12, False)),
        ("0", (0, 0, False)),
    ],
)
def test_quantities(text: str, found: tuple[float | None, float | None, bool]) -> None:
    assert interval_of(text) == found


@pytest.mark.parametrize("text", ["-5", "10-8", "some tanks", "8 / 10", "2023-02-14", "=A1"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(FigureError):
        interval_of(text)


@given(low=st.integers(0, 10**9), more=st.integers(0, 10**9))
def test_a_range_keeps_its_ends(low: int, more: int) -> None:
    assert interval_of(f"{low:,} - {low + more:,}") == (low, low + more, False)


@given(value=st.integers(-(10**15), 10**15))
def test_thousands_and_decimal_marks_change_no_number(value: int) -> None:
    english, german = f"{value:,}.25", f"{value:,}.25".replace(",", "#").replace(".", ",")
    assert number_of(english) == number_of(german.replace("#", "."), decimal=",")


@given(text=st.text(max_size=40))
def test_no_cell_breaks_a_reader(text: str) -> None:
    for read in (number_of, interval_of, currency_of, period_of, years_of):
        try:
            read(text)
        except FigureError as error:
            assert len(str(error)) < 200  # noqa: PT017


@pytest.mark.parametrize(
    ("text", "code"), [("eur", "EUR"), ("\u20ac", "EUR"), ("US$", "USD"), ("HRK", "HRK")]
)
def test_currencies(text: str, code: str) -> None:
    assert currency_of(text) == code


@pytest.mark.parametrize("text", ["XYZ", "EURO?", "Euro Euro", "12", "XXX"])
def test_what_is_no_currency_is_refused(text: str) -> None:
    with pytest.raises(FigureError, match="ISO 4217"):
        currency_of(text)


def test_the_lists_of_codes_are_those_of_the_standards() -> None:
    current = {one.alpha_3 for one in pycountry.currencies} - {"XTS", "XXX"}
    listed = data_table("currencies")
    assert set(listed["current"]) >= current
    assert not current & set(listed["withdrawn"])
    assert set(listed["names"].values()) <= current
    alpha3 = data_table("countries")["alpha3"]
    assert alpha3 == {one.alpha_2: one.alpha_3 for one in pycountry.countries} | {"XK": "XKX"}


@pytest.mark.parametrize(
    ("text", "day_first", "when"),
    [
        ("2023", None, "2023"),
        ("2023-02", None, "2023-02"),
        ("2023-02-14 00:00:00", None, "2023-02-14"),
        ("2023-02-14T10:00:00Z", None, "2023-02-14"),
        ("2023/02/14", None, "2023-02-14"),
        ("14.02.2023", None, "2023-02-14"),
        ("1.2.2023", None, "2023-02-01"),
        ("02/14/2023", None, "2023-02-14"),
        ("02/03/2023", True, "2023-03-02"),
        ("02/03/2023", False, "2023-02-03"),
        ("03/03/2023", None, "2023-03-03"),
        ("2022/2023", None, "2022/2023"),
        ("2023-03/2023-05", None, "2023-03/2023-05"),
    ],
)
def test_dates(text: str, day_first: bool | None, when: str) -> None:
    assert period_of(text, day_first=day_first) == when


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("02/03/2023", "may be two dates"),
        ("2922-01-01", "outside 1900 to 2100"),
        ("2023-02-30", "no day of the calendar"),
        ("2023-13", "no month"),
        ("14.02.23", "no year of four digits"),
        ("until 4/6/2023", "is no date"),
        ("2023/2022", "ends before it begins"),
        ("soon", "is no date"),
    ],
)
def test_what_is_no_date_is_refused(text: str, why: str) -> None:
    with pytest.raises(FigureError, match=why):
        period_of(text)


@given(day=st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), first=st.booleans())
def test_every_day_is_found_in_the_order_that_is_said(day: dt.date, first: bool) -> None:
    text = f"{day.day}/{day.month}/{day.year}" if first else f"{day.month}/{day.day}/{day.year}"
    when = period_of(text, day_first=first)
    assert when is not None
    assert bounds(when) == (day, day)


@pytest.mark.parametrize("text", ["20222", "soon", "2024-2022", "1", "2022 or so"])
def test_what_is_no_year_is_refused(text: str) -> None:
    with pytest.raises(FigureError):
        years_of(text)
