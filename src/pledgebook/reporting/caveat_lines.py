"""What cannot be said, and what only with care, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from pledgebook.forecasting.forecast import Caveat
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.why_tree import short_in

__all__ = ["caveat_line", "caveat_lines", "caveat_record"]

_TITLES = (("What cannot be said, and why", False), ("Said with care", True))
_INDENT = (0, 0, 0, 2)


def caveat_lines(caveats: Iterable[Caveat], *, most: int | None = None) -> Iterator[RenderableType]:
    """Yield caveats below their titles; of each kind at most so many, and how many there are more.

    What is left out here is in JSON.
    """
    every = [*caveats]
    for title, said in _TITLES:
        its = [one for one in every if one.said is said]
        if its:
            yield Text(f"\n{title}", style="bold")
        for one in its[:most]:
            yield caveat_line(one)
        if most is not None and len(its) > most:
            more = f"And {len(its) - most:,} more: --format json has all."
            yield Padding(Text(more, style="dim"), _INDENT)


def caveat_line(one: Caveat) -> RenderableType:
    """Return one caveat: about what, why, and what would mend it."""
    text = Text("• ", style="yellow").append(one_line(one.about), style="bold not yellow")
    text.append(f": {short_in(one_line(one.why)).rstrip('.')}.", style="default")
    if one.mend:
        mend = one_line(one.mend).rstrip(".")
        text.append(f" {mend[0].upper()}{mend[1:]}.", style="dim")
    return Padding(text, _INDENT)


def caveat_record(one: Caveat) -> dict[str, object]:
    """Return a caveat as plain data."""
    return {"about": one.about, "why": one.why, "mend": one.mend, "said_all_the_same": one.said}
