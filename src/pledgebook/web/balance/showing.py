"""What a page of one balance shows, as plain records for its templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledgebook.forecasting.forecast import Band, Expected, Forecast, Influence, Measure, Outlook
from pledgebook.forecasting.inputs import Inputs
from pledgebook.forecasting.series import Series
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.wording import amount, commitment_line
from pledgebook.reporting.forecast_figures import percent, spread_at, step_labels
from pledgebook.reporting.forecast_words import SHORT_TITLES, assumed, measure_title
from pledgebook.reporting.names import Names
from pledgebook.web.balance.charts import CHARTED, fan_chart
from pledgebook.web.balance.fans import due_rows, in_words, point_id, point_link
from pledgebook.web.balance.playing import main_outlook, play
from pledgebook.web.balance.points import PER, Figure, behind, figures_of, promises

if TYPE_CHECKING:
    from pledgebook.web.balance.desk import Ready

__all__ = [
    "Drawing",
    "Promise",
    "StepRow",
    "chart_of",
    "drawings",
    "inputs_of",
    "matters",
    "promise_rows",
    "slug",
    "step_rows",
]

MOST_STEPS = 60
_NO_FIGURES = {
    Measure.DAYS_OF_SUPPLY: "It follows from the stock and from what is wanted.",
    Measure.GAP: "It follows from the stock, the arrivals and what is wanted.",
    Measure.NEEDED: "It follows from what is wanted and what arrives.",
}


def slug(measure: Measure) -> str:
    """Return a measure as the address names it: "days-of-supply"."""
    return measure.value.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart of the page, with the figures that lie under it."""

    slug: str
    title: str
    label: str
    assumed: bool
    figures: tuple[Figure, ...]
    rests: str


def drawings(ready: Ready, forecast: Forecast) -> list[Drawing]:
    """Return the charts that can be drawn; what is wanted only where use cannot be told."""
    outlook = main_outlook(forecast)
    if outlook is None:
        return []
    return [_drawing(ready, forecast, outlook, measure) for measure in _drawn(outlook)]


def _drawn(outlook: Outlook) -> list[Measure]:
    whole = Measure.STOCK in outlook.bands
    left = {Measure.WANTED, Measure.NEEDED} if whole else set()
    return [one for one in CHARTED if one in outlook.bands and one not in left]


def _drawing(ready: Ready, forecast: Forecast, outlook: Outlook, measure: Measure) -> Drawing:
    figures = _figures(ready, forecast, measure)
    return Drawing(
        slug=slug(measure),
        title=measure_title(measure, forecast),
        label=in_words(forecast, outlook, measure, len(figures)),
        assumed=assumed(forecast, measure),
        figures=figures,
        rests=_NO_FIGURES.get(measure, ""),
    )


def _figures(ready: Ready, forecast: Forecast, measure: Measure) -> tuple[Figure, ...]:
    per = PER[forecast.step]
    some: Sequence[Series] = behind(inputs_of(ready, forecast), measure)
    found = [figure for series in some for figure in figures_of(series, per)]
    return tuple(sorted(found, key=lambda one: (one.day, one.statement)))


def inputs_of(ready: Ready, forecast: Forecast) -> Inputs:
    """Return what the course of a forecast is made of: not what only other courses need."""
    return ready.prepared.playing([*forecast.outlooks] or ["steady"]).inputs


def chart_of(ready: Ready, course: str, measure: Measure) -> dict[str, object] | None:
    """Return the chart of a measure under a course; None where it cannot be said."""
    forecast = play(ready, course)
    outlook = main_outlook(forecast)
    if outlook is None or measure not in outlook.bands:
        return None
    figures = _figures(ready, forecast, measure)
    due = due_rows(_due(ready, forecast)) if measure is Measure.ARRIVALS else ()
    return fan_chart(forecast, outlook, measure, figures, due)


def _due(ready: Ready, forecast: Forecast) -> Iterator[tuple[dt.date, str, str]]:
    named = {one.id: one for one in ready.prepared.supply.made}
    for one in promises(forecast):
        day = one.median or one.due
        if day is not None and forecast.as_of <= day <= forecast.days[-1]:
            told = commitment_line(named[one.commitment])
            says = f"{told}: half of it expected by {day}"
            yield day, says, f"/commitments/{one.commitment}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the table: its median, its span, and where it opens."""

    middle: str
    span: str
    link: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: its day, the chance that all is there, and a cell for each measure."""

    label: str
    cells: tuple[Cell | None, ...]
    met: str


def step_rows(forecast: Forecast) -> tuple[list[str], list[StepRow], int]:
    """Return the columns, the rows of at most so many steps, and how many are left out."""
    outlook = main_outlook(forecast)
    if outlook is None or not outlook.bands:
        return [], [], 0
    measures = [one for one in Measure if one in outlook.bands]
    _, labels = step_labels(forecast)
    shown = min(forecast.steps, MOST_STEPS)
    rows = [
        StepRow(
            labels[step],
            tuple(_cell(forecast, outlook, one, step) for one in measures),
            percent(float(outlook.met[step])) if outlook.met is not None else "",
        )
        for step in range(shown)
    ]
    return [SHORT_TITLES[one] for one in measures], rows, forecast.steps - shown


def _cell(forecast: Forecast, outlook: Outlook, measure: Measure, step: int) -> Cell:
    band: Band = outlook.bands[measure]
    spread = spread_at(band, step)
    link = point_link(point_id(forecast, outlook, measure, step))
    return Cell(spread.middle, "" if spread.sure else spread.range, link)


@dataclass(frozen=True, slots=True)
class Promise:
    """One open promise with its chances, in words."""

    commitment: str
    says: str
    donors: str
    outstanding: str
    due: str
    now: str
    by_the_end: str
    half: str


def promise_rows(ready: Ready, forecast: Forecast, names: Names) -> list[Promise]:
    """Return what was promised and is not known to have come, the largest first."""
    named = {one.id: one for one in ready.prepared.supply.made}
    return [
        _promise(one, commitment_line(named[one.commitment]), names) for one in promises(forecast)
    ]


def _promise(one: Expected, says: str, names: Names) -> Promise:
    return Promise(
        commitment=one.commitment,
        says=says,
        donors=names.of(", ".join(one.donors)),
        outstanding=amount(Interval(one.low, one.high), one.unit),
        due=one.due.isoformat() if one.due else "no day",
        now=percent(one.arrived),
        by_the_end=percent(float(one.by[-1])),
        half=one.median.isoformat() if one.median else "not in sight",
    )


def matters(outlook: Outlook | None) -> list[tuple[Influence, str, str]]:
    """Return what moves the answer most, each with its shares in words."""
    some = outlook.influences if outlook is not None else ()
    return [
        (one, _share(one.first, one.first_error), _share(one.total, one.total_error))
        for one in some
    ]


def _share(share: float, error: float) -> str:
    return f"{max(share, 0) * 100:.0f} ± {max(error * 100, 1):.0f} %"
