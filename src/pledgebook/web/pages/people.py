"""Persons, for admins: who may come in, as whom; and the audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.access.auditing import AuditEntry
from pledgebook.ledger.access.noting import Action
from pledgebook.ledger.access.roles import Right, Role, right_rules
from pledgebook.ledger.moments import from_instant
from pledgebook.web.parts import TheBook
from pledgebook.web.people.acting import actor_of
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.tables import FORMS, Column, Table, table_response

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_PEOPLE, _AUDIT = [needs(Right.PEOPLE)], [needs(Right.AUDIT)]
_SHOWN, _DOWNLOADED = 200, 100_000
# By name, so that nobody makes this page say something by a link.
_SAID = {
    "added": "One more may come in.",
    "role": "The role is changed; they sign in anew.",
    "password": "The password is changed; their sessions have ended.",
    "yes": "They may come in again.",
    "no": "They cannot come in any more. What they judged stays.",
}
_COLUMNS = tuple(
    Column(key, title)
    for key, title in (
        ("at", "When (UTC)"), ("who", "Who"), ("action", "What"), ("subject", "On"),
        ("outcome", "Outcome"), ("address", "From"), ("detail", "Detail"),
    )
)  # fmt: skip

Name = Annotated[str, Form(max_length=200)]
Secret = Annotated[str, Form(max_length=2000)]


@router.get("/people", dependencies=_PEOPLE)
def people(
    request: Request, book: TheBook, done: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Show who may come in, as whom."""
    return _page(request, book, said=_SAID.get(done, ""))


@router.post("/people", dependencies=_PEOPLE)
def add(
    request: Request,
    book: TheBook,
    name: Name = "",
    display_name: Name = "",
    role: Name = "",
    password: Secret = "",
    issuer: Name = "",
    subject: Name = "",
) -> Response:
    """Add somebody, by password or by what an issuer knows them as."""

    def change() -> None:
        book.gate.persons.add(
            name,
            Role.named(role),
            by=actor_of(request),
            password=password if password or not subject else None,
            display_name=display_name,
            issuer=issuer or None,
            subject=subject or None,
        )

    return _changed(request, book, "added", change)


@router.post("/people/{person_id}/role", dependencies=_PEOPLE)
def set_role(request: Request, book: TheBook, person_id: str, role: Name = "") -> Response:
    """Give somebody another role."""

    def change() -> None:
        book.gate.persons.set_role(person_id, Role.named(role), by=actor_of(request))

    return _changed(request, book, "role", change)


@router.post("/people/{person_id}/password", dependencies=_PEOPLE)
def set_password(
    request: Request, book: TheBook, person_id: str, password: Secret = ""
) -> Response:
    """Give somebody a new password."""

    def change() -> None:
        book.gate.persons.set_password(person_id, password, by=actor_of(request))

    return _changed(request, book, "password", change)


@router.post("/people/{person_id}/active", dependencies=_PEOPLE)
def set_active(request: Request, book: TheBook, person_id: str, active: Name = "") -> Response:
    """Turn somebody away, or let them in again."""
    if active not in ("yes", "no"):
        raise HTTPException(422, "active: yes or no")

    def change() -> None:
        book.gate.persons.set_active(person_id, active=active == "yes", by=actor_of(request))

    return _changed(request, book, active, change)


@router.get("/audit", dependencies=_AUDIT)
def audit(
    request: Request,
    book: TheBook,
    by: Annotated[str, Query(max_length=200)] = "",
    since: Annotated[str, Query(max_length=40)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show who did what, newest first."""
    found = _entries(book, by, since, action, _SHOWN + 1)
    return page(
        request,
        "pages/audit.html",
        entries=found[:_SHOWN],
        more=len(found) > _SHOWN,
        asked={"by": by, "since": since, "action": action},
        actions=list(Action),
        query=f"?{request.url.query}" if request.url.query else "",
    )


@router.get("/tables/audit.{form}", dependencies=_AUDIT)
def audit_file(
    book: TheBook,
    form: str,
    by: Annotated[str, Query(max_length=200)] = "",
    since: Annotated[str, Query(max_length=40)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Return the same as a file."""
    if form not in FORMS:
        raise HTTPException(404, f"There is no {form}; there are: {', '.join(FORMS)}")
    rows = [
        {
            "at": one.at.isoformat(),
            "who": one.who,
            "action": one.action.value,
            "subject": one.subject,
            "outcome": one.outcome,
            "address": one.address,
            "detail": one.detail,
        }
        for one in _entries(book, by, since, action, _DOWNLOADED)
    ]
    return table_response(Table("audit", _COLUMNS, rows), form)


def _entries(book: Book, by: str, since: str, action: str, limit: int) -> list[AuditEntry]:
    try:
        wanted = Action(action) if action else None
    except ValueError as error:
        raise UsageError(f"nothing called {action!r} is written down") from error
    return book.gate.log.entries(
        by=by or None, since=from_instant(since or None), action=wanted, limit=limit
    )


def _changed(request: Request, book: Book, done: str, change: Callable[[], None]) -> Response:
    """Change something and show the page again, or show it with what is wrong."""
    try:
        change()
    except NotFoundError:
        raise
    except UsageError as error:
        return _page(request, book, fault=str(error), status=400)
    return RedirectResponse(f"/people?done={done}", 303)


def _page(
    request: Request, book: Book, *, said: str = "", fault: str | None = None, status: int = 200
) -> Response:
    rules = right_rules().values()
    return page(
        request,
        "pages/people.html",
        status=status,
        persons=book.gate.persons.all(),
        roles=list(Role),
        says={role: [one.says for one in rules if one.least is role] for role in Role},
        said=said,
        fault=fault,
        oidc=request.app.state.settings.oidc,
    )
