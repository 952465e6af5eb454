"""Light or dark, for browsers without JavaScript; and whether the server is there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from pledgebook.web.person import open_to_all

__all__ = ["router"]

router = APIRouter()
_A_YEAR = 31_536_000


@router.post("/theme", dependencies=[open_to_all()], include_in_schema=False)
def choose_theme(theme: Annotated[str, Form()], back: Annotated[str, Form()] = "/") -> Response:
    """Keep the theme that was chosen, and go back."""
    chosen = theme if theme in ("light", "dark") else ""
    # Only to a page of this server: "//host" would lead elsewhere.
    answer = RedirectResponse("/" + back.lstrip("/\\"), 303)
    answer.set_cookie("theme", chosen, max_age=_A_YEAR, samesite="lax", path="/")
    return answer


@router.get("/health", dependencies=[open_to_all()], include_in_schema=False)
def health() -> Response:
    """Say that the server answers."""
    return PlainTextResponse("ok\n")
