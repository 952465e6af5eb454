from __future__ import annotations

import numpy as np
import pytest
from fulfilment_made import AS_OF, day, fitted, months, spell

from pledgebook.errors import UsageError
from pledgebook.forecasting.fulfilment import (
    Mark,
    Outstanding,
    arrival,
    expected_arrivals,
    sample_arrivals,
)


def some() -> list[Outstanding]:
    """Open commitments of several sizes, ages and marks; one is partly there."""
    return [
        Outstanding("a", (spell("a", promised=(day(500), day(500))),), 100.0, 100.0, "item"),
        Outstanding("b", (spell("b", mark=Mark.UNDISCLOSED),), 40.0, 60.0, "item"),
        Outstanding(
            "c",
            (spell("c", share=0.5, reported=day(200)), spell("c", share=0.5, mark=Mark.OPEN)),
            30.0,
            30.0,
            "item",
        ),
    ]


def test_the_mean_is_amount_times_chance() -> None:
    """The expected arrivals of a step are the sum over commitments of amount by chance."""
    model = fitted(1, 400)
    found = expected_arrivals(model, some(), AS_OF, months(12), draws=40_000)
    amounts = {"a": 100.0, "b": 50.0, "c": 30.0}
    expected, already = np.zeros(12), 0.0
    for one in some():
        chances = arrival(model, one.spells, AS_OF, months(12), draws=200)
        assert chances is not None
        amount = amounts[one.commitment]
        expected += amount * (chances.by - chances.arrived)
        already += amount * chances.arrived
    assert found.already.mean[0] == pytest.approx(already, rel=0.02)
    assert found.by.mean == pytest.approx(expected, rel=0.05, abs=0.3)
    assert found.before.mean[0] == 0.0
    assert np.cumsum(found.band.mean) == pytest.approx(found.by.mean)


def test_bands_are_in_order_and_within_what_is_open() -> None:
    found = expected_arrivals(fitted(1, 400), some(), AS_OF, months(12), draws=2000)
    by = found.by
    for low, high in ((by.p10, by.p25), (by.p25, by.p50), (by.p50, by.p75), (by.p75, by.p90)):
        assert (low <= high).all()
    assert by.p90[-1] <= 190.0
    assert found.counted == ("a", "b", "c")


def test_the_answer_hangs_on_the_seed_and_on_nothing_else() -> None:
    model = fitted(1, 400)
    one = sample_arrivals(model, some(), AS_OF, months(6), draws=500, seed=3)
    again = sample_arrivals(model, some()[::-1], AS_OF, months(6), draws=500, seed=3)
    other = sample_arrivals(model, some(), AS_OF, months(6), draws=500, seed=4)
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    # Each commitment has a stream of its own: what is beside it does not change it.
    alone = [sample_arrivals(model, [each], AS_OF, months(6), draws=500, seed=3) for each in some()]
    assert sum(alone) == pytest.approx(one)


def test_what_is_not_known_is_told_and_is_not_zero() -> None:
    late = spell("y", delivered=(day(-9), day(-9)), reported=day(4))
    unknown = [
        *some(),
        Outstanding("x", (spell("x"),), None, None, "item"),
        Outstanding("y", (late, spell("y", share=0.5)), 5.0, 5.0, "item"),
        Outstanding("z", (spell("z"),), 10.0, None, "item"),
    ]
    found = expected_arrivals(fitted(1, 400), unknown, AS_OF, months(3), draws=200)
    assert found.left_out == ("x", "y")
    says = " ".join(caveat.why for caveat in found.caveats)
    assert "2 open commitments are not known: they come on top" in says
    assert "1 open commitments name a least amount only" in says


def test_units_are_not_added_up() -> None:
    mixed = [*some(), Outstanding("r", (spell("r"),), 9.0, 9.0, "round")]
    with pytest.raises(UsageError, match="'item' and in 'round' does not add up"):
        expected_arrivals(fitted(1, 400), mixed, AS_OF, months(3))


def test_no_commitments_bring_nothing() -> None:
    found = expected_arrivals(fitted(1, 400), [], AS_OF, months(3), draws=50)
    assert found.band.mean.tolist() == [0.0, 0.0, 0.0]
    assert found.counted == found.left_out == ()


def test_lots_of_one_commitment_move_together() -> None:
    """The shared slowness makes the sum wider than as many commitments of their own would be."""
    model = fitted(1, 400)
    parts = tuple(spell("p", share=0.1, reported=day(400 + at)) for at in range(3))
    one = [Outstanding("p", (*parts, spell("p", share=0.7)), 100.0, 100.0, "item")]
    apart = [
        Outstanding(f"q{at}", (spell(f"q{at}", promised=(day(400), day(400))),), 10.0, 10.0, "item")
        for at in range(10)
    ]
    together = sample_arrivals(model, one, AS_OF, months(6), draws=4000, seed=1)[:, 2:].sum(axis=1)
    single = sample_arrivals(model, apart, AS_OF, months(6), draws=4000, seed=1)[:, 2:].sum(axis=1)
    assert together.std() > 1.5 * single.std()
