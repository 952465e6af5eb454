"""Every figure down to the sentences that it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pledgebook.ledger.answers.asked import asked_list
from pledgebook.ledger.answers.grouping import GroupRow
from pledgebook.ledger.answers.telling import group_facts, group_line, group_notes, total_text
from pledgebook.ledger.bridges import bridges
from pledgebook.ledger.cases import ItemTree
from pledgebook.ledger.commitments import Check, Commitment, commitment_id
from pledgebook.ledger.consequences import bridge_line, conflict_lines
from pledgebook.ledger.events import State
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.reconcile import Link
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.relatives import Moment, Relative, correction_notes, moments, relatives
from pledgebook.ledger.release_view import RowPlace
from pledgebook.ledger.rowfacts import row_facts, row_notes
from pledgebook.ledger.status import StatusRow
from pledgebook.ledger.wording import (
    check_line,
    commitment_line,
    figure_text,
    outstanding,
    row_line,
    statement_line,
    value_text,
)
from pledgebook.reading.agreement import finding_of
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Statement

_CONTEXT = 160
_FEW = 3


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quote(_Plain):
    """The quoted words with a little of what stands before and after them."""

    before: str
    text: str
    after: str
    start: int
    end: int


class Source(_Plain):
    """The document that a quote is from."""

    document: str
    title: str | None
    date: dt.date | None
    url: str | None
    origins: tuple[str, ...]
    sha256: str


class Bond(_Plain):
    """Why a statement belongs to its commitment: the score, and the reasons in plain words."""

    score: float
    to: str | None
    reasons: tuple[str, ...]
    judged: bool


class Explanation(_Plain):
    """A node of the tree: a figure rests on commitments, these on statements with their quotes.

    A forecast rests on commitments, on series of what was told, and on assumptions; a plan on keys
    of its scenario (assumptions), and on the forecasts and series that fill them in.

    `under` are the words elsewhere in the document that a quote takes its kind or its actors from:
    the head of its list, the sentence before. `facts` are what the node says, in words, by name;
    `relatives` are the whole that a commitment is a part of and its parts, `history` what befell
    it. `notes` are contradictions, corrections, checks by running totals, refusals, doubts and
    judgements.
    """

    kind: Literal[
        "figure",
        "commitment",
        "statement",
        "document",
        "judgement",
        "value",
        "forecast",
        "series",
        "assumption",
        "plan",
    ]
    id: str
    title: str
    facts: dict[str, str] = {}
    statement: Statement | None = None
    quote: Quote | None = None
    under: tuple[Quote, ...] = ()
    source: Source | None = None
    link: Bond | None = None
    relatives: tuple[Relative, ...] = ()
    history: tuple[Moment, ...] = ()
    notes: tuple[str, ...] = ()
    children: tuple[Explanation, ...] = ()

    def walk(self) -> Iterable[Explanation]:
        """Yield this node and all below it, in the order in which they are shown."""
        yield self
        for child in self.children:
            yield from child.walk()


class Explainer:
    """Makes explanations from a ledger and the texts of the documents that they quote."""

    def __init__(
        self,
        ledger: Ledger,
        documents: Mapping[str, StoredDocument],
        tree: ItemTree | None = None,
        places: Mapping[str, Sequence[RowPlace]] | None = None,
    ) -> None:
        self._ledger = ledger
        self._places = places or {}
        self._tree = tree
        self._documents = documents

    def row(self, row: StatusRow) -> Explanation:
        """Explain a row of the status table."""
        facts = {}
        for stage, total in row.quantities.items():
            facts[stage.value] = total_text(total, row.unit)
            for currency, money in row.money.get(stage, {}).items():
                name = f"{stage.value}_{currency}"
                facts[name] = total_text(money, currency)
        if row.outstanding is not None:
            facts["outstanding"] = total_text(row.outstanding, row.unit)
        if row.due is not None:
            facts["promised"] = f"{row.promised}{' (overdue)' if row.overdue else ''}"
        return Explanation(
            kind="figure",
            id=row.id,
            title=row_line(row),
            facts=facts,
            children=tuple(self.commitment(commitment) for commitment in row.commitments),
        )

    def group(self, row: GroupRow) -> Explanation:
        """Explain a row of a table by some dimensions: the commitments that it adds up."""
        return Explanation(
            kind="figure",
            id=row.id,
            title=group_line(row),
            facts=group_facts(row),
            notes=group_notes(row),
            children=tuple(self.commitment(commitment) for commitment in row.commitments),
        )

    def _state(self, one: Commitment) -> str:
        """Return how it stands; of a granted request how much of it, as `asked` tells."""
        if one.state is State.GRANTED and one.asked_by and isinstance(self._tree, Catalogue):
            ledger = self._ledger
            [asked] = asked_list([one], ledger.commitments, ledger.entries, self._tree)
            if asked.granted:
                return asked.answer.replace(" ", "-")
        return one.state.value

    def commitment(self, commitment: Commitment) -> Explanation:
        """Explain a commitment: its stages, contradictions, checks and statements."""
        facts = {stage.value: figure_text(at) for stage, at in commitment.stages.items()}
        if commitment.outstanding is not None:
            facts["outstanding"] = outstanding(commitment.outstanding, commitment.unit)
        if commitment.promised is not None:
            late = " (overdue)" if commitment.overdue else ""
            facts["promised"] = f"{commitment.promised}{late}"
        if commitment.supplier is not None:
            facts["supplier"] = commitment.supplier
        facts["state"] = self._state(commitment)
        notes = [f"{found.stage.value}: {found.says}" for found in commitment.contradictions]
        notes += correction_notes(commitment)
        notes += [
            f"{check_line(check)}; it covers {check.covers} ({check.statement})"
            for check in self.checks(commitment.id)
        ]
        notes += [
            f"refused on {refusal.last}: {commitment_line(refusal)} ({refusal.id})"
            for refusal in self._ledger.refusals.get(commitment.id, ())
        ]
        notes += [
            f"may be the same as {commitment_id(doubt.anchor)} ({doubt.score:.2f}: "
            f"{'; '.join(reason.says for reason in doubt.reasons[:_FEW])})"
            for doubt in commitment.doubts
            if not self._apart(commitment, doubt.anchor)
        ]
        kept_apart = bridges(self._ledger, self._tree, of=(commitment.id,))
        notes += [bridge_line(bridge, self._ledger) for bridge in kept_apart]
        entries = self._ledger.entries
        return Explanation(
            kind="commitment",
            id=commitment.id,
            title=commitment_line(commitment),
            facts=facts,
            relatives=relatives(commitment, self._ledger.by_id.get),
            history=moments(commitment),
            notes=tuple(notes),
            children=tuple(
                self.statement(entries[statement], commitment.links.get(statement))
                for statement in commitment.statements
            ),
        )

    def _apart(self, commitment: Commitment, anchor: str) -> bool:
        """Tell whether a person keeps a commitment apart from that of another statement."""
        home = self._ledger.home
        return any(
            {home.get(one), home.get(other)} == {commitment.id, home.get(anchor)}
            for one, other in self._ledger.decisions.different
        )

    def checks(self, commitment_id: str) -> list[Check]:
        """Return the running totals that cover a commitment."""
        return [check for check in self._ledger.checks if commitment_id in check.commitments]

    def statement(self, entry: Entry, link: Link | None = None) -> Explanation:
        """Explain a statement: its words, where they stand, and why it belongs where it is."""
        statement = entry.statement
        facts = {"speaker": statement.speaker} if statement.speaker else {}
        if entry.added is not None:
            facts["added by"] = entry.added
        accepted = self._ledger.decisions.accepted_by(entry.id)
        if accepted:
            facts["accepted by"] = ", ".join(accepted)
        made = self._ledger.decisions.by_statement.get(entry.id, ())
        notes = [f"judged: {judgement}" for judgement in made]
        notes += [check_line(one) for one in self._ledger.checks if one.statement == entry.id]
        notes += row_notes(self._places.get(entry.document, ()), entry.id in self._ledger.entries)
        found = finding_of(statement)
        if found is not None:
            facts["found by"] = ", ".join(found.by)
            notes += [f"to review: {found.says()}"] if found.for_review else []
        bond = None
        if link is not None:
            reasons = tuple(f"{reason.says} ({reason.weight:+.1f})" for reason in link.reasons)
            bond = Bond(score=link.score, to=link.to, reasons=reasons, judged=link.judged)
        document = self._documents.get(entry.document)
        return Explanation(
            kind="statement",
            id=entry.id,
            title=statement_line(statement),
            facts=facts,
            statement=statement,
            quote=_quote(statement, document),
            under=_under(statement, document),
            source=_source(document),
            link=bond,
            notes=tuple(notes),
        )

    def judgement(self, judgement: Judgement, entries: Iterable[Entry]) -> Explanation:
        """Explain a judgement: who decided what of which statements, and whether it holds."""
        decisions = self._ledger.decisions
        states = {
            "overruled": "overruled by a later judgement",
            "overruled in part": "in force, save where a later judgement overrules it",
            "stranded": "stranded: what it was about is not in the book, or no longer read so",
        }
        state = decisions.state(judgement)
        state = states.get(state, state) or "not in force"
        gone = decisions.missing.get(judgement.id, 0)
        if gone and state == "in force":
            state += f", without {gone} of its {len(judgement.subjects)} statements"
        known = {one.id: one for one in decisions.applied}
        touching = [one for one in decisions.conflicts if judgement.id in (one.loser, *one.winners)]
        facts = {"by": judgement.by, "made": judgement.made_at.isoformat(), "state": state}
        verb = "corrected " if judgement.kind is Verdict.CORRECTED else ""
        facts |= {f"{verb}{name}": value_text(told) for name, told in judgement.changes.items()}
        if judgement.revokes is not None:
            facts["takes back"] = judgement.revokes
        return Explanation(
            kind="judgement",
            id=judgement.id,
            title=f"{judgement.kind.value}: {judgement.note or 'no note'}",
            facts=facts,
            notes=tuple(conflict_lines(touching, known)),
            children=tuple(self.statement(entry) for entry in entries),
        )

    def document(self, document: StoredDocument, entries: Iterable[Entry]) -> Explanation:
        """Explain a document: where it is from, its state, and what was read from it."""
        facts = {
            "date": str(document.date) if document.date else "undated, counted from ingestion",
            "ingested": document.ingested_at.isoformat(timespec="seconds"),
            "extractor": document.extractor,
            "state": document.state,
            "sha256": document.bytes_sha256,
        } | row_facts(self._places.get(document.id, ()))
        return Explanation(
            kind="document",
            id=document.id,
            title=document_name(document),
            facts=facts,
            source=_source(document),
            children=tuple(self.statement(entry) for entry in entries),
        )


def document_name(document: StoredDocument) -> str:
    """Return the title of a document, or the name or place under which it was found."""
    if document.title:
        return document.title
    for place in document.locations:
        return place.name or place.url or place.origin
    return document.id


def _quote(statement: Statement, document: StoredDocument | None) -> Quote:
    evidence = statement.evidence
    text = document.text if document else ""
    return Quote(
        before=text[max(0, evidence.start - _CONTEXT) : evidence.start],
        text=evidence.quote,
        after=text[evidence.end : evidence.end + _CONTEXT],
        start=evidence.start,
        end=evidence.end,
    )


def _under(statement: Statement, document: StoredDocument | None) -> tuple[Quote, ...]:
    """Return the words outside the evidence on which a statement rests too, each once."""
    if document is None or not document.text:
        return ()
    spans = dict.fromkeys((ground.start, ground.end) for ground in statement.grounds)
    return tuple(
        Quote(before="", text=document.text[start:end], after="", start=start, end=end)
        for start, end in spans
    )


def _source(document: StoredDocument | None) -> Source | None:
    if document is None:
        return None
    return Source(
        document=document.id,
        title=document_name(document),
        date=document.date,
        url=document.url,
        origins=tuple(place.origin for place in document.locations),
        sha256=document.bytes_sha256,
    )
