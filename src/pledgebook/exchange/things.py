"""What a cell names as an item: a catalogue entry, or a category by its noun."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

__all__ = ["Thing", "category_of", "is_calibre", "thing_of"]

_JOINED = re.compile(r"[,;&+/]|\b(?:and|with|plus)\b", re.IGNORECASE)
# What is done to or with a thing is what is given: "spare parts for M109" are no guns.
_HEADS = frozenset({Category.MAINTENANCE, Category.TRAINING_SERVICE})
# What is fired is not what fires it, where the words say so: "ammunition for M109".
_ROUNDS = frozenset(
    {Category.AMMUNITION, Category.ARTILLERY_AMMUNITION, Category.ROCKET_AMMUNITION}
)
_FIRED = {
    Category.ARTILLERY: Category.ARTILLERY_AMMUNITION,
    Category.TANK: Category.ARTILLERY_AMMUNITION,
    Category.ROCKET_ARTILLERY: Category.ROCKET_AMMUNITION,
}


@dataclass(frozen=True, slots=True)
class Thing:
    """An item as a statement names it, with the unit that it is counted in."""

    category: Category
    designation: str | None
    unit: str

    def fields(self) -> dict[str, Any]:
        """Return the `item` of a statement."""
        return {"category": self.category.value, "designation": self.designation}


def thing_of(text: str, catalogue: Catalogue) -> Thing | None:
    """Return what a text names, or None where nothing in it is known.

    A name counts before a noun; a noun beside it tells a platform from what it fires ("HIMARS
    rockets"), and a gun from its calibre ("155mm towed gun").
    """
    from pledgebook.reading.text.mentions import finder

    exact = catalogue.find_item(text)
    if exact is not None:
        return Thing(exact.category, exact.designation, exact.unit)
    mentions = finder(catalogue).find(text)[1]
    if not mentions:
        return None
    names = [one for one in mentions if one.designation is not None]
    nouns = [one for one in mentions if one.designation is None]
    if not names:
        return _made(nouns[-1].category, None, nouns[-1].unit, catalogue)
    models = [one for one in names if not is_calibre(one.designation or "", catalogue)]
    named = (models or names)[0]
    for noun in nouns:
        between = text[min(noun.end, named.end) : max(noun.start, named.start)]
        if _JOINED.search(between):
            continue  # "Leopard 1 tanks and ammunition": the first of a list stands for it.
        if noun.category in _ROUNDS and named.category not in _ROUNDS:
            rounds = named.ammunition or _FIRED.get(named.category) or noun.category
            return _made(rounds, named.designation, None, catalogue)
        if noun.category in _HEADS or noun.category is named.ammunition:
            return _made(noun.category, named.designation, noun.unit, catalogue)
        if (
            is_calibre(named.designation or "", catalogue)
            and noun.category is not Category.AMMUNITION
        ):
            return _made(noun.category, named.designation, noun.unit, catalogue)
    return _made(named.category, named.designation, named.unit, catalogue)


def category_of(text: str) -> Category | None:
    """Return the category that a cell names outright: "air-defence", "Air defence"."""
    said = "-".join(text.casefold().replace("_", " ").replace("-", " ").split())
    return Category(said) if said in set(Category) else None


def is_calibre(designation: str, catalogue: Catalogue) -> bool:
    """Tell whether a designation is a mere calibre: "155mm"."""
    item = catalogue.find_item(designation)
    return item is not None and item.calibre is not None and item.designation == item.calibre


def _made(
    category: Category, designation: str | None, unit: str | None, catalogue: Catalogue
) -> Thing:
    return Thing(category, designation, unit or catalogue.default_units[category])
