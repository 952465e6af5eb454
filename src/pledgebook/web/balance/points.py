"""The told figures that a forecast rests on: each with its words, who said them, and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pledgebook.forecasting.forecast import Expected, Forecast, Measure
from pledgebook.forecasting.inputs import Inputs
from pledgebook.forecasting.series import Hedge, Point, Series
from pledgebook.ledger.wording import with_unit
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.series_cells import days_of_point, each, level_at, point_figure, shown
from pledgebook.vocabulary.statement import Per

__all__ = [
    "PER",
    "Figure",
    "Pooled",
    "behind",
    "figures_of",
    "pooled",
    "promises",
    "resting",
    "statement_link",
]

_MOST_PROMISES = 200
_HEDGES = {
    Hedge.PLAIN: "",
    Hedge.APPROX: "about",
    Hedge.ESTIMATE: "an estimate",
    Hedge.CLAIM: "a claim",
    Hedge.TENTATIVE: "tentative",
}
PER: dict[str, Per] = {"week": Per.WEEK, "month": Per.MONTH}
"""The period in which rates stand beside the steps of a forecast."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it was told. Levels are of the period that it stands beside; None is open.

    `speaker` is who said it, with the outlet where nobody is named; `link` leads to the statement.
    `echoes` are those who told the same again: they add no vote.
    """

    day: dt.date
    first: dt.date
    last: dt.date
    low: float | None
    high: float | None
    figure: str
    days: str
    speaker: str
    told: dt.date
    words: str
    hedge: str
    link: str
    statement: str
    echoes: tuple[str, ...] = ()

    @property
    def level(self) -> float:
        """Where it stands in a chart: the middle of its ends, or the one that there is."""
        ends = [one for one in (self.low, self.high) if one is not None]
        return sum(ends) / len(ends)

    @property
    def hedged(self) -> bool:
        """Whether it is less than a plain figure."""
        return self.hedge in ("an estimate", "a claim", "tentative") or None in (
            self.low,
            self.high,
        )


@dataclass(frozen=True, slots=True)
class Pooled:
    """A series with its figures, its level on the day, and where its sources part."""

    series: Series
    title: str
    level: str
    voices: int
    figures: tuple[Figure, ...]
    conflicts: tuple[str, ...]


def behind(inputs: Inputs, measure: Measure) -> tuple[Series, ...]:
    """Return the series whose figures are of what a measure tells of."""
    found: list[Series] = []
    if measure is Measure.STOCK and inputs.stock is not None:
        found += inputs.stock.series
    if measure in (Measure.USE, Measure.WANTED):
        for level in (inputs.use, inputs.need):
            found += level.series if level is not None else ()
    if measure is Measure.OUTPUT:
        found += (one.series for one in inputs.makers.makers)
    if measure is Measure.ARRIVALS and inputs.arriving is not None:
        found += inputs.arriving.series
    return tuple({one.id: one for one in found}.values())


def resting(inputs: Inputs) -> tuple[Series, ...]:
    """Return all series that a forecast rests on, in the order of its measures."""
    measures = (Measure.STOCK, Measure.WANTED, Measure.ARRIVALS, Measure.OUTPUT)
    seen = {one.id: one for measure in measures for one in behind(inputs, measure)}
    return tuple(seen.values())


def figures_of(series: Series, per: Per) -> Iterator[Figure]:
    """Yield the figures of a series, each voice's once, earliest first."""
    for telling in series.tellings:
        first, *others = telling.points
        yield _figure(first, series, per, tuple(dict.fromkeys(map(_speaker, others))))


def _figure(point: Point, series: Series, per: Per, echoes: tuple[str, ...]) -> Figure:
    by = each(series, per)
    statement = point.statements[0]
    return Figure(
        day=point.middle,
        first=point.first,
        last=point.last,
        low=None if point.low is None else point.low * by,
        high=None if point.high is None else point.high * by,
        figure=point_figure(point, by),
        days=days_of_point(point),
        speaker=_speaker(point),
        told=point.told,
        words=one_line(point.says),
        hedge=_HEDGES[point.hedge],
        link=statement_link(point.document, statement),
        statement=statement,
        echoes=echoes,
    )


def statement_link(document: str, statement: str) -> str:
    """Return the address of a statement in its document."""
    return f"/documents/{document}?statement={statement}#{statement}"


def _speaker(point: Point) -> str:
    if point.speaker is None and point.source == point.document:
        return "a report that names no speaker"
    return one_line(point.speaker or point.source)


def pooled(series: Series, as_of: dt.date, per: Per, names: Names) -> Pooled:
    """Return a series as a page shows it."""
    level = level_at(series, as_of, per)
    told = ""
    if level is not None:
        rate = f" a {per.value}" if series.is_rate else ""
        band = f" ({level.range} eight times in ten)" if level.range else ""
        told = f"{with_unit(shown(level.middle), series.key.unit)}{rate}{band}"
    figures = tuple(figures_of(series, per))
    return Pooled(
        series=series,
        title=_title(series, names),
        level=told,
        voices=len({one.source for one in series.tellings}),
        figures=figures,
        conflicts=tuple(one_line(one.why) for one in series.caveats),
    )


def _title(series: Series, names: Names) -> str:
    key = series.key
    nature = "" if key.nature.value == "actual" else f" ({key.nature.value})"
    to = f" to {names.of(key.recipient)}" if key.recipient else ""
    item = one_line(key.item.partition("/")[2] or key.item)
    whose = names.of(", ".join(key.parties))
    return f"{key.measure.value.capitalize()}{nature} of {item}, {whose}{to}"


def promises(forecast: Forecast) -> Sequence[Expected]:
    """Return the open promises that are drawn, the largest first."""
    by_size = sorted(
        forecast.expected, key=lambda one: (-(one.high or one.low or 0.0), one.commitment)
    )
    return by_size[:_MOST_PROMISES]
