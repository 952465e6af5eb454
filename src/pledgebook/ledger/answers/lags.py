"""How long it took from the promise to the delivery, and what is still awaited.

The promise dates from the first report of it, or from the earlier day that such a report names;
the delivery from the day that the report of it names, or from the report. Of a period the last day
counts. What has not come yet has no such time: it is counted beside the median, with how long it
has been awaited, and no estimate is made of it. The median of what came is therefore too short a
time to expect, as long as much is open. What a party buys for itself is no promise to anybody.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pledgebook.errors import UsageError
from pledgebook.ledger.answers.grouping import GroupRow, group_rows
from pledgebook.ledger.answers.pieces import act_span, for_others
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.filters import EVERYTHING, Filter
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["GROUPINGS", "Basis", "Lag", "LagRow", "Times", "lag_of", "lag_rows"]

Basis = Literal["when", "report"]
GROUPINGS = ("donor", "recipient", "item", "category", "supplier")
"""The dimensions by which times are grouped."""


@dataclass(frozen=True, slots=True)
class Lag:
    """The times of one commitment, in days.

    `promised`, `first` and `complete` are days of the promise, of the first delivery, and of the
    one after which nothing was left; the bases say whether the text named the day (`when`) or the
    report's date stands for it. `vague` says that one of them is the last day of a longer period.
    """

    commitment: Commitment
    promised: dt.date
    promised_basis: Basis
    first: dt.date | None
    first_basis: Basis | None
    complete: dt.date | None
    vague: bool
    today: dt.date

    @property
    def days(self) -> int | None:
        """Days to the first delivery; None where nothing has come. Negative: told afterwards."""
        return (self.first - self.promised).days if self.first else None

    @property
    def days_to_complete(self) -> int | None:
        """Days until nothing was left; None where it is not complete, or not known to be."""
        return (self.complete - self.promised).days if self.complete else None

    @property
    def awaited(self) -> int:
        """Days from the promise until today."""
        return (self.today - self.promised).days


@dataclass(frozen=True, slots=True)
class Times:
    """Median, least and most of some numbers of days, and how many there are."""

    number: int
    median: float | None = None
    least: int | None = None
    most: int | None = None

    @classmethod
    def of(cls, days: Iterable[int]) -> Times:
        """Sum up days."""
        found = sorted(days)
        if not found:
            return cls(0)
        return cls(len(found), statistics.median(found), found[0], found[-1])


@dataclass(frozen=True, slots=True)
class LagRow:
    """The times of a group of promises.

    `delivery` are the days to the first delivery, `completion` those until nothing was left.
    `open` are promises of which nothing has come (censored), `waiting` how long they have been
    awaited. `told_after` were first reported as promises after they had been delivered: they have
    no time. `from_reports` counts the times of which an end is a report's date.
    """

    group: GroupRow
    delivery: Times
    completion: Times
    waiting: Times
    told_after: int
    from_reports: int
    vague: int
    lags: tuple[Lag, ...]

    @property
    def id(self) -> str:
        """The id of the group, which opens it."""
        return self.group.id

    @property
    def open(self) -> int:
        """How many promises are open."""
        return self.waiting.number


def lag_of(one: Commitment, entries: Mapping[str, Entry], today: dt.date) -> Lag | None:
    """Return the times of a commitment; None where it was never promised, refused or only asked."""
    promises = [
        one.stages[stage] for stage in (Stage.PLEDGED, Stage.ON_ORDER) if stage in one.stages
    ]
    if not promises:
        return None
    spans = [_dated(entries[name]) for figure in promises for name in figure.reports]
    promised, promised_basis, vague = min(spans)
    first: tuple[dt.date, Basis, bool] | None = None
    complete = None
    delivered = one.stages.get(Stage.DELIVERED)
    if delivered is not None:
        acts = [_dated(entries[name]) for name in delivered.reports]
        first = min(acts)
        if one.outstanding is not None and one.outstanding.high == 0:
            complete = _completed(delivered, entries)
    return Lag(
        commitment=one,
        promised=promised,
        promised_basis=promised_basis,
        first=first[0] if first else None,
        first_basis=first[1] if first else None,
        complete=complete,
        vague=vague or bool(first and first[2]),
        today=today,
    )


def _dated(entry: Entry) -> tuple[dt.date, Basis, bool]:
    span = act_span(entry)
    named = entry.statement.when == span.text
    return span.end, "when" if named else "report", span.vague


def _completed(delivered: StageFigure, entries: Mapping[str, Entry]) -> dt.date:
    return max(_dated(entries[name])[0] for name in delivered.prevailing)


def lag_rows(
    commitments: Sequence[Commitment],
    by: Sequence[str],
    entries: Mapping[str, Entry],
    catalogue: Catalogue,
    today: dt.date,
    *,
    only: Filter = EVERYTHING,
) -> list[LagRow]:
    """Return the times of each group, in the order of the dimensions.

    Raises UsageError for a dimension by which times are not grouped.
    """
    wrong = [name for name in by if name not in GROUPINGS]
    if wrong:
        raise UsageError(
            f"times are not grouped by {wrong[0]!r}", mend=f"Any of: {', '.join(GROUPINGS)}"
        )
    lags = {}
    for one in commitments:
        found = lag_of(one, entries, today) if for_others(one) else None
        if found is not None:
            lags[one.id] = found
    promised = [one for one in commitments if one.id in lags]
    groups = group_rows(promised, by, entries, catalogue, only=only, whole=True)
    return [_row(group, [lags[one.id] for one in group.commitments]) for group in groups]


def _row(group: GroupRow, lags: Sequence[Lag]) -> LagRow:
    kinds: dict[str, list[Lag]] = defaultdict(list)
    for lag in lags:
        days = lag.days
        kinds["open" if days is None else "timed" if days >= 0 else "after"].append(lag)
    timed = kinds["timed"]
    return LagRow(
        group=group,
        delivery=Times.of(lag.days for lag in timed if lag.days is not None),
        completion=Times.of(
            lag.days_to_complete for lag in timed if lag.days_to_complete is not None
        ),
        waiting=Times.of(lag.awaited for lag in kinds["open"]),
        told_after=len(kinds["after"]),
        from_reports=sum("report" in (lag.promised_basis, lag.first_basis) for lag in timed),
        vague=sum(lag.vague for lag in timed),
        lags=tuple(lags),
    )
