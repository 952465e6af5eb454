"""The joining desk: pairs and clusters to judge, with the reasons; split, join, undo."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.explain import Explanation
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.opening import Opening
from pledgebook.web.asking import AskedFor
from pledgebook.web.joining.judging import decide_pair, split
from pledgebook.web.joining.pairs import (
    Pair,
    likely_pairs,
    pair_of,
    still_open,
    weakest_links,
)
from pledgebook.web.live import View
from pledgebook.web.parts import TheBook, TheKept, ThePerson, TheView
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.wording import Wording

__all__ = ["router"]

router = APIRouter()
_ON_A_PAGE = 25
_SHOWN = 12
_OF_JOINING = (Verdict.SAME, Verdict.DIFFERENT)

Note = Annotated[str, Form(max_length=4_000)]


@router.get("/joining", dependencies=[needs(Right.READ)], include_in_schema=False)
def joining(
    request: Request,
    book: TheBook,
    view: TheView,
    kept: TheKept,
    asked: AskedFor,
    between: Annotated[str | None, Query(max_length=60)] = None,
    skip: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """Show two commitments beside each other, and the pairs that come after."""
    pairs, newest = kept.lately(
        ("joining", view.as_of, asked.narrowed),
        view.number,
        lambda: likely_pairs(view.ledger, view.commitments(asked.narrowed)),
    )
    if not newest:
        # What was judged since is not asked again.
        pairs = still_open(pairs, view.commitment)
    if between is not None:
        pair: Pair | None = _asked_pair(view, between)
    else:
        pair = pairs[skip] if skip < len(pairs) else None
    sides = [_told(book, view, one) for one in (pair.one, pair.other)] if pair else []
    return page(
        request,
        "pages/joining.html",
        title="Joining desk",
        asked=asked,
        pair=pair,
        sides=sides,
        between=between,
        skip=skip,
        left=len(pairs),
        coming=pairs[skip + 1 : skip + 1 + _ON_A_PAGE] if between is None else pairs[:_ON_A_PAGE],
        commitment_title=Wording(request.app.state.catalogue.parties).title,
        last=_last(book, view, kept),
        shown=_SHOWN,
    )


@router.get("/joining/{name}", dependencies=[needs(Right.READ)], include_in_schema=False)
def cluster(request: Request, name: str, book: TheBook, view: TheView, kept: TheKept) -> Response:
    """Show all that was joined to one commitment, the least sure first, to part what is not it."""
    commitment = _known(view, name)
    told = {one.id: one for one in _told(book, view, commitment, limit=None)}
    return page(
        request,
        "pages/joining_cluster.html",
        title="Joining desk",
        commitment=commitment,
        words=Wording(request.app.state.catalogue.parties).title(commitment),
        statements=[told[one] for one in weakest_links(commitment) if one in told],
        near=[pair_of(view.ledger, commitment, other) for other in _near(view, commitment)],
        commitment_title=Wording(request.app.state.catalogue.parties).title,
        last=_last(book, view, kept),
    )


@router.post("/joining", dependencies=[needs(Right.JUDGE_JOINING)], include_in_schema=False)
def judge(
    book: TheBook,
    view: TheView,
    person: ThePerson,
    kind: Annotated[str, Form(max_length=20)],
    one: Annotated[str, Form(max_length=30)],
    other: Annotated[str, Form(max_length=30)],
    note: Note = "",
    back: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Record what was decided of two commitments, and go on with the next pair."""
    first, second = _known(view, one), _known(view, other)
    if first.id == second.id:
        raise UsageError("these two are one commitment already", mend="Split it at /joining/ID")
    made = decide_pair(book, view.ledger, kind, first, second, person.name, note)
    return RedirectResponse(_onward(back, made.id), 303)


@router.post(
    "/joining/{name}/split", dependencies=[needs(Right.JUDGE_JOINING)], include_in_schema=False
)
def part(
    name: str,
    book: TheBook,
    view: TheView,
    person: ThePerson,
    statement: Annotated[list[str] | None, Form()] = None,
    note: Note = "",
) -> Response:
    """Record that some statements speak of another undertaking."""
    commitment = _known(view, name)
    made = split(book, view.ledger, commitment, statement or [], person.name, note)
    return RedirectResponse(f"/joining/{commitment.id}?done={made.id}", 303)


@router.post(
    "/joining/undo/{name}", dependencies=[needs(Right.JUDGE_JOINING)], include_in_schema=False
)
def undo(
    name: str,
    book: TheBook,
    person: ThePerson,
    back: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Take a judgement back."""
    book.revoke(name, by=person.name, note="undone at the joining desk")
    return RedirectResponse(_onward(back), 303)


def _onward(back: str, made: str | None = None) -> str:
    """Return where to go on: to a page of this desk, with what was just done."""
    place = (
        back if back == "/joining" or back.startswith(("/joining?", "/joining/")) else "/joining"
    )
    if made is None:
        return place
    return f"{place}{'&' if '?' in place else '?'}done={made}"


def _known(view: View, name: str) -> Commitment:
    found = view.commitment(name)
    if found is None:
        raise NotFoundError(f"there is no commitment {name}", mend="Look for it with the search")
    return found


def _asked_pair(view: View, between: str) -> Pair:
    names = between.split(",")
    if len(names) != 2:
        raise UsageError("a pair has two ids", mend="As in ?between=c0123,c4567")
    one, other = (_known(view, name.strip()) for name in names)
    if one.id == other.id:
        raise UsageError(
            "these two are one commitment already", mend=f"Split it at /joining/{one.id}"
        )
    return pair_of(view.ledger, one, other)


def _near(view: View, commitment: Commitment) -> list[Commitment]:
    """Return the commitments that this one may be the same as."""
    found = {}
    for doubt in sorted(commitment.doubts, key=lambda one: -one.score):
        other = view.commitment("c" + doubt.anchor[1:])
        if other is not None and other.id != commitment.id:
            found[other.id] = other
    return list(found.values())[:_SHOWN]


def _told(
    book: TheBook, view: View, commitment: Commitment, limit: int | None = _SHOWN
) -> list[Explanation]:
    """Return the statements of a commitment with their quotes, earliest first."""
    entries = [view.ledger.entries[name] for name in commitment.statements[:limit]]
    explainer = Opening(view.ledger, book.store, view.catalogue).explainer(entries)
    return [explainer.statement(entry, commitment.links.get(entry.id)) for entry in entries]


def _last(book: TheBook, view: TheView, kept: TheKept) -> list[Judgement]:
    """Return what was judged lately at this desk and is not taken back, newest first."""

    def make() -> list[Judgement]:
        made = book.judgements()
        gone = {one.revokes for one in made if one.revokes}
        return [
            one
            for one in reversed(made)
            if one.kind in _OF_JOINING and not one.revokes and one.id not in gone
        ][:5]

    return kept.get(("judged at the joining desk", view.number), make)
