"""The help: what the pages are for, what the words mean, what the keys do."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pledgebook.ledger.access.roles import Right
from pledgebook.web.helped import load_help
from pledgebook.web.person import needs
from pledgebook.web.rendering import page

__all__ = ["router"]

router = APIRouter()


@router.get("/help", dependencies=[needs(Right.READ)], include_in_schema=False)
def show_help(request: Request) -> Response:
    """Show all of the help on one page; every topic has its anchor."""
    return page(request, "pages/help.html", title="Help", told=load_help())
