"""Who has joined in giving an item: when, how many, and how far each is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.answers.grouping import GroupRow, group_rows
from pledgebook.ledger.answers.pieces import first_report, for_others
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Coalition", "Joined", "coalition_of"]

_FIRM = (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)


@dataclass(frozen=True, slots=True)
class Joined:
    """A donor, or several jointly, with the day on which this was first reported."""

    day: dt.date
    row: GroupRow


@dataclass(frozen=True, slots=True)
class Coalition:
    """Who gives an item to whom, the earliest first.

    `talk` are those who only consider it, `refused` those who said no; both may stand among
    `joined` too. `totals` add up what the joined give, by unit and stage; `parties` are all that
    take part, jointly or alone.
    """

    item: str
    joined: tuple[Joined, ...]
    talk: tuple[Joined, ...]
    refused: tuple[Joined, ...]
    totals: Mapping[str | None, Mapping[Stage, Total]]
    parties: tuple[str, ...]


def coalition_of(
    commitments: Sequence[Commitment],
    entries: Mapping[str, Entry],
    catalogue: Catalogue,
    *,
    only: Filter,
) -> Coalition:
    """Return who has joined on the item that `only` narrows `commitments` to."""
    given = [one for one in commitments if one.donors and for_others(one)]
    rows = group_rows(given, ["donor"], entries, catalogue, only=only)
    joined = _sorted(rows, entries, _FIRM)
    firm = [one for one in given if any(stage in one.stages for stage in _FIRM)]
    totals: dict[str | None, dict[Stage, Total]] = {}
    for one in joined:
        for stage in _FIRM:
            if stage in one.row.quantities:
                known = totals.setdefault(one.row.unit, {})
                known[stage] = _plus(known.get(stage, Total()), one.row.quantities[stage])
    return Coalition(
        item=only.item or "",
        joined=joined,
        talk=_sorted(rows, entries, (Stage.CONSIDERED,)),
        refused=_sorted(rows, entries, (Stage.REFUSED,)),
        totals=totals,
        parties=tuple(sorted({donor for one in firm for donor in one.donors})),
    )


def _sorted(
    rows: Sequence[GroupRow], entries: Mapping[str, Entry], stages: Sequence[Stage]
) -> tuple[Joined, ...]:
    found = []
    for row in rows:
        days = [
            first_report(entries[name] for name in one.stages[stage].reports)
            for one in row.commitments
            for stage in stages
            if stage in one.stages
        ]
        if days and any(stage in row.quantities or stage in row.money for stage in stages):
            found.append(Joined(min(days), row))
    return tuple(sorted(found, key=lambda one: (one.day, one.row.labels[0] or "~", one.row.id)))


def _plus(one: Total, other: Total) -> Total:
    unknown = one.unknown + other.unknown
    if one.low is None or other.low is None:
        known = other if one.low is None else one
        return Total(known.low, known.high, unknown)
    high = None if one.high is None or other.high is None else one.high + other.high
    return Total(one.low + other.low, high, unknown)
