"""What all tables on a terminal have in common."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import Box
from rich.console import Group
from rich.table import Table
from rich.text import Text

__all__ = ["frame", "short_ids", "titled"]

_SHORTEST_ID = 8
_RULES = Box("    \n    \n ── \n    \n    \n ── \n    \n    \n")


def frame() -> Table:
    """Return an empty table: a rule below its head, two spaces between its columns."""
    return Table(
        box=_RULES,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )


def titled(title: str, table: Table) -> Group:
    """Return a table below its title, which may be wider than the table."""
    return Group(Text(f"\n{title}", style="bold"), table)


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """Return the beginnings of ids that tell them apart, equally long."""
    longest = max(map(len, ids), default=_SHORTEST_ID)
    for length in range(_SHORTEST_ID, longest):
        if len({name[:length] for name in ids}) == len(set(ids)):
            return {name: name[:length] for name in ids}
    return {name: name for name in ids}
