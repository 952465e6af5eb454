"""Shortages ahead, for the items of which the book tells enough, worked out beside the pages.

A forecast takes its time; no page waits for it. What was worked out is shown with its day, and
worked out again when the book has other documents and some time has passed.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pledgebook.errors import PledgebookError
from pledgebook.web.balance.desk import Desk
from pledgebook.web.live import Live, View

if TYPE_CHECKING:
    from pledgebook.forecasting.making import Told

__all__ = ["Headline", "Lookout", "Outlooks"]

_LOG = logging.getLogger("pledgebook.web")
_MONTHS_AHEAD = 12
_MOST = 4
"""Forecasts that are made."""
_SECONDS_ENOUGH = 60.0
"""After so long no further forecast is begun."""
_SECONDS_FRESH = 600.0
_SECONDS_FIT = 3_600.0
"""So long it is waited for what all forecasts need."""
_TELLS = ("stock", "needed", "gap")


@dataclass(frozen=True, slots=True)
class Headline:
    """What lies ahead of one item for one recipient, in sentences, and where its balance is."""

    title: str
    says: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Outlooks:
    """What was worked out: `state` is "working", "ready" or "failed"; `day` is that of the book.

    `without` counts the items of which a level is told and nothing can be said all the same; `why`
    tells what failed.
    """

    state: str
    day: dt.date | None = None
    headlines: tuple[Headline, ...] = ()
    without: int = 0
    why: str = ""


@dataclass(slots=True)
class Lookout:
    """Works out what lies ahead in a thread of its own, of what the desk of the balance knows."""

    live: Live
    desk: Desk
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _found: Outlooks | None = None
    _made: tuple[float, int] = (0.0, -1)
    _thread: threading.Thread | None = None

    def look(self, statements: int) -> Outlooks:
        """Return what is known, without waiting; begin to work it out where that is due.

        `statements` is how many the ledger has: another number is another book.
        """
        with self._lock:
            made_at, of = self._made
            is_fresh = of == statements or time.monotonic() - made_at < _SECONDS_FRESH
            busy = self._thread is not None and self._thread.is_alive()
            if not busy and (self._found is None or not is_fresh):
                self._thread = threading.Thread(
                    target=self._work, args=(statements,), name="pledgebook-ahead", daemon=True
                )
                self._thread.start()
            return self._found or Outlooks("working")

    def _work(self, statements: int) -> None:
        try:
            found = _outlooks(self.desk, self.live.view())
        except PledgebookError as error:
            found = Outlooks("failed", why=str(error))
        except Exception:  # noqa: BLE001 - a thread has nobody to tell but the page
            _LOG.exception("what lies ahead cannot be worked out")
            found = Outlooks("failed", why="An error inside Pledgebook; the log has more.")
        with self._lock:
            self._found = found
            self._made = time.monotonic(), statements


def _outlooks(desk: Desk, view: View) -> Outlooks:
    from pledgebook.reporting.extras import require

    require("forecast", "a forecast", ("numba", "scipy"))
    from pledgebook.forecasting.making import make_forecast
    from pledgebook.forecasting.request import Request, to_end
    from pledgebook.reporting.forecast_words import answer_lines, subject
    from pledgebook.reporting.names import Names

    names = Names(view.catalogue.parties)
    today = view.ledger.today
    made = desk.telling(view, _SECONDS_FIT)
    if made is None:
        return Outlooks("working")
    told = made.value.told
    start = time.monotonic()
    headlines: list[Headline] = []
    without = 0
    for item, recipient in _candidates(told):
        if len(headlines) == _MOST or time.monotonic() - start > _SECONDS_ENOUGH:
            break
        asked = Request(
            item=item, recipient=recipient, as_of=told.book.as_of, until=to_end(_later(today))
        )
        forecast = make_forecast(told, asked)
        outlook = next(iter(forecast.outlooks.values()), None)
        if outlook is None or not any(one.value in _TELLS for one in outlook.bands):
            without += 1
            continue
        lines = answer_lines(forecast, outlook)
        says = tuple(line.replace(": see why below", "") for line in lines)
        link = f"/balance/view?{urlencode({'item': item, 'recipient': recipient})}"
        headlines.append(Headline(subject(forecast, names), says, link))
    return Outlooks("ready", today, tuple(headlines), without)


def _candidates(told: Told) -> Iterator[tuple[str, str]]:
    """Yield items with the party whose stock or use is told, of those that get anything."""
    takers = {one.recipient for one in told.ledger.commitments if one.recipient is not None}
    found = {
        (one.key.item, one.key.parties[0])
        for one in told.book.series
        if len(one.key.parties) == 1
        and one.key.parties[0] in takers
        and one.key.measure.value in ("stock", "expenditure")
        and one.has_band
    }
    yield from sorted(found)


def _later(day: dt.date) -> dt.date:
    """Return the end of the month that is a year on."""
    months = day.year * 12 + day.month - 1 + _MONTHS_AHEAD + 1
    return dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)
