"""Amounts compared in bulk agree with intervals compared one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.joining.amounts import Agreement, agreement
from pledgebook.ledger.joining.table import NONE, Ends, Ints

AT_MOST, ABOUT = 2.5, 0.8

figures = st.floats(0, 1e9, allow_nan=False)
intervals = st.builds(
    lambda low, high: Interval(
        *(sorted((low, high)) if low is not None and high is not None else (low, high))
    ),
    st.none() | figures,
    st.none() | figures,
).filter(lambda one: one.known)


def compared(one: Interval, other: Interval) -> Agreement:
    first, second = np.array([0], np.int32), np.array([1], np.int32)
    return agreement(Ends.of([one, other]), first, second)


def ends(one: Interval) -> list[float]:
    return [end for end in (one.low, one.high) if end is not None]


@given(intervals, intervals)
def test_they_agree_where_they_meet_and_are_of_one_order(one: Interval, other: Interval) -> None:
    found = compared(one, other)
    known = ends(one) + ends(other)
    of_one_order = min(known) * AT_MOST >= max(known)
    assert found.of_one_order.tolist() == [of_one_order]
    assert found.agrees.tolist() == [of_one_order and one.meets(other)]


@given(intervals, intervals)
def test_one_may_be_a_part_of_the_other_where_it_may_be_less(
    one: Interval, other: Interval
) -> None:
    found = compared(one, other)
    assert found.below.tolist() == [other.high is None or one.floor < other.high]
    assert found.above.tolist() == [one.high is None or other.floor < one.high]


@given(intervals, intervals)
def test_close_is_within_a_fifth_of_the_greater(one: Interval, other: Interval) -> None:
    first, second = max(ends(one)), max(ends(other))
    close = min(first, second) >= ABOUT * max(first, second)
    assert compared(one, other).close.tolist() == [close]


@given(intervals, intervals)
def test_it_does_not_matter_which_comes_first(one: Interval, other: Interval) -> None:
    found, turned = compared(one, other), compared(other, one)
    for name in ("agrees", "of_one_order", "close"):
        assert getattr(found, name).tolist() == getattr(turned, name).tolist()
    assert found.below.tolist() == turned.above.tolist()
    assert found.above.tolist() == turned.below.tolist()


@given(st.lists(intervals, min_size=1, max_size=6))
def test_many_pairs_at_once_are_as_one_by_one(some: list[Interval]) -> None:
    codes = Ends.of(some)
    one, other = (side.astype(np.int32) for side in np.nonzero(np.ones((len(some), len(some)))))
    found = agreement(codes, one, other)
    for place, (first, second) in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
        single = compared(some[first], some[second])
        assert found.agrees[place] == single.agrees[0]
        assert found.below[place] == single.below[0]


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        (Interval(14, 14), Interval(None, 14), True),
        (Interval(14, 14), Interval(10, 14), True),
        (Interval(14, 14), Interval(None, 100), False),
        (Interval(14, 14), Interval(15, 15), False),
        (Interval(100, None), Interval(150, 200), True),
        (Interval(100, None), Interval(50, 60), False),
        (Interval(0, 0), Interval(0, 0), True),
        (Interval(0, 0), Interval(1, 1), False),
    ],
)
def test_what_agrees(one: Interval, other: Interval, agrees: bool) -> None:
    assert compared(one, other).agrees.tolist() == [agrees]


def test_what_is_not_said_has_open_ends() -> None:
    found = Ends.of([Interval(3, 4)])
    missing: Ints = np.array([NONE], np.int32)
    assert np.isnan(found.low[missing]).all()
    assert found.floor[missing].tolist() == [0.0]
    assert found.roof[missing].tolist() == [np.inf]
