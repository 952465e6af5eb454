"""Search over documents, statements and commitments, narrowed by facets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.search.found import KINDS, Found, Hit
from pledgebook.ledger.search.search import Search
from pledgebook.web.asking import AskedFor
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.tables import Column, Table, offer_table

__all__ = ["router"]

router = APIRouter()

_ON_A_PAGE = 20
_LONGEST = 400
_MOST_PAGES = 500
_DOWNLOADED = 1_000
_FACETS = {
    "type": "What",
    "donor": "Donor",
    "recipient": "Recipient",
    "category": "Item",
    "stage": "Stage",
    "kind": "Statement",
    "outlet": "Outlet",
    "year": "Year",
    "language": "Language",
}
_COLUMNS = tuple(
    Column(key, title)
    for key, title in (
        ("kind", "What"), ("id", "Id"), ("title", "Title"), ("text", "Words"), ("date", "Date"),
        ("outlet", "Outlet"), ("document", "Document"), ("commitment", "Commitment"),
    )
)  # fmt: skip

Words = Annotated[str, Query(max_length=_LONGEST)]
Kinds = Annotated[list[str] | None, Query(max_length=len(KINDS))]


@router.get("/search", dependencies=[needs(Right.READ)], include_in_schema=False)
def search(
    request: Request,
    asked: AskedFor,
    q: Words = "",
    kind: Kinds = None,
    page_: Annotated[int, Query(alias="page", ge=1, le=_MOST_PAGES)] = 1,
) -> Response:
    """Show what was found, a page of it, with how it can be narrowed."""
    kinds = [one for one in kind or () if one in KINDS]
    offset = (page_ - 1) * _ON_A_PAGE
    found = _search(request).ask(q, kinds=kinds, limit=_ON_A_PAGE, offset=offset, as_of=asked.as_of)
    as_of = str(asked.as_of) if asked.as_of else None

    def to(query: str, *, kinds: Sequence[str] = kinds, page: int = 1) -> str:
        """Return the address of another search."""
        pairs = [("q", query), *(("kind", one) for one in kinds)]
        pairs += [("as_of", as_of)] if as_of else []
        pairs += [("page", str(page))] if page > 1 else []
        return f"/search?{urlencode(pairs)}"

    pages = min(-(-found.total // _ON_A_PAGE), _MOST_PAGES)
    return page(
        request,
        "pages/search.html",
        title=f"{q} · Search" if q else "Search",
        query=q,
        kinds=kinds,
        found=found,
        as_of=as_of,
        facets=[(_FACETS[one.name], one) for one in found.facets if one.name in _FACETS],
        active=_parts(q),
        place=_place,
        to=to,
        number=page_,
        pages=pages,
        download=to(q)[len("/search") :],
    )


def _search(request: Request) -> Search:
    found: Search = request.app.state.search
    return found


def _place(hit: Hit) -> str:
    """Return the address of what was found."""
    if hit.kind == "commitment":
        return f"/commitments/{hit.id}"
    if hit.kind == "statement":
        return f"/documents/{hit.document}?statement={hit.id}#{hit.id}"
    return f"/documents/{hit.id}"


def _parts(query: str) -> list[tuple[str, str]]:
    """Return the fields of a query ("donor:NOR"), each with the query without it."""
    words = query.split(" ")
    return [
        (word, " ".join(words[:at] + words[at + 1 :]).strip())
        for at, word in enumerate(words)
        if ":" in word and '"' not in word
    ]


def found_table(request: Request, asked: AskedFor, q: Words = "", kind: Kinds = None) -> Table:
    """Return the first thousand of what was found."""
    kinds = [one for one in kind or () if one in KINDS]
    found: Found = _search(request).ask(q, kinds=kinds, limit=_DOWNLOADED, as_of=asked.as_of)
    rows = [
        {
            "kind": hit.kind,
            "id": hit.id,
            "title": hit.title,
            "text": "".join(piece.text for piece in hit.snippet),
            "date": hit.date.isoformat(),
            "outlet": hit.outlet,
            "document": hit.document,
            "commitment": hit.commitment,
        }
        for hit in found.hits
    ]
    return Table("search", _COLUMNS, rows)


offer_table(router, "/tables/search", found_table)
