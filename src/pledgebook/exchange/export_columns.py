"""What stands in the columns of the tables that people work with, and what it means.

One definition of each column serves CSV, XLSX and Parquet. Quantities and money are intervals: an
empty low or high is an open end, and a stage of which nothing is known says so in `…_unknown`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.explain import document_name
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.reconcile import Link
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED, StatusRow

__all__ = ["COMMITMENTS", "DOCUMENTS", "STATEMENTS", "STATUS", "Cell", "Column", "Said"]

Cell = str | float | int | bool | dt.date | None
Kind = Literal["text", "long", "link", "number", "integer", "date", "yes"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what is in it, and what it means in a few words."""

    name: str
    kind: Kind
    means: str
    get: Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with its document and its place in the ledger."""

    entry: Entry
    document: StoredDocument | None
    commitment: str | None
    link: Link | None


def _of(name: str, kind: Kind, means: str) -> Column:
    """Return a column of an attribute that has its name."""

    def get(row: object) -> Cell:
        value: Cell = getattr(row, name)
        return value

    return Column(name, kind, means, get)


def _joined(values: Iterable[str]) -> str | None:
    return ", ".join(values) or None


def _money(amounts: Mapping[str, Interval | Total]) -> str | None:
    """Write amounts: "EUR 200000000", "EUR 100..200", "EUR ..200" up to, "EUR 100.." at least."""
    found = []
    for currency, amount in sorted(amounts.items()):
        low = "" if amount.low is None else f"{amount.low:.15g}"
        high = "" if amount.high is None else f"{amount.high:.15g}"
        found.append(f"{currency} {low}" if low == high else f"{currency} {low}..{high}")
    return "; ".join(found) or None


_Read = Callable[[Any], Interval | Total | None]


def _figure(
    name: str, means: str, read: _Read, unknown: Callable[[Any], int | None]
) -> list[Column]:
    return [
        Column(f"{name}_low", "number", f"{means}, at least", lambda row: _end(read(row), "low")),
        Column(f"{name}_high", "number", f"{means}, at most", lambda row: _end(read(row), "high")),
        Column(f"{name}_unknown", "integer", f"{means}: how many are not known", unknown),
    ]


def _end(amount: Interval | Total | None, end: Literal["low", "high"]) -> float | None:
    if amount is None:
        return None
    return amount.low if end == "low" else amount.high


def _stage_interval(stage: Stage, one: Commitment) -> Interval | None:
    return one.stages[stage].quantity if stage in one.stages else None


def _stage_unknown(stage: Stage, one: Commitment) -> int | None:
    if stage not in one.stages:
        return None
    figure = one.stages[stage]
    # A promise of money alone has no number of items that would be unknown.
    return int(not figure.quantity.known and not figure.money)


def _stage_money(stage: Stage, one: Commitment) -> str | None:
    return _money(one.stages[stage].money) if stage in one.stages else None


def _commitment_stage(stage: Stage) -> list[Column]:
    name = stage.value
    means = name.replace("_", " ")
    return [
        *_figure(name, means, partial(_stage_interval, stage), partial(_stage_unknown, stage)),
        Column(f"{name}_money", "text", f"money {means}, as given", partial(_stage_money, stage)),
    ]


def _status_unknown(stage: Stage, row: StatusRow) -> int | None:
    return row.quantities[stage].unknown if stage in row.quantities else None


def _status_stage(stage: Stage) -> list[Column]:
    name = stage.value
    means = name.replace("_", " ")
    return [
        *_figure(
            name, means, lambda row: row.quantities.get(stage), partial(_status_unknown, stage)
        ),
        Column(
            f"{name}_money",
            "text",
            f"money {means}, as given",
            lambda row: _money(row.money.get(stage, {})),
        ),
    ]


STATUS = (
    _of("id", "text", "id of the figure; `pledgebook why ID` opens it"),
    _of("donor", "text", "who gives"),
    _of("asked_by", "text", "who asks"),
    _of("recipient", "text", "who gets it"),
    Column("category", "text", "category of the item", lambda row: row.category.value),
    _of("item", "text", "designation, or the category"),
    _of("item_id", "text", "the item's id in the catalogue"),
    _of("unit", "text", "unit of the quantities"),
    *(column for stage in COUNTED for column in _status_stage(stage)),
    *_figure(
        "outstanding",
        "promised or ordered and not known to be delivered",
        lambda row: row.outstanding,
        lambda row: None if row.outstanding is None else row.outstanding.unknown,
    ),
    _of("promised", "text", "period of the next promised delivery"),
    _of("due", "date", "last day of that period"),
    _of("overdue", "yes", "whether it is past"),
    _of("considered", "integer", "commitments only considered"),
    _of("refused", "integer", "commitments refused, halted or put off"),
    Column("commitments", "integer", "commitments in the row", lambda row: len(row.commitments)),
    _of("reports", "integer", "statements that they rest on"),
    _of("undated", "integer", "commitments with a report that bears no date"),
    _of("contradictions", "integer", "reports that do not agree"),
)
"""Of a row of the status table."""

COMMITMENTS = (
    _of("id", "text", "id of the commitment; `pledgebook why ID` opens it"),
    Column("donors", "text", "who gives, buys or trains", lambda one: _joined(one.donors)),
    Column("asked_by", "text", "who asks", lambda one: _joined(one.asked_by)),
    _of("recipient", "text", "who gets it"),
    Column("category", "text", "category of the item", lambda one: one.category.value),
    _of("designation", "text", "model or calibre, where it is known"),
    _of("item_id", "text", "the item's id in the catalogue"),
    _of("unit", "text", "unit of the quantities"),
    _of("supplier", "text", "who makes or sells it"),
    *(column for stage in Stage for column in _commitment_stage(stage)),
    *_figure(
        "outstanding",
        "promised or ordered and not known to be delivered",
        lambda one: one.outstanding,
        lambda one: None if one.outstanding is None else int(not one.outstanding.known),
    ),
    Column("state", "text", "how it stands", lambda one: one.state.value),
    _of("promised", "text", "period by which delivery was promised"),
    _of("due", "date", "last day of that period"),
    _of("overdue", "yes", "whether it is past and something is outstanding"),
    _of("first", "date", "day of the first report"),
    _of("last", "date", "day of the last report"),
    _of("dated", "yes", "whether all its reports bear a date"),
    Column("reports", "integer", "statements it rests on", lambda one: len(one.statements)),
    Column(
        "contradictions",
        "text",
        "where its reports do not agree",
        lambda one: (
            "; ".join(f"{found.stage.value}: {found.says}" for found in one.contradictions) or None
        ),
    ),
    Column(
        "may_be_same_as",
        "text",
        "ids of commitments that may be this one",
        lambda one: " ".join("c" + doubt.anchor[1:] for doubt in one.doubts) or None,
    ),
    Column(
        "part_of",
        "text",
        "ids of what it is a part of",
        lambda one: " ".join(part.whole for part in one.wholes) or None,
    ),
    Column(
        "parts",
        "text",
        "ids of what lies within it",
        lambda one: " ".join(part.part for part in one.parts) or None,
    ),
    Column("statements", "text", "ids of its statements", lambda one: " ".join(one.statements)),
    Column("documents", "text", "ids of their documents", lambda one: " ".join(one.documents)),
)
"""Of a commitment."""


def _said(name: str, kind: Kind, means: str, read: Callable[[Any], Cell]) -> Column:
    """Return a column of what a statement says."""
    return Column(name, kind, means, lambda said: read(said.entry.statement))


def _from(name: str, kind: Kind, means: str, read: Callable[[StoredDocument], Cell]) -> Column:
    """Return a column of the document that a statement is from."""
    return Column(
        name, kind, means, lambda said: None if said.document is None else read(said.document)
    )


def _place(document: StoredDocument) -> str | None:
    origins: Sequence[str] = [place.origin for place in document.locations]
    return document.url or (origins[0] if origins else None)


STATEMENTS = (
    Column("id", "text", "id of the statement", lambda said: said.entry.id),
    Column("commitment", "text", "id of its commitment", lambda said: said.commitment),
    Column("date", "date", "day it counts from", lambda said: said.entry.counted),
    Column("dated", "yes", "whether the document bears that date", lambda said: said.entry.dated),
    _said("kind", "text", "what is said to be done", lambda one: one.kind.value),
    _said("status", "text", "firm or tentative", lambda one: one.status.value),
    _said("scope", "text", "new, a running total, or recalled", lambda one: one.scope.value),
    _said("actors", "text", "who does it", lambda one: _joined(one.actors)),
    _said("recipient", "text", "for whom", lambda one: one.recipient),
    _said("category", "text", "category of the item", lambda one: one.item.category.value),
    _said("designation", "text", "model or calibre", lambda one: one.item.designation),
    _said("quantity_low", "number", "at least", lambda one: one.quantity and one.quantity.low),
    _said("quantity_high", "number", "at most", lambda one: one.quantity and one.quantity.high),
    _said("unit", "text", "unit", lambda one: one.quantity and one.quantity.unit),
    _said("per", "text", "period of a rate", lambda one: _value(one.quantity and one.quantity.per)),
    _said("approximate", "yes", "said to be so", lambda one: one.quantity and one.quantity.approx),
    _said("money_low", "number", "at least", lambda one: one.money and one.money.low),
    _said("money_high", "number", "at most", lambda one: one.money and one.money.high),
    _said("currency", "text", "as given", lambda one: one.money and one.money.currency),
    _said("money_per", "text", "period of it", lambda one: _value(one.money and one.money.per)),
    _said("when", "text", "period it is for", lambda one: one.when),
    _said("supplier", "text", "who makes or sells it", lambda one: one.supplier),
    _said("speaker", "text", "who says so", lambda one: one.speaker),
    _said("quotation", "long", "the words it rests on", lambda one: one.evidence.quote),
    _from("source", "text", "title of the document, or its name", document_name),
    _from("link", "link", "where it was found", _place),
    Column("document", "text", "id of the document", lambda said: said.entry.document),
    _said("start", "integer", "where the quotation starts", lambda one: one.evidence.start),
    _said("end", "integer", "where it ends, in characters", lambda one: one.evidence.end),
    _said("rule", "text", "what read it", lambda one: one.rule or None),
    _said("score", "number", "how sure that is, 0 to 1", lambda one: one.score),
    Column(
        "joined_to",
        "text",
        "the statement it was counted with",
        lambda said: None if said.link is None else said.link.to,
    ),
    Column(
        "joined_because",
        "text",
        "why",
        lambda said: (
            None
            if said.link is None
            else "; ".join(f"{one.says} ({one.weight:+.1f})" for one in said.link.reasons) or None
        ),
    ),
)
"""Of a statement, as `Said`."""

DOCUMENTS = (
    _of("id", "text", "id of the document"),
    _of("title", "text", "its title"),
    _of("date", "date", "day of publication"),
    _of("date_source", "text", "where that is from"),
    _of("lang", "text", "language"),
    Column("link", "link", "where it was found", _place),
    _of("statements", "integer", "statements read from it"),
    Column("ingested", "text", "when it was read", lambda one: one.ingested_at.isoformat()),
    _of("bytes_sha256", "text", "hash of its bytes"),
    _of("text_sha256", "text", "hash of its text"),
    _of("extractor", "text", "what made the text of the bytes"),
)
"""Of a document."""


def _value(named: Any) -> str | None:  # noqa: ANN401 - one of several enumerations
    return None if named is None else str(named.value)
