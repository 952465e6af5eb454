"""Two views of one book, and what changed between them.

A view has two clocks: what was published by a day, and what the book held at an instant.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypedDict, Unpack

from pledgebook.errors import UsageError
from pledgebook.ledger.changes import (
    Changes,
    FigureChange,
    FigureKey,
    compare,
    figure_changes,
)
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.moments import Instant, to_day, to_instant
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.status import StatusRow, status_rows
from pledgebook.ledger.totals import OUTSTANDING
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Compared", "Comparison", "RowChange", "View", "compare_views"]


@dataclass(frozen=True, slots=True)
class View:
    """A book by both clocks; None leaves one out: all that was published, all that is held."""

    as_of: dt.date | None = None
    recorded_as_of: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of `status` before and after, None where there was none, and its changed figures."""

    before: StatusRow | None
    after: StatusRow | None
    figures: tuple[FigureChange, ...]

    @property
    def lead(self) -> StatusRow:
        """The row as it is now, or as it was."""
        row = self.after or self.before
        assert row is not None
        return row

    @property
    def id(self) -> str:
        """The id of the row, which `why` opens."""
        return self.lead.id


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one view to another.

    `documents` are those that either view knows, by id, as the later one has them; `rows` the rows
    of `status` with other figures; `homes` the ids of the rows in which commitments stand, in the
    later view where they are there.
    """

    first: View
    second: View
    changes: Changes
    documents: Mapping[str, StoredDocument]
    rows: tuple[RowChange, ...]
    homes: Mapping[str, str]


class Compared(TypedDict, total=False):
    """How two views are compared, as `Book.diff` takes it."""

    recorded: bool
    recorded_then: Instant | None
    recorded_now: Instant | None
    donor: str | None
    recipient: str | None
    item: str | None


class _Book(Protocol):
    @property
    def catalogue(self) -> Catalogue: ...
    def ledger(
        self, *, as_of: dt.date | None = None, recorded_as_of: dt.datetime | None = None
    ) -> Ledger: ...
    def documents(self, *, recorded_as_of: dt.datetime | None = None) -> list[StoredDocument]: ...


def compare_views(
    book: _Book, first: Instant, second: Instant | None, **how: Unpack[Compared]
) -> Comparison:
    """Compare a book on two days, or at two times, narrowed to what is asked for.

    Raises UsageError where the first is later than the second, NotFoundError for an unknown name.
    """
    one, other = _views(first, second, how)
    only = Filter(how.get("donor"), how.get("recipient"), how.get("item"))
    before = book.ledger(as_of=one.as_of, recorded_as_of=one.recorded_as_of)
    after = book.ledger(as_of=other.as_of, recorded_as_of=other.recorded_as_of)
    now = {found.id: found for found in book.documents(recorded_as_of=other.recorded_as_of)}
    then = now
    if one.recorded_as_of != other.recorded_as_of:
        then = {found.id: found for found in book.documents(recorded_as_of=one.recorded_as_of)}
    changes = compare(before, after, then, now)
    if only != Filter():
        changes = _narrowed(changes, before, after, only, book.catalogue)
    old, new = ({row.id: row for row in status_rows(at.commitments)} for at in (before, after))
    homes = {
        commitment.id: row.id
        for row in (*old.values(), *new.values())
        for commitment in row.commitments
    }
    ids = {found.id for change in changes.changes for found in (*change.before, *change.after)}
    # A commitment may have left one row for another.
    touched = {
        row.id
        for row in (*old.values(), *new.values())
        if any(commitment.id in ids for commitment in row.commitments)
    }
    rows = _rows(old, new, touched)
    return Comparison(one, other, changes, {**then, **now}, rows, homes)


def _rows(
    old: Mapping[str, StatusRow], new: Mapping[str, StatusRow], names: set[str]
) -> tuple[RowChange, ...]:
    """Return the rows whose figures are others, in the order of the table."""
    found = []
    for name in names:
        before, after = old.get(name), new.get(name)
        figures = figure_changes(_row_figures(before), _row_figures(after))
        if figures:
            found.append(RowChange(before, after, figures))
    return tuple(sorted(found, key=_place))


def _place(row: RowChange) -> tuple[str, ...]:
    lead = row.lead
    return lead.donor or "~", lead.recipient or "~", lead.item, lead.id


def _row_figures(row: StatusRow | None) -> dict[FigureKey, Total]:
    if row is None:
        return {}
    found: dict[FigureKey, Total] = {}
    for stage, total in row.quantities.items():
        if total != Total():
            found[stage.value, row.unit, None] = total
        for currency, amount in row.money.get(stage, {}).items():
            found[stage.value, None, currency] = amount
    if row.outstanding is not None:
        found[OUTSTANDING, row.unit, None] = row.outstanding
    return found


def _views(first: Instant, second: Instant | None, how: Compared) -> tuple[View, View]:
    """Return the two views that are asked for."""
    then, now = to_instant(how.get("recorded_then")), to_instant(how.get("recorded_now"))
    if how.get("recorded"):
        if then is not None or now is not None:
            raise UsageError(
                "two times are given twice", mend="Give them as days, or with recorded_then"
            )
        views = View(None, to_instant(first)), View(None, to_instant(second))
    else:
        day, later = to_day(first), to_day(second)
        if later is None and then is not None:
            later = day
        views = View(day, then), View(later, now)
    _check(*views)
    return views


def _check(first: View, second: View) -> None:
    mend = "Give the earlier day or time first"
    if first.as_of and second.as_of and first.as_of > second.as_of:
        raise UsageError(f"{first.as_of} is later than {second.as_of}", mend=mend)
    then, now = first.recorded_as_of, second.recorded_as_of
    if then and now and then > now:
        raise UsageError(f"{then.isoformat()} is later than {now.isoformat()}", mend=mend)
    if first == second:
        raise UsageError("both sides are the same", mend="Give two different days or times")


def _narrowed(
    changes: Changes, before: Ledger, after: Ledger, only: Filter, catalogue: Catalogue
) -> Changes:
    """Keep the changes of commitments that fit; reports of levels are part of none."""
    fitting = only.apply([*before.commitments, *after.commitments], catalogue)
    objects = {id(one) for one in fitting}
    kept = tuple(
        change
        for change in changes.changes
        if any(id(one) in objects for one in (*change.before, *change.after))
    )
    ids = {one.id for one in fitting}
    entries = [report.entry for change in kept for report in change.reports]
    named = {entry.document for entry in entries}
    made = {name for change in kept for name in change.judgements}
    return dataclasses.replace(
        changes,
        changes=kept,
        observations=(),
        checks=tuple(
            pair
            for pair in changes.checks
            if any(check is not None and not ids.isdisjoint(check.commitments) for check in pair)
        ),
        documents_new=tuple(name for name in changes.documents_new if name in named),
        documents_gone=tuple(name for name in changes.documents_gone if name in named),
        judged=tuple(one for one in changes.judged if one.id in made),
        unjudged=tuple(one for one in changes.unjudged if one.id in made),
    )
