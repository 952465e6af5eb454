"""What tests of the search have in common: short questions and answers, and the raw index."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from pledgebook.book import Book
from pledgebook.ledger.search.found import Found, Hit
from pledgebook.ledger.store import Store

__all__ = ["counts", "drawn", "held", "kinds", "marked", "quotes", "titles"]


def quotes(found: Found) -> list[str]:
    """The snippets as plain text."""
    return ["".join(piece.text for piece in hit.snippet) for hit in found.hits]


def marked(hit: Hit) -> list[str]:
    """The pieces of a snippet that were looked for."""
    return [piece.text for piece in hit.snippet if piece.marked]


def kinds(found: Found) -> list[str]:
    return [hit.kind for hit in found.hits]


def titles(book: Book, query: str, kind: str = "statement") -> list[str]:
    """The titles of what a query finds, sorted."""
    return sorted(hit.title for hit in book.search(query, kinds=[kind], limit=1000).hits)


def counts(found: Found, facet: str) -> dict[str, int]:
    [one] = [one for one in found.facets if one.name == facet]
    return {value.value: value.count for value in one.values}


def drawn(texts: Iterable[str]) -> list[str]:
    """Texts that are words and signs of queries, to be put together at random."""
    return [
        *texts,
        '"',
        "-",
        "*",
        " ",
        ":",
        "(",
        ")",
        "AND",
        "OR",
        "NEAR",
        "^",
        "{",
        "'",
        "\\",
        "%",
    ]


def held(store: Store) -> dict[str, int]:
    """How many rows the two tables of the index have."""
    with store.database.reading() as connection:
        rows = connection.execute(sa.text("SELECT count(*) FROM search_rows")).scalar_one()
        if store.dialect == "postgresql":
            words = connection.execute(sa.text("SELECT count(*) FROM search_index")).scalar_one()
        else:
            # It keeps no texts; the rows are those in which any word stands.
            connection.execute(
                sa.text(
                    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_vocabulary"
                    " USING fts5vocab(main, search_index, instance)"
                )
            )
            asked = sa.text("SELECT count(DISTINCT doc) FROM temp.search_vocabulary")
            words = connection.execute(asked).scalar_one()
    return {"rows": rows, "words": words}
