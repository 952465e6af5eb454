"""From the id of a grouped row, or its beginning, back to the row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from pledgebook.errors import NotFoundError
from pledgebook.ledger.answers.grouping import DIMENSIONS, GroupRow, group_rows
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.filters import EVERYTHING, Filter, item_key
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["find_groups"]

_MASK_END = 4
Wanted = tuple[str | None, str | None, str | None]


def find_groups(
    prefix: str,
    commitments: Sequence[Commitment],
    entries: Mapping[str, Entry],
    catalogue: Catalogue,
) -> dict[str, GroupRow]:
    """Return the grouped rows whose ids begin so, by id.

    The first digits of such an id say by what it groups and whether the ledger was narrowed; what
    it was narrowed to is tried out.
    """
    if len(prefix) < _MASK_END:
        return {}
    mask = int(prefix[1:_MASK_END], 16)
    by = [name for place, name in enumerate(DIMENSIONS) if mask >> place & 1]
    narrowed = [bool(mask >> (len(DIMENSIONS) + place) & 1) for place in range(3)]
    if not by:
        return {}
    found: dict[str, GroupRow] = {}
    for only, near in _narrowed(narrowed, commitments, catalogue):
        try:
            kept = only.apply(near, catalogue)
        except NotFoundError:
            continue
        for whole in (False, True):
            rows = group_rows(kept, by, entries, catalogue, only=only, prefix=prefix, whole=whole)
            found |= {row.id: row for row in rows}
    return found


def _narrowed(
    narrowed: Sequence[bool], commitments: Sequence[Commitment], catalogue: Catalogue
) -> Iterator[tuple[Filter, Sequence[Commitment]]]:
    """Yield every filter of this kind that some commitment passes, with those that may pass it."""
    if not any(narrowed):
        yield EVERYTHING, commitments
        return
    found: dict[Wanted, list[Commitment]] = defaultdict(list)
    for one in commitments:
        donors = {*one.donors, *one.asked_by} if narrowed[0] else {None}
        recipients = {one.recipient} if narrowed[1] else {None}
        items = _items(one, catalogue) if narrowed[2] else {None}
        for wanted in product(donors, recipients, items):
            found[wanted].append(one)
    for wanted, near in found.items():
        if all(part is not None for part, flag in zip(wanted, narrowed, strict=True) if flag):
            yield Filter(*wanted), near


def _items(commitment: Commitment, catalogue: Catalogue) -> set[str]:
    """Return the items that a filter may name to keep a commitment."""
    found = {commitment.category.value}
    if commitment.item_id is not None:
        found |= {commitment.item_id, *catalogue.ancestors(commitment.item_id)}
    if commitment.designation is not None:
        found.add(item_key(commitment.designation))
        item = catalogue.find_item(commitment.designation)
        found |= {item.id} if item is not None else set()
    return found
