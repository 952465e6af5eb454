"""A scenario to begin with: what a book tells, and where a person must fill in what it does not.

What is not known stands there as a comment to be filled in, and never as a zero.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pledgebook.errors import UsageError
from pledgebook.forecasting.coming import coming_of
from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.fulfilment import Spell, arrival
from pledgebook.forecasting.levels import Level, find_level
from pledgebook.forecasting.making import Told
from pledgebook.forecasting.output import Maker, makers_of
from pledgebook.forecasting.request import to_end
from pledgebook.forecasting.series import Nature, SeriesMeasure
from pledgebook.forecasting.subject import Subject, subject_of, supply_of
from pledgebook.ledger.wording import commitment_line, units
from pledgebook.planning.scenario.values import month_name

__all__ = ["start_scenario"]

_MONTH = 365.25 / 12
_LATE_IN_MONTH = 15


def start_scenario(
    told: Told,
    *,
    items: Sequence[str],
    recipient: str,
    until: str | dt.date,
    step: Literal["month", "quarter"] = "month",
    source: str = "",
) -> str:
    """Return the text of a scenario for some items and a recipient, from the day of the book on.

    It compiles with the same book as it is, where the book tells a use or a need of any item; what
    is lacking is marked TODO. `source` names the book. Raises NotFoundError, UsageError.
    """
    if not items:
        raise UsageError("no item is named", mend="Name at least one, as --item 155mm")
    first, last = _horizon(told.book.as_of, to_end(until), step)
    subjects = [_subject(told, item, recipient) for item in dict.fromkeys(items)]
    parts = [_Part(told, item, subject) for item, subject in zip(items, subjects, strict=False)]
    lines = [*_head(told, recipient, items, first, last, step, source)]
    for part in parts:
        lines += part.about()
    lines += ["", "# ---- what is needed", *(line for part in parts for line in part.need())]
    lines += ["", "# ---- what is there, and on its way"]
    lines += [line for part in parts for line in part.stock()]
    lines += ["", "# ---- who gives", *_donors(told, parts)]
    lines += ["", "# ---- what is made", *(line for part in parts for line in part.lines())]
    lines += ["", *_TAIL]
    return "\n".join(lines) + "\n"


_TAIL = """# ---- what else can be said (see the page on scenarios)

# TODO [[contract]]: what could be agreed with a line, alone or together
# [[contract]]
# line = "..."
# kind = "joint"
# price = ...
# take = ...              # units a budget year, at least

# TODO [transport]: how much can be moved, all together; each [[item]] then needs a weight
# [transport]
# capacity = ...          # tonnes a month

# For a plan that holds up in twenty courses of use and arrivals:
# [cases]
# number = 20""".splitlines()


def _horizon(as_of: dt.date, until: dt.date, step: str) -> tuple[int, int]:
    """Return the first and last month: from the month that the day of the book is nearest to."""
    first = as_of.year * 12 + as_of.month - 1 + (as_of.day > _LATE_IN_MONTH)
    last = until.year * 12 + until.month - 1
    if last < first:
        what = f"the horizon ends in {month_name(last)}, before it begins in {month_name(first)}"
        raise UsageError(what, mend="Give a later --until, or open the book as of an earlier day")
    if step == "quarter":
        last = first + math.ceil((last - first + 1) / 3) * 3 - 1
    return first, last


def _subject(told: Told, item: str, recipient: str) -> Subject:
    entries = [*told.ledger.entries.values()]
    found = subject_of(item, recipient, told.ledger.commitments, entries, told.catalogue)
    if found.item_id is None and found.item != found.category.value:
        what = f"{item!r} is told of, and no item of the catalogue"
        raise UsageError(what, mend="Add it to the catalogue, or name its category")
    return found


def _head(
    told: Told,
    recipient: str,
    items: Sequence[str],
    first: int,
    last: int,
    step: str,
    source: str,
) -> Iterator[str]:
    of = f" of {_plain(source)}" if source else ""
    yield f"# A scenario to begin with, from what the book{of} tells on {told.book.as_of}."
    yield '# Figures that read "book" are taken from it anew each time. Lines with TODO are to be'
    yield "# filled in: what they are about is not known, and not known is not nothing."
    yield "# Costs mean no money before the prices are filled in."
    yield ""
    yield f"title = {_quoted(', '.join(items) + ' for ' + recipient)}"
    yield 'currency = "EUR"'
    strange = sorted(
        {code for item in items for code in _strangers(told, _subject(told, item, recipient))}
    )
    if strange:
        yield f"parties = [{', '.join(map(_quoted, strange))}]"
    yield ""
    yield "[horizon]"
    yield f'from = "{month_name(first)}"'
    yield f'to = "{month_name(last)}"'
    yield f'step = "{step}"'


def _strangers(told: Told, subject: Subject) -> Iterator[str]:
    """Yield the parties that must be named to the scenario: the catalogue has them not."""
    for maker in _makers(told, subject):
        yield from (code for code in maker.parties if code not in told.catalogue.parties)


@dataclass(frozen=True, slots=True)
class _Part:
    """One item of the scenario."""

    told: Told
    item: str
    subject: Subject

    def about(self) -> Iterator[str]:
        yield ""
        yield "[[item]]"
        yield f"name = {_quoted(self.item)}"
        yield f"unit = {_quoted(self.subject.unit)}"
        yield "price = 1           # TODO: what one costs; until then, costs are counted in units"
        yield "# weight = ...      # TODO: tonnes, where transport is bounded"

    def need(self) -> Iterator[str]:
        """Yield the need: what is used up, else what is said to be needed."""
        used, lacking = self._level(SeriesMeasure.EXPENDITURE, Nature.ACTUAL)
        asked, _ = self._level(SeriesMeasure.EXPENDITURE, Nature.REQUIREMENT)
        mark = "" if self.is_needed else "# "
        yield ""
        if mark:
            yield f"# TODO: {_why(lacking)}"
        yield f"{mark}[[need]]"
        yield f"{mark}recipient = {_quoted(self._name(self.subject.recipient))}"
        yield f"{mark}item = {_quoted(self.item)}"
        if used is not None:
            yield from _told(used)
            yield 'amount = "book"'
        if asked is not None:
            yield from _told(asked)
            other = "# " if used is not None else ""
            yield f'{other}amount = "book requirement"      # what is said to be needed'
        if mark:
            yield f"# amount = ...      # {units(self.subject.unit)} a month"
        yield f"{mark}priority = 1"

    @property
    def is_needed(self) -> bool:
        """Whether a report tells what is used up, or what is said to be needed."""
        natures = (Nature.ACTUAL, Nature.REQUIREMENT)
        found = (self._level(SeriesMeasure.EXPENDITURE, nature)[0] for nature in natures)
        return any(level is not None for level in found)

    def stock(self) -> Iterator[str]:
        """Yield what the recipient holds, and what open commitments may bring."""
        found, lacking = self._level(SeriesMeasure.STOCK, Nature.ACTUAL)
        coming = self._coming()
        mark = "" if self.is_needed else "# "
        yield ""
        yield f"{mark}[[stock]]"
        yield f"{mark}recipient = {_quoted(self._name(self.subject.recipient))}"
        yield f"{mark}item = {_quoted(self.item)}"
        if found is not None:
            yield from _told(found)
            yield f'{mark}opening = "book"'
        else:
            yield f"# TODO: {_why(lacking)}"
            yield f"# opening = ...     # {units(self.subject.unit)}; without it none is counted on"
        if coming:
            yield from (f"# {line}" for line in coming)
            yield f'{mark}arriving = "book"   # by the chances that such promises are kept'
        else:
            yield "# No open promise of known size is in the book."
            yield f"# arriving = ...    # {units(self.subject.unit)} a month"

    def shelves(self) -> dict[str, list[str]]:
        """Return what is told of the shelves of those who give, by party."""
        found: dict[str, list[str]] = {}
        for party in _givers(self.told, self.subject):
            level, _ = find_level(
                self.told.book,
                subject_of(
                    self.subject.item,
                    party,
                    self.told.ledger.commitments,
                    [*self.told.ledger.entries.values()],
                    self.told.catalogue,
                ),
                SeriesMeasure.STOCK,
                Nature.ACTUAL,
                self.told.book.as_of,
            )
            if level is not None:
                found[party] = [
                    "[[donor.shelf]]",
                    f"item = {_quoted(self.item)}",
                    *_told(level),
                    'held = "book"',
                    "# reserve = ...     # TODO: what it keeps; as it stands, all may go",
                    "# most = ...        # TODO: how many a month",
                ]
        return found

    def lines(self) -> Iterator[str]:
        """Yield the works that are told of, with what they aim at."""
        makers = _makers(self.told, self.subject)
        if not makers:
            yield ""
            yield f"# TODO: no report tells what those who give make of {_plain(self.item)}"
            yield "# [[line]]"
            yield f"# item = {_quoted(self.item)}"
            yield "# capacity = ...    # a month"
            yield "# lead = ...        # months from order to arrival"
        for maker in makers:
            yield from self._line(maker)

    def _line(self, maker: Maker) -> Iterator[str]:
        rate = maker.rate.median * _MONTH
        name = f"{' and '.join(self._name(code) for code in maker.parties)}: {self.item}"
        mark = "" if rate > 0 else "# "
        yield ""
        if not mark:
            yield f"# {_plain(maker.series.about)}"
        else:
            yield f"# TODO: {_plain(maker.series.about)} is told to be none, or not at all"
        yield f"{mark}[[line]]"
        yield f"{mark}name = {_quoted(name)}"
        if len(maker.parties) == 1:
            yield f"{mark}maker = {_quoted(self._name(maker.parties[0]))}"
        yield f"{mark}item = {_quoted(self.item)}"
        capacity = f"{_round(rate)}" if rate > 0 else "..."
        yield f"{mark}capacity = {capacity}      # a month, as it is now"
        yield f"{mark}lead = {self._lead(maker)}            # months: {_LEAD}"
        yield f'{mark}source = "{maker.series.id}"'
        yield "# TODO: other customers are served first; without them, all of it can be ordered"
        yield "# [[line.customer]]"
        yield "# amount = ..."
        now = rate
        for ramp in maker.outlook.ramps:
            aim = math.exp(ramp.rate_log_median) * _MONTH
            if aim <= now:
                continue
            months = max(1, round(math.exp(ramp.delay_log_median) / _MONTH))
            yield f"# An aim: {_round(aim)} a month, half of such aims by {months} months from now,"
            yield f"# {ramp.never:.0%} never"
            yield "# [[line.expansion]]"
            yield f"# name = {_quoted(f'{name} to {_round(aim)} a month')}"
            yield f"# added = {_round(aim - now)}"
            yield f"# delay = {months}"
            yield f'# source = "{ramp.statement}"'
            yield "# cost = ...        # TODO: what it costs; then take the marks off"
            now = aim

    def _lead(self, maker: Maker) -> int:
        """Return the months by which half of a new promise of this kind has arrived."""
        as_of = self.told.book.as_of
        fresh = Spell("new", maker.parties, self.subject.category.value, (as_of, as_of), 1.0)
        found = arrival(self.told.model, [fresh], as_of, (as_of, as_of + dt.timedelta(days=30)))
        if found is None or found.median is None:
            return 12
        return max(1, round((found.median - as_of).days / _MONTH))

    def _level(
        self, measure: SeriesMeasure, nature: Nature
    ) -> tuple[Level | None, tuple[Caveat, ...]]:
        book = self.told.book
        return find_level(book, self.subject, measure, nature, book.as_of)

    def _coming(self) -> list[str]:
        """Return the open promises that count, each in a line."""
        known = self.told.ledger.commitments
        supply = supply_of(self.subject, known, self.told.catalogue, commitment_line)
        as_of = self.told.book.as_of
        days = (as_of, as_of + dt.timedelta(days=365))
        named = {one.id: commitment_line(one) for one in supply.open}
        return [
            f"{_plain(named[one.expected.commitment])}: {one.by[-1]:.0%} within a year "
            f"({one.expected.commitment[:12]})"
            for one in coming_of(supply, self.told.model, self.told.spells, as_of, days)
        ]

    def _name(self, code: str) -> str:
        party = self.told.catalogue.parties.get(code)
        return code if party is None else party.name


_LEAD = "by when half of what is newly promised has come, by the book's deliveries"


def _donors(told: Told, parts: Sequence[_Part]) -> Iterator[str]:
    """Yield those who give to the recipient, each with its shelves of the items."""
    shelves: dict[str, list[str]] = {}
    for part in parts:
        for party in _givers(told, part.subject):
            shelves.setdefault(party, []).extend(part.shelves().get(party, []))
    if not shelves:
        yield ""
        yield "# TODO: nobody is told to have given any of it"
        yield "# [[donor]]"
        yield '# name = "..."'
    for code in sorted(shelves):
        known = told.catalogue.parties.get(code)
        mark = "# " if known is None else ""
        yield ""
        yield f"{mark}[[donor]]"
        yield f"{mark}name = {_quoted(code if known is None else known.name)}"
        yield "# budget = ...      # TODO: money a year; without it, what it pays has no bound"
        if not mark:
            yield from shelves[code]


def _givers(told: Told, subject: Subject) -> list[str]:
    """Return who has promised or given any of the subject to its recipient."""
    supply = supply_of(subject, told.ledger.commitments, told.catalogue, commitment_line)
    found = {donor for one in supply.made for donor in one.donors}
    return sorted(found - {subject.recipient})


def _makers(told: Told, subject: Subject) -> tuple[Maker, ...]:
    known = told.ledger.commitments
    return makers_of(told.book, subject, known, told.catalogue, told.book.as_of).makers


def _told(level: Level) -> Iterator[str]:
    for one in level.sources:
        yield f"# {_plain(one.says)} ({one.id})"


def _why(lacking: Sequence[Caveat]) -> str:
    return _plain("; ".join(one.why for one in lacking))


def _round(value: float) -> str:
    """Return a number with three figures, as TOML writes it."""
    if value <= 0:
        return "0"
    digits = 2 - math.floor(math.log10(value))
    rounded = round(value, digits)
    return f"{rounded:.0f}" if digits <= 0 else f"{rounded:.{digits}f}"


def _plain(text: str) -> str:
    """Return a text as one line that can stand in a comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _quoted(text: str) -> str:
    escaped = _plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
