"""From what the kernel measured to the result by key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.layout import BALANCES, CHANCES, FLOWS
from pledgebook.forecasting.flows.plan import Place, Plan
from pledgebook.forecasting.flows.result import (
    Balance,
    Flow,
    LineResult,
    Moments,
    Result,
    TotalResult,
)
from pledgebook.forecasting.flows.system import Line, System

__all__ = ["Sums", "assemble"]

Floats = NDArray[np.float64]
Cells = tuple[Floats, Floats]
_FLOW = tuple(Flow(name) for name in FLOWS)
_PLACE = {flow: i for i, flow in enumerate(_FLOW)}
_ALWAYS = (Flow.STOCK, Flow.ARRIVALS)
_USED = (Flow.WANTED, Flow.USE, Flow.GAP)
_FOLLOWED = (Flow.NEEDED, Flow.DAYS)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the kernel measured; see `kernel.play`.

    `cells` is (parts, cells, steps, 2), for parts of the draws, of which `counts` says how many
    each has. `sums` is (rows, draws), `quantiles` (levels, slots, steps).
    """

    cells: Floats
    counts: NDArray[np.int64]
    sums: Floats
    quantiles: Floats


def assemble(system: System, plan: Plan, found: Sums, *, draws: int, seed: int) -> Result:
    """Return the result by key."""
    cells = _merged(found.cells, found.counts)
    places = [place.cell + CHANCES for place in plan.lines.values()]
    chances = found.cells[:, places].sum(axis=0) / draws
    by_key = {line.key: line for line in system.lines}
    lines, works, totals = {}, {}, {}
    for i, (key, place) in enumerate(plan.lines.items()):
        measured = _flows_of(by_key[key], followed=bool(place.slots))
        sums = found.sums[place.sums : place.sums + len(BALANCES)] if place.sums >= 0 else None
        lines[key] = LineResult(
            key,
            _moments(cells, place, measured, draws),
            chances[i, :, 0],
            chances[i, :, 1],
            _quantiles(found, place, measured),
            None if sums is None else Balance(*sums),
        )
    for key, place in plan.works.items():
        moments = Moments(cells[0][place.cell], cells[1][place.cell], draws)
        quantiles = _quantiles(found, place, (Flow.OUTPUT,))
        made = found.sums[place.sums] if place.sums >= 0 else None
        rest = found.sums[place.sums + 1] if place.sums >= 0 else None
        works[key] = TotalResult(key, {Flow.OUTPUT: moments}, quantiles, made, rest)
    members = {total.key: total.of for total in system.totals}
    for key, place in plan.totals.items():
        measured = _flows_of_total([by_key[one] for one in members[key] if one in by_key])
        if any(one in works for one in members[key]):
            measured = (*measured, Flow.OUTPUT)
        moments_of = _moments(cells, place, measured, draws)
        totals[key] = TotalResult(key, moments_of, _quantiles(found, place, measured))
    return Result(system.steps, draws, seed, lines, works, totals)


def _flows_of(line: Line, *, followed: bool) -> tuple[Flow, ...]:
    """Return what is measured of a line: use only where it has any, cost where it reorders."""
    return (
        *_ALWAYS,
        *(_USED if line.use else ()),
        *((Flow.COST,) if line.reorder else ()),
        *(_FOLLOWED if followed and line.use else ()),
    )


def _flows_of_total(lines: Iterable[Line]) -> tuple[Flow, ...]:
    found = {flow for line in lines for flow in _flows_of(line, followed=False)}
    return tuple(flow for flow in _FLOW if flow in found)


def _quantiles(found: Sums, place: Place, measured: Collection[Flow]) -> Mapping[Flow, Floats]:
    return {
        flow: found.quantiles[:, slot]
        for flow, slot in zip(_FLOW, place.slots, strict=False)
        if slot >= 0 and flow in measured
    }


def _merged(parts: Floats, counts: NDArray[np.int64]) -> Cells:
    """Return means and variances of all parts, merged in order (the formula of `rows.merge`)."""
    mean, squares = parts[0, ..., 0].copy(), parts[0, ..., 1].copy()
    seen = int(counts[0])
    for part, n in zip(parts[1:], counts[1:].tolist(), strict=True):
        with np.errstate(invalid="ignore"):  # days of supply may be infinite
            apart = part[..., 0] - mean
            mean += apart * (n / (seen + n))
            squares += part[..., 1] + apart * apart * (seen * n / (seen + n))
        seen += n
    return mean, squares / (seen - 1) if seen > 1 else np.full_like(squares, np.nan)


def _moments(
    cells: Cells, place: Place, measured: Collection[Flow], draws: int
) -> Mapping[Flow, Moments]:
    """Return the moments of flows; where a draw is infinite so is the mean, the variance is not."""
    moments = {}
    for flow in measured:
        cell = place.cell + _PLACE[flow]
        mean, variance = cells[0][cell], cells[1][cell]
        if flow is Flow.DAYS:
            mean = np.where(np.isnan(mean), np.inf, mean)
        moments[flow] = Moments(mean, variance, draws)
    return moments
