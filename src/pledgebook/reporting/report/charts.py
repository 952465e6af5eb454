"""The pictures of a report, as shapes without any text: the page sets labels beside them.

So they stretch to any width while their labels stay readable, on a phone and on paper. All are
drawn in percent of their width and height.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pledgebook.ledger.intervals import Total

__all__ = [
    "Bar",
    "Columns",
    "Fan",
    "Label",
    "Meter",
    "Stack",
    "Strip",
    "columns",
    "fan_path",
    "labels",
    "meter",
    "stack",
]

_HUNDRED = 100.0
_MARGIN = 8.0
_LABELS = 6


def _round(value: float) -> float:
    """Return a coordinate to two digits: enough for a screen, and the same on every machine."""
    rounded = round(value, 2)
    return 0.0 if rounded == 0 else rounded


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `start` over `length`, in per cent; `open` marks what is not certain of it."""

    tone: str
    start: float
    length: float
    says: str
    row: int = 0
    open: bool = False


@dataclass(frozen=True, slots=True)
class Meter:
    """Bars below each other on one scale, one for each stage, drawn for one row of a table."""

    bars: tuple[Bar, ...]
    rows: int
    alt: str


@dataclass(frozen=True, slots=True)
class Stack:
    """Parts of a whole, side by side."""

    bars: tuple[Bar, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word below an axis, at so many percent of its length, and which of its ends stands there.

    `anchor` is "start", "middle" or "end", so that it stays within the picture.
    """

    at: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Columns over time of one kind; `bars` go from the bottom up, in percent of the height."""

    title: str
    bars: tuple[Bar, ...]
    top: str
    alt: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Strips of columns over the same steps, each on a scale that is named beside it."""

    title: str
    strips: tuple[Strip, ...]
    steps: int
    labels: tuple[Label, ...]
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fan:
    """A fan over time: the light band, the dark band, and the median, as paths."""

    title: str
    light: str
    dark: str
    median: str
    ticks: tuple[str, ...]
    labels: tuple[Label, ...]
    alt: str


def meter(stages: Sequence[tuple[str, str, Total, str]]) -> Meter | None:
    """Return the bars of some stages: tone, name, sum, and the sum in words. None without any.

    What is certain is full; what lies between a low and a high end is open. A sum without a high
    end has its full part alone, and the words say so.
    """
    ends = [end for _, _, total, _ in stages for end in (total.low, total.high) if end]
    if not ends:
        return None
    most = max(ends)
    bars = []
    for row, (tone, name, total, says) in enumerate(stages):
        low = _round(_HUNDRED * (total.low or 0.0) / most)
        end = total.high if total.high is not None else total.low or 0.0
        high = _round(_HUNDRED * end / most)
        told = f"{name} {says}"
        if low > 0:
            bars.append(Bar(tone, 0.0, low, told, row))
        if high > low:
            bars.append(Bar(tone, low, _round(high - low), told, row, open=True))
    alt = "; ".join(f"{name} {says}" for _, name, _, says in stages)
    return Meter(tuple(bars), len(stages), alt)


def stack(parts: Iterable[tuple[str, str, int]], most: int) -> Stack:
    """Return counts as parts of a bar, tone, name and count; `most` fills the whole width."""
    bars, start = [], 0.0
    told = []
    for tone, name, count in parts:
        if not count:
            continue
        length = _HUNDRED * count / max(most, 1)
        bars.append(Bar(tone, _round(start), _round(length), f"{name}: {count:,}"))
        told.append(f"{count:,} {name}")
        start += length
    return Stack(tuple(bars), ", ".join(told) or "none")


def columns(
    tone: str, values: Sequence[int | float], says: Sequence[str], most: float
) -> tuple[Bar, ...]:
    """Return columns over steps as bars: `row` is the step, from `start` up over `length`."""
    scale = _HUNDRED / most if most > 0 else 0.0
    return tuple(
        Bar(tone, 0.0, _round(value * scale), told, step)
        for step, (value, told) in enumerate(zip(values, says, strict=True))
        if value > 0
    )


def labels(names: Sequence[str], *, between: bool) -> tuple[Label, ...]:
    """Return the names of some of the steps, the first among them, at even distances.

    `between` says that steps are columns, which are named in their middle; otherwise they are
    points, the first and the last at the ends.
    """
    every = max(-(-len(names) // _LABELS), 1)
    found = []
    for step in range(0, len(names), every):
        whole = len(names) if between else max(len(names) - 1, 1)
        at = _HUNDRED * (step + (0.5 if between else 0.0)) / whole
        anchor = "start" if at < _MARGIN else "end" if at > _HUNDRED - _MARGIN else "middle"
        place = 0.0 if anchor == "start" else _HUNDRED if anchor == "end" else at
        found.append(Label(_round(place), names[step], anchor))
    return tuple(found)


def fan_path(low: Sequence[float], high: Sequence[float] | None, highest: float) -> str:
    """Return the path of a band, or of a line without `high`; what has no end stops at the top."""

    def point(step: int, value: float) -> str:
        x = _HUNDRED * step / max(len(low) - 1, 1)
        capped = highest if not math.isfinite(value) else min(max(value, 0.0), highest)
        y = _HUNDRED - _HUNDRED * capped / highest if highest > 0 else _HUNDRED
        return f"{_round(x):g} {_round(y):g}"

    there = [point(step, value) for step, value in enumerate(low)]
    if high is None:
        return "M" + "L".join(there)
    back = [point(step, value) for step, value in enumerate(high)][::-1]
    return "M" + "L".join([*there, *back]) + "Z"
