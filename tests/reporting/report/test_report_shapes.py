"""The smallest parts of a report: amounts in words, runs of notes, and shapes of pictures."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger.intervals import Interval, Total
from pledgebook.reporting.report.charts import columns, fan_path, labels, meter, stack
from pledgebook.reporting.report.figures import counted, interval_text, money_text, quantity_text
from pledgebook.reporting.report.model import Cell, Column, Row, Table
from pledgebook.reporting.report.runs import runs_of

AMOUNTS = st.floats(min_value=0, max_value=1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("total", "unit", "shown"),
    [
        (Total(8, 8), None, "8"),
        (Total(8, 8), "round", "8 rounds"),
        (Total(4, 6), "item", "4 to 6"),
        (Total(0, 4), None, "up to 4"),
        (Total(100, None), None, "at least 100"),
        (Total(0, 0), None, "0"),
        (Total(0, None), None, "unknown"),
        (Total(unknown=1), None, "unknown"),
        (Total(unknown=3), None, "3 unknown"),
        (Total(12, 12, 2), "battery", "12 batteries + 2 unknown"),
        (Total(16_100_000, 16_100_000), "round", "16.1 million rounds"),
        (None, None, ""),
    ],
)
def test_quantities_in_words(total: Total | None, unit: str | None, shown: str) -> None:
    assert quantity_text(total, unit) == shown


def test_unknown_is_not_zero() -> None:
    assert interval_text(Interval()) == "unknown"
    assert interval_text(Interval(0, 0)) == "0"


@pytest.mark.parametrize(
    ("total", "currency", "shown"),
    [
        (Total(1.25e9, 1.25e9), "EUR", "€1.25 billion"),
        (Total(2e8, 3e8, 1), "USD", "$200 million to $300 million + 1 unknown"),
        (Total(0, 5e6), "NOK", "up to NOK 5 million"),
        (Total(1_500, 1_500), "EUR", "€1,500"),
    ],
)
def test_money_in_words(total: Total, currency: str, shown: str) -> None:
    assert money_text(total, currency) == shown


def test_counts_have_their_plural() -> None:
    assert counted(1, "document") == "1 document"
    assert counted(1_200, "document") == "1,200 documents"
    assert counted(2, "promise has", "promises have") == "2 promises have"


@given(st.sets(st.integers(min_value=1, max_value=60)), st.integers(min_value=0, max_value=5))
def test_runs_hold_every_note_once(numbers: set[int], without: int) -> None:
    known = {f"c{number}": number for number in range(1, 61)}
    names = [f"c{number}" for number in numbers] + [f"d{number}" for number in range(without)]
    found = runs_of([*names, *names], known)
    held = [at for run in found.runs for at in range(run.first, run.last + 1)]
    assert held == sorted(numbers)
    assert found.left == without


def test_runs_as_a_reader_sees_them() -> None:
    known = {str(number): number for number in range(1, 20)}
    shown = [run.text for run in runs_of(["3", "1", "2", "7", "9", "10"], known).runs]
    assert shown == ["1–3", "7", "9, 10"]


@given(
    st.lists(
        st.tuples(AMOUNTS, st.one_of(st.none(), AMOUNTS)).map(
            lambda ends: Total(ends[0], None if ends[1] is None else ends[0] + ends[1])
        ),
        min_size=1,
        max_size=4,
    )
)
def test_bars_stay_within_their_picture(totals: list[Total]) -> None:
    drawn = meter([("pledged", "pledged", total, "so many") for total in totals])
    for bar in drawn.bars if drawn else ():
        assert 0 <= bar.start <= bar.start + bar.length <= 100.02
        assert bar.length > 0


def test_a_meter_tells_the_sure_from_the_open() -> None:
    drawn = meter(
        [
            ("pledged", "pledged", Total(50, 100), "a"),
            ("delivered", "delivered", Total(25, 25), "b"),
        ]
    )
    assert drawn is not None
    assert [(one.start, one.length, one.open) for one in drawn.bars] == [
        (0, 50, False), (50, 50, True), (0, 25, False),
    ]  # fmt: skip
    assert drawn.alt == "pledged a; delivered b"
    assert meter([("asked", "asked", Total(unknown=2), "2 unknown")]) is None


def test_a_stack_is_as_long_as_its_share_of_the_longest() -> None:
    drawn = stack([("delivered", "delivered", 2), ("halted", "paused", 0), ("pledged", "p", 3)], 10)
    assert [(bar.start, bar.length) for bar in drawn.bars] == [(0, 20), (20, 30)]
    assert drawn.alt == "2 delivered, 3 p"
    assert stack([], 0).alt == "none"


def test_columns_leave_out_what_is_nothing() -> None:
    bars = columns("pledged", [2, 0, 4], ["a", "b", "c"], 4)
    assert [(bar.row, bar.length, bar.says) for bar in bars] == [(0, 50, "a"), (2, 100, "c")]


@given(st.lists(st.floats(allow_nan=False, min_value=-10), min_size=1, max_size=30), AMOUNTS)
def test_a_fan_stays_within_its_picture(values: list[float], highest: float) -> None:
    for path in (fan_path(values, None, highest), fan_path(values, values, highest)):
        numbers = [float(one) for one in re.findall(r"[\d.]+(?:e[-+]\d+)?", path)]
        assert numbers
        assert all(0 <= one <= 100 for one in numbers)
        assert "nan" not in path


def test_a_fan_without_end_stops_at_the_top() -> None:
    assert fan_path([0, math.inf], None, 10) == "M0 100L100 0"


@given(st.integers(min_value=1, max_value=90), st.booleans())
def test_labels_are_few_and_in_order(count: int, between: bool) -> None:
    found = labels([str(number) for number in range(count)], between=between)
    assert 1 <= len(found) <= 6
    assert found[0].text == "0"
    places = [one.at for one in found]
    assert places == sorted(places)
    assert places[0] >= 0
    assert places[-1] <= 100


def test_a_table_loses_the_columns_that_say_nothing() -> None:
    columns_ = (Column("Item"), Column("Asked", "number"), Column("Pledged", "number"))
    rows = (Row((Cell("Tank"),), group=True), Row((Cell("Leopard"), Cell("–"), Cell("8"))))
    found = Table("t", columns_, rows).trimmed
    assert [one.title for one in found.columns] == ["Item", "Pledged"]
    assert [len(row.cells) for row in found.rows] == [1, 2]
