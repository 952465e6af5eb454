"""From what was simulated to what is answered: bands, run-dry date, use over output, influences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from pledgebook.forecasting.building import OUTPUT, build
from pledgebook.forecasting.flows.amounts import Amount
from pledgebook.forecasting.flows.result import Flow, LineResult, Moments
from pledgebook.forecasting.flows.simulate import simulate
from pledgebook.forecasting.flows.system import System
from pledgebook.forecasting.forecast import (
    Band,
    Floats,
    Influence,
    Measure,
    Outlook,
    Ratio,
    RunDry,
)
from pledgebook.forecasting.inputs import Inputs
from pledgebook.forecasting.scenarios import Scenario
from pledgebook.forecasting.sensitivity import influences

__all__ = ["outlook_of", "ratio_of"]

_FLOWS = {
    Measure.STOCK: Flow.STOCK,
    Measure.DAYS_OF_SUPPLY: Flow.DAYS,
    Measure.ARRIVALS: Flow.ARRIVALS,
    Measure.WANTED: Flow.WANTED,
    Measure.USE: Flow.USE,
    Measure.GAP: Flow.GAP,
    Measure.NEEDED: Flow.NEEDED,
}
_WITH_STOCK = (Measure.STOCK, Measure.DAYS_OF_SUPPLY, Measure.USE, Measure.GAP)
_TRIALS = 4_096
_GROUPS = {
    "stock": "opening stock",
    "use": "use",
    "arrivals": "arrivals of what was promised",
    "output": "output",
    "losses": "losses on the way",
    "events": "events",
    "orders": "times of reordering",
}
_RATIO_DRAWS = 100_000


def outlook_of(
    inputs: Inputs, scenario: Scenario, *, draws: int | None = None, moved: bool = True
) -> Outlook:
    """Simulate one scenario and return what can be said of it.

    `draws` are those of the request unless they are given. What moves the answer takes several
    times as long as the answer itself: without `moved` it is left out.
    """
    system = build(inputs, scenario)
    request = inputs.request
    kept = (inputs.line, *(total.key for total in system.totals))
    found = simulate(system, draws=draws or request.draws, seed=request.seed, quantiles=kept)
    line = found.lines[inputs.line]
    said = _sayable(inputs, scenario, system)
    bands = {one: _band(line.moments, line.quantiles, _FLOWS[one]) for one in said}
    if OUTPUT in found.totals:
        made = found.totals[OUTPUT]
        bands[Measure.OUTPUT] = _band(made.moments, made.quantiles, Flow.OUTPUT)
    whole = Measure.STOCK in bands
    use = moved and Measure.WANTED in bands
    shares, on = _moved_by(inputs, system, line, whole=whole, use=use)
    return Outlook(
        scenario=scenario.name,
        says=scenario.says,
        bands={one: bands[one] for one in Measure if one in bands},
        met=line.met if whole else None,
        # Where use is cut, what lacks is use: the shelves stay as they are.
        run_dry=_run_dry(line, request.days) if whole and not scenario.cut else None,
        influences=shares,
        influences_on=on,
    )


def _sayable(inputs: Inputs, scenario: Scenario, system: System) -> tuple[Measure, ...]:
    """Return the measures of the line that can be said: an unknown never becomes zero."""
    use = inputs.wanted(required=scenario.required) is not None
    found = []
    if use:
        found += [Measure.WANTED, Measure.NEEDED]
    customers = any(works.customers for works in system.works)
    if system.lots or customers or system.handovers or system.lines[0].reorder:
        found.append(Measure.ARRIVALS)
    if use and inputs.stock is not None:
        found += _WITH_STOCK
    return tuple(found)


def _band(moments: Mapping[Flow, Moments], quantiles: Mapping[Flow, Floats], flow: Flow) -> Band:
    p10, p25, p50, p75, p90 = quantiles[flow]
    # A mean over draws of which some never use anything is infinite: the quantiles still hold.
    mean = moments[flow].mean if flow in moments else p50
    return Band(mean, p10, p25, p50, p75, p90)


def _run_dry(line: LineResult, days: Sequence[dt.date]) -> RunDry:
    def day(chance: float) -> dt.date | None:
        reached = np.flatnonzero(line.dry_by >= chance)
        return days[int(reached[0])] if len(reached) else None

    return RunDry(line.dry_by, day(0.1), day(0.5), day(0.9))


def _moved_by(
    inputs: Inputs, system: System, line: LineResult, *, whole: bool, use: bool
) -> tuple[tuple[Influence, ...], str]:
    """Return what moves the answer most, and which answer that is.

    With stock known it is all that is missing, or what is left at the end where nothing is;
    without it, by how much use exceeds arrivals.
    """
    if not use:
        return (), ""
    short = whole and float(line.dry_by[-1]) > 0.01
    seed, key = inputs.request.seed, inputs.line

    def answer(swapped: frozenset[str]) -> Floats:
        found = (
            simulate(system, draws=_TRIALS, seed=seed, balances=(key,), swap=swapped)
            .lines[key]
            .balance
        )
        assert found is not None
        if short:
            return found.missed
        return found.closing if whole else found.wanted - found.arrived

    if short:
        on = "what is missing until the end"
    else:
        on = "the stock at the end" if whole else "what is wanted less what arrives, until the end"
    found = influences(answer, _drawn_groups(inputs, system))
    return tuple(replace(one, inputs=_GROUPS[one.inputs]) for one in found), on


def _drawn_groups(inputs: Inputs, system: System) -> list[str]:
    """Return the groups of which anything is drawn at all."""
    assume = inputs.request.assume
    drawn = {
        "stock": inputs.stock is not None or bool(assume.shelf),
        "use": True,
        "arrivals": bool(system.lots or system.handovers),
        "output": any(works.customers for works in system.works),
        "losses": assume.losses is not None,
        "events": bool(assume.event),
        "orders": assume.reordering is not None,
    }
    return [name for name in _GROUPS if drawn[name]]


def ratio_of(inputs: Inputs) -> Ratio | None:
    """Return use over output on the day of the forecast; None where either is not known."""
    makers = [one for one in inputs.makers.makers if one.rate.median > 0]
    if inputs.use is None or not makers:
        return None
    rng = np.random.Generator(np.random.Philox(inputs.request.seed))
    used = _drawn(inputs.use.amount(inputs.days[0]), rng)
    made = np.sum([_drawn(one.rate, rng) for one in makers], axis=0)
    p10, p50, p90 = np.quantile(used / made, (0.1, 0.5, 0.9))
    return Ratio(
        float(p10),
        float(p50),
        float(p90),
        use=tuple(one.id for one in inputs.use.series),
        output=tuple(one.series.id for one in makers),
    )


def _drawn(amount: Amount, rng: np.random.Generator) -> Floats:
    return amount.median * np.exp(amount.log_sd * rng.standard_normal(_RATIO_DRAWS))
