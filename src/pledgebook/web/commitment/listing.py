"""The list of commitments in an order that a reader asks for, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.stages import Stage
from pledgebook.web.keeping import Kept
from pledgebook.web.live import View, Wanted

__all__ = ["DEFAULT_SORT", "PER_PAGE", "SORTS", "Page", "listed", "page_of", "size_of"]

PER_PAGE = 50
DEFAULT_SORT = "newest"


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a list: `number` counts from 1, `total` all that there are."""

    rows: Sequence[Commitment]
    number: int
    pages: int
    total: int


def listed(view: View, wanted: Wanted, sort: str, kept: Kept) -> tuple[Sequence[Commitment], bool]:
    """Return all commitments that fit in an order of `SORTS`, the default one for any other.

    With them comes whether they are of this very view. Raises NotFoundError for an unknown name.
    """
    order = sort if sort in SORTS else DEFAULT_SORT

    def make() -> list[Commitment]:
        return sorted(view.commitments(wanted), key=SORTS[order][1])

    return kept.lately(("commitments", view.as_of, wanted, order), view.number, make)


def page_of(found: Sequence[Commitment], number: int, per_page: int = PER_PAGE) -> Page:
    """Return a page of a list; the last one for a number beyond it."""
    pages = max(1, -(-len(found) // per_page))
    number = min(number, pages)
    return Page(found[(number - 1) * per_page : number * per_page], number, pages, len(found))


def size_of(one: Commitment) -> Interval:
    """Return the largest number that was promised, ordered, delivered or asked for."""
    figures = [figure.quantity for figure in one.stages.values()]
    return max(figures, key=lambda size: (size.known, _most(size)), default=Interval())


def _most(size: Interval) -> float:
    return size.floor if size.low is not None else size.high or 0.0


def _newest(one: Commitment) -> tuple[Any, ...]:
    return -one.last.toordinal(), -one.first.toordinal(), one.id


def _largest(one: Commitment) -> tuple[Any, ...]:
    size = size_of(one)
    return not size.known, -_most(size), one.id


def _left(one: Commitment) -> tuple[Any, ...]:
    left = one.outstanding
    known = left is not None and left.known
    return not known, -_most(left) if known and left is not None else 0.0, one.id


def _soonest(one: Commitment) -> tuple[Any, ...]:
    return not one.overdue, one.due or dt.date.max, one.id


def _most_doubtful(one: Commitment) -> tuple[Any, ...]:
    doubt = max((doubt.score for doubt in one.doubts), default=0.0)
    refused = Stage.REFUSED in one.stages and len(one.stages) > 1
    return -(len(one.contradictions) + refused), -doubt, one.id


def _donor(one: Commitment) -> tuple[Any, ...]:
    return one.donors or one.asked_by or ("~",), one.recipient or "", one.item, one.id


Key = Callable[[Commitment], tuple[Any, ...]]

SORTS: dict[str, tuple[str, Key]] = {
    "newest": ("Newest report first", _newest),
    "size": ("Largest first", _largest),
    "outstanding": ("Most outstanding first", _left),
    "due": ("Overdue longest, then due soonest", _soonest),
    "doubt": ("Most in doubt first", _most_doubtful),
    "donor": ("By donor", _donor),
}
"""The orders by name, each with what a reader is told and its key."""
