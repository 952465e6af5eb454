"""What is awaited: chances of what is open, sums that count once, unknowns that stay unknown."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asking_story import asking_story
from making import Said, entries, report
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.arrivals import ArrivalsList, arrivals_of, year_on
from pledgebook.forecasting.fulfilment import arrival
from pledgebook.forecasting.learning import Learned
from pledgebook.forecasting.making import Told
from pledgebook.forecasting.series import build_series
from pledgebook.ledger.claims import Relation
from pledgebook.ledger.filters import EVERYTHING, Filter
from pledgebook.ledger.intervals import UNKNOWN
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.records import Reading
from pledgebook.ledger.wholes import Part
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind

CATALOGUE = load_catalogue()
DAY = dt.date(2023, 8, 1)
BY = dt.date(2024, 1, 31)
DRAWS = 1_000


def told_by(readings: list[Reading], today: dt.date = DAY) -> Told:
    said = entries(readings)
    ledger = build_ledger(said, (), today=today, tree=CATALOGUE)
    return Told.of(ledger, build_series(said, CATALOGUE, today), CATALOGUE)


def ask(
    told: Told, only: Filter = EVERYTHING, by: dt.date | None = BY, *, seed: int = 1
) -> ArrivalsList:
    learned = Learned.of(told.model, told.spells)
    return arrivals_of(told, learned, only, by, draws=DRAWS, seed=seed)


@pytest.fixture(scope="module")
def told() -> Told:
    return told_by(asking_story())


@pytest.fixture(scope="module")
def every(told: Told) -> ArrivalsList:
    return ask(told)


def test_what_is_open_is_awaited_and_nothing_else(told: Told, every: ArrivalsList) -> None:
    left = {
        one.id
        for one in told.ledger.commitments
        if one.outstanding is not None and one.outstanding.high != 0
    }
    assert {row.id for row in every.rows} == left
    # The German shells have all arrived, the Norwegian tanks but for three.
    assert not any(row.commitment.item == "155mm" and row.left.known for row in every.rows)
    [norway] = [row for row in every.rows if row.commitment.donors == ("NOR",) and row.left.known]
    assert norway.left.high == 3


def test_chances_are_chances_and_in_order(every: ArrivalsList) -> None:
    for row in every.rows:
        assert 0 <= row.all_by <= row.any_by <= 1
        assert 0 <= row.arrived <= row.any_by
        assert 0 <= row.never <= 1
        assert row.arrived + row.never <= 1
        assert row.median is None or row.median >= every.as_of


def test_a_later_day_has_no_smaller_chance(told: Told) -> None:
    early, late = (ask(told, Filter(item="tank"), by) for by in (BY, dt.date(2025, 1, 31)))
    assert [row.id for row in early.rows] == [row.id for row in late.rows]
    for one, other in zip(early.rows, late.rows, strict=True):
        assert one.any_by <= other.any_by
        assert one.all_by <= other.all_by
        assert one.arrived == pytest.approx(other.arrived)


def test_the_expected_amount_is_the_chance_of_a_lot_times_what_is_left(told: Told) -> None:
    found = ask(told, Filter(donor="POL"))
    [row], [expected] = found.rows, found.expected
    spells = [one for one in told.spells if one.commitment == row.id]
    chance = arrival(told.model, spells, DAY, [DAY + dt.timedelta(1), BY + dt.timedelta(1)])
    assert chance is not None
    assert expected.arrivals is not None
    drawn = expected.arrivals.already.mean[0] + expected.arrivals.by.mean[-1]
    # The later report says ten and not 14.
    assert row.left.low == row.left.high == 10
    error = 10 * 0.5 / DRAWS**0.5
    assert drawn == pytest.approx(10 * float(chance.by[-1]), abs=4 * error)


def test_an_unknown_size_is_counted_and_is_not_zero(every: ArrivalsList) -> None:
    [shells] = [one for one in every.expected if one.item == "155mm"]
    assert len(shells.unknown) == 1
    assert shells.counted == ()
    assert shells.arrivals is None
    assert not shells.outstanding.known
    assert any("not known" in one.why and not one.said for one in every.caveats)


def test_money_is_no_number_of_things(every: ArrivalsList) -> None:
    aid = [one for one in every.expected if one.item == "military-aid"]
    assert [one.unit for one in aid] == [None]
    assert aid[0].counted == ()
    assert len(aid[0].unknown) == 3


def test_kinds_are_summed_where_their_whole_is_asked_for(told: Told) -> None:
    found = ask(told, Filter(item="tank"))
    whole = [one for one in found.expected if one.whole]
    assert [one.item for one in whole] == ["tank"]
    kinds = [one for one in found.expected if not one.whole]
    assert {one.item for one in kinds} == {"leopard-1", "leopard-2"}
    assert whole[0].outstanding.high == sum(one.outstanding.high or 0 for one in kinds)
    assert sorted(whole[0].counted) == sorted(name for one in kinds for name in one.counted)
    alone = ask(told, Filter(item="Leopard 1"))
    assert [one.whole for one in alone.expected] == [False]


def test_what_lies_within_another_is_not_added_to_it(told: Told) -> None:
    """Poland's tanks are made a part of the German ones: only the latter are summed."""
    rows = {row.commitment.donors: row.commitment for row in ask(told, Filter(item="tank")).rows}
    whole, part = rows[("DEU", "DNK")], rows[("POL",)]
    link = Part(whole.id, part.id, Relation.PACKAGE, "for the test", ("s1", "s2"))
    ledger = told.ledger
    changed = replace(
        ledger,
        commitments=tuple(
            replace(one, wholes=(link,)) if one.id == part.id else one for one in ledger.commitments
        ),
    )
    found = ask(replace(told, ledger=changed), Filter(item="tank"))
    [tanks] = [one for one in found.expected if one.whole]
    assert tanks.within == (part.id,)
    assert part.id not in tanks.counted
    assert tanks.outstanding.high == 83
    # In the line of its own kind nothing else holds it, and it counts.
    [own] = [one for one in found.expected if one.item == "leopard-2"]
    assert part.id in own.counted
    assert {row.id for row in found.rows} == {one.id for one in rows.values()}


def test_a_whole_of_unknown_size_does_not_hide_its_part(told: Told) -> None:
    rows = ask(told, Filter(item="tank")).rows
    by_donor = {row.commitment.donors: row.commitment for row in rows}
    whole, part = by_donor[("DEU", "DNK")], by_donor[("POL",)]
    link = Part(whole.id, part.id, Relation.PACKAGE, "for the test", ("s1", "s2"))
    kept = tuple(
        replace(one, outstanding=UNKNOWN)
        if one.id == whole.id
        else replace(one, wholes=(link,))
        if one.id == part.id
        else one
        for one in told.ledger.commitments
    )
    found = ask(replace(told, ledger=replace(told.ledger, commitments=kept)), Filter(item="tank"))
    [tanks] = [one for one in found.expected if one.whole]
    assert tanks.within == ()
    assert part.id in tanks.counted
    assert tanks.unknown == (whole.id,)


def bands(found: ArrivalsList) -> list[tuple[object, ...]]:
    return [
        (one.recipient, one.item, one.unit, one.whole, one.counted)
        + (() if one.arrivals is None else (*one.arrivals.band.mean, *one.arrivals.by.p90))
        for one in found.expected
    ]


@given(st.randoms(use_true_random=False))
@settings(max_examples=4)
def test_the_order_of_the_reports_changes_nothing(shuffled: random.Random) -> None:
    readings = asking_story()[:4]
    first = ask(told_by(readings))
    again = list(readings)
    shuffled.shuffle(again)
    other = ask(told_by(again))
    assert [row.id for row in first.rows] == [row.id for row in other.rows]
    for one, two in zip(first.rows, other.rows, strict=True):
        assert (one.arrived, one.any_by, one.all_by) == pytest.approx(
            (two.arrived, two.any_by, two.all_by)
        )
    assert bands(first) == bands(other)


def test_the_same_seed_gives_the_same_and_another_one_does_not(
    told: Told, every: ArrivalsList
) -> None:
    assert bands(ask(told)) == bands(every)
    assert bands(ask(told, seed=2)) != bands(every)


def test_others_that_are_asked_for_change_nothing(told: Told, every: ArrivalsList) -> None:
    alone = ask(told, Filter(donor="POL"))
    [row] = alone.rows
    assert row in every.rows


def test_months_are_those_of_the_calendar(every: ArrivalsList) -> None:
    assert every.days[:3] == (dt.date(2023, 8, 2), dt.date(2023, 9, 1), dt.date(2023, 10, 1))
    assert every.days[-2:] == (dt.date(2024, 1, 1), dt.date(2024, 2, 1))
    for one in every.expected:
        if one.arrivals is not None:
            assert len(one.arrivals.band.mean) == len(every.days) - 1
            assert np.all(np.diff(one.arrivals.by.mean) >= 0)
            assert one.arrivals.before.mean[0] == 0


def test_a_year_on_is_the_default(told: Told) -> None:
    assert ask(told, Filter(donor="POL"), None).by == year_on(DAY) == dt.date(2024, 8, 31)
    assert year_on(dt.date(2023, 2, 3)) == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("by", "says"), [(DAY, "is not after"), (dt.date(2060, 1, 1), "more than 120 months")]
)
def test_a_day_that_is_not_ahead_is_refused(told: Told, by: dt.date, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        ask(told, by=by)


def test_an_unknown_name_is_told(told: Told) -> None:
    with pytest.raises(NotFoundError, match="no item is known"):
        ask(told, Filter(item="Leopold 9"))


def test_nothing_is_awaited_where_all_has_come() -> None:
    story = [
        report(Said("Norway will send eight Leopard 2 tanks", quantity=8), date="2023-02-01"),
        report(
            Said("Norway handed over its eight Leopard 2 tanks", kind=Kind.DELIVERY, quantity=8),
            date="2023-03-01",
        ),
    ]
    found = ask(told_by(story))
    assert (found.rows, found.expected) == ((), ())


def test_an_undated_report_gives_no_chance_and_says_so() -> None:
    story = [report(Said("Norway will send eight Leopard 2 tanks", quantity=8), date=None)]
    found = ask(told_by(story, dt.date(2025, 2, 1)), by=dt.date(2025, 12, 31))
    assert found.rows == ()
    [caveat] = [one for one in found.caveats if "NOR" in one.about]
    assert "undated" in caveat.why


def test_orders_for_oneself_are_no_arrivals() -> None:
    story = [
        report(
            Said("Poland orders 100 K2 tanks for its army", kind=Kind.CONTRACT, actors=("POL",),
                 recipient="POL", designation="K2", quantity=100),
            Said("Norway will send eight Leopard 2 tanks", quantity=8),
        )
    ]  # fmt: skip
    found = ask(told_by(story))
    assert [row.commitment.donors for row in found.rows] == [("NOR",)]
    assert found.own == 1


def test_a_least_amount_is_counted_as_that() -> None:
    story = [
        report(
            Said("Norway will send at least 5,000 shells", quantity=(5_000, None), unit="round",
                 category=Category.ARTILLERY_AMMUNITION, designation="155mm")
        )
    ]  # fmt: skip
    [expected] = ask(told_by(story)).expected
    assert (expected.outstanding.low, expected.outstanding.high) == (5_000, None)
    assert expected.arrivals is not None
    assert expected.arrivals.by.p90[-1] == pytest.approx(5_000)
