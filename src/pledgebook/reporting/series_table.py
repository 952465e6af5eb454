"""All series as a page for a terminal: one line each, below what they tell of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.picking import Picked, Standing, item_name, standings
from pledgebook.forecasting.series import Nature, Series, SeriesBook, TargetOutlook
from pledgebook.forecasting.series.disputes import disputes
from pledgebook.reporting.arrivals_expected import dim_lines, item_cell
from pledgebook.reporting.caveat_lines import caveat_line, caveat_lines
from pledgebook.reporting.forecast_figures import percent
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.series_cells import each, heading, level_at, point_figure, shown, voices
from pledgebook.vocabulary.statement import Per

__all__ = ["series_next", "series_table", "standing_table", "targets_note"]

_STALE_DAYS = 365
_MOST = 6
_FAR = 10 * 365
_INDENT = (0, 0, 0, 2)


def series_table(picked: Picked, book: SeriesBook, names: Names, per: Per) -> RenderableType:
    """Return the page: levels and targets by what they tell of, and what is to be known of them."""
    if not picked.series:
        parts: list[RenderableType] = [Text(f"No such figure was told by {book.as_of}.")]
        return Group(*parts, *_caveats(picked))
    ids = short_ids([one.id for one in book.series])
    parts = []
    sections = groupby(picked.series, key=lambda one: (one.key.measure, one.key.nature))
    for (measure, nature), its in sections:
        lead = "\n" if parts else ""
        parts.append(Text(f"{lead}{heading(measure, nature, per)}", style="bold"))
        told = [*its]
        if nature is Nature.TARGET:
            parts.append(_targets(told, book, names, per, ids))
        else:
            parts.append(_levels(told, book, names, per, ids))
    parts += dim_lines(_keys(picked, book))
    return Group(*parts, *_caveats(picked))


def _levels(
    told: Sequence[Series], book: SeriesBook, names: Names, per: Per, ids: dict[str, str]
) -> Table:
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("item", overflow="fold")
    table.add_column("whose", overflow="fold")
    table.add_column("level\nnow", justify="right", no_wrap=True)
    table.add_column("8 times in 10", justify="right", no_wrap=True)
    table.add_column("figures\n/voices", justify="right", no_wrap=True)
    table.add_column("newest\nis of", no_wrap=True)
    before = ("", "")
    for one in told:
        level = level_at(one, book.as_of, per)
        assert level is not None
        name = item_name(one.key.item, book.catalogue)
        whose = names.of(", ".join(one.key.parties))
        if one.key.recipient:
            whose += f" to {names.of(one.key.recipient)}"
        middle = Text("none" if level.idle else shown(level.middle), style="bold")
        table.add_row(
            Text(ids[one.id], style="dim"),
            Text("") if (name, one.key.unit) == before else item_cell(name, one.key.unit),
            Text(whose, style="bold").append(" !" if _disputes(one) else "", style="bold yellow"),
            middle,
            Text(level.range),
            Text(f"{len(one.tellings):,}/{voices(one):,}"),
            Text(f"{one.newest:%Y-%m}", style=_age(one, book.as_of)),
        )
        before = (name, one.key.unit)
    return table


def _age(one: Series, as_of: dt.date) -> str:
    return "yellow" if (as_of - one.newest).days > _STALE_DAYS else "dim"


def _disputes(one: Series) -> list[Caveat]:
    return disputes(one.tellings, one.about, one.settings) if one.has_band else []


def _targets(
    told: Sequence[Series], book: SeriesBook, names: Names, per: Per, ids: dict[str, str]
) -> Table:
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("item", overflow="fold")
    table.add_column("whose", overflow="fold")
    _add_columns(table)
    for one in told:
        name = item_name(one.key.item, book.catalogue)
        first = [
            Text(ids[one.id], style="dim"),
            item_cell(name, one.key.unit),
            Text(names.of(", ".join(one.key.parties)), style="bold"),
        ]
        for standing in standings(book, one):
            table.add_row(*first, *_standing(standing, one, per, book.as_of))
            first = [Text(), Text(), Text()]
    return table


def _add_columns(table: Table) -> None:
    table.add_column("target", justify="right", no_wrap=True)
    table.add_column("by", no_wrap=True)
    table.add_column("met by\nthen", justify="right", no_wrap=True)
    table.add_column("even\nchance", overflow="fold", min_width=len("Sep 2024"))


def standing_table(series: Series, book: SeriesBook, per: Per) -> Table:
    """Return how the targets of one series stand, with the chance of never and when it was told."""
    table = frame()
    _add_columns(table)
    table.add_column("never", justify="right", no_wrap=True)
    table.add_column("told", no_wrap=True)
    for one in standings(book, series):
        never = percent(one.outlook.never) if one.outlook else ""
        told = Text(one.target.told.isoformat(), style="dim")
        table.add_row(*_standing(one, series, per, book.as_of), Text(never), told)
    return table


def _standing(one: Standing, series: Series, per: Per, as_of: dt.date) -> list[Text]:
    target, outlook = one.target, one.outlook
    cells = [
        Text(point_figure(target.point, each(series, per)), style="bold"),
        Text(f"{target.due:%Y-%m}" if target.due else "no day"),
    ]
    if outlook is None:
        style = "green" if target.reached_by is not None else "dim"
        return [*cells, Text(), Text(one.says, style=style)]
    return [*cells, Text(percent(outlook.by_due), style="bold"), Text(_middle(outlook, as_of))]


def _middle(outlook: TargetOutlook, as_of: dt.date) -> str:
    if outlook.p50 is None:
        return "never so"
    return f"{outlook.p50:%b %Y}" if (outlook.p50 - as_of).days <= _FAR else "later"


def targets_note(book: SeriesBook) -> str:
    """Return what the chances of targets are learned from."""
    slips = book.slips
    met = "1 was met" if slips.reached == 1 else f"{slips.reached:,} were met"
    earlier = "1 earlier target" if slips.targets == 1 else f"{slips.targets:,} earlier targets"
    rest = f"learned from {earlier}, of which {met}, and" if slips.targets else "from"
    return f"Chances of targets: {rest} a stated prior on how late targets are met."


def _keys(picked: Picked, book: SeriesBook) -> Iterator[str]:
    banded = [one for one in picked.series if one.has_band]
    if banded:
        yield f"Level now: on {book.as_of}, the median; the band grows with every day since told."
        yield "Figures: an echo of the same figure counts once. Voices: who told them first."
    if any(map(_disputes, banded)):
        yield "! Sources contradict each other: see below."
    if len(banded) < len(picked.series):
        yield targets_note(book)
        yield (
            "Even chance: by when it is met as likely as not; later is more than ten years on, and "
            "never so where it is less likely than not at all."
        )


def _caveats(picked: Picked) -> Iterator[RenderableType]:
    """Yield contradictions, the series of a single figure together, and what is left out."""
    care: list[Caveat] = []
    single = []
    for one in picked.series:
        care += [
            Caveat(f"{caveat.about} ({one.id[:8]})", caveat.why, said=True)
            for caveat in _disputes(one)
        ]
        if one.has_band and len(one.tellings) == 1:
            single.append(one.id[:8])
    if single:
        rest = "1 series rests" if len(single) == 1 else f"{len(single):,} series rest"
        why = f"{rest} on one figure: the spread is assumed, not seen"
        care.append(Caveat("single figures", why, "A second source would tell", said=True))
    yield from caveat_lines([*care, *picked.caveats], most=_MOST)
    if picked.left_out:
        yield Text("\nTold, and not laid beside others", style="bold")
        for caveat in picked.left_out[:_MOST]:
            yield caveat_line(caveat)
        if len(picked.left_out) > _MOST:
            more = f"And {len(picked.left_out) - _MOST:,} more: --format json has all."
            yield Padding(Text(one_line(more), style="dim"), _INDENT)


def series_next(picked: Picked) -> list[tuple[str, str]]:
    """Return commands that go on from here, each with what it shows."""
    told = [one for one in picked.series if one.has_band]
    if not told:
        return []
    fullest = max(told, key=lambda one: (len(one.points), one.id))
    return [
        (f"pledgebook series {fullest.id[:8]}", "one series whole, with every figure"),
        (f"pledgebook why {fullest.id[:8]}", "its figures down to their sentences"),
    ]
