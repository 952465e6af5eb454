"""Figures of stocks, output and use, made up: alone, several, at odds, and targets met and not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from making import Said, entries, report
from pledgebook.forecasting.series import SeriesBook, build_series
from pledgebook.ledger.records import Entry, Reading
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind, Per, Scope, Status

DAY = dt.date(2024, 1, 31)
SHELLS: dict[str, Any] = {
    "category": Category.ARTILLERY_AMMUNITION, "designation": "155mm", "unit": "round",
    "recipient": None,
}  # fmt: skip


def rate(quote: str, kind: Kind, by: str, quantity: int, **more: Any) -> Said:  # noqa: ANN401
    """A rate of 155mm rounds, per month unless another period is given."""
    fields: dict[str, Any] = {"actors": (by,), "quantity": quantity, "per": Per.MONTH, **SHELLS}
    return Said(quote, kind=kind, **(fields | more))


def series_story() -> list[Reading]:
    """Reports from 2022 to January 2024."""
    made, used = Kind.PRODUCTION, Kind.EXPENDITURE
    target: dict[str, Any] = {"status": Status.TENTATIVE}
    return [
        report(
            rate("America makes 14,000 shells a month", made, "USA", 14_000, speaker="Doug Bush"),
            rate("America wants 20,000 shells a month by June 2023", made, "USA", 20_000,
                 when="2023-06", **target),
            rate("Rheinmetall could make 450,000 shells a year", made, "Rheinmetall", 450_000,
                 per=Per.YEAR),
            date="2022-09-05",
        ),
        report(
            rate("Ukraine fires 110,000 shells a month", used, "UKR", 110_000,
                 speaker="Oleksii Reznikov"),
            rate("all in all Ukraine uses 6,000 artillery rounds a day", used, "UKR", 6_000,
                 per=Per.DAY, designation=None),
            date="2023-03-04",
        ),
        report(
            rate("Ukraine needs 356,400 shells a month", Kind.REQUEST, "UKR", 356_400,
                 recipient="UKR"),
            Said("Canada owns 82 Leopard 2 tanks", kind=Kind.STOCK, actors=("CAN",),
                 recipient=None, quantity=82, speaker="the defence department"),
            date="2023-03-10",
        ),
        report(
            Said("Canada has no more than 40 Leopard 2 tanks", kind=Kind.STOCK, actors=("CAN",),
                 recipient=None, quantity=(None, 40)),
            Said("Poland once had 30 MiG-29 jets",
                 kind=Kind.STOCK, actors=("POL",), recipient=None, category=Category.AIRCRAFT,
                 designation="MiG-29", quantity=30, scope=Scope.BACKGROUND),
            date="2023-03-12",
        ),
        report(
            rate("America makes 24,000 shells a month now", made, "USA", 24_000, speaker="Bush"),
            rate("America wants 80,000 shells a month by the end of 2024", made, "USA", 80_000,
                 when="2024-12", **target),
            rate("one day 100,000 shells a month are to be made", made, "USA", 100_000, **target),
            date="2023-08-20",
        ),
        report(
            rate("America makes 28,000 shells a month, =SUM(A1) says the Army", made, "USA",
                 28_000, speaker="the Army"),
            date="2023-10-31",
        ),
    ]  # fmt: skip


def story_entries() -> dict[str, Entry]:
    """The statements of the story, by id."""
    return {one.id: one for one in entries(series_story())}


def story_book(as_of: dt.date = DAY) -> SeriesBook:
    """The series of the story, as of a day."""
    return build_series(story_entries().values(), load_catalogue(), as_of)
