"""Small planning problems, made from what a test is about and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pledgebook.planning.problem import (
    Budget,
    Case,
    Contract,
    Line,
    Need,
    Problem,
    Shelf,
    ShortPiece,
    Stock,
    Substitute,
)

STEPS = 4
SHELLS = "shells"


def steps_of(value: ArrayLike, steps: int = STEPS) -> NDArray[np.float64]:
    """Return a figure for each step: one for all, or those given."""
    return np.broadcast_to(np.asarray(value, float), (steps,)).copy()


def stock(name: str = SHELLS, *, opening: float = 0.0, holding: float = 0.0) -> Stock:
    """Return a stock that nothing arrives in by itself."""
    return Stock(name, "UKR", name, opening, holding, steps_of(0.0))


def need(
    amount: ArrayLike,
    *,
    name: str = "front",
    cost: float = 100.0,
    pieces: Sequence[tuple[float, float]] | None = None,
    met_by: Sequence[tuple[str, float]] = ((SHELLS, 1.0),),
    priority: int = 1,
) -> Need:
    """Return a need of shells, short at one cost unless pieces (share, cost) are given."""
    parts = ((1.0, cost),) if pieces is None else pieces
    return Need(
        name=name,
        recipient="UKR",
        item=met_by[0][0],
        amount=steps_of(amount),
        pieces=tuple(ShortPiece(share, price) for share, price in parts),
        met_by=tuple(Substitute(other, rate) for other, rate in met_by),
        priority=priority,
    )


def shelf(
    held: float,
    *,
    name: str = "depot",
    donor: str = "NOR",
    cost: float = 1.0,
    reserve: float = 0.0,
    most: float = np.inf,
    replenished: ArrayLike = 0.0,
    delay: int = 0,
    to: tuple[str, ...] = (SHELLS,),
) -> Shelf:
    """Return a shelf of shells."""
    return Shelf(
        name=name,
        donor=donor,
        item=SHELLS,
        held=held,
        reserve=reserve,
        replenished=steps_of(replenished),
        most=steps_of(most),
        cost=cost,
        to=to,
        delay=delay,
    )


def line(capacity: ArrayLike = 10.0, *, name: str = "works", price: ArrayLike = 10.0) -> Line:
    """Return a line of shells without lead time; `replace` gives it what a test needs."""
    return Line(
        name=name,
        item=SHELLS,
        maker="Nammo",
        price=steps_of(price),
        capacity=steps_of(capacity),
        lead=0,
        to=(SHELLS,),
    )


def contract(*, price: float = 8.0, most: float = 10.0, fixed: float = 0.0) -> Contract:
    """Return a framework contract on the works that Norway and Denmark may use."""
    return Contract(
        name="framework",
        line="works",
        kind="framework",
        price=price,
        fixed=fixed,
        start=0,
        most=steps_of(most),
        take={},
        buyers=("NOR", "DNK"),
    )


def problem(
    *needs: Need,
    stocks: Sequence[Stock] = (),
    shelves: Sequence[Shelf] = (),
    lines: Sequence[Line] = (),
    contracts: Sequence[Contract] = (),
    budgets: Sequence[Budget] = (),
    cases: Sequence[Case] = (),
    **rest: object,
) -> Problem:
    """Return a problem of four steps in two years."""
    made = Problem(
        steps=STEPS,
        year_of=np.array([0, 0, 1, 1]),
        currency="EUR",
        stocks=list(stocks) or [stock()],
        needs=needs,
        shelves=shelves,
        lines=lines,
        contracts=contracts,
        budgets=budgets,
        cases=cases,
    )
    return replace(made, **rest)  # type: ignore[arg-type]


def budget(donor: str, *amount: float, least: float = 0.0, most: float = 1.0) -> Budget:
    """Return what a donor may spend in each of the two years."""
    return Budget(donor, np.array(amount), least, most)


def in_other_units(given: Problem, units: float, money: float) -> Problem:
    """Return the same problem with amounts counted in `units` times as many, money likewise."""
    price = money / units

    def line_of(one: Line) -> Line:
        again = one.restart
        return replace(
            one,
            price=one.price * price,
            capacity=one.capacity * units,
            least=one.least * units,
            ramp=None if one.ramp is None else one.ramp * units,
            tiers=tuple(replace(tier, width=tier.width * units) for tier in one.tiers),
            expansions=tuple(
                replace(grow, cost=grow.cost * money, added=grow.added * units)
                for grow in one.expansions
            ),
            restart=again and replace(again, cost=again.cost * money, least=again.least * units),
        )

    return replace(
        given,
        stocks=[
            replace(
                one,
                opening=one.opening * units,
                holding=one.holding * price,
                arriving=one.arriving * units,
            )
            for one in given.stocks
        ],
        needs=[
            replace(
                one,
                amount=one.amount * units,
                pieces=tuple(replace(piece, cost=piece.cost * price) for piece in one.pieces),
            )
            for one in given.needs
        ],
        shelves=[
            replace(
                one,
                held=one.held * units,
                reserve=one.reserve * units,
                replenished=one.replenished * units,
                most=one.most * units,
                cost=one.cost * price,
            )
            for one in given.shelves
        ],
        lines=[line_of(one) for one in given.lines],
        contracts=[
            replace(
                one,
                price=one.price * price,
                fixed=one.fixed * money,
                most=one.most * units,
                take={year: take * units for year, take in one.take.items()},
            )
            for one in given.contracts
        ],
        budgets=[replace(one, amount=one.amount * money) for one in given.budgets],
        cases=[
            replace(
                one,
                amount={name: amount * units for name, amount in one.amount.items()},
                arriving={name: amount * units for name, amount in one.arriving.items()},
                opening={name: opening * units for name, opening in one.opening.items()},
            )
            for one in given.cases
        ],
        transport=None if given.transport is None else given.transport * units,
    )
