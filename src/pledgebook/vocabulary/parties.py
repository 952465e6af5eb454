"""Parties and the words that stand for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pledgebook.vocabulary.entries import CompanyEntry, PartyEntry, PersonEntry

__all__ = ["Party", "PartyAlias", "PartyKind", "Person", "Role", "party_aliases"]

PartyKind = Literal["state", "group", "company", "body"]
Role = Literal[
    "name", "adjective", "people", "capital", "metonym", "person", "description", "phrase"
]

_UNCASED: frozenset[Role] = frozenset({"description", "phrase"})


@dataclass(frozen=True, slots=True)
class Party:
    """A state, group, company or body, by code; `country` is the code of its home state."""

    code: str
    name: str
    kind: PartyKind
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An office holder; `start` and `end` are years, None where open or unknown."""

    name: str
    party: str
    office: str
    start: int | None = None
    end: int | None = None

    def holds_office_in(self, year: int) -> bool:
        """Tell whether the person is known to hold the office in this year."""
        return (self.start is None or self.start <= year) and (self.end is None or year <= self.end)


@dataclass(frozen=True, slots=True)
class PartyAlias:
    """A text that stands for a party.

    `cased` texts match as written, others in any case. An `ambiguous` text (a surname alone,
    "Brussels", "Georgia") needs support from its context. `person` is the person whom a text of
    that role names.
    """

    text: str
    code: str
    role: Role
    cased: bool = True
    ambiguous: bool = False
    person: Person | None = None


def party_aliases(
    parties: Iterable[PartyEntry], companies: Iterable[CompanyEntry], people: Iterable[PersonEntry]
) -> tuple[PartyAlias, ...]:
    """Return every alias, each text once for each party and the strongest role first.

    A person's text that names persons of several parties is ambiguous.
    """
    found: dict[tuple[str, str, Person | None], PartyAlias] = {}
    for alias in (*_of_parties(parties), *_of_companies(companies), *_of_people(people)):
        found.setdefault((alias.text, alias.code, alias.person), alias)
    claims: dict[str, set[str]] = {}
    for alias in found.values():
        if alias.role == "person":
            claims.setdefault(alias.text, set()).add(alias.code)
    return tuple(
        PartyAlias(alias.text, alias.code, "person", alias.cased, True, alias.person)
        if alias.role == "person" and not alias.ambiguous and len(claims[alias.text]) > 1
        else alias
        for alias in found.values()
    )


def _of_parties(entries: Iterable[PartyEntry]) -> Iterator[PartyAlias]:
    for entry in entries:
        texts: tuple[tuple[Role, tuple[str, ...]], ...] = (
            ("name", (entry.name, *entry.names)),
            ("adjective", entry.adjectives),
            ("people", entry.people),
            ("capital", entry.capitals),
            ("metonym", entry.metonyms),
            ("description", entry.descriptions),
            ("phrase", entry.phrases),
        )
        for role, listed in texts:
            for text in listed:
                ambiguous = role == "description" or text in entry.ambiguous
                yield PartyAlias(text, entry.code, role, role not in _UNCASED, ambiguous)


def _of_companies(entries: Iterable[CompanyEntry]) -> Iterator[PartyAlias]:
    for entry in entries:
        for text in (entry.name, *entry.names):
            yield PartyAlias(text, entry.name, "name", True, text in entry.ambiguous)


def _of_people(entries: Iterable[PersonEntry]) -> Iterator[PartyAlias]:
    for entry in entries:
        person = Person(entry.name, entry.party, entry.office, entry.start, entry.end)
        for text in (entry.name, *entry.names, *entry.short):
            yield PartyAlias(text, entry.party, "person", True, False, person)
        for text in _surnames(entry):
            yield PartyAlias(text, entry.party, "person", True, True, person)


def _surnames(entry: PersonEntry) -> tuple[str, ...]:
    if entry.surname is False:
        return ()
    if entry.surname is not None:
        return (entry.surname,)
    return tuple(text.split()[-1] for text in (entry.name, *entry.names))
