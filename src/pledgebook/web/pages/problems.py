"""What reading met that it could not do, each with how to mend it."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from pledgebook.errors import Problem
from pledgebook.ledger.access.roles import Right
from pledgebook.web.parts import TheStore
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.tables import Column, Table, offer_table

__all__ = ["router"]

router = APIRouter()
_PER_PAGE = 100
_Text = Annotated[str, Query(max_length=100)]


@router.get("/problems", dependencies=[needs(Right.READ)], include_in_schema=False)
def problems(
    request: Request,
    store: TheStore,
    code: _Text = "",
    page_: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """Show the problems, the newest first."""
    every = store.problems()
    found = _wanted(every, code)
    pages = max(1, -(-len(found) // _PER_PAGE))
    number = min(page_, pages)
    return page(
        request,
        "pages/problems.html",
        title="Problems",
        rows=found[(number - 1) * _PER_PAGE : number * _PER_PAGE],
        codes=Counter(one.code for one in every).most_common(),
        code=code,
        total=len(found),
        number=number,
        pages=pages,
    )


def _wanted(every: list[Problem], code: str) -> list[Problem]:
    return [one for one in reversed(every) if not code or one.code == code]


def problems_table(store: TheStore, code: _Text = "") -> Table:
    """Return the problems as a table."""
    columns = tuple(Column(name, name.capitalize()) for name in Problem.model_fields)
    return Table("problems", columns, [one.model_dump() for one in _wanted(store.problems(), code)])


offer_table(router, "/tables/problems", problems_table)
