"""What the benchmark times in NumPy is what the kernel plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pledgebook.forecasting.flows import Flow, simulate

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


@pytest.mark.parametrize("noise", [False, True])
def test_numpy_comes_to_the_same_stock(noise: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    from flow_model import flow_system
    from flow_peers import in_numpy

    draws, lines = 4_000, 5
    result = simulate(flow_system(lines, 52, noise=noise), draws=draws)
    moments = [line.moments[Flow.STOCK] for line in result.lines.values()]
    mean = float(np.mean([one.mean[-1] for one in moments]))
    error = float(np.sqrt(np.mean([one.variance[-1] for one in moments]) / (draws * lines)))
    assert abs(in_numpy(draws, 52, lines, noise=noise) - mean) < 4 * np.sqrt(2) * error
