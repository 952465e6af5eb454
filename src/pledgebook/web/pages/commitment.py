"""One commitment: its stages on a line of time, every sentence, and what was not joined to it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from pledgebook.errors import NotFoundError
from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.cite import Citation, cite
from pledgebook.ledger.lookup import Lookup
from pledgebook.web.asking import AskedFor
from pledgebook.web.commitment.showing import page_with, show
from pledgebook.web.parts import AskedView, TheStore
from pledgebook.web.person import needs
from pledgebook.web.rendering import page

__all__ = ["router"]

router = APIRouter()
_STYLES = {"text": "text", "markdown": "markdown", "bibtex": "bibtex"}
_Id = Annotated[str | None, Query(max_length=40)]


@router.get("/commitments/{name}", dependencies=[needs(Right.READ)], include_in_schema=False)
def commitment(
    request: Request,
    name: str,
    asked: AskedFor,
    view: AskedView,
    store: TheStore,
    was: _Id = None,
    statement: _Id = None,
) -> Response:
    """Show a commitment; an id that it bore before it was merged leads to it."""
    found = view.commitment(name)
    day = {"as_of": str(asked.as_of)} if asked.as_of is not None else {}
    if found is None:
        # A running total, or the beginning of an id: what it names has a place of its own.
        Lookup(view.ledger, store).find(name)
        return RedirectResponse(f"/why/{name}{_query(day)}", 303)
    if found.id != name:
        return RedirectResponse(f"/commitments/{found.id}{_query(day | {'was': name})}", 303)
    number = page_with(found, statement) if statement is not None else None
    shown = show(found, view, store, number or asked.page)
    cited = {style: cite(shown.citations, style) for style in _STYLES}
    return page(
        request,
        "pages/commitment.html",
        title=shown.title,
        asked=asked,
        shown=shown,
        one=found,
        today=view.ledger.today,
        was=was if was is not None and was != found.id else None,
        cited=cited,
        day=_query(day),
    )


@router.get(
    "/commitments/{name}/cite.{style}", dependencies=[needs(Right.READ)], include_in_schema=False
)
def citations(name: str, style: str, view: AskedView, store: TheStore) -> Response:
    """Return citations of all statements of a commitment."""
    found = view.commitment(name)
    if found is None:
        raise NotFoundError(f"there is no commitment {name}", mend="Copy an id from the list")
    entries = [view.ledger.entries[one] for one in found.statements]
    documents = store.texts(sorted({entry.document for entry in entries}))
    text = cite([Citation.of(documents[entry.document], entry) for entry in entries], style)
    return PlainTextResponse(text + "\n")


def _query(values: dict[str, str]) -> str:
    return f"?{urlencode(values)}" if values else ""
