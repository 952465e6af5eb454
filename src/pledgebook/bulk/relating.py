"""Wholes and parts across categories: the last step of reconciling in bulk.

What is a part of what is found document by document, where a document may tell of a package or of a
payment; what is claimed of the same undertakings is then settled at once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pledgebook.bulk.places import place_at
from pledgebook.bulk.sorting import cases_of, entries_of, told_of
from pledgebook.bulk.tables import from_parquet
from pledgebook.bulk.undertaking import HOME
from pledgebook.ledger.cases import Case
from pledgebook.ledger.claims import Claim, Relation
from pledgebook.ledger.cues import load_cues
from pledgebook.ledger.records import commitment_id
from pledgebook.ledger.wholes import Part, claims_of_document, settled

__all__ = ["Claimed", "Relate", "find_claims", "settle_parts"]

Order = tuple[dt.date, str, int, str]


@dataclass(frozen=True, slots=True)
class Relate:
    """Find what the documents of a bucket claim of parts."""

    bucket: int
    work: str
    today: dt.date
    additions: Path | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim, and the places of the earliest statements of the two undertakings."""

    whole: Order
    part: Order
    claim: Claim

    @property
    def part_id(self) -> str:
        """The id of the commitment that is said to be a part."""
        return commitment_id(self.part[3])


def find_claims(task: Relate) -> list[Claimed]:
    """Return what the documents of a bucket claim, in their order."""
    work = place_at(task.work)
    homes = _homes(
        [from_parquet(work.read(name)) for name in work.names(f"homes/{task.bucket:02}")]
    )
    cues = load_cues()
    documents: dict[str, list[Case]] = defaultdict(list)
    for case in cases_of(entries_of(told_of(work, task.bucket), task.today), task.additions):
        # A running total that sums over others is in no undertaking.
        if case.id in homes:
            documents[case.entry.document].append(case)
    return [
        Claimed(homes[claim.whole.id], homes[claim.part.id], claim)
        for _, cases in sorted(documents.items())
        for claim in claims_of_document(cases, cues)
        if homes[claim.whole.id] != homes[claim.part.id]
    ]


def _homes(frames: Iterable[pl.DataFrame]) -> dict[str, Order]:
    rows = pl.concat([pl.DataFrame(schema=HOME), *frames])
    wanted = rows.select("statement", "counted", "document", "start", "lead")
    return {name: (counted, document, start, lead)
            for name, counted, document, start, lead in wanted.iter_rows()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Lead:
    order: Order

    @property
    def id(self) -> str:
        return self.order[3]


@dataclass(frozen=True, slots=True)
class _Led:
    cases: tuple[_Lead, ...]


def settle_parts(claims: Iterable[Claimed]) -> list[Part]:
    """Return which undertakings are parts of which."""
    number: dict[Order, int] = {}
    found: dict[tuple[int, int, Relation], list[Claim]] = defaultdict(list)
    # Buckets come as workers are done with them.
    ordered = sorted(claims, key=lambda one: one.claim.part.entry.document)
    for one in ordered:
        whole, part = (number.setdefault(end, len(number)) for end in (one.whole, one.part))
        found[whole, part, one.claim.relation].append(one.claim)
    leads = {place: _Led((_Lead(order),)) for order, place in number.items()}
    return settled(leads, found)
