"""Courses played on what was prepared: the one that is shown, and others beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledgebook.forecasting.answering import outlook_of
from pledgebook.forecasting.forecast import Forecast, Measure, Outlook
from pledgebook.forecasting.request import DRAWS
from pledgebook.forecasting.scenarios import Scenario, known_scenarios, scenario_named
from pledgebook.reporting.forecast_figures import percent, spread_at
from pledgebook.reporting.forecast_words import amount_phrase, answer_lines, run_dry_cells

if TYPE_CHECKING:
    from pledgebook.web.balance.desk import Ready

__all__ = ["Beside", "answer", "beside", "change_line", "main_outlook", "play"]


@dataclass(frozen=True, slots=True)
class Beside:
    """One scenario in a line, or why it cannot be played. Texts are cells; "" is not known."""

    name: str
    says: str
    shown: bool
    dry: str = ""
    span: str = ""
    by_the_end: str = ""
    days: str = ""
    missing: str = ""
    needed: str = ""
    lacking: str = ""
    mend: str = ""


def play(ready: Ready, course: str, *, draws: int = DRAWS, moved: bool = True) -> Forecast:
    """Return the forecast of one course; `moved` tells too what matters most. It is kept."""

    def make() -> Forecast:
        return ready.prepared.playing([course], draws).forecast(moved=moved)

    return ready.played.get(("play", course, draws, moved), make)


def main_outlook(forecast: Forecast) -> Outlook | None:
    """Return the outlook of the course, None where it cannot be played."""
    return next(iter(forecast.outlooks.values()), None)


def answer(forecast: Forecast) -> list[str]:
    """Return what comes of the course, in sentences."""
    return answer_lines(forecast, main_outlook(forecast))


def change_line(forecast: Forecast, before: Forecast) -> str:
    """Return what a move of the sliders changed: the answer, and what it was without them."""
    now, was = answer(forecast)[0], answer(before)[0]
    return now if now == was else f"{now} Without the sliders: {was[:1].lower()}{was[1:]}"


def beside(ready: Ready, course: str) -> list[Beside]:
    """Return the course and the known scenarios, each once, played with the same draws."""
    names = {one.name: one for one in (scenario_named(course), *known_scenarios())}
    return [_beside(ready, one, shown=one.name == course) for one in names.values()]


def _beside(ready: Ready, scenario: Scenario, *, shown: bool) -> Beside:
    name, says = scenario.name, scenario.says
    lacking = ready.prepared.lacking(scenario)
    if lacking is not None:
        return Beside(name, says, shown, lacking=lacking.why, mend=lacking.mend)

    def make() -> Outlook:
        return outlook_of(ready.prepared.inputs, scenario, moved=False)

    forecast = play(ready, name, moved=False) if shown else None
    if forecast is not None:
        outlook = forecast.outlooks[name]
    else:
        outlook = ready.played.get(("beside", name), make)
    return _cells(ready, outlook, forecast, shown=shown)


def _cells(ready: Ready, outlook: Outlook, forecast: Forecast | None, *, shown: bool) -> Beside:
    # The words need the days and the unit of a forecast: those of any course will do.
    whole = forecast or play(ready, "steady", moved=False)
    bands, dry = outlook.bands, outlook.run_dry
    middle, span = run_dry_cells(whole, dry) if dry is not None else ("", "")
    if outlook.met is not None and dry is None:
        middle = "does not: use is cut instead"
    gap = bands.get(Measure.GAP)
    needed = bands.get(Measure.NEEDED)
    days = bands.get(Measure.DAYS_OF_SUPPLY)
    return Beside(
        name=outlook.scenario,
        says=outlook.says,
        shown=shown,
        dry=middle,
        span=span,
        by_the_end=percent(1 - dry.never) if dry is not None else "",
        days=_spread(spread_at(days, -1)) if days is not None else "",
        missing=amount_phrase(whole, *(float(gap.mean.sum()),) * 3) if gap is not None else "",
        needed=(
            amount_phrase(whole, *(float(one[-1]) for one in (needed.p10, needed.p50, needed.p90)))
            if needed is not None
            else ""
        ),
    )


def _spread(spread: object) -> str:
    from pledgebook.reporting.forecast_figures import Spread

    assert isinstance(spread, Spread)
    return spread.middle if spread.sure else f"{spread.middle} ({spread.range})"
