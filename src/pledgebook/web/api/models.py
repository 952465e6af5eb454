"""What the API answers, as types: they are its schema too."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pledgebook.ledger.explain import Quote, Source
from pledgebook.vocabulary.statement import Statement

__all__ = [
    "Amount",
    "CommitmentList",
    "CommitmentRecord",
    "DocumentList",
    "DocumentRecord",
    "DocumentText",
    "DoubtRecord",
    "Evidenced",
    "Fault",
    "FaultAnswer",
    "Figure",
    "HitRecord",
    "JudgementList",
    "JudgementRecord",
    "LinkRecord",
    "Marked",
    "MoneyAmount",
    "NewJudgement",
    "OverdueRecord",
    "OverdueRecords",
    "ProblemRecord",
    "Revocation",
    "SearchFacet",
    "SearchRecord",
    "StatusRecord",
    "StatusTable",
]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Fault(_Record):
    """What went wrong, where, and the mend."""

    what: str
    where: str | None = None
    mend: str | None = None


class FaultAnswer(_Record):
    """The answer where something went wrong."""

    error: Fault


class Amount(_Record):
    """Known low and high; `unknown` counts what comes on top and is of unknown size.

    An end that is null is open, or nothing is known: never zero.
    """

    low: float | None
    high: float | None
    unknown: int = 0


class MoneyAmount(Amount):
    """An amount of money, as given."""

    currency: str


class StageAmount(Amount):
    """An amount of one stage. `approx` says that a report gives it as "about"."""

    approx: bool = False
    money: list[MoneyAmount] = []


class StatusRecord(_Record):
    """Who gave what to whom: stages stand side by side and are never added up."""

    id: str
    donor: str | None
    asked_by: str | None
    recipient: str | None
    category: str
    item: str
    item_id: str | None
    unit: str | None
    asked: StageAmount | None
    pledged: StageAmount | None
    on_order: StageAmount | None
    delivered: StageAmount | None
    outstanding: Amount | None
    promised: str | None
    due: dt.date | None
    overdue: bool
    considered: int
    refused: int
    reports: int
    undated: int
    contradictions: int
    commitments: list[str]


class _Paged(_Record):
    """A page of a list: `total` are all of it."""

    as_of: dt.date
    total: int
    limit: int
    offset: int


class StatusTable(_Paged):
    """Rows of the status."""

    rows: list[StatusRecord]


class Figure(_Record):
    """One stage of a commitment, and the statements that it rests on."""

    low: float | None
    high: float | None
    unit: str | None
    money: list[MoneyAmount]
    prevailing: list[str]
    reports: list[str]


class LinkRecord(_Record):
    """Why a statement is with its commitment."""

    statement: str
    score: float
    to: str | None
    reasons: list[str]
    judged: bool


class DoubtRecord(_Record):
    """Another commitment that may be the same one, and why."""

    commitment: str
    score: float
    statement: str
    other: str
    reasons: list[str]


class CommitmentRecord(_Record):
    """One undertaking, counted once, with the statements that support it."""

    id: str
    title: str
    donors: list[str]
    asked_by: list[str]
    recipient: str | None
    category: str
    item: str
    item_id: str | None
    unit: str | None
    supplier: str | None
    state: str
    stages: dict[str, Figure]
    outstanding: Amount | None
    promised: str | None
    due: dt.date | None
    overdue: bool
    first: dt.date
    last: dt.date
    statements: list[str]
    documents: list[str]
    links: list[LinkRecord]
    doubts: list[DoubtRecord]
    contradictions: list[str]
    wholes: list[str]
    parts: list[str]


class CommitmentList(_Paged):
    """Commitments, earliest first."""

    commitments: list[CommitmentRecord]


class DocumentRecord(_Record):
    """A document of the book, without its text."""

    id: str
    date: dt.date | None
    date_source: str | None
    lang: str | None
    title: str
    url: str | None
    origins: list[str]
    state: str
    statements: int
    ingested_at: str
    extractor: str
    sha256: str
    text_sha256: str


class DocumentList(_Record):
    """Documents, the newest first."""

    total: int
    limit: int
    offset: int
    documents: list[DocumentRecord]


class DocumentText(_Record):
    """A document with its text and what was read from it; offsets count code points."""

    document: DocumentRecord
    text: str
    statements: list[Evidenced]


class Evidenced(_Record):
    """A statement with the words that it rests on, and the commitment that it supports."""

    id: str
    statement: Statement
    quote: Quote
    source: Source
    commitment: str | None


class OverdueRecord(_Record):
    """A commitment whose promised day has passed."""

    commitment: str
    title: str
    due: dt.date
    days_late: int
    vague: bool
    left: Amount
    money: list[MoneyAmount]
    last_delivery: dt.date | None
    statements: list[str]


class OverdueRecords(_Paged):
    """What is overdue, the latest first; `on_time` and `undated` count the other open promises."""

    on_time: int
    undated: int
    rows: list[OverdueRecord]


class ProblemRecord(_Record):
    """A fault in one piece of data, as reading met it."""

    model_config = ConfigDict(extra="allow")


class JudgementRecord(_Record):
    """What a person decided, with whether it is in force."""

    id: str
    kind: str
    statements: list[str]
    changes: dict[str, Any]
    revokes: str | None
    by: str
    note: str
    made_at: str
    state: str


class JudgementList(_Record):
    """Judgements, the newest first."""

    total: int
    limit: int
    offset: int
    judgements: list[JudgementRecord]


class NewJudgement(_Record):
    """A judgement to be recorded: ids are of statements or commitments."""

    kind: str = Field(max_length=20, examples=["same"])
    ids: list[str] = Field(min_length=1, max_length=100)
    note: str = Field("", max_length=4_000)
    changes: dict[str, Any] | None = None


class Revocation(_Record):
    """Why a judgement is taken back."""

    note: str = Field("", max_length=4_000)


class Marked(_Record):
    """A piece of text, and whether it is what was looked for."""

    text: str
    marked: bool


class HitRecord(_Record):
    """One thing that was found."""

    kind: str
    id: str
    title: str
    snippet: list[Marked]
    date: dt.date
    outlet: str | None
    score: float
    document: str | None
    commitment: str | None


class SearchFacet(_Record):
    """How many of the hits have which value."""

    name: str
    values: dict[str, int]
    others: int


class SearchRecord(_Record):
    """A page of hits, best first."""

    query: str
    total: int
    limit: int
    offset: int
    hits: list[HitRecord]
    facets: list[SearchFacet]
    suggestions: list[str]
