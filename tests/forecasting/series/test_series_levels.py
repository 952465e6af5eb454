"""Laws of the band: what it holds, how it grows, what never narrows it, how often it is right."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from series_told import day, point

from pledgebook.errors import UsageError
from pledgebook.forecasting.series import (
    Levels,
    Nature,
    Point,
    Series,
    SeriesMeasure,
    load_settings,
)

SETTINGS = load_settings()
DAYS = [day(f"{year}-06-01") for year in range(2021, 2028)]


def at(points: list[Point], days: list[dt.date] | None = None) -> Levels:
    return Series.of(points).at(days or DAYS)


@st.composite
def stories(draw: st.DrawFn) -> list[Point]:
    """Points of some voices over five years, a few of them open or intervals."""
    made = []
    for _ in range(draw(st.integers(1, 8))):
        low = draw(st.floats(10, 1e5))
        high = draw(st.sampled_from([low, low * 1.5, math.inf]))
        first = dt.date(2021, 1, 1) + dt.timedelta(days=draw(st.integers(0, 1800)))
        last = first + dt.timedelta(days=draw(st.sampled_from([0, 0, 30, 364])))
        voice = draw(st.sampled_from("abcd"))
        made.append(point(low, high, first.isoformat(), last=last.isoformat(), source=voice))
    return made


@given(stories(), st.randoms(use_true_random=False))
def test_the_order_of_the_points_is_nothing(points: list[Point], random: object) -> None:
    shuffled = list(points)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = at(points), at(shuffled)
    assert one.log_median.tolist() == other.log_median.tolist()
    assert one.log_sd.tolist() == other.log_sd.tolist()


@given(stories(), st.floats(1e-4, 1e4))
def test_scaling_the_unit_scales_the_band(points: list[Point], by: float) -> None:
    scaled = [replace(p, low=p.low and p.low * by, high=p.high and p.high * by) for p in points]
    one, other = at(points), at(scaled)
    np.testing.assert_allclose(other.log_median, one.log_median + math.log(by), atol=1e-6)
    np.testing.assert_allclose(other.log_sd, one.log_sd, rtol=1e-6)


@given(stories(), st.floats(1.0, 6.0))
def test_more_disagreement_never_narrows_the_band(points: list[Point], by: float) -> None:
    """Every figure is moved away from a common middle, as a power of its ratio to it."""
    middle = 1000.0
    apart = [
        replace(
            p,
            low=None if p.low is None else middle * (p.low / middle) ** by,
            # The width of an interval is how it was told; it stays.
            high=None
            if p.high is None or p.low is None
            else middle * (p.low / middle) ** by * (p.high / p.low),
        )
        for p in points
    ]
    shift = [math.log(p.high / p.low) / 2 if p.high and p.low else 0.0 for p in points]
    # Only alike tellings are moved as a whole; others by their own middles.
    if len(set(shift)) > 1 or len({p.high is None for p in points}) > 1:
        apart = [replace(p, high=p.low) for p in apart]
        points = [replace(p, high=p.low) for p in points]
    assert (at(apart).log_sd >= at(points).log_sd * (1 - 1e-9)).all()


@given(st.floats(1.01, 30.0), st.floats(1.0, 3.0))
def test_two_that_contradict_each_other_are_both_within_the_band(apart: float, more: float) -> None:
    def band(ratio: float) -> Levels:
        pair = [point(600.0, source="London"), point(600.0 * ratio, source="Moscow")]
        return at(pair, [day("2023-06-01")])

    wide = band(apart)
    assert wide.p10[0] <= 600 * (1 + 1e-9)
    assert wide.p90[0] >= 600 * apart * (1 - 1e-9)
    assert band(apart * more).log_sd[0] >= wide.log_sd[0] * (1 - 1e-9)


def test_two_against_two_are_all_within_the_band() -> None:
    four = [point(600.0), point(605.0), point(1500.0), point(1510.0)]
    levels = at(four, [day("2023-06-01")])
    assert levels.p10[0] < 600
    assert levels.p90[0] > 1500


def test_contradictions_are_named_with_both_statements() -> None:
    pair = [
        point(600.0, source="London", measure=SeriesMeasure.STOCK),
        point(1500.0, source="Moscow", measure=SeriesMeasure.STOCK),
    ]
    (caveat,) = Series.of(pair).caveats
    assert caveat.said
    assert all(one.statements[0] in caveat.why for one in pair)
    assert "London" in caveat.why
    assert "Moscow" in caveat.why
    # Those a year apart tell of a change, and those that overlap do not part.
    later = [pair[0], replace(pair[1], first=day("2024-06-01"), last=day("2024-06-01"))]
    assert Series.of(later).caveats == ()
    assert Series.of([pair[0], replace(pair[1], low=500.0)]).caveats == ()


@given(st.floats(2.0, 1e4))
def test_one_outlier_does_not_carry_the_level_away(off: float) -> None:
    good = [point(1000.0 * (1 + 0.02 * n), on=f"2023-06-{n + 1:02}") for n in range(5)]
    with_it = at([*good, point(1000.0 * off, on="2023-06-07")], [day("2023-06-05")])
    without = at(good, [day("2023-06-05")])
    assert abs(with_it.log_median[0] - without.log_median[0]) < 0.2
    assert without.log_sd[0] < with_it.log_sd[0] < 3 * without.log_sd[0]


def test_an_echo_is_no_second_voice() -> None:
    one = point(14_400.0, on="2022-09-01", source="army")
    echoes = [replace(one, source=f"paper {n}", statements=(f"e{n}",)) for n in range(5)]
    alone, echoed = Series.of([one]), Series.of([one, *echoes])
    assert len(echoed.tellings) == 1
    assert len(echoed.points) == 6
    assert echoed.at(DAYS).log_sd.tolist() == alone.at(DAYS).log_sd.tolist()
    another = Series.of([one, replace(one, low=14_000.0, high=14_000.0, source="other")])
    assert len(another.tellings) == 2


def test_one_voice_that_repeats_itself_tells_less_than_two() -> None:
    first, second = point(1000.0, source="a"), point(1010.0, on="2023-06-02", source="a")
    same = at([first, second], [day("2023-06-01")])
    two = at([first, replace(second, source="b")], [day("2023-06-01")])
    assert two.log_sd[0] < same.log_sd[0]


def test_the_band_is_narrowest_at_a_telling_and_grows_away_from_it() -> None:
    series = Series.of([point(1000.0, on="2023-01-01"), point(1100.0, on="2025-01-01")])
    sd = series.at([day(d) for d in (
        "2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01", "2025-01-01",
        "2025-07-01", "2026-07-01", "2028-07-01",
    )]).log_sd  # fmt: skip
    assert sd[0] < sd[1] < sd[2] > sd[3] > sd[4]
    assert (np.diff(sd[4:]) > 0).all()
    assert series.at([day("2020-01-01")]).log_sd[0] > sd[0]


def test_a_gap_is_bridged_between_its_ends() -> None:
    series = Series.of([point(1000.0, on="2023-01-01"), point(4000.0, on="2025-01-01")])
    middle = series.at([day("2024-01-01")]).median[0]
    assert middle == pytest.approx(2000, rel=0.01)


def test_one_point_has_the_spread_of_the_priors() -> None:
    series = Series.of([point(1000.0)])
    (caveat,) = series.caveats
    assert "one figure" in caveat.why
    levels = series.at([day("2023-06-01")])
    assert levels.median[0] == pytest.approx(1000)
    normal = math.hypot(SETTINGS.between[SeriesMeasure.PRODUCTION], SETTINGS.told["plain"])  # type: ignore[index]
    # A little wider than normal: Student's t with four degrees of freedom at its 90 % point.
    assert levels.log_sd[0] == pytest.approx(normal * 1.533206 / 1.281552, rel=1e-5)


def test_open_ends_lean_beyond_their_bound_and_weigh_little() -> None:
    today = [day("2023-06-01")]
    at_least = at([point(1000.0, math.inf)], today)
    up_to = at([point(None, 1000.0)], today)
    exact = at([point(1000.0)], today)
    assert up_to.median[0] < exact.median[0] < at_least.median[0]
    assert up_to.log_sd[0] > exact.log_sd[0] < at_least.log_sd[0]
    both = at([point(500.0), point(None, 1000.0)], today)
    assert both.median[0] < 650


def test_a_figure_for_a_year_tells_its_mean_and_not_its_middle() -> None:
    year = point(1000.0, on="2023-01-01", last="2023-12-31")
    middle = point(1000.0, on="2023-07-02")
    end = point(2000.0, on="2023-12-31")
    days = [day("2023-01-01"), day("2023-07-02"), day("2023-12-01")]
    whole, centred = at([year, end], days), at([middle, end], days)
    # What rises to its end was low before: a mean asks for that, a middle does not.
    assert whole.median[0] < centred.median[0]
    assert whole.median[2] - whole.median[0] > centred.median[2] - centred.median[0]


def test_nothing_told_is_zero_until_something_else_is() -> None:
    series = Series.of(
        [
            point(1000.0, on="2022-01-01"),
            point(0.0, on="2023-01-01"),
            point(800.0, on="2024-01-01"),
        ]
    )
    levels = series.at([day(d) for d in ("2022-06-01", "2023-06-01", "2024-06-01")])
    assert levels.idle.tolist() == [False, True, False]
    assert levels.median[1] == levels.p10[1] == 0
    assert levels.p90[1] > 0
    assert levels.median[0] > 0
    assert any("tells that there was none" in caveat.why for caveat in series.caveats)


def test_a_series_of_nothing_but_zero_is_zero() -> None:
    levels = at([point(0.0)])
    assert levels.idle.all()
    assert (levels.p10 == 0).all()
    assert (levels.median == 0).all()
    assert (levels.p90 == 0).all()


def test_impossible_points_are_refused() -> None:
    with pytest.raises(UsageError, match="below zero"):
        point(-1.0)
    with pytest.raises(UsageError, match="upside down"):
        point(2.0, 1.0)
    with pytest.raises(UsageError, match="needs a low or a high end"):
        point(None)
    with pytest.raises(UsageError, match="ends before it begins"):
        point(1.0, on="2023-02-01", last="2023-01-01")


def test_what_is_wanted_is_no_level() -> None:
    wanted = point(1000.0)
    series = Series.of([replace(wanted, key=replace(wanted.key, nature=Nature.TARGET))])
    assert not series.has_band
    with pytest.raises(UsageError, match="has no level"):
        series.at(DAYS)


def simulated(generator: np.random.Generator, drift: float, between: float) -> tuple[float, ...]:
    """One history of known truth: the standardised misses, amid the tellings and a year later."""
    times = np.sort(generator.uniform(0, 3 * 365, 9)).astype(int)
    asked = np.array([540, 3 * 365 + 365])
    every = np.concatenate((times, asked))
    order = np.argsort(every, kind="stable")
    steps = (
        generator.normal(size=len(every))
        * drift
        * np.sqrt(np.diff(every[order], prepend=every[order][0]) / 365.25)
    )
    truth = np.empty(len(every))
    truth[order] = 7.0 + np.cumsum(steps)
    bias = generator.normal(size=4) * between
    voices = generator.integers(0, 4, len(times))
    errors = generator.normal(size=len(times)) * SETTINGS.told["plain"]  # type: ignore[index]
    start = dt.date(2021, 1, 1)
    points = [
        point(float(np.exp(truth[n] + bias[voices[n]] + errors[n])), source=f"v{voices[n]}",
              on=(start + dt.timedelta(days=int(times[n]))).isoformat())
        for n in range(len(times))
    ]  # fmt: skip
    levels = at(points, [start + dt.timedelta(days=int(one)) for one in asked])
    return tuple((truth[len(times) :] - levels.log_median) / levels.log_sd)


@pytest.mark.parametrize(("scale", "least", "most"), [(1.0, -0.03, 0.08), (1.6, -0.11, 0.03)])
def test_bands_hold_the_truth_of_simulated_series(scale: float, least: float, most: float) -> None:
    """With the truth as the priors have it, and with all of it 1.6 times as wild.

    400 histories of two days each: a standard error of 0.02 at most. The bands are a little too
    wide by design, since tellings that part are doubted; where the world is wilder than the priors,
    the scale follows it most of the way and the bands fall short by some points.
    """
    generator = np.random.default_rng(7)
    drift = SETTINGS.drift[SeriesMeasure.PRODUCTION] * scale
    between = SETTINGS.between[SeriesMeasure.PRODUCTION] * scale
    misses = np.abs([simulated(generator, drift, between) for _ in range(400)])
    for nominal, edge in ((0.5, 0.67449), (0.8, 1.28155)):
        held = float(np.mean(misses < edge))
        assert least <= held - nominal <= most, f"{held:.3f} of nominal {nominal}"
