"""What was handed over, act by act: parts add up, running totals replace, the rest closes.

Reports of one act are counted once. An act of unknown size leaves the sum open above. "Half of the
14", "60 per cent" and "the remaining tanks" are worked out from what was promised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pledgebook.ledger.cases import Case
from pledgebook.ledger.corrections import Correction, correction_in, retracted
from pledgebook.ledger.cues import Cues, load_cues
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.vocabulary.statement import Scope

__all__ = ["Act", "Delivered", "day_of", "delivered"]

_PERCENT = "percent"


@dataclass(slots=True)
class Act:
    """One handing over, and all reports of it; the first has its figure.

    `closes` says that nothing of the promise was left after it, `unsure` that it may be another
    act or only another figure for one that is told of already.
    """

    cases: list[Case]
    size: Interval
    day: dt.date
    closes: bool = False
    unsure: bool = False
    documents: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.documents |= {case.entry.document for case in self.cases}


@dataclass(slots=True)
class Delivered:
    """What was handed over in all: the sum, the acts behind it, and what does not agree.

    `total` is the running total that the sum starts from, `prevailing` the statements that the sum
    rests on.
    """

    quantity: Interval
    unit: str | None
    money: Mapping[str, Interval]
    acts: list[Act]
    total: Case | None
    prevailing: tuple[str, ...]
    says: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)


def day_of(case: Case) -> dt.date:
    """Return the day by which a delivery had happened, as far as the text tells."""
    if case.span is not None and case.span[1] <= case.entry.counted:
        return case.span[1]
    return case.entry.counted


def delivered(
    reports: Sequence[Case], promised: Sequence[Case], cues: Cues | None = None
) -> Delivered | None:
    """Add up the reports of deliveries of one undertaking; `promised` are its firm promises."""
    if not reports:
        return None
    return _Account(reports, promised, cues or load_cues()).settle()


class _Account:
    """The deliveries of one undertaking in its most usual unit."""

    def __init__(self, reports: Sequence[Case], promised: Sequence[Case], cues: Cues) -> None:
        self._reports = reports
        self._cues = cues
        self._unit = _usual_unit(reports, promised)
        sizes = [
            case.quantity
            for case in promised
            if case.quantity is not None and case.unit == self._unit
        ]
        self._whole = max(sizes, key=lambda size: size.floor, default=None)
        self._says: list[tuple[str, tuple[str, ...]]] = []
        self._corrections: list[Correction] = []

    def settle(self) -> Delivered:
        totals = [
            (case, size)
            for case in self._reports
            if case.scope is Scope.TOTAL and (size := self._size(case)).known
        ]
        single = [case for case in self._reports if case.scope is not Scope.TOTAL]
        back = retracted(single, lambda case: case.quantity, self._cues)
        acts = self._acts([case for case in single if case.id not in back])
        every = list(acts)
        for act in self._sums(acts):
            acts.remove(act)
            totals.append((act.cases[0], act.size))
        self._note_unsure(acts)
        last = max(
            totals, key=lambda one: (day_of(one[0]), one[1].floor, one[0].order), default=None
        )
        quantity, prevailing = self._add_up(acts, last)
        return Delivered(
            quantity,
            self._unit,
            self._money(acts, every),
            sorted(acts, key=lambda act: (act.day, act.cases[0].order)),
            last[0] if last else None,
            tuple(case.id for case in prevailing or self._reports[-1:]),
            self._says,
            self._corrections,
        )

    def _size(self, case: Case) -> Interval:
        """Return how much a report tells of, worked out from the promise where it must be."""
        if case.quantity is not None:
            return case.quantity if case.unit == self._unit else UNKNOWN
        if self._whole is None:
            return UNKNOWN
        said = case.entry.statement.quantity
        if said is not None and said.unit == _PERCENT and said.per is None:
            ends = Interval.of(said)
            if ends.low is None or ends.high is None or ends.high > 100:
                return UNKNOWN
            return self._whole.times(ends.low / 100, ends.high / 100)
        share = self._cues.share(case.entry.statement.evidence.quote) if said is None else None
        return UNKNOWN if share is None else self._whole.times(*share)

    def _acts(self, reports: Sequence[Case]) -> list[Act]:
        """Group reports of the same act; those that count come before those that do not."""
        acts: list[Act] = []
        sizes = {case.id: self._size(case) for case in reports}
        # News before what is recalled: a recalled figure is held against what was news.
        ordered = sorted(
            reports,
            key=lambda case: (
                not sizes[case.id].known and case.money is None,
                case.scope is Scope.BACKGROUND and case.span is None,
                case.order,
            ),
        )
        for case in ordered:
            size, closes = sizes[case.id], self._closes(case)
            home = next((act for act in acts if _is_same(act, case, size, closes)), None)
            if home is None and self._corrects(case, size, acts):
                continue
            if home is None:
                unsure = bool(acts) and _recalls_vaguely(case) and size.known and not closes
                acts.append(Act([case], size, day_of(case), closes, unsure))
                continue
            home.cases.append(case)
            home.documents.add(case.entry.document)
            if size.known or not home.size.known:
                # What gives no figure may be of another act: it moves none that has one.
                home.day = min(home.day, day_of(case))
            home.closes = home.closes or closes
            if not home.size.known:
                home.size = size
        return acts

    def _corrects(self, case: Case, size: Interval, acts: Sequence[Act]) -> bool:
        """Let a correction replace the figure of the act that it puts right, if there is one."""
        if not size.known or not correction_in(case, self._cues):
            return False
        told = [
            act
            for act in acts
            if act.size.known
            and act.day <= day_of(case)
            and case.entry.document not in act.documents
            and _in_one_time(act.cases[0], case)
        ]
        if not told:
            return False
        act = max(told, key=lambda one: (one.day, one.cases[0].order))
        old = act.cases[0]
        says = self._cues.says.corrected
        self._corrections.append(
            Correction("delivered", act.size, size, self._unit, case.id, old.id, says)
        )
        act.size = size
        act.cases.insert(0, case)
        act.documents.add(case.entry.document)
        return True

    def _closes(self, case: Case) -> bool:
        """Tell whether a report says that it was the rest: "the remaining four"."""
        if case.quantity is not None and case.unit != self._unit:
            return False
        return self._cues.has("closing", case.entry.statement.evidence.quote)

    def _note_unsure(self, acts: Sequence[Act]) -> None:
        for act in acts:
            if act.unsure:
                says = (
                    f"{act.size} recalled: a further delivery, or another figure for one of these"
                )
                others = [one.cases[0].id for one in acts if not one.unsure]
                self._says.append((says, (act.cases[0].id, *others)))

    def _sums(self, acts: Sequence[Act]) -> list[Act]:
        """Return the acts that only sum up others: all of the promise, or all there was so far.

        "The whole promised lot of 13" beside reports of the parts is no further delivery. Where two
        acts are as large as the promise, neither is taken for the whole.
        """
        known = [act for act in acts if act.size.known]
        whole = [act for act in known if act.size == self._whole]
        if len(whole) == 1:
            return whole
        found = []
        for act in known:
            before = [
                one for one in known if one is not act and not one.unsure and one.day <= act.day
            ]
            recalled = all(case.scope is Scope.BACKGROUND for case in act.cases)
            if recalled and len(before) > 1 and _sum(before) == act.size:
                found.append(act)
        return found

    def _add_up(
        self, acts: Sequence[Act], last: tuple[Case, Interval] | None
    ) -> tuple[Interval, list[Case]]:
        start, since = UNKNOWN, None
        prevailing: list[Case] = []
        if last is not None:
            case, start = last
            since = day_of(case)
            prevailing.append(case)
            earlier = _sum([act for act in acts if act.day <= since])
            if start.high is not None and earlier.floor > start.high:
                says = f"a running total of {start}, but single deliveries of {earlier}"
                single = tuple(act.cases[0].id for act in acts if act.day <= since)
                self._says.append((says, (case.id, *single)))
        closing = self._closing(acts)
        if (
            closing is not None
            and self._whole is not None
            and (since is None or closing.day >= since)
        ):
            earlier = _sum([act for act in acts if act.day <= closing.day])
            start, since = self._whole.holding(earlier, whole_is_firm=True), closing.day
            # What came before is the rest of the whole: it is told, and adds nothing.
            prevailing = [act.cases[0] for act in acts if act.day <= since]
        later = [act for act in acts if since is None or act.day > since]
        prevailing += [act.cases[0] for act in later]
        if since is None:
            return _sum(later), prevailing
        return (start.added(_sum(later)) if later else start), prevailing

    def _closing(self, acts: Sequence[Act]) -> Act | None:
        """Return the act after which nothing of the promise was left, where that can be."""
        closing = [act for act in acts if act.closes]
        if self._whole is None or not closing:
            return None
        last = max(closing, key=lambda act: (act.day, act.cases[0].order))
        before = _sum([act for act in acts if act is not last and act.day <= last.day])
        known = before.added(last.size)
        if self._whole.high is not None and known.floor > self._whole.high:
            return None
        return last

    def _money(self, acts: Sequence[Act], every: Sequence[Act]) -> dict[str, Interval]:
        """Add up the money of the acts; where none has any, that of what only sums them up."""
        found: dict[str, Interval] = {}
        currencies = sorted({case.currency for case in self._reports if case.currency})
        for currency in currencies:
            totals = [
                case
                for case in self._reports
                if case.scope is Scope.TOTAL and case.currency == currency
            ]
            terms = _each(acts, currency) or _each(every, currency)
            if totals:
                last = max(totals, key=lambda case: (day_of(case), _floor(case), case.order))
                amount = last.money or UNKNOWN
                terms = [(day, money) for day, money in terms if day > day_of(last)]
            elif terms:
                (_, amount), *terms = terms
            else:
                continue
            for _, money in terms:
                amount = amount.added(money)
            found[currency] = amount
        return found


def _each(acts: Sequence[Act], currency: str) -> list[tuple[dt.date, Interval]]:
    """Return the day of each act and its money of a currency, by the newest report of it."""
    found = []
    for act in acts:
        told = [case for case in act.cases if case.currency == currency]
        newest = max(told, key=lambda case: case.order, default=None)
        if newest is not None and newest.money is not None:
            found.append((act.day, newest.money))
    return found


def _floor(case: Case) -> float:
    return case.money.floor if case.money is not None else 0.0


def _usual_unit(reports: Sequence[Case], promised: Sequence[Case]) -> str | None:
    units = [case.unit for case in reports if case.quantity is not None and case.unit]
    # Shares of a promise are counted in its unit.
    units = units or [case.unit for case in promised if case.quantity is not None and case.unit]
    return max(sorted(set(units)), key=units.count) if units else None


def _recalls_vaguely(case: Case) -> bool:
    return case.scope is Scope.BACKGROUND and case.span is None


def _is_same(act: Act, case: Case, size: Interval, closes: bool) -> bool:
    """Tell whether a report speaks of an act: no other date, no other figure, no list of two."""
    one = act.cases[0]
    if case.entry.document in act.documents:
        return False
    if not _in_one_time(one, case):
        return False
    if act.size.known and size.known:
        return act.size == size
    if act.closes is not closes:
        # The rest of a lot is not the lot that came before it.
        return False
    money = next((other for other in act.cases if other.money is not None), None)
    if money is not None and case.money is not None and money.currency == case.currency:
        return money.money == case.money
    return True


def _in_one_time(one: Case, other: Case) -> bool:
    if one.span is None or other.span is None:
        return True
    return one.span[0] <= other.span[1] and other.span[0] <= one.span[1]


def _sum(acts: Sequence[Act]) -> Interval:
    """Add up acts; one of unknown size leaves the sum open above.

    What may be another figure for an act that is counted already raises the upper end only.
    """
    sure = [act for act in acts if not act.unsure]
    total: Interval | None = None
    for act in sure:
        total = act.size if total is None else total.added(act.size)
    for act in acts:
        if act.unsure:
            before = total or Interval(0.0, 0.0)
            both = before.added(act.size)
            total = Interval(max(before.floor, act.size.floor), both.high)
    return total or UNKNOWN
