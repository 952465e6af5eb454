"""The catalogue: parties, items and units by which texts are read, loaded from data files.

It never changes once loaded; `digest` names its exact content.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from pledgebook.errors import CatalogueError
from pledgebook.vocabulary.entries import CatalogueFile
from pledgebook.vocabulary.files import DATA, data_files, parse_file
from pledgebook.vocabulary.items import CatalogueItem, ItemAlias, item_aliases, item_tree
from pledgebook.vocabulary.parties import Party, PartyAlias, Person, party_aliases
from pledgebook.vocabulary.statement import Category
from pledgebook.vocabulary.units import Unit

__all__ = [
    "Catalogue",
    "CatalogueItem",
    "ItemAlias",
    "Party",
    "PartyAlias",
    "Person",
    "Unit",
    "load_catalogue",
]

# A dot between digits tells 12.7mm from 127mm.
_NO_KEY = re.compile(r"[^\w.]+|_|(?<!\d)\.|\.(?!\d)")


T = TypeVar("T")


class _Lazy(Generic[T]):
    """A value that is made when it is first asked for: the ledger needs no spellings of items."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make

    @cached_property
    def value(self) -> T:
        """Return the value."""
        return self._make()


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Parties, items and units, with the texts that name them."""

    parties: Mapping[str, Party]
    items: Mapping[str, CatalogueItem]
    party_aliases: tuple[PartyAlias, ...]
    units: Mapping[str, Unit]
    default_units: Mapping[Category, str]
    publishers: Mapping[str, str]
    digest: str
    _item_aliases: _Lazy[tuple[ItemAlias, ...]] = field(repr=False)
    _party_keys: _Lazy[dict[str, str]] = field(repr=False)
    _item_keys: _Lazy[dict[str, str]] = field(repr=False)

    @property
    def item_aliases(self) -> tuple[ItemAlias, ...]:
        """Every text that names an item."""
        return self._item_aliases.value

    def publisher(self, url: str) -> str | None:
        """Return the code of the party that publishes at this address, if it is known."""
        try:
            host = urlsplit(url if "//" in url else f"//{url}").hostname
        except ValueError:
            return None
        labels = (host or "").rstrip(".").split(".")
        for start in range(len(labels)):
            if code := self.publishers.get(".".join(labels[start:])):
                return code
        return None

    def ancestors(self, item_id: str) -> tuple[str, ...]:
        """Return the ids of the items that this one is a kind of, nearest first."""
        found = []
        item = self.items.get(item_id)
        while item is not None and item.parent is not None:
            found.append(item.parent)
            item = self.items[item.parent]
        return tuple(found)

    def is_within(self, item_id: str, ancestor_id: str) -> bool:
        """Tell whether an item is the other or a kind of it."""
        return item_id == ancestor_id or ancestor_id in self.ancestors(item_id)

    def item_for(self, category: Category, designation: str | None) -> CatalogueItem | None:
        """Return the entry that a statement's item names, of that very category."""
        item = self.find_item(designation) if designation else None
        if item is None or item.category is category:
            return item
        return self.items.get(f"{item.id}-ammunition") if item.ammunition is category else None

    def find_item(self, text: str) -> CatalogueItem | None:
        """Return the item with this id, designation or alias, in any case and punctuation."""
        found = self._item_keys.value.get(_key(text))
        return self.items[found] if found else None

    def find_party(self, text: str) -> Party | None:
        """Return the party with this code or unambiguous alias, in any case and punctuation."""
        found = self._party_keys.value.get(_key(text))
        return self.parties[found] if found else None

    def suggest_item(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Return designations that are spelt like the text, best first, for an error message."""
        near = _nearest(text, self._item_keys.value, limit * 4)
        return tuple(dict.fromkeys(self.items[item].designation for item in near))[:limit]

    def suggest_party(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Return codes of parties whose names are spelt like the text, best first."""
        return tuple(dict.fromkeys(_nearest(text, self._party_keys.value, limit * 4)))[:limit]


def load_catalogue(additions: Path | None = None) -> Catalogue:
    """Return the catalogue of the package, with the entries of a TOML file of the user's own.

    The file has the tables of the package's data files: `[[item]]`, `[[party]]`, `[[company]]`,
    `[[person]]`, `[[publisher]]`. Raises CatalogueError, with file and entry, where one is wrong.
    """
    if additions is None:
        return _load(None, b"")
    try:
        return _load(str(additions), additions.read_bytes())
    except OSError as error:
        what = f"the additions cannot be read: {error.strerror}"
        raise CatalogueError(what, where=str(additions), mend="Check the path") from error


@lru_cache(maxsize=8)
def _load(additions: str | None, added: bytes) -> Catalogue:
    sources = [(path.relative_to(DATA).as_posix(), path.read_bytes()) for path in data_files()]
    if additions is not None:
        sources.append((additions, added))
    digest = hashlib.sha256()
    for name, data in sources:
        # A user's path is no content: the same additions elsewhere give the same catalogue.
        label = "additions" if name == additions else name
        digest.update(f"{label}\0{len(data)}\0".encode())
        digest.update(data)
    return _assemble({name: parse_file(name, data) for name, data in sources}, digest.hexdigest())


def _assemble(files: Mapping[str, CatalogueFile], digest: str) -> Catalogue:
    units = _units(files)
    defaults = _default_units(files, units)
    items = item_tree({name: file.item for name, file in files.items()}, defaults, units.keys())
    parties = _parties(files)
    publishers: dict[str, str] = {}
    for name, file in files.items():
        for person in file.person:
            _check_party(person.party, parties, f"{name}, [[person]] {person.name!r}")
        for publisher in file.publisher:
            _check_party(publisher.party, parties, f"{name}, [[publisher]] {publisher.host!r}")
            publishers[publisher.host] = publisher.party
    texts = party_aliases(
        (entry for file in files.values() for entry in file.party),
        (entry for file in files.values() for entry in file.company),
        (entry for file in files.values() for entry in file.person),
    )
    entries = [entry for file in files.values() for entry in file.item]
    named = _Lazy(partial(item_aliases, entries))
    return Catalogue(
        parties=MappingProxyType(parties),
        items=MappingProxyType(items),
        party_aliases=texts,
        units=MappingProxyType(units),
        default_units=MappingProxyType(defaults),
        publishers=MappingProxyType(publishers),
        digest=digest,
        _item_aliases=named,
        _party_keys=_Lazy(partial(_party_keys, parties, texts)),
        _item_keys=_Lazy(lambda: _item_keys(items, named.value)),
    )


def _units(files: Mapping[str, CatalogueFile]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for file in files.values():
        for entry in file.unit:
            units[entry.name] = Unit(entry.name, entry.words, frozenset(entry.categories))
    return units


def _default_units(
    files: Mapping[str, CatalogueFile], units: Mapping[str, Unit]
) -> dict[Category, str]:
    defaults: dict[Category, str] = {}
    for name, file in files.items():
        for entry in file.default_unit:
            if entry.unit not in units:
                where = f"{name}, [[default_unit]] {entry.category}"
                mend = "Name a unit of units.toml or add one"
                raise CatalogueError(f"the unit {entry.unit!r} is unknown", where=where, mend=mend)
            defaults[entry.category] = entry.unit
    return defaults


def _parties(files: Mapping[str, CatalogueFile]) -> dict[str, Party]:
    parties: dict[str, Party] = {}
    places: dict[str, str] = {}
    for name, file in files.items():
        made = [Party(entry.code, entry.name, entry.kind, entry.country) for entry in file.party]
        made += [Party(entry.name, entry.name, "company", entry.country) for entry in file.company]
        for party in made:
            place = f"{name}, party {party.code!r}"
            if party.code in parties:
                mend = "Leave one of the two entries out"
                raise CatalogueError("the party is given twice", where=place, mend=mend)
            parties[party.code] = party
            places[party.code] = place
    for party in parties.values():
        if party.country is not None:
            _check_party(party.country, parties, places[party.code])
    return parties


def _check_party(code: str, parties: Mapping[str, Party], where: str) -> None:
    if code not in parties:
        mend = "Use the code of a listed party or add the party"
        raise CatalogueError(f"the party {code!r} is unknown", where=where, mend=mend)


def _party_keys(parties: Mapping[str, Party], aliases: Iterable[PartyAlias]) -> dict[str, str]:
    keys = {_key(code): code for code in parties}
    for alias in aliases:
        if not alias.ambiguous and alias.role not in {"phrase", "description"}:
            keys.setdefault(_key(alias.text), alias.code)
    return keys


def _item_keys(items: Mapping[str, CatalogueItem], aliases: Iterable[ItemAlias]) -> dict[str, str]:
    keys = {_key(item): item for item in items}
    for alias in aliases:
        keys.setdefault(_key(alias.text), alias.item)
    return keys


def _key(text: str) -> str:
    return _NO_KEY.sub("", text.casefold())


_AS_NEAR = 12
"""How many points of likeness, of a hundred, a suggestion may lie below the best."""


def _nearest(text: str, keys: Mapping[str, str], limit: int) -> list[str]:
    from rapidfuzz import fuzz, process

    near = process.extract(_key(text), keys.keys(), scorer=fuzz.ratio, limit=limit, score_cutoff=60)
    # What is much further off than the best is a guess: "Germny" is Germany, and not Guernsey.
    best = near[0][1] if near else 0.0
    return [keys[key] for key, score, _ in near if score >= best - _AS_NEAR]
