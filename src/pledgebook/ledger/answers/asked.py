"""What was asked for, and the answer to it.

An answer is a promise, an order, a delivery or a refusal for the same recipient and the same item
or a kind of it, first reported on the day of the request or later. Where the words of the request
name whom it asks, only these answer: the rule of `ledger.asking`, as in histories. One promise may
answer several requests, so that answers are never added up over requests.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pledgebook.ledger.answers.pieces import first_report
from pledgebook.ledger.asking import asked_of, is_asked, party_finder
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

__all__ = ["Answer", "Asked", "asked_list"]

Answer = Literal[
    "granted in whole", "granted in part", "granted", "considered", "refused", "unanswered"
]
"""`granted` says that nobody can tell whether in whole or in part."""

_FIRM = (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and what came of it.

    `promised` adds up, for each answering commitment, the larger of what was pledged and ordered,
    or what was delivered where nothing had been promised; `share` is how much of the request that
    is, 1 being all of it. `days` is the time to the first answer that is no talk. `other_units`
    counts promises in another unit: they cannot be compared.
    """

    request: Commitment
    answer: Answer
    wanted: Interval
    promised: Total
    delivered: Total
    share: Interval
    days: int | None
    days_to_refusal: int | None
    granted: tuple[Commitment, ...]
    considered: tuple[Commitment, ...]
    refused: tuple[Commitment, ...]
    other_units: int

    @property
    def id(self) -> str:
        """The id of the request, which opens it."""
        return self.request.id


def asked_list(
    requests: Iterable[Commitment],
    commitments: Iterable[Commitment],
    entries: Mapping[str, Entry],
    catalogue: Catalogue,
) -> list[Asked]:
    """Return the requests among `requests`, earliest first, each with its answers."""
    by_key: dict[tuple[str | None, Category], list[Commitment]] = defaultdict(list)
    for one in commitments:
        if Stage.ASKED not in one.stages:
            by_key[one.recipient, one.category].append(one)
    find = party_finder(catalogue)
    found = []
    for request in requests:
        if Stage.ASKED not in request.stages:
            continue
        takers = {request.recipient, *request.asked_by} - {None}
        near = [one for taker in takers for one in by_key.get((taker, request.category), ())]
        quotes = (entries[name].statement.evidence.quote for name in request.statements)
        named = asked_of(request, quotes, find)
        answers = [one for one in near if is_asked(named, one) and _fits(request, one, catalogue)]
        found.append(_asked(request, answers, entries))
    return sorted(found, key=lambda asked: (asked.request.first, asked.id))


def _fits(request: Commitment, one: Commitment, catalogue: Catalogue) -> bool:
    """Tell whether a commitment is of the item asked for, or of a kind of it."""
    if request.designation is None:
        return True
    if request.item_id is not None and one.item_id is not None:
        return catalogue.is_within(one.item_id, request.item_id)
    return (one.designation or "").casefold() == request.designation.casefold()


def _asked(
    request: Commitment, answers: Sequence[Commitment], entries: Mapping[str, Entry]
) -> Asked:
    day = request.first
    granted = _after(answers, _FIRM, day, entries)
    refused = _after(answers, (Stage.REFUSED,), day, entries)
    talk = _after(answers, (Stage.CONSIDERED,), day, entries)
    figure = request.stages[Stage.ASKED]
    wanted, unit = figure.quantity, figure.unit
    if not wanted.known and len(figure.money) == 1:
        [(unit, wanted)] = figure.money.items()
    sizes = [_size(one, unit) for one, _ in granted]
    promised = Total.of(size for size in sizes if size is not None)
    handed = [
        _at(one, Stage.DELIVERED, unit) for one, _ in granted if Stage.DELIVERED in one.stages
    ]
    share = _share(promised, wanted)
    return Asked(
        request=request,
        answer=_answer(bool(granted), bool(talk), bool(refused), share),
        wanted=wanted,
        promised=promised,
        delivered=Total.of(size for size in handed if size is not None),
        share=share,
        days=min(((first - day).days for _, first in granted), default=None),
        days_to_refusal=min(((first - day).days for _, first in refused), default=None),
        granted=tuple(one for one, _ in granted),
        considered=tuple(one for one, _ in talk),
        refused=tuple(one for one, _ in refused),
        other_units=sum(size is None for size in sizes),
    )


def _after(
    answers: Sequence[Commitment],
    stages: Sequence[Stage],
    day: dt.date,
    entries: Mapping[str, Entry],
) -> list[tuple[Commitment, dt.date]]:
    """Return the commitments that reached one of the stages from a day on, and when they did."""
    found = []
    for one in answers:
        days = [
            first_report(entries[name] for name in one.stages[stage].reports)
            for stage in stages
            if stage in one.stages
        ]
        if days and min(days) >= day:
            found.append((one, min(days)))
    return sorted(found, key=lambda answer: (answer[1], answer[0].id))


def _size(one: Commitment, unit: str | None) -> Interval | None:
    """Return how much a commitment promises; None where that is in another unit."""
    promised = [
        size
        for stage in (Stage.PLEDGED, Stage.ON_ORDER)
        if stage in one.stages and (size := _at(one, stage, unit)) is not None
    ]
    if promised:
        return max(promised, key=lambda size: (size.known, size.floor))
    if Stage.PLEDGED in one.stages or Stage.ON_ORDER in one.stages:
        return None
    return _at(one, Stage.DELIVERED, unit)


def _at(one: Commitment, stage: Stage, unit: str | None) -> Interval | None:
    figure = one.stages[stage]
    if unit is not None and unit in figure.money:
        return figure.money[unit]
    if figure.quantity.known:
        return figure.quantity if unit is None or figure.unit == unit else None
    return None if figure.money else UNKNOWN


def _share(promised: Total, wanted: Interval) -> Interval:
    """Return the share as an interval; a term of unknown size leaves it open above."""
    if not wanted.known or promised.low is None:
        return UNKNOWN
    low = promised.low / wanted.high if wanted.high else None
    high = None
    if promised.high is not None and not promised.unknown and wanted.low:
        high = promised.high / wanted.low
    return Interval(low, high)


def _answer(granted: bool, talk: bool, refused: bool, share: Interval) -> Answer:
    if granted:
        if share.low is not None and share.low >= 1:
            return "granted in whole"
        if share.high is not None and share.high < 1:
            return "granted in part"
        return "granted"
    return "refused" if refused else "considered" if talk else "unanswered"
