"""What the store hands out: documents, statements and readings, with ids and both clocks.

Ids are a letter and 20 hexadecimal digits: d documents, s statements, c commitments, f figures,
j judgements, r reading runs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

_DIGITS = 20


def digest_id(letter: str, *parts: str | None) -> str:
    """Return a deterministic id of these parts."""
    content = json.dumps(parts, ensure_ascii=True)
    return letter + hashlib.sha256(content.encode()).hexdigest()[:_DIGITS]


def commitment_id(statement_id: str) -> str:
    """Return the id of the commitment that is anchored on a statement.

    Every statement gives its commitment an id that opens it; the earliest one's is its name. So
    an id survives every merge and split for as long as its statement is in the book.
    """
    return "c" + statement_id[1:]


def content_of(statement: Statement) -> dict[str, Any]:
    """Return what a statement says and where, without what made it and without the quote.

    The quote is a slice of the document's text: it is kept there and nowhere else.
    """
    fields = statement.model_dump(
        mode="python", exclude={"evidence", "grounds", "rule", "score"}, exclude_none=True
    )
    fields["start"], fields["end"] = statement.evidence.start, statement.evidence.end
    return fields


def encode(content: object) -> str:
    """Write plain data as ASCII JSON, the same on every engine and in every order of keys."""
    return json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def statement_ids(document_id: str, statements: Iterable[Statement]) -> list[str]:
    """Name the statements of one document by their content; equal ones are counted.

    A later reading that says the same of the same words gives the same ids.
    """
    seen: dict[str, int] = {}
    ids = []
    for statement in statements:
        body = encode(content_of(statement))
        ordinal = seen[body] = seen.get(body, -1) + 1
        ids.append(digest_id("s", document_id, body, str(ordinal)))
    return ids


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement as the ledger counts it.

    `counted` is the publication date, or the day of ingestion where the document is undated.
    `release` names the release of a data set that the document is a row of, None for reports.
    `outlet` is the host that the document is from, where it has an address; `corrects` says that
    the words around the statement call it a correction. `added` names the person who found it
    where the machine did not.
    """

    id: str
    statement: Statement
    document: str
    counted: dt.date
    dated: bool = True
    release: str | None = None
    outlet: str | None = None
    corrects: bool = False
    added: str | None = None

    @property
    def order(self) -> tuple[dt.date, str, int, str]:
        """A total order that depends on nothing but the statement: earliest first."""
        return self.counted, self.document, self.statement.evidence.start, self.id


@dataclass(frozen=True, slots=True)
class Location:
    """A place where a document was found."""

    origin: str
    url: str | None
    name: str | None
    seen_at: dt.datetime


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of the book, as its active reading took it.

    `state` is `shown`, `withdrawn`, `superseded` (other bytes-to-text rules made a newer text of
    the same bytes), `purged` (the text is gone, the hashes stay) or `imported` (a release's row).
    """

    id: str
    title: str | None
    date: dt.date | None
    date_source: str | None
    lang: str | None
    url: str | None
    text: str
    bytes_sha256: str
    text_sha256: str
    extractor: str
    ingested_at: dt.datetime
    state: str
    statements: int
    locations: tuple[Location, ...] = ()

    @property
    def counted(self) -> dt.date:
        """The publication date, or the day of ingestion where there is none."""
        return self.date or self.ingested_at.date()


@dataclass(frozen=True, slots=True)
class Reading:
    """One document and what one coder made of it: the unit that is stored, all of it or nothing."""

    document: Document
    statements: tuple[Statement, ...]
    coder: str
    coder_version: str
    catalogue_digest: str

    @property
    def run_id(self) -> str:
        """Identity of the reading: who read what with which knowledge of its date and origin."""
        document = self.document
        date = document.date.isoformat() if document.date else None
        return digest_id(
            "r",
            document.id,
            self.coder,
            self.coder_version,
            self.catalogue_digest,
            date,
            document.lang,
            document.url,
        )


@dataclass(slots=True)
class Added:
    """What storing some readings changed."""

    new: int = 0
    reread: int = 0
    unchanged: int = 0
    statements: int = 0
    purged: list[str] = field(default_factory=list)
