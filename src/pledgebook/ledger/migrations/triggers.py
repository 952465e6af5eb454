"""Triggers that make a table append-only, in the words of each engine.

Migrations that were released depend on this module: add to it, do not change what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, text

_PURGED = "EXISTS (SELECT 1 FROM purges WHERE document_id = {key})"
_DOCUMENT_EMPTIED = (
    _PURGED.format(key="OLD.id") + " AND NEW.text = '' AND NEW.title IS NULL AND NEW.id = OLD.id"
    " AND NEW.bytes_sha256 = OLD.bytes_sha256 AND NEW.extractor = OLD.extractor"
    " AND NEW.text_sha256 = OLD.text_sha256 AND NEW.ingested_at = OLD.ingested_at"
)
_QUOTATIONS = "+quotations"
_MARK = f"substr(OLD.extractor, length(OLD.extractor) - {len(_QUOTATIONS) - 1})"
_WHOLE = f"substr(OLD.extractor, 1, length(OLD.extractor) - {len(_QUOTATIONS)})"
_DOCUMENT_FILLED = (
    f"{_MARK} = '{_QUOTATIONS}' AND NEW.extractor IN (OLD.extractor, {_WHOLE})"
    " AND NEW.id = OLD.id AND COALESCE(NEW.title, '') = COALESCE(OLD.title, '')"
    " AND NEW.bytes_sha256 = OLD.bytes_sha256 AND NEW.text_sha256 = OLD.text_sha256"
    " AND NEW.ingested_at = OLD.ingested_at"
)
_STATEMENT_EMPTIED = (
    _PURGED.format(key="OLD.document_id") + " AND NEW.body = '' AND NEW.id = OLD.id"
    " AND NEW.document_id = OLD.document_id AND NEW.recorded_at = OLD.recorded_at"
)


def guard(connection: Connection, *, append_only: Iterable[str]) -> None:
    """Forbid UPDATE and DELETE; documents and statements may be emptied once they are purged."""
    allowed = dict.fromkeys(append_only, "")
    allowed |= {"documents": _DOCUMENT_EMPTIED, "statements": _STATEMENT_EMPTIED}
    _guard(connection, allowed)


def guard_more(connection: Connection, *, append_only: Iterable[str]) -> None:
    """Forbid UPDATE and DELETE on tables that a later revision adds."""
    _guard(connection, dict.fromkeys(append_only, ""))


def guard_but_for(connection: Connection, allowed: Mapping[str, str]) -> None:
    """Forbid DELETE, and UPDATE except where a condition on OLD and NEW holds, by table."""
    _guard(connection, allowed)


def let_quotations_fill(connection: Connection) -> None:
    """Let a document of which only quotations are kept become whole; nothing else changes."""
    if connection.dialect.name == "postgresql":
        drops = ["DROP FUNCTION documents_append_only() CASCADE"]
    else:
        drops = [f"DROP TRIGGER documents_no_{change}" for change in ("update", "delete")]
    for drop in drops:
        connection.execute(text(drop))
    _guard(connection, {"documents": f"({_DOCUMENT_EMPTIED}) OR ({_DOCUMENT_FILLED})"})


def _guard(connection: Connection, allowed: Mapping[str, str]) -> None:
    write = _postgresql if connection.dialect.name == "postgresql" else _sqlite
    for table, exception in allowed.items():
        for statement in write(table, exception):
            connection.execute(text(statement))


def _sqlite(table: str, exception: str) -> list[str]:
    abort = f"BEGIN SELECT RAISE(ABORT, 'pledgebook: {table} is append-only'); END"
    unless = f"WHEN NOT ({exception})" if exception else ""
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {unless} {abort}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {abort}",
    ]


def _postgresql(table: str, exception: str) -> list[str]:
    message = f"'pledgebook: {table} is append-only'"
    allow = f"IF TG_OP = 'UPDATE' THEN IF {exception} THEN RETURN NEW; END IF; END IF;"
    body = f"{allow if exception else ''} RAISE EXCEPTION {message};"
    function = f"{table}_append_only()"
    rows, whole = f"{table}_no_change", f"{table}_no_truncate"
    run = f"EXECUTE FUNCTION {function}"
    return [
        f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER {rows} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {run}",
        f"CREATE TRIGGER {whole} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}",
    ]
