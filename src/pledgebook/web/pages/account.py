"""One's own account: what one may do, password, tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.ledger.access.records import Person as Known
from pledgebook.ledger.access.records import Refusal
from pledgebook.ledger.access.roles import Right, Role, right_rules
from pledgebook.web.parts import TheBook, ThePerson
from pledgebook.web.people.acting import actor_of, address_of
from pledgebook.web.people.knowing import Team
from pledgebook.web.person import Person, needs
from pledgebook.web.rendering import page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_MINE = [needs(Right.ACCOUNT)]


@router.get("/account", dependencies=_MINE)
def account(request: Request, book: TheBook, person: ThePerson, done: str = "") -> Response:
    """Show what one may do, and one's tokens."""
    said = {"password": "Your password is changed; your other sessions have ended, and your "
                        "tokens unless you kept them.",
            "token": "The token opens nothing any more."}.get(done)  # fmt: skip
    return _page(request, book, person, said=said)


@router.post("/account/password", dependencies=_MINE)
def change_password(
    request: Request,
    book: TheBook,
    person: ThePerson,
    current: Annotated[str, Form(max_length=2000)] = "",
    new: Annotated[str, Form(max_length=2000)] = "",
    again: Annotated[str, Form(max_length=2000)] = "",
    keep_tokens: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Change one's password; one stays signed in here."""
    known = _known(book, person)
    if new != again:
        return _page(request, book, person, fault="The two new passwords differ.", status=400)
    try:
        found = book.gate.change_password(
            known, current, new, address_of(request), keep_tokens=bool(keep_tokens)
        )
    except UsageError as error:
        return _page(request, book, person, fault=str(error), status=400)
    if isinstance(found, Refusal):
        status = 429 if found.seconds else 400
        answer = _page(request, book, person, fault=found.reason, status=status)
        if found.seconds:
            answer.headers["retry-after"] = str(found.seconds)
        return answer
    answer = RedirectResponse("/account?done=password", 303)
    team: Team = request.app.state.people
    team.begin(answer, found)
    return answer


@router.post("/account/tokens", dependencies=_MINE)
def add_token(
    request: Request,
    book: TheBook,
    person: ThePerson,
    label: Annotated[str, Form(max_length=200)] = "",
    role: Annotated[str, Form(max_length=20)] = "",
    days: Annotated[int | None, Form()] = None,
) -> Response:
    """Make a token and show it, once."""
    known = _known(book, person)
    try:
        granted = Role.named(role) if role else None
        token, secret = book.gate.tokens.add(
            known, label, by=actor_of(request), role=granted, days=days
        )
    except UsageError as error:
        return _page(request, book, person, fault=str(error), status=400)
    return _page(request, book, person, secret=secret, made=token.id)


@router.post("/account/tokens/{token_id}/revoke", dependencies=_MINE)
def revoke_token(request: Request, book: TheBook, person: ThePerson, token_id: str) -> Response:
    """Revoke one of one's own tokens."""
    book.gate.tokens.revoke(token_id, by=actor_of(request), owner=_known(book, person))
    return RedirectResponse("/account?done=token", 303)


def _known(book: Book, person: Person) -> Known:
    """Return who it is in the book; with one user there are no accounts."""
    if person.id is None:
        raise HTTPException(404, "There are no accounts on this server: you are its one user.")
    return book.gate.persons.find(person.id)


def _page(
    request: Request,
    book: Book,
    person: Person,
    *,
    status: int = 200,
    said: str | None = None,
    fault: str | None = None,
    secret: str | None = None,
    made: str | None = None,
) -> Response:
    known = _known(book, person) if person.id else None
    rules = [rule for right, rule in right_rules().items() if person.may(right)]
    roles = [one for one in Role if person.role is not None and one.rank <= person.role.rank]
    return page(
        request,
        "pages/account.html",
        status=status,
        known=known,
        may=[rule.says for rule in rules],
        tokens=book.gate.tokens.all(known)[::-1] if known else [],
        now=book.store.clock(),
        roles=roles,
        rules=book.gate.limits,
        said=said,
        fault=fault,
        secret=secret,
        made=made,
    )
