"""What all tables on a terminal have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Column, Table
from rich.text import Text

__all__ = ["frame", "noted", "short_ids", "titled"]

_SHORTEST_ID = 8
_RULES = Box("    \n    \n ── \n    \n    \n ── \n    \n    \n")


_BETWEEN = 2
_LONGEST_WORD = 12
"""What is longer, such as an address, is broken before figures are put below each other."""


class _Fitted(Table):
    """A table that is never cut: where its figures have no room side by side, they are stacked."""

    def __init__(self) -> None:
        super().__init__(
            box=_RULES,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="bold",
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width - _BETWEEN * (len(self.columns) - 1)
        wide = [_width(column) for column in self.columns]
        if sum(wide) <= room:
            yield from super().__rich_console__(console, options)
            return
        least = [_least(column) for column in self.columns]
        if sum(least) > room and any(column.justify == "right" for column in self.columns):
            yield from _stacked(self).__rich_console__(console, options)
            return
        folds = [not column.no_wrap for column in self.columns]
        kept = [column.width for column in self.columns]
        for column, width in zip(self.columns, _shared(least, wide, room, folds), strict=True):
            column.width = width
        yield from super().__rich_console__(console, options)
        for column, before in zip(self.columns, kept, strict=True):
            column.width = before


def frame() -> Table:
    """Return an empty table: a rule below its head, two spaces between its columns."""
    return _Fitted()


def _lines(column: Column) -> Iterable[str]:
    for cell in (column.header, *column.cells):
        yield from str(cell).split("\n")


def _width(column: Column) -> int:
    """Return the width in which nothing of a column is broken."""
    wide = max([column.min_width or 0, *map(cell_len, _lines(column))])
    return min(wide, column.max_width) if column.max_width else wide


def _least(column: Column) -> int:
    """Return the width below which a figure, or a word that is not too long, would be cut."""
    if column.no_wrap:
        return _width(column)
    words = (cell_len(word) for line in _lines(column) for word in line.split())
    return min(max(words, default=0), _LONGEST_WORD)


def _shared(
    least: Sequence[int], wide: Sequence[int], room: int, folds: Sequence[bool]
) -> list[int]:
    """Give each column the least it needs, and what is left to those that are still too narrow.

    Where there is too little, the widest that may break within a word gives way.
    """
    widths = list(least)
    left = room - sum(widths)
    while left < 0 and (wider := [i for i, one in enumerate(widths) if folds[i] and one > 1]):
        widths[max(wider, key=lambda i: widths[i])] -= 1
        left += 1
    while left > 0 and (narrow := [i for i, one in enumerate(widths) if one < wide[i]]):
        for i in narrow[:left]:
            widths[i] += 1
        left -= len(narrow)
    return widths


def _stacked(table: Table) -> Table:
    """Return a table with the figures of each row below each other, beside what they are."""
    sides = [column for column in table.columns if column.justify != "right"]
    figures = [column for column in table.columns if column.justify == "right"]
    found = _Fitted()
    for column in sides:
        found.add_column(column.header, no_wrap=column.no_wrap, overflow="fold")
    found.add_column("figure", no_wrap=True)
    found.add_column("", justify="left", no_wrap=True)
    cells = [list(column.cells) for column in sides]
    told = [list(column.cells) for column in figures]
    for row in range(table.row_count):
        names, values = Text(), Text()
        for column, its in zip(figures, told, strict=True):
            cell = its[row]
            value = cell if isinstance(cell, Text) else Text(str(cell))
            if value.plain.startswith("\n"):
                # "overdue" below a figure that is not there.
                value = value[1:]
            if value.plain:
                lines = value.plain.count("\n") + 1
                names.append(_joined(str(column.header)) + "\n" * lines, style="dim")
                values.append_text(value).append("\n")
        names.rstrip()
        values.rstrip()
        found.add_row(*(its[row] for its in cells), names, values)
    return found


def _joined(header: str) -> str:
    """Return a header of two lines as one: "on order", "outstanding"."""
    return header.replace("-\n", "").replace("\n", " ")


def titled(title: str, table: Table) -> Group:
    """Return a table below its title, which may be wider than the table."""
    return Group(Text(f"\n{title}", style="bold"), table)


def noted(parts: Sequence[RenderableType], notes: Sequence[str]) -> Group:
    """Return tables with notes below them, each on a line of its own."""
    lines = [Text(note, style="dim") for note in notes]
    return Group(*parts, Text(), *lines)


def short_ids(ids: Sequence[str], shortest: int = _SHORTEST_ID) -> dict[str, str]:
    """Return the beginnings of ids that tell them apart, equally long."""
    longest = max(map(len, ids), default=shortest)
    for length in range(shortest, longest):
        if len({name[:length] for name in ids}) == len(set(ids)):
            return {name: name[:length] for name in ids}
    return {name: name for name in ids}
