"""From what the kernel measured to the result by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.flows.layout import FLOWS
from pledgebook.forecasting.flows.plan import Plan
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
_FLOW = tuple(Flow(name) for name in FLOWS)
_PLACE = {flow: i for i, flow in enumerate(_FLOW)}
_ALWAYS = (Flow.STOCK, Flow.ARRIVALS)
_USED = (Flow.WANTED, Flow.USE, Flow.GAP)
_FOLLOWED = (Flow.NEEDED, Flow.DAYS)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the kernel measured, in parts of the draws; `counts` are the draws of each part.

    `lines`, `works`, `totals` and `chances` have a leading axis of parts; see `kernel.Measures`.
    `quantiles` is (levels, slots, steps).
    """

    lines: Floats
    chances: Floats
    works: Floats
    totals: Floats
    counts: NDArray[np.int64]
    balances: Floats
    made: Floats
    quantiles: Floats


def assemble(system: System, plan: Plan, sums: Sums, *, draws: int, seed: int) -> Result:
    """Return the result by key."""
    lines = _merged(sums.lines, sums.counts)
    works = _merged(sums.works, sums.counts)
    totals = _merged(sums.totals, sums.counts)
    chances = sums.chances.sum(axis=0) / draws
    by_key = {line.key: line for line in system.lines}
    balances = {key: sums.balances[i] for i, key in enumerate(plan.balances)}
    made = {key: sums.made[i] for i, key in enumerate(plan.made)}
    line_results = {}
    for i, key in enumerate(plan.lines):
        found = _quantiles(plan, plan.tables.lines[i]["slots"], sums, by_key[key])
        wanted = _flows_of(by_key[key], followed=bool(plan.tables.lines[i]["slots"] >= 0))
        line_results[key] = LineResult(
            key,
            {flow: _moments(lines[i, :, _PLACE[flow]], draws) for flow in wanted},
            chances[i, :, 0],
            chances[i, :, 1],
            found,
            Balance(*balances[key]) if key in balances else None,
        )
    works_results = {
        key: TotalResult(
            key,
            {Flow.OUTPUT: _moments(works[i], draws)},
            _quantiles(plan, plan.tables.works[i]["slots"], sums, None),
            *made.get(key, (None, None)),
        )
        for i, key in enumerate(plan.works)
    }
    members = {total.key: total.of for total in system.totals}
    total_results = {}
    for i, key in enumerate(plan.totals):
        measured = _flows_of_total([by_key[one] for one in members[key] if one in by_key])
        if any(one in works_results for one in members[key]):
            measured = (*measured, Flow.OUTPUT)
        found = _quantiles(plan, plan.tables.totals[i]["slots"], sums, None)
        total_results[key] = TotalResult(
            key,
            {flow: _moments(totals[i, :, _PLACE[flow]], draws) for flow in measured},
            {flow: rows for flow, rows in found.items() if flow in measured},
        )
    return Result(system.steps, draws, seed, line_results, works_results, total_results)


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


def _quantiles(plan: Plan, row: int, sums: Sums, line: Line | None) -> Mapping[Flow, Floats]:
    if row < 0:
        return {}
    allowed = _FLOW if line is None else _flows_of(line, followed=True)
    return {
        flow: sums.quantiles[:, slot]
        for flow, slot in zip(_FLOW, plan.tables.slots[row].tolist(), strict=True)
        if slot >= 0 and flow in allowed
    }


def _merged(parts: Floats, counts: NDArray[np.int64]) -> Floats:
    """Merge means and squares of parts, in their order (the formula of `rows.merge`)."""
    mean, squares = parts[0, ..., 0].copy(), parts[0, ..., 1].copy()
    seen = int(counts[0])
    for part, n in zip(parts[1:], counts[1:].tolist(), strict=True):
        with np.errstate(invalid="ignore"):  # days of supply may be infinite
            apart = part[..., 0] - mean
            mean += apart * (n / (seen + n))
            squares += part[..., 1] + apart * apart * (seen * n / (seen + n))
        seen += n
    return np.stack((mean, squares / (seen - 1) if seen > 1 else np.full_like(mean, np.nan)), -1)


def _moments(cells: Floats, draws: int) -> Moments:
    """Return the moments of a flow; where a draw is infinite the mean is, and the variance not."""
    mean, variance = cells[..., 0], cells[..., 1]
    lost = np.isnan(mean)
    if lost.any():
        mean = np.where(lost, np.inf, mean)
    return Moments(mean, variance, draws)
