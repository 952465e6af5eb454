"""Numbers and dates of the tracker: missing, undisclosed and zero are three things."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.exchange.kiel.cells import State, day_of, number_of
from pledgebook.vocabulary.period import bounds


@pytest.mark.parametrize("text", ["", ".", " . ", "\u00a0", "Not given", "Not Given", "No price"])
def test_nothing_is_no_number(text: str) -> None:
    found = number_of(text)
    assert (found.state, found.value, found.fault) == (State.MISSING, None, None)


@pytest.mark.parametrize("text", ["undisclosed", "Undisclosed", "undisclosed "])
def test_undisclosed_is_neither_nothing_nor_zero(text: str) -> None:
    found = number_of(text)
    assert (found.state, found.value, found.fault) == (State.UNDISCLOSED, None, None)


def test_zero_is_a_number() -> None:
    assert number_of("0") == number_of("0.0")
    assert (number_of("0").state, number_of("0").value) == (State.GIVEN, 0.0)


@pytest.mark.parametrize("text", ["1.000.00", "395,88", "15,000,000", "36000/3600", "12 (8)", "-4"])
def test_a_doubtful_number_is_not_guessed(text: str) -> None:
    found = number_of(text)
    assert found.state is State.UNREADABLE
    assert found.value is None
    assert found.fault


@pytest.mark.parametrize("text", ["dozens", "partially"])
def test_a_quantity_in_words_is_undisclosed_and_told(text: str) -> None:
    found = number_of(text)
    assert found.state is State.UNDISCLOSED
    assert found.fault is not None
    assert "words" in found.fault


@given(st.floats(min_value=0, max_value=1e15, allow_nan=False))
def test_what_is_written_as_a_number_comes_back(value: float) -> None:
    assert number_of(repr(value)).value == value


@given(st.text())
def test_any_cell_is_one_of_the_four(text: str) -> None:
    found = number_of(text)
    assert (found.value is not None) == (found.state is State.GIVEN)
    assert found.fault is not None or found.state is not State.UNREADABLE


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2022-02-26 00:00:00", "2022-02-26"),
        ("2022-02-26", "2022-02-26"),
        ("until 7/27/2022", "2022-01-24/2022-07-27"),
        ("until  5/7/2022", "2022-01-24/2022-05-07"),
        ("until 6/2022", "2022-01-24/2022-06-30"),
        ("between 3/4/22 & 3/11/22", "2022-03-04/2022-03-11"),
        ("between 3/20/2022 and 7/1/2022", "2022-03-20/2022-07-01"),
        ("not specified, 03/22", "2022-03"),
        ("unclear, 09/2022", "2022-09"),
        ("16/02/2023", "2023-02-16"),
    ],
)
def test_dates_are_bounds_where_no_day_is_given(text: str, when: str) -> None:
    found = day_of(text)
    assert (found.when, found.fault) == (when, None)
    bounds(when)


@pytest.mark.parametrize(
    "text", ["", ".", "unspecified", "unclear ", "Undisclosed", "since 2/24/2022"]
)
def test_a_date_that_is_not_known_is_no_fault(text: str) -> None:
    assert day_of(text) == day_of("")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2922-02-09 00:00:00", "2922"),
        ("until 06/31/2022", "no such day"),
        ("04/10/2022", "two dates"),
        ("until 13/2022", "no such month"),
        ("soon", "no date"),
        ("until 1/1/2021", "before the tracker"),
    ],
)
def test_a_date_that_cannot_be_is_told_and_not_used(text: str, says: str) -> None:
    found = day_of(text)
    assert found.when is None
    assert found.fault is not None
    assert says in found.fault


def test_what_is_filled_down_past_the_release_is_told() -> None:
    found = day_of("until 4/6/2024", dt.date(2022, 10, 3))
    assert found.when is None
    assert found.fault is not None
    assert "2022-10-03" in found.fault


@given(st.text())
def test_any_text_is_a_date_or_not(text: str) -> None:
    found = day_of(text)
    assert found.when is None or found.fault is None
