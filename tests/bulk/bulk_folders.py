"""Folders of bulk readings, made of readings that a test has, and ledgers as their tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pledgebook.bulk.folder import BulkFolder, part_name
from pledgebook.bulk.ledger_tables import (
    LEDGER_SCHEMAS,
    check_row,
    commitment_row,
    link_rows,
    part_row,
)
from pledgebook.bulk.manifest import Manifest, Part
from pledgebook.bulk.places import place_at
from pledgebook.bulk.tables import (
    SCHEMAS,
    document_row,
    problem_row,
    statement_rows,
    to_parquet,
)
from pledgebook.errors import Problem
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.document import Document

Tables = dict[str, list[dict[str, Any]]]
_ORDER = {"commitments": "id", "links": "statement", "parts": "part", "checks": "statement"}


def folder_of(
    place: Path,
    readings: Sequence[Reading],
    *,
    size: int = 3,
    copies: Sequence[tuple[Document, str]] = (),
    problems: Sequence[Problem] = (),
) -> BulkFolder:
    """Write readings in parts of so many; `copies` are documents, each with what it is a copy of.

    Copies and problems are in the first part.
    """
    manifest = Manifest.open(place_at(str(place)))
    lots = [readings[start : start + size] for start in range(0, len(readings), size)] or [[]]
    for number, lot in enumerate(lots):
        batch = f"{number:06}"
        name = hashlib.sha256(batch.encode()).hexdigest()[:24]
        rows = [_read(reading, batch, place) for place, reading in enumerate(lot)]
        first = number == 0
        further = copies if first else ()
        rows += [
            _copy(one, original, batch, len(lot) + place)
            for place, (one, original) in enumerate(further)
        ]
        said = [row for reading in lot for row in statement_rows(reading)]
        faults = [problem_row(one, batch, "reading") for one in problems] if first else []
        for table, made in (("documents", rows), ("statements", said), ("problems", faults)):
            if made:
                data = to_parquet(made, SCHEMAS[table])
                manifest.place.write(part_name(table, name), data)
        manifest.note_part(
            Part(batch, name, "made", len(rows), len(said), len(further), problems=len(faults))
        )
    manifest.confirm(now=True)
    return BulkFolder.open(str(place))


def _read(reading: Reading, batch: str, position: int) -> dict[str, Any]:
    return document_row(reading.document, batch, position) | {
        "state": "read",
        "run_id": reading.run_id,
        "coder": reading.coder,
        "coder_version": reading.coder_version,
        "catalogue_digest": reading.catalogue_digest,
        "statements": len(reading.statements),
    }


def _copy(document: Document, original: str, batch: str, position: int) -> dict[str, Any]:
    row = document_row(document, batch, position)
    return row | {"state": "copy", "copy_of": original, "similarity": 0.95, "statements": 0}


def tables_of(ledger: Ledger) -> Tables:
    """The ledger of one machine, as a bulk ledger's tables have it."""
    rows: dict[str, Iterable[Mapping[str, Any]]] = {
        "commitments": [
            commitment_row(
                one,
                [other.id for other in ledger.requests.get(one.id, ())],
                [other.id for other in ledger.refusals.get(one.id, ())],
            )
            for one in ledger.commitments
        ],
        "links": [row for one in ledger.commitments for row in link_rows(one)],
        "parts": [part_row(part) for one in ledger.commitments for part in one.wholes],
        "checks": [check_row(one) for one in ledger.checks],
    }
    return {
        table: _sorted(table, pl.DataFrame(list(found), schema=LEDGER_SCHEMAS[table]))
        for table, found in rows.items()
    }


def tables_at(place: Path) -> Tables:
    """The tables of a bulk ledger."""
    found = {}
    for table, schema in LEDGER_SCHEMAS.items():
        frames = [pl.read_parquet(file) for file in sorted((place / table).glob("part-*.parquet"))]
        found[table] = _sorted(table, pl.concat([pl.DataFrame(schema=schema), *frames]))
    return found


def _sorted(table: str, frame: pl.DataFrame) -> list[dict[str, Any]]:
    order = [_ORDER[table], "whole", "relation"] if table == "parts" else [_ORDER[table]]
    return frame.sort(order).to_dicts()
