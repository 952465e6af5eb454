"""Small random planning problems with every feature mixed, for the exact reference."""

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

__all__ = ["random_problem"]

DONORS = ("NOR", "DNK", "CZE")
Generator = np.random.Generator


def random_problem(seed: int) -> Problem:
    """Return the problem of a seed: at most 4 steps, 3 stocks, 3 lines and 3 cases."""
    rng = np.random.default_rng(seed)
    steps = int(rng.integers(2, 5))
    items = [f"item{i}" for i in range(rng.integers(1, 3))]
    stocks = [_stock(rng, steps, item, i) for i, item in enumerate([*items, items[0]])]
    stocks = stocks[: int(rng.integers(len(items), len(stocks) + 1))]
    needs = [_need(rng, steps, i, stocks) for i in range(rng.integers(1, 4))]
    shelves = [_shelf(rng, steps, i, stocks) for i in range(rng.integers(0, 4))]
    budgets = _budgets(rng, steps) if rng.random() < 0.8 else ()
    lines = [_line(rng, steps, i, stocks) for i in range(rng.integers(1, 3))]
    contracts = [_contract(rng, steps, i, lines) for i in range(rng.integers(0, 2))]
    cases = _cases(rng, steps, needs, stocks) if rng.random() < 0.4 else ()
    weighs = cases and rng.random() < 0.6
    risk = Risk(float(rng.choice([0.3, 0.7])), float(rng.choice([0.1, 0.5]))) if weighs else Risk()
    return Problem(
        steps=steps,
        year_of=np.arange(steps) // 2,
        currency="EUR",
        stocks=stocks,
        needs=needs,
        shelves=shelves,
        lines=lines,
        contracts=contracts,
        budgets=budgets,
        cases=cases,
        risk=risk,
        lexicographic=bool(rng.random() < 0.25),
        transport=rng.integers(5, 40, steps).astype(float) if rng.random() < 0.3 else None,
        weight={item: float(rng.integers(1, 4)) / 2 for item in items},
    )


def _some(rng: Generator, names: list[str]) -> tuple[str, ...]:
    count = int(rng.integers(1, len(names) + 1))
    return tuple(str(name) for name in rng.permutation(names)[:count])


def _stock(rng: Generator, steps: int, item: str, number: int) -> Stock:
    return Stock(
        name=f"stock{number}",
        recipient="UKR",
        item=item,
        opening=float(rng.integers(0, 8)),
        holding=float(rng.choice([0.0, 0.1, 0.5])),
        arriving=rng.integers(0, 3, steps).astype(float),
    )


def _need(rng: Generator, steps: int, number: int, stocks: list[Stock]) -> Need:
    chosen = _some(rng, [stock.name for stock in stocks])[:2]
    costs = sorted(rng.integers(5, 60, 2).tolist(), reverse=True)
    pieces = [ShortPiece(0.5, costs[0]), ShortPiece(0.5, costs[1])]
    if rng.random() < 0.3:
        pieces = [ShortPiece(1.0, costs[0])]
    elif rng.random() < 0.15:
        pieces = [ShortPiece(0.8, costs[0])]
    return Need(
        name=f"need{number}",
        recipient="UKR",
        item=next(stock.item for stock in stocks if stock.name == chosen[0]),
        amount=rng.integers(0, 14, steps).astype(float),
        pieces=tuple(pieces),
        met_by=tuple(Substitute(name, float(rng.choice([1.0, 1.0, 1.5, 0.5]))) for name in chosen),
        priority=int(rng.integers(1, 4)),
    )


def _shelf(rng: Generator, steps: int, number: int, stocks: list[Stock]) -> Shelf:
    item = stocks[int(rng.integers(len(stocks)))].item
    to = [stock.name for stock in stocks if stock.item == item]
    held = float(rng.integers(0, 20))
    grows = rng.random() < 0.4
    return Shelf(
        name=f"shelf{number}",
        donor=str(rng.choice(DONORS)),
        item=item,
        held=held,
        reserve=float(rng.choice([0.0, 3.0])),
        replenished=rng.integers(0, 4, steps).astype(float) if grows else np.zeros(steps),
        most=np.full(steps, rng.choice([3.0, held / 2, np.inf])),
        cost=float(rng.integers(0, 4)),
        to=_some(rng, to),
        delay=int(rng.integers(0, 2)),
    )


def _line(rng: Generator, steps: int, number: int, stocks: list[Stock]) -> Line:
    item = stocks[int(rng.integers(len(stocks)))].item
    to = [stock.name for stock in stocks if stock.item == item]
    name, capacity = f"line{number}", float(rng.integers(3, 12))
    feature = rng.random(6) < (0.3, 0.25, 0.3, 0.35, 0.3, 0.5)
    tiers = (
        Tier(float(rng.integers(2, 6)), 0.0),
        Tier(float(rng.integers(2, 6)), float(rng.choice([0.1, 0.3]))),
        Tier(float(rng.choice([10.0, np.inf])), 0.4),
    )
    earliest = int(rng.integers(0, 2))
    expansion = Expansion(
        name=f"{name} grown",
        cost=float(rng.integers(0, 80)),
        added=float(rng.integers(2, 10)),
        delay=int(rng.integers(0, 2)),
        earliest=earliest,
        latest=int(rng.integers(earliest, steps + 1)),
    )
    restart = Restart(
        cost=float(rng.integers(0, 60)),
        delay=int(rng.integers(0, 2)),
        least=float(rng.choice([0.0, 2.0])),
        run=int(rng.integers(0, 3)),
    )
    return Line(
        name=name,
        item=item,
        maker="",
        price=np.full(steps, rng.integers(2, 12)) + rng.integers(0, 2) * np.arange(steps) / 2,
        capacity=np.where(rng.random(steps) < 0.15, 0.0, capacity),
        lead=int(rng.integers(0, 2)),
        to=_some(rng, to),
        least=float(rng.integers(2, 5)) if feature[0] else 0.0,
        ramp=float(rng.integers(1, 5)) if feature[1] else None,
        tiers=tiers[: int(rng.integers(2, 4))] if feature[2] else (),
        tier_steps=int(rng.integers(2, 4)),
        rebate_paid=bool(rng.random() < 0.5),
        expansions=(expansion,) if feature[3] else (),
        restart=restart if feature[4] else None,
        buyers=_some(rng, list(DONORS)) if feature[5] else None,
        advance=float(rng.choice([0.0, 0.4, 1.0])),
        fixed_paid=bool(rng.random() < 0.4),
    )


def _contract(rng: Generator, steps: int, number: int, lines: list[Line]) -> Contract:
    line = lines[int(rng.integers(len(lines)))]
    last_year = (steps - 1) // 2
    return Contract(
        name=f"contract{number}",
        line=line.name,
        kind="framework",
        price=float(line.price[0]) * 0.8,
        fixed=float(rng.choice([0.0, 10.0])),
        start=int(rng.integers(0, 2)),
        most=np.full(steps, float(rng.integers(3, 10))),
        take={last_year: float(rng.integers(1, 5))} if rng.random() < 0.6 else {},
        buyers=DONORS,
        least_buyers=int(rng.integers(1, 4)),
        least_part=0.2,
    )


def _budgets(rng: Generator, steps: int) -> list[Budget]:
    years = (steps + 1) // 2
    named = DONORS[: int(rng.integers(2, 4))]
    bands = rng.random() < 0.3
    return [
        Budget(
            donor,
            rng.integers(5, 120, years).astype(float),
            least_share=0.1 if bands else 0.0,
            most_share=0.6 if bands else 1.0,
        )
        for donor in named
    ]


def _cases(rng: Generator, steps: int, needs: list[Need], stocks: list[Stock]) -> list[Case]:
    count = int(rng.integers(1, 4))
    chances = rng.integers(1, 5, count).astype(float)
    return [
        Case(
            name=f"case{k}",
            chance=float(chances[k] / chances.sum()),
            amount={needs[0].name: rng.integers(0, 18, steps).astype(float)},
            arriving={stocks[-1].name: rng.integers(0, 5, steps).astype(float)},
            opening={stocks[0].name: float(rng.integers(0, 10))} if rng.random() < 0.5 else {},
        )
        for k in range(count)
    ]
