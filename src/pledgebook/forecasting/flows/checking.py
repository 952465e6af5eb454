"""What a system has to be like before it is played forward; the first fault is said plainly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from pledgebook.errors import UsageError
from pledgebook.forecasting.flows.amounts import Amount, Law, Noise, Size
from pledgebook.forecasting.flows.system import (
    Handover,
    Line,
    Lot,
    Reorder,
    System,
    Total,
    Works,
)

__all__ = ["check"]

TOLERANCE = 1e-9


def check(system: System) -> None:
    """Raise a UsageError that names the first thing in a system that cannot be."""
    if system.steps < 1:
        raise _fault("the horizon is empty", "steps", "give at least one step")
    if not system.lines and not system.works:
        raise _fault("there is nothing to play forward", "lines", "give at least one line or works")
    if system.steps_a_year < 1:
        raise _fault("a year has no steps", "steps_a_year", "give at least 1")
    days = system.step_days
    for value in [days] if isinstance(days, int | float) else _whole(days, system, "step_days"):
        _above(value, "step_days")
    lines = _distinct((line.key for line in system.lines), "line")
    works = _distinct((one.key for one in system.works), "works")
    totals = _distinct((one.key for one in system.totals), "total")
    for key in (lines & works) | (lines & totals) | (works & totals):
        raise _fault(f'the key "{key}" stands for two things', "keys", "give each its own")
    _distinct((lot.key for lot in system.lots), "lot")
    _distinct((one.key for one in system.handovers), "handover")
    for line in system.lines:
        _line(line, system)
    seen: set[int] = set()
    for lot in system.lots:
        _lot(lot, lines, system, seen)
    for one in system.works:
        _works(one, lines)
    for handover in system.handovers:
        _handover(handover, lines, system)
    for total in system.totals:
        _total(total, lines | works)


def _line(line: Line, system: System) -> None:
    where = f'line "{line.key}"'
    _size(line.opening, f"{where}, opening")
    _size(line.reserve, f"{where}, reserve")
    names = [str(one.start) if one.key is None else one.key for one in line.use]
    starts = [str(one.start) for one in line.use]
    _distinct(starts, f"{where}, start of a regime")
    for i, regime in enumerate(line.use):
        place = f"{where}, use[{i}]"
        if regime.start < 0:
            raise _fault("it starts before the horizon", place, "give a step from 0 on")
        _size(regime.level, f"{place}, level")
        if regime.shape is not None:
            for factor in _whole(regime.shape, system, f"{place}, shape"):
                _amount(factor, f"{place}, shape")
    clash = {event.key for event in line.events} & {"opening", "reserve"} | (
        set(names) & {"opening", "reserve"}
    )
    if clash:
        raise _fault(f'"{min(clash)}" is taken', where, "give the regime or event another key")
    if line.noise is not None:
        _noise(line.noise, f"{where}, noise")
    _distinct((event.key for event in line.events), f"{where}, event")
    for event in line.events:
        place = f'{where}, event "{event.key}"'
        _size(event.size, f"{place}, size")
        if not 0 <= event.earliest <= event.latest:
            raise _fault(
                f"it cannot begin between the steps {event.earliest} and {event.latest}",
                place,
                "give two steps from 0 on, the earlier first",
            )
        if event.duration < 1:
            raise _fault("it lasts no step", f"{place}, duration", "give at least 1")
        _share(event.chance, f"{place}, chance")
    if line.shelf_life is not None and line.shelf_life < 1:
        raise _fault("nothing can be kept for a step", f"{where}, shelf_life", "give at least 1")
    for age, share in line.ages.items():
        if age < 0:
            raise _fault("an age is below zero", f"{where}, ages", "count from when it was put in")
        _share(share, f"{where}, ages")
    _sum(line.ages.values(), f"{where}, ages")
    if line.reorder is not None:
        _reorder(line.reorder, f"{where}, reorder")
    if (line.backorder or line.noise or line.events) and not line.use:
        raise _fault(
            "it has noise, events or backorders but no use",
            where,
            "give its use, Regime(0, 0.0) where events are all that is wanted",
        )


def _reorder(policy: Reorder, where: str) -> None:
    _finite(policy.point, f"{where}, point")
    if (policy.up_to is None) == (policy.quantity is None):
        raise _fault(
            "it needs either a level to order up to or a quantity",
            where,
            "give one of up_to and quantity",
        )
    if policy.up_to is not None and not policy.point <= policy.up_to < math.inf:
        raise _fault(
            f"it orders up to {policy.up_to} when below {policy.point}",
            f"{where}, up_to",
            "give a level that is not below the point",
        )
    if policy.quantity is not None:
        _above(policy.quantity, f"{where}, quantity")
    leads: Sequence[float] = [policy.lead] if isinstance(policy.lead, int) else policy.lead.values
    if isinstance(policy.lead, Law):
        _law(policy.lead, f"{where}, lead")
    if any(lead < 1 or lead != int(lead) for lead in leads):
        raise _fault(
            "a lead time is no whole step", f"{where}, lead", "give whole steps, 1 or more"
        )
    _amount(policy.unit_cost, f"{where}, unit_cost")
    _amount(policy.order_cost, f"{where}, order_cost")
    if policy.budget is not None:
        _amount(policy.budget, f"{where}, budget")
    if policy.every < 1:
        raise _fault("it never orders", f"{where}, every", "give at least 1")


def _lot(lot: Lot, lines: frozenset[str], system: System, seen: set[int]) -> None:
    where = f'lot "{lot.key}"'
    _known(lot.to, lines, f"{where}, to")
    _size(lot.size, f"{where}, size")
    _lost(lot.lost, f"{where}, lost")
    if id(lot.by) not in seen:
        _delay(_whole(lot.by, system, f"{where}, by"), f"{where}, by")
        seen.add(id(lot.by))
    _steps(lot.transit, f"{where}, transit")
    if lot.source is not None:
        _known(lot.source, lines, f"{where}, source")
        if lot.source == lot.to:
            raise _fault("it goes to where it comes from", where, "give another line")
    if lot.tie is not None:
        _tie(lot.tie.weight, f"{where}, tie")


def _delay(by: Sequence[float], where: str) -> None:
    chances = np.asarray(by, dtype=np.float64)
    if not (chances.min() >= -TOLERANCE and chances.max() <= 1 + TOLERANCE):
        wrong = chances[~((chances >= -TOLERANCE) & (chances <= 1 + TOLERANCE))][0]
        raise _fault(f"{wrong:g} is no share", where, "give numbers from 0 to 1")
    if len(chances) > 1 and np.diff(chances).min() < -TOLERANCE:
        raise _fault("the chance to have arrived falls", where, "give it cumulatively")


def _works(works: Works, lines: frozenset[str]) -> None:
    where = f'works "{works.key}"'
    _size(works.rate, f"{where}, rate")
    _size(works.idle_until, f"{where}, idle_until")
    _share(works.idle_never, f"{where}, idle_never")
    for i, ramp in enumerate(works.ramps):
        place = f"{where}, ramps[{i}]"
        _size(ramp.to, f"{place}, to")
        _size(ramp.delay, f"{place}, delay")
        _size(ramp.length, f"{place}, length")
        _share(ramp.never, f"{place}, never")
    _distinct((one.line for one in works.customers), f"{where}, customer")
    for one in works.customers:
        place = f'{where}, customer "{one.line}"'
        _known(one.line, lines, place)
        _share(one.share, f"{place}, share")
        _steps(one.transit, f"{place}, transit")
        _lost(one.lost, f"{place}, lost")
        if one.backlog is not None:
            _size(one.backlog, f"{place}, backlog")
    _sum((one.share for one in works.customers), f"{where}, shares")


def _handover(one: Handover, lines: frozenset[str], system: System) -> None:
    where = f'handover "{one.key}"'
    _known(one.source, lines, f"{where}, source")
    _known(one.to, lines, f"{where}, to")
    if one.source == one.to:
        raise _fault("it goes to where it comes from", where, "give another line")
    _size(one.rate, f"{where}, rate")
    _lost(one.lost, f"{where}, lost")
    _steps(one.transit, f"{where}, transit")
    if not 0 <= one.start <= (system.steps if one.end is None else one.end):
        raise _fault(
            f"it cannot go from step {one.start} to {one.end}",
            where,
            "give two steps from 0 on, the earlier first",
        )


def _total(total: Total, known: frozenset[str]) -> None:
    where = f'total "{total.key}"'
    if not total.of:
        raise _fault("it is a total of nothing", where, "name lines or works")
    _distinct(total.of, where)
    for key in total.of:
        _known(key, known, where)


def _noise(noise: Noise, where: str) -> None:
    if (noise.factor is None) == (noise.size is None):
        raise _fault("it is neither a factor nor a count", where, "make it with Noise.lognormal")
    if noise.factor is not None:
        _law(noise.factor, f"{where}, factor")
    if noise.size is not None:
        _law(noise.size, f"{where}, size")
        _above(noise.size.mean, f"{where}, size")


def _law(law: Law, where: str) -> None:
    if not law.values:
        raise _fault("it has no value", where, "give at least one")
    for value in law.values:
        _amount(value, where)
    if law.chances is not None:
        if len(law.chances) != len(law.values):
            raise _fault("values and chances differ in number", where, "give a chance for each")
        for chance in law.chances:
            _amount(chance, where)
        _above(math.fsum(law.chances), where)


def _size(size: Size, where: str) -> None:
    if not isinstance(size, Amount):
        _amount(size, where)
        return
    _amount(size.median, where)
    _amount(size.log_sd, f"{where}, log_sd")
    if not 0 <= size.low <= size.high:
        raise _fault(
            f"it has to be from {size.low} to {size.high}", where, "give the lower bound first"
        )
    if not size.low <= size.median <= size.high:
        raise _fault(
            f"its median {size.median} is not within {size.low} and {size.high}",
            where,
            "widen the bounds, or move the median",
        )
    if size.tie is not None:
        _tie(size.tie.weight, f"{where}, tie")


def _lost(size: Size, where: str) -> None:
    _size(size, where)
    most = size if not isinstance(size, Amount) else size.median if size.exact else size.high
    if most > 1:
        raise _fault(
            "more than all of it may be lost", where, "give a share, as an amount with high=1"
        )


def _tie(weight: float, where: str) -> None:
    if not -1 <= weight <= 1:
        raise _fault(f"{weight} is no correlation", where, "give a weight from -1 to 1")


def _amount(value: float, where: str) -> None:
    _finite(value, where)
    if value < 0:
        raise _fault(f"{value} is below zero", where, "give an amount that is not negative")


def _finite(value: float, where: str) -> None:
    if not math.isfinite(value):
        raise _fault(f"{value} is no amount", where, "leave out what is not known")


def _above(value: float, where: str) -> None:
    if not 0 < value < math.inf:
        raise _fault(f"{value} is not above zero", where, "give a number above zero")


def _share(value: float, where: str) -> None:
    if not -TOLERANCE <= value <= 1 + TOLERANCE:
        raise _fault(f"{value} is no share", where, "give a number from 0 to 1")


def _steps(value: int, where: str) -> None:
    if value < 0:
        raise _fault(f"{value} steps is before it sets out", where, "give 0 or more steps")


def _sum(shares: Iterable[float], where: str) -> None:
    total = math.fsum(shares)
    if total > 1 + TOLERANCE:
        raise _fault(f"the shares add up to {total:g}", where, "give shares of 1 in all at most")


def _whole(values: Sequence[float], system: System, where: str) -> Sequence[float]:
    if len(values) != system.steps:
        raise _fault(
            f"it has {len(values)} steps, the horizon {system.steps}", where, "give one for each"
        )
    return values


def _known(key: str, known: frozenset[str], where: str) -> None:
    if key not in known:
        raise _fault(f'there is no "{key}"', where, "name a line of the system")


def _distinct(keys: Iterable[str], what: str) -> frozenset[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise _fault(f'the key "{key}" is there twice', what, "give each its own")
        seen.add(key)
    return frozenset(seen)


def _fault(what: str, where: str, mend: str) -> UsageError:
    return UsageError(what, where=where, mend=mend)
