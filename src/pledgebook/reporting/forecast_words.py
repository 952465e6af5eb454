"""The answer of a forecast in sentences, as a stranger would read them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence

from pledgebook.forecasting.forecast import Forecast, Measure, Outlook, Ratio, RunDry, Source
from pledgebook.ledger.wording import units
from pledgebook.reporting.forecast_figures import (
    Scale,
    Spread,
    day_phrase,
    grain,
    horizon,
    is_vague,
    number,
    percent,
    step_cell,
    step_phrase,
)
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line

__all__ = [
    "SHORT_TITLES",
    "TITLES",
    "amount_phrase",
    "answer_lines",
    "assumed",
    "distinct_sources",
    "head_line",
    "measure_title",
    "ratio_line",
    "run_dry_cells",
    "run_dry_line",
    "subject",
]

TITLES = {
    Measure.STOCK: "Stock at the end of each {step}",
    Measure.DAYS_OF_SUPPLY: "Days of supply at the end of each {step}",
    Measure.ARRIVALS: "Arrivals in each {step}",
    Measure.OUTPUT: "Output of the givers' works in each {step}",
    Measure.WANTED: "Wanted in each {step}",
    Measure.USE: "Used up in each {step}",
    Measure.GAP: "Gap in each {step}: wanted, and not there",
    Measure.NEEDED: "Needed on the shelves at the start, to lack nothing up to then",
}
"""What each measure is called above a chart."""

SHORT_TITLES = {
    Measure.STOCK: "Stock",
    Measure.DAYS_OF_SUPPLY: "Days of supply",
    Measure.ARRIVALS: "Arrivals",
    Measure.OUTPUT: "Output",
    Measure.WANTED: "Wanted",
    Measure.USE: "Used up",
    Measure.GAP: "Gap",
    Measure.NEEDED: "Needed at the start",
}
"""What each measure is called where there is room for a word or two."""

_MILLION = 1e6
_DRAWS = "in 8 of 10 draws"


def measure_title(measure: Measure, forecast: Forecast, scale: Scale | None = None) -> str:
    """Return a measure and its unit: "Stock at the end of each month, thousand rounds"."""
    title = TITLES[measure].format(step=forecast.step)
    if measure is Measure.DAYS_OF_SUPPLY or scale is None:
        return title
    return f"{title}, {scale.of(units(forecast.unit))}"


def assumed(forecast: Forecast, measure: Measure) -> bool:
    """Tell whether a measure rests on something that nobody reported."""
    return any(one.kind == "assumption" for one in forecast.sources.get(measure, ()))


def distinct_sources(forecast: Forecast) -> list[tuple[Source, list[Measure]]]:
    """Return what a forecast rests on, each once, with the measures that rest on it.

    Assumptions come first, then series, then commitments. What only a measure rests on that cannot
    be said is left out.
    """
    told = {measure for one in forecast.outlooks.values() for measure in one.bands}
    found: dict[tuple[str, str], tuple[Source, list[Measure]]] = {}
    for measure in (one for one in Measure if one in told):
        for source in forecast.sources.get(measure, ()):
            _, measures = found.setdefault((source.kind, source.id or source.says), (source, []))
            if measure not in measures:
                measures.append(measure)
    order = ("assumption", "series", "commitment")
    return sorted(found.values(), key=lambda one: (order.index(one[0].kind), one[0].says))


def head_line(forecast: Forecast, names: Names) -> str:
    """Return what is forecast, for whom, from when until when, and what it rests on."""
    rests = _rests(forecast)
    return (
        f"{subject(forecast, names)}, {forecast.step} by "
        f"{forecast.step} from {day_phrase(forecast.as_of)} to {horizon(forecast)}: "
        f"{forecast.draws:,} draws, resting on {rests or 'nothing that was told'}. Only what was "
        f"published by {day_phrase(forecast.as_of)} counts."
    )


def subject(forecast: Forecast, names: Names) -> str:
    """Return what is forecast for whom, as a title: "Artillery ammunition for Ukraine"."""
    item = one_line(forecast.item_name)
    return f"{item[:1].upper()}{item[1:]} for {names.of(forecast.recipient)}"


def _rests(forecast: Forecast) -> str:
    kinds = [source.kind for source, _ in distinct_sources(forecast)]
    nouns = {
        "series": ("series of told levels", "series of told levels"),
        "commitment": ("commitment", "commitments"),
        "assumption": ("assumption", "assumptions"),
    }
    parts = [
        f"{kinds.count(kind):,} {one if kinds.count(kind) == 1 else more}"
        for kind, (one, more) in nouns.items()
        if kind in kinds
    ]
    return _joined(parts)


def answer_lines(forecast: Forecast, outlook: Outlook | None) -> list[str]:
    """Return what comes of a scenario: when it runs dry, what is missing, use over output.

    None where no scenario can be played at all.
    """
    lines = []
    if outlook is None:
        outlook = Outlook("", "", {})
    if outlook.run_dry is not None:
        lines.append(run_dry_line(forecast, outlook.run_dry))
    missing = _missing_line(forecast, outlook)
    if missing:
        lines.append(missing)
    if outlook.run_dry is None:
        lines += _without_stock(forecast, outlook)
    if forecast.ratio is not None:
        lines.append(ratio_line(forecast, forecast.ratio))
    return lines or ["Of stock, arrivals and use nothing can be said: see why below."]


def run_dry_line(forecast: Forecast, dry: RunDry) -> str:
    """Return when stock first falls short, with its spread and the chance that it does not."""
    until = horizon(forecast)
    if dry.p10 is None:
        return (
            f"Hardly runs dry: in {percent(dry.never)} of the draws all that is wanted is there "
            f"until {until}."
        )
    if dry.p50 is None:
        return (
            f"More likely than not it does not run dry until {until}: in {percent(dry.never)} of "
            f"the draws it does not, and in 1 of 10 it does by {step_phrase(forecast, dry.p10)}."
        )
    lead = "about" if is_vague(forecast) else "in"
    rest = f"in {percent(dry.never)} of the draws not until {until}"
    middle = step_phrase(forecast, dry.p50)
    if dry.p10 == dry.p90:
        return f"Runs dry {lead} {middle}; {rest}."
    last = "after the horizon" if dry.p90 is None else step_phrase(forecast, dry.p90)
    first = step_phrase(forecast, dry.p10)
    return f"Runs dry {lead} {middle} (between {first} and {last} {_DRAWS}); {rest}."


def run_dry_cells(forecast: Forecast, dry: RunDry) -> tuple[str, str]:
    """Return the median step of running dry, and the span around it, as cells of a table."""

    def cell(day: dt.date | None) -> str:
        return "later" if day is None else step_cell(forecast, day)

    if dry.p10 is None:
        return "not by the end", ""
    span = "" if dry.p10 == dry.p90 else f"{cell(dry.p10)} – {cell(dry.p90)}"
    return ("not by the end" if dry.p50 is None else cell(dry.p50)), span


def ratio_line(forecast: Forecast, ratio: Ratio) -> str:
    """Return how many times output the use is, as of the day, and by which series."""
    spread = Spread.of(ratio.p10, ratio.p50, ratio.p90)
    known = {source.id: source.says for its in forecast.sources.values() for source in its}

    def told(ids: Sequence[str]) -> str:
        return _joined([one_line(known.get(one, one[:12])) for one in ids]) or "an assumption"

    band = f" ({spread.low} to {spread.high} {_DRAWS})" if not spread.sure else ""
    return (
        f"On {day_phrase(forecast.as_of)} use is {spread.middle} times output{band}. "
        f"Use: {told(ratio.use)}. Output: {told(ratio.output)}."
    )


def _missing_line(forecast: Forecast, outlook: Outlook) -> str:
    """Return how much is missing over the whole horizon, on average; empty where it is not known.

    Means add up over the steps, quantiles do not.
    """
    gap = outlook.bands.get(Measure.GAP)
    if gap is None or outlook.run_dry is None:
        return ""
    total = float(gap.mean.sum())
    wanted = outlook.bands.get(Measure.WANTED)
    if not math.isfinite(total):
        return ""
    if total <= 0:
        return f"In no draw is anything missing of what is wanted until {horizon(forecast)}."
    share = ""
    if wanted is not None and (whole := float(wanted.mean.sum())) > 0:
        share = f", {percent(total / whole)} of all that is wanted"
    return f"On average over the draws {_about(total, forecast)} are missing by then{share}."


def _without_stock(forecast: Forecast, outlook: Outlook) -> list[str]:
    lines = []
    if outlook.bands:
        lines.append("When it runs dry cannot be said: see why below.")
    wanted, arrivals = outlook.bands.get(Measure.WANTED), outlook.bands.get(Measure.ARRIVALS)
    parts = [
        f"{_about(float(band.mean.sum()), forecast)} {verb}"
        for band, verb in ((wanted, "are wanted"), (arrivals, "arrive"))
        if band is not None
    ]
    if parts:
        lines.append(f"Until {horizon(forecast)}, on average, {_joined(parts)}.")
    needed = outlook.bands.get(Measure.NEEDED)
    if needed is not None:
        phrase = amount_phrase(
            forecast, *(float(q[-1]) for q in (needed.p10, needed.p50, needed.p90))
        )
        lines.append(
            f"To lack nothing until {horizon(forecast)}, there must be {phrase} on the shelves at "
            "the start."
        )
    gap = outlook.bands.get(Measure.GAP)
    if gap is not None:
        phrase = amount_phrase(forecast, *(float(q[-1]) for q in (gap.p10, gap.p50, gap.p90)))
        lines.append(f"In the last {forecast.step} the gap is {phrase}.")
    return lines


def amount_phrase(forecast: Forecast, low: float, middle: float, high: float) -> str:
    """Return a spread in a sentence: "1.2 million rounds (0.9 to 1.6 in 8 of 10 draws)"."""
    largest = max((abs(one) for one in (low, middle, high) if math.isfinite(one)), default=0.0)
    scale = Scale(_MILLION, "million") if largest >= _MILLION else Scale()
    spread = Spread.of(low, middle, high, scale.size)
    band = f" ({spread.low} to {spread.high} {_DRAWS})" if not spread.sure else ""
    return f"{scale.amount(spread.middle, forecast.unit)}{band}"


def _about(value: float, forecast: Forecast) -> str:
    """Return a mean, which has no spread of its own, to two figures."""
    scale = Scale(_MILLION, "million") if value >= _MILLION else Scale()
    to = grain(0.0, value)
    return f"about {number(value, to, scale.size)} {scale.of(units(forecast.unit))}"


def _joined(parts: Iterable[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    *most, last = [*parts] or [""]
    return f"{', '.join(most)} and {last}" if most else last
