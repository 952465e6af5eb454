"""Statements that a person found where the machine missed them.

The judgement `added` holds the span and every field; the words stay in the document. The statement
is named by its content, as any other is: two people who add the same add one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from pledgebook.errors import UsageError
from pledgebook.ledger.judgements import Judgement, Subject, Verdict, refused
from pledgebook.ledger.records import Entry, content_of, statement_ids
from pledgebook.vocabulary.statement import Evidence, Statement

__all__ = [
    "added_statement",
    "addition",
    "fields_of",
    "is_sound",
    "new_statement",
    "only_additions",
    "says",
    "twin",
]

_MADE = frozenset({"evidence", "grounds", "rule", "score"})


def new_statement(
    document: str, text: str, start: int, end: int, fields: Mapping[str, Any], by: str
) -> Statement:
    """Return what a person read in `text[start:end]`.

    Raises UsageError for a span that is empty, blank or outside the text, for a field that there is
    not, and for what the coding book refuses.
    """
    if not 0 <= start < end <= len(text):
        raise UsageError(
            f"the span from {start} to {end} is no piece of a text of {len(text)} characters",
            mend="Give the first character and the one after the last, counted from 0",
        )
    if not text[start:end].strip():
        raise UsageError(f"the span from {start} to {end} is blank", mend="Mark the words")
    allowed = [name for name in Statement.model_fields if name not in _MADE]
    unknown = sorted(set(fields) - set(allowed))
    if unknown:
        raise UsageError(
            f"a statement has no field {unknown[0]!r} to fill in",
            mend=f"One of: {', '.join(allowed)}",
        )
    evidence = Evidence(document=document, start=start, end=end, quote=text[start:end])
    try:
        return Statement.model_validate({**fields, "evidence": evidence, "rule": _rule(by)})
    except ValidationError as error:
        raise refused("the statement", error) from error


def _rule(by: str) -> str:
    return f"added by {by}"


def fields_of(statement: Statement) -> dict[str, Any]:
    """Return all fields of the coding book, as plain data."""
    return statement.model_dump(mode="json", exclude=set(_MADE))


def addition(statement: Statement, *, by: str, note: str, made_at: dt.datetime) -> Judgement:
    """Return the judgement that adds a statement to the book."""
    document = statement.evidence.document
    [name] = statement_ids(document, [statement])
    subject = Subject.of(Entry(name, statement, document, made_at.date()), 0)
    return Judgement.signed(
        Verdict.ADDED, [subject], by=by, note=note, made_at=made_at, changes=fields_of(statement)
    )


def added_statement(judgement: Judgement, text: str) -> Statement:
    """Return the statement that a judgement added, as it stands in the text of its document.

    Raises UsageError where the text has no such place.
    """
    [subject] = judgement.subjects
    return new_statement(
        subject.document, text, subject.start, subject.end, judgement.changes, judgement.by
    )


def is_sound(judgement: Judgement) -> bool:
    """Tell whether an addition is what its id, kind and item say: a file may hold anything."""
    if len(judgement.subjects) != 1:
        return False
    [subject] = judgement.subjects
    if not 0 <= subject.start < subject.end or set(judgement.changes) & _MADE:
        return False
    # Neither id nor fields depend on the words: a span may be said to be longer than any text.
    said = Evidence(document=subject.document, start=0, end=1, quote=".")
    try:
        statement = Statement.model_validate({**judgement.changes, "evidence": said})
    except ValidationError:
        return False
    place = said.model_copy(update={"start": subject.start, "end": subject.end})
    statement = statement.model_copy(update={"evidence": place})
    entry = Entry("", statement, subject.document, judgement.made_at.date())
    expected = Subject.of(entry, 0).model_copy(
        update={"statement": statement_ids(subject.document, [statement])[0]}
    )
    return expected == subject.model_copy(update={"bytes_sha256": None, "text_sha256": None})


def twin(statement: Statement, entries: Iterable[Entry]) -> Entry | None:
    """Return the statement of the same document that says the same of some of the same words."""
    place, content = statement.evidence, _says(statement)
    for entry in entries:
        other = entry.statement.evidence
        if (
            other.document == place.document
            and other.start < place.end
            and place.start < other.end
            and _says(entry.statement) == content
        ):
            return entry
    return None


def says(entry: Entry) -> dict[str, Any]:
    """Return all that a statement says, without where it stands."""
    return _says(entry.statement)


def _says(statement: Statement) -> dict[str, Any]:
    content = content_of(statement)
    return {name: value for name, value in content.items() if name not in ("start", "end")}


def only_additions(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return the judgements that add a statement."""
    return [one for one in judgements if one.kind is Verdict.ADDED and one.revokes is None]
