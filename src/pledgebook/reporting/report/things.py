"""How pledges stand: item by item over all donors, and donor by donor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED, StatusRow, status_rows
from pledgebook.ledger.totals import money_total, outstanding_total, quantity_total
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.report.charts import meter
from pledgebook.reporting.report.figures import (
    day_text,
    money_lines,
    quantity_text,
    unit_text,
)
from pledgebook.reporting.report.model import (
    Cell,
    Column,
    Line,
    Lines,
    Row,
    Section,
    Table,
)
from pledgebook.reporting.report.scope import Scope, category
from pledgebook.reporting.report.tables import HEADS, STAGES, TONES, more, none
from pledgebook.reporting.rounding import Rounded

__all__ = ["by_item", "one_by_one"]


def by_item(scope: Scope) -> Section:
    """Return the known sums of each item, by category, over all donors."""
    groups: dict[str, dict[tuple[str, str | None], list[Commitment]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in status_rows(scope.commitments):
        some = [one for one in row.commitments if any(stage in one.stages for stage in COUNTED)]
        if some:
            key = row.item_id or row.item.casefold()
            groups[row.category.value][key, row.unit] += some
    for items in groups.values():
        _take_in_unitless(items)
    total = sum(map(len, groups.values()))
    rows: list[Row] = []
    left = scope.limits.items
    for name, items in sorted(groups.items()):
        ordered = sorted(items.items(), key=lambda found: (-len(found[1]), found[0][0]))[:left]
        if not ordered:
            break
        left -= len(ordered)
        rows.append(Row((Cell(category(name).capitalize()),), group=True))
        rows += [_item(unit, some) for (_, unit), some in ordered]
    columns = (
        Column("Item"),
        *(Column(head, "number") for head in HEADS),
        Column("Outstanding", "number"),
        Column("Picture", "picture"),
        Column("Notes", "refs"),
    )
    table = Table(
        "Each item over all donors: known sums, and how many are of unknown size",
        columns,
        tuple(rows),
        more(total - (scope.limits.items - left), "item"),
        legend=tuple((TONES[stage], name) for stage, name in STAGES.items()),
    )
    note = (
        "Each picture has a scale of its own. Pale is what lies between the least and the most "
        "that it may be. What is unknown is in no picture. What lies within a package, or is paid "
        "for by one and handed over by another, counts once."
    )
    blocks = (table.trimmed, Lines((Line(note),), quiet=True)) if rows else (none("item"),)
    return Section("items", "By item", blocks)


def _take_in_unitless(items: dict[tuple[str, str | None], list[Commitment]]) -> None:
    """Put what has no quantity with the same item in its commonest unit, where it has one."""
    for key, unit in [*items]:
        others = [other for other in items if other[0] == key and other[1] is not None]
        if unit is None and others:
            common = max(others, key=lambda other: (len(items[other]), other[1] or ""))
            items[common] += items.pop((key, None))


def _item(unit: str | None, some: Sequence[Commitment]) -> Row:
    sums = {
        stage: quantity_total(some, stage)
        for stage in COUNTED
        if any(stage in one.stages for one in some)
    }
    texts = {
        stage: "; ".join(
            filter(None, [quantity_text(_but_money(some, stage, total)), *_money(some, stage)])
        )
        for stage, total in sums.items()
    }
    left = outstanding_total(some)
    first = min(some, key=lambda one: (one.item, one.id))
    drawn = [
        (TONES[stage], STAGES[stage], total, texts[stage])
        for stage, total in sums.items()
        if total.low is not None
    ]
    return Row(
        (
            Cell(
                "kind not named" if first.designation is None else one_line(first.item),
                small=unit_text(unit),
            ),
            *(Cell(texts.get(stage, "")) for stage in COUNTED),
            Cell(quantity_text(left)),
            # A single bar has nothing to be compared with.
            Cell(picture=meter(drawn) if len(drawn) > 1 else None),
            Cell(refs=tuple(one.id for one in some)),
        )
    )


def _but_money(some: Sequence[Commitment], stage: Stage, total: Total) -> Total:
    """Return a sum of quantities without the unknown ones whose size is told in money."""
    told = sum(
        bool(one.stages[stage].money) and not one.stages[stage].quantity.known
        for one in some
        if stage in one.stages
    )
    return Total(total.low, total.high, max(0, total.unknown - told))


def _money(some: Sequence[Commitment], stage: Stage) -> list[str]:
    return money_lines(money_total(some, stage))


def one_by_one(scope: Scope) -> Section:
    """Return each giver, taker and item in a row: the table that all others are made of."""
    rounded = Rounded(scope.ledger.entries)
    found = [row for row in status_rows(scope.commitments) if any(row.quantities)]
    place = scope.place
    found.sort(key=lambda row: min(place[one.id] for one in row.commitments))
    shown = found[: scope.limits.status]
    rows: list[Row] = []
    giver = ""
    for row in shown:
        name = scope.giver(row.commitments[0])
        if name != giver:
            rows.append(Row((Cell(name),), group=True))
            giver = name
        rows.append(_status(scope, row, rounded))
    columns = (
        Column("Item"),
        Column("To"),
        *(Column(head, "number") for head in HEADS),
        Column("Outstanding", "number"),
        Column("Promised for"),
        Column("Notes", "refs"),
    )
    table = Table(
        "Who gives what to whom, as of " + day_text(scope.today),
        columns,
        tuple(rows),
        more(len(found) - len(shown), "row"),
    )
    return Section("status", "Donor by donor", (table.trimmed,) if rows else (none("promise"),))


def _status(scope: Scope, row: StatusRow, rounded: Rounded) -> Row:
    first = row.commitments[0]
    cells = []
    for stage in COUNTED:
        total = row.quantities.get(stage)
        if total is None:
            cells.append(Cell())
            continue
        sized = _but_money(row.commitments, stage, total)
        parts = [quantity_text(sized, about=rounded.stage(row, stage))]
        parts += money_lines(row.money.get(stage, {}))
        cells.append(Cell("; ".join(filter(None, parts))))
    promised = (row.promised or "").replace("/", " to ")
    return Row(
        (
            Cell(scope.item(first), small="reports differ" if row.contradictions else ""),
            Cell(scope.names.of(row.recipient)),
            *cells,
            Cell(quantity_text(row.outstanding)),
            Cell(promised, small="overdue" if row.overdue else "", alarm=row.overdue),
            Cell(refs=tuple(one.id for one in row.commitments)),
        )
    )
