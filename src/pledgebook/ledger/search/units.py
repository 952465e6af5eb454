"""What a day shows, in columns: documents, statements and commitments, one after the other.

A unit has any number of values in a field. A document has those of its statements; a commitment has
its own, and where it has none of its own, those of its statements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.cases import span_of
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry
from pledgebook.ledger.search.columns import Column, Gathering, Places, places_of
from pledgebook.ledger.search.view import IndexRow, ShownDocument
from pledgebook.ledger.search.words import fold
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.statement import Kind, Scope, Status

__all__ = ["Told", "Units", "make_units"]

_ID = 32


@dataclass(frozen=True, slots=True)
class Told:
    """Documents and statements: what does not change when commitments are put together anew.

    `document` is the document of each statement, -1 where none is shown. `of_row` is the unit of
    each row of the index, -1 for what is not shown; `lengths` how many words each unit has;
    `pieces` the rows of those documents that have several. `loose` are statements that are not in
    the index, with their words. `fields` has what all of them have in each field.
    """

    documents: Sequence[ShownDocument]
    entries: Sequence[Entry]
    rows: Sequence[IndexRow]
    at_statement: Mapping[str, int]
    document: Places
    days: Places
    of_row: Places
    lengths: npt.NDArray[np.float64]
    pieces: Mapping[int, Sequence[IndexRow]]
    loose: Sequence[tuple[int, Sequence[str]]]
    fields: Mapping[str, Gathering]

    @property
    def first_statement(self) -> int:
        """Where the statements begin."""
        return len(self.documents)

    @property
    def first_commitment(self) -> int:
        """Where the commitments begin."""
        return len(self.documents) + len(self.entries)


@dataclass(frozen=True, slots=True)
class Units:
    """All that can be found on a day.

    `ids` are those of documents, then of statements, then of commitments. `days` are their dates as
    ordinals, `rank` is their order by date, newest first, and id. `home` is the commitment of each
    statement, -1 where there is none.
    """

    told: Told
    commitments: Sequence[Commitment]
    ids: Sequence[str]
    days: Places
    rank: Places
    home: Places
    columns: Mapping[str, Column]

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.ids)

    def masks(self) -> tuple[slice, slice, slice]:
        """Return where documents, statements and commitments stand."""
        first, later = self.told.first_statement, self.told.first_commitment
        return slice(0, first), slice(first, later), slice(later, self.size)


def make_units(
    ledger: Ledger,
    shown: Sequence[ShownDocument],
    rows: Sequence[IndexRow],
    until: dt.date | None,
    before: Units | None = None,
) -> Units:
    """Lay out what a ledger and its documents hold; `until` leaves out what was published later.

    What is as it was `before` is taken from there.
    """
    documents = [one for one in shown if until is None or one.counted <= until]
    entries = list(ledger.entries.values())
    if before is not None and _same(before.told, documents, entries, rows):
        told = before.told
    else:
        told = _make_told(documents, entries, rows)
    commitments = ledger.commitments
    later = told.first_commitment
    ids = [one.id for one in told.documents]
    ids += told.at_statement
    ids += [one.id for one in commitments]
    at_commitment = {one.id: at for at, one in enumerate(commitments, later)}
    homes = {name: at_commitment.get(home, -1) for name, home in ledger.home.items()}
    home = places_of([homes.get(name, -1) for name in told.at_statement])
    days = np.concatenate([told.days, places_of([one.last.toordinal() for one in commitments])])
    return Units(
        told=told,
        commitments=commitments,
        ids=ids,
        days=days,
        rank=_ranked(days, ids),
        home=home,
        columns=_columns(told, commitments, home, later),
    )


def _same(
    told: Told,
    documents: Sequence[ShownDocument],
    entries: Sequence[Entry],
    rows: Sequence[IndexRow],
) -> bool:
    return (
        told.rows is rows
        and len(told.entries) == len(entries)
        and all(map(is_, told.entries, entries))
        and told.documents == documents
    )


def _ranked(days: Places, ids: Sequence[str]) -> Places:
    """Return the place of each unit by date, the newest first, and by id."""
    # Ids are ASCII: as big-endian numbers they sort as the texts do, and much faster.
    letters = np.array(ids, dtype=f"S{_ID}").view(">u8").reshape(len(ids), _ID // 8)
    keys = [letters[:, at] for at in reversed(range(_ID // 8))]
    rank = np.empty(len(ids), np.int64)
    rank[np.lexsort([*keys, -days])] = np.arange(len(ids))
    return rank


def _make_told(
    documents: Sequence[ShownDocument], entries: Sequence[Entry], rows: Sequence[IndexRow]
) -> Told:
    first, size = len(documents), len(documents) + len(entries)
    at_document = {one.id: at for at, one in enumerate(documents)}
    at_statement = {entry.id: at for at, entry in enumerate(entries)}
    document = places_of([at_document.get(entry.document, -1) for entry in entries])
    days = places_of(
        [
            *(one.counted.toordinal() for one in documents),
            *(entry.counted.toordinal() for entry in entries),
        ]
    )
    units = places_of(
        [
            at_document.get(row.document, -1)
            if row.statement is None
            else at_statement.get(row.statement, -1 - first) + first
            for row in rows
        ]
    )
    there = units >= 0
    of_row = np.full(rows[-1].number + 1 if rows else 1, -1, np.int64)
    of_row[places_of([row.number for row in rows])] = units
    counts = np.array([row.words for row in rows], np.float64)
    lengths = np.bincount(units[there], counts[there], minlength=size).astype(np.float64)
    found, times = np.unique(units[there], return_counts=True)
    pieces: dict[int, list[IndexRow]] = {
        unit: [] for unit in found[times > 1].tolist() if unit < first
    }
    if pieces:
        for row, unit in zip(rows, units.tolist(), strict=True):
            if unit in pieces:
                pieces[unit].append(row)
    indexed = np.zeros(size, np.bool_)
    indexed[found] = True
    loose = [
        (at, fold(entries[at - first].statement.evidence.quote))
        for at in (np.flatnonzero(~indexed[first:]) + first).tolist()
    ]
    for at, words in loose:
        lengths[at] = len(words)
    return Told(
        documents=documents,
        entries=entries,
        rows=rows,
        at_statement=at_statement,
        document=document,
        days=days,
        of_row=of_row,
        lengths=lengths,
        pieces=pieces,
        loose=loose,
        fields=_fields(documents, entries, document, days),
    )


_STAGE: dict[tuple[Kind, bool], str] = {
    (kind, firm): (stage if firm or kind in (Kind.REQUEST, Kind.REFUSAL) else Stage.CONSIDERED)
    for kind, stage in (
        (Kind.REQUEST, Stage.ASKED),
        (Kind.REFUSAL, Stage.REFUSED),
        (Kind.PLEDGE, Stage.PLEDGED),
        (Kind.TRAINING, Stage.PLEDGED),
        (Kind.CONTRACT, Stage.ON_ORDER),
        (Kind.DELIVERY, Stage.DELIVERED),
    )
    for firm in (True, False)
}


def _stage(entry: Entry) -> str | None:
    """Return the stage that a statement speaks of, as `stages.stage_of` tells it of a case."""
    statement = entry.statement
    firm = statement.status is Status.FIRM
    if statement.kind is Kind.TRAINING and firm:
        span = span_of(statement.when)
        if statement.scope is Scope.TOTAL or (span is not None and span[1] < entry.counted):
            return Stage.DELIVERED
    return _STAGE.get((statement.kind, firm))


_OF_STATEMENT: dict[str, Callable[[Entry], str | tuple[str, str | None] | None]] = {
    "recipient": lambda entry: entry.statement.recipient,
    "item": lambda entry: (entry.statement.item.category, entry.statement.item.designation),
    "category": lambda entry: entry.statement.item.category.value,
    "kind": lambda entry: entry.statement.kind.value,
    "stage": _stage,
    "supplier": lambda entry: entry.statement.supplier,
    "speaker": lambda entry: entry.statement.speaker,
}


def _fields(
    documents: Sequence[ShownDocument], entries: Sequence[Entry], document: Places, days: Places
) -> dict[str, Gathering]:
    """Gather what statements have, and from them or of their own, documents."""
    first = len(documents)
    fields = {name: Gathering() for name in ("donor", *_OF_STATEMENT)}
    fields["donor"].several(first, [entry.statement.actors for entry in entries])
    for name, of in _OF_STATEMENT.items():
        fields[name].single(first, map(of, entries))
    for gathering in fields.values():
        gathering.lift(document, first)
    years = [dt.date.fromordinal(day).year for day in days.tolist()]
    hosts = [one.outlet for one in documents]
    tongues = [one.lang for one in documents]
    at = document.tolist()
    for name, said, own in (
        ("outlet", [hosts[one] if one >= 0 else None for one in at], hosts),
        ("language", [tongues[one] if one >= 0 else None for one in at], tongues),
        ("year", years[first:], years[:first]),
    ):
        fields[name] = Gathering()
        fields[name].single(first, said)
        fields[name].single(0, own)
    return fields


def _columns(
    told: Told, commitments: Sequence[Commitment], home: Places, later: int
) -> dict[str, Column]:
    """Add what commitments have, of their own or from their statements."""
    first = told.first_statement
    fields = {name: gathering.copy() for name, gathering in told.fields.items()}
    for name in ("kind", "speaker", "outlet", "language", "year"):
        fields[name].lift(home, first)
    fields["donor"].several(later, [(*one.donors, *one.asked_by) for one in commitments])
    fields["recipient"].single(later, [one.recipient for one in commitments])
    fields["item"].single(later, [(one.category, one.designation) for one in commitments])
    fields["category"].single(later, [one.category.value for one in commitments])
    fields["supplier"].single(later, [one.supplier for one in commitments])
    fields["stage"].several(later, [[stage.value for stage in one.stages] for one in commitments])
    fields["type"] = Gathering()
    for start, kind, count in (
        (0, "document", len(told.documents)),
        (first, "statement", len(told.entries)),
        (later, "commitment", len(commitments)),
    ):
        fields["type"].single(start, [kind] * count)
    return {name: gathering.column() for name, gathering in fields.items()}
