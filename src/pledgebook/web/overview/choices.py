"""What the filters of a page offer: the parties and items that the book tells of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.web.keeping import Kept
from pledgebook.web.live import View
from pledgebook.web.wording import plain_category

__all__ = ["Choices", "choices_of"]

Choices = Mapping[str, Sequence[tuple[str, str]]]
"""For each field, what it takes and what that is called."""

_MOST_ITEMS = 150


def choices_of(view: View, kept: Kept) -> Choices:
    """Return what the fields donor, recipient and item may be filled with, of the whole view."""

    def make() -> Choices:
        donors: set[str] = set()
        takers: set[str] = set()
        categories: Counter[str] = Counter()
        named: Counter[str] = Counter()
        for one in view.ledger.commitments:
            donors.update(one.donors, one.asked_by)
            if one.recipient is not None:
                takers.add(one.recipient)
            categories[one.category.value] += 1
            if one.designation is not None:
                named[one.designation] += 1
        names = Names(view.catalogue.parties)
        items = [(name, plain_category(name)) for name in sorted(categories)]
        items += [(name, one_line(name)) for name, _ in named.most_common(_MOST_ITEMS)]
        return {
            "donor": _by_name(donors, names),
            "recipient": _by_name(takers, names),
            "item": items,
        }

    return kept.lately(("choices", view.as_of), view.number, make)[0]


def _by_name(codes: set[str], names: Names) -> list[tuple[str, str]]:
    return sorted(((code, names.of(code)) for code in codes), key=lambda pair: pair[1].casefold())
