"""From a point of a forecast to the series and commitments under it, and to their sentences."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pledgebook.errors import NotFoundError
from pledgebook.forecasting.forecast import Band, Forecast, Measure, Outlook, Source
from pledgebook.forecasting.making import Told
from pledgebook.forecasting.request import Place
from pledgebook.forecasting.series import DAYS, Series
from pledgebook.ledger.explain import Explainer, Explanation
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import Per

__all__ = ["ForecastExplainer", "statements_of", "statements_under"]


@dataclass(frozen=True, slots=True)
class ForecastExplainer:
    """Opens forecasts and series with what the ledger's own explainer says of their sentences.

    `entries` are the statements of reports and of imported rows, by id.
    """

    told: Told
    explainer: Explainer
    entries: Mapping[str, Entry]

    def point(self, forecast: Forecast, place: Place) -> Explanation:
        """Explain a forecast, or one point of it. Raises NotFoundError for what cannot be said."""
        outlook = _outlook(forecast, place)
        caveats = tuple(f"{one.about}: {one.why}" for one in forecast.caveats)
        if place.measure is None:
            measures = [one for one in Measure if one in outlook.bands]
            return Explanation(
                kind="forecast",
                id=forecast.id,
                title=_title(forecast, outlook),
                facts=dict(forecast.inputs),
                notes=caveats,
                children=tuple(self._measure(forecast, outlook, one) for one in measures),
            )
        return self._measure(forecast, outlook, place.measure, place.day, caveats)

    def _measure(
        self,
        forecast: Forecast,
        outlook: Outlook,
        measure: Measure,
        day: dt.date | None = None,
        notes: tuple[str, ...] = (),
    ) -> Explanation:
        band = outlook.bands.get(measure)
        if band is None:
            said = ", ".join(one.value for one in outlook.bands)
            raise NotFoundError(
                f"{measure.value} cannot be said of {forecast.item_name}",
                mend=f"It tells of {said}; `pledgebook forecast` says why" if said else "",
            )
        day = day or forecast.days[-2]
        at = bisect_right(forecast.days, day) - 1
        if not 0 <= at < forecast.steps:
            raise NotFoundError(
                f"{day} lies outside the forecast",
                mend=f"Give a day from {forecast.days[0]} to {forecast.until}",
            )
        sources = forecast.sources.get(measure, ())
        found = [self._source(source) for source in sources]
        what = f"{measure.value} of {forecast.item_name}, {forecast.recipient}"
        return Explanation(
            kind="forecast",
            id=f"{forecast.id}#{outlook.scenario}/{_slug(measure)}@{forecast.days[at]}",
            title=f"{what}, from {forecast.days[at]}, {outlook.scenario}: {_told(band, at)}",
            facts={
                "mean": _number(float(band.mean[at])),
                "half of all draws": f"{_number(band.p25[at])} to {_number(band.p75[at])}",
                "draws": f"{forecast.draws:,}, seed {forecast.seed}",
                "scenario": outlook.says,
            },
            notes=notes,
            children=tuple(found),
        )

    def _source(self, source: Source) -> Explanation:
        if source.kind == "series" and source.id is not None:
            return self.series(self.told.book.get(source.id))
        if source.kind == "commitment":
            for one in self.told.ledger.commitments:
                if one.id == source.id:
                    return self.explainer.commitment(one)
        return Explanation(kind="assumption", id="", title=source.says)

    def series(self, series: Series) -> Explanation:
        """Explain a series: its level on the day, its voices, and each figure with its sentence."""
        facts = {"as of": self.told.book.as_of.isoformat(), "voices": ", ".join(series.sources)}
        if series.has_band:
            facts = self._level(series) | facts
        return Explanation(
            kind="series",
            id=series.id,
            title=series.about,
            facts=facts,
            notes=tuple(one.why for one in series.caveats),
            children=tuple(
                self.explainer.statement(self.entries[name])
                for name in series.statements
                if name in self.entries
            ),
        )

    def _level(self, series: Series) -> dict[str, str]:
        at = series.at([self.told.book.as_of])
        low, mid, high = (float(ends[0]) for ends in (at.p10, at.median, at.p90))
        per = " a day" if series.is_rate else ""
        span = f"{_number(low)} to {_number(high)} eight times in ten"
        facts = {"level": f"{_number(mid)}{per} ({span})"}
        if series.is_rate:
            facts["a month"] = _number(mid * DAYS[Per.MONTH])
        return facts


def statements_of(series: Sequence[Series]) -> list[str]:
    """Return the statements that some series rest on, each once."""
    return sorted({name for one in series for name in one.statements})


def statements_under(forecast: Forecast, told: Told) -> list[str]:
    """Return all statements that a forecast rests on, each once."""
    sources = {source for some in forecast.sources.values() for source in some}
    ids = {source.id for source in sources if source.id is not None}
    named = [one for one in told.book.series if one.id in ids]
    promises = [one for one in told.ledger.commitments if one.id in ids]
    return sorted({*statements_of(named), *(name for one in promises for name in one.statements)})


def _outlook(forecast: Forecast, place: Place) -> Outlook:
    if not forecast.outlooks:
        raise NotFoundError("no scenario of this forecast can be told", mend="See its caveats")
    name = place.scenario or next(iter(forecast.outlooks))
    if name not in forecast.outlooks:
        raise NotFoundError(
            f"the forecast has no scenario {name!r}", mend=f"It has {', '.join(forecast.outlooks)}"
        )
    return forecast.outlooks[name]


def _title(forecast: Forecast, outlook: Outlook) -> str:
    span = f"{forecast.as_of} to {forecast.until}"
    return f"forecast of {forecast.item_name}, {forecast.recipient}, {span}: {outlook.says}"


def _told(band: Band, at: int) -> str:
    return (
        f"{_number(band.p50[at])} ({_number(band.p10[at])} to {_number(band.p90[at])} "
        "eight times in ten)"
    )


def _number(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"


def _slug(measure: Measure) -> str:
    return measure.value.replace(" ", "-")
