"""Production lines, with what can be added to them and what their prices depend on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pledgebook.planning.compiling.frame import Floats, Frame
from pledgebook.planning.compiling.needs import Demand
from pledgebook.planning.compiling.supply import Donors, recipients_of, useless
from pledgebook.planning.problem import Expansion, Line, Restart, Tier
from pledgebook.planning.scenario.names import KnownItem
from pledgebook.planning.scenario.supply import Line as LineTable
from pledgebook.planning.scenario.supply import Surge
from pledgebook.vocabulary.toml_places import Path

__all__ = ["Lines", "compile_lines"]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a problem; `at` says which table a name belongs to, left out or not."""

    lines: tuple[Line, ...]
    at: dict[str, int]


def compile_lines(frame: Frame, demand: Demand, donors: Donors) -> Lines:
    """Return the lines, as far as they are sound."""
    made: list[Line] = []
    names: dict[str, int] = {}
    for at, table in enumerate(frame.scenario.line):
        found = _line(frame, demand, donors, table, ("line", at))
        name = _name(table)
        if name in names:
            what = f"the line {name!r} is there twice"
            frame.faults.add("twice", ("line", at), what, "Give one of them a name of its own")
            continue
        names[name] = at
        if found is not None:
            made.append(found)
    grown = [grow.name for line in made for grow in line.expansions]
    for name in sorted({name for name in grown if grown.count(name) > 1}):
        what = f"the expansion {name!r} is there twice"
        frame.faults.add("twice", ("line",), what, "Give one of them a name of its own")
    return Lines(tuple(made), names)


def _name(table: LineTable) -> str:
    if table.name is not None:
        return table.name
    return f"{table.maker}: {table.item}" if table.maker else f"{table.item} line"


def _line(
    frame: Frame, demand: Demand, donors: Donors, table: LineTable, path: Path
) -> Line | None:
    name, calendar = _name(table), frame.calendar
    item = frame.names.item(table.item, (*path, "item"))
    if table.maker is not None:
        frame.names.party(table.maker, (*path, "maker"))
    recipients = recipients_of(frame, table.recipients, (*path, "recipients"))
    buyers = None
    if table.buyers is not None:
        buyers = donors.buyers(frame, table.buyers, (*path, "buyers"))
    capacity = _free(frame, table, path)
    least = calendar.rate(table.least, table.per)
    tiers = tuple(_tiers(frame, table, path))
    grown = tuple(_expansions(frame, name, table, path))
    most = float(capacity.max()) + sum(one.added for one in grown)
    if least > most * (1 + _ROUNDING):
        what = f"the least, {table.least:g} a {table.per}, is above what the line can make"
        frame.faults.add("least", (*path, "least"), what, "Lower it, or raise the capacity")
    if item is None:
        return None
    price = _price(frame, table, item, path)
    to = demand.stocks_of(item, recipients)
    if not to:
        useless(frame, path)
        return None
    frame.origins.add("line", name, path, source=table.source)
    return Line(
        name=name,
        item=item.name,
        maker=table.maker or "",
        price=price,
        capacity=capacity,
        lead=calendar.steps_for(table.lead),
        to=to,
        least=least,
        ramp=None if table.ramp is None else calendar.rate(table.ramp, table.per),
        tiers=tiers,
        tier_steps=max(1, calendar.steps_for(table.break_months)),
        rebate_paid=table.rebate_paid,
        expansions=grown,
        restart=_restart(frame, name, table, path),
        buyers=buyers,
        advance=table.advance,
        fixed_paid=table.fixed_paid,
    )


def _price(frame: Frame, table: LineTable, item: KnownItem, path: Path) -> Floats:
    if table.price is not None:
        return frame.level(table.price, (*path, "price"))
    return np.full(frame.calendar.steps, frame.price(item, path))


def _free(frame: Frame, table: LineTable, path: Path) -> Floats:
    """Return the capacity that other customers leave (steps,)."""
    capacity = frame.rate(table.capacity, table.per, (*path, "capacity"))
    for number, customer in enumerate(table.customer):
        here = (*path, "customer", number, "amount")
        capacity = capacity - frame.rate(customer.amount, table.per, here)
        if (capacity < -_ROUNDING * (1 + np.abs(capacity))).any():
            what = "the other customers take more than the line can make"
            frame.faults.add("customers", here, what, "Lower what they take, or raise the capacity")
    return np.maximum(capacity, 0.0)


def _tiers(frame: Frame, table: LineTable, path: Path) -> Iterator[Tier]:
    """Yield the price breaks as tiers: each begins where the one before is full."""
    before, rebate = 0.0, 0.0
    for number, told in enumerate(table.price_break):
        here = (*path, "price_break", number)
        first = number == 0
        if told.beyond < before or (told.beyond == before and not first):
            what = f"the price break beyond {told.beyond:,.10g} comes after one beyond "
            what += f"{before:,.10g}"
            frame.faults.add("breaks", (*here, "beyond"), what, "Put the lowest quantity first")
            return
        if told.rebate < rebate:
            what = f"the rebate falls from {rebate:g} to {told.rebate:g} as the quantity rises"
            frame.faults.add("breaks", (*here, "rebate"), what, "Let it rise with the quantity")
            return
        if told.beyond > before:
            yield Tier(told.beyond - before, rebate)
        before, rebate = told.beyond, told.rebate
    if table.price_break:
        yield Tier(float("inf"), rebate)


def _expansions(frame: Frame, line: str, table: LineTable, path: Path) -> Iterator[Expansion]:
    calendar = frame.calendar
    for number, told in enumerate(table.expansion):
        here = (*path, "expansion", number)
        more = f" {number + 1}" if number else ""
        name = told.name or f"{line} expanded{more}"
        earliest = frame.month(told.first, 0, (*here, "from"))
        latest = frame.month(told.last, calendar.steps - 1, (*here, "to"))
        if earliest > latest:
            what = "it can be decided until before it can be decided from"
            frame.faults.add("order", (*here, "to"), what, "Give a later `to`")
            continue
        frame.origins.add("expansion", name, here, source=told.source)
        added = calendar.rate(told.added, table.per)
        yield Expansion(name, told.cost, added, calendar.steps_for(told.delay), earliest, latest)
    for number, surge in enumerate(table.surge):
        more = f" {number + 1}" if number else ""
        name = surge.name or f"{line} surge{more}"
        yield from _surge(frame, name, surge, table, (*path, "surge", number))


def _surge(
    frame: Frame, name: str, told: Surge, table: LineTable, path: Path
) -> Iterator[Expansion]:
    """Yield a surge as an expansion that is decided so long before the warning that it is ready.

    It runs from the warning on, so that to decide it earlier is of no use: its one step is the
    last that is early enough. Where the warning comes too soon, it can be decided at once and runs
    when it is ready.
    """
    calendar = frame.calendar
    warning = frame.month(told.warning, calendar.steps - 1, (*path, "warning"))
    ahead = calendar.steps_for(told.provisioning)
    at = warning - ahead
    if at < 0:
        what = (
            f"the warning comes {warning} steps after the horizon begins, and to make ready takes "
            f"{ahead}: the surge runs {-at} steps after the warning"
        )
        frame.faults.add("late-surge", (*path, "provisioning"), what, warning=True)
        at = 0
    frame.origins.add("expansion", name, path)
    delay = ahead + calendar.steps_for(told.response)
    yield Expansion(name, told.cost, calendar.rate(told.added, table.per), delay, at, at)


def _restart(frame: Frame, name: str, table: LineTable, path: Path) -> Restart | None:
    told = table.restart
    if told is None:
        return None
    calendar = frame.calendar
    if told.least > table.least and calendar.rate(told.least, table.per) > float(
        _free(frame, table, path).max()
    ):
        what = f"the restarted line must make {told.least:g} a {table.per}: more than it can"
        frame.faults.add("least", (*path, "restart", "least"), what, "Lower it")
    frame.origins.add("restart", name, (*path, "restart"))
    return Restart(
        told.cost,
        calendar.steps_for(told.delay),
        calendar.rate(told.least, table.per),
        calendar.steps_for(told.run),
    )
