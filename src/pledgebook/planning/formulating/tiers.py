"""Price breaks: what is ordered in a period, by tier, and yes-or-no columns that keep their order.

The incremental formulation (a tier is opened when the one before is full) is sharp: without the
yes-or-no columns it is the convex hull of each period's cost curve. What tightens it further is
how much a line can make in a period: tiers beyond that are left out, and tiers that only a grown
line reaches are tied to the expansion.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.formulating.frame import Frame, Spend
from pledgebook.planning.formulating.lines import Lines

__all__ = ["add_tiers"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def periods(year_of: Indices, length: int) -> Indices:
    """Return the period of price breaks of each step: counted anew from each year's first step."""
    _, first = np.unique(year_of, return_index=True)
    since = np.arange(len(year_of)) - np.repeat(first, np.diff(first, append=len(year_of)))
    return np.asarray(np.cumsum(since % length == 0) - 1, np.int64)


def add_tiers(frame: Frame, made: Lines) -> None:
    """Add the tiers of every line that has price breaks, and its rebates to what is due."""
    problem, builder, steps = frame.problem, frame.builder, frame.steps
    of = np.array([i for i, line in enumerate(problem.lines) if line.tiers], np.int64)
    if not of.size:
        return
    lines = [problem.lines[i] for i in of]
    period = np.stack([periods(problem.year_of, line.tier_steps) for line in lines])
    deep, count = max(len(line.tiers) for line in lines), int(period.max()) + 1
    shape = (len(lines), count, deep)
    width, rebate = np.zeros(shape), np.zeros(shape)
    for i, line in enumerate(lines):
        width[i, :, : len(line.tiers)] = [tier.width for tier in line.tiers]
        rebate[i, :, : len(line.tiers)] = [tier.rebate for tier in line.tiers]
    first = np.stack([np.searchsorted(row, np.arange(count)) for row in period])
    last = np.stack([np.searchsorted(row, np.arange(count), side="right") - 1 for row in period])
    first = np.minimum(first, steps - 1)
    most = _in_period(made.most[of], period, count)
    base = _in_period(made.base[of], period, count)
    below = np.zeros(shape)
    below[:, :, 1:] = np.cumsum(width, axis=2)[:, :, :-1]
    room = np.minimum(width, most[:, :, None])
    if frame.strength.tiers_in_reach:
        room = np.minimum(room, np.maximum(most[:, :, None] - below, 0.0))
    # A period that ends in its first tier at the full price needs no tiers, but its bound.
    plain = ((room > 0).sum(2) <= 1) & (rebate[:, :, 0] == 0)
    bounded = plain & (most > width.sum(2))
    names = [line.name for line in lines]
    unit = np.array([frame.units[line.item] for line in lines])[:, None]
    price = np.array([line.price for line in lines])
    gain = rebate * np.take_along_axis(price, first, axis=1)[:, :, None]
    there = (room > 0) & ~plain[:, :, None]
    part = builder.columns(
        "tier", names, shape, upper=room, cost=-gain, unit=unit[:, :, None], where=there
    )
    opened = there.copy()
    opened[:, :, 0] = False
    on = builder.columns("tier open", names, shape, upper=1.0, integer=True, where=opened)

    split = ~plain & there.any(2)
    rows = builder.rows(
        "tiers",
        names,
        shape[:2],
        lower=np.where(split, 0.0, -np.inf),
        upper=np.where(split, 0.0, width.sum(2)),
        unit=unit,
        where=split | bounded,
    )
    place = np.full(len(problem.lines), -1, np.int64)
    place[of] = np.arange(len(of))
    tiered = place[made.order_of]
    in_rows = np.where(tiered[:, None] >= 0, rows[tiered[:, None], period[tiered]], -1)
    builder.put(in_rows, made.order)
    builder.put(rows[:, :, None], part, -1.0)

    rows = builder.rows("tier opened", names, shape, upper=0.0, unit=unit[:, :, None], where=opened)
    builder.put(rows, part)
    builder.put(rows, on, -room)
    full = opened[:, :, 1:]
    rows = builder.rows(
        "tier before full", names, full.shape, upper=0.0, unit=unit[:, :, None], where=full
    )
    builder.put(rows, on[:, :, 1:], np.where(full, width[:, :, :-1], 0.0))
    builder.put(rows, part[:, :, :-1], -1.0)
    if frame.strength.tiers_need_growth:
        _need_growth(frame, made, of, last, part, on, room, base[:, :, None] - below)

    advance = np.array([line.advance for line in lines])[:, None, None]
    lead = np.array([line.lead for line in lines])[:, None]
    paid = np.array([line.rebate_paid for line in lines])[:, None, None]
    for share, step in ((advance, last), (1.0 - advance, last + lead)):
        frame.due.append(
            Spend(
                columns=np.where(paid, part, -1),
                on=np.broadcast_to(of[:, None, None], shape),
                year=np.broadcast_to(frame.year_at(step)[:, :, None], shape),
                each=-gain * share,
            )
        )


def _need_growth(
    frame: Frame,
    made: Lines,
    of: Indices,
    last: Indices,
    part: Indices,
    on: Indices,
    room: Floats,
    ungrown: Floats,
) -> None:
    """Tie tiers to growth: `ungrown` is what a line fills of each without an expansion."""
    builder = frame.builder
    names = [frame.problem.lines[i].name for i in of]
    reach = np.clip(ungrown, 0.0, room)
    place = np.full(len(frame.problem.lines), -1, np.int64)
    place[of] = np.arange(len(of))
    tiered = place[made.grow_of]
    keep = tiered >= 0
    tiered, grow, since = tiered[keep], made.grow[keep], made.grow_from[keep]
    # (expansions, periods, choices) that are done by the end of the period.
    done = (since >= 0)[:, None, :] & (since[:, None, :] <= last[tiered][:, :, None])
    grown = np.where(done, grow[:, None, :], -1)
    some = np.zeros(on.shape[:2], bool)
    np.logical_or.at(some, tiered, done.any(2))
    where = (on >= 0) & some[:, :, None] & (reach < room)
    beyond = builder.rows(
        "tier needs growth", names, on.shape, upper=0.0, where=where & (reach <= 0)
    )
    builder.put(beyond, on)
    builder.put(beyond[tiered][..., None], grown[:, :, None, :], -1.0)
    unit = np.array([frame.units[frame.problem.lines[i].item] for i in of])[:, None, None]
    partly = builder.rows(
        "tier filled by growth", names, on.shape, upper=0.0, unit=unit, where=where & (reach > 0)
    )
    builder.put(partly, part)
    builder.put(partly, on, -reach)
    builder.put(partly[tiered][..., None], grown[:, :, None, :], -(room - reach)[tiered][..., None])


def _in_period(values: Floats, period: Indices, count: int) -> Floats:
    """Return (lines, steps) summed over each line's periods, (lines, count)."""
    summed = np.zeros((len(values), count))
    np.add.at(summed, (np.arange(len(values))[:, None], period), values)
    return summed
