"""Looking: status, commitments, why, overdue, forecast, search."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from pledgebook.errors import NotFoundError
from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.answers.overdue import overdue_list
from pledgebook.ledger.explain import Explanation
from pledgebook.ledger.opening import Opening
from pledgebook.ledger.search.search import Search
from pledgebook.reporting.rounding import Rounded
from pledgebook.web.api.models import (
    CommitmentList,
    CommitmentRecord,
    OverdueRecords,
    SearchRecord,
    StatusTable,
)
from pledgebook.web.api.records import commitment_of, overdue_of, search_of, status_of
from pledgebook.web.asking import AskedFor
from pledgebook.web.parts import AskedView, TheBook
from pledgebook.web.person import needs

__all__ = ["Limit", "Offset", "router"]

router = APIRouter(dependencies=[needs(Right.READ)])

_OF_LEDGER = re.compile(r"[cdfjs][0-9a-f]{0,20}")
"""Ids that one ledger opens; forecasts and plans are opened by the book."""

Limit = Annotated[int, Query(ge=1, le=1_000, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="How many to pass over.")]


@router.get("/status", tags=["ledger"])
def status(asked: AskedFor, view: AskedView, limit: Limit = 100, offset: Offset = 0) -> StatusTable:
    """Asked, pledged, on order, delivered and outstanding, by giver, recipient and item.

    Every row and every commitment in it has an id that `/why/{id}` opens down to the sentences.
    """
    rows = view.rows(asked.narrowed)
    rounded = Rounded(view.ledger.entries)
    return StatusTable(
        as_of=view.ledger.today,
        total=len(rows),
        limit=limit,
        offset=offset,
        rows=[status_of(row, rounded) for row in rows[offset : offset + limit]],
    )


@router.get("/commitments", tags=["ledger"])
def commitments(
    asked: AskedFor, view: AskedView, limit: Limit = 100, offset: Offset = 0
) -> CommitmentList:
    """Undertakings, each counted once, with the statements that support them."""
    found = view.commitments(asked.narrowed)
    return CommitmentList(
        as_of=view.ledger.today,
        total=len(found),
        limit=limit,
        offset=offset,
        commitments=[commitment_of(one) for one in found[offset : offset + limit]],
    )


@router.get("/commitments/{name}", tags=["ledger"])
def commitment(name: str, view: AskedView) -> CommitmentRecord:
    """One undertaking, by its id or one that it bore before a merge."""
    found = view.commitment(name)
    if found is None:
        raise NotFoundError(f"there is no commitment {name}", mend="See /api/v1/commitments")
    return commitment_of(found)


@router.get("/overdue", tags=["ledger"])
def overdue(
    asked: AskedFor, view: AskedView, limit: Limit = 100, offset: Offset = 0
) -> OverdueRecords:
    """Return what was promised by a day that has passed, and is not known to have come."""
    ledger = view.ledger
    found = overdue_list(view.commitments(asked.narrowed), ledger.entries, ledger.today)
    return OverdueRecords(
        as_of=ledger.today,
        total=len(found.rows),
        limit=limit,
        offset=offset,
        on_time=found.on_time,
        undated=found.undated,
        rows=[overdue_of(row) for row in found.rows[offset : offset + limit]],
    )


@router.get("/why/{name}", tags=["evidence"])
def why(name: str, asked: AskedFor, view: AskedView, book: TheBook) -> Explanation:
    """Open any id: a figure down to its commitments, these to their statements and sentences."""
    if _OF_LEDGER.fullmatch(name.strip().casefold()):
        return Opening(view.ledger, book.store, book.catalogue).why(name)
    return book.why(name, as_of=asked.as_of)


@router.get("/search", tags=["evidence"])
def search(
    request: Request,
    asked: AskedFor,
    q: Annotated[str, Query(max_length=400, description="Words, phrases, fields.")] = "",
    kind: Annotated[list[str] | None, Query(description="document, statement, commitment")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> SearchRecord:
    """Documents, statements and commitments that hold what is looked for, best first."""
    searcher: Search = request.app.state.search
    found = searcher.ask(q, kinds=kind or (), limit=limit, offset=offset, as_of=asked.as_of)
    return search_of(found)


@router.get("/forecast", tags=["balance"])
def forecast(
    book: TheBook,
    item: Annotated[str, Query(max_length=200)],
    until: Annotated[str, Query(max_length=10, examples=["2025-12"])],
    recipient: Annotated[str | None, Query(max_length=200)] = None,
    as_of: Annotated[str | None, Query(max_length=10)] = None,
    draws: Annotated[int, Query(ge=100, le=20_000)] = 2_000,
) -> dict[str, Any]:
    """Stock, arrivals, output, use, days of supply, run-dry date and gap, with their bands.

    What cannot be said is under `caveats`, with the reason and the mend; `sources` name the series
    and statements that each figure rests on.
    """
    from pledgebook.reporting.extras import require
    from pledgebook.reporting.forecast_records import forecast_record

    require("forecast", "a forecast", ("numba", "scipy"))
    found = book.forecast(item, until, recipient=recipient, as_of=as_of, draws=draws)
    return forecast_record(found)
