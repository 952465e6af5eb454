"""Rows on their way into a book: each is what its id says, and each quote is in its text.

Whatever is not so is refused with its place in the file; nothing of it is stored.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Boolean, Column, Date, Float, Integer, Table

from pledgebook.errors import Problem, SourceError
from pledgebook.exchange.bookrows import JSON_COLUMNS, Row, pack
from pledgebook.ledger.coding.additions import is_sound
from pledgebook.ledger.columns import UtcTime
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.records import digest_id
from pledgebook.ledger.stubs import MARK, Piece, blank
from pledgebook.vocabulary.document import sha256
from pledgebook.vocabulary.statement import Evidence, Ground, Statement

__all__ = ["AGAIN", "refused", "typed", "verified_document", "verified_statement", "verify"]

AGAIN = "Export the book again; nothing was taken in"

_LONGEST_TEXT = 200_000_000
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
# An equal statement of one document is told apart by its number; no document repeats one as often.
_MOST_EQUAL = 10_000
_MORE = {
    "documents": {"holds", "characters", "text", "quotations"},
    "statements": {"quote"},
}


def refused(what: str, place: str) -> SourceError:
    """Return the error that refuses a row."""
    return SourceError(what, where=place, mend=AGAIN)


def typed(table: Table, row: Mapping[str, Any], place: str) -> Row:
    """Return a row as its table takes it, times as times. Raises SourceError for other shapes."""
    known = {column.name for column in table.c} | _MORE.get(table.name, set())
    if strange := sorted(row.keys() - known):
        raise refused(f"a row of {table.name} has no {strange[0]!r}", place)
    structured = JSON_COLUMNS.get(table.name, frozenset())
    found: Row = {}
    for column in table.c:
        value = row.get(column.name)
        if column.name in structured and value is not None:
            value = pack(value)
        if value is None and not (column.nullable or _may_be_gone(column)):
            raise refused(f"{column.name!r} is missing", place)
        if value is not None and column.name not in _MORE.get(table.name, ()):
            value = _cell(column, value, place)
        found[column.name] = value
    return found


def verified_document(row: Mapping[str, Any], made: Row, place: str) -> tuple[Row, list[Piece]]:
    """Return the row of a document as the book keeps it, and the pieces if it has no more."""
    parts = (made["bytes_sha256"], made["extractor"], made["text_sha256"])
    if made["id"] != "d" + sha256("\n".join(parts))[:20]:
        raise refused("its id is not that of its hashes and extractor", place)
    holds, text = row.get("holds"), row.get("text")
    if holds == "whole":
        if not isinstance(text, str) or sha256(text) != made["text_sha256"]:
            raise refused("its text was changed: it has another hash", place)
        return made, []
    if holds == "nothing":
        return made | {"text": "", "title": None}, []
    if holds != "quotations":
        raise refused(f"it holds {holds!r}: neither whole, quotations nor nothing", place)
    length = row.get("characters")
    if not isinstance(length, int) or not 0 <= length <= _LONGEST_TEXT:
        raise refused(f"{length!r} is no length of a text", place)
    pieces = _pieces(row.get("quotations"), length, place)
    changes = {"text": blank(pieces, length), "extractor": made["extractor"] + MARK}
    return made | changes, pieces


def _pieces(content: object, length: int, place: str) -> list[Piece]:
    found: list[Piece] = []
    at = 0
    for one in content if isinstance(content, list) else [None]:
        start, text = one if isinstance(one, list | tuple) and len(one) == 2 else (None, None)
        if not isinstance(start, int) or not isinstance(text, str) or not text:
            raise refused("its quotations are no pairs of a place and a text", place)
        if start < at or start + len(text) > length:
            raise refused("its quotations overlap or stand outside the text", place)
        at = start + len(text)
        found.append((start, text))
    return found


def verified_statement(row: Mapping[str, Any], made: Row, text: str | None, place: str) -> Row:
    """Return the row of a statement; `text` is that of its document, None where it was erased."""
    if made["body"] is None or text is None:
        return made | {"body": ""}
    try:
        says = json.loads(made["body"])
        start, end = says.pop("start"), says.pop("end")
        quote = text[start:end]
        evidence = Evidence(document=made["document_id"], start=start, end=end, quote=quote)
        Statement(**says, evidence=evidence)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise refused(f"this is no statement: {_first(error)}", place) from error
    if row.get("quote") != quote:
        raise refused("its quote is not what stands at its place in the document", place)
    document, body = made["document_id"], made["body"]
    if not any(
        made["id"] == digest_id("s", document, body, str(number)) for number in range(_MOST_EQUAL)
    ):
        raise refused("its id is not that of its content: it was changed", place)
    return made


def verify(table: str, made: Row, place: str) -> None:
    """Refuse a row of any other table whose id is not that of its content, or that is no such row.

    Raises SourceError.
    """
    check = _CHECKS.get(table)
    if check is None:
        return
    try:
        right = check(made)
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise refused(f"this is no row of {table}: {_first(error)}", place) from error
    if not right:
        raise refused("its id is not that of its content: it was changed", place)


def _location(row: Row) -> bool:
    parts = (row["document_id"], row["origin"], row["url"], row["name"])
    return bool(row["id"] == digest_id("l", *parts))


def _run(row: Row) -> bool:
    date = row["date"].isoformat() if row["date"] else None
    reader = (row["coder"], row["coder_version"], row["catalogue_digest"])
    parts = (row["document_id"], *reader, date, row["lang"], row["url"])
    return bool(row["id"] == digest_id("r", *parts))


def _link(row: Row) -> bool:
    for ground in json.loads(row["grounds"]):
        Ground.model_validate(ground)
    return bool(0 <= row["score"] <= 1 and row["position"] >= 0)


def _judgement(row: Row) -> bool:
    judgement = Judgement.from_row(row)
    sound = judgement.kind is not Verdict.ADDED or is_sound(judgement)
    return sound and judgement.id == judgement.proper_id


def _problem(row: Row) -> bool:
    problem = Problem.model_validate(json.loads(row["body"]))
    named = bool(row["id"] == digest_id("p", row["body"]))
    return named and row["source"] == problem.source


_CHECKS: dict[str, Callable[[Row], bool]] = {
    "locations": _location,
    "reading_runs": _run,
    "run_statements": _link,
    "judgements": _judgement,
    "problems": _problem,
}


def _may_be_gone(column: Column[Any]) -> bool:
    """Tell whether an export may have nothing where the table must have something."""
    return (column.table.name, column.name) in {("documents", "text"), ("statements", "body")}


def _cell(column: Column[Any], value: object, place: str) -> object:
    kind = column.type
    try:
        if isinstance(kind, Boolean):
            if isinstance(value, bool):
                return value
        elif isinstance(kind, Integer):
            if isinstance(value, int) and not isinstance(value, bool):
                return value
        elif isinstance(kind, Float):
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
        elif isinstance(value, str):
            if isinstance(kind, UtcTime):
                return dt.datetime.strptime(value, _TIME).replace(tzinfo=dt.UTC)
            if isinstance(kind, Date):
                return dt.date.fromisoformat(value)
            length = getattr(kind, "length", None)
            if length is None or len(value) <= length:
                return value
    except ValueError as error:
        raise refused(f"{column.name!r} cannot be {value!r:.60}", place) from error
    raise refused(f"{column.name!r} cannot be {value!r:.60}", place)


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        return f"{'.'.join(map(str, found['loc'])) or 'it'}: {found['msg']}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
