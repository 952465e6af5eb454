"""What a forecast is about: the item and the recipient, and what of the ledger belongs to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pledgebook.errors import NotFoundError
from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.series.nodes import node_of
from pledgebook.ledger.answers.pieces import for_others
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.filters import Filter, item_key
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category, Item

__all__ = ["Subject", "Supply", "subject_of", "supply_of"]


@dataclass(frozen=True, slots=True)
class Subject:
    """An item for a recipient. `item` is the key of its series, `item_id` its catalogue entry.

    `category` is what the item belongs to; `unit` is what it is counted in.
    """

    item: str
    name: str
    unit: str
    category: Category
    item_id: str | None
    recipient: str


@dataclass(frozen=True, slots=True)
class Supply:
    """The commitments of the subject that are open, and all that were made to the recipient.

    `open` can be counted on, as far as promises go: their outstanding quantity is at least partly
    known, in the subject's unit, and lies in no other of them. `made` are all of the subject.
    """

    open: tuple[Commitment, ...]
    made: tuple[Commitment, ...]
    caveats: tuple[Caveat, ...]


def subject_of(
    item: str,
    recipient: str,
    commitments: Sequence[Commitment],
    told: Iterable[Entry],
    catalogue: Catalogue,
) -> Subject:
    """Find what is meant by two names. Raises NotFoundError, with the nearest ones.

    An item that the catalogue does not have may still be one that reports tell of.
    """
    code = Filter(recipient=recipient).resolved(commitments, catalogue).recipient or recipient
    category = next((one for one in Category if item_key(one.value) == item_key(item)), None)
    if category is not None:
        name = category.value.replace("-", " ")
        unit = catalogue.default_units[category]
        return Subject(category.value, name, unit, category, None, code)
    known = catalogue.find_item(item)
    if known is not None:
        return Subject(known.id, known.designation, known.unit, known.category, known.id, code)
    wanted = item_key(item.partition("/")[2] or item)
    named = [(one.category, one.designation) for one in commitments]
    named += [(one.statement.item.category, one.statement.item.designation) for one in told]
    for own, designation in named:
        if designation is not None and item_key(designation) == wanted:
            node = node_of(Item(category=own, designation=designation), catalogue)
            unit = catalogue.default_units[own]
            return Subject(node.name, designation, unit, own, None, code)
    near = ", ".join(catalogue.suggest_item(item))
    raise NotFoundError(
        f"no item is known as {item!r}",
        mend=f"Did you mean {near}?" if near else "Name a category, such as tank, or an item",
    )


def supply_of(
    subject: Subject,
    commitments: Sequence[Commitment],
    catalogue: Catalogue,
    tell: Callable[[Commitment], str],
) -> Supply:
    """Pick what was promised of the subject to its recipient; `tell` names one in words."""
    to_it = [one for one in commitments if one.recipient == subject.recipient and for_others(one)]
    made = [one for one in to_it if _is_of(one, subject, catalogue)]
    caveats = _wider(subject, to_it, catalogue)
    open_: list[Commitment] = []
    for one in made:
        left = one.outstanding
        if left is None or left.high == 0:
            continue
        if not left.known:
            why = "it is not known how many are outstanding: it is left out, and is not zero"
            caveats.append(Caveat(tell(one), why, f"See `pledgebook why {one.id[:8]}`"))
        elif one.unit is not None and one.unit != subject.unit:
            why = f"it is counted in {one.unit}s, not in {subject.unit}s: it is left out"
            caveats.append(Caveat(tell(one), why, f"See `pledgebook why {one.id[:8]}`"))
        else:
            open_.append(one)
    ids = {one.id for one in open_}
    inside = [one for one in open_ if any(part.whole in ids for part in one.wholes)]
    kept = [one for one in open_ if one not in inside]
    for one in kept:
        if one.outstanding is not None and one.outstanding.high is None:
            why = f"it is at least {one.outstanding.floor:,.0f}: counted as that many, and no more"
            caveats.append(Caveat(tell(one), why, said=True))
    return Supply(tuple(kept), tuple(made), tuple(caveats))


def _is_of(one: Commitment, subject: Subject, catalogue: Catalogue) -> bool:
    if subject.item_id is not None:
        return one.item_id is not None and catalogue.is_within(one.item_id, subject.item_id)
    if subject.item == subject.category.value:
        return one.category is subject.category
    return one.category is subject.category and item_key(one.designation or "") == item_key(
        subject.name
    )


def _wider(subject: Subject, to_it: Sequence[Commitment], catalogue: Catalogue) -> list[Caveat]:
    """Tell of promises of the whole kind, of which nobody can say how many are of the item."""
    if subject.item == subject.category.value:
        return []
    above = set(catalogue.ancestors(subject.item_id)) if subject.item_id else set()
    wider = [
        one
        for one in to_it
        if one.category is subject.category
        and (one.designation is None or (one.item_id is not None and one.item_id in above))
        and (one.outstanding is None or one.outstanding.high != 0)
        and one.outstanding is not None
    ]
    if not wider:
        return []
    many = f"{len(wider)} open promises" if len(wider) > 1 else "1 open promise"
    why = (
        f"{many} of {subject.category.value.replace('-', ' ')} name no model: none is counted here"
    )
    mend = f"Forecast the whole kind with --item {subject.category.value}"
    return [Caveat(f"promises that may be {subject.name}", why, mend, said=True)]
