"""The likelihood: its gradient is its slope, and the chances of all that may be told add up."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from fulfilment_made import day, history, spell
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.errors import UsageError
from pledgebook.forecasting.fulfilment.arrange import Block, arrange
from pledgebook.forecasting.fulfilment.families import family_named
from pledgebook.forecasting.fulfilment.levels import LEVELS, Level
from pledgebook.forecasting.fulfilment.likelihood import evaluate
from pledgebook.forecasting.fulfilment.spells import Mark, Spell, gather

USUAL = np.array([4.8, -0.7, -0.5, -2.2, 2.4, -0.4, 2.3, -0.2, 0.8, -0.5])
FAMILIES = ("log-logistic", "weibull", "log-normal")


def blocks(spells: list[Spell], as_of: dt.date) -> list[Block]:
    return arrange(gather(spells, as_of)[0], as_of, as_of)


def values(spells: list[Spell], as_of: dt.date, level: np.ndarray, family: str) -> np.ndarray:
    """The chance of each commitment, in the order of their names."""
    (block,) = blocks(spells, as_of)
    found, _ = evaluate(block, np.tile(level, (block.size, 1)), family=family_named(family))
    return np.exp(found)


def value(spells: list[Spell], as_of: dt.date, level: np.ndarray, family: str) -> float:
    (block,) = blocks(spells, as_of)
    found, _ = evaluate(block, level[None, :], family=family_named(family))
    return float(found[0])


@pytest.mark.parametrize("family", FAMILIES)
def test_the_gradient_is_the_slope(family: str) -> None:
    made = history(1, 120)
    extra = [
        spell("w", withdrawn=True, donors=("D00",), category="item-0"),
        spell("u", share=None, reported=day(40), category="item-0"),
        spell("u", share=None, category="item-0"),
        spell("r", reported=made.as_of, reported_by=True, category="item-0"),
    ]
    rng = np.random.default_rng(2)
    for block in blocks([*made.spells, *extra], made.as_of):
        level = USUAL + rng.normal(0.0, 0.2, (block.size, LEVELS))
        _, gradient = evaluate(block, level, family=family_named(family))
        for at in range(LEVELS):
            step = np.zeros(LEVELS)
            step[at] = 1e-4
            up, _ = evaluate(block, level + step, family=family_named(family))
            down, _ = evaluate(block, level - step, family=family_named(family))
            slope = (up - down) / 2e-4
            assert (off := np.abs(gradient[:, at] - slope).max()) < 1e-4, (Level(at).name, off)


levels = st.tuples(
    st.floats(3.0, 6.0), st.floats(-1.5, 0.3), st.floats(-2.0, 0.3), st.floats(-3.0, 0.0),
    st.floats(0.0, 3.0), st.floats(0.5, 4.0), st.floats(-1.5, 0.5), st.floats(-1.5, 2.0),
    st.floats(-0.8, 0.3),
)  # fmt: skip


@settings(deadline=None, max_examples=10)
@given(levels, st.integers(20, 300), st.sampled_from(FAMILIES))
def test_all_that_may_be_told_of_one_lot_adds_up(
    drawn: tuple[float, ...], age: int, family: str
) -> None:
    """It is reported on one of the days, or not reported; and that is open, or undisclosed."""
    first, rest = drawn[:5], drawn[5:]
    # One lot: the chance of one more is nothing.
    level = np.array([*first, -40.0, *rest])
    as_of = day(age)
    told = values(
        [spell(f"c{at:03}", reported=day(at)) for at in range(age + 1)], as_of, level, family
    )
    unmarked, opened, hidden = values(
        [spell(str(at), mark=mark) for at, mark in enumerate(Mark)], as_of, level, family
    )
    assert opened + hidden == pytest.approx(unmarked, rel=1e-9)
    # The chance to be told is averaged over bins of days: the sum is nearly right.
    assert told.sum() + unmarked == pytest.approx(1.0, abs=0.03)
    by_then = spell(reported=as_of, reported_by=True)
    assert values([by_then], as_of, level, family)[0] + unmarked == pytest.approx(1.0, abs=1e-9)


def test_naming_the_day_of_a_delivery_splits_its_chance() -> None:
    as_of = day(200)
    unnamed = np.exp(value([spell(reported=day(60))], as_of, USUAL, "log-logistic"))
    named = [
        np.exp(
            value([spell(reported=day(60), delivered=(day(at), day(at)))], as_of, USUAL, "weibull")
        )
        for at in range(61)
    ]
    same = np.exp(value([spell(reported=day(60))], as_of, USUAL, "weibull"))
    assert sum(named) == pytest.approx(same, rel=0.02)
    assert unnamed != pytest.approx(same, rel=0.01)


def test_what_was_withdrawn_was_dropped_or_never_came() -> None:
    found = np.exp(value([spell(withdrawn=True)], day(200), USUAL, "log-logistic"))
    dropped, coming = (1 / (1 + np.exp(-USUAL[at])) for at in (Level.DROPPED, Level.COMING))
    more = 1 / (1 + np.exp(-USUAL[Level.MORE]))
    lost = 1 - coming
    none = (1 - more) * lost / (1 - more * lost)
    # The sum over numbers of lots stops at ten.
    assert found == pytest.approx(dropped + (1 - dropped) * none, rel=1e-3)


def test_what_cannot_be_at_all_is_a_number_and_pulls_nowhere() -> None:
    far = np.array(USUAL)
    far[Level.LOCATION], far[Level.SCALE], far[Level.SHARED] = 20.0, -6.0, -8.0
    (block,) = blocks([spell(reported=day(3))], day(9))
    found, gradient = evaluate(block, far[None, :], family=family_named("log-normal"))
    assert np.isfinite(found).all()
    assert np.isfinite(gradient).all()


def test_a_vague_promise_lies_between_its_first_and_its_last_day() -> None:
    def one(first: int, last: int) -> Spell:
        came = (day(60), day(60))
        return spell(promised=(day(first), day(last)), delivered=came, reported=day(60))

    each = [value([one(at, at)], day(90), USUAL, "log-logistic") for at in range(31)]
    vague = value([one(0, 30)], day(90), USUAL, "log-logistic")
    assert np.exp(vague) == pytest.approx(np.exp(each).mean(), rel=0.01)


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(UsageError, match="no family of delays"):
        family_named("gamma")


def test_commitments_do_not_touch_each_other() -> None:
    one, other = spell("a", reported=day(50)), spell("b")
    (both,) = blocks([one, other], day(90))
    level = np.tile(USUAL, (2, 1))
    together, _ = evaluate(both, level, family=family_named("log-logistic"))
    alone = [value([each], day(90), USUAL, "log-logistic") for each in (one, other)]
    assert np.allclose(together, alone)
    changed = dataclasses.replace(other, mark=Mark.UNDISCLOSED)
    (both,) = blocks([one, changed], day(90))
    again, _ = evaluate(both, level, family=family_named("log-logistic"))
    assert again[0] == together[0]
    assert again[1] != together[1]
