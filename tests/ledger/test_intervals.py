"""The laws of intervals: an open end stays open, unknown is not zero, low is never above high."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.errors import UsageError
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total

ends = st.one_of(st.none(), st.integers(0, 1000).map(float))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = draw(ends), draw(ends)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Interval(low, high)


def holds(interval: Interval, amount: float) -> bool:
    return interval.floor <= amount and (interval.high is None or amount <= interval.high)


@given(intervals(), intervals(), st.integers(0, 2000), st.integers(0, 2000))
def test_sum_and_difference_hold_every_possible_amount(
    one: Interval, other: Interval, first: int, second: int
) -> None:
    if holds(one, first) and holds(other, second):
        assert holds(one.plus(other), first + second)
        assert holds(one.minus(other), max(0, first - second))
        assert holds(one.hull(other), first)
        assert holds(one.hull(other), second)


@given(intervals(), intervals())
def test_low_is_never_above_high(one: Interval, other: Interval) -> None:
    for made in (one.plus(other), one.minus(other), one.hull(other)):
        assert made.low is None or made.high is None or made.low <= made.high


@given(intervals())
def test_unknown_is_not_zero(one: Interval) -> None:
    assert one.plus(UNKNOWN) == UNKNOWN
    assert UNKNOWN.plus(one) == UNKNOWN
    assert UNKNOWN.minus(one) == UNKNOWN
    assert one.minus(UNKNOWN).low is None
    assert one.minus(UNKNOWN).high == one.high
    assert one.meets(UNKNOWN)
    assert one.hull(UNKNOWN) == UNKNOWN


@given(intervals(), intervals())
def test_two_intervals_meet_where_some_amount_lies_in_both(one: Interval, other: Interval) -> None:
    amounts = {end for end in (one.low, one.high, other.low, other.high) if end is not None} | {0}
    assert one.meets(other) == any(holds(one, at) and holds(other, at) for at in amounts)
    assert one.meets(other) == other.meets(one)


@given(st.lists(intervals(), max_size=8))
def test_totals_count_the_unknown_beside_what_is_known(terms: list[Interval]) -> None:
    total = Total.of(terms)
    known = [term for term in terms if term.known]
    assert total.unknown == len(terms) - len(known)
    if not known:
        assert (total.low, total.high) == (None, None)
        return
    assert total.low == sum(term.floor for term in known)
    if total.high is not None and total.low is not None:
        assert total.low <= total.high
    assert (total.high is None) == any(term.high is None for term in known)
    assert Total.of(reversed(terms)) == total


def test_an_interval_upside_down_is_refused() -> None:
    with pytest.raises(UsageError, match="upside down"):
        Interval(2, 1)


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Interval(14, 14), "14"),
        (Interval(14, 20), "14 to 20"),
        (Interval(None, 4), "up to 4"),
        (Interval(100_000, None), "at least 100,000"),
        (Interval(1.5, 1.5), "1.5"),
        (UNKNOWN, "unknown"),
    ],
)
def test_intervals_are_said_in_words(interval: Interval, text: str) -> None:
    assert str(interval) == text
