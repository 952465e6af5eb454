"""The names that statements and commitments bear, and which of them some words stand for.

A party is found by its code, by each word of its name, and by each of its other names whole; an
item by each word of its designation, of its category and of what it is a kind of, and by every
spelling that the catalogue knows, which stands for all kinds of it. The catalogue is today's:
nothing of it is kept in the index.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from pledgebook.ledger.filters import item_key
from pledgebook.ledger.search.columns import Column, Mask
from pledgebook.ledger.search.patterns import Pattern
from pledgebook.ledger.search.query import Part
from pledgebook.ledger.search.words import fold
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

__all__ = ["Lexicon", "Names", "category_label", "is_name", "party_label"]

_OTHER_NAMES = frozenset(("name", "adjective", "people"))
_Words = tuple[str, ...]


class Lexicon:
    """Which values have some words in their names, or are named so as a whole."""

    def __init__(
        self, names: Iterable[Iterable[_Words]], whole: Mapping[_Words, Sequence[int]]
    ) -> None:
        self._names = [list(some) for some in names]
        self._whole = whole
        holds: dict[str, set[int]] = defaultdict(set)
        for place, some in enumerate(self._names):
            for words in some:
                for word in words:
                    holds[word].add(place)
        self._holds = holds

    def having(self, pattern: Pattern) -> Mask:
        """Return which values have one of the runs in a name."""
        found = np.zeros(len(self._names), np.bool_)
        for run in pattern.runs:
            last = run.words[-1]
            ends = [word for word in self._holds if word.startswith(last)] if run.begun else [last]
            places = {place for word in ends for place in self._holds.get(word, ())}
            if len(run.words) > 1:
                places = {
                    place
                    for place in places
                    if any(run.within(words) for words in self._names[place])
                }
            found[list(places)] = True
            if not run.begun:
                found[list(self._whole.get(run.words, ()))] = True
        return found


class Names:
    """The names in one set of columns, told by one catalogue."""

    def __init__(self, columns: Mapping[str, Column], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._items: Sequence[tuple[Category, str | None]] = columns["item"].values
        self._lineage = [self._lineage_of(*one) for one in self._items]
        self._kinds: dict[str, list[int]] = defaultdict(list)
        self._called: dict[str, list[int]] = defaultdict(list)
        for place, (_, designation) in enumerate(self._items):
            for item in self._lineage[place]:
                self._kinds[item].append(place)
            if designation is not None:
                self._called[item_key(designation)].append(place)
        self._lexicons = {
            name: _parties(columns[name].values, catalogue) for name in ("donor", "recipient")
        }
        self._lexicons["item"] = Lexicon(map(self._item, range(len(self._items))), {})
        for name in ("supplier", "speaker"):
            self._lexicons[name] = Lexicon(([tuple(fold(v))] for v in columns[name].values), {})

    def having(self, part: Part) -> dict[str, Mask]:
        """Return, by field, which values the words stand for."""
        found = {name: one.having(part.pattern) for name, one in self._lexicons.items()}
        for text in (part.text, *part.names):
            if not part.begun:
                found["item"] |= self.within(text)
        for text in part.names:
            run = Pattern.of(fold(text))
            for name in ("donor", "recipient"):
                found[name] |= self._lexicons[name].having(run)
        return found

    def speakers(self, pattern: Pattern) -> Mask:
        """Return which speakers have the words in their names."""
        return self._lexicons["speaker"].having(pattern)

    def within(self, text: str) -> Mask:
        """Return which items are the one that a text names in the catalogue, or kinds of it."""
        item = self._catalogue.find_item(text)
        found = np.zeros(len(self._items), np.bool_)
        if item is not None:
            found[self._kinds.get(item.id, [])] = True
            found |= self.called(item.designation)
        return found

    def called(self, designation: str) -> Mask:
        """Return which items are written so, whatever the case and the punctuation."""
        found = np.zeros(len(self._items), np.bool_)
        found[self._called.get(item_key(designation), [])] = True
        return found

    def _lineage_of(self, category: Category, designation: str | None) -> tuple[str, ...]:
        own = self._catalogue.item_for(category, designation)
        return () if own is None else (own.id, *self._catalogue.ancestors(own.id))

    def _item(self, place: int) -> list[_Words]:
        category, designation = self._items[place]
        # An anti-tank weapon is no tank.
        names = [tuple(fold(category.value.replace("anti-", "anti")))]
        if designation is not None:
            names.append(tuple(fold(designation)))
        above = self._lineage[place][1:]
        return names + [tuple(fold(self._catalogue.items[one].designation)) for one in above]


def party_label(code: str, catalogue: Catalogue) -> str:
    """Return the name of a party, or what it is called where the catalogue does not know it."""
    party = catalogue.parties.get(code)
    return party.name if party is not None else code


def category_label(category: str) -> str:
    """Return a category as people write it."""
    return category.replace("-", " ")


def is_name(text: str, catalogue: Catalogue) -> bool:
    """Tell whether the catalogue knows a party or an item by this name."""
    return tuple(fold(text)) in _party_names(catalogue) or catalogue.find_item(text) is not None


def _parties(codes: Sequence[str], catalogue: Catalogue) -> Lexicon:
    places: dict[str, list[int]] = {code: [place] for place, code in enumerate(codes)}
    names = ({tuple(fold(code)), tuple(fold(party_label(code, catalogue)))} for code in codes)
    whole: dict[_Words, list[int]] = defaultdict(list)
    for words, owners in _party_names(catalogue).items():
        for code in owners:
            whole[words] += places.get(code, ())
    return Lexicon(names, whole)


@functools.lru_cache(4)
def _party_names(catalogue: Catalogue) -> Mapping[_Words, frozenset[str]]:
    found: dict[_Words, set[str]] = defaultdict(set)
    for alias in catalogue.party_aliases:
        if alias.role in _OTHER_NAMES and not alias.ambiguous:
            found[tuple(fold(alias.text))].add(alias.code)
    return {words: frozenset(codes) for words, codes in found.items()}
