"""Search: what a person types, to a page of hits with facets."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TypedDict

import numpy as np

from pledgebook.errors import UsageError
from pledgebook.ledger.moments import Day, Instant
from pledgebook.ledger.search.answering import answer
from pledgebook.ledger.search.facets import facets_of
from pledgebook.ledger.search.found import KINDS, Found
from pledgebook.ledger.search.laying import Ledgers, Library
from pledgebook.ledger.search.presenting import Presenter
from pledgebook.ledger.search.ranking import page, score
from pledgebook.ledger.search.suggesting import suggestions
from pledgebook.ledger.search.view import SearchView
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Search", "Searching"]

LIMIT, MOST = 20, 1000
"""Hits on a page, and how many one may ask for."""

FACET_VALUES = 20


class Searching(TypedDict, total=False):
    """What `Search.ask` takes beside the query."""

    kinds: Iterable[str]
    limit: int
    offset: int
    facet_values: int
    as_of: Day | None
    recorded_as_of: Instant | None


class Search:
    """Looks through the documents, statements and commitments of one open book.

    It keeps what a day shows until the book changes: make one and keep it. Threads may share it.
    With `beside`, in a large book, what was there before a judgement serves until a thread of its
    own has laid out what is there now, at most a minute.
    """

    def __init__(
        self,
        store: Store,
        ledgers: Ledgers,
        catalogue: Callable[[], Catalogue],
        *,
        beside: bool = False,
    ) -> None:
        self._store = store
        self._library = Library(store, ledgers, catalogue, beside=beside)

    def forget(self) -> None:
        """Keep nothing of what the index was asked: so a benchmark measures it."""
        self._library.forget()

    def ask(
        self,
        query: str,
        *,
        kinds: Iterable[str] = (),
        limit: int = LIMIT,
        offset: int = 0,
        facet_values: int = FACET_VALUES,
        as_of: Day | None = None,
        recorded_as_of: Instant | None = None,
    ) -> Found:
        """Return what fits a query, best first. Every text is a query; a blank one asks for all.

        `kinds` leaves "document", "statement" or "commitment"; each facet lists so many
        `facet_values`. Raises UsageError for another kind, or a page that cannot be.
        """
        wanted = _kinds(kinds)
        if not 0 <= limit <= MOST or offset < 0:
            raise UsageError(
                f"there is no page of {limit} hits after the first {offset}",
                mend=f"Give a limit from 0 to {MOST} and an offset from 0",
            )
        laid = self._library.laid(as_of, recorded_as_of)
        units, types = laid.units, laid.units.columns["type"]
        with self._store.database.reading() as connection:
            rows = functools.partial(self._library.rows_with, connection, laid.state)
            found = answer(query, laid, rows)
            hits = found.hits & types.having(
                np.array([kind in wanted for kind in types.values], np.bool_), units.size
            )
            scores = score(found.weights, hits, laid.norms)
            places = page(hits, scores, units, offset, limit)
            shown = np.flatnonzero(hits)[places]
            presenter = Presenter(laid, found, rows)
            listed = presenter.hits(SearchView(connection), shown.tolist(), scores[places].tolist())
            total = int(np.count_nonzero(hits))
            near: tuple[str, ...] = ()
            if not total:
                near = suggestions(
                    query,
                    found,
                    laid.catalogue,
                    lambda other: bool(answer(other, laid, rows).hits.any()),
                )
        return Found(
            query=query,
            total=total,
            hits=tuple(listed),
            facets=facets_of(hits, found.hits, units, laid.catalogue, facet_values),
            suggestions=near,
            taken_as_words=tuple(f"{one.field}:{one.value}" for one in found.senseless),
            limit=limit,
            offset=offset,
        )


def _kinds(kinds: Iterable[str]) -> set[str]:
    wanted = {kinds} if isinstance(kinds, str) else set(kinds)
    strange = sorted(wanted - set(KINDS))
    if strange:
        raise UsageError(
            f"{strange[0]!r} is nothing to look for", mend=f"One of: {', '.join(KINDS)}"
        )
    return wanted or set(KINDS)
