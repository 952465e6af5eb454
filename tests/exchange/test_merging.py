"""Two histories of one document become one, and what counts at any time is what counted last."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pledgebook.exchange.merging import to_append

Row = dict[str, Any]

_events = st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=8)


def history(events: list[tuple[int, str]]) -> list[Row]:
    return [
        {"document_id": "d", "run_id": run, "made_at": at}
        for at, run in sorted(events, key=lambda event: event[0])
    ]


def counting(rows: list[Row], at: int) -> Row | None:
    """The row that counts at a time: the last one by number."""
    return next((row for row in reversed(rows) if row["made_at"] <= at), None)


@given(_events, _events)
def test_what_was_last_counts_at_any_time(
    one: list[tuple[int, str]], other: list[tuple[int, str]]
) -> None:
    own, theirs = history(one), history(other)
    joined = [*own, *to_append(own, theirs)]
    for at in range(-1, 11):
        found = counting(joined, at)
        known = [row["made_at"] for row in (*own, *theirs) if row["made_at"] <= at]
        assert (found["made_at"] if found else None) == max(known, default=None)
        if theirs and found:
            # Where both speak of one instant, the news is what the other one says then.
            latest = [row for row in theirs if row["made_at"] == found["made_at"]]
            new = [row for row in latest if row not in own]
            assert not new or found in new


@given(_events, _events)
def test_nothing_is_lost_and_joining_again_appends_nothing(
    one: list[tuple[int, str]], other: list[tuple[int, str]]
) -> None:
    own, theirs = history(one), history(other)
    joined = [*own, *to_append(own, theirs)]
    assert all(row in joined for row in theirs)
    assert to_append(joined, theirs) == []
    assert to_append(own, own) == []
    assert to_append([], theirs) == theirs


@given(_events, _events)
def test_a_joined_history_joins_on(
    one: list[tuple[int, str]], other: list[tuple[int, str]]
) -> None:
    own, theirs = history(one), history(other)
    joined = [*own, *to_append(own, theirs)]
    further = [*theirs, *to_append(theirs, joined)]
    for at in range(-1, 11):
        mine, found = counting(joined, at), counting(further, at)
        assert (mine and mine["made_at"]) == (found and found["made_at"])
