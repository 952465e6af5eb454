"""The list of commitments: filtered, sorted, a page at a time."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pledgebook.ledger.access.roles import Right
from pledgebook.web.asking import AskedFor
from pledgebook.web.commitment.listing import DEFAULT_SORT, SORTS, listed, page_of
from pledgebook.web.commitment.rows import commitment_table, row_of
from pledgebook.web.overview.choices import choices_of
from pledgebook.web.parts import AskedView, TheKept
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.tables import Table, offer_table
from pledgebook.web.wording import Wording

__all__ = ["router"]

router = APIRouter()


@router.get("/commitments", dependencies=[needs(Right.READ)], include_in_schema=False)
def commitments(request: Request, asked: AskedFor, view: AskedView, kept: TheKept) -> Response:
    """Show the commitments that fit."""
    every, fresh = listed(view, asked.narrowed, asked.sort, kept)
    found = page_of(every, asked.page)
    words, ledger = Wording(view.catalogue.parties), view.ledger
    return page(
        request,
        "pages/commitments.html",
        title="Commitments",
        asked=asked,
        found=found,
        fresh=fresh,
        rows=[row_of(one, words, ledger.entries, ledger.today) for one in found.rows],
        sorts={name: says for name, (says, _) in SORTS.items()},
        sort=asked.sort if asked.sort in SORTS else DEFAULT_SORT,
        choices=choices_of(view, kept),
        any_at_all=bool(ledger.commitments),
    )


def commitments_table(asked: AskedFor, view: AskedView, kept: TheKept) -> Table:
    """Return all commitments that fit, in the order of the page."""
    found, _ = listed(view, asked.narrowed, asked.sort, kept)
    return commitment_table("commitments", found, view.ledger.today)


offer_table(router, "/tables/commitments", commitments_table)
