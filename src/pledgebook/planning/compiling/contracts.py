"""Contracts: agreements on a line that are signed or not, with what they bind to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from pledgebook.planning.compiling.frame import Frame
from pledgebook.planning.compiling.lines import Lines
from pledgebook.planning.compiling.supply import Donors, by_year
from pledgebook.planning.problem import Contract
from pledgebook.planning.scenario.faults import nearest
from pledgebook.planning.scenario.supply import Contract as ContractTable
from pledgebook.vocabulary.toml_places import Path

__all__ = ["compile_contracts"]


def compile_contracts(frame: Frame, lines: Lines, donors: Donors) -> tuple[Contract, ...]:
    """Return the contracts; one with price breaks is several, of which one need be signed."""
    made: list[Contract] = []
    taken = {line.name for line in lines.lines}
    for at, table in enumerate(frame.scenario.contract):
        path: Path = ("contract", at)
        for one in _contracts(frame, lines, donors, table, path):
            if one.name in taken:
                what = f"a line or contract {one.name!r} is there already"
                frame.faults.add("twice", path, what, "Give it a name of its own")
                continue
            taken.add(one.name)
            made.append(one)
    return tuple(made)


def _contracts(
    frame: Frame, lines: Lines, donors: Donors, table: ContractTable, path: Path
) -> Iterator[Contract]:
    calendar = frame.calendar
    start = frame.month(table.first, 0, (*path, "from"))
    end = frame.month(table.last, calendar.steps - 1, (*path, "to"))
    if end < start:
        what = "it ends before it is signed"
        frame.faults.add("order", (*path, "to"), what, "Give a later `to`")
    most = frame.cap(table.most, table.per, (*path, "most"))
    most[:start] = most[end + 1 :] = 0.0
    buyers = _buyers(frame, donors, table, path)
    least_buyers = table.least_buyers or (2 if table.kind == "joint" else 1)
    if (table.least_buyers or table.kind == "joint") and len(buyers) < least_buyers:
        what = f"it needs {least_buyers} buyers and has {len(buyers)}"
        frame.faults.add("buyers", path, what, "Name more of them in `buyers`")
    terms = list(_terms(frame, table, path, start, end))
    if table.line not in lines.at:
        if table.line not in frame.faults.unread:
            near = nearest(table.line, lines.at)
            mend = f"Did you mean {near!r}?" if near else "Add the line, or give its name"
            what = f"there is no line {table.line!r}"
            frame.faults.add("unknown-line", (*path, "line"), what, mend)
        return
    if table.line not in {line.name for line in lines.lines}:
        what = "its line is left out, and so is it"
        frame.faults.add("unused", path, what, warning=True)
        return
    for suffix, price, take in terms:
        name = (table.name or f"{table.kind}: {table.line}") + suffix
        frame.origins.add("contract", name, path, source=table.source)
        yield Contract(
            name=name,
            line=table.line,
            kind=table.kind,
            price=price,
            fixed=table.fixed,
            start=start,
            most=most,
            take=take,
            buyers=buyers,
            least_buyers=least_buyers,
            least_part=table.least_part,
        )


def _buyers(frame: Frame, donors: Donors, table: ContractTable, path: Path) -> tuple[str, ...]:
    if table.buyers is not None:
        return donors.buyers(frame, table.buyers, (*path, "buyers"))
    return tuple(one.donor for one in donors.budgets) or tuple(donors.names.values())


def _terms(
    frame: Frame, table: ContractTable, path: Path, start: int, end: int
) -> Iterator[tuple[str, float, Mapping[int, float]]]:
    """Yield what tells the contracts of a table apart: an end of the name, the price, the take."""
    if table.price is None and not table.price_break:
        frame.faults.add("missing", path, "its price is not said", "Add `price` or a price_break")
    if table.price_break and table.take is not None:
        what = "it has a minimum take beside its price breaks, which have their own"
        frame.faults.add("take", (*path, "take"), what, "Leave one of the two out")
    span = _span(frame, start, end)
    if table.price is not None:
        yield "", table.price, _take(frame, table, path, span)
    before_take, before_price = 0.0, table.price
    for number, step in enumerate(table.price_break):
        here = (*path, "price_break", number)
        if number and step.take <= before_take:
            what = f"the price break at {step.take:,.10g} a year comes after one at "
            what += f"{before_take:,.10g}"
            frame.faults.add("breaks", (*here, "take"), what, "Put the lowest quantity first")
            return
        if before_price is not None and step.price >= before_price:
            what = f"the price does not fall from {before_price:,.10g} as the quantity rises"
            frame.faults.add("breaks", (*here, "price"), what, "Let it fall with the quantity")
        before_take, before_price = step.take, step.price
        take = {year: step.take * part for year, part in span.items()}
        yield f", {step.take:,.10g} a year", step.price, take


def _take(
    frame: Frame, table: ContractTable, path: Path, span: Mapping[int, float]
) -> dict[int, float]:
    if table.take is None:
        return {}
    told = by_year(frame, table.take, (*path, "take"), "the minimum take")
    if isinstance(table.take, float):
        return {year: table.take * part for year, part in span.items()}
    return {year: float(told[year]) for year in span}


def _span(frame: Frame, start: int, end: int) -> dict[int, float]:
    """Return the budget years of a contract, with the part of the year that it covers."""
    years = np.bincount(frame.calendar.year_of[start : end + 1])
    return {
        year: float(steps) * frame.calendar.length / 12
        for year, steps in enumerate(years.tolist())
        if steps
    }
