"""Dates that cannot be: in the future, before the war, long before the promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pledgebook.ledger.answers.findings import Finding, Subject
from pledgebook.ledger.answers.pieces import act_span, first_report
from pledgebook.ledger.answers.plausible import Plausible
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.wording import commitment_line, statement_line
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Kind, Status

__all__ = ["date_findings"]

_MEND = (
    "Read it in its source; a misread date is put right with "
    "`pledgebook judge correct ID when=DATE`"
)
_DONE = (Kind.DELIVERY, Kind.TRAINING)


def date_findings(subject: Subject, plausible: Plausible) -> Iterator[Finding]:
    """Yield the impossible dates of statements and of commitments."""
    for one in subject.commitments:
        for name in one.statements:
            yield from _statement(subject.entries[name], subject.today, plausible)
        yield from _order(one, subject, plausible)


def _statement(entry: Entry, today: dt.date, plausible: Plausible) -> Iterator[Finding]:
    ids = (entry.id, entry.document)
    said = statement_line(entry.statement)
    if entry.counted > today:
        what = f"{said}: its report is dated {entry.counted}, after today, {today}"
        yield Finding("error", "report-in-future", what, ids, "Give the report its right --date")
    when = entry.statement.when
    if when is None:
        return
    try:
        start, end = bounds(when)
    except ValueError:
        yield Finding("error", "no-date", f"{said}: {when} is no date", ids, _MEND)
        return
    why = _fault(entry, start, end, plausible)
    if why is not None:
        code, reason = why
        yield Finding("error", code, f"{said}: {reason}", ids, _MEND)


def _fault(
    entry: Entry, start: dt.date, end: dt.date, plausible: Plausible
) -> tuple[str, str] | None:
    """Return the code and the reason of the first thing that is wrong with a date."""
    statement = entry.statement
    if end.year < plausible.earliest_year:
        return "date-too-early", f"nothing is given in {end.year}"
    if start.year > entry.counted.year + plausible.years_ahead:
        return "date-too-late", f"{start.year} lies too far ahead of a report of {entry.counted}"
    done = statement.kind is Kind.DELIVERY and statement.status is Status.FIRM
    if done and start > entry.counted:
        return "delivered-in-future", f"told as done on {entry.counted}, before that day"
    since = plausible.war_since(statement.recipient)
    if statement.kind in _DONE and since is not None and end < since:
        return "before-the-war", f"it lies before the war, which began on {since}"
    return None


def _order(one: Commitment, subject: Subject, plausible: Plausible) -> Iterator[Finding]:
    """Find a delivery that lies long before the first report of its promise."""
    delivered = one.stages.get(Stage.DELIVERED)
    promised = one.stages.get(Stage.PLEDGED) or one.stages.get(Stage.ON_ORDER)
    if delivered is None or promised is None:
        return
    entries = subject.entries
    told = min(
        first_report(entries[name] for name in promised.reports),
        *(act_span(entries[name]).end for name in promised.reports),
    )
    first = min(delivered.reports, key=lambda name: (act_span(entries[name]).end, name))
    days = (told - act_span(entries[first]).end).days
    if days > plausible.days_before_promise:
        yield Finding(
            "warning",
            "delivered-before-promised",
            f"{commitment_line(one)}: delivered {days:,} days before it was promised",
            (one.id, first, *promised.prevailing),
            "Open it: two undertakings may have been taken for one (`pledgebook judge different`)",
        )
