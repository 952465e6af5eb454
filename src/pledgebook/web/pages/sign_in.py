"""Signing in and out, by password or through an OIDC issuer."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from pledgebook.ledger.access.records import Refusal
from pledgebook.web.parts import TheBook, ThePerson, TheSettings
from pledgebook.web.people.acting import address_of
from pledgebook.web.people.knowing import Team
from pledgebook.web.people.oidc import Begun, Issuer
from pledgebook.web.person import open_to_all
from pledgebook.web.rendering import page

__all__ = ["router"]

router = APIRouter(include_in_schema=False, dependencies=[])
_OPEN = [open_to_all()]
_NO_COOKIE = (
    "Your browser did not send the cookie of this page back. Allow cookies here, try again."
)
_OIDC_SECONDS = 600


@router.get("/sign-in", dependencies=_OPEN)
def sign_in_page(request: Request, person: ThePerson, then: str = "/") -> Response:
    """Show the form."""
    if person.role is not None or not isinstance(request.app.state.people, Team):
        return RedirectResponse(_inside(then), 303)
    return _form(request, then)


@router.post("/sign-in", dependencies=_OPEN)
def sign_in(
    request: Request,
    book: TheBook,
    person: ThePerson,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    then: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Let somebody in, or say why not."""
    team = _team(request)
    if person.csrf is None:
        return _form(request, then, Refusal(_NO_COOKIE), 403)
    found = book.gate.sign_in(name, password, address_of(request), person.session)
    if isinstance(found, Refusal):
        return _form(request, then, found, 429 if found.seconds else 401)
    answer = RedirectResponse(_inside(then), 303)
    team.begin(answer, found)
    return answer


@router.post("/sign-out", dependencies=_OPEN)
def sign_out(request: Request, book: TheBook, person: ThePerson) -> Response:
    """End the session."""
    team = _team(request)
    book.gate.sign_out(person.session, address_of(request))
    answer = RedirectResponse("/sign-in", 303)
    team.drop(answer, team.session_cookie)
    # Nothing of what was seen stays with the browser.
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


@router.get("/sign-in/oidc", dependencies=_OPEN)
def to_the_issuer(request: Request, then: str = "/") -> Response:
    """Send the browser to the issuer."""
    team, begun = _team(request), Begun.fresh(_inside(then)[:1000])
    answer = RedirectResponse(_issuer(request).begin(_back(request), begun), 303)
    team.keep(answer, team.oidc_cookie, begun.to_cookie(), _OIDC_SECONDS)
    return answer


@router.get("/sign-in/oidc/back", dependencies=_OPEN)
def from_the_issuer(
    request: Request,
    book: TheBook,
    person: ThePerson,
    code: str = "",
    state: str = "",
    error: str = "",
) -> Response:
    """Let in whom the issuer vouches for, or say why not."""
    team, issuer = _team(request), _issuer(request)
    begun = Begun.from_cookie(request.cookies.get(team.oidc_cookie, ""))
    if begun is None or not hmac.compare_digest(
        begun.state.encode(), state.encode("utf-8", "replace")
    ):
        # Somebody else's answer, or one that is too old.
        return _form(request, "/", Refusal("This sign-in was begun elsewhere, or long ago."), 403)
    if error or not code:
        answer = _form(request, begun.then, Refusal(f"{issuer.settings.name} let nobody in."), 401)
    else:
        claims = issuer.finish(_back(request), code, begun)
        found = book.gate.open_oidc(
            issuer.settings.issuer,
            str(claims["sub"]),
            claims,
            address_of(request),
            previous=person.session,
            newcomers=issuer.settings.newcomers,
        )
        if isinstance(found, Refusal):
            answer = _form(request, begun.then, found, 403)
        else:
            answer = RedirectResponse(_inside(begun.then), 303)
            team.begin(answer, found)
    team.drop(answer, team.oidc_cookie)
    return answer


def _form(
    request: Request, then: str, refusal: Refusal | None = None, status: int = 200
) -> Response:
    """Return the form, with a cookie by which it is checked when it comes back."""
    team = _team(request)
    visit = request.cookies.get(team.visit_cookie) or team.fresh_visit()
    request.scope["state"]["person"] = team.visitor(visit)
    oidc = request.app.state.settings.oidc
    answer = page(
        request,
        "pages/sign_in.html",
        status=status,
        then=_inside(then),
        refusal=refusal,
        oidc=oidc.name if oidc else None,
    )
    team.new_visit(answer, visit)
    if refusal is not None and refusal.seconds:
        answer.headers["retry-after"] = str(refusal.seconds)
    return answer


def _team(request: Request) -> Team:
    found = request.app.state.people
    if not isinstance(found, Team):
        raise HTTPException(404, "There are no accounts on this server: you are its one user.")
    return found


def _issuer(request: Request) -> Issuer:
    found: Issuer | None = request.app.state.issuer
    if found is None:
        raise HTTPException(404, "No other issuer vouches for anybody here.")
    return found


def _back(request: Request) -> str:
    """Return the address that the issuer sends browsers back to."""
    settings: TheSettings = request.app.state.settings
    scheme = "https" if settings.secure else "http"
    return f"{scheme}://{request.headers['host']}/sign-in/oidc/back"


def _inside(then: str) -> str:
    """Return a place on this server: "//host" would lead elsewhere."""
    return "/" + "".join(sign for sign in then if sign.isprintable()).lstrip("/\\")
