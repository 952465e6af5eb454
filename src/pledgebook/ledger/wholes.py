"""Parts know their whole: packages with their items and funds, and deliveries that others pay.

A relation is found in the documents, statement by statement, and holds between the undertakings
that the statements belong to. It merges nothing: each keeps its figures, and totals take what lies
within a whole once. What a person judged different is never related.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pledgebook.ledger.cases import Case
from pledgebook.ledger.claims import Claim, Member, Relation
from pledgebook.ledger.cues import Cues, load_cues
from pledgebook.ledger.paying import is_payment, payments
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.records import commitment_id
from pledgebook.ledger.within import is_head, of_rows
from pledgebook.ledger.within import packages as packages_of

__all__ = [
    "Lead",
    "Led",
    "Part",
    "Relation",
    "claims_of_document",
    "claims_of_package",
    "find_parts",
    "settled",
]


class Lead(Protocol):
    """The earliest statement of an undertaking."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def order(self) -> tuple[dt.date, str, int, str]:
        """Its place among all statements."""


class Led(Protocol):
    """An undertaking, as far as settling its parts looks at it: its earliest statement first."""

    @property
    def cases(self) -> Sequence[Lead]:
        """Its statements."""


@dataclass(frozen=True, slots=True)
class Part:
    """That one undertaking lies within another, and why.

    `whole` and `part` are commitments' ids. `statements` are the two statements that show it best,
    the whole's first, `reports` how many documents do. `reason` is told to a person.
    """

    whole: str
    part: str
    relation: Relation
    reason: str
    statements: tuple[str, str]
    reports: int = 1


def find_parts(
    groups: Sequence[Group],
    *,
    different: Iterable[tuple[str, str]] = (),
    packages: Mapping[str, str] | None = None,
    cues: Cues | None = None,
) -> list[Part]:
    """Return which undertakings are parts of which, in the order of the parts.

    `different` are pairs of statements that a person told apart. `packages` names, by document, the
    package that a data set puts a row in. An undertaking is a part of at most one package, and no
    circle comes about.
    """
    cues = cues or load_cues()
    home = {case.id: number for number, group in enumerate(groups) for case in group.cases}
    barred = {
        (min(pair), max(pair))
        for one, other in different
        if (pair := (home.get(one, -1), home.get(other, -1)))[0] >= 0 <= pair[1]
    }
    found: dict[tuple[int, int, Relation], list[Claim]] = defaultdict(list)
    for claim in _claims(groups, packages or {}, cues):
        whole, part = home[claim.whole.id], home[claim.part.id]
        if whole != part and (min(whole, part), max(whole, part)) not in barred:
            found[whole, part, claim.relation].append(claim)
    return settled(groups, found)


def _claims(groups: Sequence[Group], packages: Mapping[str, str], cues: Cues) -> Iterator[Claim]:
    documents: dict[str, list[Case]] = defaultdict(list)
    rows: dict[str, list[Case]] = defaultdict(list)
    for group in groups:
        for case in group.cases:
            documents[case.entry.document].append(case)
            if case.entry.document in packages:
                rows[packages[case.entry.document]].append(case)
    for cases in documents.values():
        yield from claims_of_document(cases, cues)
    for package, cases in rows.items():
        yield from claims_of_package(package, cases, cues)


def claims_of_document(cases: Sequence[Case], cues: Cues) -> Iterator[Claim]:
    """Yield what a document shows of parts; `cases` are its statements that are in undertakings."""
    if len(cases) < 2 or not any(is_head(case, cues) or is_payment(case, cues) for case in cases):
        return
    members = [Member.of(case) for case in cases if case.family == "promise"]
    if len(members) > 1:
        ordered = sorted(members, key=lambda one: one.order)
        yield from packages_of(ordered, cues)
        yield from payments(ordered, cues)


def claims_of_package(package: str, cases: Iterable[Case], cues: Cues) -> Iterator[Claim]:
    """Yield what shows that rows which a data set puts in one package lie in it."""
    promises = [case for case in cases if case.family == "promise"]
    yield from of_rows(package, sorted(promises, key=lambda case: case.order), cues)


def settled(
    groups: Mapping[int, Led] | Sequence[Led],
    found: Mapping[tuple[int, int, Relation], list[Claim]],
) -> list[Part]:
    """Give every part its best whole of each relation; leave out what would close a circle.

    `found` are claims by whole and part, as numbers of groups. What is not connected by claims has
    no say in what is settled here.
    """
    ranked = sorted(
        found.items(),
        key=lambda item: (
            -max(claim.strength for claim in item[1]),
            -len({claim.part.entry.document for claim in item[1]}),
            groups[item[0][0]].cases[0].order,
            groups[item[0][1]].cases[0].order,
            item[0][2],
        ),
    )
    above: dict[int, set[int]] = defaultdict(set)
    taken: set[tuple[int, Relation]] = set()
    parts = []
    for (whole, part, relation), claims in ranked:
        if (part, relation) in taken or part in _reach(whole, above) or whole in above[part]:
            continue
        taken.add((part, relation))
        above[part].add(whole)
        best = min(claims, key=lambda claim: (-claim.strength, claim.part.order, claim.whole.order))
        parts.append(
            Part(
                whole=commitment_id(groups[whole].cases[0].id),
                part=commitment_id(groups[part].cases[0].id),
                relation=relation,
                reason=best.reason,
                statements=(best.whole.id, best.part.id),
                reports=len({claim.part.entry.document for claim in claims}),
            )
        )
    return sorted(parts, key=lambda one: (one.part, one.whole, one.relation))


def _reach(start: int, above: Mapping[int, set[int]]) -> set[int]:
    """Return all wholes of a whole, and itself."""
    seen = {start}
    waiting = [start]
    while waiting:
        for one in above.get(waiting.pop(), ()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return seen
