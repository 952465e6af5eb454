"""The undertakings of one category: clusters, links, commitments and their histories.

Requests, promises and refusals of one category answer one another, and running totals sum over
undertakings of their own category: all that crosses the lots of `pairing` is settled here. What
crosses categories, wholes and parts, comes after.
"""

from __future__ import annotations

import datetime as dt
import pickle
import zlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from pledgebook.bulk.ledger_tables import (
    CHECKS,
    LEDGER_SCHEMAS,
    check_row,
    commitment_row,
    link_rows,
)
from pledgebook.bulk.pairing import Board, pairs_of
from pledgebook.bulk.places import Place, place_at
from pledgebook.bulk.sorting import (
    bucket_of,
    cases_of,
    catalogue_of,
    entries_of,
    said_of,
    spoken_of,
)
from pledgebook.bulk.tables import to_parquet
from pledgebook.ledger.asking import Answers, link_answers
from pledgebook.ledger.cases import Case
from pledgebook.ledger.checks import check_of
from pledgebook.ledger.commitments import Commitment, build_commitment
from pledgebook.ledger.cues import load_cues
from pledgebook.ledger.history import told
from pledgebook.ledger.joining.join import join, join_pairs
from pledgebook.ledger.joining.meetings import Meetings
from pledgebook.ledger.reconcile import Group, assemble
from pledgebook.ledger.rules import load_rules
from pledgebook.ledger.stages import figures
from pledgebook.ledger.undertakings import later_refusals
from pledgebook.ledger.wholes import Part

__all__ = ["HOME", "Check", "Undertake", "Undertaken", "check_totals", "undertake"]

HOME = pl.Schema(
    {
        "statement": pl.String(),
        "lead": pl.String(),
        "counted": pl.Date(),
        "document": pl.String(),
        "start": pl.UInt32(),
    }
)
"""The earliest statement of the undertaking of a statement, with its place among all others."""

_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Undertake:
    """Make the commitments of a category. With `paired`, its pairs were found already."""

    category: str
    paired: bool
    work: str
    output: str
    today: dt.date
    additions: Path | None


@dataclass(frozen=True, slots=True)
class Undertaken:
    """What there is of a category now; `totals` is what `Check` needs of it, empty for nothing."""

    statements: int
    commitments: int
    links: int
    totals: bytes


@dataclass(frozen=True, slots=True)
class Check:
    """Hold the running totals of a category against the sums, now that its `parts` are known."""

    category: str
    totals: bytes
    parts: tuple[Part, ...]
    output: str


@dataclass(frozen=True, slots=True)
class _Covered:
    """A running total, and by number the commitments that it sums over."""

    total: Case
    commitments: tuple[int, ...]


def undertake(task: Undertake) -> Undertaken:
    """Write the commitments and links of a category."""
    work, output = place_at(task.work), place_at(task.output)
    rows = said_of(work, task.category)
    groups = _groups(work, rows, task)
    stages = [figures(group.cases) for group in groups]
    plain = [
        build_commitment(group, task.today, settled)
        for group, settled in zip(groups, stages, strict=True)
    ]
    cues = load_cues()
    answers = link_answers(groups, plain, catalogue_of(task.additions), cues)
    commitments = told(groups, plain, stages, answers, cues)
    _write(output, task.category, "commitments", _rows(commitments, answers))
    links = _write(
        output, task.category, "links", (row for one in commitments for row in link_rows(one))
    )
    telling = frozenset(rows.filter("package")["document"])
    _note_homes(work, task.category, groups, telling)
    return Undertaken(
        sum(len(one.statements) for one in commitments),
        len(commitments),
        links,
        _packed(groups, commitments),
    )


def _groups(work: Place, rows: pl.DataFrame, task: Undertake) -> list[Group]:
    board = Board.of(rows, spoken_of(work, task.category), task.today, task.additions)
    found = cases_of(entries_of(rows, task.today), task.additions)
    cases = [found[place] for place in board.order.tolist()]
    rules = load_rules()
    if task.paired:
        pairs = pairs_of(work, task.category)
        joined = join_pairs(Meetings(board.table, rules), pairs, rules, board.scorer)
    else:
        joined = join(board.table, rules, board.scorer)
    return assemble(cases, board.scorer, rules, joined)


def _rows(commitments: Sequence[Commitment], answers: Answers) -> Iterator[dict[str, Any]]:
    refusals = later_refusals(commitments, answers)
    for number, one in enumerate(commitments):
        yield commitment_row(
            one,
            [commitments[at].id for at in answers.requests.get(number, ())],
            [other.id for other in refusals.get(one.id, ())],
        )


def _write(place: Place, category: str, table: str, rows: Iterable[dict[str, Any]]) -> int:
    """Write rows in files of so many; return how many there are."""
    waiting = iter(rows)
    count = number = 0
    while some := list(islice(waiting, _ROWS)):
        name = f"{table}/part-{category}-{number:04}.parquet"
        place.write(name, to_parquet(some, LEDGER_SCHEMAS[table]))
        count += len(some)
        number += 1
    return count


def _note_homes(
    work: Place, category: str, groups: Iterable[Group], telling: Container[str]
) -> None:
    """Note where those statements stand whose documents may tell of packages."""
    homes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for group in groups:
        lead = group.cases[0]
        counted, document, start, name = lead.order
        for case in group.cases:
            if case.entry.document in telling:
                homes[bucket_of(case.entry.document)].append(
                    {
                        "statement": case.id,
                        "lead": name,
                        "counted": counted,
                        "document": document,
                        "start": start,
                    }
                )
    for bucket, found in homes.items():
        work.write(f"homes/{bucket:02}/{category}.parquet", to_parquet(found, HOME))


def _packed(groups: Sequence[Group], commitments: Sequence[Commitment]) -> bytes:
    """Return the totals and what they cover, to be sent to whoever checks them."""
    totals: dict[str, tuple[Case, list[int]]] = {}
    for number, group in enumerate(groups):
        for total in group.totals:
            totals.setdefault(total.id, (total, []))[1].append(number)
    if not totals:
        return b""
    covered = [_Covered(total, tuple(numbers)) for total, numbers in totals.values()]
    some = {
        number: replace(
            commitments[number], links={}, doubts=(), history=(), contradictions=(), documents=()
        )
        for number in sorted({number for one in covered for number in one.commitments})
    }
    return zlib.compress(pickle.dumps((covered, some)), 1)


def check_totals(task: Check) -> int:
    """Write the checks of a category; return how many there are."""
    # It came the way that every task comes: from the driver, which had it from a worker.
    covered, commitments = pickle.loads(zlib.decompress(task.totals))  # noqa: S301
    wholes: dict[str, list[Part]] = defaultdict(list)
    for part in task.parts:
        wholes[part.part].append(part)
    known = {
        number: replace(one, wholes=tuple(wholes[one.id])) if one.id in wholes else one
        for number, one in commitments.items()
    }
    rows = [
        check_row(check_of(one.total, [known[number] for number in one.commitments]))
        for one in covered
    ]
    name = f"checks/part-{task.category}-0000.parquet"
    place_at(task.output).write(name, to_parquet(rows, CHECKS))
    return len(rows)
