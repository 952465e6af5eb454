"""Problems of several items that budgets, transport, shares and bad cases couple, by seed."""

from __future__ import annotations

import numpy as np

from pledgebook.planning.problem import (
    Budget,
    Case,
    Contract,
    Expansion,
    Line,
    Need,
    Problem,
    Restart,
    Risk,
    Shelf,
    ShortPiece,
    Stock,
    Substitute,
    Tier,
)

__all__ = ["coupled_items"]

DONORS = ("NOR", "DNK", "CZE", "EST")
YEAR = 3


def coupled_items(seed: int, *, items: int = 5, steps: int = 6, plain: bool = False) -> Problem:
    """Return the problem of a seed; `plain` leaves out cases, shares, transport and contracts.

    Every item has a need, shelves of several donors and a line with tiers or an expansion, so that
    the program falls into as many parts as there are items.
    """
    rng = np.random.default_rng(seed)
    names = [f"item{i}" for i in range(items)]
    needs, stocks, shelves, lines = [], [], [], []
    for item in names:
        stocks.append(Stock(item, "UKR", item, float(rng.integers(0, 6)), 0.1, np.zeros(steps)))
        dear = float(rng.integers(20, 60))
        needs.append(
            Need(
                name=item,
                recipient="UKR",
                item=item,
                amount=rng.integers(3, 14, steps).astype(float),
                pieces=(ShortPiece(0.5, dear), ShortPiece(0.5, dear / 3)),
                met_by=(Substitute(item),),
            )
        )
        # Some shelves differ in nothing but their size, so that they may be taken together.
        for donor in DONORS[: int(rng.integers(1, len(DONORS) + 1))]:
            held = float(rng.integers(1, 12))
            shelves.append(
                Shelf(
                    name=f"{donor} {item}",
                    donor=donor,
                    item=item,
                    held=held,
                    reserve=0.0,
                    replenished=np.zeros(steps),
                    most=np.full(steps, held / 3),
                    cost=1.0,
                    to=(item,),
                )
            )
        lines.append(_line(rng, item, steps, plain=plain))
    years = (steps - 1) // YEAR + 1
    bands = not plain and rng.random() < 0.3
    budgets = [
        Budget(
            donor,
            rng.integers(20, 60 * items, years).astype(float),
            least_share=0.05 if bands else 0.0,
            most_share=0.6 if bands else 1.0,
        )
        for donor in DONORS
    ]
    cases = _cases(rng, needs, steps) if not plain and rng.random() < 0.5 else ()
    transported = not plain and rng.random() < 0.4
    return Problem(
        steps=steps,
        year_of=np.arange(steps) // YEAR,
        currency="EUR",
        stocks=stocks,
        needs=needs,
        shelves=shelves,
        lines=lines,
        contracts=[] if plain else [_contract(rng, lines[0], steps)],
        budgets=budgets,
        cases=cases,
        risk=Risk(0.5, 0.4) if cases and rng.random() < 0.6 else Risk(),
        transport=np.full(steps, 5.0 * items) if transported else None,
        weight=dict.fromkeys(names, 1.0),
    )


def _line(rng: np.random.Generator, item: str, steps: int, *, plain: bool) -> Line:
    capacity = float(rng.integers(3, 10))
    growth = Expansion(
        name=f"{item} grown",
        cost=float(rng.integers(10, 120)),
        added=float(rng.integers(2, 10)),
        delay=1,
        earliest=0,
        latest=steps - 1,
    )
    tiers = (Tier(capacity, 0.0), Tier(capacity, 0.1), Tier(10 * capacity, 0.3))
    idle = not plain and rng.random() < 0.25
    return Line(
        name=f"maker of {item}",
        item=item,
        maker="",
        price=np.full(steps, float(rng.integers(2, 12))),
        capacity=np.full(steps, capacity),
        lead=int(rng.integers(0, 3)),
        to=(item,),
        least=0.0 if plain else float(rng.choice([0.0, 2.0])),
        tiers=tiers if rng.random() < 0.7 else (),
        tier_steps=YEAR,
        rebate_paid=bool(rng.random() < 0.5),
        expansions=(growth,) if rng.random() < 0.8 else (),
        restart=Restart(cost=20.0, delay=1) if idle else None,
        buyers=DONORS[: int(rng.integers(1, len(DONORS) + 1))],
    )


def _contract(rng: np.random.Generator, line: Line, steps: int) -> Contract:
    return Contract(
        name="together",
        line=line.name,
        kind="joint",
        price=float(line.price[0]) * 0.7,
        fixed=5.0,
        start=0,
        most=np.full(steps, 4.0),
        take={0: float(rng.integers(1, 6))},
        buyers=DONORS,
        least_buyers=2,
        least_part=0.1,
    )


def _cases(rng: np.random.Generator, needs: list[Need], steps: int) -> list[Case]:
    return [
        Case(
            name=f"case{k}",
            chance=1 / 3,
            amount={need.name: rng.integers(2, 18, steps).astype(float) for need in needs},
        )
        for k in range(3)
    ]
