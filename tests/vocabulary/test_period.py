from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.vocabulary.period import PERIOD_PATTERN, bounds

DAYS = st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31))


def written(day: dt.date, parts: int) -> str:
    return "-".join(day.isoformat().split("-")[:parts])


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-04", "2023-04-01", "2023-04-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02-14", "2023-02-14", "2023-02-14"),
        ("2023-03/2023-05", "2023-03-01", "2023-05-31"),
        ("2023/2024-02-03", "2023-01-01", "2024-02-03"),
        ("2023-05-01/2023-05-01", "2023-05-01", "2023-05-01"),
    ],
)
def test_bounds(when: str, first: str, last: str) -> None:
    assert bounds(when) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    "when",
    ["2023-13", "2023-00", "2023-02-30", "2023-02-29", "0000", "2023-05/2023-03", "2023/", "x", ""],
)
def test_what_is_no_period_is_refused(when: str) -> None:
    if when == "2023/":
        assert re.match(PERIOD_PATTERN, when) is None
    else:
        with pytest.raises(ValueError, match=r".+"):
            bounds(when)


@given(DAYS, st.integers(1, 3))
def test_a_point_contains_its_day(day: dt.date, parts: int) -> None:
    when = written(day, parts)
    assert re.fullmatch(PERIOD_PATTERN, when)
    first, last = bounds(when)
    assert first <= day <= last
    assert written(first, parts) == written(last, parts) == when


@given(DAYS, DAYS, st.integers(1, 3), st.integers(1, 3))
def test_a_span_runs_from_start_to_end_or_is_refused(
    one: dt.date, two: dt.date, parts_one: int, parts_two: int
) -> None:
    start, end = written(one, parts_one), written(two, parts_two)
    first, last = bounds(start)[0], bounds(end)[1]
    if first <= last:
        assert bounds(f"{start}/{end}") == (first, last)
    else:
        with pytest.raises(ValueError, match="ends before it begins"):
            bounds(f"{start}/{end}")
