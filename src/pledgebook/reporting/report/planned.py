"""The plan for a scenario: what to do and when, what it costs, what stays short, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.problem import Need
from pledgebook.planning.scenario.loading import load_scenario
from pledgebook.planning.schedule import Action
from pledgebook.planning.wording import figure
from pledgebook.reporting.extras import require
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.plan_money import payments_of
from pledgebook.reporting.plan_words import (
    answer_lines,
    band_text,
    head_line,
    share_text,
    spent_line,
)
from pledgebook.reporting.report.ahead import know_series
from pledgebook.reporting.report.charts import Columns, Strip, columns, labels
from pledgebook.reporting.report.model import (
    Block,
    Cell,
    Column,
    Line,
    Lines,
    Reference,
    Row,
    Section,
    Table,
)
from pledgebook.reporting.report.noting import SeriesNote
from pledgebook.reporting.report.quoting import Quoting
from pledgebook.reporting.report.scope import Scope

__all__ = ["Planned", "planned"]

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Planned:
    """The section, a sentence for the beginning of the report, and the series under it."""

    section: Section
    short: Line
    series: Mapping[Reference, SeriesNote]


def planned(scope: Scope, quoting: Quoting) -> Planned | None:
    """Return the plan for a scenario; None where none was given.

    Raises UsageError for a scenario that is no such, or where the extra `plan` is not installed.
    """
    path = scope.wishes.plan
    if path is None:
        return None
    require("plan", "a plan", ("highspy", "scipy"))
    scope.wishes.stage("planning")
    # What would close the gaps is looked for by the clock: it would not be the same every time.
    found = scope.book.planner.plan(path, as_of=_told_by(path, scope.today), changes=False)
    lines = [scope.named(line) for line in answer_lines(found)]
    title = one_line(found.compiled.title or Path(found.compiled.file).name)
    head = head_line(found).replace(found.compiled.file, Path(found.compiled.file).name)
    blocks: list[Block] = [
        Lines((Line(lines[0], strong=title), *map(Line, lines[1:]))),
        Lines((Line(scope.named(head)),), quiet=True),
    ]
    parts: list[Section] = []
    if found.found:
        blocks += [_short(found), *_strips(found)]
        parts = [*_schedule(scope, found), *_money(found), *_reasons(scope, found)]
    rests_on: set[Reference] = set()
    parts += _given(scope, found, rests_on)
    series = know_series(scope, quoting, rests_on, found.as_of)
    section = Section("plan", "The plan", tuple(blocks), tuple(parts))
    return Planned(section, Line(lines[0], strong=f"Plan “{title}”"), series)


def _told_by(path: Path, today: dt.date) -> dt.date:
    """Return the day up to which the book tells: no plan knows what came after its first day."""
    year, month = divmod(load_scenario(path).scenario.horizon.first, _MONTHS)
    return min(dt.date(year, month + 1, 1), today)


def _short(found: PlanAnswer) -> Table:
    words = found.words
    rows = []
    for need in found.problem.needs:
        before, after = found.short(need, before=True), found.short(need)
        rows.append(
            Row(
                (
                    Cell(
                        one_line(words.name(need.name)),
                        small=f"priority class {need.priority}",
                    ),
                    Cell(figure(after.wanted), small=one_line(words.unit(need.item))),
                    Cell(band_text(before)),
                    Cell(band_text(after), alarm=after.total[0] > 0),
                    Cell(share_text(1 - after.share)),
                )
            )
        )
    columns_ = (
        Column("Need"),
        Column("Wanted", "number"),
        Column("Short without the plan", "number"),
        Column("Short with it", "number"),
        Column("Met", "number"),
    )
    return Table("What is needed, and what stays short of it", columns_, tuple(rows))


def _strips(found: PlanAnswer) -> Iterator[Block]:
    words, steps = found.words, found.problem.steps
    strips = []
    for need in found.problem.needs:
        short = found.short(need).mean
        wanted = _wanted(found, need)
        most = float(wanted.max(initial=0.0))
        if most <= 0:
            continue
        says = [
            f"{words.step(step, short=True)}: {figure(float(wanted[step]))} wanted, "
            f"{figure(float(short[step]))} short"
            for step in range(steps)
        ]
        met = np.maximum(wanted - short, 0.0)
        bars = columns("delivered", [float(one) for one in met], says, most)
        lacking = columns("short", [float(one) for one in short], says, most)
        starts = {bar.row: bar.length for bar in bars}
        over = tuple(
            type(bar)(bar.tone, starts.get(bar.row, 0.0), bar.length, bar.says, bar.row)
            for bar in lacking
        )
        unit = one_line(words.unit(need.item))
        name = one_line(words.name(need.name))
        top = f"at most {figure(most)} {unit} {words.each}"
        share = share_text(1 - found.short(need).share)
        strips.append(Strip(name, (*bars, *over), top, f"{name}: {share} met; {top}"))
    names = [words.step(step, short=True) for step in range(steps)]
    if strips:
        yield Columns(
            f"What is met and short by {found.compiled.step}",
            tuple(strips),
            steps,
            labels(names, between=True),
            legend=(("delivered", "met"), ("short", "short")),
            note="Each has a scale of its own."
            + (" Means over the cases." if found.problem.cases else ""),
        )


def _wanted(found: PlanAnswer, need: Need) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    cases = found.problem.cases
    if not cases:
        return np.asarray(need.amount, np.float64)
    each = [case.chance * case.amount.get(need.name, need.amount) for case in cases]
    return np.asarray(np.sum(each, axis=0), np.float64)


def _schedule(scope: Scope, found: PlanAnswer) -> Iterator[Section]:
    actions = found.schedule()
    if not actions:
        text = "There is nothing to do."
        yield Section("plan-schedule", "What to do", (Lines((Line(text),)),))
        return
    kept = sorted(actions, key=lambda one: -one.cost)[: scope.limits.actions]
    shown = [one for one in actions if one in kept]
    rest = len(actions) - len(shown)
    table = Table(
        f"What to do, when, and what it costs before rebates, in {found.problem.currency}",
        (
            Column("What"),
            Column("Item"),
            Column("When"),
            Column("There from"),
            Column("Amount", "number"),
            Column("Cost", "number"),
            Column("Paid by"),
        ),
        tuple(_action(scope, found, one) for one in shown),
        f"And {rest:,} more that cost less." if rest else "",
    )
    yield Section("plan-schedule", "What to do", (table,))


def _action(scope: Scope, found: PlanAnswer, one: Action) -> Row:
    words = found.words
    there = one.first + one.delay
    late = there >= found.problem.steps
    return Row(
        (
            Cell(scope.named(one.says)),
            Cell(one_line(words.name(one.item))),
            Cell(words.span(one.first, one.last, short=True)),
            Cell("after the plan" if late else words.step(there, short=True)),
            Cell("once" if one.once else figure(one.amount)),
            Cell(_sum(found, one.cost) if one.cost else "–"),
            Cell(one_line(words.people(one.payers, most=3)) if one.payers else "left open"),
        )
    )


def _sum(found: PlanAnswer, value: float) -> str:
    return found.words.money(value).replace(f"{found.problem.currency} ", "", 1)


def _money(found: PlanAnswer) -> Iterator[Section]:
    payments = payments_of(found)
    blocks: list[Block] = []
    if payments:
        years = range(found.problem.years)
        rows = tuple(
            Row(
                (
                    Cell(one_line(found.words.name(one.donor))),
                    *(Cell(_sum(found, float(one.years[year]))) for year in years),
                    Cell(_sum(found, one.total)),
                    Cell("" if one.share is None else share_text(one.share)),
                )
            )
            for one in payments
        )
        heads = (Column(found.compiled.year(year), "number") for year in years)
        columns_ = (
            Column("Donor"),
            *heads,
            Column("In all", "number"),
            Column("Of its budget", "number"),
        )
        blocks.append(Table(f"Who pays, by year, in {found.problem.currency}", columns_, rows))
    else:
        text = "Who pays is left open: the scenario names no budgets and no buyers."
        blocks.append(Lines((Line(text),)))
    blocks.append(Lines((Line(spent_line(found)),), quiet=True))
    yield Section("plan-money", "What it costs, and who pays", tuple(blocks))


def _reasons(scope: Scope, found: PlanAnswer) -> Iterator[Section]:
    reasons = found.plan.reasons
    if not reasons:
        return
    words = found.words
    items = {need.name: need.item for need in found.problem.needs}
    shown = reasons[: scope.limits.reasons]
    lines = []
    told: dict[tuple[int, int, str], str] = {}
    for one in shown:
        key = (one.first, one.last, one.says)
        name = one_line(words.name(one.need))
        says = f"as with {told[key]}" if key in told else scope.named(one.says)
        told.setdefault(key, name)
        when = words.span(one.first, one.last)
        lines.append(
            Line(f"{when}, {words.amount(one.short, items[one.need])} short: {says}.", strong=name)
        )
    if len(reasons) > len(shown):
        lines.append(Line(f"And {len(reasons) - len(shown):,} more, for which there is no room."))
    blocks = (Lines(tuple(lines), listed=True),)
    yield Section("plan-reasons", "What stays short, and why", blocks)


def _given(scope: Scope, found: PlanAnswer, rests_on: set[Reference]) -> Iterator[Section]:
    """Yield what the scenario takes for given, with what that rests on in the book."""
    rows, seen = [], set()
    for origins in found.compiled.origins.values():
        for origin in origins:
            if origin.key in seen:
                continue
            seen.add(origin.key)
            refs = tuple(one for one in origin.sources if not one.startswith("forecast:"))
            rests_on.update(name for name in refs if name.startswith("t"))
            rows.append(
                Row((Cell(one_line(origin.key)), Cell(scope.named(origin.says)), Cell(refs=refs)))
            )
    blocks: list[Block] = []
    if found.compiled.notes:
        notes = (Line(scope.named(one), strong="With care") for one in found.compiled.notes)
        blocks.append(Lines(tuple(notes), listed=True))
    if rows:
        columns_ = (
            Column("Key of the scenario"),
            Column("What stands there"),
            Column("Notes", "refs"),
        )
        caption = "What the scenario takes for given: its own figures are assumptions"
        blocks.append(Table(caption, columns_, tuple(rows), folded=True))
    if blocks:
        yield Section("plan-given", "What the plan rests on", tuple(blocks))
