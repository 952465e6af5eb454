"""The tables of a plan for a terminal: what is short, what to do, who pays, and comparisons."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.explaining.comparing import Comparison, Pair
from pledgebook.planning.explaining.reason_words import MONEY, more_words
from pledgebook.planning.explaining.worths import worths
from pledgebook.planning.schedule import Action
from pledgebook.planning.wording import Words, figure
from pledgebook.reporting.frames import frame
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.plan_money import Payments, payments_of
from pledgebook.reporting.plan_words import band_text, gap_text, share_text

__all__ = [
    "compared_tables",
    "frontier_table",
    "money_table",
    "schedule_table",
    "short_table",
    "worth_table",
]

_WIDE = 110
"""From here on there is room for who pays."""
_MOST_WORTHS = 20
_FEW_NEEDS = 3
_PROVED = 5e-6


def short_table(answer: PlanAnswer) -> Table:
    """Return each need: what is wanted, and what is short of it without the plan and with it."""
    words = answer.words
    table = frame()
    table.add_column("need", overflow="fold")
    for head in ("wanted", "short before", "short after", "met"):
        table.add_column(head, justify="right", no_wrap=True)
    for need in answer.problem.needs:
        before, after = answer.short(need, before=True), answer.short(need)
        name = Text(one_line(words.name(need.name)), style="bold")
        if len({one.priority for one in answer.problem.needs}) > 1:
            name.append(f"  class {need.priority}", style="dim not bold")
        table.add_row(
            name,
            Text(figure(after.wanted)),
            Text(band_text(before)),
            Text(band_text(after), style="bold" if after.total[0] > 0 else ""),
            Text(share_text(1 - after.share)),
        )
    return table


def schedule_table(answer: PlanAnswer, actions: Sequence[Action], width: int) -> Table:
    """Return what is to be done: what, when, how much, from when on it is there, what it costs."""
    words = answer.words
    table = frame()
    table.add_column("what", overflow="fold")
    table.add_column("item", overflow="fold")
    table.add_column("when", overflow="fold")
    table.add_column("there\nfrom", no_wrap=True)
    table.add_column("amount", justify="right", no_wrap=True)
    table.add_column("cost", justify="right", no_wrap=True)
    if width >= _WIDE:
        table.add_column("paid by", overflow="fold")
    for one in actions:
        there = one.first + one.delay
        late = there >= answer.problem.steps
        cells = [
            Text(one_line(one.brief), style="bold"),
            Text(one_line(words.name(one.item))),
            Text(words.span(one.first, one.last, short=True)),
            Text("later" if late else words.step(there, short=True), style="dim"),
            Text("" if one.once else figure(one.amount)),
            Text(_money(words, one.cost) if one.cost else ""),
        ]
        if width >= _WIDE:
            cells.append(Text(one_line(words.people(one.payers, most=2)), style="dim"))
        table.add_row(*cells)
    return table


def worth_table(answer: PlanAnswer) -> Table:
    """Return what one more unit of each bottleneck saves, by kind, the dearest first.

    Bottlenecks of a kind that are worth the same stand in one row.
    """
    words = answer.words
    table = frame()
    table.add_column("one more", overflow="fold")
    table.add_column("of", overflow="fold")
    table.add_column("when", overflow="fold")
    table.add_column("saves", justify="right", no_wrap=True)
    for worth in worths(answer)[:_MOST_WORTHS]:
        table.add_row(
            Text(more_words(worth.kind, worth.item, words)),
            Text(one_line(words.ways(worth.names, most=2)), style="bold"),
            Text(_when(worth.kind, worth.steps, words), style="dim"),
            Text(words.money(worth.saves)),
        )
    return table


def _when(kind: str, steps: Sequence[int], words: Words) -> str:
    if kind in MONEY:
        return ", ".join(words.compiled.year(year) for year in steps)
    if kind == "shelf":
        return ""
    return words.span(steps[0], steps[-1], short=True)


def _money(words: Words, value: float) -> str:
    """Return a sum without its currency, which stands above the table."""
    return words.money(value).replace(f"{words.compiled.problem.currency} ", "", 1)


def money_table(answer: PlanAnswer) -> Table:
    """Return what each donor spends by year, and how much of its budget that is."""
    words, found = answer.words, payments_of(answer)
    years = range(answer.problem.years)
    table = frame()
    table.add_column("donor", overflow="fold")
    for year in years:
        table.add_column(answer.compiled.year(year), justify="right", no_wrap=True)
    table.add_column("in all", justify="right", no_wrap=True)
    if any(one.budget is not None for one in found):
        table.add_column("of its\nbudget", justify="right", no_wrap=True)
    for one in found:
        cells = [Text(one_line(words.name(one.donor)), style="bold")]
        cells += [Text(_spent(words, one, year)) for year in years]
        cells.append(Text(_money(words, one.total), style="bold"))
        if len(table.columns) > len(cells):
            share = one.share
            cells.append(Text("" if share is None else share_text(share), style="dim"))
        table.add_row(*cells)
    return table


def _spent(words: Words, one: Payments, year: int) -> str:
    value = float(one.years[year])
    return _money(words, value) if value > 0.5 else "" if one.budget is None else "0"


def frontier_table(answer: PlanAnswer) -> Table:
    """Return the frontier: what is spent, and what share of each need is met for it.

    Of many needs the shares stand in one column, in the order of the needs.
    """
    words, needs = answer.words, answer.problem.needs
    table = frame()
    table.add_column("spent", justify="right", no_wrap=True)
    table.add_column("within", justify="right", no_wrap=True)
    table.add_column("shortage\ncounts for", justify="right", no_wrap=True)
    few = len(needs) <= _FEW_NEEDS
    for name in [one_line(words.name(need.name)) for need in needs] if few else [""]:
        table.add_column(f"met: {name}" if name else "met, in %", justify="right")
    for point in answer.frontier:
        met = [share_text(point.met[need.name]) for need in needs]
        if not few:
            met = [", ".join(one.removesuffix(" %") for one in met)]
        table.add_row(
            Text(_money(words, point.spent), style="bold"),
            Text(gap_text(point.gap) if point.gap > _PROVED else "proved", style="dim"),
            Text(_money(words, point.short)),
            *(Text(one) for one in met),
        )
    return table


def compared_tables(
    answer: PlanAnswer, other: PlanAnswer, found: Comparison
) -> list[tuple[str, Table]]:
    """Return what differs between two plans, as tables with their titles."""
    words = answer.words
    names = (
        answer.compiled.title or answer.compiled.file,
        other.compiled.title or other.compiled.file,
    )
    if names[0] == names[1]:
        names = (answer.compiled.file, other.compiled.file)
    tables = [("Cost", _pairs([found.spent, found.counts], names, words))]
    for title, pairs in (
        ("Short of what is needed", found.short),
        ("What donors spend", found.paid),
        ("What is done", found.actions),
    ):
        differ = [pair for pair in pairs if pair.differs]
        if differ:
            tables.append((title, _pairs(differ, names, words)))
    return tables


def _pairs(pairs: Sequence[Pair], names: tuple[str, str], words: Words) -> Table:
    table = frame()
    table.add_column("", overflow="fold")
    for name in names:
        table.add_column(one_line(name), justify="right")
    table.add_column("more by", justify="right", no_wrap=True)
    for pair in pairs:

        def cell(value: float | None, day: object, pair: Pair = pair) -> Text:
            if value is None:
                return Text("–", style="dim")
            when = f"from {day:%b %Y}" if day is not None else ""
            if pair.once:
                return Text(when.removeprefix("from "))
            shown = _money(words, value) if pair.item is None else figure(value)
            return Text(shown).append(f"\n{when}" if when else "", style="dim")

        more = _money(words, pair.by) if pair.item is None else figure(pair.by)
        table.add_row(
            Text(one_line(pair.about), style="bold"),
            cell(pair.first, pair.when[0]),
            cell(pair.second, pair.when[1]),
            Text("" if pair.once else more),
        )
    return table
