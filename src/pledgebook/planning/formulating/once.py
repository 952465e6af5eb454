"""What is done once or not at all: expansions and restarts, as yes-or-no columns by step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.formulating.frame import Frame, Spend
from pledgebook.planning.problem import Expansion, Line

__all__ = ["add_expansions", "add_restarts"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def _first_steps(frame: Frame, earliest: int, latest: int, *, any_year: bool) -> list[int]:
    """Return the steps of a window worth looking at: the first, or the first of each year."""
    window = np.arange(max(earliest, 0), min(latest, frame.steps - 1) + 1)
    if not frame.strength.early:
        return [int(step) for step in window]
    if any_year:
        _, first = np.unique(frame.problem.year_of[window], return_index=True)
        window = window[first]
    else:
        window = window[:1]
    return [int(step) for step in window]


def _last(frame: Frame, line: Line, useful: NDArray[np.bool_], delay: int) -> int:
    """Return the last step at which a beginning is of use, `delay` steps later; -1 for none.

    Where donors must spend their share, money spent in vain may be of use too.
    """
    if line.fixed_paid and frame.bands:
        return frame.steps - 1
    return int(np.flatnonzero(useful)[-1]) - delay if useful.any() else -1


def add_expansions(
    frame: Frame, useful: NDArray[np.bool_]
) -> tuple[Indices, Indices, Indices, Floats]:
    """Add the expansions; return columns, lines, first grown steps (-1: none), added capacity.

    What it costs does not depend on the step, and capacity never harms: the first step is as good
    as any. Where budgets pay, the first of each year is.
    """
    found: list[tuple[int, Line, Expansion, list[int]]] = []
    for i, line in enumerate(frame.problem.lines):
        for grow in line.expansions:
            latest = min(grow.latest, _last(frame, line, useful[i], grow.delay))
            steps = _first_steps(frame, grow.earliest, latest, any_year=line.fixed_paid)
            found.append((i, line, grow, steps))
    width = max((len(steps) for *_, steps in found), default=0)
    chosen = np.full((len(found), width), -1, np.int64)
    for j, (*_, steps) in enumerate(found):
        chosen[j, : len(steps)] = steps
    of = np.array([i for i, *_ in found], np.int64)
    delay = np.array([grow.delay for *_, grow, _ in found], np.int64)
    columns = _choices(
        frame,
        "expand",
        [grow.name for *_, grow, _ in found],
        chosen,
        np.array([grow.cost for *_, grow, _ in found]),
    )
    _owe_fixed(frame, columns, of, chosen, np.array([grow.cost for *_, grow, _ in found]))
    first = np.where(columns >= 0, chosen + delay[:, None], -1)
    return columns, of, first, np.array([grow.added for *_, grow, _ in found])


def add_restarts(frame: Frame, useful: NDArray[np.bool_]) -> tuple[Indices, Indices]:
    """Add the restarts; return columns and first running steps, (lines, choices), -1 for none.

    Where a line must then run for a time the step matters, else it is as with expansions.
    """
    lines = frame.problem.lines
    steps: list[list[int]] = []
    for i, line in enumerate(lines):
        again = line.restart
        latest = _last(frame, line, useful[i], again.delay) if again is not None else -1
        if again is not None and again.run > 0 and again.least > 0:
            steps.append(list(range(latest + 1)))
        else:
            steps.append(_first_steps(frame, 0, latest, any_year=line.fixed_paid))
    chosen = np.full((len(lines), max(map(len, steps), default=0)), -1, np.int64)
    for i, found in enumerate(steps):
        chosen[i, : len(found)] = found
    cost = np.array([line.restart.cost if line.restart else 0.0 for line in lines])
    delay = np.array([line.restart.delay if line.restart else 0 for line in lines], np.int64)
    columns = _choices(frame, "restart", [line.name for line in lines], chosen, cost)
    _owe_fixed(frame, columns, np.arange(len(lines)), chosen, cost)
    return columns, np.where(columns >= 0, chosen + delay[:, None], -1)


def _choices(frame: Frame, name: str, keys: list[str], chosen: Indices, cost: Floats) -> Indices:
    """Add yes-or-no columns, of which at most one of a key is yes."""
    columns = frame.builder.columns(
        name, keys, chosen.shape, upper=1.0, cost=cost[:, None], integer=True, where=chosen >= 0
    )
    frame.builder.steps[name] = chosen
    several = (chosen >= 0).sum(1) > 1
    rows = frame.builder.rows(f"{name} once", keys, (len(keys),), upper=1.0, where=several)
    frame.builder.put(rows[:, None], columns)
    return columns


def _owe_fixed(frame: Frame, columns: Indices, on: Indices, chosen: Indices, cost: Floats) -> None:
    paid = np.array([line.fixed_paid for line in frame.problem.lines], bool)[on]
    frame.due.append(
        Spend(
            columns=np.where(paid[:, None], columns, -1),
            on=np.broadcast_to(on[:, None], columns.shape),
            year=frame.problem.year_of[np.maximum(chosen, 0)],
            each=np.broadcast_to(cost[:, None], columns.shape),
        )
    )
