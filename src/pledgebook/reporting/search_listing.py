"""What a search found, for a terminal and for other programs."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from pledgebook.ledger.search.found import Facet, Found, Hit
from pledgebook.reporting.frames import short_ids
from pledgebook.reporting.plain import one_line

__all__ = ["HIT_FIELDS", "found_record", "hit_record", "search_page"]

HIT_FIELDS = (
    "kind",
    "id",
    "title",
    "date",
    "outlet",
    "score",
    "document",
    "commitment",
    "snippet",
)
"""The columns of a hit in CSV."""

_LISTED = 4
_MARKED = "bold yellow"


def search_page(found: Found) -> RenderableType:
    """Return a page of hits, each with the words that were looked for marked, and the facets."""
    lines: list[RenderableType] = [
        Text(f"Taken as words: {one_line(field)}", style="yellow") for field in found.taken_as_words
    ]
    if not found.total:
        lines.append(Text("Nothing was found."))
        if found.suggestions:
            lines.append(Text(f"Did you mean: {' | '.join(map(one_line, found.suggestions))}"))
        return Group(*lines)
    short = short_ids([hit.id for hit in found.hits])
    for hit in found.hits:
        lines += _hit(hit, short[hit.id])
    first, last = found.offset + 1, found.offset + len(found.hits)
    shown = f"{first:,} to {last:,} of {found.total:,}" if found.hits else f"{found.total:,} in all"
    lines.append(Text(shown, style="dim"))
    lines += [_counted(facet) for facet in found.facets if len(facet.values) > 1]
    return Group(*lines)


def _hit(hit: Hit, short: str) -> list[RenderableType]:
    head = Text.assemble(
        (short, "dim"), "  ", (hit.kind, "cyan"), "  ", (one_line(hit.title), "bold")
    )
    where = f"  {hit.date.isoformat()}" + (f"  {one_line(hit.outlet)}" if hit.outlet else "")
    head.append(where, "dim")
    # A space at the border of two pieces is one that the text has.
    told = Text()
    for piece in hit.snippet:
        before, after = piece.text[:1].isspace(), piece.text[-1:].isspace()
        clean = f"{' ' * before}{one_line(piece.text)}{' ' * (after and bool(piece.text.strip()))}"
        told.append(clean, _MARKED if piece.marked else "")
    return [head, Padding(told, (0, 0, 1, 2), expand=False)]


def _counted(facet: Facet) -> Text:
    listed = [f"{one_line(value.label)} {value.count:,}" for value in facet.values[:_LISTED]]
    more = len(facet.values) - len(listed) + facet.others
    if more:
        listed.append(f"{more:,} more")
    return Text(f"{facet.name}: {', '.join(listed)}", style="dim")


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return a hit as a row of CSV, its snippet as plain text."""
    return {
        "kind": hit.kind,
        "id": hit.id,
        "title": hit.title,
        "date": hit.date.isoformat(),
        "outlet": hit.outlet,
        "score": hit.score,
        "document": hit.document,
        "commitment": hit.commitment,
        "snippet": "".join(piece.text for piece in hit.snippet),
    }


def found_record(found: Found) -> dict[str, Any]:
    """Return all of an answer as plain data; a snippet is a list of texts, marked or not."""
    return {
        "query": found.query,
        "total": found.total,
        "offset": found.offset,
        "limit": found.limit,
        "hits": [
            hit_record(hit)
            | {"snippet": [{"text": one.text, "marked": one.marked} for one in hit.snippet]}
            for hit in found.hits
        ],
        "facets": {
            facet.name: {
                "values": [
                    {
                        "value": value.value,
                        "label": value.label,
                        "count": value.count,
                        "clause": value.clause,
                    }
                    for value in facet.values
                ],
                "others": facet.others,
            }
            for facet in found.facets
        },
        "suggestions": list(found.suggestions),
        "taken_as_words": list(found.taken_as_words),
    }
