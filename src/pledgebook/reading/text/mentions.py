"""Parties and items where a text names them.

One pass of an Aho-Corasick automaton over the whole text finds every alias of the catalogue and
every category noun; word boundaries, letter case and context hints are checked here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from pledgebook.reading.text.lexicon import category_nouns, word_list
from pledgebook.reading.text.unlisted import (
    bodies,
    follows,
    is_counted,
    leads_to,
    models,
    state_codes,
    stem,
)
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
        self._doubtful = frozenset(fold(term.text) for term in terms if term.needs)
        self._automaton = AhoCorasick(self._keys)

    def find(
        self, text: str, year: int | None = None
    ) -> tuple[list[PartyMention], list[ItemMention]]:
        """Return the mentions of parties and of items, each in order and without overlap.

        `year` settles a name that persons of several parties bear: who is in office counts.
        """
        folded = fold(text)
        hits = self._longest(folded)
        meant = _Meant(text, folded)
        for start, end, key in hits:
            if key in self._doubtful:
                for term in self._terms[key]:
                    meant.look(start, end, term)
        parties: list[PartyMention] = []
        items: list[ItemMention] = []
        taken = 0
        for start, end, key in hits:
            if start < taken:
                continue
            written = text[start:end]
            terms = self._terms[key]
            if year is not None and len(terms) > 1:
                terms = sorted(terms, key=lambda term: _is_out_of_office(term, year))
            for term in terms:
                if term.cased and written != term.text and not _shouted(written, term.text):
                    continue
                if term.needs and not meant.says(start, end, term):
                    continue
                taken = end
                if term.items:
                    items.append(_written_as(term.items[0], start, end, written, key))
                elif term.parties:
                    alias = term.parties[0]
                    person = alias.person.name if alias.person else None
                    parties.append(
                        PartyMention(start, end, alias.code, alias.role, alias.ambiguous, person)
                    )
                break
        _add_bodies(text, parties, items)
        _add_state_codes(text, parties, items)
        self._add_models(text, folded, parties, items)
        return parties, items

    def _add_models(
        self, text: str, folded: str, parties: list[PartyMention], items: list[ItemMention]
    ) -> None:
        """Add models that the catalogue does not know.

        A variant of a known model is of its category ("T-90S"); another is of the category of the
        noun beside it ("K600 recovery vehicles").
        """
        taken = _taken(parties, items)
        free = []
        known: dict[str, ItemMention] = {}
        for start, end in models(text):
            at = bisect_left(taken, (end, 0))
            if at and taken[at - 1][1] > start:
                continue
            model = text[start:end]
            free.append((start, end))
            if model not in known and (
                found := self._variant_of(model, folded, start, end)
                or _noun_beside(text, start, end, items)
            ):
                known[model] = replace(found, designation=model, weak=False)
        # A model stays known all through the text: "three of the K600".
        added = [
            replace(known[model], start=start, end=end)
            for start, end in free
            if (model := text[start:end]) in known
        ]
        if added:
            items += added
            items.sort(key=lambda item: item.start)

    def _variant_of(self, model: str, folded: str, start: int, end: int) -> ItemMention | None:
        root = stem(model)
        while root is not None:
            for term in self._terms.get(fold(root), ()):
                if term.items and (not term.needs or _has_near(folded, start, end, term.needs)):
                    return term.items[0]
            root = stem(root)
        return None

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


class _Meant:
    """Tells whether a doubtful word of one text ("Caesar", "Archer") is the item of that name.

    Once "Caesar howitzers" stands in a text, "Caesar" is the howitzer all through it. In a text
    that speaks of howitzers at all, so are "eighteen Caesar" and "the Caesars".
    """

    def __init__(self, text: str, folded: str) -> None:
        self._text = text
        self._folded = folded
        self._sure: set[str | None] = set()
        self._spoken_of: dict[tuple[str, ...], bool] = {}

    def look(self, start: int, end: int, term: _Term) -> None:
        """Note what a term names where one of the words that it needs stands near."""
        if not term.needs or term.items[0].item in self._sure:
            return
        if term.cased and self._text[start:end] != term.text:
            return
        if _has_near(self._folded, start, end, term.needs):
            self._sure.add(term.items[0].item)

    def says(self, start: int, end: int, term: _Term) -> bool:
        """Tell whether the item is meant here."""
        if _has_near(self._folded, start, end, term.needs):
            return True
        if self._text[end : end + 1] == " " and self._text[end + 1 : end + 2].isupper():
            return False  # a longer name: Caesar Augustus, Jackal Road
        if term.items[0].item in self._sure:
            return True
        many = term.text.endswith("s") or is_counted(self._folded, start)
        return many and self._speaks_of(term.needs)

    def _speaks_of(self, words: tuple[str, ...]) -> bool:
        if words not in self._spoken_of:
            self._spoken_of[words] = any(word.lower() in self._folded for word in words)
        return self._spoken_of[words]


def _written_as(item: ItemMention, start: int, end: int, written: str, key: str) -> ItemMention:
    """Place a mention; "T-90S" is no plural but a variant of its own."""
    if written[-1] == "S" and key[-1] == "s" and written[-2].isdigit() and item.designation:
        last = item.designation[-1]
        name = written if last.isdigit() else item.designation
        return replace(item, start=start, end=end, designation=name)
    return replace(item, start=start, end=end)


def _is_out_of_office(term: _Term, year: int) -> bool:
    person = term.parties[0].person if term.parties else None
    return person is not None and not person.holds_office_in(year)


def _taken(parties: list[PartyMention], items: list[ItemMention]) -> list[tuple[int, int]]:
    return sorted([(m.start, m.end) for m in parties] + [(m.start, m.end) for m in items])


def _add_bodies(text: str, parties: list[PartyMention], items: list[ItemMention]) -> None:
    """Add bodies that the catalogue does not know, by the words that end their names."""
    taken = _taken(parties, items)
    added = []
    for start, end, firm in bodies(text):
        at = bisect_left(taken, (end, 0))
        if at and taken[at - 1][1] > start:
            continue
        role = "company" if firm else "name"
        added.append(PartyMention(start, end, text[start:end], role, False))
    if added:
        parties += added
        parties.sort(key=lambda m: m.start)


def _add_state_codes(text: str, parties: list[PartyMention], items: list[ItemMention]) -> None:
    """Add states by their two-letter codes in a text that lists states so."""
    found = list(state_codes(text))
    if not found:
        return
    taken = _taken(parties, items)
    for start, end, code in found:
        at = bisect_left(taken, (end, 0))
        if not at or taken[at - 1][1] <= start:
            parties.append(PartyMention(start, end, code, "name", False))
    parties.sort(key=lambda m: m.start)


def _noun_beside(text: str, start: int, end: int, items: list[ItemMention]) -> ItemMention | None:
    """Return the generic noun of a thing that stands right after a name, or right before it."""
    after = bisect_left(items, end, key=lambda item: item.start)
    if after < len(items) and _is_thing(items[after]) and leads_to(text, end, items[after].start):
        return items[after]
    before = items[after - 1] if after else None
    if before is not None and _is_thing(before) and follows(text, before.end, start):
        return before
    return None


def _is_thing(item: ItemMention) -> bool:
    return item.item is None and item.designation is None and item.category not in _NO_THINGS


_NO_THINGS = frozenset(
    {
        Category.MILITARY_AID,
        Category.FINANCIAL_AID,
        Category.HUMANITARIAN_AID,
        Category.MIXED_AID,
        Category.TRAINING_SERVICE,
        Category.MAINTENANCE,
        Category.OTHER,
    }
)


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
    mentions = {
        entry.id: (
            ItemMention(
                *(0, 0, entry.category, entry.designation, entry.unit, entry.ammunition),
                weak=False,
                item=entry.id,
            ),
        )
        for entry in catalogue.items.values()
    }
    for alias in catalogue.item_aliases:
        cased = alias.cased or alias.text.isupper()
        yield _Term(alias.text, cased, alias.needs, (), mentions[alias.item])
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
