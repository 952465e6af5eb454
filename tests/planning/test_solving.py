"""What a plan is worth: each rule by itself with its answer by hand, laws over all, and endings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import (
    SHELLS,
    budget,
    contract,
    in_other_units,
    line,
    need,
    problem,
    shelf,
    steps_of,
    stock,
)

from pledgebook.planning.plan import Plan, Status
from pledgebook.planning.problem import Case, Expansion, Problem, Restart, Risk, Tier
from pledgebook.planning.solving.highs import Progress
from pledgebook.planning.solving.solve import solve, solve_whole

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from plan_random import random_problem

seeds = st.integers(0, 5000)


def best(given_problem: Problem) -> Plan:
    plan = solve(given_problem, gap=0.0)
    assert plan.status is Status.OPTIMAL
    assert plan.gap <= 1e-6
    return plan


def ordered(plan: Plan) -> Sequence[float]:
    return [
        round(float(x), 6) + 0.0 for x in plan.choices.ordered.get(("works", SHELLS), np.zeros(4))
    ]


def test_a_shelf_gives_what_it_holds_above_its_reserve() -> None:
    plan = best(problem(need([5, 5, 5, 5]), shelves=[shelf(12, reserve=2)]))
    assert plan.cost == pytest.approx(10 * 1 + 10 * 100)
    assert plan.parts["drawdown"] == pytest.approx(10)
    assert sum(plan.choices.drawn["depot", SHELLS]) == pytest.approx(10)


def test_what_is_replenished_can_be_given_only_after_it_came() -> None:
    plan = best(problem(need([4, 4, 0, 0]), shelves=[shelf(2, replenished=[0, 3, 9, 0])]))
    assert plan.parts["shortage"] == pytest.approx(300)


def test_a_draw_arrives_after_its_delay() -> None:
    plan = best(problem(need([4, 4, 4, 4]), shelves=[shelf(99, delay=2, most=3)]))
    assert plan.parts["shortage"] == pytest.approx(100 * (4 + 4 + 1 + 1))


def test_what_comes_before_it_is_needed_is_held_at_a_cost() -> None:
    plan = best(problem(need([0, 0, 0, 9]), stocks=[stock(holding=0.5)], lines=[line(5)]))
    assert ordered(plan) == [0, 0, 4, 5]
    assert plan.parts["holding"] == pytest.approx(2)


def test_nothing_is_ordered_that_would_come_too_late() -> None:
    plan = best(problem(need([1, 1, 1, 1]), lines=[replace(line(), lead=3)]))
    assert ordered(plan) == [1, 0, 0, 0]


def test_the_dear_piece_of_a_need_is_met_first() -> None:
    pieces = ((0.5, 50.0), (0.5, 5.0))
    plan = best(problem(need([8, 0, 0, 0], pieces=pieces), lines=[line()]))
    assert plan.outcomes[0].short["front"][:, 0] == pytest.approx([0, 4])


def test_a_substitute_counts_at_its_rate() -> None:
    needs = need([6, 0, 0, 0], met_by=((SHELLS, 1.0), ("mines", 2.0)))
    stocks = [stock(opening=2), stock("mines", opening=5)]
    plan = best(problem(needs, stocks=stocks))
    assert plan.parts["shortage"] == pytest.approx(100 * (6 - 2 - 2.5))
    assert plan.outcomes[0].served["front", "mines"][0] == pytest.approx(5)


def test_a_budget_bounds_the_orders_and_draws_of_its_year() -> None:
    given_problem = problem(
        need([4, 0, 4, 0]),
        shelves=[shelf(1, cost=5.0)],
        lines=[line()],
        budgets=[budget("NOR", 25, 10)],
    )
    plan = best(given_problem)
    assert plan.parts["shortage"] == pytest.approx(100 * (8 - 1 - 2 - 1))
    assert plan.choices.paid["NOR", "works"].sum() == pytest.approx(30)


def test_what_is_paid_on_arrival_falls_in_the_year_of_arrival() -> None:
    late = replace(line(), lead=1, advance=0.25)
    plan = best(problem(need([0, 0, 4, 0]), lines=[late], budgets=[budget("NOR", 10, 30)]))
    assert plan.choices.paid["NOR", "works"] == pytest.approx([10, 30])
    assert plan.parts["shortage"] == pytest.approx(0)


def test_only_its_buyers_pay_for_a_line() -> None:
    sold = replace(line(), buyers=("DNK",))
    plan = best(
        problem(need(1), lines=[sold], budgets=[budget("NOR", 99, 99), budget("DNK", 5, 0)])
    )
    assert plan.parts["orders"] == pytest.approx(5)


def test_a_price_break_is_reached_only_when_the_tier_before_is_full() -> None:
    tiers = (Tier(4.0, 0.0), Tier(np.inf, 0.5))
    sold = replace(line(), tiers=tiers, tier_steps=2)
    costly = [stock(holding=50.0)]
    few = best(problem(need([3, 0, 3, 0]), stocks=costly, lines=[sold]))
    assert few.parts["rebates"] == pytest.approx(0)
    many = best(problem(need([3, 3, 3, 0]), stocks=costly, lines=[sold]))
    assert many.parts["rebates"] == pytest.approx(-2 * 10 * 0.5)


def test_a_rebate_stretches_the_budget_where_it_lowers_what_is_paid() -> None:
    sold = replace(line(), tiers=(Tier(2.0, 0.0), Tier(np.inf, 0.5)), tier_steps=4)
    beside = replace(sold, rebate_paid=False)
    funds = [budget("NOR", 30, 0)]
    paid = best(problem(need([9, 0, 0, 0]), lines=[sold], budgets=funds))
    gained = best(problem(need([9, 0, 0, 0]), lines=[beside], budgets=funds))
    assert paid.parts["shortage"] == pytest.approx(100 * (9 - 4))
    assert gained.parts["shortage"] == pytest.approx(100 * (9 - 3))


def test_a_line_makes_nothing_or_its_least_rate() -> None:
    slow = replace(line(5), least=4.0)
    assert ordered(best(problem(need([1, 0, 0, 0], cost=15), lines=[slow]))) == [0, 0, 0, 0]
    plan = best(problem(need([1, 2, 2, 2], cost=99), lines=[slow]))
    assert sum(x > 0 for x in ordered(plan)) == 2
    assert min(x for x in ordered(plan) if x) >= 4


def test_orders_grow_by_the_ramp() -> None:
    plan = best(
        problem(need([1, 9, 9, 9]), lines=[replace(line(price=[99, 10, 10, 10]), ramp=2.0)])
    )
    assert np.diff(ordered(plan)).max() <= 2 + 1e-9


def test_the_ramp_holds_for_all_stocks_together() -> None:
    shared = replace(line([0, 9, 9, 9]), ramp=2.0, to=(SHELLS, "mines"))
    needs = [need([0, 9, 9, 0]), need([0, 9, 9, 0], name="rear", met_by=(("mines", 1.0),))]
    mines = replace(stock("mines"), item=SHELLS)
    plan = best(problem(*needs, stocks=[stock(), mines], lines=[shared]))
    assert plan.parts["orders"] == pytest.approx((2 + 4) * 10)


def test_an_expansion_pays_for_itself_or_is_left() -> None:
    grow = Expansion("second hall", 150.0, 3.0, 1, 0, 3)
    grown = replace(line(1), expansions=(grow,))
    plan = best(problem(need(3), lines=[grown]))
    assert plan.choices.expanded == {"second hall": 0}
    assert plan.cost == pytest.approx(150 + 10 * 10 + 2 * 100)
    dear = replace(line(1), expansions=(replace(grow, cost=999.0),))
    assert best(problem(need(3), lines=[dear])).choices.expanded == {}


def test_a_budget_that_pays_for_an_expansion_may_wait_for_its_year() -> None:
    grow = Expansion("second hall", 50.0, 3.0, 0, 0, 3)
    grown = replace(line(1), expansions=(grow,), fixed_paid=True)
    plan = best(problem(need(3), lines=[grown], budgets=[budget("NOR", 20, 200)]))
    assert plan.choices.expanded == {"second hall": 2}
    assert plan.choices.paid["NOR", "works"] == pytest.approx([20, 110])


def test_an_idle_line_runs_after_its_restart_and_for_its_time() -> None:
    idle = replace(line(), restart=Restart(5.0, 1, least=2.0, run=2))
    plan = best(problem(need([3, 3, 0, 0], cost=60), lines=[idle]))
    assert plan.choices.restarted == {"works": 0}
    assert ordered(plan) == [0, 3, 2, 0]
    assert best(problem(need([3, 0, 0, 0]), lines=[idle])).choices.restarted == {}


def test_a_framework_is_used_in_place_of_the_lines_own_terms() -> None:
    plan = best(problem(need(5), lines=[line()], contracts=[contract(most=3)]))
    assert plan.choices.signed == {"framework": 0}
    assert plan.parts["contracts"] == pytest.approx(4 * 3 * 8)
    assert plan.parts["orders"] == pytest.approx(4 * 2 * 10)


def test_a_contract_binds_to_its_least_take_or_is_not_signed() -> None:
    bound = replace(contract(price=1.0), take={1: 9.0})
    plan = best(problem(need([5, 5, 0, 0]), lines=[line()], contracts=[bound]))
    assert plan.choices.signed == {"framework": 0}
    assert plan.choices.called["framework", SHELLS][2:].sum() == pytest.approx(9)
    dear = replace(bound, price=9.0)
    assert best(problem(need([5, 5, 0, 0]), lines=[line()], contracts=[dear])).choices.signed == {}


def test_a_joint_purchase_needs_buyers_who_each_pay_a_part() -> None:
    joint = replace(contract(price=1.0), least_buyers=2, least_part=0.3)
    funds = [budget("NOR", 999, 999), budget("DNK", 6, 0)]
    plan = best(problem(need([10, 10, 10, 10]), lines=[line()], contracts=[joint], budgets=funds))
    whole = sum(plan.choices.paid[donor, "framework"].sum() for donor in ("NOR", "DNK"))
    assert plan.choices.paid["DNK", "framework"].sum() >= 0.3 * whole - 1e-6
    assert whole == pytest.approx(20)


def test_a_donor_spends_within_its_band() -> None:
    funds = [budget("NOR", 999, 999, most=0.5), budget("DNK", 20, 20)]
    plan = best(problem(need(5), lines=[line()], budgets=funds))
    assert plan.parts["orders"] == pytest.approx(80)


def test_transport_bounds_what_sets_out_in_a_step() -> None:
    plan = best(
        problem(
            need([4, 0, 0, 0]), shelves=[shelf(9)], transport=steps_of(3.0), weight={SHELLS: 1.5}
        )
    )
    assert plan.parts["shortage"] == pytest.approx(200)


CASES = (
    Case("calm", 0.75, {"front": steps_of(0.0)}),
    Case("storm", 0.25, {"front": steps_of(4.0)}),
)


def test_what_is_chosen_holds_in_every_case() -> None:
    plan = best(problem(need(1.0, cost=50), lines=[line()], cases=CASES))
    assert plan.parts["orders"] == pytest.approx(160)
    assert [outcome.stock[SHELLS][-1] for outcome in plan.outcomes] == pytest.approx([16, 0])
    cheap = best(problem(need(1.0, cost=30), lines=[line()], cases=CASES))
    assert cheap.parts == pytest.approx(
        {**dict.fromkeys(cheap.parts, 0.0), "shortage": 0.25 * 16 * 30}
    )


def test_who_fears_the_worst_cases_orders_for_them() -> None:
    fearful = problem(need(1.0, cost=30), lines=[line()], cases=CASES, risk=Risk(0.8, 0.25))
    plan = best(fearful)
    assert plan.parts["shortage"] == pytest.approx(0)
    assert plan.parts["orders"] == pytest.approx(160)


def test_the_first_class_is_served_before_the_second_whatever_it_costs() -> None:
    first = need([2, 2, 2, 2], name="skies", cost=1.0, priority=1)
    second = need([9, 9, 9, 9], name="tanks", cost=500.0, priority=2)
    given_problem = problem(second, first, lines=[line(3)])
    weighed = best(given_problem)
    assert weighed.outcomes[0].short["skies"].sum() == pytest.approx(8)
    ranked = best(replace(given_problem, lexicographic=True))
    assert ranked.outcomes[0].short["skies"].sum() == pytest.approx(0, abs=1e-3)


@settings(max_examples=12)
@given(seeds, st.floats(1.0, 3.0))
def test_more_budget_never_costs_more(seed: int, more: float) -> None:
    poor = replace(random_problem(seed), lexicographic=False)
    rich = replace(poor, budgets=[replace(b, amount=b.amount * more) for b in poor.budgets])
    before, after = solve(poor, gap=0.0), solve(rich, gap=0.0)
    assert after.cost <= before.cost * (1 + 1e-6) + 1e-6


@settings(max_examples=8)
@given(seeds, st.floats(1.0, 3.0))
def test_more_budget_never_leaves_more_of_the_first_class_short(seed: int, more: float) -> None:
    poor = replace(random_problem(seed), lexicographic=True, risk=Risk())
    needs = [*poor.needs, replace(poor.needs[0], name="last", priority=9)]
    poor = replace(poor, needs=needs)
    rich = replace(poor, budgets=[replace(b, amount=b.amount * more) for b in poor.budgets])
    first = min(one.priority for one in needs)

    def short(plan: Plan) -> float:
        return sum(
            outcome.chance * piece.cost * float(missing.sum())
            for outcome in plan.outcomes
            for one in needs
            if one.priority == first
            for piece, missing in zip(one.pieces, outcome.short[one.name], strict=True)
        )

    before, after = solve(poor, gap=0.0), solve(rich, gap=0.0)
    if before.status is Status.OPTIMAL:
        assert short(after) <= short(before) + 1e-4 * max(1.0, short(before))


@settings(max_examples=12)
@given(seeds, st.sampled_from([0.001, 3.0, 1e6]), st.sampled_from([0.01, 7.0, 1e9]))
def test_units_and_currency_change_nothing(seed: int, units: float, money: float) -> None:
    here = replace(random_problem(seed), lexicographic=False)
    there = in_other_units(here, units, money)
    plan, same = solve(here, gap=0.0), solve(there, gap=0.0)
    assert plan.status == same.status
    if plan.status is Status.OPTIMAL:
        assert same.cost / money == pytest.approx(plan.cost, rel=1e-5, abs=1e-5)


@settings(max_examples=8)
@given(seeds)
def test_one_sure_case_is_no_case(seed: int) -> None:
    plain = replace(random_problem(seed), cases=(), lexicographic=False, risk=Risk())
    sure = replace(plain, cases=(Case("sure", 1.0),), risk=Risk(0.5, 0.1))
    plan, same = solve(plain, gap=0.0), solve(sure, gap=0.0)
    assert plan.status == same.status
    if plan.status is Status.OPTIMAL:
        assert same.cost == pytest.approx(plan.cost, rel=1e-6, abs=1e-6)


@settings(max_examples=8)
@given(seeds, st.sampled_from([0.1, 0.5, 1.0]))
def test_without_weight_the_tail_does_not_count(seed: int, tail: float) -> None:
    problem_of = replace(random_problem(seed), lexicographic=False, risk=Risk())
    plan, same = (
        solve(problem_of, gap=0.0),
        solve(replace(problem_of, risk=Risk(0.0, tail)), gap=0.0),
    )
    assert plan.cost == pytest.approx(same.cost, rel=1e-6)
    assert same.parts.get("risk", 0.0) == 0.0


def test_where_no_plan_can_be_the_clash_says_why() -> None:
    hard = need([5, 5, 5, 5], pieces=((0.5, 100.0),))
    plan = solve(problem(hard, lines=[line(1)], budgets=[budget("NOR", 99, 99)]))
    assert plan.status is Status.INFEASIBLE
    assert not plan.choices.ordered
    assert plan.clash == [
        "at least 50% of need front must be met",
        "line works makes at most 1 a step",
    ]


def harder() -> Problem:
    """A problem that takes the solver some seconds."""
    rng = np.random.default_rng(1)
    names = [f"works{i}" for i in range(25)]
    steps = 24
    lines = [
        replace(
            line(),
            name=name,
            price=np.full(steps, rng.uniform(5, 9)),
            capacity=np.full(steps, 10.0),
            least=rng.uniform(3, 9),
            restart=Restart(rng.uniform(10, 99), 1, 2.0, 3),
            tiers=(Tier(7.0, 0.0), Tier(6.0, 0.1), Tier(np.inf, 0.2)),
        )
        for name in names
    ]
    amount = rng.uniform(10, 90, steps)
    return Problem(
        steps=steps,
        year_of=np.arange(steps) // 12,
        currency="EUR",
        stocks=[replace(stock(holding=0.1), arriving=np.zeros(steps))],
        needs=[replace(need(1.0, cost=9.5), amount=amount)],
        lines=lines,
    )


def test_whoever_stops_it_gets_the_best_plan_so_far() -> None:
    seen: list[Progress] = []

    def stop() -> bool:
        return bool(seen) and np.isfinite(seen[-1].incumbent)

    plan = solve(harder(), gap=0.0, progress=seen.append, cancel=stop, method="milp")
    assert plan.status is Status.STOPPED
    assert plan.bound < plan.cost < np.inf
    assert plan.gap > 0


def test_ctrl_c_gets_the_best_plan_so_far() -> None:
    pressed: list[float] = []

    def interrupt(now: Progress) -> None:
        if np.isfinite(now.incumbent) and not pressed:
            pressed.append(now.seconds)
            raise KeyboardInterrupt

    plan = solve(harder(), gap=0.0, progress=interrupt, method="milp")
    assert plan.status is Status.STOPPED
    assert plan.cost < np.inf


def test_ctrl_c_twice_waits_for_nothing() -> None:
    def interrupt(now: Progress) -> None:
        raise KeyboardInterrupt(str(now.seconds))

    with pytest.raises(KeyboardInterrupt):
        solve(harder(), gap=0.0, progress=interrupt, method="milp")


def test_a_fault_of_the_listener_is_not_swallowed() -> None:
    def broken(now: Progress) -> None:
        raise OSError(f"no screen at {now.seconds}")

    with pytest.raises(OSError, match="no screen"):
        solve(harder(), gap=0.0, progress=broken, method="milp")


def test_without_time_there_is_no_plan_or_an_honest_gap() -> None:
    plan = solve(harder(), gap=0.0, time_limit=0.01, method="milp")
    assert plan.status in (Status.NONE, Status.TIME)
    if plan.status is Status.NONE:
        assert plan.cost == np.inf
    else:
        assert plan.gap > 0


def test_another_number_of_threads_is_no_matter() -> None:
    given_problem = random_problem(7)
    costs = [solve(given_problem, gap=0.0, threads=threads).cost for threads in (1, 2, 1)]
    assert costs == pytest.approx([costs[0]] * 3)


def test_duals_say_what_one_more_is_worth() -> None:
    given_problem = problem(need([4, 0, 4, 0]), lines=[line()], budgets=[budget("NOR", 25, 10)])
    solved = solve_whole(given_problem, gap=0.0)
    assert solved.duals is not None
    assert solved.duals.row_duals is not None
    worth = solved.duals.row_duals[solved.program.rows["budget"].at("NOR")]
    richer = replace(given_problem, budgets=[budget("NOR", 26, 10)])
    assert worth[0] == pytest.approx(best(richer).cost - solved.plan.cost)
