"""Targets: whether they were reached, how late, what that teaches, what an open one is worth."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from series_told import KEY, day, point

from pledgebook.forecasting.series import (
    Nature,
    Point,
    Series,
    SlipModel,
    Target,
    TargetOutlook,
    fit_slips,
    load_settings,
    production_outlook,
    target_outlook,
    targets_of,
)

SETTINGS = load_settings()
WANTED = replace(KEY, nature=Nature.TARGET)
NOBODY = fit_slips([], SETTINGS)


def aim(level: float, told: str, due: str | None) -> Point:
    made = point(level, on=due or told)
    return replace(made, key=WANTED, told=day(told), due=day(due) if due else None)


def matched(points: Sequence[Point], levels: Sequence[Point]) -> tuple[Target, ...]:
    return targets_of({WANTED: list(points), KEY: list(levels)}, SETTINGS)


def test_a_target_is_reached_between_two_tellings() -> None:
    (target,) = matched(
        [aim(100.0, "2023-01-01", "2024-01-01")],
        [point(60.0, on="2023-06-01"), point(90.0, on="2024-01-01"), point(110.0, on="2024-12-31")],
    )
    assert (target.short_on, target.reached_by) == (day("2024-01-01"), day("2024-12-31"))
    assert target.slip(SETTINGS) == (1.0, 2.0)


def test_a_target_that_is_not_reached_yet_is_late_by_at_least_so_much() -> None:
    (target,) = matched([aim(100.0, "2023-01-01", "2024-01-01")], [point(60.0, on="2024-07-01")])
    assert target.reached_by is None
    assert target.slip(SETTINGS) == (547 / 365, math.inf)


@pytest.mark.parametrize(
    ("due", "levels"),
    [
        (None, [point(60.0, on="2024-07-01")]),
        ("2024-01-01", []),
        ("2024-01-01", [point(60.0, on="2022-07-01")]),
        ("2024-01-01", [point(120.0, on="2022-07-01")]),
        ("2022-06-01", [point(60.0, on="2024-07-01")]),
        ("2024-01-01", [point(90.0, math.inf, on="2024-07-01")]),
    ],
    ids=["no day", "nothing told", "told before", "met before", "day gone by", "open above"],
)
def test_nothing_is_learned_where_nothing_is_known(due: str | None, levels: list[Point]) -> None:
    (target,) = matched([aim(100.0, "2023-01-01", due)], levels)
    assert target.slip(SETTINGS) is None


def test_nearly_reached_is_reached() -> None:
    (target,) = matched([aim(100.0, "2023-01-01", "2024-01-01")], [point(98.0, on="2023-07-01")])
    assert target.reached_by == day("2023-07-01")


def test_capacity_reaches_a_target_of_capacity_only() -> None:
    could = replace(KEY, nature=Nature.CAPACITY)
    levels = {could: [replace(point(120.0, on="2023-07-01"), key=could)], KEY: []}
    output = aim(100.0, "2023-01-01", "2024-01-01")
    capacity = replace(output, aims_at=Nature.CAPACITY)
    (one,) = targets_of({WANTED: [output], **levels}, SETTINGS)
    (other,) = targets_of({WANTED: [capacity], **levels}, SETTINGS)
    assert one.reached_by is None
    assert other.reached_by == day("2023-07-01")


def test_a_target_told_anew_for_a_later_day_is_a_chain() -> None:
    tellings = [
        aim(100.0, "2023-01-01", "2025-01-01"),
        aim(100.0, "2023-02-01", "2025-01-01"),
        aim(102.0, "2024-01-01", "2025-10-01"),
        aim(99.0, "2025-01-01", "2026-06-01"),
        aim(60.0, "2024-01-01", "2024-10-01"),
    ]
    targets = matched(tellings, [])
    chain = [target for target in targets if target.chain == tellings[0].statements[0]]
    assert [target.due for target in chain] == [
        day("2025-01-01"), day("2025-10-01"), day("2026-06-01"),
    ]  # fmt: skip
    assert [target.is_latest for target in chain] == [False, False, True]
    assert [target.told_in for target in targets if target not in chain] == [1]


def made(slips: Sequence[tuple[float, float]], party: str = "USA") -> list[Target]:
    """Targets of a thousand days that were reached between these slips."""
    told, days = dt.date(2015, 1, 1), 1000
    key = replace(WANTED, parties=(party,))
    found = []
    for number, (low, high) in enumerate(slips):
        due = told + dt.timedelta(days=days)
        one = replace(point(100.0 * 2**number), key=key, told=told, due=due)
        found.append(
            Target(
                one,
                100.0,
                due,
                one.statements[0],
                short_on=told + dt.timedelta(days=round(low * days)),
                reached_by=None if high == math.inf else told + dt.timedelta(round(high * days)),
            )
        )
    return found


def median(model: SlipModel, party: str = "XX") -> float:
    slips = np.linspace(0.05, 6, 400)
    chances, never = model.chances((party,), slips)
    return float(np.interp(0.5, chances / (1 - never), slips))


def test_without_targets_the_prior_speaks() -> None:
    prior = SETTINGS.slip
    _, never = NOBODY.chances(("XX",), np.array([1.0]))
    assert never == pytest.approx(prior.never_a / (prior.never_a + prior.never_b), abs=0.01)
    assert median(NOBODY) == pytest.approx(prior.median, rel=0.02)
    assert (NOBODY.targets, NOBODY.reached) == (0, 0)


def test_slips_are_learned_from_what_is_known_of_them() -> None:
    """Two hundred targets of a known law, told at intervals, some not reached and some never."""
    generator = np.random.default_rng(5)
    slips = np.exp(math.log(1.8) + 0.4 * generator.normal(size=200))
    slips[generator.uniform(size=200) < 0.3] = math.inf
    seen = 4.0
    known = [
        (math.floor(slip * 5) / 5, math.ceil(slip * 5) / 5) if slip < seen else (seen, math.inf)
        for slip in slips
    ]
    model = fit_slips(made(known), SETTINGS)
    _, never = model.chances(("USA",), np.array([1.0]))
    assert median(model, "USA") == pytest.approx(1.8, rel=0.08)
    assert never == pytest.approx(0.3, abs=0.06)
    assert model.targets == 200
    by = model.chances(("USA",), np.array([1.8 * math.exp(0.4)]))[0][0]
    assert by / (1 - never) == pytest.approx(0.84, abs=0.04)


def test_a_party_is_judged_by_its_own_and_by_the_others() -> None:
    late, prompt = [(2.4, 2.6)] * 6, [(0.9, 1.1)] * 6
    model = fit_slips([*made(late, "A"), *made(prompt, "B")], SETTINGS)
    assert median(model, "B") < median(model, "XX") < median(model, "A")
    assert median(model, "A") < 2.5


def test_tellings_of_one_chain_share_one_vote() -> None:
    one = made([(1.9, 2.1)])
    chain = [replace(one[0], at=n, told_in=4) for n in range(4)]
    assert median(fit_slips(chain, SETTINGS)) == pytest.approx(median(fit_slips(one, SETTINGS)))


@given(st.permutations(range(5)))
def test_the_order_of_targets_is_nothing(order: list[int]) -> None:
    known = made([(0.5, 0.7), (1.0, 1.5), (2.0, math.inf), (1.1, 1.2), (0.9, math.inf)])
    one = fit_slips(known, SETTINGS)
    other = fit_slips([known[n] for n in order], SETTINGS)
    assert one.weights.tolist() == other.weights.tolist()


def outlook_of(level: float, told: str, due: str, as_of: str, *levels: Point) -> TargetOutlook:
    (target,) = matched([aim(level, told, due)], levels)
    found = target_outlook(target, NOBODY, day(as_of), SETTINGS)
    assert found is not None
    return found


def test_an_open_target_has_a_chance_and_a_day() -> None:
    outlook = outlook_of(100.0, "2023-01-01", "2024-01-01", "2023-01-01")
    assert 0.1 < outlook.by_due < 0.5
    assert outlook.p10 is not None
    assert outlook.p50 is not None
    assert outlook.p10 < day("2024-01-01") < outlook.p50
    assert outlook.p90 is None
    by = outlook.by([day("2023-01-01"), day("2024-01-01"), day("2030-01-01"), day("2090-01-01")])
    assert by[0] == 0
    assert by[1] == pytest.approx(outlook.by_due)
    assert (np.diff(by) > 0).all()
    assert by[3] == pytest.approx(1 - outlook.never, abs=0.01)


def test_what_is_known_to_be_late_is_expected_later() -> None:
    fresh = outlook_of(100.0, "2023-01-01", "2024-01-01", "2024-06-01")
    late = outlook_of(100.0, "2023-01-01", "2024-01-01", "2024-06-01", point(60.0, on="2024-06-01"))
    assert late.by_due == 0
    assert late.never > fresh.never
    assert late.p50 is not None
    assert fresh.p50 is not None
    assert late.p50 > fresh.p50
    assert late.p10 is not None
    assert late.p10 > day("2024-06-01")


def test_reached_and_undated_targets_have_no_outlook() -> None:
    reached = matched([aim(100.0, "2023-01-01", "2024-01-01")], [point(120.0, on="2023-06-01")])[0]
    undated = matched([aim(100.0, "2023-01-01", None)], [])[0]
    for target in (reached, undated):
        assert target_outlook(target, NOBODY, day("2023-07-01"), SETTINGS) is None


def outlooks(points: Sequence[Point], levels: Sequence[Point], as_of: str) -> list[TargetOutlook]:
    found = [
        target_outlook(target, NOBODY, day(as_of), SETTINGS) for target in matched(points, levels)
    ]
    return [one for one in found if one is not None]


def test_ramps_rise_from_the_rate_of_today() -> None:
    levels = [point(28.0, on="2023-10-31")]
    plan = [
        aim(57.0, "2023-10-31", "2024-10-31"),
        aim(100.0, "2023-10-31", "2025-10-31"),
        aim(80.0, "2023-10-31", "2025-03-31"),
    ]
    found = production_outlook(
        Series.of(levels), outlooks(plan, levels, "2023-11-01"), day("2023-11-01")
    )
    assert found.rate_log_median == pytest.approx(math.log(28))
    assert found.rate_log_sd is not None
    rates = [math.exp(ramp.rate_log_median) for ramp in found.ramps]
    assert rates == pytest.approx([57, 80, 100])
    delays = [ramp.delay_log_median for ramp in found.ramps]
    assert delays == sorted(delays)
    assert all(ramp.never == pytest.approx(0.2, abs=0.02) for ramp in found.ramps)
    assert all(ramp.delay_log_sd > 0.3 for ramp in found.ramps)
    assert {ramp.statement for ramp in found.ramps} == {one.statements[0] for one in plan}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (aim(100.0, "2023-01-01", "2025-01-01"), aim(100.0, "2024-01-01", "2026-01-01"), "anew"),
        (aim(90.0, "2023-01-01", "2025-01-01"), aim(75.0, "2024-01-01", "2025-04-01"), "newer"),
        (aim(29.0, "2023-01-01", "2025-01-01"), aim(75.0, "2024-01-01", "2026-04-01"), "no less"),
        (aim(50.0, "2023-01-01", "2027-01-01"), aim(75.0, "2023-01-01", "2025-04-01"), "no later"),
    ],
)
def test_what_makes_no_ramp_is_named(old: Point, new: Point, why: str) -> None:
    levels = [point(28.0, math.inf, on="2024-01-01")]
    found = production_outlook(
        Series.of(levels), outlooks([old, new], levels, "2024-02-01"), day("2024-02-01")
    )
    assert [ramp.statement for ramp in found.ramps] == [new.statements[0]]
    assert any(why in one.why and old.statements[0] in one.why for one in found.caveats)


def test_no_output_told_is_unknown_and_none_is_none() -> None:
    unknown = production_outlook(None, [], day("2024-02-01"))
    assert unknown.rate_log_median is None
    assert not unknown.idle
    assert "unknown, not zero" in unknown.caveats[0].why
    none = production_outlook(Series.of([point(0.0)]), [], day("2024-02-01"))
    assert none.rate_log_median is None
    assert none.idle
