"""What was promised and is not known to have come: the chance of each, and what to expect by month.

Of a promise the chance is of its lots: that one has arrived by now without a report, that any of
it, or all of it, will have arrived by a day. What is expected is summed by recipient, item and
unit. Of a whole and its parts the whole is counted. What is of unknown size is counted beside the
sum and is not zero.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pledgebook.errors import UsageError
from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.fulfilment import (
    Arrivals,
    Outstanding,
    Spell,
    arrival,
    expected_arrivals,
)
from pledgebook.forecasting.learning import Learned
from pledgebook.forecasting.making import Told
from pledgebook.forecasting.series.nodes import node_named, node_of
from pledgebook.ledger.answers.pieces import for_others
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.wording import commitment_line
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Item

__all__ = ["ArrivalsList", "Awaited", "Expectation", "arrivals_of", "year_on"]

_DRAWS = 10_000
_MOST_MONTHS = 120
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Awaited:
    """One open commitment and its chances.

    `left` is what is outstanding as the reports tell. `arrived` is the chance that a lot of it has
    arrived by now without a report; `any_by` and `all_by` are the chances that something, or all,
    of what is left will have arrived by the end of the day that was asked for, what may have
    arrived by now within. `median` is the day by which a lot has arrived with an even chance, None
    where it never comes to that; `never` the chance that a lot never comes. `open` is the chance
    that anything is left at all: the other chances are given that something is.
    """

    commitment: Commitment
    left: Interval
    arrived: float
    any_by: float
    all_by: float
    never: float
    median: dt.date | None
    open: float

    @property
    def id(self) -> str:
        """The commitment's id, which opens it."""
        return self.commitment.id


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected to arrive of one item for one recipient, in one unit.

    `item` is a category, an id of the catalogue, or `category/words`; `name` is for people. `whole`
    says that it is all kinds of the item that was asked for, together. `counted` are the
    commitments of known size, `unknown` those of unknown size, which come on top, `within` those
    left out since they lie within another that is counted. `outstanding` is the sum of what is
    known. `arrivals` are by month, None where no size is known: nothing can then be said.
    """

    recipient: str | None
    item: str
    name: str
    unit: str | None
    whole: bool
    counted: tuple[str, ...]
    unknown: tuple[str, ...]
    within: tuple[str, ...]
    outstanding: Interval
    arrivals: Arrivals | None


@dataclass(frozen=True, slots=True)
class ArrivalsList:
    """All that is awaited on a day, and what is expected of it up to another one.

    `days` are the first days of the months and the day after `by`; the first month begins on the
    day after `as_of`. `own` counts open orders that parties placed for themselves, which are left
    out. `caveats` say what cannot be said, and what only with care.
    """

    as_of: dt.date
    by: dt.date
    days: tuple[dt.date, ...]
    rows: tuple[Awaited, ...]
    expected: tuple[Expectation, ...]
    learned: Learned
    own: int
    caveats: tuple[Caveat, ...]
    draws: int
    seed: int


def arrivals_of(
    told: Told,
    learned: Learned,
    only: Filter,
    by: dt.date | None = None,
    *,
    draws: int = _DRAWS,
    seed: int = 1,
    tell: Callable[[Commitment], str] = commitment_line,
) -> ArrivalsList:
    """Return what is awaited of the commitments that a filter keeps, by recipient and item.

    `by` is a year on where it is not given. The same seed gives the same answer, whatever the order
    of the commitments, and each commitment's draws are the same whichever others are asked for.
    Raises UsageError for a day that is not ahead, NotFoundError for an unknown name.
    """
    as_of = told.book.as_of
    last = by or year_on(as_of)
    days = _months(as_of, last)
    histories: dict[str, list[Spell]] = defaultdict(list)
    for spell in told.spells:
        histories[spell.commitment].append(spell)
    kept = only.apply(told.ledger.commitments, told.catalogue)
    left_open = [one for one in kept if one.outstanding is not None and one.outstanding.high != 0]
    promised = [one for one in left_open if for_others(one) and one.donors]
    rows, without = [], []
    for one in promised:
        row = _awaited(one, histories.get(one.id, ()), learned, as_of, last)
        if row is None:
            without.append(one)
        else:
            rows.append(row)
    rows.sort(key=lambda row: _order(row.commitment))

    def expect(group: _Group) -> Expectation:
        return _expectation(group, told, learned, histories, days, draws=draws, seed=seed)

    groups = _groups([row.commitment for row in rows], told.catalogue)
    groups = [*_all_kinds(groups, only.item, told.catalogue), *groups]
    known = {one.about: one.why for one in (*told.spells.caveats, *told.model.caveats)}
    why = (
        "it has no dated promise that comes before its delivery, so that it has no chance by a day"
    )
    caveats = [
        Caveat(tell(one), known.get(one.id, why), f"See `pledgebook why {one.id[:8]}`")
        for one in without
    ]
    caveats += learned.caveats
    return ArrivalsList(
        as_of=as_of,
        by=last,
        days=days,
        rows=tuple(rows),
        expected=tuple(expect(group) for group in groups),
        learned=learned,
        own=sum(not for_others(one) for one in left_open),
        caveats=tuple(dict.fromkeys([*caveats, *_unsure(rows)])),
        draws=draws,
        seed=seed,
    )


def year_on(as_of: dt.date) -> dt.date:
    """Return the last day of the same month a year later."""
    return bounds(f"{as_of.year + 1:04d}-{as_of.month:02d}")[1]


def _months(as_of: dt.date, by: dt.date) -> tuple[dt.date, ...]:
    """Return tomorrow, the first days of the months after it, and the day after the last."""
    if by <= as_of:
        raise UsageError(
            f"{by} is not after {as_of}: what had arrived by then is no forecast",
            mend="Give a later --by, or an earlier --as-of",
        )
    first, after = as_of + _DAY, by + _DAY
    days = [first]
    while (month := (days[-1].replace(day=1) + dt.timedelta(days=32)).replace(day=1)) < after:
        days.append(month)
        if len(days) > _MOST_MONTHS:
            raise UsageError(
                f"until {by} there are more than {_MOST_MONTHS} months", mend="Give an earlier --by"
            )
    return (*days, after)


def _awaited(
    one: Commitment, history: Sequence[Spell], learned: Learned, as_of: dt.date, by: dt.date
) -> Awaited | None:
    chance = arrival(learned.model, history, as_of, [as_of + _DAY, by + _DAY])
    if chance is None:
        return None
    return Awaited(
        commitment=one,
        left=one.outstanding or UNKNOWN,
        arrived=chance.arrived,
        any_by=float(chance.first_by[-1]),
        all_by=float(chance.all_by[-1]),
        never=chance.never,
        median=chance.median,
        open=chance.left,
    )


def _order(one: Commitment) -> tuple[object, ...]:
    return (one.recipient or "", one.category.value, one.item, one.donors, one.first, one.id)


@dataclass(frozen=True, slots=True)
class _Group:
    recipient: str | None
    item: str
    name: str
    unit: str | None
    members: tuple[Commitment, ...]
    whole: bool = False


def _groups(commitments: Iterable[Commitment], catalogue: Catalogue) -> list[_Group]:
    """Return commitments by recipient, item and unit, in the order of their names."""
    found: dict[tuple[str, str, str, str], list[Commitment]] = defaultdict(list)
    for one in commitments:
        key = (
            one.recipient or "",
            one.category.value,
            _item(one, catalogue),
            _unit(one, catalogue),
        )
        found[key].append(one)
    return [
        _Group(recipient or None, item, _name(item, catalogue), unit or None, tuple(members))
        for (recipient, _, item, unit), members in sorted(found.items())
    ]


def _all_kinds(groups: Sequence[_Group], asked: str | None, catalogue: Catalogue) -> list[_Group]:
    """Return what was asked for as one, where it was promised as several kinds of one unit."""
    if asked is None:
        return []
    by_unit: dict[tuple[str, str], list[_Group]] = defaultdict(list)
    for group in groups:
        if group.unit is not None:
            by_unit[group.recipient or "", group.unit].append(group)
    node = node_named(asked, catalogue)
    item = node.name if node is not None else asked
    return [
        _Group(
            recipient or None,
            item,
            _name(item, catalogue),
            unit,
            tuple(one for group in kinds for one in group.members),
            whole=True,
        )
        for (recipient, unit), kinds in sorted(by_unit.items())
        if len(kinds) > 1
    ]


def _item(one: Commitment, catalogue: Catalogue) -> str:
    if one.item_id is not None:
        return one.item_id
    return node_of(Item(category=one.category, designation=one.designation), catalogue).name


def _name(item: str, catalogue: Catalogue) -> str:
    known = catalogue.items.get(item)
    if known is not None:
        return known.designation
    category, _, words = item.partition("/")
    return words or category.replace("-", " ")


def _unit(one: Commitment, catalogue: Catalogue) -> str:
    """Return what a commitment is counted in; nothing for what was told in money alone."""
    if one.unit is not None:
        return one.unit
    figures = [one.stages[it] for it in (Stage.PLEDGED, Stage.ON_ORDER) if it in one.stages]
    in_money = any(figure.money and not figure.quantity.known for figure in figures)
    # A package of unknown size is no number of items.
    if in_money or one.category.value.endswith("-aid"):
        return ""
    item = catalogue.items.get(_item(one, catalogue))
    return item.unit if item is not None else catalogue.default_units[one.category]


def _expectation(
    group: _Group,
    told: Told,
    learned: Learned,
    histories: Mapping[str, Sequence[Spell]],
    days: Sequence[dt.date],
    *,
    draws: int,
    seed: int,
) -> Expectation:
    within = _within(group.members, told.ledger.commitments)
    kept = [one for one in group.members if one.id not in within]
    left = {one.id: one.outstanding or UNKNOWN for one in kept}
    known = [one for one in kept if left[one.id].known and group.unit is not None]
    total = UNKNOWN
    for one in known:
        # "Up to 40" alone is from none to 40, and then has ends to add up.
        size = left[one.id]
        total = _sum(total, Interval(size.floor, size.high))
    open_ = [
        Outstanding(one.id, tuple(histories[one.id]), left[one.id].low, left[one.id].high, one.unit)
        for one in kept
    ]
    return Expectation(
        recipient=group.recipient,
        item=group.item,
        name=group.name,
        unit=group.unit,
        whole=group.whole,
        counted=tuple(sorted(one.id for one in known)),
        unknown=tuple(sorted(one.id for one in kept if one not in known)),
        within=tuple(sorted(within)),
        outstanding=total,
        arrivals=expected_arrivals(
            learned.model, open_, told.book.as_of, days, draws=draws, seed=seed
        )
        if known
        else None,
    )


def _sum(total: Interval, size: Interval) -> Interval:
    return size if not total.known else total.plus(size)


def _within(members: Sequence[Commitment], every: Iterable[Commitment]) -> set[str]:
    """Return which of some commitments lie within another of them that counts for both.

    A whole of unknown size does not stand for a part of known size, which then counts itself.
    """
    above = {one.id: [part.whole for part in one.wholes] for one in every if one.wholes}
    sized = {one.id: one.outstanding is not None and one.outstanding.known for one in members}
    found = set()
    for one in members:
        seen: set[str] = set()
        rest = list(above.get(one.id, ()))
        while rest:
            whole = rest.pop()
            if whole not in seen:
                seen.add(whole)
                rest += above.get(whole, ())
        if any(whole in sized and (sized[whole] or not sized[one.id]) for whole in seen - {one.id}):
            found.add(one.id)
    return found


def _unsure(rows: Sequence[Awaited]) -> list[Caveat]:
    """Say what is told with care for want of sizes: of how many, and how they are counted."""
    found = []
    unknown = sum(not row.left.known for row in rows)
    if unknown:
        why = f"of {_promises(unknown)} the outstanding number is not known: it comes on top"
        mend = "Read reports that name the amounts"
        found.append(Caveat("what is expected", why, mend))
    floors = sum(row.left.known and row.left.high is None for row in rows)
    if floors:
        why = f"of {_promises(floors)} a least amount is known: it is counted, and may be more"
        found.append(Caveat("what is expected", why, said=True))
    maybe = sum(row.open < 0.995 for row in rows)
    if maybe:
        why = f"of {_promises(maybe)} it is not known whether anything is left to come"
        found.append(
            Caveat("chances", f"{why}: the chances are given that something is", said=True)
        )
    return found


def _promises(number: int) -> str:
    return f"{number:,} promise{'' if number == 1 else 's'}"
