"""Items of the catalogue and the ways in which texts write them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pledgebook.errors import CatalogueError
from pledgebook.vocabulary.entries import ItemEntry
from pledgebook.vocabulary.statement import Category

__all__ = ["CatalogueItem", "ItemAlias", "item_aliases", "item_tree", "plural", "spellings"]

_JOINT = re.compile(r"(?<![\dA-Za-z])([A-Za-z]+)([ -]?)(?=\d)")
_SHORT_PREFIX = re.compile(r"[A-Za-z]{1,3} \d")
_CALIBRE = re.compile(r"(\d+(?:\.\d+)?)mm\b")
_CALIBRE_UNITS = (" mm", "-mm", "-millimetre", " millimetre", "-millimeter", " millimeter")


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """A publicly known system or supply.

    `parent` is the item that this one is a kind of. `ammunition` is the category that
    "<designation> ammunition" or "<designation> missiles" has, where a platform names what it
    fires.
    """

    id: str
    designation: str
    category: Category
    unit: str
    parent: str | None = None
    calibre: str | None = None
    wikidata: str | None = None
    ammunition: Category | None = None


@dataclass(frozen=True, slots=True)
class ItemAlias:
    """A text that names an item, plurals included.

    `cased` texts match as written. Where `needs` is not empty, one of its words must stand near.
    """

    text: str
    item: str
    cased: bool = False
    needs: tuple[str, ...] = ()


def item_tree(
    files: Mapping[str, Iterable[ItemEntry]],
    default_units: Mapping[Category, str],
    units: Collection[str],
) -> dict[str, CatalogueItem]:
    """Return the items of all files by id, with one more for ammunition that a platform names.

    The ammunition of `himars` is `himars-ammunition`. Raises CatalogueError where an id is given
    twice, a unit is unknown, or a parent is missing, of another category, or its own descendant.
    """
    items: dict[str, CatalogueItem] = {}
    places: dict[str, str] = {}
    for name, entries in files.items():
        for entry in entries:
            for item in _items(entry, default_units):
                place = f"{name}, [[item]] {entry.id!r}"
                if item.unit not in units:
                    what = f"the unit {item.unit!r} is unknown"
                    mend = "Name a unit of units.toml or add one"
                    raise CatalogueError(what, where=place, mend=mend)
                if item.id in items:
                    raise CatalogueError(
                        f"the id {item.id!r} is given twice", where=place, mend="Choose another id"
                    )
                items[item.id] = item
                places[item.id] = place
    for item in items.values():
        _check_parents(item, items, places)
    return items


def _items(entry: ItemEntry, default_units: Mapping[Category, str]) -> Iterator[CatalogueItem]:
    yield CatalogueItem(
        id=entry.id,
        designation=entry.designation,
        category=entry.category,
        unit=entry.unit or default_units[entry.category],
        parent=entry.parent,
        calibre=entry.calibre,
        wikidata=entry.wikidata,
        ammunition=entry.ammunition,
    )
    if entry.ammunition is not None and entry.ammunition is not entry.category:
        yield CatalogueItem(
            id=f"{entry.id}-ammunition",
            designation=entry.designation,
            category=entry.ammunition,
            unit=default_units[entry.ammunition],
            calibre=entry.calibre,
        )


def item_aliases(entries: Iterable[ItemEntry]) -> tuple[ItemAlias, ...]:
    """Return every alias with its spellings and plurals, each text once for each item.

    Case and needs bind only bare words ("Hawk", "G3"); a longer text speaks for itself.
    """
    return tuple(alias for entry in entries for alias in _aliases(entry))


def _aliases(entry: ItemEntry) -> Iterator[ItemAlias]:
    singular = dict.fromkeys(
        text for alias in (entry.designation, *entry.aliases) for text in spellings(alias)
    )
    plurals = map(plural, singular) if entry.plurals is None else entry.plurals
    for text in dict.fromkeys((*singular, *plurals)):
        stem = text.removesuffix("s")
        bare = text.isalpha() or (stem.isalnum() and len(stem) < 3)
        cased = (bare and entry.cased) or _short(stem)
        # CAESAR in capitals is no name of a person; MILAN heads a dispatch.
        sure = stem.isupper() and len(stem) > 5
        yield ItemAlias(text, entry.id, cased, entry.needs if bare and not sure else ())


def _short(text: str) -> bool:
    """Tell whether a text could be common words in lower case: TOW, A10, AS 90."""
    if text.isalnum() and text.isupper():
        return len(text) <= 3 or (len(text) == 4 and text.isalpha())
    return _SHORT_PREFIX.match(text) is not None


def spellings(text: str) -> tuple[str, ...]:
    """Return the ways to write a designation, as given first: Leopard 2, Leopard-2, Leopard2.

    Only the first joint of letters and a number varies; a calibre varies in its millimetres. No
    space is put after one or two letters, or "A-10" would be found in "a 10-year plan".
    """
    calibre = _CALIBRE.search(text) if "mm" in text else None
    if calibre is not None:
        start, end = calibre.end(1), calibre.end()
        return (text, *(text[:start] + unit + text[end:] for unit in _CALIBRE_UNITS))
    joint = None if text.isalpha() else _JOINT.search(text)
    if joint is None or sum(map(str.isalnum, text)) < 3:
        return (text,)
    word, given = joint.groups()
    marks = ("-", " ", "") if len(word) > 2 or given == " " else ("-", "")
    joined = (text[: joint.end(1)] + mark + text[joint.end() :] for mark in marks)
    return tuple(dict.fromkeys((text, *joined)))


def plural(text: str) -> str:
    """Return the regular plural: Leopards, F-16s, Foxes; Abrams and HIMARS stay as they are."""
    last = text[-1]
    if last in "sS":
        return text
    if last.isupper() or not last.isalpha():
        return f"{text}s"
    if text.endswith(("x", "z", "ch", "sh")):
        return f"{text}es"
    if last == "y" and text[-2:-1] not in tuple("aeiou") and (" " in text or text.islower()):
        return f"{text[:-1]}ies"
    return f"{text}s"


def _check_parents(
    item: CatalogueItem, items: Mapping[str, CatalogueItem], places: Mapping[str, str]
) -> None:
    seen = {item.id}
    child = item
    while child.parent is not None:
        place = places[child.id]
        parent = items.get(child.parent)
        if parent is None:
            what = f"the parent {child.parent!r} is no item"
            raise CatalogueError(what, where=place, mend="Name an item's id")
        if parent.category is not child.category:
            what = f"the parent {parent.id!r} is of category {parent.category}"
            mend = "Leave the parent out or give both one category"
            raise CatalogueError(what, where=place, mend=mend)
        if parent.id in seen:
            what = "its parents form a circle"
            raise CatalogueError(what, where=place, mend="Leave one of the parents out")
        seen.add(parent.id)
        child = parent
