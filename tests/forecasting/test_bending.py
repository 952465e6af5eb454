"""Scenarios that are bent: other use, and what is on its way later."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.forecasting.building import build
from pledgebook.forecasting.making import make_forecast, prepare
from pledgebook.forecasting.request import Request, parse_id
from pledgebook.forecasting.scenarios import bent, known_scenarios, scenario_named
from pledgebook.ledger.store import Store
from shells_story import told


def test_a_bent_scenario_by_its_name() -> None:
    found = scenario_named("continued+use=1.25+late=30")
    assert (found.use, found.late, found.continued) == (1.25, 30, True)
    assert found.name == "continued+use=1.25+late=30"
    assert found.says.endswith("use is 1.25 times that; what is on its way comes 30 days later")
    assert scenario_named("surge+use=2").use == 3
    assert scenario_named("steady+use=1+late=0") == scenario_named("steady")


@given(
    st.sampled_from([one.name for one in known_scenarios()] + ["surge=2.5"]),
    st.integers(1, 400).map(lambda number: number / 100),
    st.integers(0, 365),
)
def test_the_name_says_all_of_it(name: str, use: float, late: int) -> None:
    found = bent(scenario_named(name), use=use, late=late)
    assert scenario_named(found.name) == found


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("steady+use=0", "use cannot be 0 times itself"),
        ("steady+use=101", "use cannot be 101 times itself"),
        ("steady+late=4000", "nothing comes 4,000 days late"),
        ("steady+late=-3", "'late=-3' bends no scenario"),
        ("steady+use=2+use=2", "'use=2' bends no scenario"),
        ("worse+use=2", "no scenario is called 'worse'"),
    ],
)
def test_what_bends_nothing(name: str, says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("+", r"\+")):
        scenario_named(name)


@pytest.fixture
def shells(store: Store) -> Book:
    store.add(told(stock=True))
    return Book(store)


def test_what_comes_later_keeps_its_shape(shells: Book) -> None:
    everything = shells.forecaster.told(dt.date(2023, 2, 15))
    request = Request(
        "155mm", "UKR", dt.date(2023, 2, 15), dt.date(2024, 2, 14),
        scenarios=tuple(one.name for one in known_scenarios()),
    )  # fmt: skip
    inputs = prepare(everything, request).inputs
    edges = [(day - inputs.days[0]).days for day in inputs.days]
    for scenario in known_scenarios():
        usual, later = (build(inputs, bent(scenario, late=late)).lots for late in (0, 59))
        for lot, late in zip(usual, later, strict=True):
            assert (late.key, late.size) == (lot.key, lot.size)
            # 59 days are two steps here: from the middle of February to that of April.
            assert edges[2] == 59
            assert list(late.by)[:2] == [0, 0]
            assert all(b <= a + 1e-12 for a, b in zip(lot.by, late.by, strict=True))
            assert late.by[2] == pytest.approx(0, abs=0.1) or late.by[2] <= lot.by[1]


def test_what_was_prepared_is_played_as_if_asked_for_alone(shells: Book) -> None:
    everything = shells.forecaster.told(dt.date(2023, 2, 15))
    request = Request("155mm", "UKR", dt.date(2023, 2, 15), dt.date(2023, 12, 31), draws=500)
    names = tuple(one.name for one in known_scenarios())
    prepared = prepare(everything, replace(request, scenarios=names))
    for name in (*names, "steady+use=2+late=30"):
        alone = make_forecast(everything, replace(request, scenarios=(name,)))
        found = prepared.playing([name]).forecast()
        assert (found.id, found.caveats, found.sources) == (alone.id, alone.caveats, alone.sources)
        assert found.inputs == alone.inputs
        for measure, band in alone.outlooks[name].bands.items():
            mine = found.outlooks[name].bands[measure]
            assert mine.mean.tolist() == band.mean.tolist()
        assert parse_id(found.id)[0].scenarios == (name,)
