"""Documents, what was read from them, and the faults that reading met."""

from __future__ import annotations

from fastapi import APIRouter

from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.document_list import document_ids, document_page
from pledgebook.web.api.looking import Limit, Offset
from pledgebook.web.api.models import DocumentList, DocumentText, ProblemRecord
from pledgebook.web.api.records import document_of, evidenced
from pledgebook.web.parts import TheBook, TheKept, TheView
from pledgebook.web.person import needs

__all__ = ["router"]

router = APIRouter(dependencies=[needs(Right.READ)], tags=["documents"])


@router.get("/documents")
def documents(book: TheBook, kept: TheKept, limit: Limit = 100, offset: Offset = 0) -> DocumentList:
    """Documents of the book, newest first, without their texts."""
    ids = kept.get(("documents", book.store.version()[0]), lambda: document_ids(book.store))
    found = document_page(book.store, limit=limit, offset=offset, ids=ids)
    return DocumentList(
        total=found.total,
        limit=limit,
        offset=offset,
        documents=[document_of(one) for one in found.documents],
    )


@router.get("/documents/{name}")
def document(name: str, book: TheBook, view: TheView) -> DocumentText:
    """Return a document with its text, and the statements that count with their words."""
    stored = book.store.document(name)
    entries = view.of_document(name)
    return DocumentText(
        document=document_of(stored),
        text=stored.text,
        statements=evidenced(entries, view.ledger, {name: stored}),
    )


@router.get("/problems")
def problems(book: TheBook) -> list[ProblemRecord]:
    """Faults in data that reading met, each with its place and mend."""
    return [ProblemRecord.model_validate(one.model_dump(mode="json")) for one in book.problems()]
