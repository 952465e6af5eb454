"""From a scenario to a problem: each key comes to mean what its description says."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.planning.compiling.compile import compile_scenario
from pledgebook.planning.compiling.compiled import Compiled
from pledgebook.planning.problem import Line, Problem
from pledgebook.planning.scenario.faults import ScenarioError
from pledgebook.planning.scenario.loading import load_scenario, read_scenario
from pledgebook.planning.scenario.size import size_of
from pledgebook.vocabulary.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parent.parent.parent
SCENARIOS = sorted(path for path in (ROOT / "examples").glob("*.toml") if path.stem != "feeds")

HEAD = '[horizon]\nfrom = "2023-03"\nto = "2024-08"\n'
NEED = '[[need]]\nrecipient = "Ukraine"\nitem = "155mm"\namount = 1200\nper = "year"\n'
PRICE = '[[item]]\nname = "155mm"\nprice = 10\n'
LINE = '[[line]]\nname = "works"\nitem = "155mm"\ncapacity = 80\nlead = 3\n'
BASE = HEAD + PRICE + NEED + LINE


def compiled(text: str) -> Compiled:
    return compile_scenario(read_scenario(text, "plan.toml"), load_catalogue())


def problem(text: str) -> Problem:
    return compiled(text).problem


def line(text: str) -> Line:
    [found] = problem(text).lines
    return found


def test_the_calendar_has_steps_years_and_names() -> None:
    found = compiled(BASE)
    assert found.problem.steps == 18
    assert found.days[0] == dt.date(2023, 3, 1)
    assert found.days[-1] == dt.date(2024, 9, 1)
    assert len(found.days) == 19
    assert found.problem.year_of.tolist() == [0] * 10 + [1] * 8
    assert found.years == ("2023", "2024")
    assert found.units["155mm"] == "round"
    fiscal = compiled(BASE.replace("[[item]]", "year_begins = 10\n[[item]]", 1))
    assert fiscal.years == ("2022/23", "2023/24")
    assert fiscal.problem.year_of.tolist() == [0] * 7 + [1] * 11


def test_a_rate_is_the_same_in_every_period() -> None:
    amounts = {
        per: problem(BASE.replace('1200\nper = "year"', f'{amount}\nper = "{per}"')).needs[0].amount
        for per, amount in {"year": 1200, "quarter": 300, "month": 100}.items()
    }
    for amount in amounts.values():
        np.testing.assert_allclose(amount, 100.0)
    day = problem(BASE.replace('1200\nper = "year"', '1\nper = "day"')).needs[0].amount
    assert day.sum() == pytest.approx(365.25 * 1.5)


def test_quarters_hold_the_same_as_their_months() -> None:
    pieces = 'amount = [{ to = "2023-04", value = 12 }, { from = "2023-08", value = 24 }]'
    text = BASE.replace("amount = 1200", pieces)
    months = problem(text).needs[0].amount
    quarters = problem(text.replace("[[item]]", 'step = "quarter"\n[[item]]', 1))
    np.testing.assert_allclose(months[:8], [1, 1, 0, 0, 0, 2, 2, 2])
    np.testing.assert_allclose(quarters.needs[0].amount, months.reshape(6, 3).sum(axis=1))
    assert quarters.lines[0].lead == 1
    assert quarters.lines[0].capacity[0] == 240
    # What costs so much a month costs three times as much a quarter.
    assert quarters.stocks[0].holding == pytest.approx(3 * problem(text).stocks[0].holding)
    # A delay that is begun counts whole.
    later = problem(
        text.replace("[[item]]", 'step = "quarter"\n[[item]]', 1).replace("lead = 3", "lead = 4")
    )
    assert later.lines[0].lead == 2


@given(st.lists(st.floats(0, 1e6), min_size=18, max_size=18), st.floats(0, 1e6))
def test_one_number_a_list_and_pieces_say_the_same(each: list[float], one: float) -> None:
    listed = problem(BASE.replace("amount = 1200", f"amount = {each}"))
    months = [f"{2023 + (month + 2) // 12}-{(month + 2) % 12 + 1:02d}" for month in range(18)]
    pieces = ", ".join(
        f'{{ from = "{name}", to = "{name}", value = {value!r} }}'
        for name, value in zip(months, each, strict=True)
    )
    pieced = problem(BASE.replace("amount = 1200", f"amount = [{pieces}]"))
    np.testing.assert_array_equal(listed.needs[0].amount, pieced.needs[0].amount)
    np.testing.assert_allclose(listed.needs[0].amount, np.array(each) / 12)
    flat = problem(BASE.replace("amount = 1200", f"amount = {one!r}"))
    many = problem(BASE.replace("amount = 1200", f"amount = {[one] * 18}"))
    np.testing.assert_array_equal(flat.needs[0].amount, many.needs[0].amount)


def test_shortage_costs_follow_the_priority_and_the_price() -> None:
    assert [(p.share, p.cost) for p in problem(BASE).needs[0].pieces] == [(0.5, 200), (0.5, 60)]
    second = BASE.replace('per = "year"', 'per = "year"\npriority = 2')
    assert [p.cost for p in problem(second).needs[0].pieces] == [100, 30]
    ninth = second.replace("priority = 2", "priority = 9")
    assert [p.cost for p in problem(ninth).needs[0].pieces] == [50, 15]
    own = HEAD + "[defaults.shortage]\n2 = [1, 4, 7]\n" + (second.removeprefix(HEAD))
    found = problem(own).needs[0].pieces
    assert [p.cost for p in found] == [70, 40, 10]
    assert sum(p.share for p in found) == pytest.approx(1)
    told = BASE.replace(
        'per = "year"',
        'per = "year"\nshort = [{share = 0.2, cost = 3}, {share = 0.5, multiple = 2}]',
    )
    assert [(p.share, p.cost) for p in problem(told).needs[0].pieces] == [(0.5, 20), (0.2, 3)]


def test_a_price_that_is_not_said_is_the_mean_of_the_lines() -> None:
    text = HEAD + NEED + LINE + "price = 30\n" + LINE.replace("works", "other") + "price = 50\n"
    found = problem(text)
    assert found.needs[0].pieces[0].cost == 20 * 40
    assert [one.price[0] for one in found.lines] == [30, 50]


def test_kinds_of_an_item_meet_its_need_and_substitutes_at_their_rate() -> None:
    text = (
        HEAD
        + '[[item]]\nname = "Leopard 2"\nprice = 5\n[[item]]\nname = "Leopard 1"\nprice = 2\n'
        + '[[item]]\nname = "Leopard 2A4"\nprice = 3\n'
        + '[[need]]\nrecipient = "Ukraine"\nitem = "Leopard 2"\namount = 3\n'
        + 'substitutes = [{ item = "Leopard 1A5", rate = 2.5 }]\n'
        + '[[item]]\nname = "Leopard 1A5"\nprice = 2\n'
        + '[[donor]]\nname = "Germany"\n[[donor.shelf]]\nitem = "Leopard 2A4"\nheld = 9\n'
        + '[[donor.shelf]]\nitem = "Leopard 1A5"\nheld = 90\n'
        + '[[donor.shelf]]\nitem = "Marder"\nheld = 9\ncost = 1\n'
    )
    found = compiled(text)
    [need] = found.problem.needs
    assert {(one.stock, one.rate) for one in need.met_by} == {
        ("Ukraine: Leopard 2", 1.0), ("Ukraine: Leopard 2A4", 1.0), ("Ukraine: Leopard 1A5", 2.5),
    }  # fmt: skip
    assert [(one.name, one.to) for one in found.problem.shelves] == [
        ("Germany: Leopard 2A4", ("Ukraine: Leopard 2A4",)),
        ("Germany: Leopard 1A5", ("Ukraine: Leopard 1A5",)),
    ]
    assert found.problem.shelves[0].cost == pytest.approx(0.2 * 3)
    assert any("left out" in note and "shelf[3]" in note for note in found.notes)


def test_a_shelf_gives_to_those_who_are_named() -> None:
    moldova = NEED.replace("Ukraine", "Moldova")
    shelf = '[[donor]]\nname = "Germany"\n[[donor.shelf]]\nitem = "155mm"\nheld = 9\nreserve = 2\n'
    shelf += 'per = "year"\nreplenished = 24\nmost = 12\ndelay = 2\n'
    [found] = problem(BASE + moldova + shelf).shelves
    assert found.to == ("Ukraine: 155mm", "Moldova: 155mm")
    assert (found.held, found.reserve, found.delay) == (9, 2, 2)
    np.testing.assert_allclose(found.replenished, 2.0)
    np.testing.assert_allclose(found.most, 1.0)
    [one] = problem(BASE + moldova + shelf + 'recipients = ["MDA"]\n').shelves
    assert one.to == ("Moldova: 155mm",)


def test_a_line_has_what_its_other_customers_leave() -> None:
    text = BASE + (
        "least = 10\nramp = 5\nadvance = 0.3\nbreak_months = 6\n"
        "price_break = [{ beyond = 100, rebate = 0.05 }, { beyond = 250, rebate = 0.1 }]\n"
        '[[line.customer]]\nname = "its army"\namount = [{ to = "2023-12", value = 30 }]\n'
        "[[line.customer]]\namount = 5\n"
        '[[line.expansion]]\nadded = 20\ncost = 7\ndelay = 4\nfrom = "2023-05"\nto = "2023-09"\n'
        '[line.restart]\ncost = 3\ndelay = 2\nleast = 15\nrun = "1 year"\n'
    )
    found = line(text)
    np.testing.assert_allclose(found.capacity, [45.0] * 10 + [75.0] * 8)
    assert (found.least, found.ramp, found.advance, found.tier_steps) == (10, 5, 0.3, 6)
    widths = [(tier.width, tier.rebate) for tier in found.tiers]
    assert widths == [(100, 0.0), (150, 0.05), (np.inf, 0.1)]
    [grow] = found.expansions
    assert (grow.name, grow.cost, grow.added, grow.delay) == ("works expanded", 7, 20, 4)
    assert (grow.earliest, grow.latest) == (2, 6)
    assert found.restart is not None
    assert dataclasses.astuple(found.restart) == (3, 2, 15, 12)
    assert found.buyers is None


def test_a_surge_is_made_ready_ahead_of_its_warning() -> None:
    surge = "[[line.surge]]\nadded = 9\ncost = 2\nprovisioning = 4\nresponse = 1\nwarning = "
    [ready] = line(BASE + surge + '"2023-12"\n').expansions
    # Bought five steps before the warning of step 9, it runs one step after it.
    assert (ready.earliest, ready.latest, ready.delay) == (5, 5, 5)
    late = compiled(BASE + surge + '"2023-05"\n')
    [grow] = late.problem.lines[0].expansions
    assert (grow.earliest, grow.latest, grow.delay) == (0, 0, 5)
    assert any("2 steps after the warning" in note for note in late.notes)


def test_a_joint_purchase_with_price_breaks_is_a_contract_for_each_price() -> None:
    text = BASE + (
        '[[donor]]\nname = "Germany"\nbudget = 5\n[[donor]]\nname = "France"\nbudget = 6\n'
        '[[contract]]\nname = "together"\nline = "works"\nkind = "joint"\nprice = 9\nfixed = 4\n'
        'from = "2023-07"\nto = "2024-06"\nper = "year"\nmost = 240\n'
        "price_break = [{ take = 60, price = 8 }, { take = 120, price = 7 }]\n"
    )
    found = problem(text).contracts
    assert [one.name for one in found] == [
        "together",
        "together, 60 a year",
        "together, 120 a year",
    ]
    assert [one.price for one in found] == [9, 8, 7]
    # Six months of either year are in it.
    assert [dict(one.take) for one in found] == [{}, {0: 30.0, 1: 30.0}, {0: 60.0, 1: 60.0}]
    for one in found:
        assert one.least_buyers == 2
        assert one.buyers == ("Germany", "France")
        assert (one.start, one.fixed, one.kind) == (4, 4, "joint")
        np.testing.assert_allclose(one.most, [0.0] * 4 + [20.0] * 12 + [0.0] * 2)


def test_a_minimum_take_by_year_is_taken_as_it_is_said() -> None:
    contract = '[[contract]]\nline = "works"\nkind = "multi-year"\nprice = 9\ntake = '
    [named] = problem(BASE + contract + "{ 2023 = 40, 2024 = 50 }\n").contracts
    assert named.take == {0: 40.0, 1: 50.0}
    # "So many a year" is less in a year that the horizon touches in part.
    [flat] = problem(BASE + contract + "120\n").contracts
    assert flat.take == {0: 100.0, 1: 80.0}
    assert np.isinf(flat.most).all()


def test_budgets_by_year_and_bands_of_shares() -> None:
    donor = '[[donor]]\nname = "Germany"\nsource = "the law, sc0ffee0123456789abcd"\n'
    donor += "budget = { 2022 = 1, 2023 = 7, 2024 = 8 }\nshare = [0.1, 0.4]\n"
    found = compiled(BASE + donor + '[[donor]]\nname = "France"\nshare = [0, 0.9]\n')
    first, second = found.problem.budgets
    assert first.donor == "Germany"
    np.testing.assert_array_equal(first.amount, [7, 8])
    assert (first.least_share, first.most_share) == (0.1, 0.4)
    assert np.isinf(second.amount).all()
    [origin] = found.origins["budget", "Germany"]
    assert (origin.key, origin.line) == ("donor[1].budget", BASE.count("\n") + 4)
    assert "the law" in origin.says


def test_a_commitment_counts_by_its_chance_and_delay() -> None:
    promise = '[[commitment]]\nrecipient = "Ukraine"\nitem = "155mm"\nquantity = 1000\n'
    promise += 'due = "2023-05"\nchance = 0.8\n'
    [stock] = problem(BASE + promise).stocks
    np.testing.assert_allclose(stock.arriving, [0, 0, 800] + [0] * 15)
    [late] = problem(BASE + promise + "late = [0, 4]\n").stocks
    assert late.arriving.sum() == pytest.approx(800)
    assert late.arriving[:2].sum() < 0.2 * 800
    # Eight in ten of what comes is from no month to four months late.
    assert late.arriving[2:7].sum() == pytest.approx(0.8 * 800, rel=0.12)
    with pytest.raises(ScenarioError, match="how late it may be is not said"):
        problem(BASE + promise.replace("2023-05", "2022-05"))
    [long_due] = problem(BASE + promise.replace("2023-05", "2022-12") + "late = [4, 12]\n").stocks
    assert 0 < long_due.arriving.sum() <= 800


def test_what_is_not_said_of_a_stock_is_noted() -> None:
    assert any("none is counted on" in note for note in compiled(BASE).notes)
    said = '[[stock]]\nrecipient = "Ukraine"\nitem = "155mm"\nopening = 0\n'
    assert compiled(BASE + said).notes == ()


def test_transport_weighs_what_moves() -> None:
    text = BASE.replace("price = 10", "price = 10\nweight = 0.05")
    found = problem(text + '[transport]\ncapacity = 12\nper = "year"\n')
    assert found.transport is not None
    np.testing.assert_allclose(found.transport, 1.0)
    assert found.weight == {"155mm": 0.05}


def test_names_are_one_whatever_the_spelling() -> None:
    text = BASE + '[[stock]]\nrecipient = "UKR"\nitem = "155 mm"\nopening = 7\n'
    [stock] = problem(text).stocks
    assert (stock.name, stock.opening) == ("Ukraine: 155mm", 7)
    own = BASE.replace("Ukraine", "the Fleet").replace("155mm", "widgets")
    own = 'parties = ["The fleet"]\n' + own.replace(
        "price = 10", 'price = 10\nown = true\nunit = "box"'
    )
    found = compiled(own)
    assert found.problem.stocks[0].recipient == "The fleet"
    assert found.units == {"widgets": "box"}


def test_the_order_of_tables_changes_no_figure() -> None:
    other = NEED.replace("Ukraine", "Moldova")
    donors = [
        '[[donor]]\nname = "Germany"\nbudget = 5\n',
        '[[donor]]\nname = "France"\nbudget = 6\n',
    ]
    one = problem(HEAD + PRICE + NEED + other + LINE + "".join(donors))
    two = problem(HEAD + LINE + "".join(reversed(donors)) + other + NEED + PRICE)
    for kind in ("needs", "stocks", "lines", "budgets"):
        first = {_name(x): _plain(x) for x in getattr(one, kind)}
        second = {_name(x): _plain(x) for x in getattr(two, kind)}
        assert first == second


def _name(thing: Any) -> str:  # noqa: ANN401
    return str(getattr(thing, "name", None) or thing.donor)


def _plain(thing: Any) -> str:  # noqa: ANN401
    found = dataclasses.asdict(thing)
    if "to" in found:
        found["to"] = sorted(found["to"])
    return str(found)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_the_examples_compile_without_a_fault(path: Path) -> None:
    found = compile_scenario(load_scenario(path), load_catalogue())
    assert found.problem.needs
    assert found.problem.lines
    assert found.title
    for kind in ("needs", "shelves", "lines", "contracts"):
        for one in getattr(found.problem, kind):
            single = {"needs": "need", "shelves": "shelf"}.get(kind, kind.removesuffix("s"))
            [origin, *_] = found.origins[single, one.name]  # type: ignore[index]
            assert origin.line is not None


def test_the_benchmark_is_a_scenario_of_the_product() -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from plan_instances import find_instances, problem_from_benchmark
        from plan_scenarios import scenario_text
    finally:
        sys.path.pop(0)
    instances = find_instances()
    if instances is None:
        pytest.skip("the planning benchmark is not beside the project")
    instance = instances.make(seed=5, donors=5, items=4, months=24, lines=6)
    made, wanted = problem(scenario_text(instance)), problem_from_benchmark(instance)
    for kind in ("needs", "stocks", "shelves", "budgets", "lines"):
        ours, theirs = getattr(made, kind), getattr(wanted, kind)
        assert [_name(one) for one in ours] == [_name(one) for one in theirs]
        for one, other in zip(ours, theirs, strict=True):
            for field in dataclasses.fields(one):
                _same(field.name, getattr(one, field.name), getattr(other, field.name))
    np.testing.assert_array_equal(made.year_of, wanted.year_of)


def _same(name: str, ours: Any, theirs: Any) -> None:  # noqa: ANN401
    if isinstance(ours, np.ndarray):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    elif name == "tiers":
        # The benchmark's last tier is wider than all that a line can make: here it has no end.
        assert [tier.rebate for tier in ours] == [tier.rebate for tier in theirs]
        widths = [(one.width, two.width) for one, two in zip(ours, theirs, strict=True)]
        for one, two in widths[:-1]:
            assert one == pytest.approx(two)
        assert np.isinf(widths[-1][0])
    elif name == "pieces":
        assert [p.share for p in ours] == [p.share for p in theirs]
        assert [p.cost for p in ours] == pytest.approx([p.cost for p in theirs])
    elif isinstance(ours, float):
        assert ours == pytest.approx(theirs, rel=1e-12)
    else:
        assert ours == theirs or name == "maker"


def test_the_size_is_told_before_it_is_built() -> None:
    from pledgebook.planning.formulating.formulate import formulate

    for name in ("february-2023", "aim-munitions"):
        found = compile_scenario(
            load_scenario(ROOT / "examples" / f"{name}.toml"), load_catalogue()
        )
        size, built = size_of(found.problem, 1), formulate(found.problem)
        assert size.columns == pytest.approx(len(built.cost), rel=0.6)
        assert size.bytes > 100e6
        assert size_of(found.problem, 100).columns > 10 * size.columns
