"""What changed since a day: new commitments, other figures, and the sentences that say so."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.moments import to_day
from pledgebook.web.asking import AskedFor
from pledgebook.web.changed import PER_PAGE, WORDS, change_rows, changed
from pledgebook.web.overview.choices import choices_of
from pledgebook.web.overview.days import days_of
from pledgebook.web.parts import AskedView, TheKept, TheLive
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.wording import Wording

__all__ = ["router"]

router = APIRouter()
_LATELY = dt.timedelta(days=30)


@router.get("/changes", dependencies=[needs(Right.READ)], include_in_schema=False)
def changes(
    request: Request,
    asked: AskedFor,
    view: AskedView,
    live: TheLive,
    kept: TheKept,
    since: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show what is otherwise than on a day; without one, on that a month before the last report."""
    day = to_day(since.strip() or None)
    days = days_of(live.view(), kept)
    if day is None and days:
        day = min(days[-1], view.ledger.today) - _LATELY
    found = None
    if day is not None and days:
        found = changed(live.view(day), view, asked.narrowed, kept)
    count = len(found.changes) if found is not None else 0
    pages = max(1, -(-count // PER_PAGE))
    number = min(asked.page, pages)
    some = found.changes[(number - 1) * PER_PAGE : number * PER_PAGE] if found is not None else []
    return page(
        request,
        "pages/changes.html",
        title="What changed",
        asked=asked,
        since=day,
        found=found,
        rows=change_rows(some, Wording(view.catalogue.parties)),
        words=WORDS,
        number=number,
        pages=pages,
        choices=choices_of(view, kept),
    )
