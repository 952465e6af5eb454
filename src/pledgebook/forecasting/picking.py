"""Pick series as a person names them, and tell how each of their targets stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pledgebook.errors import NotFoundError
from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.series import (
    Nature,
    Series,
    SeriesBook,
    SeriesMeasure,
    Target,
    TargetOutlook,
    target_outlook,
)
from pledgebook.forecasting.series.nodes import Node, node_named
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Picked", "Standing", "beside", "item_name", "pick_series", "standings"]

_ABOUT = re.compile(r"(?P<measure>\w+) of (?P<item>.+) by (?P<parties>.+?)(?: to .+)?")
"""How a caveat on a statement that is left out names what it is about."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The series that were asked for, in the order of measure, nature, item and party.

    `caveats` say how some of them bound others. `left_out` are the statements that tell of such a
    level and could not be laid beside others, each with the reason.
    """

    series: tuple[Series, ...]
    caveats: tuple[Caveat, ...]
    left_out: tuple[Caveat, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest telling of a target, and how it stands.

    `outlook` says what it is worth, None where it is reached or cannot be told: see `says`, which
    is then the reason in words, and empty otherwise.
    """

    target: Target
    outlook: TargetOutlook | None
    says: str


def pick_series(
    book: SeriesBook,
    *,
    item: str | None = None,
    party: str | None = None,
    measure: SeriesMeasure | None = None,
    nature: Nature | None = None,
) -> Picked:
    """Return series of an item and all kinds of it, in which a party has a part.

    Raises NotFoundError for a name that neither the catalogue nor any series knows.
    """
    catalogue = book.catalogue
    wanted = None if item is None else _node(item, book)
    whose = None if party is None else _party(party, book)

    def fits(name: str, parties: tuple[str, ...]) -> bool:
        node = node_named(name, catalogue)
        inside = wanted is None or (node is not None and node.is_within(wanted, catalogue))
        return inside and (whose is None or whose in parties)

    found = [
        one
        for one in book.series
        if fits(one.key.item, one.key.parties)
        and measure in (None, one.key.measure)
        and nature in (None, one.key.nature)
    ]
    found.sort(key=lambda one: _order(one, catalogue))
    caveats: list[Caveat] = []
    if wanted is not None:
        bearing = book.bearing_on(wanted.name, measure=measure, nature=nature)
        others = {one.id for one in (*bearing.within, *bearing.above)}
        caveats = [
            one
            for one in bearing.caveats
            if one.why.partition(" ")[0] not in others and (whose is None or _names(one, found))
        ]
        above = [one for one in bearing.above if whose is None or whose in one.key.parties]
        caveats += _bounds(above, item_name(wanted.name, catalogue), catalogue)
    left_out = []
    for caveat in book.caveats:
        about = _ABOUT.fullmatch(caveat.about)
        if about is None or (
            fits(about["item"], tuple(about["parties"].split(", ")))
            and measure in (None, about["measure"])
        ):
            left_out.append(caveat)
    return Picked(tuple(found), tuple(caveats), tuple(left_out))


def beside(book: SeriesBook, series: Series) -> tuple[Series, ...]:
    """Return what else is told of the same party, item and measure: targets, capacities, needs."""
    key = series.key
    found = book.find(party=key.parties, item=key.item, measure=key.measure, unit=key.unit)
    return tuple(one for one in found if one.id != series.id)


def standings(book: SeriesBook, series: Series) -> tuple[Standing, ...]:
    """Return how the targets of a series stand, each by its newest telling, the earliest due first.

    A series of anything but targets has none.
    """
    found = [
        _standing(target, book)
        for target in book.targets
        if target.point.key == series.key and target.is_latest
    ]
    return tuple(
        sorted(found, key=lambda one: (one.target.due is None, one.target.due, one.target.id))
    )


def item_name(item: str, catalogue: Catalogue) -> str:
    """Return the item of a series as people call it."""
    known = catalogue.items.get(item)
    if known is not None:
        return known.designation
    category, _, words = item.partition("/")
    return words or category.replace("-", " ")


def _standing(target: Target, book: SeriesBook) -> Standing:
    outlook = target_outlook(target, book.slips, book.as_of, book.settings)
    if outlook is not None:
        return Standing(target, outlook, "")
    if target.reached_by is not None:
        return Standing(target, None, f"reached by {target.reached_by}")
    if target.due is None:
        return Standing(target, None, "names no day")
    return Standing(target, None, "its day had passed when it was told")


def _order(series: Series, catalogue: Catalogue) -> tuple[object, ...]:
    key = series.key
    name = item_name(key.item, catalogue).casefold()
    return [*SeriesMeasure].index(key.measure), [*Nature].index(key.nature), name, key


def _bounds(above: Sequence[Series], name: str, catalogue: Catalogue) -> list[Caveat]:
    """Name, in one caveat, all series of what the item is within: they bound it from above."""
    if not above:
        return []
    wider = ", ".join(sorted({item_name(one.key.item, catalogue) for one in above}))
    ids = ", ".join(one.id[:8] for one in above)
    why = f"all of {wider} is told of by {ids}; it is at most as much, and which part is not said"
    return [Caveat(name, why, f"A figure for {name} alone, or its share", said=True)]


def _names(caveat: Caveat, found: list[Series]) -> bool:
    return any(one.id in caveat.why or caveat.about == one.about for one in found)


def _node(item: str, book: SeriesBook) -> Node:
    words = " ".join(item.casefold().split())
    for one in book.series:
        # A designation that reports use and the catalogue does not have.
        if one.key.item.partition("/")[2] == words or one.key.item == words:
            return Node(one.key.item, one.points[0].category)
    node = node_named(item, book.catalogue) or node_named(words.replace(" ", "-"), book.catalogue)
    if node is None:
        near = book.catalogue.suggest_item(item)
        mend = f"Did you mean {', '.join(near)}?" if near else "Name a category or an item"
        raise NotFoundError(f"no item is known as {item!r}", mend=mend)
    return node


def _party(party: str, book: SeriesBook) -> str:
    known = book.catalogue.find_party(party)
    if known is not None:
        return known.code
    for one in book.series:
        for name in one.key.parties:
            if name.casefold() == party.casefold():
                return name
    near = book.catalogue.suggest_party(party)
    named = ", ".join(f"{code} ({book.catalogue.parties[code].name})" for code in near)
    mend = f"Did you mean {named}?" if named else "Check the spelling"
    raise NotFoundError(f"no party is known as {party!r}", mend=mend)
