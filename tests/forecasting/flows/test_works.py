"""Works: ramps, restarts, shares and backlogs; events; reorder policies with budgets."""

from __future__ import annotations

import numpy as np
import pytest

from pledgebook.forecasting.flows import (
    Amount,
    Customer,
    Event,
    Flow,
    Law,
    Line,
    Lot,
    Noise,
    Ramp,
    Regime,
    Reorder,
    Result,
    System,
    Total,
    Works,
    simulate,
)


def output(works: Works, steps: int, draws: int = 4_000) -> list[float]:
    result = simulate(System(steps, [], works=[works]), draws=draws)
    return [float(x) for x in result.works[works.key].moments[Flow.OUTPUT].mean]


def mean(result: Result, key: str, flow: Flow) -> list[float]:
    return [float(x) for x in result.lines[key].moments[flow].mean]


def test_a_ramp_goes_in_a_straight_line() -> None:
    """What a step makes is the mean of the rate over it."""
    works = Works("w", 10, ramps=[Ramp(to=30, delay=2, length=4)])
    assert output(works, 8) == [10, 10, 12.5, 17.5, 22.5, 27.5, 30, 30]
    halves = Works("w", 10, ramps=[Ramp(to=30, delay=0.5, length=1)])
    assert output(halves, 3) == pytest.approx([12.5, 27.5, 30])


def test_a_ramp_without_length_is_a_jump_and_may_go_down() -> None:
    works = Works("w", 10, ramps=[Ramp(40, delay=1), Ramp(5, delay=3)])
    assert output(works, 5) == [10, 40, 40, 5, 5]


def test_a_ramp_that_never_comes_leaves_the_next_its_place() -> None:
    """With a chance of 0.25 the first is missing; the second ends at its own rate all the same."""
    works = Works("w", 10, ramps=[Ramp(40, delay=1, never=0.25), Ramp(50, delay=3)])
    found = output(works, 5, draws=20_000)
    assert found == pytest.approx([10, 32.5, 32.5, 50, 50], rel=0.02)


def test_idle_until_a_step_that_is_drawn() -> None:
    assert output(Works("w", 12, idle_until=2), 4) == [0, 0, 12, 12]
    assert output(Works("w", 12, idle_until=1.5), 4) == [0, 6, 12, 12]
    never = output(Works("w", 12, idle_never=0.4), 3, draws=20_000)
    assert never == pytest.approx([7.2] * 3, rel=0.03)
    drawn = output(Works("w", 12, idle_until=Amount(5, 0.5)), 20)
    assert drawn[0] == pytest.approx(0, abs=0.01)
    assert drawn[-1] == pytest.approx(12, rel=0.01)
    assert (np.diff(drawn) > -1e-9).all()


def test_shares_without_end_of_orders() -> None:
    works = Works("w", 10, customers=[Customer("a", 0.5), Customer("b", 0.3, transit=2)])
    system = System(4, [Line("a"), Line("b")], works=[works])
    result = simulate(system, draws=2, balances="all")
    assert mean(result, "a", Flow.ARRIVALS) == [5, 5, 5, 5]
    assert mean(result, "b", Flow.ARRIVALS) == pytest.approx([0, 0, 3, 3])
    assert result.works["w"].remainder == pytest.approx(8)


def test_what_one_does_not_take_goes_to_the_others() -> None:
    """Shares of 0.5, 0.25, 0.25 of 100; a has 20 on order, b 160, c no end."""
    works = Works(
        "w",
        100,
        customers=[Customer("a", 0.5, 20), Customer("b", 0.25, 160), Customer("c", 0.25)],
    )
    system = System(4, [Line("a"), Line("b"), Line("c")], works=[works])
    result = simulate(system, draws=2, balances="all")
    assert mean(result, "a", Flow.ARRIVALS) == pytest.approx([20, 0, 0, 0])
    assert mean(result, "b", Flow.ARRIVALS) == pytest.approx([40, 50, 50, 20])
    assert mean(result, "c", Flow.ARRIVALS) == pytest.approx([40, 50, 50, 80])
    assert result.works["w"].remainder == pytest.approx(0, abs=1e-9)


def test_the_least_share_that_there_is_makes_nothing_of_nothing() -> None:
    """Shares so small that they cannot be divided by still share out what is made, and no more."""
    least = Customer("a", 5e-324, 2)
    works = Works("w", 1, customers=[least, Customer("b", 0.5, 0)])
    result = simulate(System(2, [Line("a"), Line("b")], works=[works]), draws=2, balances="all")
    assert mean(result, "a", Flow.ARRIVALS) == pytest.approx([0.5, 0.5])
    assert result.works["w"].remainder == pytest.approx(1)


def test_what_nobody_takes_is_the_remainder() -> None:
    works = Works("w", 100, customers=[Customer("a", 0.6, 50), Customer("b", 0.2, Amount(90, 0.0))])
    system = System(3, [Line("a"), Line("b")], works=[works])
    result = simulate(system, draws=2, balances="all")
    # Four fifths are theirs: a takes 50 of its 60, b its 20 and the 10 that a leaves; then b alone.
    assert mean(result, "a", Flow.ARRIVALS) == pytest.approx([50, 0, 0])
    assert mean(result, "b", Flow.ARRIVALS) == pytest.approx([30, 60, 0])
    assert result.works["w"].remainder == pytest.approx(160)


def test_a_total_is_the_sum_of_its_members() -> None:
    lines = [Line(key, Amount(100, 0.5), use=[Regime(0, Amount(5, 0.4))]) for key in "ab"]
    works = [Works(key, Amount(3, 0.5), customers=[Customer("a")]) for key in "vw"]
    system = System(6, lines, works=works, totals=[Total("lines", "ab"), Total("works", "vw")])
    result = simulate(system, draws=3_000, quantiles="all")
    for flow in (Flow.STOCK, Flow.ARRIVALS, Flow.WANTED, Flow.USE, Flow.GAP):
        parts = sum(result.lines[key].moments[flow].mean for key in "ab")
        np.testing.assert_allclose(result.totals["lines"].moments[flow].mean, parts, rtol=1e-9)
    total = result.totals["works"]
    parts = sum(result.works[key].moments[Flow.OUTPUT].mean for key in "vw")
    np.testing.assert_allclose(total.moments[Flow.OUTPUT].mean, parts, rtol=1e-9)
    # Two works apart spread less, together, than their bands added up.
    band = sum(np.ptp(result.works[key].quantiles[Flow.OUTPUT], axis=0) for key in "vw")
    assert (np.ptp(total.quantiles[Flow.OUTPUT], axis=0) < band).all()


def test_events_come_beside_the_base_rate() -> None:
    event = Event("offensive", Amount(60, 0.0), earliest=2, latest=4, duration=3, chance=0.5)
    line = Line("a", 1_000, use=[Regime(0, 10)], events=[event])
    result = simulate(System(9, [line]), draws=30_000, balances="all")
    # It begins in one of three steps: each of its three steps is on in 1, 2, 3, 2, 1 of three.
    expected = [10, 10, *(10 + 20 * 0.5 * n / 3 for n in (1, 2, 3, 2, 1)), 10, 10]
    assert mean(result, "a", Flow.WANTED) == pytest.approx(expected, rel=0.02)
    balance = result.lines["a"].balance
    assert balance is not None
    assert set(np.round(balance.wanted, 6)) == {90.0, 150.0}


def test_regimes_follow_each_other_with_a_calendar() -> None:
    shape = [1.0, 2.0, 1.0, 0.5]
    line = Line("a", 1_000, use=[Regime(1, 10, shape), Regime(3, 40, shape)])
    result = simulate(System(4, [line]), draws=2)
    assert mean(result, "a", Flow.WANTED) == [0, 20, 10, 20]


def test_the_same_regime_rises_and_falls_with_itself() -> None:
    """Regimes of one key share their draw; of different keys they do not."""
    for key, expected in ((None, 0.0), ("level", 1.0)):
        uses = [Regime(0, Amount(10, 0.5), key=key), Regime(1, Amount(10, 0.5), key=key)]
        lines = [Line("a", 0.0, use=uses)]
        one = simulate(System(1, lines), draws=4_000, balances="all").lines["a"].balance
        both = simulate(System(2, lines), draws=4_000, balances="all").lines["a"].balance
        assert one is not None
        assert both is not None
        found = np.corrcoef(one.wanted, both.wanted - one.wanted)[0, 1]
        assert found == pytest.approx(expected, abs=0.05)


def ordering(policy: Reorder, steps: int = 8, opening: float = 50, use: float = 20) -> Result:
    line = Line("a", opening, use=[Regime(0, use)], reorder=policy, backorder=True)
    return simulate(System(steps, [line], steps_a_year=4), draws=2, balances="all")


def test_order_up_to() -> None:
    result = ordering(Reorder(point=30, up_to=70, lead=2, unit_cost=3, order_cost=7))
    # 50-20=30 orders 40 for step 2; 10; then 10+40-20=30 orders 40 for step 4, and so on.
    assert mean(result, "a", Flow.STOCK) == [30, 10, 30, 10, 30, 10, 30, 10]
    assert mean(result, "a", Flow.COST) == [127, 0, 127, 0, 127, 0, 127, 0]


def test_order_in_lots_until_above_the_point() -> None:
    result = ordering(Reorder(point=65, quantity=25, lead=1), steps=3)
    # 30 is at or below 65: two lots lift it to 80.
    assert mean(result, "a", Flow.ARRIVALS) == [0, 50, 25]
    assert mean(result, "a", Flow.STOCK) == [30, 60, 65]


def test_a_budget_binds_within_its_year() -> None:
    result = ordering(Reorder(point=1_000, up_to=1_000, unit_cost=2, order_cost=10, budget=50))
    # 20 units a year of four steps, in its first step; what is not spent does not carry over.
    assert mean(result, "a", Flow.COST) == [50, 0, 0, 0, 50, 0, 0, 0]
    lots = ordering(Reorder(point=1_000, quantity=15, unit_cost=2, order_cost=10, budget=50))
    assert mean(lots, "a", Flow.COST) == [40, 0, 0, 0, 40, 0, 0, 0]
    nothing = ordering(Reorder(point=1_000, up_to=1_000, order_cost=10, budget=5))
    assert sum(mean(nothing, "a", Flow.COST)) == 0


def test_orders_are_looked_at_every_few_steps() -> None:
    result = ordering(Reorder(point=1_000, up_to=1_000, every=3, unit_cost=1))
    assert [cost > 0 for cost in mean(result, "a", Flow.COST)] == [
        False, False, True, False, False, True, False, False,
    ]  # fmt: skip


def test_lead_times_are_drawn_for_each_order() -> None:
    law = Law((1.0, 3.0), (0.75, 0.25))
    line = Line("a", 100, use=[Regime(0, 10)], reorder=Reorder(90, up_to=100, lead=law))
    result = simulate(System(6, [line]), draws=20_000)
    arrivals = mean(result, "a", Flow.ARRIVALS)
    assert arrivals[0] == 0
    assert arrivals[1:3] == pytest.approx([7.5, 7.5], rel=0.02)
    assert arrivals[3:] == pytest.approx([10, 10, 10], rel=0.02)


def test_noise_comes_anew_in_every_step() -> None:
    line = Line("a", 0.0, use=[Regime(0, 10)], noise=Noise.gamma(0.5))
    balance = simulate(System(50, [line]), draws=10_000, balances="all").lines["a"].balance
    assert balance is not None
    assert balance.wanted.mean() == pytest.approx(500, rel=0.005)
    assert balance.wanted.var() == pytest.approx(50 * 25, rel=0.06)


def test_the_chance_of_a_lot_is_the_mean_of_what_it_brings() -> None:
    by = [0.1, 0.1, 0.6, 0.9]
    result = simulate(System(4, [Line("a")], lots=[Lot("lot", "a", 1.0, by)]), draws=40_000)
    stock = result.lines["a"].moments[Flow.STOCK]
    np.testing.assert_allclose(stock.mean, by, atol=0.01)
    np.testing.assert_allclose(stock.variance, np.array(by) * (1 - np.array(by)), atol=0.01)
