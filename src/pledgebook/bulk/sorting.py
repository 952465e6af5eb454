"""Statements of many parts, sorted by the category of their item: the first step of reconciling.

Statements of different categories never speak of one undertaking, so each category is joined by
itself. What only a whole document shows is found here, where it still is together: which figures it
adds up, what it calls a part of what, and whether it may speak of a package.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from pledgebook.bulk.places import Place, place_at
from pledgebook.bulk.tables import (
    STATEMENTS,
    frame_to_parquet,
    from_parquet,
    statement_of,
    to_parquet,
)
from pledgebook.ledger.cases import FAMILIES, Case, prepare
from pledgebook.ledger.cues import load_cues
from pledgebook.ledger.joining.standing import Spoken
from pledgebook.ledger.joining.table import CaseTable
from pledgebook.ledger.paying import is_payment
from pledgebook.ledger.records import Entry
from pledgebook.ledger.rules import load_rules
from pledgebook.ledger.within import is_head
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

__all__ = [
    "SAID",
    "Sort",
    "Sorted",
    "bucket_of",
    "cases_of",
    "catalogue_of",
    "entries_of",
    "said_of",
    "sort_statements",
    "spoken_of",
    "told_of",
]

SAID = pl.Schema({**STATEMENTS, "package": pl.Boolean()})
"""`package` says that the document may speak of a package, or of one who pays for another."""

_SPOKEN = pl.Schema({"sum": pl.Boolean(), "one": pl.String(), "other": pl.String()})
_KINDS = sorted(kind.value for kind in FAMILIES)
_BUCKETS = 16


@dataclass(frozen=True, slots=True)
class Sort:
    """Sort the statements in some files; `number` names what is written in the folder `work`.

    Documents without a date count from `today`. `gone` are documents that do not count.
    """

    number: int
    files: tuple[str, ...]
    source: str
    work: str
    today: dt.date
    additions: Path | None
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sorted:
    """How many statements there are by category and recipient, and where documents may tell more.

    `buckets` are those with documents that may speak of packages.
    """

    counts: Mapping[str, Mapping[str | None, int]]
    buckets: tuple[int, ...]


@lru_cache(maxsize=2)
def catalogue_of(additions: Path | None) -> Catalogue:
    """Return the catalogue; a worker loads it once."""
    return load_catalogue(additions)


def bucket_of(document: str) -> int:
    """Return the bucket of a document: its statements are looked at together."""
    return int(document[1:3], 16) % _BUCKETS


def sort_statements(task: Sort) -> Sorted:
    """Write the statements of some parts by category, and those that tell of packages apart."""
    source, work = place_at(task.source), place_at(task.work)
    found = [from_parquet(source.read(name), STATEMENTS) for name in task.files]
    rows = pl.concat([pl.DataFrame(schema=STATEMENTS), *found]).filter(
        pl.col("kind").is_in(_KINDS), ~pl.col("document").is_in(sorted(task.gone))
    )
    spoken, telling = _look(rows, task)
    rows = rows.with_columns(package=pl.col("document").is_in(sorted(telling)))
    counts: dict[str, dict[str | None, int]] = {}
    for (category,), some in rows.group_by("category"):
        name = f"{category}/{task.number:06}.parquet"
        work.write(f"said/{name}", _file(some.select(list(SAID)), SAID))
        if spoken.get(str(category)):
            work.write(f"spoken/{name}", to_parquet(spoken[str(category)], _SPOKEN))
        recipients = some["recipient"].value_counts()
        counts[str(category)] = dict(recipients.iter_rows())
    buckets: dict[int, list[str]] = defaultdict(list)
    for name in sorted(telling):
        buckets[bucket_of(name)].append(name)
    for bucket, names in buckets.items():
        some = rows.filter(pl.col("document").is_in(names)).select(list(SAID))
        work.write(f"told/{bucket:02}/{task.number:06}.parquet", _file(some, SAID))
    return Sorted(counts, tuple(sorted(buckets)))


def _look(
    rows: pl.DataFrame, task: Sort
) -> tuple[dict[str, list[dict[str, object]]], frozenset[str]]:
    """Return what documents say of sums and parts, by category; and which may tell of packages."""
    together = rows.filter(pl.len().over("document") > 1)
    if together.is_empty():
        return {}, frozenset()
    rules, cues = load_rules(), load_cues()
    cases = cases_of(entries_of(together, task.today), task.additions)
    table = CaseTable(rules.continues)
    table.add_cases(cases)
    ordered = [cases[place] for place in table.sort().tolist()]
    found = Spoken.of(table, rules)
    spoken: dict[str, list[dict[str, object]]] = defaultdict(list)
    for is_sum, pairs in ((True, found.sums), (False, found.parts)):
        for one, other in pairs.tolist():
            row = {"sum": is_sum, "one": table.ids[one], "other": table.ids[other]}
            spoken[ordered[one].category.value].append(row)
    telling = {
        case.entry.document for case in cases if is_head(case, cues) or is_payment(case, cues)
    }
    return spoken, frozenset(telling)


def entries_of(rows: pl.DataFrame, today: dt.date) -> list[Entry]:
    """Return the statements of rows as a ledger counts them."""
    return [
        Entry(
            id=row["id"],
            statement=statement_of(row),
            document=row["document"],
            counted=row["date"] or today,
            dated=row["date"] is not None,
            outlet=row["outlet"],
            corrects=row["corrects"],
        )
        for row in rows.iter_rows(named=True)
    ]


def cases_of(entries: Sequence[Entry], additions: Path | None) -> list[Case]:
    """Return statements prepared for comparing."""
    tree, further = catalogue_of(additions), load_rules().further_words
    found = (prepare(entry, tree, further) for entry in entries)
    return [case for case in found if case is not None]


def said_of(work: Place, category: str) -> pl.DataFrame:
    """Return all statements of a category."""
    return _all(work, f"said/{category}", SAID)


def spoken_of(work: Place, category: str) -> pl.DataFrame:
    """Return pairs of statements: parts of a `sum`, or one a part of the other."""
    return _all(work, f"spoken/{category}", _SPOKEN)


def told_of(work: Place, bucket: int) -> pl.DataFrame:
    """Return the statements of those documents of a bucket that may tell of packages."""
    return _all(work, f"told/{bucket:02}", SAID)


def _all(work: Place, folder: str, schema: pl.Schema) -> pl.DataFrame:
    found = [from_parquet(work.read(name)) for name in work.names(folder)]
    return pl.concat([pl.DataFrame(schema=schema), *found])


def _file(frame: pl.DataFrame, schema: pl.Schema) -> bytes:
    return frame_to_parquet(frame.cast(schema))
