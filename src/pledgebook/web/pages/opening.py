"""Any id opens: it leads to the page of what it names, or shows what that rests on."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from pledgebook.forecasting.request import is_forecast_id
from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.answers.grouping import GroupRow
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.explain import Explainer, Explanation
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.lookup import Lookup, Named
from pledgebook.ledger.opening import Opening
from pledgebook.ledger.records import Entry
from pledgebook.ledger.status import StatusRow
from pledgebook.ledger.store import Store
from pledgebook.web.asking import AskedFor
from pledgebook.web.commitment.listing import page_of
from pledgebook.web.commitment.rows import row_of
from pledgebook.web.judged import JudgementRow, judgement_rows
from pledgebook.web.live import EVERYTHING, View
from pledgebook.web.parts import AskedView, TheBook, TheStore
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.wording import Wording

__all__ = ["router"]

router = APIRouter()
_SERIES = re.compile("t[0-9a-f]{4,20}")


@router.get("/why/{name:path}", dependencies=[needs(Right.READ)], include_in_schema=False)
def why(
    request: Request,
    name: str,
    asked: AskedFor,
    view: AskedView,
    book: TheBook,
    store: TheStore,
) -> Response:
    """Open an id, or an unambiguous beginning of one."""
    text = name.strip()
    if is_forecast_id(text):
        return RedirectResponse(f"/balance/point?id={quote(text, safe='')}", 303)
    if _SERIES.fullmatch(text.casefold()):
        return RedirectResponse(f"/balance/series/{quote(text.casefold(), safe='')}", 303)
    if text.startswith("plan:"):
        return _shown(request, view, asked, book.why(text))
    found = _found(text, view, store)
    place = _place(found, view, {"as_of": str(asked.as_of)} if asked.as_of is not None else {})
    if place is not None:
        return RedirectResponse(place, 303)
    if isinstance(found, StatusRow | GroupRow):
        node = _figure(found, view)
        return _shown(request, view, asked, node, commitments=found.commitments)
    if isinstance(found, Judgement):
        node = Opening(view.ledger, store, view.catalogue).why(found.id)
        words, every = Wording(view.catalogue.parties), store.judgements()
        [row] = judgement_rows([found], view.ledger.decisions, words, every)
        return _shown(request, view, asked, node, judgement=row)
    assert isinstance(found, Entry)
    # A running total: it is a check of commitments, and part of none.
    node = Opening(view.ledger, store, view.catalogue).why(found.id)
    covered = {
        one for check in view.ledger.checks if check.statement == found.id
        for one in check.commitments
    }  # fmt: skip
    some = [one for one in map(view.commitment, sorted(covered)) if one is not None]
    return _shown(request, view, asked, node, commitments=some)


def _found(text: str, view: View, store: Store) -> Named:
    """Return what an id names. Raises NotFoundError, UsageError."""
    if text.startswith("c") and (one := view.commitment(text)) is not None:
        return one
    if text.startswith("f") and (row := view.rows(EVERYTHING).find(text)) is not None:
        return row
    return Lookup(view.ledger, store, view.catalogue).find(text)


def _place(found: Named, view: View, day: dict[str, str]) -> str | None:
    """Return the address of the page that something has; None where it is shown here."""
    if isinstance(found, str):
        return f"/documents/{found}{_query(day)}"
    if isinstance(found, Commitment):
        return f"/commitments/{found.id}{_query(day)}"
    if isinstance(found, Entry):
        home = view.ledger.home.get(found.id)
        told = f"{_query(day | {'statement': found.id})}#{found.id}"
        if home is not None:
            return f"/commitments/{home}{told}"
        if not any(check.statement == found.id for check in view.ledger.checks):
            return f"/documents/{found.document}{told}"
    return None


def _query(values: dict[str, str]) -> str:
    return f"?{urlencode(values)}" if values else ""


def _figure(row: StatusRow | GroupRow, view: View) -> Explanation:
    """Return a figure without what it rests on: its commitments are shown a page at a time."""
    explainer = Explainer(view.ledger, {}, view.catalogue)
    if isinstance(row, GroupRow):
        return explainer.group(dataclasses.replace(row, commitments=()))
    return explainer.row(dataclasses.replace(row, commitments=()))


def _shown(
    request: Request,
    view: View,
    asked: AskedFor,
    node: Explanation,
    *,
    commitments: Sequence[Commitment] = (),
    judgement: JudgementRow | None = None,
) -> Response:
    words, ledger = Wording(view.catalogue.parties), view.ledger
    found = page_of(commitments, asked.page)
    return page(
        request,
        "pages/why.html",
        title=words.text(node.title),
        asked=asked,
        node=node,
        named=words.text,
        found=found,
        rows=[row_of(one, words, ledger.entries, ledger.today) for one in found.rows],
        judgement=judgement,
    )
