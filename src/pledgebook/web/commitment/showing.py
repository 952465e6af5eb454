"""One commitment in words: its stages, sentences and doubts, drawn for the page that is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pledgebook.ledger.answers.contradictions import contradictions_of
from pledgebook.ledger.bridges import bridges
from pledgebook.ledger.cite import Citation
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.consequences import bridge_line
from pledgebook.ledger.corrections import Correction
from pledgebook.ledger.explain import Explainer, Explanation
from pledgebook.ledger.records import Entry, commitment_id
from pledgebook.ledger.relatives import Moment, Relative, moments, relatives
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.store import Store
from pledgebook.ledger.totals import counts_items
from pledgebook.ledger.wording import check_line, outstanding, units
from pledgebook.web.commitment.rows import STATE_TONES, figure_lines, state_words
from pledgebook.web.commitment.timeline import TimeLine, timeline_of
from pledgebook.web.judged import JudgementRow, judgement_rows
from pledgebook.web.live import View
from pledgebook.web.wording import Wording

__all__ = ["STATEMENTS_A_PAGE", "Shown", "page_with", "show"]

STATEMENTS_A_PAGE = 20
_FEW_DOUBTS = 10
_FEW_TOLD = 6
_FEW_REASONS = 4


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage with its figures as the list shows them, and the statements they rest on."""

    stage: Stage
    lines: tuple[str, ...]
    unit: str
    rests_on: tuple[tuple[str, str], ...]
    reports: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement with its words in the document, and why it belongs here."""

    node: Explanation
    says: str
    day: dt.date
    dated: bool
    added: str | None
    why: str
    score: float | None
    judged: bool
    prevails: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """Another commitment that may be the same one, or that a person keeps apart from this one."""

    other: str
    title: str
    score: float
    reasons: tuple[str, ...]
    here: str
    there: str
    apart: bool


@dataclass(frozen=True, slots=True)
class ClashLine:
    """Who says what where reports do not agree; the first of `told` prevails."""

    says: str
    told: tuple[tuple[str, str, str, dt.date], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page of a commitment shows."""

    one: Commitment
    title: str
    state: str
    tone: str
    left: str
    days_late: int | None
    stages: Sequence[StageLine]
    line: TimeLine
    history: Sequence[Moment]
    sentences: Sequence[Sentence]
    page: int
    pages: int
    relatives: Sequence[Relative]
    clashes: Sequence[ClashLine]
    corrections: Sequence[tuple[str, str, str]]
    checks: Sequence[tuple[str, str]]
    refusals: Sequence[tuple[str, str, dt.date]]
    requests: Sequence[tuple[str, str]]
    doubts: Sequence[DoubtLine]
    more_doubts: int
    bridges: Sequence[str]
    judgements: Sequence[JudgementRow]
    citations: Sequence[Citation]


def page_with(one: Commitment, statement: str) -> int | None:
    """Return the page of the statements on which one stands; None where it is not among them."""
    if statement not in one.statements:
        return None
    return one.statements.index(statement) // STATEMENTS_A_PAGE + 1


def show(one: Commitment, view: View, store: Store, page: int) -> Shown:
    """Return a commitment in words, with one page of its statements."""
    ledger, words = view.ledger, Wording(view.catalogue.parties)
    pages = max(1, -(-len(one.statements) // STATEMENTS_A_PAGE))
    page = min(page, pages)
    start = (page - 1) * STATEMENTS_A_PAGE
    entries = [ledger.entries[name] for name in one.statements[start : start + STATEMENTS_A_PAGE]]
    documents = store.texts(sorted({entry.document for entry in entries}))
    places = store.row_places(sorted(documents))
    explainer = Explainer(ledger, documents, view.catalogue, places)
    late = (ledger.today - one.due).days if one.overdue and one.due is not None else None
    doubts = list(_doubts(one, view, words))
    return Shown(
        one=one,
        title=words.title(one),
        state=state_words(one.state),
        tone=STATE_TONES[one.state],
        left=outstanding(one.outstanding, one.unit)
        if one.outstanding is not None and counts_items(one)
        else "",
        days_late=late,
        stages=_stages(one, view),
        line=timeline_of(one, ledger.today),
        history=moments(one),
        sentences=[_sentence(entry, one, explainer, words) for entry in entries],
        page=page,
        pages=pages,
        relatives=relatives(one, view.commitment),
        clashes=_clashes(one, view, words),
        corrections=[
            (_corrected(found, words), found.statement, found.superseded)
            for found in one.corrections
        ],
        checks=[
            (check.statement, f"{words.text(check.covers)}: {check_line(check)}")
            for check in ledger.checks
            if one.id in check.commitments
        ],
        refusals=[
            (refusal.id, words.title(refusal), refusal.last)
            for refusal in ledger.refusals.get(one.id, ())
        ],
        requests=[(asked.id, words.title(asked)) for asked in ledger.requests.get(one.id, ())],
        doubts=doubts[:_FEW_DOUBTS],
        more_doubts=max(0, len(doubts) - _FEW_DOUBTS),
        bridges=[
            words.text(bridge_line(bridge, ledger))
            for bridge in bridges(ledger, view.catalogue, of=(one.id,))
        ],
        judgements=_judgements(one, view, words),
        citations=[Citation.of(documents[entry.document], entry) for entry in entries],
    )


def _corrected(found: Correction, words: Wording) -> str:
    stage, reason = found.stage.replace("_", " "), words.text(found.reason)
    unit = f" {found.unit}" if found.unit and found.unit.isupper() else ""
    return f"{stage}: {found.now}{unit} takes the place of {found.was}{unit}: {reason}"


def _stages(one: Commitment, view: View) -> list[StageLine]:
    entries = view.ledger.entries
    return [
        StageLine(
            stage=stage,
            lines=tuple(figure_lines(figure, entries)),
            unit="" if figure.unit in (None, "item") else units(figure.unit or ""),
            rests_on=tuple(
                (name, str(entries[name].counted)) for name in figure.prevailing if name in entries
            ),
            reports=len(figure.reports),
        )
        for stage in Stage
        if (figure := one.stages.get(stage)) is not None
    ]


def _sentence(entry: Entry, one: Commitment, explainer: Explainer, words: Wording) -> Sentence:
    link = one.links.get(entry.id)
    why, score = "", None
    if link is not None and link.judged:
        why = "A person decided that it belongs here."
    elif link is not None and link.to is not None:
        score = link.score
        reasons = "; ".join(words.text(reason.says) for reason in link.reasons[:_FEW_REASONS])
        why = f"{reasons}." if reasons else ""
    return Sentence(
        node=explainer.statement(entry, link),
        says=words.statement(entry.statement),
        day=entry.counted,
        dated=entry.dated,
        added=entry.added,
        why=why,
        score=score,
        judged=link is not None and link.judged,
        prevails=tuple(
            stage for stage, figure in one.stages.items() if entry.id in figure.prevailing
        ),
    )


def _doubts(one: Commitment, view: View, words: Wording) -> Sequence[DoubtLine]:
    ledger = view.ledger
    found = []
    for doubt in one.doubts:
        name = ledger.home.get(doubt.anchor, commitment_id(doubt.anchor))
        other = view.commitment(name)
        if name == one.id or other is None:
            continue
        told = [
            words.statement(ledger.entries[statement].statement)
            if statement in ledger.entries
            else ""
            for statement in (doubt.statement, doubt.other)
        ]
        found.append(
            DoubtLine(
                other=other.id,
                title=words.title(other),
                score=doubt.score,
                reasons=tuple(
                    f"{words.text(reason.says)} ({reason.weight:+.1f})" for reason in doubt.reasons
                ),
                here=told[0],
                there=told[1],
                apart=bool(ledger.decisions.between(one.statements, other.statements)),
            )
        )
    return found


def _clashes(one: Commitment, view: View, words: Wording) -> list[ClashLine]:
    ledger = view.ledger
    lines = []
    for clash in contradictions_of(ledger, [one]):
        told = []
        for name in clash.statements[:_FEW_TOLD]:
            entry = ledger.entries.get(name)
            if entry is not None:
                said = words.statement(entry.statement)
                told.append((name, said, entry.statement.speaker or "", entry.counted))
        says = f"{clash.stage.value.replace('_', ' ')}: {words.text(clash.says)}"
        lines.append(ClashLine(says, tuple(told), max(0, len(clash.statements) - _FEW_TOLD)))
    return lines


def _judgements(one: Commitment, view: View, words: Wording) -> list[JudgementRow]:
    decisions = view.ledger.decisions
    names = {
        judgement
        for statement in one.statements
        for judgement in decisions.by_statement.get(statement, ())
    }
    made = [judgement for judgement in decisions.applied if judgement.id in names]
    return judgement_rows(made, decisions, words)
