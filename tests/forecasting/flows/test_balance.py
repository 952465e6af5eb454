"""Nothing comes from nowhere and nothing goes missing, in any system."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_systems import systems

from pledgebook.forecasting.flows import (
    Amount,
    Balance,
    Customer,
    Handover,
    Line,
    Lot,
    Regime,
    Reorder,
    System,
    Works,
    simulate,
)


def unaccounted(balance: Balance) -> float:
    """What a line cannot account for in its worst draw, as a share of all that it had."""
    had = balance.opening + balance.arrived
    went = balance.used + balance.expired + balance.given + balance.closing
    sent = balance.arrived + balance.lost + balance.under_way
    scale = 1.0 + np.maximum(had, balance.sent)
    return float(np.max(np.abs(np.stack((had - went, balance.sent - sent))) / scale))


@settings(max_examples=60, deadline=None)
@given(systems(), st.integers(1, 1200), st.integers(0, 5))
def test_every_line_accounts_for_every_unit(system: System, draws: int, seed: int) -> None:
    result = simulate(system, draws=draws, seed=seed, balances="all", threads=1)
    for line in result.lines.values():
        assert line.balance is not None
        assert unaccounted(line.balance) < 1e-9
        for part in (line.balance.closing, line.balance.expired, line.balance.used):
            assert part.min() >= 0
        assert (line.balance.used <= line.balance.wanted * (1 + 1e-9) + 1e-9).all()
        assert ((line.met >= 0) & (line.met <= 1)).all()
        assert (np.diff(line.dry_by) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(systems(), st.integers(0, 5))
def test_what_leaves_one_place_comes_to_another(system: System, seed: int) -> None:
    """What works made and shelves gave is what was sent, less what lots brought from outside."""
    result = simulate(system, draws=300, seed=seed, balances="all", threads=1)
    balances = {key: line.balance for key, line in result.lines.items()}
    sent = sum((b.sent for b in balances.values() if b), start=np.zeros(300))
    given_away = sum((b.given for b in balances.values() if b), start=np.zeros(300))
    made = np.zeros(300)
    for works in result.works.values():
        assert works.made is not None
        assert works.remainder is not None
        assert works.remainder.min() >= 0
        made += works.made - works.remainder
    outside = any(lot.source is None for lot in system.lots)
    ordered = any(line.reorder for line in system.lines)
    difference = sent - given_away - made
    if outside or ordered:
        assert difference.min() > -1e-6 * (1 + sent.max())
    else:
        np.testing.assert_allclose(difference, 0, atol=1e-6 * (1 + sent.max()))


def test_the_last_round_is_there() -> None:
    """Whole numbers of millions stay whole, to the last round."""
    by = [0.0] * 5 + [0.5] * 20 + [1.0] * 27
    system = System(
        52,
        [
            Line("front", opening=3_000_001, use=[Regime(0, 40_003)]),
            Line("shelf", opening=1_999_999, reserve=500_000),
        ],
        lots=[Lot("now", "front", 123_457, by), Lot("later", "front", 900_001, by, source="shelf")],
        handovers=[Handover("monthly", "shelf", "front", 10_007, transit=3)],
    )
    result = simulate(system, draws=2_000, balances="all")
    for line in result.lines.values():
        balance = line.balance
        assert balance is not None
        assert unaccounted(balance) == 0.0
        assert (balance.closing == np.round(balance.closing)).all()
    front, shelf = result.lines["front"].balance, result.lines["shelf"].balance
    assert front is not None
    assert shelf is not None
    opening = 3_000_001 + 1_999_999
    brought = np.where(front.sent - shelf.given > 0, 123_457, 0)
    there = front.closing + shelf.closing + front.under_way + front.used
    np.testing.assert_array_equal(there, opening + brought)


def test_losses_on_the_way() -> None:
    """A tenth of a lot is lost, a fifth of what is handed over, a quarter of what is made."""
    system = System(
        10,
        [Line("front", use=[Regime(0, 0.0)]), Line("shelf", opening=1_000)],
        lots=[Lot("lot", "front", 500, [1.0] * 10, lost=0.1)],
        works=[Works("works", 8.0, customers=[Customer("front", lost=0.25)])],
        handovers=[Handover("gift", "shelf", "front", 50, lost=0.2, transit=2)],
    )
    front = simulate(system, draws=10, balances="all").lines["front"].balance
    assert front is not None
    assert front.lost == pytest.approx(50 + 100 + 20)
    assert front.under_way == pytest.approx(2 * 40)
    assert front.closing == pytest.approx(450 + 8 * 40 + 60)


def test_an_uncertain_loss_stays_a_share() -> None:
    lost = Amount(0.5, 2.0, high=1.0)
    system = System(3, [Line("a")], lots=[Lot("lot", "a", 100, [1.0] * 3, lost=lost)])
    balance = simulate(system, draws=5_000, balances="all").lines["a"].balance
    assert balance is not None
    assert 0 <= balance.lost.min() < 10
    assert 90 < balance.lost.max() <= 100
    assert unaccounted(balance) < 1e-12


def test_orders_are_accounted_for() -> None:
    policy = Reorder(point=50, up_to=100, lead=4, unit_cost=2.0)
    system = System(20, [Line("a", opening=100, use=[Regime(0, 10.0)], reorder=policy)])
    line = simulate(system, draws=10, balances="all").lines["a"]
    balance = line.balance
    assert balance is not None
    assert unaccounted(balance) == 0
    assert balance.cost == pytest.approx(2.0 * balance.sent)
    assert balance.under_way.max() > 0
