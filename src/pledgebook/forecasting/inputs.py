"""What goes into a forecast: levels, makers, and what is to come, each with what it rests on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pledgebook.forecasting.coming import Coming, Pace
from pledgebook.forecasting.levels import Level
from pledgebook.forecasting.output import Makers
from pledgebook.forecasting.request import Request
from pledgebook.forecasting.subject import Subject

__all__ = ["Inputs"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that the flows of one subject are made of. A level that is not known is None.

    `coming` are the open promises, `pace` how new ones have come in the last year,
    `arriving` the rate at which deliveries are told to come.
    """

    subject: Subject
    request: Request
    stock: Level | None
    use: Level | None
    need: Level | None
    makers: Makers
    coming: tuple[Coming, ...]
    pace: Pace | None
    arriving: Level | None = None

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The first days of the steps and the day after the last."""
        return self.request.days

    @property
    def line(self) -> str:
        """The key of the recipient's line."""
        return f"{self.subject.recipient}/{self.subject.item}"

    def wanted(self, *, required: bool) -> Level | None:
        """Return the level of use of a scenario: what is used, or what is said to be needed."""
        return self.need if required else self.use
