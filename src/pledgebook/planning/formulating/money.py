"""Who pays: payments by donor, line or contract, and year; budgets; shares; joint purchases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.formulating.frame import Frame, Spend
from pledgebook.planning.problem import Contract, Line

__all__ = ["add_money"]

Indices = NDArray[np.int64]


def add_money(frame: Frame) -> None:
    """Add payments of what is due, and the rows on what donors spend."""
    problem, builder, years = frame.problem, frame.builder, frame.problem.years
    bought: list[Line | Contract] = [*problem.lines, *problem.contracts]
    payers = [frame.payers(thing.buyers) for thing in bought]
    closed = np.array([who is not None for who in payers], bool)
    owed = np.zeros((len(bought), years), bool)
    for spend in frame.due:
        there = (spend.columns >= 0) & (spend.year >= 0)
        owed[spend.on[there], spend.year[there]] = True
    owed &= closed[:, None]
    pairs = [(donor, i) for i, who in enumerate(payers) for donor in who or ()]
    of = np.array([i for _, i in pairs], np.int64)
    pay = builder.columns(
        "pay",
        [(donor, bought[i].name) for donor, i in pairs],
        (len(pairs), years),
        unit=frame.money,
        where=owed[of],
    )
    names = [thing.name for thing in bought]
    rows = builder.rows(
        "paid", names, owed.shape, lower=0.0, upper=0.0, unit=frame.money, where=owed
    )
    builder.put(rows[of], pay)
    for spend in frame.due:
        at = np.where(spend.year >= 0, rows[spend.on, spend.year], -1) if rows.size else -1
        builder.put(at, spend.columns, -spend.each)
    donor = np.array([frame.donors[name] for name, _ in pairs], np.int64)
    spends = [
        Spend(
            columns=pay,
            on=np.broadcast_to(donor[:, None], pay.shape),
            year=np.broadcast_to(np.arange(years), pay.shape),
            each=np.ones(pay.shape),
        ),
        *frame.drawn_by,
    ]
    _budgets(frame, spends)
    _shares(frame, spends)
    _joint(frame, pay, of, pairs)


def _budgets(frame: Frame, spends: list[Spend]) -> None:
    budgets, builder = frame.problem.budgets, frame.builder
    if not budgets:
        return
    amount = np.stack([budget.amount for budget in budgets]).astype(float)
    rows = builder.rows(
        "budget", [budget.donor for budget in budgets], amount.shape, upper=amount, unit=frame.money
    )
    place = np.full(len(frame.donors), -1, np.int64)
    place[[frame.donors[budget.donor] for budget in budgets]] = np.arange(len(budgets))
    for spend in spends:
        at = place[spend.on]
        builder.put(np.where(at >= 0, rows[at, spend.year], -1), spend.columns, spend.each)


def _shares(frame: Frame, spends: list[Spend]) -> None:
    """Bound each donor's share of all spending, by way of one column for what each spends."""
    builder = frame.builder
    bands = [b for b in frame.problem.budgets if b.least_share > 0 or b.most_share < 1]
    if not bands:
        return
    names = list(frame.donors)
    spent = builder.columns("spent", names, (len(names),), unit=frame.money)
    rows = builder.rows("spent", names, (len(names),), lower=0.0, upper=0.0, unit=frame.money)
    builder.put(rows, spent)
    for spend in spends:
        builder.put(rows[spend.on], spend.columns, -spend.each)
    whole = builder.columns("spent by all", ["all"], (1,), unit=frame.money)
    row = builder.rows("spent by all", ["all"], (1,), lower=0.0, upper=0.0, unit=frame.money)
    builder.put(row, whole)
    builder.put(row, spent, -1.0)
    at = spent[[frame.donors[band.donor] for band in bands]]
    for name, shares, sign in (
        ("least share", np.array([band.least_share for band in bands]), -1.0),
        ("most share", np.array([band.most_share for band in bands]), 1.0),
    ):
        binds = shares > 0 if sign < 0 else shares < 1
        rows = builder.rows(
            name,
            [band.donor for band in bands],
            (len(bands),),
            upper=0.0,
            unit=frame.money,
            where=binds,
        )
        builder.put(rows, at, sign)
        builder.put(rows, whole, -sign * shares)


def _joint(frame: Frame, pay: Indices, of: Indices, pairs: list[tuple[str, int]]) -> None:
    """Have enough buyers pay their part of a joint purchase that is signed."""
    problem, builder = frame.problem, frame.builder
    lines = len(problem.lines)
    joint = [i for i, contract in enumerate(problem.contracts) if contract.least_buyers > 1]
    if not joint:
        return
    sign = builder.columns_found["sign"].index
    names = [problem.contracts[i].name for i in joint]
    member = [(k, pair) for k, i in enumerate(joint) for pair in np.flatnonzero(of == lines + i)]
    contract = np.array([k for k, _ in member], np.int64)
    pair = np.array([p for _, p in member], np.int64)
    takes_part = builder.columns(
        "takes part",
        [(pairs[p][0], names[k]) for k, p in member],
        (len(member),),
        upper=1.0,
        integer=True,
    )
    least = np.array([problem.contracts[i].least_buyers for i in joint])
    rows = builder.rows("enough buyers", names, (len(joint),), lower=0.0)
    builder.put(rows[contract], takes_part)
    builder.put(rows, sign[joint], -least)
    # Who takes part pays its share of the whole, at the most all that the contract can cost.
    share = np.array([problem.contracts[i].least_part for i in joint])[contract]
    whole = frame.contract_cost[joint][contract]
    parts = builder.rows(
        "part of each",
        [(pairs[p][0], names[k]) for k, p in member],
        (len(member),),
        lower=-share * whole,
        unit=frame.money,
    )
    builder.put(parts[:, None], pay[pair])
    builder.put(parts, takes_part, -share * whole)
    for k, i in enumerate(joint):
        mine = parts[contract == k]
        builder.put(mine[:, None], pay[of == lines + i].ravel(), -share[contract == k][:, None])
