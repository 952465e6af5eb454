"""What an item of the tracker is: its category, its designation, and the unit it is counted in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pledgebook.exchange.intake import data_table
from pledgebook.exchange.things import Thing
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

if TYPE_CHECKING:
    from pledgebook.reading.text.mentions import ItemMention

__all__ = ["ItemReader"]

_CALIBRE = re.compile(r"\d+(?:\.\d+)?mm")
_NOTE = re.compile(r"\s*\((?:general|norway|latvia|lithuania|estonia|canada|spain|iceland)\)")
# A missile of these is itself what the category names; other weapons have ammunition of their own.
_MUNITIONS = frozenset(
    {
        Category.MISSILE,
        Category.ANTI_TANK_WEAPON,
        Category.ARTILLERY_AMMUNITION,
        Category.ROCKET_AMMUNITION,
        Category.AMMUNITION,
        Category.MINE_EXPLOSIVE,
        Category.AIR_DEFENCE,
    }
)
_WITH_CALIBRE = frozenset(
    {
        Category.ARTILLERY,
        Category.ARTILLERY_AMMUNITION,
        Category.AMMUNITION,
        Category.ROCKET_ARTILLERY,
        Category.ROCKET_AMMUNITION,
    }
)


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Reads items with the words of one catalogue."""

    catalogue: Catalogue

    def read(self, item: str, item_type: str, subtype: str) -> Thing:
        """Return what an item is, by its words, then by its sub-type, then by its type."""
        return _read(self.catalogue, item, item_type.casefold(), subtype.casefold())


@lru_cache(maxsize=8192)
def _read(catalogue: Catalogue, item: str, item_type: str, subtype: str) -> Thing:
    table = data_table("kiel_items")
    said = _NOTE.sub("", " ".join(item.split()))
    folded = said.casefold()
    unit = next((name for words, name in table["units"].items() if folded.startswith(words)), None)
    exact = catalogue.find_item(said)
    mentions = _mentions(catalogue, said)
    named = _named(mentions)
    fires = "ammunition" in item_type or "ammunition" in subtype
    category: Category | None = None
    if fixed := table["names"].get(folded):
        category = Category(fixed)
    elif any(words in folded for words in table["parts"]):
        category = Category.MAINTENANCE
    elif fires:
        category = _munition(named, mentions, item_type, subtype, table)
    elif exact is not None:
        category = exact.category
    elif named is not None:
        category = named.category
    elif strong := [one for one in mentions if not one.weak and one.designation is None]:
        category = strong[0].category
    category = category or _by_type(item_type, subtype, table) or Category.OTHER
    designation = exact.designation if exact is not None else None
    if designation is None and named is not None:
        designation = named.designation
    if designation is None and category in _WITH_CALIBRE:
        designation = next((text for one in mentions if (text := _calibre(one))), None)
    return Thing(category, designation, unit or catalogue.default_units[category])


def _munition(
    named: ItemMention | None,
    mentions: tuple[ItemMention, ...],
    item_type: str,
    subtype: str,
    table: dict[str, Any],
) -> Category | None:
    """Return what ammunition is: of the weapon that it names, or by its words and its sub-type."""
    if named is not None:
        if named.ammunition is not None:
            return named.ammunition
        if named.category in _MUNITIONS:
            return named.category
    by_type = next((kind for words, kind in table["ammunition"].items() if words in subtype), None)
    if by_type is not None:
        return Category(by_type)
    for one in mentions:
        if one.category in _MUNITIONS and not one.weak:
            return one.category
    return _by_type(item_type, subtype, table)


def _by_type(item_type: str, subtype: str, table: dict[str, Any]) -> Category | None:
    for text, kinds in ((subtype, table["subtypes"]), (item_type, table["types"])):
        for words, category in kinds.items():
            if words in text:
                return Category(category)
    return None


def _mentions(catalogue: Catalogue, text: str) -> tuple[ItemMention, ...]:
    from pledgebook.reading.text.mentions import finder

    return tuple(finder(catalogue).find(text)[1])


def _named(mentions: tuple[ItemMention, ...]) -> ItemMention | None:
    """Return the first that names a model; a calibre names none."""
    return next(
        (one for one in mentions if one.designation is not None and _calibre(one) is None), None
    )


def _calibre(mention: ItemMention) -> str | None:
    text = mention.designation
    return text if text is not None and _CALIBRE.fullmatch(text) else None
