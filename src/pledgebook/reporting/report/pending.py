"""What is still to come: the largest promises that are open, and those that are overdue."""

from __future__ import annotations

from collections import defaultdict

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.stages import Stage
from pledgebook.reporting.report.figures import (
    counted,
    day_text,
    interval_text,
    money_lines,
)
from pledgebook.reporting.report.model import Cell, Column, Line, Lines, Row, Section, Table
from pledgebook.reporting.report.scope import Scope, category

__all__ = ["largest", "overdue"]

_OF_EACH = 3


def largest(scope: Scope) -> Section:
    """Return the largest open promises of each category, with those of unknown size counted."""
    groups: dict[tuple[str, str], list[Commitment]] = defaultdict(list)
    unsized: list[Commitment] = []
    for one in scope.commitments:
        left = one.outstanding
        if left is None or left.high == 0:
            continue
        if left.known:
            groups[one.category.value, one.unit or ""].append(one)
        else:
            unsized.append(one)
    kept: dict[str, list[Commitment]] = defaultdict(list)
    room = scope.limits.largest
    open_ = sum(map(len, groups.values()))
    for (name, _), some in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        some.sort(key=lambda one: (-_size(one), scope.place[one.id]))
        shown = some[: min(_OF_EACH, room)]
        kept[name] += shown
        room -= len(shown)
    rows: list[Row] = []
    for name, some in sorted(kept.items()):
        if some:
            rows.append(Row((Cell(category(name).capitalize()),), group=True))
            rows += [_open(scope, one) for one in some]
    shown_ = sum(map(len, kept.values()))
    note = (
        "Things of different kinds cannot be ranked against each other: of each category and unit "
        f"the {_OF_EACH} largest stand here."
    )
    if unsized:
        named = [one for one in unsized if one.stages and _promised_money(one)]
        of_money = f" ({len(named):,} of them were promised as money)" if named else ""
        lines = [
            Line(
                f"Of {counted(len(unsized), 'more open promise', 'more open promises')} nobody "
                f"tells how much is left{of_money}: unknown is not zero.",
                tuple(one.id for one in unsized),
            )
        ]
    else:
        lines = []
    table = Table(
        "The largest open promises of each category",
        (
            Column("Item"),
            Column("Donor"),
            Column("Promised", "number"),
            Column("Delivered", "number"),
            Column("Outstanding", "number"),
            Column("Promised for"),
            Column("Notes", "refs"),
        ),
        tuple(rows),
        f"And {open_ - shown_:,} smaller ones; they stand in the table donor by donor."
        if open_ > shown_
        else "",
    )
    blocks = (table, Lines((*lines, Line(note)), quiet=True)) if rows else ()
    nothing = Lines((Line("No promise of known size is open."), *lines))
    return Section("largest", "Largest outstanding", blocks or (nothing,))


def _size(one: Commitment) -> float:
    left = one.outstanding
    assert left is not None
    return left.high if left.low is None and left.high is not None else left.floor


def _promised_money(one: Commitment) -> bool:
    return any(
        bool(one.stages[stage].money)
        for stage in (Stage.PLEDGED, Stage.ON_ORDER)
        if stage in one.stages
    )


def _open(scope: Scope, one: Commitment) -> Row:
    promised = [
        f"{interval_text(figure.quantity)}{' on order' if stage is Stage.ON_ORDER else ''}"
        for stage in (Stage.PLEDGED, Stage.ON_ORDER)
        if (figure := one.stages.get(stage)) is not None
    ]
    came = one.stages.get(Stage.DELIVERED)
    assert one.outstanding is not None
    return Row(
        (
            Cell(scope.item(one), small="may be counted elsewhere too" if one.doubts else ""),
            Cell(scope.giver(one)),
            Cell("; ".join(promised)),
            Cell(interval_text(came.quantity) if came else "none told"),
            Cell(interval_text(one.outstanding)),
            Cell(
                (one.promised or "no day").replace("/", " to "),
                small="overdue" if one.overdue else "",
                alarm=one.overdue,
            ),
            Cell(refs=(one.id,)),
        )
    )


def overdue(scope: Scope) -> Section:
    """Return what was promised for a day that has passed and is not known to have come."""
    found = scope.book.answers.overdue(**scope.question)
    shown = found.rows[: scope.limits.overdue]
    rows = tuple(
        Row(
            (
                Cell(scope.giver(row.commitment)),
                Cell(scope.item(row.commitment)),
                Cell(
                    (row.commitment.promised or "").replace("/", " to "),
                    small="last day counts" if row.vague else "",
                ),
                Cell(f"{'at least ' if row.vague else ''}{row.days_late:,}", alarm=True),
                Cell(
                    interval_text(row.left, row.commitment.unit)
                    if row.left.known or not row.money
                    else f"of {'; '.join(money_lines(row.money))}"
                ),
                Cell(day_text(row.last_delivery) if row.last_delivery else "none told"),
                Cell(refs=(row.id,)),
            )
        )
        for row in shown
    )
    rest = (
        f"Besides, {counted(found.on_time, 'open promise has', 'open promises have')} a day that "
        f"is to come, and {found.undated:,} name none: nobody can say whether these are late."
    )
    care = (
        "Overdue means: reports up to this day do not tell of the delivery. It may have taken "
        "place without a report."
    )
    if not rows:
        text = f"Nothing is overdue on {day_text(scope.today)}, as far as a day was named."
        return Section(
            "overdue",
            "Overdue",
            (
                Lines(
                    (Line(text), Line(rest)),
                ),
            ),
        )
    table = Table(
        f"Promised for a day that has passed on {day_text(scope.today)}, the latest first",
        (
            Column("Donor"),
            Column("Item"),
            Column("Promised for"),
            Column("Days late", "number"),
            Column("Outstanding", "number"),
            Column("Last delivery"),
            Column("Notes", "refs"),
        ),
        rows,
        f"And {len(found.rows) - len(rows):,} more that are less late."
        if len(found.rows) > len(rows)
        else "",
    )
    return Section("overdue", "Overdue", (table, Lines((Line(care), Line(rest)), quiet=True)))
