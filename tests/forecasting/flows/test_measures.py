"""What is measured: moments, quantiles, chances, and the memory that it takes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.flows import (
    LEVELS,
    Amount,
    Customer,
    Flow,
    Line,
    Lot,
    Noise,
    Ramp,
    Regime,
    System,
    Works,
    simulate,
)
from pledgebook.forecasting.flows.quantiles import at_levels


def one_line(steps: int = 12) -> System:
    line = Line(
        "a", Amount(200.0, 0.4), use=[Regime(0, Amount(20.0, 0.5))], noise=Noise.lognormal(0.3)
    )
    by = np.linspace(0, 0.9, steps).tolist()
    works = Works("w", Amount(8.0, 0.3), ramps=[Ramp(20.0, Amount(4.0, 0.5), 3.0)],
                  customers=[Customer("a")])  # fmt: skip
    return System(steps, [line], lots=[Lot("lot", "a", Amount(50.0, 0.3), by)], works=[works])


def at_the_end(steps: int, draws: int) -> dict[str, NDArray[np.float64]]:
    """Draw by draw: stock at the end of the last step, and sums over the horizon."""
    system = one_line()
    lots = [Lot("lot", "a", Amount(50.0, 0.3), list(system.lots[0].by)[:steps])]
    cut = System(steps, system.lines, lots=lots, works=system.works)
    balance = simulate(cut, draws=draws, balances="all").lines["a"].balance
    assert balance is not None
    return {"stock": balance.closing, "arrivals": balance.arrived, "wanted": balance.wanted}


@pytest.mark.parametrize("draws", [1, 2, 511, 513, 6_000])
def test_moments_and_quantiles_are_those_of_all_draws(draws: int) -> None:
    """Step by step, against NumPy on the draws themselves."""
    result = simulate(one_line(), draws=draws, quantiles="all").lines["a"]
    before = {"stock": np.zeros(draws), "arrivals": np.zeros(draws), "wanted": np.zeros(draws)}
    for step in range(12):
        now = at_the_end(step + 1, draws)
        for name in ("stock", "arrivals", "wanted"):
            values = now[name] - (before[name] if name != "stock" else 0.0)
            flow = Flow(name)
            moments = result.moments[flow]
            assert moments.mean[step] == pytest.approx(values.mean(), rel=1e-9)
            if draws > 1:
                assert moments.variance[step] == pytest.approx(values.var(ddof=1), rel=1e-6)
            else:
                assert np.isnan(moments.variance[step])
            np.testing.assert_allclose(
                result.quantiles[flow][:, step], np.percentile(values, LEVELS), rtol=1e-5
            )
        before = now


def test_standard_errors_cover_the_truth() -> None:
    """The mean of a known amount lies within the errors that are given, as often as it should."""
    system = System(1, [Line(f"{i}", Amount.of_mean(100.0, 0.5)) for i in range(200)])
    found = simulate(system, draws=1_000)
    moments = [line.moments[Flow.STOCK] for line in found.lines.values()]
    outside = sum(abs(one.mean[0] - 100.0) > 2 * one.error[0] for one in moments)
    assert 2 <= outside <= 20


def test_chances_of_being_met_and_of_having_run_dry() -> None:
    """One draw in two wants more than there is, from the step on at which a lot may arrive."""
    line = Line("a", 20.0, use=[Regime(0, 10.0)])
    system = System(5, [line], lots=[Lot("lot", "a", 100.0, [0, 0, 0.5, 0.5, 0.5])])
    found = simulate(system, draws=20_000, balances="all").lines["a"]
    np.testing.assert_allclose(found.met, [1, 1, 0.5, 0.5, 0.5], atol=0.02)
    np.testing.assert_allclose(found.dry_by, [0, 0, 0.5, 0.5, 0.5], atol=0.02)
    assert found.balance is not None
    assert set(found.balance.run_dry) == {2.0, 5.0}
    assert (found.balance.run_dry == 2.0).mean() == found.dry_by[-1]


def test_rounding_is_no_gap() -> None:
    """Ten times a tenth of the stock is all of it, though the last tenth is not quite there."""
    system = System(10, [Line("a", 1.0, use=[Regime(0, 0.1)])])
    assert (simulate(system, draws=5).lines["a"].met == 1).all()


def test_days_of_supply_and_what_would_have_been_needed() -> None:
    line = Line("a", 70.0, use=[Regime(1, 10.0)])
    lots = [Lot("lot", "a", 25.0, [0, 0, 0, 1.0, 1.0])]
    system = System(5, [line], lots=lots, step_days=[7, 7, 7, 28, 28])
    found = simulate(system, draws=4, quantiles="all").lines["a"]
    days = found.quantiles[Flow.DAYS][2]
    assert list(days) == [np.inf, 42.0, 35.0, 6.5 * 28, 5.5 * 28]
    assert list(found.quantiles[Flow.NEEDED][0]) == [0, 10, 20, 20, 20]
    assert found.moments[Flow.DAYS].mean[0] == np.inf
    assert found.moments[Flow.DAYS].mean[1] == 42.0


def test_only_what_is_asked_for_is_kept() -> None:
    result = simulate(one_line(), draws=50, quantiles=["w"], flows=[Flow.OUTPUT, Flow.STOCK])
    assert set(result.works["w"].quantiles) == {Flow.OUTPUT}
    assert result.lines["a"].quantiles == {}
    assert result.lines["a"].balance is None
    some = simulate(one_line(), draws=50, quantiles=["a"], flows=["stock"]).lines["a"]
    assert set(some.quantiles) == {Flow.STOCK}
    assert Flow.COST not in some.moments


def test_quantiles_in_several_passes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = simulate(one_line(), draws=3_000, quantiles="all")
    module = sys.modules["pledgebook.forecasting.flows.simulate"]
    monkeypatch.setattr(module, "KEPT_BYTES", 7 * 4 * 3_000)  # seven rows of draws at a time
    parts = simulate(one_line(), draws=3_000, quantiles="all")
    for flow, found in whole.lines["a"].quantiles.items():
        np.testing.assert_array_equal(found, parts.lines["a"].quantiles[flow])


def test_quantiles_are_numpys() -> None:
    rng = np.random.default_rng(3)
    for n in (1, 2, 3, 10, 999):
        rows = rng.normal(size=(4, n)).astype(np.float32)
        rows[1] = 5.0
        out = np.empty((len(LEVELS), 4))
        expected = np.percentile(rows.astype(float), LEVELS, axis=1)
        at_levels(rows.copy(), out)
        np.testing.assert_allclose(out, expected, rtol=1e-6)


def test_an_infinite_draw_counts_as_the_highest() -> None:
    rows = np.array([[1.0, np.inf, 2.0, np.inf, 3.0]], dtype=np.float32)
    out = np.empty((len(LEVELS), 1))
    at_levels(rows, out)
    assert out[:3, 0] == pytest.approx([1.4, 2.0, 3.0])
    assert list(out[3:, 0]) == [np.inf, np.inf]


MEMORY = """
from pathlib import Path
from pledgebook.forecasting.flows import *

def peak():
    words = Path("/proc/self/status").read_text().split()
    return int(words[words.index("VmHWM:") + 1]) * 1024

lines = [Line(f"{i}", Amount(9.0, 0.3), use=[Regime(0, Amount(1.0, 0.3))]) for i in range(4)]
system = System(26, lines)
simulate(system, draws=20_000, threads=2)
before = peak()
simulate(system, draws=800_000, threads=2)
small = peak() - before
simulate(system, draws=800_000, threads=2, balances=["0"])
print(small, peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_memory_does_not_grow_with_the_draws() -> None:
    """Forty times the draws take less than 8 MB more; their cells alone would take 660 MB.

    What is asked for draw by draw does grow: that is how the test sees that it can see.
    """
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True
    )
    without, with_sums = (int(part) for part in done.stdout.split())
    assert without < 8 * 2**20
    assert with_sums > 50 * 2**20


def test_numba_is_not_loaded_before_something_is_simulated() -> None:
    code = "import sys, pledgebook.forecasting.flows; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_not_there_cannot_be_asked_for() -> None:
    with pytest.raises(NotFoundError, match='there is no "b"'):
        simulate(one_line(), draws=5, quantiles=["b"])
    with pytest.raises(UsageError, match="0 draws are none"):
        simulate(one_line(), draws=0)
    with pytest.raises(UsageError, match=r'there is no "stocks"\. Name some of stock'):
        simulate(one_line(), draws=5, flows=["stocks"])
    with pytest.raises(UsageError, match='there is no "weather"'):
        simulate(one_line(), draws=5, swap=["weather"])


def test_without_numba_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pledgebook.forecasting.flows.kernel", None)
    with pytest.raises(UsageError, match=r"Numba.*pip install 'pledgebook\[forecast\]'"):
        simulate(one_line(), draws=5)
