"""How pledges stand: in short, and by donor."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import State
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED
from pledgebook.ledger.totals import money_total
from pledgebook.reporting.report.charts import stack
from pledgebook.reporting.report.figures import (
    counted,
    money_lines,
)
from pledgebook.reporting.report.model import (
    Cell,
    Column,
    Line,
    Lines,
    Row,
    Section,
    Table,
    Tile,
    Tiles,
)
from pledgebook.reporting.report.scope import Scope
from pledgebook.reporting.report.tables import HEADS, more, none

__all__ = ["by_donor", "in_short"]

# How far an undertaking is, the furthest first: each has one state, so these can be added up.
_STATES: tuple[tuple[str, str, frozenset[State]], ...] = (
    ("delivered", "delivered", frozenset({State.DELIVERED})),
    ("partly", "partly delivered", frozenset({State.PARTLY_DELIVERED})),
    ("on-order", "on order", frozenset({State.ON_ORDER})),
    ("pledged", "pledged", frozenset({State.PLEDGED, State.RESUMED})),
    ("halted", "paused or withdrawn", frozenset({State.PAUSED, State.WITHDRAWN})),
)
_PROMISED = frozenset(state for _, _, states in _STATES for state in states)


def in_short(scope: Scope) -> Section:
    """Return the numbers that a reader looks for first."""
    found = scope.commitments
    late = [one for one in found if one.overdue]
    given = [one for one in found if one.state in _PROMISED]
    done = [one for one in given if one.state is State.DELIVERED]
    unsized = [one for one in given if _is_unsized(one)]
    clashing = [one for one in found if one.contradictions]
    open_ = len(given) - len(done)
    tiles = (
        Tile(
            f"{len(given):,}",
            "undertakings",
            f"promised, ordered or delivered; {_of(unsized)}",
            "status",
        ),
        Tile(
            f"{len(done):,}",
            "delivered",
            f"as far as reports tell; {open_:,} others are open, or not known to be complete",
            "donors",
        ),
        Tile(f"{len(late):,}", "overdue", "promised for a day that has passed", "overdue"),
        Tile(f"{len(clashing):,}", "contradicted", "reports do not agree", "contradictions"),
    )
    lines = [
        Line(
            "Stages stand side by side and are never added to each other: what was delivered was "
            "mostly pledged before. “Unknown” counts undertakings whose size no report gives; it "
            "is not zero.",
        )
    ]
    considered = [one for one in found if one.state is State.CONSIDERED]
    refused = [one for one in found if one.state is State.REFUSED]
    if considered or refused:
        number = counted(len(considered), "undertaking was", "undertakings were")
        text = f"Besides, {number} only considered and {len(refused):,} refused: "
        refs = tuple(one.id for one in (*considered, *refused))
        lines.append(Line(f"{text}these count as no promise.", refs))
    undated = sum(not one.dated for one in found)
    if undated:
        lines.append(
            Line(
                f"{counted(undated, 'undertaking rests', 'undertakings rest')} on a report without "
                "a date: it counts from the day on which it was read."
            )
        )
    return Section(
        "short",
        "What is known, in short",
        (Tiles(tiles), _stages(scope), Lines(tuple(lines), quiet=True)),
    )


def _of(unsized: Sequence[Commitment]) -> str:
    return f"{len(unsized):,} of unknown size" if unsized else "the size of each is known"


def _is_unsized(one: Commitment) -> bool:
    return not any(figure.quantity.known or figure.money for figure in one.stages.values())


def _stages(scope: Scope) -> Table:
    """Return the stages side by side: how many reached each, of what size, with what money."""
    reached = {
        stage: [one for one in scope.commitments if stage in one.stages] for stage in COUNTED
    }
    money = {stage: money_total(some, stage) for stage, some in reached.items()}
    rows = [
        _row("Undertakings that reached it", [f"{len(some):,}" for some in reached.values()]),
        _row(
            "of these, of unknown size",
            [f"{sum(_is_open(one, stage) for one in some):,}" for stage, some in reached.items()],
        ),
    ]
    for currency in sorted({code for totals in money.values() for code in totals}):
        cells = [
            money_lines({currency: totals[currency]})[0] if currency in totals else ""
            for totals in money.values()
        ]
        rows.append(_row(f"Money named, in {currency}", cells))
    refs = [Cell(refs=tuple(one.id for one in some)) for some in reached.values()]
    rows.append(Row((Cell("Notes"), *refs)))
    columns = (Column("Stage"), *(Column(head, "number") for head in HEADS))
    return Table("Asked, pledged, on order and delivered, side by side", columns, tuple(rows))


def _is_open(one: Commitment, stage: Stage) -> bool:
    figure = one.stages[stage]
    return not (figure.quantity.known or figure.money)


def _row(head: str, cells: Iterable[str]) -> Row:
    return Row((Cell(head), *(Cell(text or "–") for text in cells)))


def by_donor(scope: Scope) -> Section:
    """Return how far the undertakings of each donor are, those with most first."""
    groups: dict[tuple[str, ...], list[Commitment]] = defaultdict(list)
    for one in scope.commitments:
        if one.state in _PROMISED:
            groups[one.donors].append(one)
    most = max(map(len, groups.values()), default=0)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), scope.party(group[0])))
    shown = ordered[: scope.limits.donors]
    rows = tuple(_donor(scope, donors, some, most) for donors, some in shown)
    columns = (
        Column("Donor"),
        Column("How far they are", "picture"),
        *(Column(head, "number") for head in HEADS[1:]),
        Column("Overdue", "number"),
        Column("Money pledged", "number"),
        Column("Notes", "refs"),
    )
    table = Table(
        "Undertakings of each donor: how many reached each stage, and how far they are",
        columns,
        rows,
        more(
            len(ordered) - len(shown), "donor", sum(len(some) for _, some in ordered[len(shown) :])
        ),
        legend=tuple((tone, name) for tone, name, _ in _STATES),
    )
    note = (
        "These are numbers of undertakings, not of things: things of different kinds cannot be "
        "added up. An undertaking of several donors stands once, under their joint name. The bar "
        "shows each undertaking once, by the furthest that it is known to be."
    )
    blocks = (table.trimmed, Lines((Line(note),), quiet=True)) if rows else (none("promise"),)
    return Section("donors", "By donor", blocks)


def _donor(scope: Scope, donors: tuple[str, ...], some: Sequence[Commitment], most: int) -> Row:
    states = Counter(one.state for one in some)
    parts = [(tone, name, sum(states[one] for one in its)) for tone, name, its in _STATES]
    late = sum(one.overdue for one in some)
    money = money_total(some, Stage.PLEDGED)
    return Row(
        (
            Cell(scope.party(donors) or "Not named", small=counted(len(some), "undertaking")),
            Cell(picture=stack(parts, most)),
            *(
                Cell(f"{sum(stage in one.stages for one in some):,}")
                for stage in COUNTED
                if stage is not Stage.ASKED
            ),
            Cell(f"{late:,}", alarm=bool(late)),
            Cell("; ".join(money_lines(money)) or "–"),
            Cell(refs=tuple(one.id for one in some)),
        )
    )
