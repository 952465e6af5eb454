"""Parties and items where a text names them.

One pass of an Aho-Corasick automaton over the whole text finds every alias of the catalogue and
every category noun; word boundaries, letter case and context hints are checked here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick

from pledgebook.reading.text.lexicon import category_nouns, word_list
from pledgebook.reading.text.wording import fold
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.parties import PartyAlias
from pledgebook.vocabulary.statement import Category


@dataclass(frozen=True, slots=True)
class PartyMention:
    """A text that stands for a party; `role` is the role of the alias (name, adjective, ...)."""

    start: int
    end: int
    code: str
    role: str
    ambiguous: bool
    person: str | None = None


@dataclass(frozen=True, slots=True)
class ItemMention:
    """A text that names an item: a catalogue entry, or a category noun (`item` is None)."""

    start: int
    end: int
    category: Category
    designation: str | None
    unit: str | None
    ammunition: Category | None
    weak: bool
    item: str | None


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    cased: bool
    needs: tuple[str, ...]
    parties: tuple[PartyAlias, ...]
    items: tuple[ItemMention, ...]


class MentionFinder:
    """Finds the parties and items of one catalogue in texts."""

    def __init__(self, catalogue: Catalogue) -> None:
        terms = list(_terms(catalogue))
        self._terms: dict[str, list[_Term]] = {}
        for term in terms:
            self._terms.setdefault(fold(term.text), []).append(term)
        self._keys = list(self._terms)
        self._automaton = AhoCorasick(self._keys)

    def find(
        self, text: str, year: int | None = None
    ) -> tuple[list[PartyMention], list[ItemMention]]:
        """Return the mentions of parties and of items, each in order and without overlap.

        `year` settles a name that persons of several parties bear: who is in office counts.
        """
        folded = fold(text)
        parties: list[PartyMention] = []
        items: list[ItemMention] = []
        taken = 0
        for start, end, key in self._longest(folded):
            if start < taken:
                continue
            written = text[start:end]
            terms = self._terms[key]
            if year is not None and len(terms) > 1:
                terms = sorted(terms, key=lambda term: _is_out_of_office(term, year))
            for term in terms:
                if term.cased and written != term.text and not _shouted(written, term.text):
                    continue
                if term.needs and not _has_near(folded, start, end, term.needs):
                    continue
                if not term.items and not term.parties:
                    taken = end
                    break
                if term.items:
                    it = term.items[0]
                    items.append(
                        ItemMention(
                            start,
                            end,
                            it.category,
                            it.designation,
                            it.unit,
                            it.ammunition,
                            it.weak,
                            it.item,
                        )
                    )
                else:
                    alias = term.parties[0]
                    person = alias.person.name if alias.person else None
                    parties.append(
                        PartyMention(start, end, alias.code, alias.role, alias.ambiguous, person)
                    )
                taken = end
                break
        return _with_bodies(text, parties, items), items

    def _longest(self, folded: str) -> list[tuple[int, int, str]]:
        found = []
        size = len(folded)
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if start and _joins(folded[start - 1]) and _joins(folded[start]):
                continue
            if end < size and _joins(folded[end]) and _joins(folded[end - 1]):
                continue
            found.append((start, end, self._keys[index]))
        found.sort(key=lambda hit: (hit[0], -hit[1]))
        return found


def _is_out_of_office(term: _Term, year: int) -> bool:
    person = term.parties[0].person if term.parties else None
    return person is not None and not person.holds_office_in(year)


def _with_bodies(
    text: str, parties: list[PartyMention], items: list[ItemMention]
) -> list[PartyMention]:
    """Add bodies that the catalogue does not know, by the words that end their names."""
    taken = sorted([(m.start, m.end) for m in parties] + [(m.start, m.end) for m in items])
    starts = [start for start, _ in taken]
    added = []
    for found in _bodies().finditer(text):
        at = bisect_left(starts, found.end())
        if at and taken[at - 1][1] > found.start():
            continue
        role = "company" if found["firm"] else "name"
        added.append(PartyMention(found.start(), found.end(), found.group(), role, False))
    return sorted([*parties, *added], key=lambda m: m.start) if added else parties


@cache
def _bodies() -> re.Pattern[str]:
    firm = "|".join(map(re.escape, word_list("firm_endings")))
    body = "|".join(map(re.escape, word_list("body_endings")))
    name = r"(?:[A-Z][\w’'&.-]{1,24} ){1,4}"
    return re.compile(rf"(?<![\w-]){name}(?:(?P<firm>{firm})|(?:{body}))(?![\w-])")


@lru_cache(maxsize=4)
def finder(catalogue: Catalogue) -> MentionFinder:
    """Return the finder of a catalogue; it is made once."""
    return MentionFinder(catalogue)


def _joins(character: str) -> bool:
    return character.isalnum() or character == "_"


def _shouted(written: str, alias: str) -> bool:
    """Accept a name in capitals (speaker labels, headings), but not a short word by chance."""
    return written.isupper() and len(written) > 4 and alias.upper() == written


def _has_near(folded: str, start: int, end: int, needs: tuple[str, ...]) -> bool:
    near = folded[max(0, start - 60) : end + 60]
    return any(word.lower() in near for word in needs)


def _terms(catalogue: Catalogue) -> Iterator[_Term]:
    for alias in catalogue.item_aliases:
        entry = catalogue.items[alias.item]
        ambiguous = alias.cased or alias.text.isupper()
        mention = ItemMention(
            0, 0, entry.category, entry.designation, entry.unit, entry.ammunition, False, entry.id
        )
        yield _Term(alias.text, ambiguous, alias.needs, (), (mention,))
    skipped = frozenset(word_list("not_party_aliases"))
    rank = {"name": 0, "metonym": 1, "capital": 2, "person": 3, "adjective": 4, "people": 5}
    aliases = sorted(catalogue.party_aliases, key=lambda a: (a.ambiguous, rank.get(a.role, 9)))
    for party in aliases:
        if party.text not in skipped:
            yield _Term(party.text, party.cased, (), (party,), ())
    for text in word_list("masks"):
        yield _Term(text, False, (), (), ())
    for noun in category_nouns():
        category = Category(noun.category)
        unit = noun.unit or catalogue.default_units.get(category, "item")
        mention = ItemMention(0, 0, category, None, unit, None, noun.weak, None)
        yield _Term(noun.text, noun.text.isupper(), (), (), (mention,))


__all__ = ["ItemMention", "MentionFinder", "PartyMention", "finder"]
