"""What the overview says of some commitments, worked out once for a view and a question."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.answers.contradictions import Clash, contradictions_of
from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.events import What
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.live.rows import Selection
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED
from pledgebook.ledger.totals import CategoryTotal, outstanding_total
from pledgebook.vocabulary.statement import Category
from pledgebook.web.keeping import Kept
from pledgebook.web.live import EVERYTHING, View, Wanted

__all__ = ["LISTED", "CategoryLine", "ItemLine", "Overview", "items_of", "months_of", "overview_of"]

LISTED = 10
"""Rows of each short list."""
_EACH = 2
"""Of things that cannot be ranked against each other, so many of each kind come first."""


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """The commitments of one category in one unit, added up stage by stage as `status` does.

    `commitments` and `overdue` count those of the whole category, in the first of its lines; the
    others have None.
    """

    sums: CategoryTotal
    commitments: int | None
    overdue: int | None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """What is outstanding of one item in one unit; `open` counts the commitments behind it.

    `ask` is what the filter of items takes for it.
    """

    item: str
    ask: str
    category: Category
    unit: str | None
    open: int
    outstanding: Total


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page shows of some commitments, before it is put into words.

    `reached` counts the commitments of each stage, `unknown` those of them of unknown size; `money`
    is by stage and currency. `newest` are the newest statements, `failing` running totals at odds
    with what was found singly, `open` the promises of which something is, or may be, still to come,
    `doubtful` those that may be the same as another.
    """

    today: dt.date
    total: int
    reached: Mapping[Stage, int]
    unknown: Mapping[Stage, int]
    money: Mapping[Stage, Mapping[str, Total]]
    categories: Sequence[CategoryLine]
    largest: Sequence[Commitment]
    overdue: Sequence[Commitment]
    newest: Sequence[Entry]
    clashes: Sequence[Clash]
    failing: Sequence[Check]
    open: int
    doubtful: int


def overview_of(view: View, wanted: Wanted, kept: Kept) -> tuple[Overview, bool]:
    """Return the overview of what is asked for, and whether it is of this very view.

    Raises NotFoundError for an unknown name.
    """

    def make() -> Overview:
        return _gathered(view, wanted)

    return kept.lately(("overview", view.as_of, wanted), view.number, make)


def months_of(view: View, wanted: Wanted, kept: Kept) -> Mapping[str, Counter[What]]:
    """Return how many commitments were pledged, ordered or delivered in each month ("2023-02").

    Every month between the first and the last is there. Raises NotFoundError.
    """

    def make() -> Mapping[str, Counter[What]]:
        return _months(view.commitments(wanted), view.ledger.today)

    return kept.lately(("months", view.as_of, wanted), view.number, make)[0]


def items_of(view: View, wanted: Wanted, kept: Kept) -> Sequence[ItemLine]:
    """Return what is outstanding by item, the largest first. Raises NotFoundError."""

    def make() -> Sequence[ItemLine]:
        return _items(view.commitments(wanted).open)

    return kept.lately(("items", view.as_of, wanted), view.number, make)[0]


def _gathered(view: View, wanted: Wanted) -> Overview:
    found = view.commitments(wanted)
    ledger = view.ledger
    open_ = found.open
    categories = list(_categories(found))
    money = found.sums()[1]
    return Overview(
        today=ledger.today,
        total=len(found),
        reached=found.reached(),
        unknown={
            stage: sum(
                line.sums.quantities.get(stage.value, Total()).unknown for line in categories
            )
            for stage in COUNTED
        },
        money={stage: money.get(stage.value, {}) for stage in COUNTED},
        categories=categories,
        largest=_largest(found),
        overdue=sorted(
            (one for one in found.overdue if one.due is not None),
            key=lambda one: (one.due or ledger.today, one.id),
        ),
        newest=_newest(found, ledger, everything=wanted == EVERYTHING),
        clashes=sorted(
            contradictions_of(
                ledger, [it for it in found if it.contradictions or it.id in ledger.refusals]
            ),
            key=lambda clash: (-clash.commitment.last.toordinal(), clash.commitment.id),
        ),
        failing=_failing(found, ledger, everything=wanted == EVERYTHING),
        open=len(open_),
        doubtful=found.doubtful,
    )


def _categories(found: Selection) -> Iterator[CategoryLine]:
    counts = found.by_category()
    told = set()
    for sums in found.totals():
        if sums.category in told:
            yield CategoryLine(sums, None, None)
        else:
            told.add(sums.category)
            yield CategoryLine(sums, *counts[sums.category])


_TOLD = frozenset({What.PLEDGED, What.ORDERED, What.DELIVERED})


def _months(found: Iterable[Commitment], today: dt.date) -> dict[str, Counter[What]]:
    """Count events by month; what is only recalled, or lies ahead, has no month."""
    counts: dict[tuple[int, int], Counter[What]] = defaultdict(Counter)
    for one in found:
        for event in one.history:
            if (
                event.what in _TOLD
                and event.commitment == one.id
                and event.is_dated
                and event.day <= today
            ):
                counts[event.day.year, event.day.month][event.what] += 1
    if not counts:
        return {}
    first, last = min(counts), max(counts)
    return {f"{year}-{month:02}": counts[year, month] for year, month in _between(first, last)}


def _between(first: tuple[int, int], last: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for number in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1]):
        yield number // 12, number % 12 + 1


def _items(open_: Iterable[Commitment]) -> list[ItemLine]:
    groups: dict[tuple[str, str | None], list[Commitment]] = defaultdict(list)
    for one in open_:
        name = one.item_id or (one.designation or "").casefold() or one.category.value
        groups[name, one.unit].append(one)
    lines = []
    for (_, unit), some in groups.items():
        left = outstanding_total(some)
        if left is None:
            continue
        first = some[0]
        ask = first.designation or first.category.value
        lines.append(ItemLine(first.item, ask, first.category, unit, len(some), left))
    return sorted(lines, key=lambda line: (-_size(line.outstanding), line.item, line.unit or ""))


def _size(total: Total) -> float:
    return total.low or total.high or 0.0


def _largest(found: Selection) -> list[Commitment]:
    """Return the largest open promises, some of each kind first: tanks are not ranked with shells.

    Kinds follow each other by how many promises of them are open.
    """
    ranked = []
    for (category, unit), some in found.open_by_kind().items():
        ranked += [(place // _EACH, -len(some), category, unit or "", place, one)
                   for place, one in enumerate(some.largest(LISTED))]  # fmt: skip
    ranked.sort(key=lambda row: row[:5])
    chosen = sorted(ranked[:LISTED], key=lambda row: row[1:5])
    return [row[5] for row in chosen]


def _newest(found: Selection, ledger: Ledger, *, everything: bool) -> list[Entry]:
    """Return the newest statements of commitments; with nothing left out, of levels too."""
    entries = [ledger.entries[name] for name in found.newest(LISTED)]
    if everything:
        entries += [one.entry for one in ledger.observations[-LISTED:]]
    return heapq.nlargest(LISTED, entries, key=lambda one: one.order)


def _failing(found: Sequence[Commitment], ledger: Ledger, *, everything: bool) -> list[Check]:
    failing = [one for one in ledger.checks if one.verdict in ("falls-short", "exceeds")]
    if not everything and failing:
        wanted = {one.id for one in found}
        failing = [one for one in failing if not wanted.isdisjoint(one.commitments)]
    order = {"falls-short": 0, "exceeds": 1}
    return sorted(failing, key=lambda one: (order[one.verdict], one.covers, one.statement))
