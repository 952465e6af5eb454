"""Shelves, lines, contracts and budgets: what can be given, and who pays for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.compiling.book import BookFigures
from pledgebook.planning.compiling.frame import Frame
from pledgebook.planning.compiling.needs import Demand
from pledgebook.planning.problem import Budget, Shelf
from pledgebook.planning.scenario.names import KnownItem, KnownParty
from pledgebook.planning.scenario.supply import Donor
from pledgebook.planning.scenario.supply import Shelf as ShelfTable
from pledgebook.planning.scenario.values import Yearly
from pledgebook.vocabulary.toml_places import Path

__all__ = ["Donors", "by_year", "compile_donors", "recipients_of", "supplied_items", "useless"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Donors:
    """The givers of a problem: `names` by key, as the file spells them."""

    shelves: tuple[Shelf, ...]
    budgets: tuple[Budget, ...]
    names: dict[str, str]

    def buyers(self, frame: Frame, told: Sequence[str], path: Path) -> tuple[str, ...]:
        """Return the names of donors that may pay; a fault for each that is no donor."""
        found = []
        for at, text in enumerate(told):
            party = frame.names.party(text, (*path, at))
            if party is None:
                continue
            name = self.names.get(party.key)
            if name is None:
                what = f"{text} is no donor of the scenario"
                frame.faults.add("unknown-donor", (*path, at), what, "Add a [[donor]] for it")
            elif name not in found:
                found.append(name)
        return tuple(found)


def supplied_items(frame: Frame) -> set[str]:
    """Return the keys of all items that shelves and lines can give."""
    found = [
        frame.names.item(shelf.item, ("donor", at, "shelf", number, "item"))
        for at, donor in enumerate(frame.scenario.donor)
        for number, shelf in enumerate(donor.shelf)
    ]
    found += [
        frame.names.item(line.item, ("line", at, "item"))
        for at, line in enumerate(frame.scenario.line)
    ]
    return {item.key for item in found if item is not None}


def recipients_of(frame: Frame, told: Sequence[str] | None, path: Path) -> set[str] | None:
    """Return the keys of the recipients that are named; None for all."""
    if told is None:
        return None
    found = [frame.names.party(text, (*path, at)) for at, text in enumerate(told)]
    return {party.key for party in found if party is not None}


def by_year(frame: Frame, value: Yearly, path: Path, what: str) -> Floats:
    """Return a figure for each budget year of the horizon (years,)."""
    years, names = frame.calendar.budget_years, frame.calendar.year_names
    if isinstance(value, dict):
        missing = [str(year) for year in years if year not in value]
        if missing:
            says = f"{what} of {', '.join(missing)} is not said: it is unknown, not zero"
            frame.faults.add("missing", path, says, "Add it; write 0 where there is none")
        return np.array([value.get(year, 0.0) for year in years])
    if isinstance(value, tuple):
        if len(value) != len(years):
            says = f"the list has {len(value)} figures for {len(years)} budget years"
            frame.faults.add("length", path, says, f"Give one each for {', '.join(names)}")
            return np.zeros(len(years))
        return np.array(value)
    return np.full(len(years), value)


def compile_donors(frame: Frame, book: BookFigures, demand: Demand) -> Donors:
    """Return shelves and budgets, as far as they are sound."""
    shelves: list[Shelf] = []
    budgets: list[Budget] = []
    names: dict[str, str] = {}
    for at, table in enumerate(frame.scenario.donor):
        path: Path = ("donor", at)
        donor = frame.names.party(table.name, (*path, "name"))
        if donor is not None and donor.key in names:
            what = f"the donor {table.name!r} is there twice"
            frame.faults.add("twice", path, what, "Put its shelves and budget into one table")
            continue
        if donor is not None:
            names[donor.key] = donor.name
            budgets += _budget(frame, table, donor, path)
        for number, told in enumerate(table.shelf):
            shelves += _shelf(frame, book, demand, told, donor, (*path, "shelf", number))
    _unlike(frame, shelves)
    least = sum(one.least_share for one in budgets)
    if least > 1 + 1e-9:
        what = f"the least shares of all donors add up to {least:g}, which is above 1"
        frame.faults.add("shares", ("donor",), what, "Lower some of them")
    return Donors(tuple(shelves), tuple(budgets), names)


def _budget(frame: Frame, table: Donor, donor: KnownParty, path: Path) -> Iterator[Budget]:
    if table.budget is None and table.share is None:
        return
    if table.budget is None:
        amount = np.full(len(frame.calendar.budget_years), np.inf)
    else:
        amount = by_year(frame, table.budget, (*path, "budget"), "the budget")
    least, most = table.share or (0.0, 1.0)
    if least > most:
        what = f"the least share {least:g} is above the most {most:g}"
        frame.faults.add("order", (*path, "share"), what, "Write [least, most]")
        return
    here = "budget" if table.budget is not None else "share"
    frame.origins.add("budget", donor.name, (*path, here), source=table.source)
    yield Budget(donor.name, amount, least, most)


def _shelf(
    frame: Frame,
    book: BookFigures,
    demand: Demand,
    table: ShelfTable,
    donor: KnownParty | None,
    path: Path,
) -> Iterator[Shelf]:
    item = frame.names.item(table.item, (*path, "item"))
    recipients = recipients_of(frame, table.recipients, (*path, "recipients"))
    held = table.held if isinstance(table.held, float) else None
    if held is not None and table.reserve > held:
        what = f"the reserve of {table.reserve:,.10g} is above the shelf of {held:,.10g}"
        frame.faults.add("reserve", (*path, "reserve"), what, "Lower it to what is held, or less")
    replenished = frame.rate(table.replenished, table.per, (*path, "replenished"))
    most = frame.cap(table.most, table.per, (*path, "most"))
    if item is None or donor is None:
        return
    name = table.name or f"{donor.name}: {item.name}"
    says = ""
    sources: tuple[str, ...] = ()
    if held is None:
        taken = book.held(item, donor, (*path, "held"))
        if taken is None:
            return
        held, says, sources = float(taken.median[0]), taken.says, taken.sources
        if table.reserve > held:
            what = f"the reserve of {table.reserve:,.10g} is above the {held:,.0f} of the book"
            frame.faults.add("reserve", (*path, "reserve"), what, "Lower it")
    cost = table.cost
    if cost is None:
        cost = _drawing(frame, item, path)
    to = demand.stocks_of(item, recipients)
    if not to:
        useless(frame, path)
        return
    frame.origins.add("shelf", name, (*path, "held"), says, sources, source=table.source)
    delay = frame.calendar.steps_for(table.delay)
    yield Shelf(
        name, donor.name, item.name, held, table.reserve, replenished, most, cost, to, delay
    )


def _drawing(frame: Frame, item: KnownItem, path: Path) -> float:
    share = float(frame.default("drawing"))
    return share * frame.price(item, path) if share else 0.0


def useless(frame: Frame, path: Path) -> None:
    """Warn of what can be given and is of no use."""
    what = "no need of the scenario can be met with it: it is left out"
    frame.faults.add("unused", path, what, warning=True)


def _unlike(frame: Frame, shelves: Sequence[Shelf]) -> None:
    names = [one.name for one in shelves]
    for name in sorted({name for name in names if names.count(name) > 1}):
        what = f"the shelf {name!r} is there twice"
        frame.faults.add("twice", ("donor",), what, "Give one of them a name of its own")
