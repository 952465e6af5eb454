"""From the values of a program's columns to choices and outcomes, by the scenario's names."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.formulating.blocks import Formulation
from pledgebook.planning.formulating.shelves import pools_of
from pledgebook.planning.plan import Choices, Outcome
from pledgebook.planning.problem import Case, Need, Problem

__all__ = ["read_choices", "read_outcomes"]

Floats = NDArray[np.float64]

_DUST = 1e-9
"""What is smaller than this share of a column's unit is the solver's rounding."""


def read_choices(problem: Problem, program: Formulation, values: Floats) -> Choices:
    """Return what is chosen; what is nothing in every step is left out."""
    clean = _clean(program, values)
    drawn: dict[tuple[str, str], Floats] = {}
    pools = {pool.shelves: pool for pool in pools_of(problem)}
    for key, amount in _there(program, clean, "draw"):
        names, stock = cast("tuple[tuple[str, ...], str]", key)
        parts = pools[names].parts if names in pools else np.ones(1)
        for name, part in zip(names, parts, strict=True):
            drawn[name, stock] = part * amount
    called = _by_pair(_there(program, clean, "call"))
    taking = {name for name, _ in called}
    bound = {c.name for c in problem.contracts if c.fixed > 0 or any(c.take.values())}
    sign = program.columns["sign"]
    signed = {
        contract.name: contract.start
        for contract, yes in zip(problem.contracts, sign.values(clean) > 0.5, strict=True)
        if yes and (contract.name in taking or contract.name in bound)
    }
    return Choices(
        drawn=drawn,
        ordered=_by_pair(_there(program, clean, "order")),
        called=called,
        paid=_by_pair(_there(program, clean, "pay")),
        expanded=_done(program, clean, "expand"),
        restarted=_done(program, clean, "restart"),
        signed=signed,
    )


def read_outcomes(problem: Problem, program: Formulation, values: Floats) -> tuple[Outcome, ...]:
    """Return what follows in each case, one without a name where the problem has none."""
    clean = _clean(program, values)
    stock = program.columns["stock"].values(clean)
    serve = program.columns["serve"].values(clean)
    short = program.columns["short"].values(clean)
    pairs = cast("Sequence[tuple[str, str]]", program.second["serve"])
    outcomes = []
    for k, case in enumerate(problem.cases or (Case("", 1.0),)):
        served = {pair: serve[k, i] for i, pair in enumerate(pairs)}
        shortage, first = {}, 0
        for need in problem.needs:
            mine = short[k, first : first + len(need.pieces)]
            first += len(need.pieces)
            shortage[need.name] = mine
            if len(need.met_by) == 1:
                served[need.name, need.met_by[0].stock] = _served(need, case, mine)
        stocks = {one.name: stock[k, i] for i, one in enumerate(problem.stocks)}
        outcomes.append(Outcome(case.name, case.chance, stocks, served, shortage))
    return tuple(outcomes)


def _served(need: Need, case: Case, short: Floats) -> Floats:
    amount = case.amount.get(need.name, need.amount)
    return np.asarray(np.maximum(amount - short.sum(0), 0.0) * need.met_by[0].rate)


def _clean(program: Formulation, values: Floats) -> Floats:
    clean = np.clip(values, program.lower, program.upper)
    clean[np.abs(clean) < _DUST * program.column_unit] = 0.0
    return clean


def _there(program: Formulation, values: Floats, name: str) -> Iterator[tuple[Hashable, Floats]]:
    block = program.columns.get(name)
    if block is None:
        return
    found = block.values(values)
    for key, amount in zip(block.keys, found, strict=True):
        if amount.any():
            yield key, amount


def _by_pair(found: Iterator[tuple[Hashable, Floats]]) -> dict[tuple[str, str], Floats]:
    return {cast("tuple[str, str]", key): amount for key, amount in found}


def _done(program: Formulation, values: Floats, name: str) -> dict[str, int]:
    steps = program.steps[name]
    done = {}
    for i, (key, yes) in enumerate(
        zip(program.columns[name].keys, program.columns[name].values(values) > 0.5, strict=True)
    ):
        if yes.any():
            done[str(key)] = int(steps[i, int(np.argmax(yes))])
    return done
