"""The overview: what was asked, pledged, on order and delivered, and what is outstanding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from pledgebook.documents import Source
from pledgebook.ledger.access.roles import Right
from pledgebook.web.asking import AskedFor
from pledgebook.web.charts import offer_chart
from pledgebook.web.commitment.rows import commitment_table
from pledgebook.web.gathering.jobs import Item, Jobs
from pledgebook.web.overview import tables
from pledgebook.web.overview.choices import choices_of
from pledgebook.web.overview.days import coded, days_of
from pledgebook.web.overview.drawing import items_chart, months_chart
from pledgebook.web.overview.gathering import items_of, months_of, overview_of
from pledgebook.web.overview.showing import shown
from pledgebook.web.parts import AskedView, TheKept, TheLive, ThePerson, TheStore, TheView
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.tables import Table, offer_table
from pledgebook.web.wording import Wording

__all__ = ["router"]

router = APIRouter()


@router.get("/", dependencies=[needs(Right.READ)], include_in_schema=False)
def overview(
    request: Request,
    asked: AskedFor,
    view: AskedView,
    kept: TheKept,
    store: TheStore,
    live: TheLive,
) -> Response:
    """Show the book as a whole, or as far as it is narrowed."""
    if not view.ledger.entries and asked.as_of is None:
        return page(request, "pages/overview_empty.html", title="Overview")
    found, fresh = overview_of(view, asked.narrowed, kept)
    present = view if asked.as_of is None else live.view()
    days = days_of(present, kept)
    return page(
        request,
        "pages/overview.html",
        title="Overview",
        asked=asked,
        found=found,
        fresh=fresh,
        shown=shown(found, view, Wording(view.catalogue.parties), store),
        choices=choices_of(view, kept),
        statements=len(view.ledger.entries),
        days=coded(days),
        place=_place(days, asked.as_of),
        last=len(days),
    )


def _place(days: Sequence[dt.date], as_of: dt.date | None) -> int:
    """Return where the slider stands: behind the last day for all that is known now."""
    if as_of is None:
        return len(days)
    return max(0, sum(day <= as_of for day in days) - 1)


@router.get("/overview/ahead", dependencies=[needs(Right.READ)], include_in_schema=False)
def ahead(request: Request, view: TheView) -> Response:
    """Show what is known of shortages ahead; while it is worked out, the piece asks again."""
    found = request.app.state.lookout.look(len(view.ledger.entries))
    return page(request, "parts/overview_ahead.html", found=found)


@router.post("/demo", dependencies=[needs(Right.UPLOAD)], include_in_schema=False)
def try_it(request: Request, person: ThePerson) -> Response:
    """Begin to read the documents that come with the package, to look around in them."""
    jobs: Jobs = request.app.state.jobs
    path = Path(str(files("pledgebook"))) / "demo" / "documents.jsonl"
    name = "demonstration documents"
    item = Item(name, Source(f"demo: {path.name}", path, size=path.stat().st_size))
    job = jobs.give(
        [item], by=person.name, at=dt.datetime.now(dt.UTC), date=None, lang=None, folder=None
    )
    if job is None:
        raise HTTPException(503, "Too much waits to be read; try again when some of it is through")
    return RedirectResponse(f"/upload/{job.id}", 303)


# What the page shows, to download


def months_spec(asked: AskedFor, view: AskedView, kept: TheKept) -> dict[str, Any]:
    """Return pledges, orders and deliveries by month as a chart."""
    return months_chart(months_of(view, asked.narrowed, kept))


def items_spec(asked: AskedFor, view: AskedView, kept: TheKept) -> dict[str, Any]:
    """Return what is outstanding by item as a chart."""
    return items_chart(items_of(view, asked.narrowed, kept))


def status_table(asked: AskedFor, view: AskedView) -> Table:
    """Return who gave what to whom."""
    return tables.status_table(view.rows(asked.narrowed))


def categories_table(asked: AskedFor, view: AskedView, kept: TheKept) -> Table:
    """Return the totals by category."""
    return tables.categories_table(overview_of(view, asked.narrowed, kept)[0].categories)


def months_table(asked: AskedFor, view: AskedView, kept: TheKept) -> Table:
    """Return the counts by month."""
    return tables.months_table(months_of(view, asked.narrowed, kept))


def items_table(asked: AskedFor, view: AskedView, kept: TheKept) -> Table:
    """Return what is outstanding by item."""
    return tables.items_table(items_of(view, asked.narrowed, kept))


def largest_table(asked: AskedFor, view: AskedView, kept: TheKept) -> Table:
    """Return the largest open promises of each kind."""
    found, _ = overview_of(view, asked.narrowed, kept)
    return commitment_table("largest", found.largest, found.today)


def overdue_table(asked: AskedFor, view: AskedView, kept: TheKept) -> Table:
    """Return all that is overdue, the latest first."""
    found, _ = overview_of(view, asked.narrowed, kept)
    return commitment_table("overdue", found.overdue, found.today)


def newest_table(asked: AskedFor, view: AskedView, kept: TheKept, store: TheStore) -> Table:
    """Return the newest statements."""
    newest = overview_of(view, asked.narrowed, kept)[0].newest
    documents = store.texts(sorted({entry.document for entry in newest}))
    return tables.newest_table(newest, view.ledger, documents)


def clashes_table(asked: AskedFor, view: AskedView, kept: TheKept) -> Table:
    """Return all contradictions."""
    return tables.clashes_table(overview_of(view, asked.narrowed, kept)[0].clashes, view.ledger)


offer_chart(router, "/charts/months", months_spec)
offer_chart(router, "/charts/outstanding", items_spec)
for _name, _build in (
    ("status", status_table),
    ("categories", categories_table),
    ("months", months_table),
    ("outstanding", items_table),
    ("largest", largest_table),
    ("overdue", overdue_table),
    ("newest", newest_table),
    ("contradictions", clashes_table),
):
    offer_table(router, f"/tables/{_name}", _build)
