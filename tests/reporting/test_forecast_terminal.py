"""The page of a forecast as a stranger sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from syrupy.assertion import SnapshotAssertion

from drawing import drawn
from forecasts_made import full, nothing_told, without_stock
from pledgebook.forecasting.forecast import (
    Band,
    Caveat,
    Forecast,
    Influence,
    Measure,
    Ratio,
    RunDry,
)
from pledgebook.forecasting.request import is_forecast_id, parse_id
from pledgebook.reporting.forecast_terminal import forecast_next, forecast_page
from pledgebook.reporting.forecast_words import answer_lines, ratio_line, run_dry_line
from pledgebook.reporting.names import Names
from pledgebook.reporting.status_table import NAMES_FROM
from pledgebook.vocabulary.catalogue import load_catalogue

NAMES = load_catalogue(None).parties

MADE: dict[str, Callable[[], Forecast]] = {
    "all known": full,
    "scenarios": lambda: full("steady", "surge", "cut"),
    "weeks": lambda: full(step="week", steps=60),
    "stock unknown": without_stock,
    "nothing told": nothing_told,
}


def page(forecast: Forecast, width: int = 80, *, charts: bool = True) -> str:
    names = Names(NAMES, in_full=width >= NAMES_FROM)
    return drawn(forecast_page(forecast, names, width=width, charts=charts), width)


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", MADE)
def test_the_page_at_80_columns(name: str, snapshot: SnapshotAssertion) -> None:
    assert page(MADE[name]()).splitlines() == snapshot


def test_the_page_at_120_columns(snapshot: SnapshotAssertion) -> None:
    assert page(full("steady", "cut"), 120).splitlines() == snapshot


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("name", MADE)
def test_the_page_keeps_to_its_width(name: str, width: int) -> None:
    assert max(map(len, page(MADE[name](), width).splitlines())) <= width


def test_without_charts_the_rest_is_the_same() -> None:
    with_, without = page(full()).splitlines(), page(full(), charts=False).splitlines()
    assert not any("░" in line for line in without)
    assert [line for line in without if line not in with_] == []


def test_what_is_unknown_has_no_column_and_no_zero() -> None:
    shown = page(without_stock())
    assert "stock *" not in shown
    assert "days of\n" not in shown
    assert "When it runs dry cannot be said" in shown
    assert "are wanted and about" in words(shown)
    assert "on the shelves at the start" in words(shown)
    assert "no report and no imported table tells what UKR holds" in words(shown)
    assert "Runs dry" not in shown


def test_nothing_is_made_up_where_nothing_was_told() -> None:
    shown = page(nothing_told())
    assert "nothing can be said" in shown
    assert "By month" not in shown
    assert not any(mark in shown for mark in "░▒█")


def test_where_no_scenario_can_be_played_the_page_says_so() -> None:
    shown = page(replace(full(), outlooks={}, ratio=None))
    assert "nothing can be said" in shown
    assert "What cannot be said, and why" in shown
    assert "What was promised" in shown
    assert [what for _, what in forecast_next(replace(full(), outlooks={}))] == ["a commitment"]


def test_assumptions_are_named_wherever_they_count() -> None:
    shown = page(full())
    assert "stock *" in shown
    assert "gap *" in shown
    assert "arrivals *" not in shown
    assert "* Rests on what was assumed, and not reported." in words(shown)
    assert "assumed, not reported: opening stock" in words(shown)
    assert "as you said" in shown
    assert "*" not in page(without_stock())


def test_every_caveat_is_told_with_its_mend() -> None:
    made = full()
    shown = words(page(made))
    for caveat in made.caveats:
        assert caveat.about in shown
        assert caveat.why in shown
        assert caveat.mend[1:] in shown
    assert shown.index("What cannot be said") < shown.index("output of DEU")
    assert shown.index("Said with care") < shown.index("losses on the way")


def test_texts_of_others_do_nothing_to_the_terminal() -> None:
    bad = Caveat("\x1b[31mred\n\nbig", "it\x07 rings", said=False)
    shown = page(replace(full(), caveats=(bad,)))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "red big" in shown


END = "23 January 2025"
SO_MANY = "in 8 of 10 draws"
LATER = "after the horizon"
REST = f"in 12 % of the draws not until {END}."


def dry(*days: str | None, never: float = 0.12) -> RunDry:
    p10, p50, p90 = (dt.date.fromisoformat(one) if one else None for one in days)
    return RunDry(np.array([0.0, 1 - never]), p10, p50, p90)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        (
            dry("2023-03-24", "2023-05-24", "2023-09-24"),
            f"Runs dry about June 2023 (between April 2023 and October 2023 {SO_MANY}); {REST}",
        ),
        (
            dry("2023-03-24", "2023-05-24", None),
            f"Runs dry about June 2023 (between April 2023 and {LATER} {SO_MANY}); {REST}",
        ),
        (
            dry("2023-05-24", "2023-05-24", "2023-05-24", never=0.001),
            "Runs dry about June 2023; in <1 % of the draws not until 23 January 2025.",
        ),
        (
            dry("2023-05-24", None, None, never=0.8),
            (
                f"More likely than not it does not run dry until {END}: in 80 % of the draws it "
                "does not, and in 1 of 10 it does by June 2023."
            ),
        ),
        (
            dry(None, None, None, never=1.0),
            f"Hardly runs dry: in >99 % of the draws all that is wanted is there until {END}.",
        ),
    ],
)
def test_when_it_runs_dry(when: RunDry, told: str) -> None:
    assert run_dry_line(full(), when) == told


def test_the_horizon_is_the_end_of_the_last_step() -> None:
    """A step is whole: what is counted in it may come after the day that was asked for."""
    made = replace(full(), until=dt.date(2025, 1, 1))
    assert "to 23 January 2025:" in words(page(made))
    assert " 1 January 2025" not in words(page(made))


def test_it_runs_dry_in_a_week() -> None:
    made = full(step="week", steps=10)
    days = dt.date(2023, 3, 3), dt.date(2023, 3, 10), dt.date(2023, 3, 31)
    assert run_dry_line(made, RunDry(np.ones(10), *days)).startswith(
        "Runs dry in the week of 10 March 2023 (between the week of 3 March 2023 and the week of "
    )


def test_many_times_higher_is_a_number_with_its_sources() -> None:
    told = ratio_line(full(), Ratio(3.13, 4.58, 7.94, ("s1f0a2b3c4d5e6f708192",), ("s9",)))
    assert "use is 4.6 times output (3.1 to 7.9 in 8 of 10 draws)" in told
    assert "Use: UKR, expenditure of 155mm, 7 points of 5 sources." in told
    assert told.endswith("Output: s9.")


def test_nothing_missing_is_said_so() -> None:
    made = full()
    outlook = made.outlooks["steady"]
    gap = outlook.bands[Measure.GAP]
    none = replace(gap, mean=np.zeros(made.steps))
    told = answer_lines(made, replace(outlook, bands={**outlook.bands, Measure.GAP: none}))
    assert "In no draw is anything missing of what is wanted until 23 January 2025." in told


def test_what_few_draws_show_is_told_by_its_mean() -> None:
    made = full(steps=2)
    outlook = made.outlooks["steady"]
    none = np.zeros(2)
    rare = Band(np.array([870.0, 0.0]), none, none, none, none, none)
    made = replace(made, outlooks={"steady": replace(outlook, bands={Measure.ARRIVALS: rare})})
    shown = page(made)
    assert "ø 870" in shown
    assert "ø: the mean, where fewer than 1 of 10 draws differ from the rest." in words(shown)
    assert shown.count("ø ") == 1
    assert "░" not in shown
    assert "ø" not in page(without_stock())


def test_many_commitments_are_cut_and_counted() -> None:
    made = full()
    many = tuple(replace(made.expected[0], commitment=f"c{n:020x}") for n in range(20))
    shown = page(replace(made, expected=many))
    assert "And 5 more: --format json has all." in words(shown)


def test_influences_come_largest_first_and_never_below_nothing() -> None:
    made = full()
    least = Influence("least", -0.01, 0.004, 0.0, 0.004)
    most = Influence("most", 0.9, 0.02, 0.95, 0.02)
    outlook = replace(made.outlooks["steady"], influences=(least, most))
    shown = page(replace(made, outlooks={"steady": outlook}))
    assert shown.index("most  ") < shown.index("least  ")
    assert "0 ± 1 %        0 ± 1 %" in shown


def test_a_scenario_that_cannot_be_said_stands_beside_one_that_can() -> None:
    made = full("steady", "cut")
    bare = replace(made.outlooks["cut"], bands={}, run_dry=None, met=None)
    shown = page(replace(made, outlooks={"steady": made.outlooks["steady"], "cut": bare}))
    row = next(line for line in shown.splitlines() if line.startswith("cut "))
    assert row.count("n/k") == 5


@pytest.mark.parametrize("name", MADE)
def test_the_commands_to_go_on_name_what_is_there(name: str) -> None:
    made = MADE[name]()
    commands = [command.removeprefix("pledgebook why ") for command, _ in forecast_next(made)]
    ids = {one.id for sources in made.sources.values() for one in sources if one.id}
    ids |= {one.commitment for one in made.expected}
    for command in commands:
        one = command.strip("'")
        if is_forecast_id(one):
            request, place = parse_id(one)
            assert request.id == made.id
            assert place.measure in made.outlooks["steady"].bands
            assert place.day in made.days
        else:
            assert any(known.startswith(one) for known in ids)
    assert bool(commands) is (name != "nothing told")
