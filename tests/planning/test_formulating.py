"""The program of a problem: what is one column, what has none, and what tightens it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from plan_instances import find_instances, problem_from_benchmark, to_benchmark_plan
from plan_random import random_problem
from problems import SHELLS, budget, line, need, problem, shelf

from pledgebook.planning.formulating.blocks import Builder
from pledgebook.planning.formulating.formulate import Strength, formulate
from pledgebook.planning.formulating.shelves import pools_of
from pledgebook.planning.formulating.tiers import periods
from pledgebook.planning.problem import Expansion, Problem, Tier
from pledgebook.planning.solving.highs import Ending, optimise
from pledgebook.planning.solving.solve import solve


def test_entries_at_one_place_add_up_and_none_go_where_there_is_no_column() -> None:
    builder = Builder()
    columns = builder.columns("x", ["a", "b"], (2, 3), upper=2.0, where=[[1, 0, 1], [1, 1, 1]])
    rows = builder.rows("r", ["a", "b"], (2,), upper=[4.0, 5.0])
    builder.put(rows[:, None], columns)
    builder.put(rows[0], columns[0, 0], 2.0)
    program = builder.build(1.0)
    assert program.matrix.toarray().tolist() == [[3, 1, 0, 0, 0], [0, 0, 1, 1, 1]]
    assert program.columns["x"].at("a").tolist() == [0, -1, 1]
    assert program.columns["x"].values(np.arange(5.0))[0].tolist() == [0, 0, 1]
    with pytest.raises(KeyError, match="c"):
        program.rows["r"].at("c")


def test_the_program_in_its_own_units_is_the_same_program() -> None:
    program = formulate(random_problem(5))
    scaled = program.scaled()
    here, there = optimise(program), optimise(scaled)
    assert there.objective * program.money == pytest.approx(here.objective)
    assert np.all(np.frexp(program.column_unit)[0] == 0.5)


def test_only_what_is_held_has_draws() -> None:
    program = formulate(
        problem(
            need(1),
            shelves=[shelf(0), shelf(5, name="held", delay=2), shelf(2, name="kept", reserve=2)],
        )
    )
    block = program.columns["draw"]
    assert block.keys == ((("held",), SHELLS),)
    assert (block.index[0] >= 0).tolist() == [True, True, False, False]


def test_shelves_that_differ_in_nothing_are_one_and_part_again() -> None:
    shelves = [
        shelf(8, name="a", most=2.0),
        shelf(4, name="b", most=1.0),
        shelf(4, name="c", most=3.0),
    ]
    given = problem(need([9, 1, 1, 1]), shelves=shelves)
    assert [pool.shelves for pool in pools_of(given)] == [("a", "b"), ("c",)]
    drawn = solve(given, gap=0.0).choices.drawn
    assert drawn["a", SHELLS] == pytest.approx(2 * drawn["b", SHELLS])
    assert drawn["a", SHELLS][0] == pytest.approx(2)


def test_shelves_on_different_budgets_are_not_one() -> None:
    shelves = [shelf(8, name="a"), shelf(8, name="b", donor="DNK"), shelf(8, name="c", donor="DNK")]
    given = problem(need(1), shelves=shelves, budgets=[budget("NOR", 1, 1), budget("DNK", 1, 1)])
    assert [pool.shelves for pool in pools_of(given)] == [("a",), ("b", "c")]
    unbound = replace(given, budgets=[])
    assert [pool.shelves for pool in pools_of(unbound)] == [("a", "b", "c")]


def test_an_expansion_is_one_column_or_one_a_year_where_budgets_pay() -> None:
    grow = Expansion("second hall", 5.0, 3.0, 0, 0, 3)
    beside = problem(need(1), lines=[replace(line(), expansions=(grow,))])
    paid = problem(need(1), lines=[replace(line(), expansions=(grow,), fixed_paid=True)])
    assert (formulate(beside).columns["expand"].index >= 0).sum() == 1
    assert formulate(paid).steps["expand"].tolist() == [[0, 2]]


def test_periods_of_price_breaks_begin_anew_each_year() -> None:
    years = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
    assert periods(years, 3).tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 3]


def test_a_tier_beyond_what_a_line_can_make_has_no_column() -> None:
    tiers = (Tier(4.0, 0.0), Tier(4.0, 0.1), Tier(np.inf, 0.2))
    program = formulate(problem(need(1), lines=[replace(line(3), tiers=tiers, tier_steps=2)]))
    assert (program.columns["tier"].index >= 0).sum(axis=2).tolist() == [[2, 2]]
    assert program.upper[program.columns["tier"].index[0, 0, 1]] == pytest.approx(2)


WEAK: Mapping[str, Strength] = {
    "every step of an expansion": Strength(early=False),
    "shelves apart": Strength(pooled=False),
    "capacity of a line that stands": Strength(capacity_when_it_runs=False),
    "ramps out of reach": Strength(ramps_in_reach=False),
    "tiers out of reach": Strength(tiers_in_reach=False),
    "tiers free of growth": Strength(tiers_need_growth=False),
}


@pytest.mark.parametrize("name", WEAK)
@pytest.mark.parametrize("seed", [3, 21, 34, 48, 58, 90, 181])
def test_what_tightens_the_program_leaves_its_optimum(name: str, seed: int) -> None:
    given = replace(random_problem(seed), lexicographic=False)
    strong, weak = formulate(given), formulate(given, WEAK[name])
    best, same = optimise(strong), optimise(weak)
    assert best.ending is same.ending is Ending.OPTIMAL
    assert same.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-6)
    assert optimise(strong, relaxed=True).objective <= best.objective + 1e-6
    loose = optimise(weak, relaxed=True).objective
    assert loose <= optimise(strong, relaxed=True).objective + 1e-6 * (1 + abs(loose))


def small_instance(
    donors: int = 4, items: int = 4, months: int = 12, lines: int = 5
) -> tuple[Problem, Mapping[str, NDArray[np.float64]]]:
    module = find_instances()
    if module is None:
        pytest.skip("the planning benchmark is not on this machine")
    instance = module.make(seed=3, donors=donors, items=items, months=months, lines=lines)
    return problem_from_benchmark(instance), instance


def test_the_benchmark_is_a_problem_and_its_checker_agrees_on_the_cost() -> None:
    given, instance = small_instance()
    plan = solve(given, gap=0.001)
    module = find_instances()
    assert module is not None
    cost = module.cost(instance, to_benchmark_plan(plan, given, instance))
    assert cost == pytest.approx(plan.cost, rel=1e-9)


def test_what_a_line_can_reach_tightens_the_relaxation_of_the_benchmark() -> None:
    given, _ = small_instance(10, 8, 36, 12)
    bounds = [
        optimise(formulate(given, strength), relaxed=True).objective
        for strength in (
            Strength(tiers_in_reach=False, tiers_need_growth=False),
            Strength(tiers_need_growth=False),
            Strength(),
        )
    ]
    assert bounds[0] * (1 + 1e-4) < bounds[1]
    assert bounds[1] * (1 + 1e-4) < bounds[2]
