"""The plain model of the planning benchmark's README, built by one of four, and solved by HiGHS.

    .venv-benchmark/bin/python benchmarks/plan_peers.py {arrays,linopy,pyomo,pulp} INSTANCE.npz
                                                        [--seconds 60] [--gap 0.01]

"arrays" hands sparse matrices straight to HiGHS. All four write the same columns and rows: orders
by line and month, payments by donor, line and year, an expansion in any month, big-M tiers. Prints
one line of JSON: seconds to build and hand over, seconds to solve, cost, bound, size.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

DELAY, DRAW, HOLD, SHORT, REBATE = 9, 0.2, 0.01, (20.0, 6.0), (0.0, 0.06, 0.12)
YEAR, QUARTER = 12, 3

Instance = dict[str, NDArray[np.float64]]
Found = dict[str, float]
Foreign = Any
"""What a peer's library hands out, which has no types of its own."""


class Sizes:
    """An instance's arrays, with what all four models ask of them."""

    def __init__(self, instance: Instance) -> None:
        """Take the arrays, and list what is there: shelves and who may pay for a line."""
        self.i = instance
        self.items, self.months = instance["need"].shape
        self.lines = len(instance["lead"])
        self.donors = len(instance["held"])
        self.years, self.quarters = self.months // YEAR, self.months // QUARTER
        self.donor_of, self.item_of = np.nonzero(instance["held"])
        self.held = instance["held"][self.donor_of, self.item_of]
        self.payer, self.paid = np.nonzero(instance["eligible"])
        self.made = instance["line_item"].astype(int)
        self.lead = instance["lead"].astype(int)
        self.year = np.arange(self.months) // YEAR
        self.quarter = np.arange(self.months) // QUARTER


def arrays(sizes: Sizes, seconds: float, gap: float) -> Found:
    """Build the model as sparse matrices."""
    import highspy
    from plan_arrays import plain_model

    began = time.perf_counter()
    program = plain_model(sizes)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.passModel(program)
    built = time.perf_counter() - began
    return solved(solver, built, seconds, gap)


def solved(solver: Foreign, built: float, seconds: float, gap: float) -> Found:
    """Solve what a HiGHS object holds."""
    for name, value in {
        "output_flag": False,
        "threads": 2,
        "time_limit": seconds,
        "mip_rel_gap": gap,
    }.items():
        solver.setOptionValue(name, value)
    began = time.perf_counter()
    solver.run()
    info = solver.getInfo()
    return {
        "build": built,
        "solve": time.perf_counter() - began,
        "cost": info.objective_function_value,
        "bound": info.mip_dual_bound,
        "columns": solver.getNumCol(),
        "rows": solver.getNumRow(),
    }


def linopy(sizes: Sizes, seconds: float, gap: float) -> Found:
    """Build the model in linopy, from labelled arrays."""
    import linopy as lo
    import pandas as pd
    import xarray as xr

    began = time.perf_counter()
    s, i = sizes, sizes.i
    shelf, item = pd.RangeIndex(len(s.held), name="shelf"), pd.RangeIndex(s.items, name="item")
    line, month = pd.RangeIndex(s.lines, name="line"), pd.RangeIndex(s.months, name="month")
    year, quarter = pd.RangeIndex(s.years, name="year"), pd.RangeIndex(s.quarters, name="quarter")
    pair, donor = pd.RangeIndex(len(s.payer), name="pair"), pd.RangeIndex(s.donors, name="donor")
    piece, tier = pd.RangeIndex(2, name="piece"), pd.RangeIndex(3, name="tier")

    def of(values: Foreign, *along: Foreign) -> Foreign:
        return xr.DataArray(values, coords=list(along))

    m = lo.Model()
    price, line_price = of(i["price"], item), of(i["line_price"], line)
    draw = m.add_variables(0, of(s.held / 6, shelf), coords=[shelf, month], name="draw")
    order = m.add_variables(0, np.inf, coords=[line, month], name="order")
    expand = m.add_variables(binary=True, coords=[line, month], name="expand")
    half = of(np.repeat(i["need"][:, :, None] / 2, 2, 2), item, month, piece)
    short = m.add_variables(0, half, coords=[item, month, piece], name="short")
    stock = m.add_variables(0, np.inf, coords=[item, month], name="stock")
    width = of(i["tier"], line, tier)
    part = m.add_variables(0, width, coords=[line, quarter, tier], name="part")
    opened = m.add_variables(
        binary=True, coords=[line, quarter, pd.RangeIndex(2, name="step")], name="opened"
    )
    pay = m.add_variables(0, np.inf, coords=[pair, year], name="pay")
    m.add_constraints(draw.sum("month") <= of(s.held, shelf), name="shelf")
    m.add_constraints(expand.sum("month") <= 1, name="once")
    grown = np.tri(s.months, s.months, -DELAY)
    added = of(i["added"], line)
    sees = xr.DataArray(grown, coords=[month, pd.RangeIndex(s.months, name="at")])
    late = (expand.rename(month="at") * sees).sum("at")
    m.add_constraints(order - added * late <= of(i["capacity"], line), name="capacity")
    arrived = [
        (1 * order.isel(line=np.flatnonzero(s.lead == lead))).shift(month=int(lead))
        for lead in np.unique(s.lead)
    ]
    comes = lo.merge(arrived, dim="line")
    makes = of(s.made, line).sel(line=comes.indexes["line"]).rename("item")
    into = comes.groupby(makes).sum()
    drawn = draw.groupby(of(s.item_of, shelf).rename("item")).sum()
    before = (1 * stock).shift(month=1)
    fresh = before + drawn + into + short.sum("piece") - stock
    m.add_constraints(fresh == of(i["need"], item, month), name="balance")
    by_quarter = order.groupby(of(s.quarter, month).rename("quarter")).sum()
    m.add_constraints(part.sum("tier") - by_quarter == 0, name="tiers")
    for k in range(2):
        step = opened.sel(step=k)
        m.add_constraints(part.sel(tier=k) - width.sel(tier=k) * step >= 0, name=f"full {k}")
        m.add_constraints(part.sel(tier=k + 1) - width.sel(tier=k + 1) * step <= 0, name=f"on {k}")
    cost_of_line = line_price * order
    owed = cost_of_line.groupby(of(s.year, month).rename("year")).sum()
    paid = pay.groupby(of(s.paid, pair).rename("line")).sum()
    m.add_constraints(paid - owed == 0, name="paid")
    drawing = of(DRAW * i["price"][s.item_of], shelf) * draw
    by_year = drawing.groupby(of(s.year, month).rename("year")).sum()
    spent = by_year.groupby(of(s.donor_of, shelf).rename("donor")).sum()
    payments = pay.groupby(of(s.payer, pair).rename("donor")).sum()
    m.add_constraints(spent + payments <= of(i["budget"], donor, year), name="budget")
    m.add_objective(
        drawing.sum()
        + cost_of_line.sum()
        + (of(i["expansion_cost"], line) * expand).sum()
        - (line_price * of(np.array(REBATE), tier) * part).sum()
        + (price * of(np.array(SHORT), piece) * short).sum()
        + (HOLD * price * stock).sum()
    )
    solver = m.to_highspy()
    return solved(solver, time.perf_counter() - began, seconds, gap)


def pyomo(sizes: Sizes, seconds: float, gap: float) -> Found:
    """Build the model in Pyomo, and solve it through its HiGHS interface."""
    import pyomo.environ as pe
    from pyomo.contrib.appsi.solvers import Highs

    began = time.perf_counter()
    m = pe.ConcreteModel()
    columns = written(sizes, _PyomoWriter(m, pe))
    solver = Highs()
    solver.config.load_solution = False
    solver.config.time_limit = seconds
    solver.config.mip_gap = gap
    solver.highs_options = {"threads": 2}
    solver.set_instance(m)
    built = time.perf_counter() - began
    began = time.perf_counter()
    result = solver.solve(m)
    return {
        "build": built,
        "solve": time.perf_counter() - began,
        "cost": float(result.best_feasible_objective or np.inf),
        "bound": float(result.best_objective_bound),
        "columns": columns[0],
        "rows": columns[1],
    }


class _PyomoWriter:
    def __init__(self, model: Foreign, pe: Foreign) -> None:
        self.pe, self.m = pe, model
        model.rows = pe.ConstraintList()
        self.columns = self.rows = 0

    def column(self, name: str, upper: float | None, *, whole: bool = False) -> Foreign:
        self.columns += 1
        domain = self.pe.Binary if whole else self.pe.NonNegativeReals
        variable = self.pe.Var(domain=domain, bounds=(0, upper))
        self.m.add_component(f"{name}{self.columns}", variable)
        return variable

    def row(self, terms: list[tuple[Foreign, float]], sense: str, right: float) -> None:
        self.rows += 1
        left = self.pe.quicksum((v * c for v, c in terms), linear=True)
        low = right if sense in "=>" else None
        self.m.rows.add((low, left, right if sense in "=<" else None))

    def least(self, terms: list[tuple[Foreign, float]]) -> None:
        total = self.pe.quicksum((v * c for v, c in terms), linear=True)
        self.m.cost = self.pe.Objective(expr=total)


def pulp(sizes: Sizes, seconds: float, gap: float) -> Found:
    """Build the model in PuLP, and solve it through its HiGHS interface."""
    import pulp as pl

    began = time.perf_counter()
    writer = _PulpWriter(pl)
    columns = written(sizes, writer)
    interface = pl.HiGHS(msg=False)
    interface.createAndConfigureSolver(writer.m)
    interface.buildSolverModel(writer.m)
    solver = writer.m.solverModel
    built = time.perf_counter() - began
    found = solved(solver, built, seconds, gap)
    return {**found, "columns": columns[0], "rows": columns[1]}


class _PulpWriter:
    def __init__(self, pl: Foreign) -> None:
        self.pl, self.m = pl, pl.LpProblem("plan", pl.LpMinimize)
        self.columns = self.rows = 0

    def column(self, name: str, upper: float | None, *, whole: bool = False) -> Foreign:
        self.columns += 1
        kind = "Binary" if whole else "Continuous"
        return self.pl.LpVariable(f"{name}{self.columns}", 0, 1 if whole else upper, kind)

    def row(self, terms: list[tuple[Foreign, float]], sense: str, right: float) -> None:
        self.rows += 1
        kind = {"<": self.pl.LpConstraintLE, "=": self.pl.LpConstraintEQ}.get(
            sense, self.pl.LpConstraintGE
        )
        self.m.addConstraint(
            self.pl.LpConstraint(self.pl.LpAffineExpression(terms), kind, rhs=right)
        )

    def least(self, terms: list[tuple[Foreign, float]]) -> None:
        self.m.setObjective(self.pl.LpAffineExpression(terms))


def written(s: Sizes, w: Foreign) -> tuple[int, int]:
    """Write the model column by column and row by row, as Pyomo and PuLP have it."""
    i, months, lines = s.i, range(s.months), range(s.lines)
    cost: list[tuple[Foreign, float]] = []

    def column(name: str, upper: float | None, price: float, *, whole: bool = False) -> Foreign:
        made = w.column(name, upper, whole=whole)
        if price:
            cost.append((made, float(price)))
        return made

    each = DRAW * i["price"]
    draw = [
        [column("d", h / 6, each[k]) for _ in months]
        for h, k in zip(s.held, s.item_of, strict=True)
    ]
    order = [[column("o", None, i["line_price"][k]) for _ in months] for k in lines]
    expand = [[column("e", 1, i["expansion_cost"][k], whole=True) for _ in months] for k in lines]
    short = [
        [[column("s", i["need"][k, t] / 2, c * i["price"][k]) for c in SHORT] for t in months]
        for k in range(s.items)
    ]
    stock = [[column("h", None, HOLD * i["price"][k]) for _ in months] for k in range(s.items)]
    part = [
        [
            [column("t", i["tier"][k, j], -REBATE[j] * i["line_price"][k]) for j in range(3)]
            for _ in range(s.quarters)
        ]
        for k in lines
    ]
    opened = [
        [[column("z", 1, 0.0, whole=True) for _ in range(2)] for _ in range(s.quarters)]
        for _ in lines
    ]
    pay = [[column("p", None, 0.0) for _ in range(s.years)] for _ in s.payer]
    for at, held in enumerate(s.held):
        w.row([(v, 1.0) for v in draw[at]], "<", float(held))
    for k in lines:
        w.row([(v, 1.0) for v in expand[k]], "<", 1.0)
        for t in months:
            grown = [(v, -float(i["added"][k])) for v in expand[k][: max(0, t - DELAY + 1)]]
            w.row([(order[k][t], 1.0), *grown], "<", float(i["capacity"][k]))
    shelves = [np.flatnonzero(s.item_of == k) for k in range(s.items)]
    makers = [np.flatnonzero(s.made == k) for k in range(s.items)]
    for k in range(s.items):
        for t in months:
            terms = [(draw[at][t], 1.0) for at in shelves[k]]
            terms += [(order[n][t - s.lead[n]], 1.0) for n in makers[k] if t >= s.lead[n]]
            terms += [(v, 1.0) for v in short[k][t]] + [(stock[k][t], -1.0)]
            terms += [(stock[k][t - 1], 1.0)] if t else []
            w.row(terms, "=", float(i["need"][k, t]))
    for k in lines:
        width = i["tier"][k].astype(float)
        for q in range(s.quarters):
            there = np.flatnonzero(s.quarter == q)
            w.row(
                [*((v, 1.0) for v in part[k][q]), *((order[k][t], -1.0) for t in there)], "=", 0.0
            )
            for j in range(2):
                w.row([(part[k][q][j], 1.0), (opened[k][q][j], -width[j])], ">", 0.0)
                w.row([(part[k][q][j + 1], 1.0), (opened[k][q][j], -width[j + 1])], "<", 0.0)
    for y in range(s.years):
        there = np.flatnonzero(s.year == y)
        for k in lines:
            terms = [(pay[p][y], 1.0) for p in np.flatnonzero(s.paid == k)]
            w.row([*terms, *((order[k][t], -float(i["line_price"][k])) for t in there)], "=", 0.0)
        for d in range(s.donors):
            terms = [(pay[p][y], 1.0) for p in np.flatnonzero(s.payer == d)]
            for at in np.flatnonzero(s.donor_of == d).tolist():
                terms += [(draw[at][t], float(each[s.item_of[at]])) for t in there]
            w.row(terms, "<", float(i["budget"][d, y]))
    w.least(cost)
    return w.columns, w.rows


PEERS: dict[str, Callable[[Sizes, float, float], Found]] = {
    "arrays": arrays,
    "linopy": linopy,
    "pyomo": pyomo,
    "pulp": pulp,
}


def main() -> None:
    """Build and solve one instance with one peer."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("instance")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--gap", type=float, default=0.01)
    args = parser.parse_args()
    sizes = Sizes(dict(np.load(args.instance)))
    found = PEERS[args.peer](sizes, args.seconds, args.gap)
    print("\n" + json.dumps({name: float(value) for name, value in found.items()}))


if __name__ == "__main__":
    main()
