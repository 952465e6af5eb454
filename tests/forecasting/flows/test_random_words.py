"""The generator against its published answers, and what is made of its words."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

from pledgebook.errors import UsageError
from pledgebook.forecasting.flows import (
    Amount,
    Law,
    Line,
    Lot,
    Noise,
    Regime,
    System,
    Tie,
    simulate,
)
from pledgebook.forecasting.flows.normal import exponential, floor, logarithm, normal_quantile
from pledgebook.forecasting.flows.philox import fill_words, philox
from pledgebook.forecasting.flows.streams import Group, Streams
from pledgebook.forecasting.flows.tables import ATOMS, gamma_atoms, guide_table, lognormal_atoms

# The known answers of Philox4x32-10 that its authors publish with Random123 (kat_vectors).
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_published_words(
    counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    words = [np.uint64(word) for word in (*counter, *key)]
    assert tuple(int(word) for word in philox(*words)) == answer


def test_a_page_is_made_of_the_words_of_its_counters() -> None:
    key = 0x299F31D0A4093822
    page = np.zeros(512, dtype=np.uint32)
    fill_words(key, 7, 3, 2, page)
    low, high = np.uint64(key & 0xFFFFFFFF), np.uint64(key >> 32)
    for i in (0, 1, 127):
        words = philox(np.uint64(i), np.uint64(7), np.uint64(3), np.uint64(2), low, high)
        assert [int(page[i + 128 * k]) for k in range(4)] == [int(word) for word in words]


def test_a_negative_key_is_its_64_bits() -> None:
    one, other = np.zeros(512, dtype=np.uint32), np.zeros(512, dtype=np.uint32)
    fill_words(-1, 0, 0, 0, one)
    low = np.uint64(0xFFFFFFFF)
    other[0] = philox(np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0), low, low)[0]
    assert one[0] == other[0]


def test_streams_hang_on_names_seed_and_swap() -> None:
    plain = Streams(1)
    swapped = Streams(1, ["use"])
    assert plain.key(Group.USE, "a") == Streams(1).key(Group.USE, "a")
    keys = {
        plain.key(Group.USE, "a"),
        plain.key(Group.USE, "b"),
        plain.key(Group.STOCK, "a"),
        swapped.key(Group.USE, "a"),
        Streams(2).key(Group.USE, "a"),
    }
    assert len(keys) == 5
    assert swapped.key(Group.STOCK, "a") == plain.key(Group.STOCK, "a")
    assert plain.tie(Group.USE, "x") == plain.tie(Group.STOCK, "x")
    assert swapped.tie(Group.USE, "x") != plain.tie(Group.USE, "x")


def test_normal_quantiles_and_exponentials() -> None:
    words = np.concatenate([np.arange(0, 2**32, 2**20), np.arange(200), 2**32 - 1 - np.arange(200)])
    for u in (words + 0.5) / 2**32:
        assert abs(normal_quantile(float(u)) - special.ndtri(u)) < 1.5e-6
    for x in np.linspace(-690, 690, 301):
        assert exponential(float(x)) == pytest.approx(np.exp(x), rel=1e-14)
        assert logarithm(float(np.exp(x))) == pytest.approx(x, rel=1e-7, abs=1e-8)
        assert floor(float(x)) == np.floor(x)


def drawn(amount: Amount, draws: int = 50_000) -> NDArray[np.float64]:
    """The draws of an amount."""
    result = simulate(System(1, [Line("a", amount)]), draws=draws, balances="all")
    balance = result.lines["a"].balance
    assert balance is not None
    return balance.opening


@pytest.mark.parametrize("tie", [None, Tie("x", 0.6), Tie("x", -1.0)])
@pytest.mark.parametrize("bounds", [(0.0, np.inf), (50.0, 150.0), (0.0, 100.0)])
def test_amounts_have_their_distribution(tie: Tie | None, bounds: tuple[float, float]) -> None:
    """Lognormal, cut off at its bounds: the Kolmogorov-Smirnov distance is that of chance."""
    low, high = bounds
    values = drawn(Amount(90.0, 0.5, low, high, tie))
    whole = stats.lognorm(0.5, scale=90.0)
    share = (whole.cdf(values) - whole.cdf(low)) / (whole.cdf(high) - whole.cdf(low))
    assert values.min() >= low
    assert values.max() <= high
    assert stats.kstest(share, "uniform").pvalue > 1e-4


def test_amounts_by_other_names() -> None:
    amount = Amount.of_mean(100.0, 0.5)
    law = stats.lognorm(amount.log_sd, scale=amount.median)
    assert law.mean() == pytest.approx(100.0)
    assert law.std() == pytest.approx(50.0)
    between = Amount.between(50.0, 200.0)
    law = stats.lognorm(between.log_sd, scale=between.median)
    assert law.ppf([0.1, 0.9]) == pytest.approx([50.0, 200.0])
    with pytest.raises(UsageError, match="no distribution"):
        Amount.between(0.0, 10.0)


@pytest.mark.parametrize("cv", [0.1, 0.5, 1.0, 1.5])
def test_factors_keep_mean_and_variance(cv: float) -> None:
    for atoms, law in (
        (lognormal_atoms(cv), stats.lognorm(np.sqrt(np.log1p(cv**2)), scale=(1 + cv**2) ** -0.5)),
        (gamma_atoms(cv), stats.gamma(cv**-2, scale=cv**2)),
    ):
        values = np.array(atoms)
        assert len(values) == ATOMS
        assert values.mean() == pytest.approx(1.0, rel=1e-12)
        assert values.std() == pytest.approx(cv, rel=2e-3)
        middle = slice(ATOMS // 20, -ATOMS // 20)
        spots = (np.arange(ATOMS) + 0.5) / ATOMS
        np.testing.assert_allclose(values[middle], law.ppf(spots)[middle], atol=0.02 * cv)


@pytest.mark.parametrize("cv", [0.0, -1.0, float("nan"), float("inf")])
def test_noise_without_spread_is_refused(cv: float) -> None:
    for make in (Noise.lognormal, Noise.gamma):
        with pytest.raises(UsageError, match="no coefficient of variation"):
            make(cv)


def wanted(noise: Noise, level: float | Amount, draws: int = 40_000) -> NDArray[np.float64]:
    """What is wanted in the one step of a line with this noise."""
    line = Line("a", use=[Regime(0, level)], noise=noise)
    balance = simulate(System(1, [line]), draws=draws, balances="all").lines["a"].balance
    assert balance is not None
    return balance.wanted


@pytest.mark.parametrize("mean", [0.3, 4.0, 9.9, 10.1, 60.0, 5000.0])
def test_poisson_counts(mean: float) -> None:
    """Every count comes about as often as it should (chi-squared)."""
    values = wanted(Noise.poisson(), mean)
    law = stats.poisson(mean)
    edges = np.unique(law.ppf(np.linspace(0.02, 0.98, 13)))
    seen = np.histogram(values, bins=[-np.inf, *(edges + 0.5), np.inf])[0]
    due = np.diff([0.0, *law.cdf(edges), 1.0]) * len(values)
    assert stats.chisquare(seen, due).pvalue > 1e-4
    assert (values == np.floor(values)).all()


def test_counts_of_an_uncertain_mean() -> None:
    """The variance is the mean of the means and the variance of the means; so is it below ten."""
    for level in (Amount.of_mean(40.0, 0.2), Amount.of_mean(8.0, 0.5)):
        mean = 40.0 if level.median > 20 else 8.0
        variance = mean + (mean * (0.2 if mean == 40.0 else 0.5)) ** 2
        values = wanted(Noise.poisson(), level)
        assert values.mean() == pytest.approx(mean, rel=0.02)
        assert values.var() == pytest.approx(variance, rel=0.05)


def test_demand_in_multiples_and_in_sizes() -> None:
    multiples = wanted(Noise.poisson(10.0), 50.0)
    assert set(np.unique(multiples % 10.0)) == {0.0}
    assert multiples.mean() == pytest.approx(50.0, rel=0.02)
    assert multiples.var() == pytest.approx(500.0, rel=0.04)
    law = Law((1.0, 2.0, 6.0), (0.5, 0.3, 0.2))
    sums = wanted(Noise.compound(law), 23.0)
    squares = law.variance + law.mean**2
    assert sums.mean() == pytest.approx(23.0, rel=0.02)
    assert sums.var() == pytest.approx(23.0 / law.mean * squares, rel=0.04)


def test_a_guide_finds_the_cell_that_a_search_finds() -> None:
    rng = np.random.default_rng(5)
    for chances in ([0.2, 0.0, 0.5, 0.3], rng.random(300), [0.0, 0.0, 1.0], 0.97 ** np.arange(200)):
        cumulative = np.cumsum(chances) / np.sum(chances) * 0.9
        places, bounds, guide, depth = guide_table(cumulative)
        for word in rng.integers(0, 2**32, 2_000):
            cell = guide[word >> 22]
            for _ in range(depth):
                cell += bounds[cell] <= word
            rounded = np.round(cumulative * 2**32)
            assert places[cell] == np.searchsorted(rounded, word, side="right")


def test_delays_have_their_chances() -> None:
    by = np.array([0.0, 0.1, 0.1, 0.4, 0.7, 0.75])
    for tie in (None, Tie("x", 0.7)):
        system = System(6, [Line("a")], lots=[Lot("lot", "a", 1.0, by.tolist(), tie=tie)])
        result = simulate(system, draws=50_000)
        arrived = np.cumsum(result.lines["a"].moments[next(iter(["arrivals"]))].mean)  # type: ignore[index]
        np.testing.assert_allclose(arrived, by, atol=0.012)
