"""The demo's look ahead: a forecast of what its documents tell, short, with how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledgebook.cli.terminal import console, working
from pledgebook.errors import UsageError

if TYPE_CHECKING:
    from pledgebook.book import Book

__all__ = ["ASKED", "tell_ahead"]

ASKED = "forecast --item 35mm --recipient Ukraine --as-of 2024-06-30 --until 2025-06-29"
"""What the demo forecasts, as a command."""


def tell_ahead(book: Book) -> bool:
    """Show how long the rounds of a gun last, as far as the demo's reports tell.

    Return whether it was shown: it needs the extra `forecast`.
    """
    from pledgebook.reporting.extras import require

    out = console()
    out.print("\nWhat lies ahead: rounds for the Gepard guns, as of 30 June 2024", style="bold")
    try:
        require("forecast", "a forecast", ("numba", "scipy"))
    except UsageError as error:
        out.print(str(error), style="dim", soft_wrap=True)
        return False
    from rich.text import Text

    from pledgebook.forecasting.forecast import Measure
    from pledgebook.reporting.forecast_fan import fan
    from pledgebook.reporting.forecast_table import quantity_scale
    from pledgebook.reporting.forecast_words import answer_lines, measure_title
    from pledgebook.reporting.names import Names

    with working("Forecasting. The first time, this is compiled: half a minute."):
        found = book.forecast("35mm", "2025-06-29", recipient="UKR", as_of="2024-06-30")
    outlook = found.outlooks["steady"]
    for line in answer_lines(found, outlook):
        out.print(Text(line))
    scale = quantity_scale([outlook])
    out.print(Text(f"\n{measure_title(Measure.NEEDED, found, scale)}"))
    out.print(fan(found, outlook, Measure.NEEDED, width=min(out.width, 100), scale=scale))
    missing = [caveat for caveat in found.caveats if not caveat.said]
    for caveat in missing:
        out.print(Text(f"Not said: {caveat.about}: {caveat.why}."), style="dim")
    names = Names(book.catalogue.parties, in_full=True)
    coming = ", ".join(
        f"{names.of(', '.join(one.donors))} {one.by[-1]:.0%}" for one in found.expected
    )
    if coming:
        out.print(Text(f"Chance of a promised lot to have come by then: {coming}."), style="dim")
    return True
