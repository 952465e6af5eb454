"""The planning benchmark's instances as problems of the product, and plans back for its checker."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from pledgebook.planning.plan import Plan
from pledgebook.planning.problem import (
    Budget,
    Expansion,
    Line,
    Need,
    Problem,
    Shelf,
    ShortPiece,
    Stock,
    Substitute,
    Tier,
)

__all__ = ["find_instances", "problem_from_benchmark", "to_benchmark_plan"]

ROOT = Path(__file__).resolve().parent.parent
YEAR, QUARTER = 12, 3

Arrays = Mapping[str, NDArray[np.float64]]


def find_instances() -> ModuleType | None:
    """Return the benchmark's `instance.py` as a module, or None where it is not there.

    PLEDGEBOOK_PLAN_BENCHMARK names its folder, else it is `../shared/plan-benchmark`.
    """
    named = os.environ.get("PLEDGEBOOK_PLAN_BENCHMARK")
    folder = Path(named) if named else ROOT.parent / "shared" / "plan-benchmark"
    path = folder / "instance.py"
    if not path.exists():
        if named:
            sys.exit(f"PLEDGEBOOK_PLAN_BENCHMARK names {named}, which holds no instance.py")
        return None
    spec = importlib.util.spec_from_file_location("plan_benchmark_instance", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def problem_from_benchmark(
    instance: Arrays,
    *,
    draw_price: float = 0.2,
    holding: float = 0.01,
    short: tuple[float, ...] = (20.0, 6.0),
    rebates: tuple[float, ...] = (0.0, 0.06, 0.12),
    expansion_delay: int = 9,
) -> Problem:
    """Return an instance as a problem: a shelf for each donor and item, and one recipient.

    Rebates are a gain beside the budgets, and so are the costs of expansions, as the benchmark's
    README states its model.
    """
    held, need, price = instance["held"], instance["need"], instance["price"]
    donors, items = held.shape
    steps = need.shape[1]
    nothing = np.zeros(steps)
    share = 1.0 / len(short)
    shelves = [
        Shelf(
            name=f"d{d} i{i}",
            donor=f"d{d}",
            item=f"i{i}",
            held=float(held[d, i]),
            reserve=0.0,
            replenished=nothing,
            most=np.full(steps, held[d, i] / 6),
            cost=float(draw_price * price[i]),
            to=(f"i{i}",),
        )
        for d, i in zip(*np.nonzero(held), strict=True)
    ]
    lines = []
    for k, item in enumerate(np.asarray(instance["line_item"], int).tolist()):
        grow = Expansion(
            name=f"l{k} grown",
            cost=float(instance["expansion_cost"][k]),
            added=float(instance["added"][k]),
            delay=expansion_delay,
            earliest=0,
            latest=steps - 1,
        )
        lines.append(
            Line(
                name=f"l{k}",
                item=f"i{item}",
                maker="",
                price=np.full(steps, instance["line_price"][k]),
                capacity=np.full(steps, instance["capacity"][k]),
                lead=int(instance["lead"][k]),
                to=(f"i{item}",),
                tiers=tuple(
                    Tier(float(width), rebate)
                    for width, rebate in zip(instance["tier"][k], rebates, strict=True)
                ),
                tier_steps=QUARTER,
                rebate_paid=False,
                expansions=(grow,),
                buyers=tuple(f"d{d}" for d in np.flatnonzero(instance["eligible"][:, k])),
            )
        )
    return Problem(
        steps=steps,
        year_of=np.arange(steps) // YEAR,
        currency="EUR",
        stocks=[
            Stock(f"i{i}", "recipient", f"i{i}", 0.0, float(holding * price[i]), nothing)
            for i in range(items)
        ],
        needs=[
            Need(
                name=f"i{i}",
                recipient="recipient",
                item=f"i{i}",
                amount=need[i],
                pieces=tuple(ShortPiece(share, float(times * price[i])) for times in short),
                met_by=(Substitute(f"i{i}"),),
            )
            for i in range(items)
        ],
        shelves=shelves,
        lines=lines,
        budgets=[Budget(f"d{d}", instance["budget"][d]) for d in range(donors)],
    )


def to_benchmark_plan(
    plan: Plan, problem: Problem, instance: Arrays
) -> dict[str, NDArray[np.float64]]:
    """Return a plan in the arrays that the benchmark's checker reads."""
    donors, items = instance["held"].shape
    steps, lines, years = problem.steps, len(problem.lines), problem.years
    found = {
        "draw": np.zeros((donors, items, steps)),
        "order": np.zeros((lines, steps)),
        "pay": np.zeros((donors, lines, years)),
        "expand": np.zeros((lines, steps)),
        "short": np.zeros((items, steps, len(problem.needs[0].pieces))),
        "stock": np.zeros((items, steps)),
    }
    for (shelf, _), amount in plan.choices.drawn.items():
        giver, item = (int(part[1:]) for part in shelf.split())
        found["draw"][giver, item] += amount
    for (line, _), amount in plan.choices.ordered.items():
        found["order"][int(line[1:])] += amount
    for (donor, bought), amount in plan.choices.paid.items():
        found["pay"][int(donor[1:]), int(bought[1:])] = amount
    for name, step in plan.choices.expanded.items():
        found["expand"][int(name.split()[0][1:]), step] = 1.0
    for name, amount in plan.outcomes[0].short.items():
        found["short"][int(name[1:])] = amount.T
    for name, amount in plan.outcomes[0].stock.items():
        found["stock"][int(name[1:])] = amount
    ordered = found["order"].reshape(lines, -1, QUARTER).sum(2)[:, :, None]
    width = instance["tier"][:, None, :]
    below = np.cumsum(width, axis=2) - width
    found["tier"] = np.clip(ordered - below, 0.0, width)
    return found
