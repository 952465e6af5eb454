"""A block is parted as well as can be, and late members change no cluster of the others."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.ledger.joining.partition import APART, Weights, in_two_steps, partition

SEARCHED = 10
"""Members of the largest block that is searched for the proved best."""


def drawn(seed: int, size: int, lean: float = 0.0) -> Weights:
    """Weights without ties: the best partition of them is the only one."""
    upper = np.triu(np.random.default_rng(seed).normal(lean, 1.0, (size, size)), 1)
    weights: Weights = upper + upper.T
    return weights


blocks = st.builds(drawn, st.integers(0, 10**9), st.integers(1, 8), st.floats(-0.7, 0.7))
larger = st.builds(drawn, st.integers(0, 10**9), st.integers(11, 40), st.floats(-0.7, 0.5))


@st.composite
def tied(draw: st.DrawFn) -> Weights:
    """Weights of which many are equal, nought or forbidden."""
    size = draw(st.integers(1, 7))
    weights = np.zeros((size, size))
    for one in range(size):
        for other in range(one):
            weight = draw(st.sampled_from((-2.0, -1.0, 0.0, 0.0, 1.0, 2.0, APART)))
            weights[one, other] = weights[other, one] = weight
    return weights


def worth(weights: Weights, labels: Sequence[int]) -> float:
    found = np.array(labels)
    together = found[:, None] == found[None, :]
    return float(np.triu(weights, 1)[together].sum())


def growing(size: int) -> Iterator[tuple[int, ...]]:
    """Every partition of so many members once, clusters numbered as they are first met."""
    if size == 0:
        yield ()
        return
    for before in growing(size - 1):
        for label in range(max(before, default=-1) + 2):
            yield (*before, label)


@functools.cache
def every(size: int) -> tuple[np.ndarray, np.ndarray]:
    """All partitions, and for each which pairs are together."""
    labels = np.array(list(growing(size)), int).reshape(-1, size)
    one, other = np.triu_indices(size, 1)
    return labels, (labels[:, one] == labels[:, other]).astype(float)


def best(weights: Weights) -> tuple[float, list[int]]:
    """The best partition there is, by looking at all of them."""
    labels, together = every(len(weights))
    values = together @ weights[np.triu_indices(len(weights), 1)]
    place = int(values.argmax())
    return float(values[place]), [int(label) for label in labels[place]]


def joined_greedily(weights: Weights) -> list[int]:
    clusters = [{member} for member in range(len(weights))]
    while True:
        gains = [
            (sum(weights[a, b] for a in one for b in other), one, other)
            for place, one in enumerate(clusters)
            for other in clusters[:place]
        ]
        gain, one, other = max(gains, key=lambda found: found[0], default=(0.0, set(), set()))
        if gain <= 0:
            return [
                next(place for place, found in enumerate(clusters) if member in found)
                for member in range(len(weights))
            ]
        clusters.remove(other)
        one |= other


def numbered(labels: Sequence[int]) -> list[int]:
    numbers: dict[int, int] = {}
    return [numbers.setdefault(label, len(numbers)) for label in labels]


@given(blocks)
def test_what_is_proved_is_the_best_of_all_partitions(weights: Weights) -> None:
    found = partition(weights)
    value, labels = best(weights)
    assert worth(weights, found.labels) <= value + 1e-9
    if found.proved:
        assert found.labels == labels


@given(tied())
def test_what_is_proved_is_the_best_where_there_are_ties(weights: Weights) -> None:
    found = partition(weights)
    assert found.labels == numbered(found.labels)
    if found.proved:
        assert worth(weights, found.labels) == pytest.approx(best(weights)[0])
    for one in range(len(weights)):
        for other in range(one):
            if weights[one, other] == APART:
                assert found.labels[one] != found.labels[other]


def test_small_blocks_are_nearly_always_proved() -> None:
    found = [partition(drawn(seed, 7)).proved for seed in range(200)]
    assert sum(found) >= 195


@settings(max_examples=40)
@given(larger)
def test_a_larger_block_is_no_worse_than_alone_or_greedy(weights: Weights) -> None:
    found = partition(weights)
    assert not found.proved
    assert found.labels == numbered(found.labels)
    value = worth(weights, found.labels)
    assert value >= -1e-9
    assert value >= worth(weights, joined_greedily(weights)) - 1e-9


@given(blocks, st.randoms(use_true_random=False))
def test_the_order_of_members_changes_only_the_numbers(weights: Weights, chance: object) -> None:
    found = partition(weights)
    order = list(range(len(weights)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    again = partition(weights[np.ix_(order, order)])
    if found.proved and again.proved:
        assert again.labels == numbered([found.labels[member] for member in order])


def test_a_search_that_takes_too_long_says_so_and_still_gives_a_partition() -> None:
    hard = [partition(drawn(seed, SEARCHED)) for seed in range(60)]
    given_up = [found for found in hard if not found.proved]
    assert given_up
    for seed, found in enumerate(hard):
        weights = drawn(seed, SEARCHED)
        assert found.labels == numbered(found.labels)
        assert worth(weights, found.labels) >= worth(weights, joined_greedily(weights)) - 1e-9


@settings(max_examples=60)
@given(blocks, st.data())
def test_late_members_leave_the_clusters_of_the_others_as_they_are(
    weights: Weights, data: st.DataObject
) -> None:
    size = len(weights)
    late = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), bool)
    labels = in_two_steps(weights, late)
    early = np.flatnonzero(~late)
    alone = partition(weights[np.ix_(early, early)]).labels if len(early) else []
    assert numbered([labels[member] for member in early]) == alone
    assert len(labels) == size
    assert set(labels) == set(range(max(labels) + 1))


def test_a_late_member_joins_the_cluster_that_draws_it_most() -> None:
    # Two early ones apart, one late that is drawn to both, more to the second.
    weights = np.array([[0.0, -1.0, 2.0], [-1.0, 0.0, 3.0], [2.0, 3.0, 0.0]])
    assert partition(weights).labels == [0, 0, 0]
    assert in_two_steps(weights, np.array([False, False, True])) == [0, 1, 1]
