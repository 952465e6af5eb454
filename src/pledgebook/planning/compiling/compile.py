"""From a scenario file, and a book, to a problem in plain figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pledgebook.forecasting.making import Told
from pledgebook.planning.compiling.book import BookFigures
from pledgebook.planning.compiling.cases import draw_cases
from pledgebook.planning.compiling.compiled import Compiled
from pledgebook.planning.compiling.contracts import compile_contracts
from pledgebook.planning.compiling.frame import Frame
from pledgebook.planning.compiling.lines import compile_lines
from pledgebook.planning.compiling.needs import compile_needs
from pledgebook.planning.compiling.supply import compile_donors, supplied_items
from pledgebook.planning.problem import Problem, Risk
from pledgebook.planning.scenario.loading import ScenarioFile
from pledgebook.planning.scenario.names import Names
from pledgebook.planning.scenario.size import machine_memory, size_of
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["compile_scenario"]


def compile_scenario(
    file: ScenarioFile,
    catalogue: Catalogue,
    told: Told | None = None,
    *,
    memory: float | None = None,
) -> Compiled:
    """Return the problem that a scenario states, with where each part of it comes from.

    `told` is what a book tells, for figures that are to come from it. `memory` in gigabytes goes
    before the scenario's own. Raises ScenarioError with all faults of the file; what a reader must
    know besides is in `notes`.
    """
    scenario, faults = file.scenario, file.faults
    names = Names(scenario, catalogue, faults)
    frame = Frame.of(file, names)
    book = BookFigures(told, frame.calendar, faults)
    supplied = supplied_items(frame)
    demand = compile_needs(frame, book, supplied)
    donors = compile_donors(frame, book, demand)
    lines = compile_lines(frame, demand, donors)
    contracts = compile_contracts(frame, lines, donors)
    problem = Problem(
        steps=frame.calendar.steps,
        year_of=frame.calendar.year_of,
        currency=scenario.currency,
        stocks=demand.stocks,
        needs=demand.needs,
        shelves=donors.shelves,
        lines=lines.lines,
        contracts=contracts,
        budgets=donors.budgets,
        risk=Risk(scenario.risk.weight, scenario.risk.tail),
        lexicographic=scenario.priorities == "lexicographic",
        transport=_transport(frame),
        weight=_weights(frame),
    )
    _meets_anything(frame, problem)
    _fits(frame, problem, memory)
    faults.stop()
    problem = replace(problem, cases=draw_cases(demand.uncertain, scenario.cases))
    _without_spread(frame, problem)
    return Compiled(
        problem=problem,
        file=file.source,
        title=scenario.title,
        days=frame.calendar.days,
        step=scenario.horizon.step,
        years=frame.calendar.year_names,
        units=names.units,
        origins=frame.origins.found,
        notes=tuple(str(one) for one in faults.warnings),
    )


def _transport(frame: Frame) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    told = frame.scenario.transport
    if told is None:
        return None
    path = ("transport", "capacity")
    frame.origins.add("transport", "transport", path)
    return frame.rate(told.capacity, told.per, path)


def _weights(frame: Frame) -> Mapping[str, float]:
    """Return the weight of a unit of each item that is moved, where it is needed."""
    if frame.scenario.transport is None:
        return {}
    found = {}
    for key in sorted(supplied_items(frame)):
        item, table = frame.names.by_key(key), frame.names.tables.get(key)
        if item is None:
            continue
        if table is None or table.weight is None:
            what = f"the weight of {item.name} is not known, and transport is bounded"
            mend = f'Add it to [[item]] with name = "{item.name}"'
            frame.faults.add("no-weight", ("transport",), what, mend)
            continue
        found[item.name] = table.weight
    return found


def _meets_anything(frame: Frame, problem: Problem) -> None:
    there = any(one.opening > 0 or one.arriving.any() for one in problem.stocks)
    if not (there or problem.shelves or problem.lines or frame.faults.errors):
        what = "there is nothing to meet the needs with"
        mend = "Add a [[line]], a [[donor]] with a shelf, or a [[stock]]"
        frame.faults.add("no-supply", ("need",), what, mend)
    for number, need in enumerate(problem.needs):
        told = {key for kind, key in frame.origins.found if kind == "stock"}
        if not told & {other.stock for other in need.met_by}:
            what = f"what {need.recipient} holds of {need.item} is not said: none is counted on"
            mend = "Say it in a [[stock]]; an opening of 0 says that there is none"
            frame.faults.add("unknown-stock", ("need", number), what, mend, warning=True)


def _fits(frame: Frame, problem: Problem, memory: float | None) -> None:
    """Refuse a scenario that is too large for the memory, before it is built."""
    own = memory if memory is not None else frame.scenario.memory
    given = machine_memory() if own is None else own * 1e9
    size = size_of(problem, frame.scenario.cases.number)
    if size.bytes > given:
        what = (
            f"the scenario is too large for {given / 1e9:,.3g} GB: about {size.columns:,} columns "
            f"and {size.rows:,} rows, which take {size.bytes / 1e9:,.3g} GB"
        )
        mend = "Take fewer cases, quarters for months, or a shorter horizon; or raise `memory`"
        path = ("memory",) if ("memory",) in frame.faults.lines else ("horizon",)
        frame.faults.add("too-large", path, what, mend)


def _without_spread(frame: Frame, problem: Problem) -> None:
    if frame.scenario.cases.number > 1 and not problem.cases:
        what = "nothing in the scenario is uncertain: it is planned for one course"
        mend = "Give needs a spread, take them from a book, or add commitments with chances"
        frame.faults.add("certain", ("cases",), what, mend, warning=True)
