"""What a report is asked to hold, and how long it may grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from pledgebook.errors import UsageError
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.moments import Day

if TYPE_CHECKING:
    from pledgebook.forecasting.assumptions import Assumptions

__all__ = ["BRIEF", "FORMS", "Form", "Limits", "Paper", "Reporting", "Wishes"]

Form = Literal["html", "md", "pdf"]
Paper = Literal["a4", "letter"]

FORMS: tuple[Form, ...] = ("html", "md", "pdf")


def _say_nothing(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each kind a page has at most; it says in words how much more there is.

    With these a page stays below 5 MB, however large the book. `quote` counts characters.
    """

    notes: int = 1_000
    said: int = 10
    quote: int = 600
    donors: int = 100
    items: int = 300
    status: int = 500
    largest: int = 60
    overdue: int = 200
    changes: int = 100
    clashes: int = 150
    findings: int = 150
    sources: int = 3_000
    forecasts: int = 6
    actions: int = 60
    reasons: int = 80
    months: int = 60


BRIEF = Limits(
    notes=200, said=5, quote=400, donors=40, items=60, status=120, largest=30, overdue=60,
    changes=40, clashes=40, findings=40, sources=1_000, actions=40, reasons=40, months=36,
)  # fmt: skip
"""The limits of Markdown, which is pasted where there is less room."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for.

    `until` is the last day of forecasts, without which there are none; `since` the day from which
    changes are told; `plan` a scenario file; `assume` what forecasts take for given, for one item.
    `stage` hears what is being done.
    """

    recipient: str | None = None
    donor: str | None = None
    item: str | None = None
    as_of: dt.date | None = None
    until: Day | None = None
    since: dt.date | None = None
    plan: Path | None = None
    assume: Assumptions | None = None
    title: str | None = None
    limits: Limits = field(default_factory=Limits)
    stage: Callable[[str], None] = _say_nothing

    def __post_init__(self) -> None:
        if self.assume is not None and (self.item is None or self.until is None):
            raise UsageError(
                "assumptions are of one item, up to a day", mend="Give --item and --until too"
            )
        if self.since is not None and self.as_of is not None and self.since >= self.as_of:
            raise UsageError(
                f"there is no change since {self.since}, as of {self.as_of}",
                mend="Give an earlier --since",
            )

    @property
    def only(self) -> Filter:
        """Which commitments are wanted."""
        return Filter(self.donor, self.recipient, self.item)


class Reporting(TypedDict, total=False):
    """How a report is asked for, as `Book.report` takes it.

    `form` is "html", "md" or "pdf", by the ending of the file where it is not given; `paper` is
    the size of a PDF's pages. `force` replaces a file that is there.
    """

    form: Form | None
    recipient: str | None
    donor: str | None
    item: str | None
    as_of: Day | None
    until: Day | None
    since: Day | None
    plan: str | Path | None
    assume: Assumptions | None
    title: str | None
    paper: Paper
    force: bool
    stage: Callable[[str], None]
