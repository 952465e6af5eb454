"""The page of a plan on a terminal: the answer in words first, then what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.plan import Change, Reason
from pledgebook.planning.wording import Words
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.plan_strips import DONE_KEY, SHORT_KEY, done_chart, short_chart
from pledgebook.reporting.plan_tables import (
    compared_tables,
    frontier_table,
    money_table,
    schedule_table,
    short_table,
    worth_table,
)
from pledgebook.reporting.plan_words import answer_lines, head_line, spent_line

__all__ = ["plan_page"]

_INDENT = (0, 0, 0, 2)
_MOST_ACTIONS = 40
_WIDEST_CHART = 110


def plan_page(answer: PlanAnswer, *, width: int, charts: bool = True) -> RenderableType:
    """Return the page of a plan, `width` columns wide."""
    parts: list[RenderableType] = [Text(one_line(head_line(answer)), style="dim"), Text()]
    lines = answer_lines(answer)
    parts.append(Text(lines[0], style="bold"))
    parts += [Text(line) for line in lines[1:]]
    if answer.found:
        parts += _short(answer, width, charts=charts)
        parts += _schedule(answer, width, charts=charts)
        parts += _money(answer)
        parts += _reasons(answer)
        parts += _changes(answer)
        parts += _frontier(answer)
    parts += _compared(answer)
    parts += _notes(answer)
    return Group(*parts)


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _short(answer: PlanAnswer, width: int, *, charts: bool) -> Iterator[RenderableType]:
    if not answer.problem.needs:
        return
    yield _title("What is needed, and what stays short of it")
    yield short_table(answer)
    notes = "Before: with what is there and comes of itself, nothing else done."
    if answer.problem.cases:
        notes += " The mean over the cases, and from the low to the high of the middle 8 of 10."
    yield Text(notes, style="dim")
    if charts and any(answer.short(need, before=True).total[0] for need in answer.problem.needs):
        yield _title(f"Short of what is needed, by {answer.compiled.step}")
        yield from short_chart(answer, min(width, _WIDEST_CHART))
        yield Text(SHORT_KEY, style="dim")


def _schedule(answer: PlanAnswer, width: int, *, charts: bool) -> Iterator[RenderableType]:
    actions = answer.schedule()
    if not actions:
        yield _title("There is nothing to do")
        return
    # Of too many those that cost most are shown, in the order of the schedule.
    kept = sorted(actions, key=lambda one: -one.cost)[:_MOST_ACTIONS]
    shown = [one for one in actions if one in kept] if len(actions) > len(kept) else actions
    yield _title(f"What to do, costs in {answer.problem.currency}")
    yield schedule_table(answer, shown, width)
    notes = "Costs are those of what is ordered, before rebates."
    if len(shown) < len(actions):
        notes += f" And {len(actions) - len(shown):,} more that cost less: --format csv has all."
    yield Text(notes, style="dim")
    if charts:
        yield _title(f"What to do, by {answer.compiled.step}")
        yield from done_chart(answer, shown, min(width, _WIDEST_CHART))
        yield Text(DONE_KEY, style="dim")


def _money(answer: PlanAnswer) -> Iterator[RenderableType]:
    if not answer.schedule():
        return
    yield _title(f"Who pays, by year, in {answer.problem.currency}")
    table = money_table(answer)
    if table.row_count:
        yield table
    else:
        yield Text("Who pays is left open: the scenario names no budgets and no buyers.")
    yield Text(spent_line(answer), style="dim")


def _reasons(answer: PlanAnswer) -> Iterator[RenderableType]:
    reasons = answer.plan.reasons
    if not reasons:
        return
    words = answer.words
    items = {need.name: need.item for need in answer.problem.needs}
    told: dict[tuple[int, int, str], str] = {}
    yield _title("Why the rest stays short")
    for need in dict.fromkeys(reason.need for reason in reasons):
        yield Text(one_line(words.name(need)), style="bold")
        for reason in (one for one in reasons if one.need == need):
            key = (reason.first, reason.last, reason.says)
            says = f"as with {words.name(told[key])}" if key in told else reason.says
            told.setdefault(key, need)
            yield Padding(_reason(reason, says, items[need], words), _INDENT)
    table = worth_table(answer)
    if table.row_count:
        yield _title("What a little more would be worth")
        yield table
        yield Text(
            "Each holds for a little of one thing alone, with what is built, signed and restarted "
            "as it is. Saved: what is spent and what shortage counts for, together.",
            style="dim",
        )


def _reason(reason: Reason, says: str, item: str, words: Words) -> Text:
    text = Text("• ", style="yellow")
    text.append(f"{words.span(reason.first, reason.last)}, ", style="bold not yellow")
    text.append(f"{words.amount(reason.short, item)} short: ", style="bold not yellow")
    return text.append(f"{one_line(says)}.", style="default")


def _changes(answer: PlanAnswer) -> Iterator[RenderableType]:
    changes, words = answer.plan.changes, answer.words
    gaps = {(one.need, one.first) for one in answer.plan.reasons}
    if not gaps:
        return
    yield _title("What would close the gaps, each found by solving and checked")
    last = ("", -1)
    for one in changes:
        if (one.need, one.first) != last:
            last = (one.need, one.first)
            where = f"{one_line(words.name(one.need))}, {words.span(one.first, one.last)}"
            yield Text(where, style="bold")
        yield Padding(_change(one, words), _INDENT)
    left = len(gaps - {(one.need, one.first) for one in changes})
    notes = "With the rest of the plan as it is, and no other shortage larger."
    if left:
        notes = f"{notes if changes else ''} For {left} of {len(gaps)} gaps none was found: more "
        notes += "budget, reserve or capacity alone do not close them, or the time was over."
    yield Text(notes.strip(), style="dim")


def _change(change: Change, words: Words) -> Text:
    text = Text("• ", style="green").append(one_line(change.says), style="default")
    if change.cost < 0:
        return text.append(f": spends {words.money(-change.cost)} less", style="default")
    return text.append(f": spends {words.money(change.cost)} more", style="default")


def _frontier(answer: PlanAnswer) -> Iterator[RenderableType]:
    if not answer.frontier:
        return
    yield _title(f"What less shortage costs, in {answer.problem.currency}")
    yield frontier_table(answer)
    yield Text(
        "From the least shortage that can be to the least spending. Within: how far what is spent "
        "may be above the least for that shortage. Needs in the order of the first table.",
        style="dim",
    )


def _compared(answer: PlanAnswer) -> Iterator[RenderableType]:
    if answer.other is None:
        return
    name = one_line(answer.other.compiled.title or answer.other.compiled.file)
    yield _title(f"Beside “{name}”")
    if answer.compared is None:
        lines = answer_lines(answer.other)
        yield from (Text(line) for line in lines)
        return
    for title, table in compared_tables(answer, answer.other, answer.compared):
        yield Text(title, style="dim bold")
        yield table


def _notes(answer: PlanAnswer) -> Iterator[RenderableType]:
    notes = answer.compiled.notes
    if not notes:
        return
    yield _title("Said with care")
    for note in notes:
        yield Padding(Text("• ", style="yellow").append(one_line(note), style="default"), _INDENT)
