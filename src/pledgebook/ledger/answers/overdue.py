"""What was promised by a day that has passed, and is not known to have come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pledgebook.ledger.answers.pieces import act_span
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Scope

__all__ = ["Overdue", "OverdueList", "overdue_list"]


@dataclass(frozen=True, slots=True)
class Overdue:
    """A commitment whose promised day has passed.

    `due` is the last day of the period that was promised; `vague` says that this is more than one
    day, so that `days_late` is the least it can be. `left` is what is outstanding, `money` what was
    promised in money. `last_delivery` is the last day on which a part is known to have come.
    """

    commitment: Commitment
    due: dt.date
    days_late: int
    vague: bool
    left: Interval
    money: Mapping[str, Interval]
    last_delivery: dt.date | None

    @property
    def id(self) -> str:
        """The commitment's id, which opens it."""
        return self.commitment.id


@dataclass(frozen=True, slots=True)
class OverdueList:
    """What is overdue, the latest first and of equal lateness the largest.

    `on_time` counts open promises whose day is still to come, `undated` those that name no day:
    nobody can say whether they are late.
    """

    today: dt.date
    rows: tuple[Overdue, ...]
    on_time: int
    undated: int


def overdue_list(
    commitments: Iterable[Commitment], entries: Mapping[str, Entry], today: dt.date
) -> OverdueList:
    """Return what is overdue on a day."""
    rows, on_time, undated = [], 0, 0
    for one in commitments:
        if one.overdue and one.due is not None:
            rows.append(_row(one, one.due, entries, today))
        elif _open(one):
            on_time += one.due is not None and one.due >= today
            undated += one.due is None
    return OverdueList(today, tuple(sorted(rows, key=_order)), on_time, undated)


def _open(one: Commitment) -> bool:
    """Tell whether something is, or may be, still to come."""
    left = one.outstanding
    if left is None:
        return False
    return Stage.DELIVERED not in one.stages or left.high is None or left.high > 0


def _row(one: Commitment, due: dt.date, entries: Mapping[str, Entry], today: dt.date) -> Overdue:
    delivered = one.stages.get(Stage.DELIVERED)
    days = _days(delivered, entries) if delivered else []
    promised = one.stages.get(Stage.PLEDGED) or one.stages[Stage.ON_ORDER]
    try:
        start, end = bounds(one.promised or "")
        vague = start != end
    except ValueError:
        vague = True
    return Overdue(
        commitment=one,
        due=due,
        days_late=(today - due).days,
        vague=vague,
        left=one.outstanding or Interval(),
        money=promised.money,
        last_delivery=max(days, default=None),
    )


def _days(delivered: StageFigure, entries: Mapping[str, Entry]) -> list[dt.date]:
    """Return the days on which parts came; that of a running total tells only when it was told."""
    told = [entries[name] for name in delivered.reports]
    parts = [
        one for one in told if one.statement.scope is Scope.NEW or one.statement.when is not None
    ]
    found = parts or [entries[name] for name in delivered.prevailing]
    return [act_span(one).end for one in found]


def _order(row: Overdue) -> tuple[int, float, float, str]:
    money = max((amount.floor for amount in row.money.values()), default=0.0)
    return -row.days_late, -row.left.floor, -money, row.id
