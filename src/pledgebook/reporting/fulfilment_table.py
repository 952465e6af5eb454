"""What the model of fulfilment holds, in words and units of daily life."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from pledgebook.forecasting.fulfilment import FulfilmentModel
from pledgebook.reporting.forecast_figures import Spread, percent
from pledgebook.reporting.frames import frame
from pledgebook.reporting.names import Names

__all__ = ["Effect", "effect_lines", "effects_of", "estimates_table", "model_record"]

_TENTH = 1.2815515655446004
"""The 90 % point of the standard normal distribution."""
_MOST = 5


def _sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))


def _lots(value: float) -> float:
    """Return the mean number of lots, which is geometric, from the logit of one more."""
    return 1.0 + math.exp(value)


def _twice(value: float) -> float:
    return float(2.0**value)


@dataclass(frozen=True, slots=True)
class _Measure:
    says: str
    of: Callable[[float], float]
    share: bool = False


_MEASURES: Mapping[str, _Measure] = {
    "location": _Measure("days from promise to delivery, the median", math.exp),
    "due_slope": _Measure("times as long, where twice the time was promised", _twice),
    "dropped": _Measure("promises that are dropped whole", _sigmoid, share=True),
    "coming": _Measure("lots of all others that ever come", _sigmoid, share=True),
    "more": _Measure("lots of a promise, on average", _lots),
    "report": _Measure("days from delivery to its report, the median", math.exp),
    "told": _Measure("deliveries that are ever told of", _sigmoid, share=True),
    "trend": _Measure("times the odds of being told, a year later", math.exp),
}
"""What is shown of the common parameters: those that a person can hold against experience."""


def estimates_table(model: FulfilmentModel) -> Table:
    """Return each parameter with its 8-in-10 range, and how much of it the data tell."""
    table = frame()
    table.add_column("estimated", overflow="fold")
    table.add_column("about", justify="right", no_wrap=True)
    table.add_column("8 times in 10", justify="right", no_wrap=True)
    table.add_column("learned\nfrom data", justify="right", no_wrap=True)
    estimates = model.estimates
    for name, measure in _MEASURES.items():
        one = estimates[name]
        ends = (one.value + turn * _TENTH * one.error for turn in (-1, 0, 1))
        low, middle, high = (measure.of(end) for end in ends)
        if measure.share:
            cells = percent(middle), f"{percent(low)}–{percent(high)}"
        else:
            spread = Spread.of(low, middle, high)
            cells = spread.middle, spread.range
        table.add_row(
            Text(measure.says),
            Text(cells[0], style="bold"),
            Text(cells[1]),
            Text(f"{one.learned * 100:.0f} %", style="" if one.learned >= 0.5 else "yellow"),
        )
    return table


@dataclass(frozen=True, slots=True)
class Effect:
    """How a donor or a category differs from the usual one: as factors, with an 8-in-10 range.

    `kind` is "donor" or "category" (times as long to deliver) or "told" (times the odds that a
    donor's delivery is told of).
    """

    kind: str
    name: str
    low: float
    middle: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the range leaves out "as usual"."""
        return self.low > 1.0 or self.high < 1.0


def effects_of(model: FulfilmentModel, kind: str) -> list[Effect]:
    """Return the effects of a kind, those that stand out most from their error first."""
    found = sorted(
        model.effects(kind).items(), key=lambda one: (-abs(one[1][0] / one[1][1]), one[0])
    )
    return [
        Effect(kind, name, *(math.exp(value + turn * _TENTH * error) for turn in (-1, 0, 1)))
        for name, (value, error) in found
    ]


_KINDS = (
    ("donor", "takes {} times as long as usual", "No donor is known to be quicker or slower."),
    (
        "category",
        "takes {} times as long as usual",
        "No category is known to be quicker or slower.",
    ),
    ("told", "is told of at {} times the usual odds", "No donor is known to tell more or less."),
)


def effect_lines(
    model: FulfilmentModel, names: Names, donors: Iterable[str], categories: Iterable[str]
) -> list[str]:
    """Return what sets the donors and categories that matter here apart, or that nothing does.

    What lies within its own uncertainty of "as usual" is not named.
    """
    concerned = {"donor": {*donors}, "category": {*categories}}
    concerned["told"] = concerned["donor"]
    lines = []
    for kind, says, otherwise in _KINDS:
        found = [one for one in effects_of(model, kind) if one.name in concerned[kind]]
        clear = [one for one in found if one.clear][:_MOST]
        for one in clear:
            spread = Spread.of(one.low, one.middle, one.high)
            who = names.of(one.name) if kind != "category" else one.name.replace("-", " ")
            told = says.format(f"{spread.middle} ({spread.range})")
            lines.append(f"{who}: {told}.")
        if found and not clear:
            lines.append(otherwise)
    return lines


def model_record(model: FulfilmentModel) -> dict[str, Any]:
    """Return what a model holds as plain data, on the scales of its parameters."""
    return {
        "as_of": model.as_of.isoformat(),
        "promises": model.commitments,
        "reported_lots": model.lots,
        "estimates": {
            name: {
                "value": one.value,
                "error": one.error,
                "prior": one.prior,
                "prior_error": one.prior_error,
                "learned": one.learned,
            }
            for name, one in model.estimates.items()
        },
        "effects": {
            kind: {
                name: {"value": value, "error": error}
                for name, (value, error) in model.effects(kind).items()
            }
            for kind in ("donor", "category", "told")
        },
    }
