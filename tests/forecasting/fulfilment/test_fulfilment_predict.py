from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict

import numpy as np
import pytest
from fulfilment_made import AS_OF, START, day, fitted, history, knowing, months, spell
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.forecasting.fulfilment import Mark, Spell, arrival, fit, lots_left, told_by
from pledgebook.forecasting.fulfilment.simulate import Truth, simulate


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(list(Mark)),
    st.integers(0, 500),
    st.lists(st.integers(0, 200), max_size=2),
    st.booleans(),
    st.booleans(),
)
def test_the_chances_are_in_order(
    mark: Mark, promised: int, told: list[int], sized: bool, known: bool
) -> None:
    when = (day(promised), day(promised))
    spells = [
        spell(promised=when, share=0.3 if sized else None, reported=when[0] + dt.timedelta(days=at))
        for at in told
    ]
    spells.append(spell(promised=when, share=1.0 - 0.3 * len(told) if sized else None, mark=mark))
    model = fitted(1, 400) if known else fit([], AS_OF)
    found = arrival(model, spells, AS_OF, months(24))
    assert found is not None
    assert found.by.shape == (24,)
    for chances in (found.by, found.first_by, found.all_by):
        assert (np.diff(chances) >= -1e-9).all()
        assert chances.min() >= -1e-9
        assert chances.max() <= 1.0 + 1e-9
    assert (found.all_by <= found.by + 1e-9).all()
    assert (found.by <= found.first_by + 1e-9).all()
    assert found.arrived <= found.by[0] + 1e-9
    assert found.by[-1] <= 1.0 - found.never + 1e-9
    assert 0.0 < found.left <= 1.0 + 1e-9
    assert lots_left(model, spells, AS_OF).sum() == pytest.approx(1.0)


def test_chances_are_those_of_what_really_came() -> None:
    """With the truth known for sure, the mean chance is the share that has come, and will come."""
    truth = dataclasses.replace(
        Truth(), donor_spread=0.0, category_spread=0.0, told_spread=0.0, vague=0.0
    )
    days = 500
    made = simulate(truth, 5, commitments=900, days=days)
    model = knowing(truth, made.as_of)
    by_name: dict[str, list[Spell]] = defaultdict(list)
    for one in made.spells:
        by_name[one.commitment].append(one)
    given_by: dict[Mark, list[tuple[float, ...]]] = defaultdict(list)
    came: dict[Mark, list[tuple[float, ...]]] = defaultdict(list)
    for name, spells in by_name.items():
        found = arrival(model, spells, made.as_of, months(6, made.as_of), draws=1)
        if found is None:
            continue
        mark = next(one.mark for one in spells if one.reported is None)
        lots = [lot for lot in made.lots[name] if lot.told >= days]
        given_by[mark].append(
            (found.arrived, found.by[-1], found.first_by[-1], found.all_by[-1], found.never)
        )
        comes = np.array([lot.comes for lot in lots])
        came[mark].append(
            (
                float((comes < days).mean()),
                float((comes < days + 180).mean()),
                float((comes < days + 180).any()),
                float((comes < days + 180).all()),
                float(np.isinf(comes).mean()),
            )
        )
    for mark, chances in given_by.items():
        off = np.mean(chances, axis=0) - np.mean(came[mark], axis=0)
        error = np.sqrt(1.0 / 4.0 / len(chances))
        assert (np.abs(off) < 3.0 * error).all(), (mark, len(chances), off, error)


def test_a_source_that_tells_all_leaves_less_that_came_unheard() -> None:
    model = fitted(1, 400)
    arrived = {
        mark: found.arrived
        for mark in Mark
        if (found := arrival(model, [spell(mark=mark)], AS_OF, months(1))) is not None
    }
    assert arrived[Mark.OPEN] < arrived[Mark.UNMARKED] < arrived[Mark.UNDISCLOSED]


def test_what_was_withdrawn_never_comes() -> None:
    found = arrival(fitted(1, 400), [spell(withdrawn=True)], AS_OF, months(12))
    assert found is not None
    assert found.never == pytest.approx(1.0)
    assert (found.arrived, found.median) == (0.0, None)


def test_what_is_complete_or_not_yet_promised_has_no_chances() -> None:
    model = fitted(1, 400)
    assert arrival(model, [spell(reported=day(40))], AS_OF, months(3)) is None
    assert arrival(model, [spell()], START - dt.timedelta(days=1), months(3)) is None
    assert len(lots_left(model, [spell(reported=day(40))], AS_OF)) == 0


def test_a_longer_promised_time_means_a_later_arrival() -> None:
    model = fitted(1, 400)
    made = history(1, 400)
    promised = (made.as_of, made.as_of)
    chances = []
    for due in (30, 120, 700):
        late = spell(promised=promised, due=made.as_of + dt.timedelta(days=due))
        found = arrival(model, [late], made.as_of, months(6, made.as_of))
        assert found is not None
        chances.append(found.by[-1])
    assert chances[0] > chances[1] > chances[2]


def test_an_unknown_donor_is_less_sure_than_a_known_one() -> None:
    """Its chances are pulled to the middle, and the same in each call."""
    model = fitted(1, 400)
    known = model.effects("donor")
    assert "ZZZ" not in known
    one = arrival(model, [spell(donors=("ZZZ",))], AS_OF, months(2))
    other = arrival(model, [spell(donors=("ZZZ",))], AS_OF, months(2))
    assert one is not None
    assert other is not None
    assert np.array_equal(one.by, other.by)


def test_the_chance_of_a_full_record_grows_with_age() -> None:
    model = fitted(1, 400)
    made = history(1, 400)
    chances = [
        told_by(model, spell(promised=(on, on)), made.as_of)
        for on in (made.as_of - dt.timedelta(days=age) for age in (10, 100, 300, 800))
    ]
    assert chances == sorted(chances)
    assert 0.0 <= chances[0] < 0.1 < chances[-1] < 1.0
    assert told_by(model, spell(promised=(AS_OF, AS_OF)), START) == 0.0
