"""What changed since a day: new undertakings, other figures, and the reports of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pledgebook.ledger.causes import Cause, Report
from pledgebook.ledger.changes import Change, ChangeKind, FigureChange
from pledgebook.ledger.comparing import Comparison
from pledgebook.ledger.intervals import Total
from pledgebook.reporting.report.figures import counted, day_text, money_text, quantity_text
from pledgebook.reporting.report.model import Claim, Claims, Line, Lines, Said, Section
from pledgebook.reporting.report.quoting import Quoting
from pledgebook.reporting.report.scope import Scope

__all__ = ["changed"]

_SAID = 3

_WORDS = {
    ChangeKind.NEW: "new",
    ChangeKind.GONE: "no longer told of",
    ChangeKind.CHANGED: "changed",
    ChangeKind.CONFIRMED: "confirmed by further reports",
    ChangeKind.MERGED: "found to be one",
    ChangeKind.SPLIT: "found to be several",
    ChangeKind.REGROUPED: "grouped anew",
}


def changed(scope: Scope, quoting: Quoting) -> Section | None:
    """Return what is otherwise than on the day that was asked for; None where none was."""
    since, found = scope.wishes.since, scope.compared
    if since is None or found is None:
        return None
    title = f"What changed since {day_text(since)}"
    told = [one for one in found.changes.changes if one.kind in _WORDS]
    if not told:
        text = f"What was published after {day_text(since)} changes nothing in it."
        return Section("changes", title, (Lines((Line(text),)),))
    told.sort(key=lambda one: (_is_confirmed(one), *_place(scope, one)))
    shown = told[: scope.limits.changes]
    claims = tuple(_claim(scope, quoting, one) for one in shown)
    rest = len(told) - len(shown)
    more = f"And {counted(rest, 'more change')}, for which there is no room." if rest else ""
    lead = Line(_summary(found))
    return Section("changes", title, (Lines((lead,)), Claims(claims, more)))


def _is_confirmed(change: Change) -> bool:
    return change.kind is ChangeKind.CONFIRMED


def _place(scope: Scope, change: Change) -> tuple[int, str]:
    lead = change.lead
    return scope.place.get(lead.id, len(scope.place)), lead.id


def _summary(found: Comparison) -> str:
    changes = found.changes
    kinds = Counter(one.kind for one in changes.changes)
    parts = [f"{kinds[kind]:,} {words}" for kind, words in _WORDS.items() if kinds[kind]]
    documents = counted(len(changes.documents_new), "new document")
    events = Counter(event.value for one in changes.changes for event in one.events)
    parts += [f"{count:,} {event}" for event, count in sorted(events.items())]
    return f"By {documents}. Undertakings: {'; '.join(parts)}."


def _claim(scope: Scope, quoting: Quoting, change: Change) -> Claim:
    lead = change.lead
    is_new = change.kind is ChangeKind.NEW
    parts = [_figure(one, is_new=is_new) for one in change.figures]
    parts += [event.value for event in change.events]
    if not parts and change.kind is ChangeKind.CONFIRMED:
        parts = ["the figures are the same"]
    if not change.reports and change.events:
        parts.append("no new report: the day that was promised passed")
    refs = tuple(one.id for one in change.after)
    said = tuple(_said(quoting, change))
    tag = _WORDS[change.kind]
    return Claim(scope.title(lead), f"{'; '.join(parts)}." if parts else "", refs, said, tag)


def _said(quoting: Quoting, change: Change) -> Iterator[Said]:
    """Yield the sentences that brought a change about, where the book still has them."""
    new: list[Report] = [one for one in change.reports if one.after is not None]
    for report in new[:_SAID]:
        if quoting.entry(report.entry.id) is not None:
            said = quoting.said(report.entry.id)
            cause = report.cause
            yield said if cause is Cause.REPORTED else _with(said, cause.value)


def _with(said: Said, remark: str) -> Said:
    return Said(
        said.id, said.says, said.quote, said.under, said.speaker, said.day, said.source,
        said.joined, (*said.remarks, remark),
    )  # fmt: skip


def _figure(figure: FigureChange, *, is_new: bool) -> str:
    stage = figure.stage.replace("_", " ")
    before, after = (_amount(one, figure) for one in (figure.before, figure.after))
    if is_new:
        return f"{stage} {after}"
    return f"{stage} {before or 'none told'} → {after or 'none told'}"


def _amount(total: Total | None, figure: FigureChange) -> str:
    if total is None:
        return ""
    if figure.currency is not None:
        return money_text(total, figure.currency)
    return quantity_text(total, figure.unit) or "none"
