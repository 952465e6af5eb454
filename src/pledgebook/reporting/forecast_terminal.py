"""The page of a forecast on a terminal: the answer in words first, then what it is made of."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from pledgebook.forecasting.forecast import Caveat, Forecast, Measure, Outlook
from pledgebook.ledger.wording import units
from pledgebook.reporting.forecast_fan import FAN_KEY, fan
from pledgebook.reporting.forecast_figures import Scale, highest_of
from pledgebook.reporting.forecast_table import (
    MEAN,
    MOST_COMMITMENTS,
    expected_table,
    has_hidden_means,
    influence_table,
    quantity_scale,
    ranked,
    scenario_table,
    shown_steps,
    step_table,
)
from pledgebook.reporting.forecast_words import (
    answer_lines,
    assumed,
    distinct_sources,
    head_line,
    measure_title,
)
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line

__all__ = ["forecast_next", "forecast_page"]

_WIDEST_FAN = 100
_ID = 10
_INDENT = (0, 0, 0, 2)


def forecast_page(
    forecast: Forecast, names: Names, *, width: int, charts: bool = True
) -> RenderableType:
    """Return the page of a forecast, `width` columns wide; the first scenario is told in full."""
    main = next(iter(forecast.outlooks.values()), None)
    several = len(forecast.outlooks) > 1
    parts: list[RenderableType] = [Text(head_line(forecast, names), style="dim"), Text()]
    lines = answer_lines(forecast, main)
    parts.append(Text(lines[0], style="bold"))
    parts += [Text(line) for line in lines[1:]]
    parts += _reckoned(forecast)
    if several:
        parts += _titled("Scenario beside scenario", scenario_table(forecast, width))
        of = quantity_scale(list(forecast.outlooks.values())).of(units(forecast.unit))
        note = f"In {of}. Missing until the end. What follows is of the first scenario."
        parts.append(Text(note, style="dim"))
    elif main is not None and main.says:
        parts.append(
            Text(f"Scenario “{one_line(main.scenario)}”: {one_line(main.says)}.", style="dim")
        )
    if main is not None and main.bands:
        if charts:
            parts += _fans(forecast, main, width)
        parts += _steps(forecast, main, width)
    if forecast.expected:
        parts += _commitments(forecast, names)
    if main is not None and main.influences:
        on = f": {one_line(main.influences_on)}" if main.influences_on else ""
        parts += _titled(f"What moves the answer most{on}", influence_table(main.influences))
        note = (
            "Each with its standard error. Shares alone come to 100 % only where nothing interacts."
        )
        parts.append(Text(note, style="dim"))
    parts += _caveats(forecast.caveats)
    parts += _rests(forecast)
    return Group(*parts)


def _titled(title: str, content: RenderableType) -> list[RenderableType]:
    return [Text(f"\n{title}", style="bold"), content]


def _reckoned(forecast: Forecast) -> Iterator[Text]:
    """Yield what was put in, with who said so."""
    if forecast.inputs:
        told = "; ".join(
            f"{one_line(name)}: {one_line(says).removeprefix(f'{name}: ')}"
            for name, says in forecast.inputs.items()
        )
        yield Text(f"Reckoned with: {told}.")


def _fans(forecast: Forecast, outlook: Outlook, width: int) -> Iterator[RenderableType]:
    wanted = [Measure.STOCK, Measure.DAYS_OF_SUPPLY]
    if Measure.STOCK not in outlook.bands:
        wanted = [Measure.NEEDED, Measure.GAP, Measure.ARRIVALS, Measure.WANTED]
    # A fan that lies on its zero all along tells nothing: the table has its means.
    found = [
        one
        for one in wanted
        if one in outlook.bands and (one is Measure.STOCK or highest_of([outlook.bands[one]]) > 0)
    ][:2]
    scale = quantity_scale([outlook])
    for measure in found:
        its = Scale() if measure is Measure.DAYS_OF_SUPPLY else scale
        yield Text(f"\n{measure_title(measure, forecast, its)}", style="bold")
        yield fan(forecast, outlook, measure, width=min(width, _WIDEST_FAN), scale=its)
    if found:
        under = outlook.run_dry is not None and Measure.STOCK in found
        more = ". dry by: chance to have run dry, a full bar for all draws" if under else ""
        yield Text(f"{FAN_KEY}{more}", style="dim")


def _steps(forecast: Forecast, outlook: Outlook, width: int) -> Iterator[RenderableType]:
    scale = quantity_scale([outlook])
    of = scale.of(units(forecast.unit))
    yield Text(f"\nBy {forecast.step}, in {of}", style="bold")
    yield step_table(forecast, outlook, width)
    notes = ["The median, and from the lowest to the highest of the middle 8 of 10 draws."]
    if outlook.met is not None:
        notes.append(f"All is there: the chance that nothing is lacking in that {forecast.step}.")
    steps = shown_steps(forecast)
    if len(steps) < forecast.steps:
        which = "2nd" if steps.step == 2 else "3rd" if steps.step == 3 else f"{steps.step}th"
        notes.append(f"Every {which} {forecast.step} is shown; --format csv has all.")
    if has_hidden_means(outlook):
        notes.append(f"{MEAN}: the mean, where fewer than 1 of 10 draws differ from the rest.")
    if any(assumed(forecast, measure) for measure in outlook.bands):
        notes.append("* Rests on what was assumed, and not reported.")
    yield Text(" ".join(notes), style="dim")


def _commitments(forecast: Forecast, names: Names) -> Iterator[RenderableType]:
    yield from _titled(
        "What was promised and is not known to have come", expected_table(forecast, names)
    )
    notes = ["n/k: not known. Arrived by now: the chance that a piece of it is there unreported."]
    more = len(forecast.expected) - MOST_COMMITMENTS
    if more > 0:
        notes.append(f"And {more:,} more: --format json has all.")
    yield Text(" ".join(notes), style="dim")


def _caveats(caveats: Sequence[Caveat]) -> Iterator[RenderableType]:
    for title, said in (("What cannot be said, and why", False), ("Said with care", True)):
        its = [one for one in caveats if one.said is said]
        if its:
            yield Text(f"\n{title}", style="bold")
        for one in its:
            text = Text("• ", style="yellow").append(one_line(one.about), style="bold not yellow")
            text.append(f": {one_line(one.why).rstrip('.')}.", style="default")
            if one.mend:
                mend = one_line(one.mend).rstrip(".")
                text.append(f" {mend[0].upper()}{mend[1:]}.", style="dim")
            yield Padding(text, _INDENT)


def _rests(forecast: Forecast) -> Iterator[RenderableType]:
    """Yield the series and the assumptions that it rests on; commitments have their own table."""
    found = [one for one in distinct_sources(forecast) if one[0].kind != "commitment"]
    if not found:
        return
    yield Text("\nRests on", style="bold")
    for source, measures in found:
        text = Text("• ")
        if source.kind == "assumption":
            text.append("assumed, not reported: ", style="yellow")
        text.append(one_line(source.says))
        if source.id:
            text.append(f" [{source.id[:_ID]}]", style="dim cyan")
        text.append(f" → {', '.join(measure.value for measure in measures)}", style="dim")
        yield Padding(text, _INDENT)


def forecast_next(forecast: Forecast) -> list[tuple[str, str]]:
    """Return commands that open the answer further down, each with what it shows.

    They are no part of the page, which would break them: a terminal must be able to copy them.
    """
    outlook = next(iter(forecast.outlooks.values()), None)
    found = []
    if outlook is not None and outlook.bands:
        measure = next(
            one for one in (Measure.STOCK, Measure.NEEDED, *Measure) if one in outlook.bands
        )
        place = outlook.run_dry.p50 if outlook.run_dry else None
        day = (place or forecast.days[-2]).isoformat()
        point = f"{forecast.id}#{measure.value.replace(' ', '-')}@{day}"
        found.append((shlex.quote(point), "one point of it, down to the reports"))
    series = next((s for s, _ in distinct_sources(forecast) if s.kind == "series" and s.id), None)
    if series is not None and series.id is not None:
        found.append((series.id[:_ID], "a series: its points, and their sentences"))
    if forecast.expected:
        found.append((ranked(forecast.expected)[0].commitment[:_ID], "a commitment"))
    return [(f"pledgebook why {one}", what) for one, what in found]
