"""The forecasts of one book: asked for by name, and opened by id."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.arrivals import ArrivalsList, arrivals_of
from pledgebook.forecasting.assumptions import Assumptions
from pledgebook.forecasting.explaining import ForecastExplainer, statements_under
from pledgebook.forecasting.forecast import Forecast, StepName
from pledgebook.forecasting.learning import Learned, model_of
from pledgebook.forecasting.making import Told, make_forecast
from pledgebook.forecasting.request import DRAWS, Request, is_forecast_id, parse_id, to_end
from pledgebook.forecasting.series import SeriesBook, build_series
from pledgebook.ledger.answers.pieces import for_others
from pledgebook.ledger.explain import Explainer, Explanation
from pledgebook.ledger.filters import EVERYTHING, Filter
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.moments import Day, Instant, to_day, to_instant
from pledgebook.ledger.opening import Opening
from pledgebook.ledger.records import Entry
from pledgebook.ledger.store import Store
from pledgebook.ledger.told import OBSERVED, observed, observed_in
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Kind

__all__ = ["Forecaster", "Forecasting", "opens"]

_KINDS = OBSERVED | {Kind.DELIVERY, Kind.REQUEST}
_SERIES = "t"


class Forecasting(TypedDict, total=False):
    """How a forecast is asked for, as `Book.forecast` takes it."""

    recipient: str | None
    as_of: Day | None
    step: StepName
    scenarios: Sequence[str]
    assume: Assumptions | None
    draws: int
    seed: int


def opens(text: str) -> bool:
    """Tell whether an id is one of a forecast or of a series."""
    return is_forecast_id(text) or text.strip().casefold().startswith(_SERIES)


@dataclass(frozen=True, slots=True)
class Forecaster:
    """Makes and opens the forecasts of a book. `ledger` gives its ledger of a day."""

    ledger: Callable[..., Ledger]
    store: Store
    catalogue: Catalogue

    def forecast(self, item: str, until: Day, **how: Unpack[Forecasting]) -> Forecast:
        """Return the forecast of an item. Raises UsageError, NotFoundError."""
        as_of = to_day(how.get("as_of"))
        told = self.told(as_of)
        recipient = how.get("recipient") or self._recipient(item, told.ledger)
        request = Request(
            item=item,
            recipient=recipient,
            as_of=told.book.as_of,
            until=to_end(until),
            step=how.get("step", "month"),
            scenarios=tuple(how.get("scenarios", ("steady",))),
            assume=how.get("assume") or Assumptions(),
            draws=how.get("draws", DRAWS),
            seed=how.get("seed", 1),
        )
        return make_forecast(told, request)

    def series(
        self, *, as_of: Day | None = None, recorded_as_of: Instant | None = None
    ) -> SeriesBook:
        """Return all series of a day: what was told of stocks, output and use, with bands."""
        day = to_day(as_of)
        ledger = self.ledger(as_of=day, recorded_as_of=recorded_as_of)
        found = self._observed(ledger, day, recorded_as_of)
        return build_series(found, self.catalogue, ledger.today)

    def told(self, as_of: dt.date | None = None) -> Told:
        """Return all that the book tells on a day."""
        return Told.of(self.ledger(as_of=as_of), self.series(as_of=as_of), self.catalogue)

    def arrivals(
        self,
        only: Filter = EVERYTHING,
        by: Day | None = None,
        *,
        as_of: Day | None = None,
        release: str | None = None,
        seed: int = 1,
    ) -> ArrivalsList:
        """Return the chances of what was promised and is not known to have come.

        `by` is a year on where it is not given. `release` names an imported data set, or a release
        of one, that the delays are learned from in place of the book's reports. Raises UsageError,
        NotFoundError.
        """
        told = self.told(to_day(as_of))
        learned = Learned.of(told.model, told.spells)
        if release is not None:
            learned = model_of(told.spells, told.book.as_of, store=self.store, release=release)
        return arrivals_of(told, learned, only, to_end(by) if by is not None else None, seed=seed)

    def why(self, text: str, *, as_of: Day | None = None) -> Explanation:
        """Open the id of a forecast, of a point of it, or of a series. Raises NotFoundError."""
        if not is_forecast_id(text):
            told = self.told(to_day(as_of))
            series = told.book.get(text.strip().casefold())
            return self._explainer(told, series.statements).series(series)
        request, place = parse_id(text)
        told = self.told(request.as_of)
        found = make_forecast(told, request)
        return self._explainer(told, statements_under(found, told)).point(found, place)

    def _explainer(self, told: Told, statements: Iterable[str]) -> ForecastExplainer:
        known = {one.id: one for one in self._observed(told.ledger, told.book.as_of)}
        known |= told.ledger.entries
        entries = {name: known[name] for name in statements if name in known}
        opening = Opening(told.ledger, self.store, self.catalogue)
        explainer: Explainer = opening.explainer(list(entries.values()))
        return ForecastExplainer(told, explainer, entries)

    def _observed(
        self, ledger: Ledger, as_of: dt.date | None, recorded_as_of: Instant | None = None
    ) -> list[Entry]:
        if not self.store.releases():
            return observed_in(ledger, _KINDS)
        instant = to_instant(recorded_as_of)
        return observed(self.store, as_of=as_of, recorded_as_of=instant, kinds=_KINDS)

    def _recipient(self, item: str, ledger: Ledger) -> str:
        """Return the only party that an item was promised to. Raises UsageError for several."""
        promised = [one for one in ledger.commitments if for_others(one)]
        try:
            promised = Filter(item=item).apply(promised, self.catalogue)
        except NotFoundError:
            promised = []
        found = Counter(one.recipient for one in promised if one.recipient)
        if len(found) == 1:
            return next(iter(found))
        named = ", ".join(code for code, _ in found.most_common(5))
        what = f"{item} was promised to {named}" if found else f"nobody was promised {item}"
        raise UsageError(
            f"{what}: it is not clear whose shelves are meant", mend="Give --recipient"
        )
