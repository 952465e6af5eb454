"""Whether the parties and designations of an answer are those that the document names."""

from __future__ import annotations

import re
from functools import cached_property

from pledgebook.reading.llm.quoting import Quoted, Span
from pledgebook.reading.text.mentions import finder
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document

__all__ = ["Names"]

_LONGEST_NAME = 90
_UNNAMED = frozenset({"ALLIES"})
"""Codes that stand for whoever is not named; the words for them are beyond counting."""


class Names:
    """The parties and items of one document, as far as the catalogue and its own words go."""

    def __init__(self, document: Document, catalogue: Catalogue, quoted: Quoted) -> None:
        self._document = document
        self._catalogue = catalogue
        self._quoted = quoted
        year = document.date.year if document.date else None
        self._parties, self._items = finder(catalogue).find(document.text, year)

    @property
    def item_spans(self) -> list[Span]:
        """Where items stand."""
        return [(mention.start, mention.end) for mention in self._items]

    @cached_property
    def _codes(self) -> frozenset[str]:
        found = {mention.code for mention in self._parties} | _UNNAMED
        if "ALLIES" in {mention.code for mention in self._parties}:
            # "Allies" with a capital are those of the North Atlantic treaty, on its own pages.
            found.add("NATO")
        if self._document.url and (code := self._catalogue.publisher(self._document.url)):
            found.add(code)
        return frozenset(found)

    def resolve(self, name: str) -> str | None:
        """Return the code of a party, None for one that nobody knows.

        Codes and names of the catalogue become codes. A company or body keeps its name as the
        document writes it, also one that the catalogue does not know; it must stand there.
        """
        name = " ".join(name.split())
        party = self._catalogue.parties.get(name) or self._catalogue.find_party(name)
        if party is not None and party.kind in {"state", "group"}:
            return party.code
        if self.is_written(name) and any(map(str.isupper, name)) and len(name) <= _LONGEST_NAME:
            return name
        return party.code if party is not None and self.is_named(party.code) else None

    def is_named(self, code: str) -> bool:
        """Tell whether the document names a party by any of the words for it, or is its own."""
        return code in self._codes or self.is_written(code)

    def is_written(self, words: str) -> bool:
        """Tell whether these very words stand in the document."""
        return bool(self._quoted.spans(words))

    def has_item(self, designation: str) -> bool:
        """Tell whether a designation stands in the document, or names what its words stand for."""
        if _letters(designation) in self._letters:
            return True
        item = self._catalogue.find_item(designation)
        if item is None:
            return False
        mentioned = {mention.item for mention in self._items if mention.item is not None}
        line = {item.id, *self._catalogue.ancestors(item.id)}
        return any(
            found in line or self._catalogue.is_within(found, item.id) for found in mentioned
        )

    @cached_property
    def _letters(self) -> str:
        return _letters(self._document.text)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
