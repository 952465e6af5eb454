"""Judgements in words: what was decided, by whom, whether it holds, and who may take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.decisions import Decisions
from pledgebook.ledger.judgements import Judgement, Verdict, in_force
from pledgebook.ledger.wording import value_text
from pledgebook.reporting.plain import one_line
from pledgebook.web.wording import Wording

__all__ = ["JudgementRow", "judgement_rows", "right_for"]

_WORDS = {
    Verdict.SAME: "these are the same",
    Verdict.DIFFERENT: "these are different",
    Verdict.WRONG: "this is wrong",
    Verdict.CORRECTED: "corrected",
    Verdict.COUNTED: "this row counts",
    Verdict.ACCEPTED: "this is right",
    Verdict.ADDED: "added by hand",
    Verdict.CODED: "document read to its end",
}
_JOINING = frozenset({Verdict.SAME, Verdict.DIFFERENT, Verdict.COUNTED})
TAKEN_BACK, TAKES_BACK = "taken back", "taking back"


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """A judgement in words. `state` is empty for the taking back of one that was restored.

    `subjects` are ids of statements, `documents` of documents that it is about as a whole. `right`
    is what somebody needs to take it back; None where there is nothing left to take back.
    """

    id: str
    says: str
    changes: tuple[str, ...]
    subjects: tuple[str, ...]
    documents: tuple[str, ...]
    by: str
    made: dt.datetime
    note: str
    state: str
    revokes: str | None
    right: Right | None


def right_for(kind: Verdict) -> Right:
    """Return what somebody needs to take a judgement of a kind back: what making one takes."""
    return Right.JUDGE_JOINING if kind in _JOINING else Right.JUDGE_READING


def judgement_rows(
    some: Iterable[Judgement],
    decisions: Decisions,
    words: Wording,
    every: Sequence[Judgement] | None = None,
) -> list[JudgementRow]:
    """Return judgements in words, in the order given.

    `every` are all of the book, where those that were taken back are among `some`.
    """
    states = _states(decisions)
    holding = {one.id for one in in_force(every)} if every is not None else None
    revoked = {one.revokes for one in every or () if one.revokes is not None}
    return [_row(one, states, holding, revoked, words) for one in some]


def _states(decisions: Decisions) -> dict[str, str]:
    states = {one.id: "in force" for one in decisions.applied}
    states |= {one.id: "stranded" for one in decisions.stranded}
    for one in decisions.overruled:
        states[one.id] = "overruled in part" if one.id in decisions.in_part else "overruled"
    return states


def _row(
    one: Judgement,
    states: dict[str, str],
    holding: set[str] | None,
    revoked: set[str],
    words: Wording,
) -> JudgementRow:
    if one.revokes is not None:
        state = TAKEN_BACK if one.id in revoked else ""
    elif holding is not None and one.id not in holding:
        state = TAKEN_BACK
    else:
        # What the ledger of the day does not know of yet is in force all the same.
        state = states.get(one.id, "in force")
    return JudgementRow(
        id=one.id,
        says=TAKES_BACK if one.revokes is not None else _WORDS[one.kind],
        changes=tuple(
            f"{name}: {words.text(value_text(value))}" for name, value in one.changes.items()
        ),
        subjects=tuple(dict.fromkeys(it.statement for it in one.subjects if not it.is_whole)),
        documents=tuple(dict.fromkeys(it.document for it in one.subjects if it.is_whole)),
        by=one_line(one.by),
        made=one.made_at,
        note=one_line(one.note),
        state=state,
        revokes=one.revokes,
        right=None if state == TAKEN_BACK else right_for(one.kind),
    )
