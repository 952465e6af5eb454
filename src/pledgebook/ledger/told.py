"""What is told of stocks, output and use: by reports, and by the current releases of data sets.

A data set stands beside the reports and is never added to them. A level or a rate is no sum, so
here both may speak: each statement once, and with its own source.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable

from pledgebook.ledger.decisions import decide
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry
from pledgebook.ledger.release_view import ReleaseView, StoredRelease
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Kind

__all__ = ["OBSERVED", "observed", "observed_in"]

OBSERVED = frozenset({Kind.STOCK, Kind.PRODUCTION, Kind.EXPENDITURE})
"""The kinds that tell of a level or a rate rather than of an undertaking."""


def observed(
    store: Store,
    *,
    as_of: dt.date | None = None,
    recorded_as_of: dt.datetime | None = None,
    kinds: Collection[Kind] = OBSERVED,
) -> list[Entry]:
    """Return the statements of some kinds that were known on a day, in their stable order.

    `as_of` keeps what was published by that day, `recorded_as_of` what the book knew then. Of each
    data set the release that was current counts. A row of a release that has no day of its own
    counts from the row's own publication: what was printed in 2022 was known in 2022, whenever it
    was imported. No row is counted from later than its import, when it was known at the latest.
    Judgements hold: what is wrong is left out, what was corrected is as corrected, and of
    statements that are the same one counts, a report's before a row's.
    """
    with store.database.reading() as connection:
        view = ReleaseView(connection, recorded_as_of)
        reports = view.entries(as_of)
        rows = [
            dataclasses.replace(entry, counted=min(entry.counted, release.made_at.date()))
            for release in _current(view.releases(), as_of)
            for entry in view.entries_of(release.id)
        ]
    rows = [row for row in rows if as_of is None or row.counted <= as_of]
    found = sorted(_once([*reports, *rows]), key=_rank)
    anchored = store.judgements(recorded_as_of=recorded_as_of, anchored_to=found, as_of=as_of)
    found += store.added(anchored, reports, as_of=as_of, recorded_as_of=recorded_as_of)
    found.sort(key=_rank)
    judged = store.judged_rows(anchored, as_of=as_of, recorded_as_of=recorded_as_of)
    kept, decisions = decide(found, judged.judgements)
    place = {entry.id: number for number, entry in enumerate(kept)}
    again = {
        max(pair, key=place.__getitem__)
        for pair in decisions.same
        if all(name in place for name in pair)
    }
    return sorted(
        (one for one in kept if one.statement.kind in kinds and one.id not in again),
        key=lambda one: one.order,
    )


def observed_in(ledger: Ledger, kinds: Collection[Kind] = OBSERVED) -> list[Entry]:
    """Return what `observed` does of a book into which no data set was imported.

    Nothing is read: all that counts is in the ledger, judged already.
    """
    entries = ledger.entries
    again = {
        max(pair, key=lambda name: entries[name].order)
        for pair in ledger.decisions.same
        if all(name in entries for name in pair)
    }
    found = (one for one in entries.values() if one.statement.kind in kinds)
    return [one for one in found if one.id not in again]


def _current(releases: Iterable[StoredRelease], as_of: dt.date | None) -> list[StoredRelease]:
    """Return the newest release of each data set, of those that were out by a day.

    One without a day of its own is never out too late: its rows have days.
    """
    newest: dict[str, StoredRelease] = {}
    for one in releases:  # by data set, oldest first
        if as_of is None or one.published is None or one.published <= as_of:
            newest[one.dataset] = one
    return list(newest.values())


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """Return each statement once: a row may stand in the releases of two data sets."""
    found: dict[str, Entry] = {}
    for entry in entries:
        known = found.get(entry.id)
        if known is None or _rank(entry) < _rank(known):
            found[entry.id] = entry
    return list(found.values())


def _rank(entry: Entry) -> tuple[bool, dt.date, str, int, str, str]:
    """Return what puts reports before rows, and what was known earlier before what came later."""
    return (entry.release is not None, *entry.order, entry.release or "")
