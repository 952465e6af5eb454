"""Open a point of a forecast, or find a series, by what the desk has worked out already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import HTTPException

from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.forecasting.explaining import ForecastExplainer, statements_under
from pledgebook.forecasting.making import Told
from pledgebook.forecasting.request import is_forecast_id, parse_id
from pledgebook.forecasting.scenarios import known_scenarios
from pledgebook.forecasting.series import SeriesBook
from pledgebook.ledger.explain import Explanation
from pledgebook.ledger.opening import Opening
from pledgebook.ledger.records import Entry
from pledgebook.ledger.told import observed
from pledgebook.web.balance.asked import Question
from pledgebook.web.balance.desk import Desk
from pledgebook.web.balance.kernel import lacking
from pledgebook.web.live import Live, View

__all__ = ["open_point", "series_of"]

_PATIENCE = 20.0
_MOST_DRAWS = 100_000


def series_of(desk: Desk, view: View) -> SeriesBook:
    """Return the series of a view. Raises HTTPException where they are still being gathered."""
    made = desk.series(view, _PATIENCE)
    if made is None:
        raise HTTPException(503, "What was told is being gathered. Ask again in a while.")
    return made.value


def open_point(id_: str, desk: Desk, live: Live, book: Book) -> dict[str, Any]:
    """Return what a page shows of a point of a forecast. Raises UsageError, NotFoundError."""
    if not is_forecast_id(id_):
        raise UsageError(f"{id_[:80]!r} is no id of a forecast", mend="Open it from a balance")
    if lacking():
        raise HTTPException(501, lacking())
    request, place = parse_id(id_)
    view = live.view()
    if view.ledger.today != request.as_of:
        view = live.view(request.as_of)
    telling = desk.telling(view, _PATIENCE) if desk.kernel.wait(_PATIENCE) else None
    if telling is None:
        raise HTTPException(503, "This is being prepared. Ask again in a while.")
    told = telling.value.told
    if request.draws > _MOST_DRAWS:
        raise UsageError(f"{request.draws:,} draws are too many here", mend="Use the command line")
    everything = tuple(one.name for one in known_scenarios())
    ready = desk.ready(telling.value, replace(request, scenarios=everything), _PATIENCE)
    if ready is None:
        raise HTTPException(503, "This is being prepared. Ask again in a while.")
    played = ready.value.prepared.playing(request.scenarios, request.draws)
    forecast = played.forecast(moved=False)
    entries = _entries(statements_under(forecast, told), told, book, view)
    opening = Opening(told.ledger, book.store, told.catalogue)
    explainer = opening.explainer(list(entries.values()))
    found = ForecastExplainer(told, explainer, entries).point(forecast, place)
    back = Question(
        item=forecast.item,
        recipient=forecast.recipient,
        until=request.until.isoformat(),
        as_of=request.as_of.isoformat() if view.as_of is not None else "",
        step=request.step,
    )
    return {"point": found, "forecast": forecast, "back": back, "links": _links(found)}


def _entries(names: list[str], told: Told, book: Book, view: View) -> dict[str, Entry]:
    """Return statements by id; those of imported rows are no part of the ledger."""
    known = told.ledger.entries
    if any(name not in known for name in names):
        rows = {one.id: one for one in observed(book.store, as_of=view.as_of)}
        return {name: (known.get(name) or rows[name]) for name in names if name in {*known, *rows}}
    return {name: known[name] for name in names}


def _links(found: Explanation) -> dict[str, str]:
    """Return where each node of an explanation opens, by its id."""
    links = {}
    for one in found.walk():
        if one.kind == "commitment":
            links[one.id] = f"/commitments/{one.id}"
        elif one.kind == "series":
            links[one.id] = f"/balance/series/{one.id}"
        elif one.kind == "statement" and one.source is not None:
            links[one.id] = f"/documents/{one.source.document}?statement={one.id}#{one.id}"
    return links
