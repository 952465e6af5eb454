"""Judging: what people decided of statements and commitments, and taking it back."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException

from pledgebook.ledger.access.roles import Right
from pledgebook.web.api.looking import Limit, Offset
from pledgebook.web.api.models import JudgementList, JudgementRecord, NewJudgement, Revocation
from pledgebook.web.api.records import judgement_of
from pledgebook.web.parts import TheBook, ThePerson, TheView
from pledgebook.web.person import Person, needs

__all__ = ["router"]

router = APIRouter(tags=["judgements"])
_OF_JOINING = frozenset({"same", "different", "counted"})


@router.get("/judgements", dependencies=[needs(Right.READ)])
def judgements(
    book: TheBook, view: TheView, limit: Limit = 100, offset: Offset = 0
) -> JudgementList:
    """All that people decided, newest first, with whether it is in force."""
    made = book.judgements()[::-1]
    state = view.ledger.decisions.state
    return JudgementList(
        total=len(made),
        limit=limit,
        offset=offset,
        judgements=[judgement_of(one, state(one)) for one in made[offset : offset + limit]],
    )


@router.post("/judgements", status_code=201, dependencies=[needs(Right.JUDGE_READING)])
def judge(new: NewJudgement, book: TheBook, person: ThePerson) -> JudgementRecord:
    """Record a judgement: same, different, wrong, corrected, accepted. It can be taken back."""
    _allow(person, new.kind)
    made = book.judge(new.kind, *new.ids, by=person.name, note=new.note, changes=new.changes)
    return judgement_of(made, "recorded")


@router.post("/judgements/{name}/revocation", status_code=201,
             dependencies=[needs(Right.JUDGE_READING)])  # fmt: skip
def revoke(name: str, given: Revocation, book: TheBook, person: ThePerson) -> JudgementRecord:
    """Take a judgement back: the ledger is as if it had never been made."""
    for one in book.judgements():
        if one.id.startswith(name):
            _allow(person, one.kind)
    return judgement_of(book.revoke(name, by=person.name, note=given.note), "recorded")


def _allow(person: Person, kind: str) -> None:
    """Raise a refusal where somebody may not judge so, nor take such a judgement back."""
    if kind in _OF_JOINING and not person.may(Right.JUDGE_JOINING):
        role = person.role.value if person.role else "nobody"
        raise HTTPException(403, f"Your role, {role}, may not judge what belongs together")
