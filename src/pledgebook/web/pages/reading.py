"""The reading desk's queue, the agreement of two coders, and the codings to take along."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from pledgebook.book import Book
from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.coding.queue import Queue
from pledgebook.web.asking import AskedFor
from pledgebook.web.keeping import Kept
from pledgebook.web.live import View
from pledgebook.web.parts import TheBook, TheKept, ThePerson, TheStore, TheView
from pledgebook.web.person import needs
from pledgebook.web.rendering import page

__all__ = ["router"]

router = APIRouter()
_ON_A_PAGE = 25
_DISAGREEMENTS = 60

Text = Annotated[str, Query(max_length=200)]
Blind = Annotated[bool, Query()]


def _queue(book: Book, view: View, kept: Kept, by: str, *, blind: bool) -> Queue:
    """Return the queue of a person; the order of what stands out may be that of a moment ago.

    What people did is as it is now.
    """
    ranking, _ = kept.lately(("reading",), view.number, lambda: book.coding.ranking(view.ledger))
    return book.coding.queue(by, blind=blind, ranking=ranking)


@router.get("/reading", dependencies=[needs(Right.READ)], include_in_schema=False)
def reading(
    request: Request,
    book: TheBook,
    store: TheStore,
    view: TheView,
    kept: TheKept,
    person: ThePerson,
    asked: AskedFor,
    blind: Blind = False,
) -> Response:
    """Show what is to be checked, what matters most first, and who coded what."""
    queue = _queue(book, view, kept, person.name, blind=blind)
    start = (asked.page - 1) * _ON_A_PAGE
    shown = queue.documents[start : start + _ON_A_PAGE]
    named = store.texts([one.document for one in shown]) if shown else {}
    return page(
        request,
        "pages/reading.html",
        title="Reading desk",
        asked=asked,
        blind=blind,
        queue=queue,
        shown=shown,
        documents=named,
        pages=-(-len(queue.documents) // _ON_A_PAGE),
        coders=book.coding.coders(),
    )


@router.get("/reading/next", dependencies=[needs(Right.READ)], include_in_schema=False)
def following(
    book: TheBook,
    view: TheView,
    kept: TheKept,
    person: ThePerson,
    after: Text = "",
    blind: Blind = False,
) -> Response:
    """Go to the document that matters most of those that this person is not done with."""
    queue = _queue(book, view, kept, person.name, blind=blind)
    first = next((one for one in queue.documents[:2] if one.document != after), None)
    return RedirectResponse(f"/documents/{first.document}" if first else "/reading", 303)


@router.get("/reading/agreement", dependencies=[needs(Right.READ)], include_in_schema=False)
def agreement(request: Request, book: TheBook, one: Text, other: Text) -> Response:
    """Show how far two people agree, and where they do not."""
    found = book.coding.agreement(one, other)
    return page(
        request,
        "pages/agreement.html",
        title="Agreement",
        found=found,
        shown=found.disagreements[:_DISAGREEMENTS],
    )


@router.get("/reading/corpus.jsonl", dependencies=[needs(Right.READ)], include_in_schema=False)
def corpus(book: TheBook, coder: Text = "", texts: Annotated[bool, Query()] = False) -> Response:
    """Give the codings as they stand, in the format of the corpora: one document a line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coded.jsonl"
        book.export("corpus", path, coder=coder or None, with_text=texts)
        content = path.read_bytes()
    headers = {"content-disposition": 'attachment; filename="coded.jsonl"'}
    return Response(content, headers=headers, media_type="application/jsonl")
