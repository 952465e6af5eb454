"""What is drawn from shelves: by shelf, stock and step, but one where shelves differ in nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.formulating.frame import Frame, Move, Spend
from pledgebook.planning.problem import Problem, Shelf

__all__ = ["Pool", "add_shelves", "pools_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pool:
    """Shelves that differ in nothing but their size: a draw on them is split by `parts`.

    `room` (steps,) is what may be drawn up to the end of each step, `most` (steps,) in one.
    """

    shelves: tuple[str, ...]
    parts: Floats
    like: Shelf
    room: Floats
    most: Floats


def pools_of(problem: Problem, *, pooled: bool = True) -> list[Pool]:
    """Return the shelves that hold something to give, those of equal terms as one.

    Shelves of one item, destination, delay and cost are one where the same donor's budget, or no
    budget, pays, and what each may give by a step and in a step is the same share of its whole:
    whatever can be drawn from them together can be drawn from each by its share, and back.
    """
    bound = {budget.donor for budget in problem.budgets}
    groups: dict[object, list[tuple[Shelf, Floats, Floats]]] = {}
    for shelf in problem.shelves:
        room = np.maximum(shelf.held - shelf.reserve + np.cumsum(shelf.replenished), 0.0)
        # Replenishment never falls, so that room is all there is to give at last.
        whole = room[-1]
        most = np.minimum(np.minimum(shelf.most, whole), room)
        if whole <= 0 or not most.any():
            continue
        profile = (np.round(room / whole, 12).tobytes(), np.round(most / whole, 12).tobytes())
        donor = shelf.donor if shelf.donor in bound else None
        terms = (donor, shelf.item, frozenset(shelf.to), shelf.delay, shelf.cost, profile)
        key = terms if pooled else shelf.name
        groups.setdefault(key, []).append((shelf, room, most))
    pools = []
    for group in groups.values():
        sizes = np.array([room[-1] for _, room, _ in group])
        pools.append(
            Pool(
                shelves=tuple(shelf.name for shelf, _, _ in group),
                parts=sizes / sizes.sum(),
                like=group[0][0],
                room=np.sum([room for _, room, _ in group], axis=0),
                most=np.sum([most for _, _, most in group], axis=0),
            )
        )
    return pools


def add_shelves(frame: Frame) -> list[Pool]:
    """Add the draws, and the rows that hold them to what is there; return the pools."""
    builder, steps = frame.builder, frame.steps
    pools = pools_of(frame.problem, pooled=frame.strength.pooled)
    if not pools:
        return pools
    at = np.arange(steps)
    room = np.stack([pool.room for pool in pools])
    most = np.stack([pool.most for pool in pools])
    delay = np.array([pool.like.delay for pool in pools])
    unit = np.array([frame.units[pool.like.item] for pool in pools])[:, None]
    # What comes too late helps no one, but may be a way for a donor to spend its share.
    most = most * (frame.bands | (at + delay[:, None] < steps))
    pairs = [(i, stock) for i, pool in enumerate(pools) for stock in dict.fromkeys(pool.like.to)]
    of = np.array([i for i, _ in pairs])
    price = np.array([pool.like.cost for pool in pools])[of]
    draw = builder.columns(
        "draw",
        [(pools[i].shelves, stock) for i, stock in pairs],
        (len(pairs), steps),
        upper=most[of],
        cost=price[:, None],
        unit=unit[of],
        where=most[of] > 0,
    )
    names = [pool.shelves for pool in pools]
    several = np.bincount(of, minlength=len(pools)) > 1
    in_step = builder.rows(
        "drawn in a step",
        names,
        most.shape,
        upper=most,
        unit=unit,
        where=several[:, None] & (most > 0),
    )
    builder.put(in_step[of], draw)
    grows = room[:, -1] > room[:, 0]
    in_all = builder.rows(
        "drawn in all",
        names,
        (len(pools),),
        upper=room[:, -1],
        unit=unit[:, 0],
        where=~grows & (most.sum(1) > room[:, -1]),
    )
    builder.put(in_all[of][:, None], draw)
    left = builder.columns("left", names, room.shape, unit=unit, where=grows[:, None])
    came = np.diff(room, axis=1, prepend=0.0)
    chain = builder.rows(
        "left", names, room.shape, lower=came, upper=came, unit=unit, where=grows[:, None]
    )
    builder.put(chain, left)
    builder.put(chain[:, 1:], left[:, :-1], -1.0)
    builder.put(chain[of], draw)
    items = [pools[i].like.item for i in of]
    frame.moves.append(
        Move(
            columns=draw,
            stock=np.array([frame.stocks[stock] for _, stock in pairs]),
            delay=delay[of],
            out=np.zeros(len(pairs), np.int64),
            weight=np.array([frame.weight_of(item) for item in items]),
        )
    )
    donor = np.array([frame.donors[pool.like.donor] for pool in pools])
    frame.drawn_by.append(
        Spend(
            columns=draw,
            on=np.broadcast_to(donor[of][:, None], draw.shape),
            year=np.broadcast_to(frame.problem.year_of, draw.shape),
            each=np.broadcast_to(price[:, None], draw.shape),
        )
    )
    return pools
