"""What is called on a contract: nothing unless it is signed, and then at least what it binds to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.formulating.frame import Frame, Spend, stacked

__all__ = ["add_contracts"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def add_contracts(frame: Frame, most: Floats) -> tuple[Indices, Indices, list[tuple[int, str]]]:
    """Add the signing of contracts and the calls on them; return calls, contracts and pairs."""
    problem, builder = frame.problem, frame.builder
    contracts, steps = problem.contracts, frame.steps
    number = {line.name: i for i, line in enumerate(problem.lines)}
    line_of = np.array([number[contract.line] for contract in contracts], np.int64)
    at = np.arange(steps)
    names = [contract.name for contract in contracts]
    fixed = np.array([contract.fixed for contract in contracts])
    binds = [
        contract.fixed > 0 or contract.least_buyers > 1 or any(contract.take.values())
        for contract in contracts
    ]
    sign = builder.columns(
        "sign",
        names,
        (len(names),),
        lower=~np.array(binds, bool),
        upper=1.0,
        cost=fixed,
        integer=True,
    )
    start = np.array([contract.start for contract in contracts], np.int64)
    _owe_signing(frame, sign, line_of, start, fixed)
    opened = np.minimum(stacked([contract.most for contract in contracts], steps), most[line_of])
    opened *= at >= start[:, None]
    price = np.array([contract.price for contract in contracts])
    frame.contract_cost = opened.sum(1) * price + fixed
    pairs = [
        (i, stock)
        for i, contract in enumerate(contracts)
        for stock in dict.fromkeys(problem.lines[number[contract.line]].to)
    ]
    of = np.array([i for i, _ in pairs], np.int64)
    unit = np.array([frame.units[problem.lines[i].item] for i in line_of])[:, None]
    call = builder.columns(
        "call",
        [(names[i], stock) for i, stock in pairs],
        (len(pairs), steps),
        upper=opened[of],
        cost=price[of][:, None],
        unit=unit[of],
        where=opened[of] > 0,
    )
    rows = builder.rows("contract", names, opened.shape, upper=0.0, unit=unit, where=opened > 0)
    builder.put(rows[of], call)
    builder.put(rows, sign[:, None], -opened)
    takes = [
        (i, year, take)
        for i, c in enumerate(contracts)
        for year, take in c.take.items()
        if take > 0
    ]
    rows = builder.rows(
        "least take",
        [(names[i], year) for i, year, _ in takes],
        (len(takes),),
        lower=0.0,
        unit=[unit[i, 0] for i, *_ in takes],
    )
    for row, (i, year, take) in zip(rows, takes, strict=True):
        builder.put(row, call[of == i][:, problem.year_of == year])
        builder.put(row, sign[i], -take)
    return call, of, pairs


def _owe_signing(
    frame: Frame, sign: Indices, line_of: Indices, start: Indices, fixed: Floats
) -> None:
    lines = frame.problem.lines
    paid = np.array([line.fixed_paid for line in lines], bool)[line_of]
    frame.due.append(
        Spend(
            columns=np.where(paid, sign, -1),
            on=len(lines) + np.arange(len(sign)),
            year=frame.problem.year_of[start],
            each=fixed,
        )
    )
