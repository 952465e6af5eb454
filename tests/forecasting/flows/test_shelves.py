"""Shelf life against a queue in plain Python, reserves, handovers and lots from a shelf."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.forecasting.flows import (
    Balance,
    Flow,
    Handover,
    Line,
    Lot,
    Mode,
    Regime,
    Result,
    System,
    simulate,
)


def queue(
    opening: float, ages: dict[int, float], arrivals: list[float], wants: list[float], life: int
) -> tuple[list[float], list[float], float]:
    """Play one line with a queue of lots, the oldest first: stock and use by step, and expiry."""
    lots = deque(sorted((-age, opening * share) for age, share in ages.items()))
    lots.append((0, opening * (1 - sum(ages.values()))))
    stocks, uses, expired = [], [], 0.0

    def expire(step: int) -> float:
        gone = 0.0
        while lots and step - lots[0][0] >= life:
            gone += lots.popleft()[1]
        return gone

    expired += expire(0)
    for t, (came, want) in enumerate(zip(arrivals, wants, strict=True)):
        lots.append((t, came))
        left = want
        while lots and left > 0:
            born, size = lots.popleft()
            taken = min(size, left)
            left -= taken
            if size > taken:
                lots.appendleft((born, size - taken))
        expired += expire(t + 1)
        stocks.append(sum(size for _, size in lots))
        uses.append(want - left)
    return stocks, uses, expired


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_shelf_life_is_that_of_a_queue(data: st.DataObject) -> None:
    steps = data.draw(st.integers(1, 15))
    amount = st.integers(0, 100).map(float)
    series = st.lists(amount, min_size=steps, max_size=steps)
    arrivals, wants = data.draw(series), data.draw(series)
    life, opening = data.draw(st.integers(1, 8)), data.draw(amount)
    ages = data.draw(st.sampled_from([{}, {1: 0.5}, {0: 0.25, 3: 0.25, 7: 0.25}, {9: 1.0}]))
    lots = [
        Lot(f"{t}", "a", size, [0.0] * t + [1.0] * (steps - t)) for t, size in enumerate(arrivals)
    ]
    line = Line("a", opening, ages=ages, use=[Regime(0, 1.0, wants)], shelf_life=life)
    found = simulate(System(steps, [line], lots=lots), draws=3, balances="all").lines["a"]
    stocks, uses, expired = queue(opening, ages, arrivals, wants, life)
    np.testing.assert_allclose(found.moments[Flow.STOCK].mean, stocks, atol=1e-9)
    np.testing.assert_allclose(found.moments[Flow.USE].mean, uses, atol=1e-9)
    assert found.balance is not None
    assert found.balance.expired == pytest.approx(expired, abs=1e-9)


def mean(result: Result, key: str, flow: Flow) -> list[float]:
    return [float(x) for x in result.lines[key].moments[flow].mean]


def balance_of(result: Result, key: str) -> Balance:
    balance = result.lines[key].balance
    assert balance is not None
    return balance


def test_a_handover_stops_at_the_reserve() -> None:
    system = System(
        6,
        [Line("shelf", 100, reserve=60), Line("front")],
        handovers=[Handover("gift", "shelf", "front", 15, start=1, end=6, transit=1)],
    )
    result = simulate(system, draws=2, balances="all")
    assert mean(result, "shelf", Flow.STOCK) == [100, 85, 70, 60, 60, 60]
    assert mean(result, "front", Flow.ARRIVALS) == [0, 0, 15, 15, 10, 0]


def test_a_shelf_shares_in_proportion_and_serves_lots_first() -> None:
    now = [1.0] * 3
    system = System(
        3,
        [Line("shelf", 100, reserve=40), Line("a"), Line("b"), Line("c")],
        lots=[
            Lot("1", "a", 60, now, source="shelf"),
            Lot("2", "b", 30, now, source="shelf"),
        ],
        handovers=[Handover("gift", "shelf", "c", 10)],
    )
    result = simulate(system, draws=2)
    assert mean(result, "a", Flow.STOCK) == pytest.approx([40, 40, 40])
    assert mean(result, "b", Flow.STOCK) == pytest.approx([20, 20, 20])
    assert mean(result, "c", Flow.STOCK) == [0, 0, 0]
    assert mean(result, "shelf", Flow.STOCK) == pytest.approx([40, 40, 40])


def test_what_the_shelf_has_not_waits_until_it_has() -> None:
    now = [1.0] * 5
    system = System(
        5,
        [Line("shelf", 10), Line("front")],
        lots=[
            Lot("promise", "front", 50, now, source="shelf", transit=1, lost=0.5),
            Lot("refill", "shelf", 100, [0, 0, 1, 1, 1]),
        ],
    )
    result = simulate(system, draws=2, balances="all")
    # The promise leaves at once for what is there; the refill can be given the step after.
    assert mean(result, "front", Flow.ARRIVALS) == [0, 5, 0, 0, 20]
    assert mean(result, "shelf", Flow.STOCK) == [0, 0, 100, 60, 60]
    assert balance_of(result, "shelf").given == pytest.approx(50)


def test_a_lot_leaves_its_shelf_before_it_arrives() -> None:
    system = System(
        6,
        [Line("shelf", 100), Line("front")],
        lots=[Lot("lot", "front", 30, [0, 0, 0, 0, 1, 1], source="shelf", transit=2)],
    )
    result = simulate(system, draws=2)
    assert mean(result, "shelf", Flow.STOCK) == [100, 100, 70, 70, 70, 70]
    assert mean(result, "front", Flow.ARRIVALS) == [0, 0, 0, 0, 30, 0]


def test_use_as_wanted_and_cut_to_what_arrives() -> None:
    """As wanted runs down to nothing; cut keeps the reserve and then uses what arrives."""
    lots = [Lot(f"{t}", key, 10, [0.0] * t + [1.0] * (5 - t))
            for t in range(5) for key in ("wanted", "cut")]  # fmt: skip
    lots = [Lot(f"{lot.to} {lot.key}", lot.to, 10, lot.by) for lot in lots]
    system = System(
        5,
        [
            Line("wanted", 60, use=[Regime(0, 30)], reserve=20),
            Line("cut", 60, use=[Regime(0, 30)], reserve=20, mode=Mode.CUT),
        ],
        lots=lots,
    )
    result = simulate(system, draws=2)
    assert mean(result, "wanted", Flow.STOCK) == [40, 20, 0, 0, 0]
    assert mean(result, "wanted", Flow.USE) == [30, 30, 30, 10, 10]
    assert mean(result, "cut", Flow.STOCK) == [40, 20, 20, 20, 20]
    assert mean(result, "cut", Flow.USE) == [30, 30, 10, 10, 10]
    assert mean(result, "cut", Flow.GAP) == [0, 0, 20, 20, 20]
    assert list(result.lines["cut"].dry_by) == [0, 0, 1, 1, 1]


def test_backorders_are_made_good() -> None:
    lots = [Lot("lot", "a", 100, [0, 0, 0, 1, 1])]
    lines = {
        "owed": Line("a", 30, use=[Regime(0, 20)], backorder=True),
        "lost": Line("a", 30, use=[Regime(0, 20)]),
    }
    found = {
        name: simulate(System(5, [line], lots=lots), draws=2, balances="all")
        for name, line in lines.items()
    }
    assert mean(found["owed"], "a", Flow.USE) == [20, 10, 0, 50, 20]
    assert mean(found["owed"], "a", Flow.GAP) == [0, 10, 30, 0, 0]
    assert list(found["owed"].lines["a"].met) == [1, 0, 0, 1, 1]
    assert mean(found["lost"], "a", Flow.USE) == [20, 10, 0, 20, 20]
    assert mean(found["lost"], "a", Flow.GAP) == [0, 10, 20, 0, 0]
    assert balance_of(found["owed"], "a").missed == pytest.approx(0)
    assert balance_of(found["lost"], "a").missed == pytest.approx(30)
