"""One undertaking of hand-made reports, whatever joining would make of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from making import Said, entries
from pledgebook.ledger.cases import Case, prepare
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.records import Entry, Reading
from pledgebook.ledger.undertakings import settle
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Kind

TODAY = dt.date(2024, 1, 1)


def cases_of(found: Iterable[Entry]) -> list[Case]:
    """The cases of statements, earliest first, as joining sees them."""
    tree = load_catalogue()
    prepared = (prepare(entry, tree, frozenset()) for entry in found)
    return sorted((case for case in prepared if case), key=lambda case: case.order)


def one_group(readings: Iterable[Reading]) -> Group:
    """All statements of some reports as one undertaking."""
    return Group(cases_of(entries(readings)))


def all_of(groups: Sequence[Group]) -> tuple[Commitment, ...]:
    """The commitments of groups, with their histories."""
    return settle(groups, TODAY, load_catalogue())[0]


def one(*readings: Reading) -> Commitment:
    """The commitment that all statements of some reports make."""
    [commitment] = all_of([one_group(readings)])
    return commitment


def pledged(quantity: object = 14, quote: str = "", **changes: Any) -> Said:  # noqa: ANN401
    """A promise of some tanks."""
    said: dict[str, Any] = {"quote": quote or f"pledge of {quantity}", "quantity": quantity}
    return Said(**(said | changes))


def came(quantity: object = None, when: str | None = None, quote: str = "", **changes: Any) -> Said:  # noqa: ANN401
    """A delivery of some tanks."""
    said: dict[str, Any] = {
        "quote": quote or f"delivery of {quantity} {when}",
        "quantity": quantity,
        "kind": Kind.DELIVERY,
        "when": when,
    }
    return Said(**(said | changes))
