"""The tables of a book. Every one of them is append-only; triggers in the database hold it.

    documents ─┬─ locations         where it was found
               ├─ reading_runs ──── run_statements ── statements
               ├─ activations       which run counts, the last one wins
               ├─ withdrawals       hidden or shown again, the last one wins
               └─ purges            text erased, hash kept
    judgements                      what people decided, and what they took back
    problems                        faults in data that a reading met
    releases ──┬─ release_rows      the rows of an imported data set: documents with their runs
               └─ prices            what a price list says, row by row

The one exception is the purge: it empties the text of a document that has a row in `purges`.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from pledgebook.ledger.columns import ExactText, UtcTime

SCHEMA_VERSION = "0005"
"""The revision that this Pledgebook writes; a test holds that it is the newest migration."""

VERSION_TABLE = "pledgebook_schema"

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

_ID = String(32)
_HASH = String(64)

documents = Table(
    "documents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("bytes_sha256", _HASH, nullable=False, index=True),
    Column("extractor", ExactText, nullable=False),
    Column("text_sha256", _HASH, nullable=False, index=True),
    Column("text", ExactText, nullable=False),
    Column("title", ExactText),
    Column("ingested_at", UtcTime, nullable=False),
)

locations = Table(
    "locations",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("document_id", _ID, ForeignKey("documents.id"), nullable=False, index=True),
    Column("origin", ExactText, nullable=False),
    Column("url", ExactText),
    Column("name", ExactText),
    Column("seen_at", UtcTime, nullable=False),
)

reading_runs = Table(
    "reading_runs",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("document_id", _ID, ForeignKey("documents.id"), nullable=False, index=True),
    Column("coder", ExactText, nullable=False),
    Column("coder_version", ExactText, nullable=False),
    Column("catalogue_digest", ExactText, nullable=False),
    Column("date", Date),
    Column("date_source", String(16)),
    Column("lang", ExactText),
    Column("url", ExactText),
    Column("created_at", UtcTime, nullable=False),
)

activations = Table(
    "activations",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("document_id", _ID, ForeignKey("documents.id"), nullable=False, index=True),
    Column("run_id", _ID, ForeignKey("reading_runs.id"), nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

statements = Table(
    "statements",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("document_id", _ID, ForeignKey("documents.id"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)

run_statements = Table(
    "run_statements",
    metadata,
    Column("run_id", _ID, ForeignKey("reading_runs.id"), primary_key=True),
    Column("statement_id", _ID, ForeignKey("statements.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("rule", ExactText, nullable=False),
    Column("score", Float, nullable=False),
    Column("grounds", Text, nullable=False),
)

judgements = Table(
    "judgements",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", _ID, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("subjects", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("made_by", ExactText, nullable=False),
    Column("note", ExactText, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("revokes", _ID, ForeignKey("judgements.id")),
    # When the book learnt of it, where that is not when it was made: it came from another book.
    Column("recorded_at", UtcTime),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("document_id", _ID, ForeignKey("documents.id"), nullable=False, index=True),
    Column("hidden", Boolean, nullable=False),
    Column("made_by", ExactText, nullable=False),
    Column("note", ExactText, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

purges = Table(
    "purges",
    metadata,
    Column("document_id", _ID, ForeignKey("documents.id"), primary_key=True),
    Column("made_by", ExactText, nullable=False),
    Column("note", ExactText, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

problems = Table(
    "problems",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("document_id", _ID),
    Column("source", ExactText, nullable=False),
    Column("body", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", _ID, nullable=False, unique=True),
    Column("dataset", ExactText, nullable=False),
    Column("name", ExactText, nullable=False),
    Column("format", ExactText, nullable=False),
    Column("published", Date),
    Column("origin", ExactText, nullable=False),
    Column("bytes_sha256", _HASH, nullable=False),
    Column("supersedes", _ID),
    Column("notes", Text, nullable=False),
    Column("made_by", ExactText, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

release_rows = Table(
    "release_rows",
    metadata,
    Column("release_id", _ID, ForeignKey("releases.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("document_id", _ID, ForeignKey("documents.id"), nullable=False, index=True),
    Column("run_id", _ID, ForeignKey("reading_runs.id"), nullable=False),
    Column("key", ExactText, nullable=False),
    Column("origin", ExactText, nullable=False),
)

prices = Table(
    "prices",
    metadata,
    Column("release_id", _ID, ForeignKey("releases.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("document_id", _ID, ForeignKey("documents.id"), nullable=False),
    Column("body", Text, nullable=False),
)

Index("ix_activations_run_id", activations.c.run_id)
Index("ix_run_statements_statement_id", run_statements.c.statement_id)
