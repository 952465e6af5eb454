"""The JSON API, and a page that says what it answers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pledgebook.ledger.access.roles import Right
from pledgebook.web.api import documents, judging, looking
from pledgebook.web.api.models import FaultAnswer
from pledgebook.web.person import needs
from pledgebook.web.rendering import page

__all__ = ["router"]

_FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"model": FaultAnswer, "description": "It cannot be done as asked."},
    401: {"model": FaultAnswer, "description": "Nobody is signed in."},
    403: {"model": FaultAnswer, "description": "This person may not."},
    404: {"model": FaultAnswer, "description": "There is no such thing."},
    422: {"model": FaultAnswer, "description": "A parameter or the body is not right."},
    503: {"model": FaultAnswer, "description": "The book is busy."},
}

router = APIRouter()
for _part in (looking, documents, judging):
    router.include_router(_part.router, prefix="/api/v1", responses=_FAULTS)


@router.get("/api/v1/openapi.json", dependencies=[needs(Right.READ)], include_in_schema=False)
def openapi(request: Request) -> dict[str, Any]:
    """Return the description of the API (OpenAPI)."""
    described: dict[str, Any] = request.app.openapi()
    return described


@router.get("/api/v1", dependencies=[needs(Right.READ)], include_in_schema=False)
def index(request: Request) -> Response:
    """Show what can be asked, from the same description as programs read."""
    described: dict[str, Any] = request.app.openapi()
    calls = [
        (method.upper(), path, call)
        for path, methods in described["paths"].items()
        for method, call in methods.items()
    ]
    return page(request, "pages/api.html", title="API", calls=calls)
