"""Items as places in the catalogue's tree, with each category as the root of its items."""

from __future__ import annotations

from dataclasses import dataclass

from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category, Item

__all__ = ["Node", "node_named", "node_of"]

_CATEGORIES = {category.value: category for category in Category}


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree: `name` is an item's id, a category, or `category/words`."""

    name: str
    category: Category

    def is_within(self, other: Node, catalogue: Catalogue) -> bool:
        """Tell whether this is the other or a kind of it."""
        if self.name == other.name:
            return True
        if self.category is not other.category:
            return False
        if other.name == other.category.value:
            return True
        return self.name in catalogue.items and catalogue.is_within(self.name, other.name)


def node_of(item: Item, catalogue: Catalogue) -> Node:
    """Return the place of a statement's item."""
    if item.designation is None:
        return Node(item.category.value, item.category)
    found = catalogue.item_for(item.category, item.designation)
    if found is not None:
        return Node(found.id, item.category)
    words = " ".join(item.designation.casefold().split())
    return Node(f"{item.category.value}/{words}", item.category)


def node_named(text: str, catalogue: Catalogue) -> Node | None:
    """Return the place that a category, an id, a designation or an alias names; None if none."""
    if text in _CATEGORIES:
        return Node(text, _CATEGORIES[text])
    category, _, words = text.partition("/")
    if words and category in _CATEGORIES:
        return Node(text, _CATEGORIES[category])
    found = catalogue.items.get(text) or catalogue.find_item(text)
    return Node(found.id, found.category) if found else None
