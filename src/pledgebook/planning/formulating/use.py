"""What follows in each case: stocks, what needs are met from, what stays short, and the risk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.formulating.frame import Frame

__all__ = ["add_transport", "add_use"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def add_use(frame: Frame) -> None:
    """Add stocks, use and shortage by case (cases first), their balances, and what risk weighs."""
    builder, cases, steps = frame.builder, frame.cases, frame.steps
    stocks, needs = frame.problem.stocks, frame.problem.needs
    chance = np.array([case.chance for case in cases])
    names = [case.name for case in cases]
    opening = np.array([[c.opening.get(s.name, s.opening) for s in stocks] for c in cases])
    arriving = np.array([[c.arriving.get(s.name, s.arriving) for s in stocks] for c in cases])
    amount = np.array([[c.amount.get(n.name, n.amount) for n in needs] for c in cases], float)
    holding = np.array([stock.holding for stock in stocks])
    unit = np.array([frame.units[stock.item] for stock in stocks])
    shape = (len(cases), len(stocks), steps)
    stock = builder.columns(
        "stock",
        names,
        shape,
        cost=chance[:, None, None] * holding[:, None],
        unit=unit[:, None],
    )
    comes = np.array(arriving, float).reshape(shape)
    comes[:, :, 0] += opening
    direct = _met_by_one(frame)
    place = np.array([frame.stocks[n.met_by[0].stock] if n.met_by else -1 for n in needs], np.int64)
    rate = np.array([need.met_by[0].rate if need.met_by else 1.0 for need in needs])
    used = np.zeros(shape)
    for i in np.flatnonzero(direct).tolist():
        used[:, place[i]] += amount[:, i] * rate[i]
    balance = builder.rows(
        "balance", names, shape, lower=used - comes, upper=used - comes, unit=unit[:, None]
    )
    builder.put(balance, stock, -1.0)
    builder.put(balance[:, :, 1:], stock[:, :, :-1])
    _arrivals(frame, balance)

    pieces = [(i, piece) for i, need in enumerate(needs) for piece in need.pieces]
    of = np.array([i for i, _ in pieces], np.int64)
    share = np.array([piece.share for _, piece in pieces])
    price = np.array([piece.cost for _, piece in pieces])
    size = np.array([frame.units[need.item] for need in needs])
    most = share[:, None] * amount[:, of]
    short = builder.columns(
        "short",
        names,
        most.shape,
        upper=most,
        cost=chance[:, None, None] * price[:, None] * (1.0 - frame.problem.risk.weight),
        unit=size[of][:, None],
        where=most > 0,
    )
    builder.put(balance[:, place[of]], np.where(direct[of][:, None], short, -1), rate[of][:, None])
    _shared(frame, balance, short, of, amount, ~direct)
    cost = np.broadcast_to(price[:, None], most.shape)
    _risk(frame, short, cost, (cost * most).sum((1, 2)), chance)
    if frame.problem.lexicographic:
        _classes(frame, short, cost * chance[:, None, None], of)


def add_transport(frame: Frame) -> None:
    """Bound what sets out in each step."""
    transport, builder, steps = frame.problem.transport, frame.builder, frame.steps
    if transport is None:
        return
    rows = builder.rows("transport", ["transport"], (1, steps), upper=transport)
    padded = np.append(rows[0], -1)
    for move in frame.moves:
        step = np.minimum(np.arange(steps) + move.out[:, None], steps)
        builder.put(padded[step], move.columns, move.weight[:, None])


def _met_by_one(frame: Frame) -> NDArray[np.bool_]:
    """Return which needs are met from one stock alone: what they use follows from the shortage."""
    return np.array([len(need.met_by) == 1 for need in frame.problem.needs], bool)


def _arrivals(frame: Frame, balance: Indices) -> None:
    """Bring what is drawn and ordered into the balances; by one column a step with many cases."""
    builder, steps = frame.builder, frame.steps
    padded = np.concatenate([balance, np.full((*balance.shape[:2], 1), -1)], axis=2)
    if len(frame.cases) > 1:
        stocks = frame.problem.stocks
        names = [stock.name for stock in stocks]
        unit = np.array([frame.units[stock.item] for stock in stocks])[:, None]
        shape = (len(stocks), steps)
        inflow = builder.columns("inflow", names, shape, unit=unit)
        builder.put(balance, inflow)
        rows = builder.rows("inflow", names, shape, lower=0.0, upper=0.0, unit=unit)
        builder.put(rows, inflow, -1.0)
        padded = np.concatenate([rows, np.full((len(stocks), 1), -1)], axis=1)[None]
    for move in frame.moves:
        step = np.minimum(np.arange(steps) + move.delay[:, None], steps)
        builder.put(padded[0][move.stock[:, None], step], move.columns)


def _shared(
    frame: Frame,
    balance: Indices,
    short: Indices,
    of: Indices,
    amount: Floats,
    several: NDArray[np.bool_],
) -> None:
    """Add use by stock for needs that several stocks, or none, can meet."""
    builder, needs = frame.builder, frame.problem.needs
    pairs = [(i, other) for i in np.flatnonzero(several).tolist() for other in needs[i].met_by]
    need = np.array([i for i, _ in pairs], np.int64)
    stock = np.array([frame.stocks[other.stock] for _, other in pairs], np.int64)
    rate = np.array([other.rate for _, other in pairs])
    unit = np.array([frame.units[frame.problem.stocks[i].item] for i in stock])
    names = [case.name for case in frame.cases]
    most = amount[:, need] * rate[:, None]
    serve = builder.columns(
        "serve", names, most.shape, upper=most, unit=unit[:, None], where=most > 0
    )
    builder.second["serve"] = tuple((needs[i].name, other.stock) for i, other in pairs)
    builder.put(balance[:, stock], serve, -1.0)
    size = np.array([frame.units[one.item] for one in needs])
    rows = builder.rows(
        "met",
        names,
        amount.shape,
        lower=amount,
        upper=amount,
        unit=size[:, None],
        where=several[:, None] & (amount > 0),
    )
    builder.put(rows[:, need], serve, 1.0 / rate[:, None])
    builder.put(rows[:, of], np.where(several[of][:, None], short, -1))


def _risk(frame: Frame, short: Indices, cost: Floats, worst: Floats, chance: Floats) -> None:
    """Weigh the mean of the worst cases: Rockafellar and Uryasev's linear form (2000).

    The mean over the worst share `tail` is the least, over a level, of the level and the mean
    excess above it divided by `tail`. `worst` is the most that shortage can cost in each case.
    """
    risk, builder, names = frame.problem.risk, frame.builder, [case.name for case in frame.cases]
    if risk.weight <= 0:
        return
    level = builder.columns(
        "level", ["level"], (1,), upper=worst.max(), cost=risk.weight, unit=frame.money
    )
    excess = builder.columns(
        "excess",
        names,
        (len(names),),
        upper=worst,
        cost=risk.weight * chance / risk.tail,
        unit=frame.money,
    )
    rows = builder.rows("excess", names, (len(names),), lower=0.0, unit=frame.money)
    builder.put(rows, excess)
    builder.put(rows, level)
    builder.put(rows[:, None, None], short, -cost)


def _classes(frame: Frame, short: Indices, cost: Floats, of: Indices) -> None:
    """Add a row a priority class: what its shortage costs on the mean, bounded one by one later."""
    builder, needs = frame.builder, frame.problem.needs
    priority = np.array([need.priority for need in needs])[of]
    classes = sorted(set(priority.tolist()))
    rows = builder.rows("class", classes, (len(classes),), unit=frame.money)
    for row, each in zip(rows, classes, strict=True):
        mine = priority == each
        builder.put(row, short[:, mine], cost[:, mine])
