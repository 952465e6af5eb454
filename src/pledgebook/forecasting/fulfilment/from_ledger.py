"""From the ledger to spells: the acts of delivery of each commitment, and what is left of it.

The promise dates from its first report, or from the earlier day that the report names; a period
where that is vague. Each act of delivery is a lot, of the time that the text names, and reported
by its first report. A running total of more than the acts before it is a lot of its own, of a time
that nothing names. Rows of a release tell how much was delivered by the day of the release.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.fulfilment.expected import Outstanding
from pledgebook.forecasting.fulfilment.spells import Days, Mark, Spell, SpellSet
from pledgebook.ledger.answers.pieces import act_span, for_others
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import Event, State, What
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Kind

__all__ = ["outstanding_of", "spells_of", "spells_of_rows"]

_COUNTED_IN_MONEY = "-aid"
_UNDISCLOSED = "-undisclosed"
"""How the rule of an imported statement ends that says that there is something, and not what."""


def spells_of(
    commitments: Iterable[Commitment], entries: Mapping[str, Entry], as_of: dt.date
) -> SpellSet:
    """Return the spells of commitments that were promised to others, as the ledger knows them.

    Commitments first told of after `as_of` are left out, and the model sees no lot reported later
    than its day. A ledger of that day is better still: it also sums up what was known then.
    """
    spells: list[Spell] = []
    caveats: list[Caveat] = []
    for one in sorted(commitments, key=lambda each: each.id):
        if not for_others(one) or not one.donors or not _promises(one):
            continue
        if not one.dated:
            why = "a document that tells of it is undated: it gives no time to the delivery"
            caveats.append(Caveat(one.id, why, "give the date of the document"))
            continue
        if one.first <= as_of:
            spells += _spells(one, entries)
    return SpellSet(tuple(spells), tuple(caveats))


def outstanding_of(commitments: Iterable[Commitment], spells: Iterable[Spell]) -> list[Outstanding]:
    """Return the open commitments with their spells and amounts, in the order of their ids."""
    by_name: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        by_name[spell.commitment].append(spell)
    found = []
    for one in sorted(commitments, key=lambda each: each.id):
        own = by_name.get(one.id, [])
        left = one.outstanding
        if left is None or left.high == 0 or not any(spell.reported is None for spell in own):
            continue
        found.append(Outstanding(one.id, tuple(own), left.low, left.high, one.unit))
    return found


def _promises(one: Commitment) -> list[str]:
    return [
        name
        for stage in (Stage.PLEDGED, Stage.ON_ORDER)
        if stage in one.stages
        for name in one.stages[stage].reports
    ]


def _spells(one: Commitment, entries: Mapping[str, Entry]) -> list[Spell]:
    spans = [act_span(entries[name]) for name in _promises(one)]
    first = min(spans, key=lambda span: (span.end, span.start))
    whole = _whole(one)
    lots = _lots(one)
    total = sum(share for _, share in lots if share is not None) if whole else 0.0
    # Round figures may come to a little more than the whole.
    over = max(total, 1.0)
    left = _left(one, whole, total)
    statements = tuple(sorted(_promises(one)))

    def spell(share: float | None, event: Event | None) -> Spell:
        return Spell(
            commitment=one.id,
            donors=one.donors,
            category=one.category.value,
            promised=(first.start, first.end),
            share=share,
            delivered=_named(event),
            reported=event.reported if event else None,
            due=one.due,
            withdrawn=event is None and one.state is State.WITHDRAWN,
            statements=tuple(sorted(event.statements)) if event else statements,
        )

    found = [spell(None if share is None else share / over, event) for event, share in lots]
    if left is None or left > 0:
        found.append(spell(left, None))
    return found


def _named(event: Event | None) -> Days | None:
    return bounds(event.when) if event is not None and event.when is not None else None


def _whole(one: Commitment) -> tuple[str, float] | None:
    """Return the unit and the amount that was promised: a number of things, otherwise money."""
    figures = [
        one.stages[stage] for stage in (Stage.PLEDGED, Stage.ON_ORDER) if stage in one.stages
    ]
    sized = [figure for figure in figures if _middle(figure.quantity)]
    if sized:
        most = max(sized, key=lambda figure: figure.quantity.floor)
        return most.unit or one.unit or "", _middle(most.quantity)
    paid = [(code, size) for figure in figures for code, size in sorted(figure.money.items())]
    sums = [(code, _middle(size)) for code, size in paid if _middle(size)]
    return sums[0] if len({code for code, _ in sums}) == 1 else None


def _middle(amount: Interval) -> float:
    """Return the middle of an amount, its known end, or nothing where it is unknown."""
    if amount.low is None or amount.high is None:
        return amount.low if amount.low is not None else amount.high or 0.0
    return (amount.low + amount.high) / 2.0


def _size(event: Event, whole: tuple[str, float] | None) -> float | None:
    """Return the share of the whole that an event tells of."""
    if whole is None:
        return None
    unit, amount = whole
    size = event.quantity if (event.unit or "") == unit else event.money.get(unit, Interval())
    return _middle(size) / amount if _middle(size) else None


def _lots(one: Commitment) -> list[tuple[Event, float | None]]:
    """Return the acts of delivery with their shares, and what a running total has beyond them."""
    whole = _whole(one)
    told = [
        event
        for event in one.history
        if event.what is What.DELIVERED and event.commitment == one.id
    ]
    acts = [(event, _size(event, whole)) for event in told if event.says != "in all so far"]
    for event in told:
        if event.says != "in all so far":
            continue
        total = _size(event, whole)
        before = [share for act, share in acts if act.day <= event.day]
        if total is None or None in before:
            if not acts:
                acts.append((event, total))
            continue
        rest = total - sum(share for share in before if share is not None)
        if rest > 1e-3:
            acts.append((event, rest))
    return acts


def _left(one: Commitment, whole: tuple[str, float] | None, told: float) -> float | None:
    """Return the share that is left: none, a part, or not known."""
    if Stage.DELIVERED not in one.stages:
        return 1.0
    if one.state is State.DELIVERED and one.outstanding is not None:
        return 0.0
    left = one.outstanding
    if left is None or left.high is None or whole is None or not left.low:
        return None
    return min(max(1.0 - told, 1e-3), 1.0)


def spells_of_rows(entries: Iterable[Entry], published: dt.date) -> SpellSet:
    """Return the spells of the rows of a release, one commitment a row that promises something.

    A row tells how much of it was delivered by `published`. "Undisclosed" is marked so, and is no
    less delivered for it; a row that gives a figure is open about what is left; one that says
    nothing of deliveries leaves all open. Packages counted in money are left out.
    """
    rows: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        rows[entry.document].append(entry)
    spells: list[Spell] = []
    caveats: list[Caveat] = []
    for document in sorted(rows):
        spells += _row(document, rows[document], published, caveats)
    return SpellSet(tuple(spells), tuple(caveats))


def _row(
    document: str, entries: Sequence[Entry], published: dt.date, caveats: list[Caveat]
) -> list[Spell]:
    things = [
        one
        for one in entries
        if one.statement.money is None
        and not one.statement.item.category.value.endswith(_COUNTED_IN_MONEY)
    ]
    promise = next((one for one in things if one.statement.kind is Kind.PLEDGE), None)
    if promise is None or promise.statement.when is None:
        if promise is not None:
            caveats.append(Caveat(document, "the row gives no day of the promise"))
        return []
    promised = bounds(promise.statement.when)
    delivery = next((one for one in things if one.statement.kind is Kind.DELIVERY), None)
    whole = _middle(Interval.of(promise.statement.quantity))
    came = _middle(Interval.of(delivery.statement.quantity)) if delivery else 0.0
    share = min(came / whole, 1.0) if whole else None
    hidden = delivery is not None and delivery.statement.rule.endswith(_UNDISCLOSED)
    given = delivery is not None and delivery.statement.quantity is not None
    mark = Mark.UNDISCLOSED if hidden else Mark.OPEN if given else Mark.UNMARKED

    def spell(part: float | None, reported: dt.date | None) -> Spell:
        return Spell(
            commitment=document,
            donors=promise.statement.actors,
            category=promise.statement.item.category.value,
            promised=promised,
            share=part,
            reported=reported,
            reported_by=reported is not None,
            mark=mark if reported is None else Mark.UNMARKED,
            statements=tuple(one.id for one in (promise, delivery) if one is not None),
        )

    found = [spell(share, published)] if came else []
    if not came or share is None:
        found.append(spell(None if came else 1.0, None))
    elif share < 1.0:
        found.append(spell(1.0 - share, None))
    return found
