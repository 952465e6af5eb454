"""The balance of one book: what the draws need is worked out once, and played as often as asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from pledgebook.book import Book
from pledgebook.web.balance.fitting import Fitter
from pledgebook.web.balance.kernel import Kernel
from pledgebook.web.balance.workshop import Made, Workshop
from pledgebook.web.keeping import Kept
from pledgebook.web.live import View

if TYPE_CHECKING:
    from pledgebook.forecasting.making import Prepared, Told
    from pledgebook.forecasting.request import Request as Asked
    from pledgebook.forecasting.series import SeriesBook
    from pledgebook.web.balance.headlines import Headline
    from pledgebook.web.balance.listing import Line, Subject

__all__ = ["Desk", "Ready", "Telling", "TheDesk"]

_FIRST = "steady"
"""The course that is shown at first."""
_PLAYED = 24
"""Answers of one question that are kept."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What the book tells, as of the view with this number."""

    told: Told
    number: int


@dataclass(frozen=True, slots=True)
class Ready:
    """One question, all but its draws: they are made with other courses as a slider moves."""

    told: Told
    prepared: Prepared
    number: int
    played: Kept = field(default_factory=lambda: Kept(_PLAYED))


class Desk:
    """Works out what forecasts need beside the requests, and warms the kernel when it starts."""

    def __init__(self, book: Book, shop: Workshop | None = None) -> None:
        self._book = book
        self.kernel = Kernel()
        self._shop = Workshop() if shop is None else shop
        self._fitter = Fitter()
        self._fitted: dict[object, Told] = {}

    def start(self) -> None:
        """Begin to compile the kernel, where it is not there yet."""
        self.kernel.start()

    def stop(self) -> None:
        """End what works in the background."""
        self.kernel.stop()
        self._shop.stop()
        self._fitter.stop()

    def series(self, view: View, wait: float = 0.0) -> Made[SeriesBook] | None:
        """Return what is told of levels; None where it is still being worked out."""
        return self._shop.ask(("series", view.as_of), view.number, self._series(view), wait)

    def telling(self, view: View, wait: float = 0.0) -> Made[Telling] | None:
        """Return all that the book tells, with how its promises are kept; None as above."""

        def make() -> Telling:
            from pledgebook.forecasting.fulfilment import spells_of
            from pledgebook.forecasting.making import Told

            name = ("series", view.as_of)
            series = self._shop.within(name, view.number, self._series(view))
            ledger = view.ledger
            spells = spells_of(ledger.commitments, ledger.entries, series.as_of)
            known = self._fitted.get(view.as_of)
            # The fit takes longest by far: where no promise or delivery changed, it stays as it is.
            same = (
                known is not None and known.spells == spells and known.model.as_of == series.as_of
            )
            model = known.model if known is not None and same else None
            if model is None:
                model = self._fitter.fit(spells, series.as_of)
            told = Told(ledger, series, view.catalogue, spells, model)
            # Of days gone by one is kept, beside the present.
            self._fitted = {None: self._fitted[None]} if None in self._fitted else {}
            self._fitted[view.as_of] = told
            return Telling(told, view.number)

        return self._shop.ask(("told", view.as_of), view.number, make, wait)

    def ready(self, telling: Telling, asked: Asked, wait: float = 0.0) -> Made[Ready] | None:
        """Return what the draws of a question need; None as above. Raises NotFoundError.

        All scenarios of the question can be played, and each of them bent.
        """
        # The scenarios are no part of the question: those that are known are all prepared.
        name = ("ready", dataclasses.replace(asked, scenarios=("steady",)).id)

        def make() -> Ready:
            from pledgebook.forecasting.making import prepare
            from pledgebook.web.balance.playing import beside, play

            made = Ready(telling.told, prepare(telling.told, asked), telling.number)
            # Of a thousand promises this takes seconds: it is done before anybody waits for it.
            play(made, _FIRST)
            beside(made, _FIRST)
            return made

        return self._shop.ask(name, telling.number, make, wait)

    def lines(self, view: View, wait: float = 0.0) -> Made[list[Line]] | None:
        """Return of what the book can say something; None as above."""

        def make() -> list[Line]:
            from pledgebook.web.balance.listing import lines_of

            name = ("series", view.as_of)
            series = self._shop.within(name, view.number, self._series(view))
            return lines_of(series, view.ledger.commitments, view.catalogue)

        return self._shop.ask(("lines", view.as_of), view.number, make, wait)

    def headlines(
        self, telling: Telling, lines: Sequence[Line], wait: float = 0.0
    ) -> Made[Mapping[Subject, Headline]] | None:
        """Return the headlines of those lines of which enough is told; None as above."""
        day = telling.told.book.as_of

        def make() -> Mapping[Subject, Headline]:
            from pledgebook.web.balance.headlines import headline

            return {one.subject: headline(telling, one.subject) for one in lines if one.says}

        subjects = tuple(one.subject for one in lines)
        return self._shop.ask(("headlines", day, subjects), telling.number, make, wait)

    def _series(self, view: View) -> Callable[[], SeriesBook]:
        def make() -> SeriesBook:
            # The ledger of the view, not one that is made anew.
            forecaster = dataclasses.replace(self._book.forecaster, ledger=lambda **_: view.ledger)
            return forecaster.series(as_of=view.as_of)

        return make


def _desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


TheDesk = Annotated[Desk, Depends(_desk)]
"""The desk of the app, as a parameter of a page."""
