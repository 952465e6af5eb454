"""The tables of a bulk reading: their columns, and objects to rows and back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pledgebook.errors import Problem
from pledgebook.ledger.outlets import is_corrected, outlet_of
from pledgebook.ledger.records import Reading, encode, statement_ids
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

__all__ = [
    "DOCUMENTS",
    "PROBLEMS",
    "SCHEMAS",
    "STATEMENTS",
    "document_of",
    "document_row",
    "frame_to_parquet",
    "from_parquet",
    "problem_of",
    "problem_row",
    "readings_of",
    "statement_of",
    "statement_rows",
    "to_parquet",
]

DOCUMENTS = pl.Schema(
    {
        "id": pl.String(),
        "batch": pl.String(),
        "position": pl.UInt32(),
        "origin": pl.String(),
        "name": pl.String(),
        "url": pl.String(),
        "title": pl.String(),
        "date": pl.Date(),
        "date_source": pl.String(),
        "lang": pl.String(),
        "extractor": pl.String(),
        "bytes_sha256": pl.String(),
        "text_sha256": pl.String(),
        "text": pl.String(),
        "outlet": pl.String(),
        "state": pl.String(),
        "copy_of": pl.String(),
        "similarity": pl.Float32(),
        "run_id": pl.String(),
        "coder": pl.String(),
        "coder_version": pl.String(),
        "catalogue_digest": pl.String(),
        "statements": pl.UInt32(),
    }
)
"""`state` is read, copy (of `copy_of`, and not read) or failed; `position` is within the batch."""

STATEMENTS = pl.Schema(
    {
        "id": pl.String(),
        "document": pl.String(),
        "run_id": pl.String(),
        "position": pl.UInt32(),
        "kind": pl.String(),
        "status": pl.String(),
        "scope": pl.String(),
        "actors": pl.List(pl.String()),
        "recipient": pl.String(),
        "category": pl.String(),
        "designation": pl.String(),
        "quantity_low": pl.Float64(),
        "quantity_high": pl.Float64(),
        "quantity_unit": pl.String(),
        "quantity_per": pl.String(),
        "quantity_approx": pl.Boolean(),
        "money_low": pl.Float64(),
        "money_high": pl.Float64(),
        "money_currency": pl.String(),
        "money_per": pl.String(),
        "when": pl.String(),
        "supplier": pl.String(),
        "speaker": pl.String(),
        "start": pl.UInt32(),
        "end": pl.UInt32(),
        "quote": pl.String(),
        "rule": pl.String(),
        "score": pl.Float64(),
        "grounds": pl.String(),
        "date": pl.Date(),
        "outlet": pl.String(),
        "corrects": pl.Boolean(),
        "lang": pl.String(),
    }
)
"""`start` and `end` are characters of the document's text; `position` is within the document."""

PROBLEMS = pl.Schema(
    {
        "code": pl.String(),
        "what": pl.String(),
        "source": pl.String(),
        "place": pl.String(),
        "mend": pl.String(),
        "severity": pl.String(),
        "batch": pl.String(),
        "document": pl.String(),
        "stage": pl.String(),
    }
)
"""`stage` is loading or reading: where the fault was met."""

SCHEMAS: dict[str, pl.Schema] = {
    "documents": DOCUMENTS,
    "statements": STATEMENTS,
    "problems": PROBLEMS,
}

_PLAIN = ("origin", "name", "url", "title", "date", "date_source", "lang")
_DOCUMENT = (*_PLAIN, "extractor", "bytes_sha256", "text")
_QUANTITY = ("low", "high", "unit", "per", "approx")
_MONEY = ("low", "high", "currency", "per")
_SAID = ("kind", "status", "scope", "actors", "recipient", "when", "supplier", "speaker")


def document_row(document: Document, batch: str, position: int) -> dict[str, Any]:
    """Return the row of a document that is not read yet."""
    row: dict[str, Any] = {name: getattr(document, name) for name in _DOCUMENT}
    row["origin"] = _storable(document.origin)
    row |= {"id": document.id, "text_sha256": document.text_sha256}
    row |= {"batch": batch, "position": position, "outlet": outlet_of(document.url)}
    return row


def document_of(row: Mapping[str, Any]) -> Document:
    """Return the document of a row."""
    return Document(**{name: row[name] for name in _DOCUMENT})


def statement_rows(reading: Reading) -> list[dict[str, Any]]:
    """Return the rows of the statements of one document, with the ids that a book gives them."""
    document = reading.document
    shared = {
        "document": document.id,
        "run_id": reading.run_id,
        "date": document.date,
        "outlet": outlet_of(document.url),
        "lang": document.lang,
    }
    ids = statement_ids(document.id, reading.statements)
    return [
        {
            "id": name,
            "position": position,
            **shared,
            **_said(statement),
            "corrects": is_corrected(document.text, statement.evidence),
        }
        for position, (name, statement) in enumerate(zip(ids, reading.statements, strict=True))
    ]


def _said(statement: Statement) -> dict[str, Any]:
    quantity, money, evidence = statement.quantity, statement.money, statement.evidence
    row: dict[str, Any] = {name: getattr(statement, name) for name in _SAID}
    row["actors"] = list(statement.actors)
    row |= {"category": statement.item.category, "designation": statement.item.designation}
    row |= {f"quantity_{name}": getattr(quantity, name, None) for name in _QUANTITY}
    row |= {f"money_{name}": getattr(money, name, None) for name in _MONEY}
    row |= {"start": evidence.start, "end": evidence.end, "quote": evidence.quote}
    row |= {"rule": statement.rule, "score": statement.score}
    row["grounds"] = encode([ground.model_dump() for ground in statement.grounds])
    return row


def statement_of(row: Mapping[str, Any]) -> Statement:
    """Return the statement of a row."""
    fields: dict[str, Any] = {name: row[name] for name in (*_SAID, "rule", "score")}
    fields["item"] = {"category": row["category"], "designation": row["designation"]}
    if row["quantity_unit"] is not None:
        fields["quantity"] = {name: row[f"quantity_{name}"] for name in _QUANTITY}
    if row["money_currency"] is not None:
        fields["money"] = {name: row[f"money_{name}"] for name in _MONEY}
    evidence = {name: row[name] for name in ("document", "start", "end", "quote")}
    grounds = json.loads(row["grounds"])
    return Statement.model_validate({**fields, "evidence": evidence, "grounds": grounds})


def problem_row(
    problem: Problem, batch: str, stage: str, document: str | None = None
) -> dict[str, Any]:
    """Return the row of a fault."""
    row: dict[str, Any] = {
        name: _storable(value) if isinstance(value, str) else value
        for name, value in problem.model_dump().items()
    }
    return {**row, "batch": batch, "document": document, "stage": stage}


def problem_of(row: Mapping[str, Any]) -> Problem:
    """Return the fault of a row."""
    return Problem(**{name: row[name] for name in Problem.model_fields})


def readings_of(documents: pl.DataFrame, statements: pl.DataFrame) -> Iterator[Reading]:
    """Yield the documents of a part that were read, each with its statements in their order."""
    said: dict[str, list[Statement]] = {}
    for row in statements.sort("document", "position").iter_rows(named=True):
        said.setdefault(row["document"], []).append(statement_of(row))
    for row in documents.filter(pl.col("state") == "read").iter_rows(named=True):
        yield Reading(
            document_of(row),
            tuple(said.get(row["id"], ())),
            row["coder"],
            row["coder_version"],
            row["catalogue_digest"],
        )


def to_parquet(rows: Sequence[Mapping[str, Any]], schema: pl.Schema) -> bytes:
    """Return rows as a Parquet file."""
    # Column by column: from rows as they are it takes three times as long.
    columns = {name: [row.get(name) for row in rows] for name in schema}
    return frame_to_parquet(pl.DataFrame(columns, schema=schema))


def frame_to_parquet(frame: pl.DataFrame) -> bytes:
    """Return a frame as a Parquet file."""
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", compression_level=3)
    return out.getvalue()


def from_parquet(data: bytes, columns: Iterable[str] | None = None) -> pl.DataFrame:
    """Return the frame of a Parquet file, or some of its columns."""
    return pl.read_parquet(io.BytesIO(data), columns=list(columns) if columns else None)


def _storable(text: str) -> str:
    """Return text without half surrogate pairs, which no table can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
