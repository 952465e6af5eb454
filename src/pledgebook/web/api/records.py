"""From what the ledger holds to what the API answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pledgebook.ledger.answers.overdue import Overdue
from pledgebook.ledger.commitments import Commitment, commitment_id
from pledgebook.ledger.explain import Explainer
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.search.found import Found
from pledgebook.ledger.status import StatusRow
from pledgebook.ledger.wording import title
from pledgebook.reporting.records import document_record, judgement_record, row_record
from pledgebook.reporting.rounding import Rounded
from pledgebook.web.api.models import (
    Amount,
    CommitmentRecord,
    DocumentRecord,
    DoubtRecord,
    Evidenced,
    Figure,
    HitRecord,
    JudgementRecord,
    LinkRecord,
    Marked,
    MoneyAmount,
    OverdueRecord,
    SearchFacet,
    SearchRecord,
    StatusRecord,
)

__all__ = [
    "commitment_of",
    "document_of",
    "evidenced",
    "judgement_of",
    "overdue_of",
    "search_of",
    "status_of",
]


def amount_of(found: Interval | Total) -> Amount:
    """Return an interval or a sum of several."""
    unknown = found.unknown if isinstance(found, Total) else int(not found.known)
    return Amount(low=found.low, high=found.high, unknown=unknown)


def _money(found: Mapping[str, Interval]) -> list[MoneyAmount]:
    return [
        MoneyAmount(currency=currency, **amount_of(one).model_dump())
        for currency, one in found.items()
    ]


def status_of(row: StatusRow, rounded: Rounded) -> StatusRecord:
    """Return a row of the status."""
    return StatusRecord.model_validate(row_record(row, rounded))


def commitment_of(one: Commitment) -> CommitmentRecord:
    """Return a commitment."""
    return CommitmentRecord(
        id=one.id,
        title=title(one),
        donors=list(one.donors),
        asked_by=list(one.asked_by),
        recipient=one.recipient,
        category=one.category.value,
        item=one.item,
        item_id=one.item_id,
        unit=one.unit,
        supplier=one.supplier,
        state=one.state.value,
        stages={
            stage.value: Figure(
                low=figure.quantity.low,
                high=figure.quantity.high,
                unit=figure.unit,
                money=_money(figure.money),
                prevailing=list(figure.prevailing),
                reports=list(figure.reports),
            )
            for stage, figure in one.stages.items()
        },
        outstanding=None if one.outstanding is None else amount_of(one.outstanding),
        promised=one.promised,
        due=one.due,
        overdue=one.overdue,
        first=one.first,
        last=one.last,
        statements=list(one.statements),
        documents=list(one.documents),
        links=[
            LinkRecord(
                statement=link.statement,
                score=link.score,
                to=link.to,
                reasons=[reason.says for reason in link.reasons],
                judged=link.judged,
            )
            for link in one.links.values()
        ],
        doubts=[
            DoubtRecord(
                commitment=commitment_id(doubt.anchor),
                score=doubt.score,
                statement=doubt.statement,
                other=doubt.other,
                reasons=[reason.says for reason in doubt.reasons],
            )
            for doubt in one.doubts
        ],
        contradictions=[found.says for found in one.contradictions],
        wholes=[part.whole for part in one.wholes],
        parts=[part.part for part in one.parts],
    )


def document_of(document: StoredDocument) -> DocumentRecord:
    """Return a document without its text."""
    return DocumentRecord.model_validate(document_record(document))


def evidenced(
    entries: Iterable[Entry], ledger: Ledger, documents: Mapping[str, StoredDocument]
) -> list[Evidenced]:
    """Return statements with their quotes, in the order of their places."""
    explainer = Explainer(ledger, documents)
    found = []
    for entry in sorted(entries, key=lambda one: one.order):
        told = explainer.statement(entry, None)
        if told.quote is None or told.source is None:
            # Its document was purged: what is left are hashes.
            continue
        found.append(
            Evidenced(
                id=entry.id,
                statement=entry.statement,
                quote=told.quote,
                source=told.source,
                commitment=ledger.home.get(entry.id),
            )
        )
    return found


def overdue_of(row: Overdue) -> OverdueRecord:
    """Return a commitment that is overdue."""
    return OverdueRecord(
        commitment=row.id,
        title=title(row.commitment),
        due=row.due,
        days_late=row.days_late,
        vague=row.vague,
        left=amount_of(row.left),
        money=_money(row.money),
        last_delivery=row.last_delivery,
        statements=list(row.commitment.statements),
    )


def judgement_of(judgement: Judgement, state: str) -> JudgementRecord:
    """Return a judgement with its state."""
    return JudgementRecord.model_validate(judgement_record(judgement, state))


def search_of(found: Found) -> SearchRecord:
    """Return what a search found."""
    return SearchRecord(
        query=found.query,
        total=found.total,
        limit=found.limit,
        offset=found.offset,
        hits=[
            HitRecord(
                kind=hit.kind,
                id=hit.id,
                title=hit.title,
                snippet=[Marked(text=piece.text, marked=piece.marked) for piece in hit.snippet],
                date=hit.date,
                outlet=hit.outlet,
                score=hit.score,
                document=hit.document,
                commitment=hit.commitment,
            )
            for hit in found.hits
        ],
        facets=[
            SearchFacet(
                name=facet.name,
                values={value.label: value.count for value in facet.values},
                others=facet.others,
            )
            for facet in found.facets
        ],
        suggestions=list(found.suggestions),
    )
