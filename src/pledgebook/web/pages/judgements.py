"""What people decided: all judgements with how they stand, and the taking back of one."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.judgements import Judgement, in_force
from pledgebook.web.judged import judgement_rows, right_for
from pledgebook.web.parts import TheBook, ThePerson, TheStore, TheView
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.tables import Column, Table, offer_table
from pledgebook.web.wording import Wording

__all__ = ["router"]

router = APIRouter()
_PER_PAGE = 50
_Text = Annotated[str, Query(max_length=200)]


def _wanted(every: list[Judgement], by: str, of: str) -> list[Judgement]:
    """Return judgements, newest first: all, those of a person, or one with what takes it back."""
    return [
        one
        for one in reversed(every)
        if (not by or one.by == by) and (not of or of in (one.id, one.revokes))
    ]


@router.get("/judgements", dependencies=[needs(Right.READ)], include_in_schema=False)
def judgements(
    request: Request,
    view: TheView,
    store: TheStore,
    by: _Text = "",
    of: _Text = "",
    page_: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """Show the judgements of the book, the newest first."""
    every = store.judgements()
    found = _wanted(every, by.strip(), of.strip())
    pages = max(1, -(-len(found) // _PER_PAGE))
    number = min(page_, pages)
    some = found[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    words = Wording(view.catalogue.parties)
    return page(
        request,
        "pages/judgements.html",
        title="Judgements",
        rows=judgement_rows(some, view.ledger.decisions, words, every),
        people=Counter(one.by for one in every).most_common(),
        by=by.strip(),
        of=of.strip(),
        total=len(found),
        number=number,
        pages=pages,
    )


@router.post(
    "/judgements/{name}/revoke",
    dependencies=[needs(Right.JUDGE_READING)],
    include_in_schema=False,
)
def revoke(
    name: str,
    book: TheBook,
    store: TheStore,
    person: ThePerson,
    note: Annotated[str, Form(max_length=500)] = "",
    back: Annotated[str, Form(max_length=500)] = "/judgements",
) -> Response:
    """Take a judgement back, or restore one by taking back what took it back."""
    every = store.judgements()
    made = next((one for one in every if one.id == name), None)
    if made is None:
        raise NotFoundError(f"there is no judgement {name}", mend="Copy an id from the list")
    right = right_for(made.kind)
    if not person.may(right):
        raise HTTPException(403, f"Your role may not take back a judgement of {made.kind.value!r}")
    standing = {one.id for one in in_force(every)}
    gone = {one.revokes for one in every if one.revokes is not None}
    if (made.revokes is None and made.id not in standing) or (
        made.revokes is not None and made.id in gone
    ):
        raise UsageError(f"{name} was taken back already", mend="Load the page again")
    book.revoke(made.id, by=person.name, note=note.strip())
    # Only to a page of this server: "//host" would lead elsewhere.
    return RedirectResponse("/" + back.lstrip("/\\"), 303)


def judgements_table(view: TheView, store: TheStore, by: _Text = "", of: _Text = "") -> Table:
    """Return the judgements as a table."""
    every = store.judgements()
    rows = judgement_rows(
        _wanted(every, by.strip(), of.strip()),
        view.ledger.decisions,
        Wording(view.catalogue.parties),
        every,
    )
    columns = (
        Column("id", "Id"),
        Column("says", "Judgement"),
        Column("changes", "Changes"),
        Column("subjects", "Statements"),
        Column("documents", "Documents"),
        Column("by", "By"),
        Column("made", "Made"),
        Column("state", "State"),
        Column("revokes", "Takes back"),
        Column("note", "Note"),
    )
    records: list[dict[str, Any]] = [
        {
            "id": row.id,
            "says": row.says,
            "changes": "; ".join(row.changes),
            "subjects": " ".join(row.subjects),
            "documents": " ".join(row.documents),
            "by": row.by,
            "made": row.made.isoformat(timespec="seconds"),
            "state": row.state,
            "revokes": row.revokes,
            "note": row.note,
        }
        for row in rows
    ]
    return Table("judgements", columns, records)


offer_table(router, "/tables/judgements", judgements_table)
