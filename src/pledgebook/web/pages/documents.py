"""Documents, and each of them beside its statements: the reading desk of one document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.coding.coding import CodedStatement, Coding, Mark
from pledgebook.ledger.document_list import document_ids, document_page
from pledgebook.ledger.explain import document_name
from pledgebook.ledger.records import StoredDocument
from pledgebook.web.asking import AskedFor
from pledgebook.web.desk.fields import CHOICES, changes_of, fields_of_form, form_of
from pledgebook.web.desk.marking import Span, pieces
from pledgebook.web.parts import TheBook, TheKept, ThePerson, TheStore, TheView
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.wording import Wording

__all__ = ["router"]

router = APIRouter()
_ON_A_PAGE = 50
_LONGEST_SHOWN = 400_000

Name = Annotated[str, Form(max_length=30)]
Note = Annotated[str, Form(max_length=4_000)]


@router.get("/documents", dependencies=[needs(Right.READ)], include_in_schema=False)
def documents(request: Request, store: TheStore, kept: TheKept, asked: AskedFor) -> Response:
    """Show the documents of the book, newest first."""
    ids = kept.get(("documents", store.version()[0]), lambda: document_ids(store))
    offset = (asked.page - 1) * _ON_A_PAGE
    found = document_page(store, limit=_ON_A_PAGE, offset=offset, ids=ids)
    return page(
        request,
        "pages/documents.html",
        title="Documents",
        asked=asked,
        found=found,
        pages=-(-found.total // _ON_A_PAGE),
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """A document as a person sees it."""

    document: StoredDocument
    coding: Coding | None
    why: str = ""


def _opened(book: Book, name: str, by: str) -> _Opened:
    stored = book.store.document(name)
    if stored.state != "shown":
        return _Opened(stored, None, f"It is {stored.state}: it does not count in the ledger.")
    return _Opened(stored, book.coding.of(name, by))


@router.get("/documents/{name}", dependencies=[needs(Right.READ)], include_in_schema=False)
def document(
    request: Request,
    name: str,
    book: TheBook,
    view: TheView,
    person: ThePerson,
    statement: Annotated[str | None, Query(max_length=30)] = None,
    edit: Annotated[str | None, Query(max_length=30)] = None,
) -> Response:
    """Show a document beside its statements; `edit` opens the form of one of them."""
    opened = _opened(book, name, person.name)
    coded = opened.coding.statements if opened.coding else ()
    spans = [
        Span(one.id, one.statement.evidence.start, one.statement.evidence.end)
        for one in coded
        if one.mark is not Mark.LATER
    ]
    text = opened.document.text[:_LONGEST_SHOWN]
    return page(
        request,
        "pages/document.html",
        title=document_name(opened.document),
        document=opened.document,
        coding=opened.coding,
        why=opened.why,
        cut=len(opened.document.text) - len(text),
        pieces=pieces(text, spans),
        coded=coded,
        line=Wording(request.app.state.catalogue.parties).statement,
        home=view.ledger.home,
        current=statement,
        edit=edit,
        form=form_of,
        choices=CHOICES,
        codes=request.app.state.catalogue.parties,
        undo=_newest(opened.coding),
    )


def _newest(coding: Coding | None) -> str | None:
    """Return the last judgement of a person on a document, which undo takes back."""
    if coding is None:
        return None
    return next((one.judgements[-1] for one in reversed(coding.statements) if one.judgements), None)


@router.post(
    "/documents/{name}/judge", dependencies=[needs(Right.JUDGE_READING)], include_in_schema=False
)
def judge(
    name: str,
    book: TheBook,
    person: ThePerson,
    kind: Annotated[str, Form(max_length=20)],
    statement: Name,
    note: Note = "",
) -> Response:
    """Accept or reject one statement, and go on to the next that is not judged."""
    made = book.coding.judge(kind, name, statement, by=person.name, note=note)
    return _on(book, name, person.name, statement, made.id)


@router.post(
    "/documents/{name}/correct", dependencies=[needs(Right.JUDGE_READING)], include_in_schema=False
)
async def correct(request: Request, name: str, book: TheBook, person: ThePerson) -> Response:
    """Put fields of one statement right."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    return await run_in_threadpool(_corrected, book, name, person.name, form, request)


def _corrected(book: Book, name: str, by: str, form: dict[str, str], request: Request) -> Response:
    statement = form.get("statement", "")[:30]
    found = _statement(book.coding.of(name, by), statement)
    fields = fields_of_form(form, request.app.state.catalogue)
    changes = changes_of(found.statement, fields)
    if not changes:
        raise UsageError("nothing was changed", mend="Accept the statement if it is right")
    note = form.get("note", "")[:4_000]
    made = book.coding.judge("corrected", name, statement, by=by, note=note, changes=changes)
    return _on(book, name, by, statement, made.id)


@router.post(
    "/documents/{name}/add", dependencies=[needs(Right.JUDGE_READING)], include_in_schema=False
)
async def add(request: Request, name: str, book: TheBook, person: ThePerson) -> Response:
    """Add a statement that the machine missed, on words that were marked or quoted."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    return await run_in_threadpool(_added, book, name, person.name, form, request)


def _added(book: Book, name: str, by: str, form: dict[str, str], request: Request) -> Response:
    text = book.store.document(name).text
    start, end = _span(form, text)
    fields = fields_of_form(form, request.app.state.catalogue)
    note = form.get("note", "")[:4_000]
    made = book.add_statement(name, start, end, fields, by=by, note=note)
    added = made.subjects[0].statement
    return RedirectResponse(f"/documents/{name}?statement={added}&done={made.id}#{added}", 303)


def _span(form: dict[str, str], text: str) -> tuple[int, int]:
    """Return the place of the words: as a script measured it, or where the quote stands."""
    quoted = form.get("quote", "").replace("\r\n", "\n").strip()
    start = form.get("start", "")
    if start.isdecimal() and quoted and text[int(start) :].startswith(quoted):
        return int(start), int(start) + len(quoted)
    if not quoted:
        raise UsageError("no words are given", mend="Mark or paste the words that say it")
    places = text.count(quoted)
    if places != 1:
        what = "are not in the document" if not places else f"stand there {places} times"
        raise UsageError(
            f"these words {what}", mend="Give them as they stand there, with enough around them"
        )
    at = text.index(quoted)
    return at, at + len(quoted)


@router.post(
    "/documents/{name}/done", dependencies=[needs(Right.JUDGE_READING)], include_in_schema=False
)
def done(name: str, book: TheBook, person: ThePerson, note: Note = "") -> Response:
    """Say that this person is done with the document, and go on to the next."""
    book.coding.finish(name, by=person.name, note=note)
    return RedirectResponse(f"/reading/next?after={quote(name)}", 303)


@router.post(
    "/documents/{name}/reopen", dependencies=[needs(Right.JUDGE_READING)], include_in_schema=False
)
def reopen(name: str, book: TheBook, person: ThePerson) -> Response:
    """Take back that this person is done with it."""
    book.coding.reopen(name, by=person.name)
    return RedirectResponse(f"/documents/{name}", 303)


@router.post(
    "/documents/{name}/undo", dependencies=[needs(Right.JUDGE_READING)], include_in_schema=False
)
def undo(name: str, book: TheBook, person: ThePerson, judgement: Name) -> Response:
    """Take one of this person's own judgements back."""
    made = {one.id: one for one in book.judgements()}.get(judgement)
    if made is None or made.by != person.name:
        raise HTTPException(403, "Only what you judged yourself is taken back at the reading desk")
    revocation = made.revocation(
        by=person.name, note="undone at the reading desk", made_at=book.store.clock()
    )
    book.store.judge(revocation)
    statement = made.subjects[0].statement if made.subjects else ""
    return RedirectResponse(f"/documents/{name}?statement={statement}#k-{statement}", 303)


@router.post(
    "/documents/{name}/withdraw", dependencies=[needs(Right.WITHDRAW)], include_in_schema=False
)
def withdraw(name: str, book: TheBook, person: ThePerson, note: Note = "") -> Response:
    """Hide a document and all that was read from it."""
    book.withdraw(name, by=person.name, note=note)
    return RedirectResponse(f"/documents/{name}", 303)


@router.post(
    "/documents/{name}/restore", dependencies=[needs(Right.WITHDRAW)], include_in_schema=False
)
def restore(name: str, book: TheBook, person: ThePerson, note: Note = "") -> Response:
    """Show a withdrawn document again."""
    book.restore(name, by=person.name, note=note)
    return RedirectResponse(f"/documents/{name}", 303)


def _statement(coding: Coding, name: str) -> CodedStatement:
    found = next((one for one in coding.statements if one.id == name), None)
    if found is None:
        raise HTTPException(404, "This statement is not among those of the document any more")
    return found


def _on(book: Book, name: str, by: str, statement: str, made: str) -> Response:
    """Go on to the next statement that is not judged, or stay where all are."""
    coded = book.coding.of(name, by).statements
    place = next((at for at, one in enumerate(coded) if one.id == statement), 0)
    ahead = [*coded[place + 1 :], *coded[:place]]
    following = next((one.id for one in ahead if one.mark is Mark.UNREAD), statement)
    return RedirectResponse(
        f"/documents/{name}?statement={following}&done={made}#k-{following}", 303
    )
