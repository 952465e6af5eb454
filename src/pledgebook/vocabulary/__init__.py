"""The room `vocabulary`: the words of the design as types, and the catalogue as data files.

Nothing here reads or writes outside its own data, except the additions file that a user names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
    from pledgebook.vocabulary.document import Document
    from pledgebook.vocabulary.items import CatalogueItem, ItemAlias
    from pledgebook.vocabulary.parties import Party, PartyAlias, Person
    from pledgebook.vocabulary.statement import (
        Category,
        Evidence,
        Item,
        Kind,
        Money,
        Per,
        Quantity,
        Scope,
        Statement,
        Status,
    )
    from pledgebook.vocabulary.units import Unit

__all__ = [
    "Catalogue",
    "CatalogueItem",
    "Category",
    "Document",
    "Evidence",
    "Item",
    "ItemAlias",
    "Kind",
    "Money",
    "Party",
    "PartyAlias",
    "Per",
    "Person",
    "Quantity",
    "Scope",
    "Statement",
    "Status",
    "Unit",
    "load_catalogue",
]

_MODULES = {
    "catalogue": ("Catalogue", "load_catalogue"),
    "document": ("Document",),
    "items": ("CatalogueItem", "ItemAlias"),
    "parties": ("Party", "PartyAlias", "Person"),
    "statement": (
        *("Category", "Evidence", "Item", "Kind", "Money"),
        *("Per", "Quantity", "Scope", "Statement", "Status"),
    ),
    "units": ("Unit",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
