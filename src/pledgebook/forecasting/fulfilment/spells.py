"""Spells: what is known of the way of each part of a commitment, from promise to report.

A commitment is handed over in lots. Each lot that was reported is a spell with the period in which
it was delivered and the day of its report; what is left is one spell more, not reported yet. "Not
reported" is not "not delivered": the two are kept apart here and in the model.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pledgebook.forecasting.forecast import Caveat

__all__ = ["Days", "Mark", "Record", "Spell", "SpellSet", "gather"]

Days = tuple[dt.date, dt.date]
"""The first and the last day of a period, both within it."""


class Mark(StrEnum):
    """Whether the source says that it tells of deliveries."""

    UNMARKED = "unmarked"
    """It says nothing: what is not reported may be undelivered, late in the telling, or secret."""
    OPEN = "open"
    """It tells of every lot, sooner or later."""
    UNDISCLOSED = "undisclosed"
    """At least one of the lots is not, or would not be, told of."""


@dataclass(frozen=True, slots=True)
class Spell:
    """One lot of a commitment, or what is left of it.

    `promised` is the day of the promise, a period where it is vague. `share` is the lot's share of
    the whole, None where it cannot be told; for what is left, None means that it is not known
    whether anything is left. `delivered` are the days between which the lot was handed over, both
    within, that is the interval (first - 1, last]; None where no text names a time: the report is
    then the only bound. `reported` is the day of the first report, None where there is none; where
    `reported_by` it is only a bound of that day (the release of a data set). `due` is the last day
    of the period of delivery that was promised. `withdrawn` says that nothing more will come.
    """

    commitment: str
    donors: tuple[str, ...]
    category: str
    promised: Days
    share: float | None = None
    delivered: Days | None = None
    reported: dt.date | None = None
    reported_by: bool = False
    due: dt.date | None = None
    mark: Mark = Mark.UNMARKED
    withdrawn: bool = False
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpellSet:
    """Spells, and what could not be made one."""

    spells: tuple[Spell, ...]
    caveats: tuple[Caveat, ...] = ()

    def __iter__(self) -> Iterator[Spell]:
        return iter(self.spells)

    def __len__(self) -> int:
        return len(self.spells)


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of one commitment on a day: its reported lots, and what is left.

    `left` is the share that is left: 0.0 where nothing is, None where it is not known.
    """

    commitment: str
    donors: tuple[str, ...]
    category: str
    promised: Days
    due: dt.date | None
    parts: tuple[Spell, ...]
    left: float | None
    mark: Mark
    withdrawn: bool

    @property
    def complete(self) -> bool:
        """Whether all of it was reported as delivered."""
        return self.left == 0.0


_ALL = 0.999
"""Shares that add up to this are the whole: quantities are told in round figures."""


def gather(spells: Iterable[Spell], as_of: dt.date) -> tuple[list[Record], list[Caveat]]:
    """Return what is known of each commitment on a day, by id, and what cannot be used.

    What was promised or reported later is not known yet.
    """
    caveats = list(spells.caveats) if isinstance(spells, SpellSet) else []
    groups: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        groups[spell.commitment].append(spell)
    records = []
    for name in sorted(groups):
        if groups[name][0].promised[0] <= as_of:
            found = _record(name, groups[name], as_of, caveats)
            if found is not None:
                records.append(found)
    return records, caveats


def _record(
    name: str, spells: Sequence[Spell], as_of: dt.date, caveats: list[Caveat]
) -> Record | None:
    lead = min(spells, key=_order)
    first, last = lead.promised
    seen = [one for one in spells if one.reported is not None and one.reported <= as_of]
    later = [one for one in spells if one.reported is not None and one.reported > as_of]
    rest = [one for one in spells if one.reported is None]
    last = min(last, as_of)
    parts = []
    for one in sorted(seen, key=_order):
        end = one.delivered[1] if one.delivered else one.reported
        if end is not None and end < first:
            caveats.append(
                Caveat(
                    name,
                    f"it is said to be delivered by {end} and promised on {first} only: the promise"
                    " was told after the delivery, and gives no time from one to the other",
                    "correct the day of the promise or of the delivery",
                )
            )
            return None
        parts.append(_within(one, first, caveats))
    for one in parts:
        last = min(last, one.delivered[1] if one.delivered else one.reported or last)
    shares = [one.share for one in parts]
    left: float | None
    if later:
        beyond = [one.share for one in (*later, *rest)]
        left = None if None in beyond else sum(share for share in beyond if share is not None)
    elif rest:
        left = rest[0].share
    else:
        left = 0.0
    if left is None and parts and None not in shares:
        known = sum(share for share in shares if share is not None)
        left = None if known < _ALL else 0.0
    if not parts and not later:
        left = 1.0
    return Record(
        commitment=name,
        donors=lead.donors,
        category=lead.category,
        promised=(first, max(first, last)),
        due=lead.due if lead.due is not None and lead.due > first else None,
        parts=tuple(parts),
        left=left,
        mark=next((one.mark for one in rest), Mark.UNMARKED),
        withdrawn=any(one.withdrawn for one in rest),
    )


def _order(spell: Spell) -> tuple[object, ...]:
    end = spell.delivered or spell.promised
    return (
        spell.promised,
        end,
        spell.reported or dt.date.max,
        -1.0 if spell.share is None else spell.share,
        spell.statements,
    )


def _within(part: Spell, first: dt.date, caveats: list[Caveat]) -> Spell:
    """Keep the delivery between the promise and the report, as far as they agree."""
    if part.delivered is None or part.reported is None:
        return part
    start, end = max(part.delivered[0], first), min(part.delivered[1], part.reported)
    if start > end:
        caveats.append(
            Caveat(
                part.commitment,
                f"a delivery from {part.delivered[0]} on was reported on {part.reported} already:"
                " the day of the delivery is left out, and the report alone counts",
                "correct the day of the delivery or of the report",
                said=True,
            )
        )
        return replace(part, delivered=None)
    return replace(part, delivered=(start, end))
