"""What a scenario means by its names: items, parties and units, found in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pledgebook.planning.scenario.faults import Faults, nearest
from pledgebook.planning.scenario.tables import Item, Scenario
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category
from pledgebook.vocabulary.toml_places import Path

__all__ = ["KnownItem", "KnownParty", "Names"]


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item of a scenario: `name` is how the file calls it first, `unit` what it is counted in.

    `code` is its id in the catalogue, or a category; None for one of the scenario's own.
    """

    key: str
    name: str
    unit: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A party of a scenario, under the name that the file gives it first."""

    key: str
    name: str
    code: str | None = None


class Names:
    """Finds items and parties by the names that a person writes; notes those that are unknown."""

    def __init__(self, scenario: Scenario, catalogue: Catalogue, faults: Faults) -> None:
        self._catalogue = catalogue
        self._faults = faults
        self._items: dict[str, KnownItem] = {}
        self._parties: dict[str, KnownParty] = {}
        self._own_parties = {name.casefold(): name for name in scenario.parties}
        self._own_items = {one.name.casefold(): one for one in scenario.item if one.own}
        self.tables: dict[str, Item] = {}
        self.unpriced: set[str] = set()
        for at, table in enumerate(scenario.item):
            self._declare(table, ("item", at))
        # Needs and donors name things before all other tables, wherever these stand in the file.
        for at, need in enumerate(scenario.need):
            self.party(need.recipient, ("need", at, "recipient"))
            self.item(need.item, ("need", at, "item"))
        for at, donor in enumerate(scenario.donor):
            self.party(donor.name, ("donor", at, "name"))

    def _declare(self, table: Item, path: Path) -> None:
        item = self.item(table.name, (*path, "name"))
        if item is None:
            return
        if item.key in self.tables:
            what = f"the item {table.name!r} is there twice"
            self._faults.add("twice", (*path, "name"), what, "Keep one of the two tables")
        self.tables[item.key] = table
        if table.unit is not None and item.code is not None:
            unit = self._unit(table.unit, (*path, "unit"))
            if unit not in (None, item.unit):
                what = f"{table.name} is counted in {item.unit}, and not in {unit}"
                mend = f"Write {item.unit}, or an item of your own (own = true)"
                self._faults.add("unit", (*path, "unit"), what, mend)

    def item(self, text: str, path: Path) -> KnownItem | None:
        """Return the item of this name; None, and a fault, where there is none."""
        own = self._own_items.get(text.casefold())
        if own is not None:
            found = KnownItem(f"own {text.casefold()}", own.name, own.unit or "item")
        else:
            category = _category(text)
            entry = None if category else self._catalogue.find_item(text)
            if category is not None:
                unit = self._catalogue.default_units[category]
                found = KnownItem(category.value, text, unit, category.value)
            elif entry is not None:
                found = KnownItem(entry.id, text, entry.unit, entry.id)
            else:
                near = self._catalogue.suggest_item(text) or self._near(text, self._own_items)
                mend = f"Did you mean {' or '.join(near)}? " if near else ""
                mend += "For one of your own, write [[item]] with own = true"
                if text not in self._faults.unread:
                    self._faults.add("unknown-item", path, f"no item is known as {text!r}", mend)
                return None
        return self._items.setdefault(found.key, found)

    def party(self, text: str, path: Path) -> KnownParty | None:
        """Return the party of this name; None, and a fault, where there is none."""
        own = self._own_parties.get(text.casefold())
        entry = None if own is not None else self._catalogue.find_party(text)
        if own is not None:
            found = KnownParty(f"own {text.casefold()}", own)
        elif entry is not None:
            found = KnownParty(entry.code, text, entry.code)
        else:
            near = [self._catalogue.parties[code].name for code in self._suggested(text)]
            near = near or list(self._near(text, self._own_parties.values()))
            mend = f"Did you mean {' or '.join(near)}? " if near else ""
            mend += "For one of your own, add it to `parties` at the head of the file"
            self._faults.add("unknown-party", path, f"no party is known as {text!r}", mend)
            return None
        return self._parties.setdefault(found.key, found)

    def by_key(self, key: str) -> KnownItem | None:
        """Return an item that the scenario has named already."""
        return self._items.get(key)

    def is_kind_of(self, item: KnownItem, whole: KnownItem) -> bool:
        """Tell whether an item is another, or a kind of it: 155mm HE of 155mm."""
        if item.key == whole.key:
            return True
        entry = self._catalogue.items.get(item.code or "")
        if entry is None or whole.code is None:
            return False
        return entry.category.value == whole.code or self._catalogue.is_within(entry.id, whole.code)

    @property
    def units(self) -> dict[str, str]:
        """What each item is counted in, by its name."""
        return {one.name: one.unit for one in self._items.values()}

    def _unit(self, text: str, path: Path) -> str | None:
        words = {word: unit.name for unit in self._catalogue.units.values() for word in unit.words}
        words |= {name: name for name in self._catalogue.units}
        found = words.get(text) or words.get(text.casefold())
        if found is None:
            near = nearest(text, words)
            mend = f"Did you mean {near}?" if near else "Leave it out for the catalogue's"
            self._faults.add("unknown-unit", path, f"no unit is known as {text!r}", mend)
        return found

    def _suggested(self, text: str) -> tuple[str, ...]:
        return self._catalogue.suggest_party(text)

    @staticmethod
    def _near(text: str, names: Iterable[str]) -> tuple[str, ...]:
        found = nearest(text, names)
        return () if found is None else (found,)


def _category(text: str) -> Category | None:
    plain = text.casefold().replace(" ", "-")
    return next((one for one in Category if one.value == plain), None)
