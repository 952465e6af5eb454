"""What is ordered and called: capacity, minimum rates, ramps, expansions, restarts, contracts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pledgebook.planning.formulating.contracts import add_contracts
from pledgebook.planning.formulating.frame import Frame, Move, Spend, stacked
from pledgebook.planning.formulating.once import add_expansions, add_restarts

__all__ = ["Lines", "add_lines"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lines:
    """What later parts need to know of the lines, by line (lines,) or (lines, steps).

    `order` (pairs, steps) are orders at a line's own terms, `order_of` their lines. `most` is what
    a line can make in a step at the very most, `base` what it can without an expansion. `grow`
    (expansions, first steps) are the yes-or-no columns of expansions, `grown` (lines, steps) lists
    those of a line that are done and add capacity by a step.
    """

    order: Indices
    order_of: Indices
    most: Floats
    base: Floats
    grow: Indices
    grow_of: Indices
    grow_from: Indices


@dataclass(frozen=True, slots=True)
class _Works:
    """All that is ordered and called (columns, steps), by line; `most` (lines, steps) of a line."""

    frame: Frame
    every: Indices
    every_of: Indices
    most: Floats

    @property
    def several(self) -> Indices:
        """How many columns each line has in each step."""
        count = np.zeros(self.most.shape, np.int64)
        np.add.at(count, self.every_of, self.every >= 0)
        return count

    def rows(
        self, name: str, where: NDArray[np.bool_], lower: ArrayLike, upper: ArrayLike
    ) -> Indices:
        """Add rows (lines, steps) on what each line makes in all."""
        lines = self.frame.problem.lines
        rows = self.frame.builder.rows(
            name,
            [line.name for line in lines],
            (len(lines), self.frame.steps),
            lower=lower,
            upper=upper,
            unit=np.array([self.frame.units[line.item] for line in lines])[:, None],
            where=where,
        )
        self.frame.builder.put(rows[self.every_of], self.every)
        return rows


def add_lines(frame: Frame) -> Lines:
    """Add orders and calls, and what bounds them; leave moves and what is due in the frame."""
    problem, builder, steps = frame.problem, frame.builder, frame.steps
    lines = problem.lines
    number = {line.name: i for i, line in enumerate(lines)}
    at = np.arange(steps)
    unit = np.array([frame.units[line.item] for line in lines])[:, None]
    lead = np.array([line.lead for line in lines], np.int64)
    # What arrives after the horizon helps no one, and is ordered only where something asks for it.
    useful = _asked(frame)[:, None] | (at + lead[:, None] < steps)
    base = stacked([line.capacity for line in lines], steps) * useful
    grow, grow_of, grow_from, added = add_expansions(frame, useful)
    grown = (grow_from >= 0)[:, :, None] & (at >= grow_from[:, :, None])
    restart, restart_from = add_restarts(frame, useful)
    started = (restart_from >= 0)[:, :, None] & (at >= restart_from[:, :, None])
    most = base.copy()
    np.add.at(most, grow_of, added[:, None] * grown.any(1))
    most = _reached(frame, most * useful, started)

    pairs = [(i, stock) for i, line in enumerate(lines) for stock in dict.fromkeys(line.to)]
    of = np.array([i for i, _ in pairs], np.int64)
    price = stacked([line.price for line in lines], steps)
    order = builder.columns(
        "order",
        [(lines[i].name, stock) for i, stock in pairs],
        (len(pairs), steps),
        upper=most[of],
        cost=price[of],
        unit=unit[of],
        where=most[of] > 0,
    )
    call, call_of, agreed = add_contracts(frame, most)
    called = np.array([number[contract.line] for contract in problem.contracts], np.int64)[call_of]
    works = _Works(frame, np.concatenate([order, call]), np.concatenate([of, called]), most)
    on = _run(works, started, restart)
    _capacity(works, base, on, np.where(grown, grow[:, :, None], -1), grow_of, added)
    _restarted(works, on, started, restart, restart_from)
    _ramp(works, on)

    stock = [frame.stocks[stock] for _, stock in (*pairs, *agreed)]
    weight = np.array([frame.weight_of(line.item) for line in lines])
    frame.moves.append(
        Move(
            columns=works.every,
            stock=np.array(stock, np.int64),
            delay=lead[works.every_of],
            out=lead[works.every_of],
            weight=weight[works.every_of],
        )
    )
    bought = np.concatenate([of, len(lines) + call_of])
    _owe(frame, works.every, works.every_of, bought, price[of], call_of)
    return Lines(order, of, most, base, grow, grow_of, grow_from)


def _reached(frame: Frame, most: Floats, started: NDArray[np.bool_]) -> Floats:
    """Return the most of a step: after a restart, up the ramp, and at the least rate."""
    lines = frame.problem.lines
    idle = np.array([line.restart is not None for line in lines], bool)
    most = np.where(idle[:, None] & ~started.any(1), 0.0, most)
    least = np.array([line.least for line in lines])
    most[most < least[:, None]] = 0.0
    if frame.strength.ramps_in_reach:
        ramp = _ramps(frame)
        for step in range(1, frame.steps):
            reach = np.minimum(most[:, step], most[:, step - 1] + ramp)
            most[:, step] = np.where(reach < least, 0.0, reach)
    return most


def _ramps(frame: Frame) -> Floats:
    return np.array([np.inf if line.ramp is None else line.ramp for line in frame.problem.lines])


def _run(works: _Works, started: NDArray[np.bool_], restart: Indices) -> Indices:
    """Add whether a line runs at all, where it has a least rate; return the columns."""
    builder, most, lines = works.frame.builder, works.most, works.frame.problem.lines
    least = np.array([line.least for line in lines])
    names = [line.name for line in lines]
    on = builder.columns(
        "run", names, most.shape, upper=1.0, integer=True, where=(least[:, None] > 0) & (most > 0)
    )
    rows = works.rows("least rate", on >= 0, 0.0, np.inf)
    builder.put(rows, on, -least[:, None])
    rows = works.rows("run at all", on >= 0, -np.inf, 0.0)
    builder.put(rows, on, -most)
    idle = np.array([line.restart is not None for line in lines], bool)
    rows = builder.rows(
        "restarted before it runs", names, most.shape, upper=0.0, where=idle[:, None] & (on >= 0)
    )
    builder.put(rows, on)
    builder.put(rows[:, None, :], np.where(started, restart[:, :, None], -1), -1.0)
    return on


def _capacity(
    works: _Works,
    base: Floats,
    on: Indices,
    growing: Indices,
    grow_of: Indices,
    added: Floats,
) -> None:
    """Hold what is made to the capacity, with what is grown by then, of a line that runs."""
    builder, most = works.frame.builder, works.most
    grows = np.zeros(most.shape, bool)
    np.logical_or.at(grows, grow_of, (growing >= 0).any(1))
    runs = (on >= 0) & works.frame.strength.capacity_when_it_runs
    # Where nothing grows, a line that may stand still is held by "run at all" already.
    where = (most > 0) & (grows | ((works.several > 1) & ~runs))
    rows = works.rows("capacity", where, -np.inf, np.where(runs, 0.0, base))
    builder.put(rows, np.where(runs, on, -1), -base)
    builder.put(rows[grow_of][:, None, :], growing, -added[:, None, None])


def _restarted(
    works: _Works,
    on: Indices,
    started: NDArray[np.bool_],
    restart: Indices,
    restart_from: Indices,
) -> None:
    """Keep a line idle until it is restarted, and running for its time after that."""
    frame, builder, most = works.frame, works.frame.builder, works.most
    lines, at = frame.problem.lines, np.arange(frame.steps)
    idle = np.array([line.restart is not None for line in lines], bool)
    starting = np.where(started, restart[:, :, None], -1)
    rows = works.rows("idle until restarted", idle[:, None] & (most > 0) & (on < 0), -np.inf, 0.0)
    builder.put(rows[:, None, :], starting, -most[:, None, :])
    run = np.array([line.restart.run if line.restart else 0 for line in lines])
    kept = np.array([line.restart.least if line.restart else 0.0 for line in lines])
    running = started & (at < restart_from[:, :, None] + run[:, None, None])
    rows = works.rows("run after restart", running.any(1) & (kept > 0)[:, None], 0.0, np.inf)
    builder.put(rows[:, None, :], np.where(running, restart[:, :, None], -1), -kept[:, None, None])


def _ramp(works: _Works, on: Indices) -> None:
    """Let orders grow by the ramp; a line whose least rate is above it cannot begin again."""
    frame, builder, most = works.frame, works.frame.builder, works.most
    ramp = _ramps(frame)
    after = np.arange(frame.steps) > 0
    grows = (most > ramp[:, None]) | ((works.several > 1) & np.isfinite(ramp)[:, None])
    rows = works.rows("ramp", after & grows, -np.inf, ramp[:, None])
    builder.put(rows[works.every_of][:, 1:], works.every[:, :-1], -1.0)
    if not frame.strength.ramps_in_reach:
        return
    least = np.array([line.least for line in frame.problem.lines])
    rows = builder.rows(
        "run before",
        [line.name for line in frame.problem.lines],
        most.shape,
        upper=0.0,
        where=after & (on >= 0) & (least > ramp)[:, None],
    )
    builder.put(rows, on)
    builder.put(rows[:, 1:], on[:, :-1], -1.0)


def _asked(frame: Frame) -> NDArray[np.bool_]:
    """Return the lines on which an order may be of use though it arrives too late.

    A restart, or a contract, may bind to it; a donor may have to spend its share; and a rebate on
    what is paid on arrival needs something that is due to lower.
    """
    problem = frame.problem
    taken = {contract.line for contract in problem.contracts if any(contract.take.values())}
    return np.array(
        [
            frame.bands
            or line.name in taken
            or (line.restart is not None and line.restart.run > 0 and line.restart.least > 0)
            or (bool(line.tiers) and line.rebate_paid and line.advance < 1)
            for line in problem.lines
        ],
        bool,
    )


def _owe(
    frame: Frame,
    every: Indices,
    every_of: Indices,
    on: Indices,
    price: Floats,
    call_of: Indices,
) -> None:
    """Leave what orders and calls cost: a share in their own year, the rest on arrival."""
    lines = frame.problem.lines
    at = np.arange(frame.steps)
    advance = np.array([line.advance for line in lines])[every_of][:, None]
    lead = np.array([line.lead for line in lines], np.int64)[every_of][:, None]
    called = np.array([contract.price for contract in frame.problem.contracts])[call_of]
    each = np.concatenate([price, np.broadcast_to(called[:, None], (len(called), frame.steps))])
    shape = every.shape
    for share, step in ((advance, at + 0 * lead), (1.0 - advance, at + lead)):
        frame.due.append(
            Spend(
                columns=every,
                on=np.broadcast_to(on[:, None], shape),
                year=np.broadcast_to(frame.year_at(step), shape),
                each=each * share,
            )
        )
