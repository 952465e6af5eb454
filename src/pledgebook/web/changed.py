"""What changed between two days, in words: other figures, and the sentences that say so."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pledgebook.errors import UsageError
from pledgebook.ledger.causes import Cause, Report
from pledgebook.ledger.changes import Change, ChangeKind, Changes, FigureChange, compare
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.intervals import Total
from pledgebook.reporting import amounts
from pledgebook.reporting.plain import one_line
from pledgebook.web.keeping import Kept
from pledgebook.web.live import View, Wanted
from pledgebook.web.wording import Wording

__all__ = ["PER_PAGE", "WORDS", "ChangeRow", "Changed", "change_rows", "changed"]

PER_PAGE = 40
_SENTENCES = 3
_NOTHING = "–"

WORDS = {
    ChangeKind.NEW: "new",
    ChangeKind.CHANGED: "changed",
    ChangeKind.MERGED: "found to be one",
    ChangeKind.SPLIT: "found to be several",
    ChangeKind.REGROUPED: "grouped anew",
    ChangeKind.GONE: "no longer told of",
    ChangeKind.CONFIRMED: "confirmed by further reports",
}
"""What became of commitments, in the order in which it is told; other scores alone are not."""


@dataclass(frozen=True, slots=True)
class Changed:
    """All that is worth telling, what matters most first, with how many there are of each kind."""

    since: dt.date
    until: dt.date
    changes: Sequence[Change]
    kinds: Counter[ChangeKind]
    events: Counter[str]
    documents: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change in words. `figures` are a name, before and after; `told` ids, lines and quotes."""

    id: str
    is_there: bool
    title: str
    kind: str
    figures: tuple[tuple[str, str, str], ...]
    events: tuple[str, ...]
    told: tuple[tuple[str, str, str, str], ...]
    more: int
    why: str


def changed(before: View, after: View, wanted: Wanted, kept: Kept) -> Changed:
    """Compare two views. Raises UsageError where the first is no earlier one, NotFoundError."""
    if before.ledger.today >= after.ledger.today:
        raise UsageError(
            f"{before.ledger.today} is not before {after.ledger.today}",
            mend="Give an earlier day to compare with",
        )

    def all_of_them() -> Changes:
        return compare(before.ledger, after.ledger)

    def make() -> Changed:
        found = kept.get(("compared", before.number, after.number), all_of_them)
        changes = [one for one in found.changes if one.kind in WORDS]
        only = Filter(wanted.donor, wanted.recipient, wanted.item)
        if only != Filter():
            touched = [one for change in changes for one in (*change.before, *change.after)]
            fitting = {id(one) for one in only.apply(touched, after.catalogue)}
            changes = [
                change
                for change in changes
                if any(id(one) in fitting for one in (*change.before, *change.after))
            ]
        changes.sort(key=_place)
        return Changed(
            since=before.ledger.today,
            until=after.ledger.today,
            changes=changes,
            kinds=Counter(one.kind for one in changes),
            events=Counter(event.value for one in changes for event in one.events),
            documents=len(found.documents_new),
        )

    return kept.get(("changed", before.number, after.number, wanted), make)


_ORDER = {kind: place for place, kind in enumerate(WORDS)}


def _place(change: Change) -> tuple[int, int, int, str]:
    lead = change.lead
    is_quiet = change.kind is ChangeKind.CONFIRMED
    return int(is_quiet), -len(change.events), -lead.last.toordinal(), lead.id


def change_rows(some: Sequence[Change], words: Wording) -> list[ChangeRow]:
    """Put changes into words."""
    return [_row(change, words) for change in some]


def _row(change: Change, words: Wording) -> ChangeRow:
    lead = change.lead
    new: list[Report] = [one for one in change.reports if one.after is not None]
    told = tuple(
        (
            report.entry.id,
            words.statement(report.entry.statement),
            one_line(report.entry.statement.evidence.quote),
            "" if report.cause is Cause.REPORTED else report.cause.value,
        )
        for report in new[:_SENTENCES]
    )
    why = ""
    if not change.reports:
        passed = lead.due is not None and bool(change.events)
        why = (
            f"No new report: the day passed, it was due {lead.due}."
            if passed
            else "No report of its own came or went: it was weighed anew beside others."
        )
    return ChangeRow(
        id=lead.id,
        is_there=bool(change.after),
        title=words.title(lead),
        kind=WORDS[change.kind],
        figures=tuple(_figure(one) for one in change.figures),
        events=tuple(event.value for event in change.events),
        told=told,
        more=max(0, len(change.reports) - len(told)),
        why=why,
    )


def _figure(figure: FigureChange) -> tuple[str, str, str]:
    unit = f" ({figure.unit}s)" if figure.unit not in (None, "item") else ""
    return (
        f"{figure.stage.replace('_', ' ')}{unit}",
        _amount(figure.before, figure.currency),
        _amount(figure.after, figure.currency),
    )


def _amount(total: Total | None, currency: str | None) -> str:
    if total is None:
        return _NOTHING
    shown = amounts.money(total, currency) if currency else amounts.quantity(total)
    return shown or _NOTHING
