"""Parties and models where a text names them: the catalogue's words and the language's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from pledgebook.reading.languages.tables import Lexicon
from pledgebook.reading.languages.tokens import Token, folded
from pledgebook.reading.text.wording import table
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

__all__ = ["ItemName", "NameFinder", "PartyName", "name_finder"]

_BARE_CALIBRE = re.compile(r"\d+(?:\.\d+)?mm")
_LATIN_ONLY = frozenset({"name", "metonym", "person"})
"""Roles of the catalogue's English words that other languages write alike."""


@dataclass(frozen=True, slots=True)
class PartyName:
    """A party where a text names it; `role` is name, adjective, capital, metonym, person, phrase.

    `ending` is what its last word has beyond the stem that the data file gives.
    """

    code: str
    role: str
    ending: str = ""
    kind: str = "state"
    alone: bool = False
    """Whether it is a bare surname, which needs the full name or a title beside it."""


@dataclass(frozen=True, slots=True)
class ItemName:
    """An item where a text names it: a noun, a model (`designation`) or a calibre.

    `category` is None for a word that only counts ("Batterien"), "person" for people.
    """

    category: str | None
    designation: str | None = None
    unit: str | None = None
    ammunition: Category | None = None
    weak: bool = False
    calibre: bool = False
    needs: bool = False


class NameFinder:
    """Finds what one language names of one catalogue: the catalogue's texts, and its own words."""

    def __init__(self, lang: str, catalogue: Catalogue) -> None:
        data = table("parties.toml", lang)
        endings = table("language.toml", lang)["endings"]
        self._catalogue = catalogue
        letters, latin = table("language.toml", lang).get("designators", ("", ""))
        self._latin = str.maketrans(letters, latin)
        self._designator = _designator(letters) if letters else None
        rows: list[tuple[str, PartyName]] = []
        for code, entry in data["party"].items():
            kind = catalogue.parties[code].kind if code in catalogue.parties else "state"
            for role, words in entry.items():
                name = PartyName(code, role.removesuffix("s"), kind=kind)
                rows += [(word, name) for word in words]
        for code, words in data["people"].items():
            rows += [(word, PartyName(code, "person")) for word in words]
        self._parties: Lexicon[PartyName] = Lexicon(endings, rows)
        models: list[tuple[str, ItemName]] = []
        for item, words in data["models"].items():
            entry = catalogue.items[item]  # KeyError: the data file names no item of the catalogue
            model = ItemName(entry.category.value, entry.designation, entry.unit, entry.ammunition)
            models += [(word, model) for word in words]
        self._models: Lexicon[ItemName] = Lexicon(endings, models)
        self._terms: dict[str, list[tuple[str, bool, PartyName | ItemName]]] = {}
        own = {word.rstrip("~").lower() for word, _ in rows}
        for text, cased, value in self._catalogue_terms(own):
            self._terms.setdefault(folded(text), []).append((text, cased, value))
        self._keys = list(self._terms)
        self._automaton = AhoCorasick(self._keys)

    def _catalogue_terms(self, own: set[str]) -> Iterator[tuple[str, bool, PartyName | ItemName]]:
        catalogue = self._catalogue
        for alias in catalogue.item_aliases:
            entry = catalogue.items[alias.item]
            if _BARE_CALIBRE.fullmatch(entry.designation):
                continue
            yield alias.text, alias.cased or alias.text.isalpha(), ItemName(
                entry.category.value,
                entry.designation,
                entry.unit,
                entry.ammunition,
                needs=bool(alias.needs),
            )  # fmt: skip
        for party in catalogue.party_aliases:
            kind = catalogue.parties[party.code].kind
            if party.role not in _LATIN_ONLY or party.text.lower() in own:
                continue
            if party.role == "name" and kind == "state":
                continue
            if party.ambiguous and party.role != "person":
                continue
            if party.ambiguous and party.person is not None and len(party.text) < 4:
                continue
            yield party.text, True, PartyName(
                party.code, party.role, kind=kind,
                alone=party.ambiguous and party.role == "person",
            )  # fmt: skip

    def spelled(self, text: str) -> str:
        """Return a text of the same length with its designators ("T-64") in Latin letters."""
        if self._designator is None:
            return text
        return self._designator.sub(lambda found: found.group().translate(self._latin), text)

    def catalogue_hits(self, text: str, low: str) -> list[tuple[int, int, PartyName | ItemName]]:
        """Return the texts of the catalogue, longest first at each place, without overlap."""
        hits = []
        for index, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            if start and low[start - 1].isalnum() and low[start].isalnum():
                continue
            if end < len(low) and low[end].isalnum() and low[end - 1].isalnum():
                continue
            hits.append((start, -end, index))
        hits.sort()
        found: list[tuple[int, int, PartyName | ItemName]] = []
        taken = 0
        for start, negative, index in hits:
            if start < taken:
                continue
            written = text[start:-negative]
            for alias, cased, value in self._terms[self._keys[index]]:
                if (
                    cased
                    and written != alias
                    and not (written.isupper() and len(written) > 3 and alias.upper() == written)
                ):
                    continue
                found.append((start, -negative, value))
                taken = -negative
                break
        return found

    def party(self, tokens: list[Token], index: int) -> tuple[int, PartyName] | None:
        """Return the party that the language's own words name at a token."""
        return self._parties.longest(tokens, index)

    def model(self, tokens: list[Token], index: int) -> tuple[int, ItemName] | None:
        """Return the model that is written in the language's own letters at a token."""
        return self._models.longest(tokens, index)


def _designator(letters: str) -> re.Pattern[str]:
    """Return the pattern of a name of letters and figures: up to four letters before the figure."""
    capitals = "".join(filter(str.isupper, letters))
    return re.compile(rf"\b[{capitals}][{letters}]{{0,3}}-?\d{{1,3}}[{capitals}]{{0,3}}\d?\b")


@lru_cache(maxsize=12)
def name_finder(lang: str, catalogue: Catalogue) -> NameFinder:
    """Return the finder of a language and a catalogue; it is made once."""
    return NameFinder(lang, catalogue)
