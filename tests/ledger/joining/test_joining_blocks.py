"""Blocks are solved each on its own, and people's decisions hold in all of them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.ledger.joining.blocks import Linked, Solver, Sums, components
from pledgebook.ledger.joining.partition import Weights, in_two_steps
from pledgebook.ledger.joining.table import Ints

Pairs = list[tuple[int, int]]
MOST = 100
LINK = 0.1


class World:
    """Rows with a weight between any two, and which of them are late."""

    def __init__(self, seed: int, size: int, lean: float = -0.3, late: float = 0.3) -> None:
        chance = np.random.default_rng(seed)
        upper = np.triu(chance.normal(lean, 1.0, (size, size)), 1)
        self.weights: Weights = upper + upper.T
        self.late = chance.random(size) < late
        self.chance = random.Random(seed)

    def __len__(self) -> int:
        return len(self.weights)

    def totals(self, one: Ints, other: Ints) -> Sums:
        assert (one < other).all(), "the earlier row comes first"
        found: Sums = self.weights[one, other].astype(np.float32)
        return found

    def linked(self, shuffled: bool = False) -> Linked:
        one, other = np.nonzero(np.triu(self.weights, 1) > LINK)
        order = list(range(len(one)))
        if shuffled:
            self.chance.shuffle(order)
        first, second = one[order].astype(np.int32), other[order].astype(np.int32)
        return first, second, self.weights[first, second].astype(np.float32)

    def solver(
        self, must: Pairs | None = None, cannot: Pairs | None = None, most: int = MOST
    ) -> Solver:
        return Solver(self.totals, self.late, 0.0, most, must or [], cannot or [])

    def pairs(self, count: int) -> Pairs:
        return [tuple(self.chance.sample(range(len(self)), 2)) for _ in range(count)]  # type: ignore[misc]


worlds = st.builds(
    World,
    st.integers(0, 10**9),
    st.integers(2, 30),
    st.sampled_from((-1.5, -0.5, 0.0)),
    st.sampled_from((0.0, 0.3, 0.8)),
)
decisions = st.integers(0, 6)
spans = st.sampled_from((3, 5, MOST))


def sets(labels: Sequence[int]) -> list[list[int]]:
    found = defaultdict(list)
    for row, label in enumerate(labels):
        found[label].append(row)
    return sorted(found.values())


def assert_named_by_first(labels: Ints) -> None:
    for members in sets(labels.tolist()):
        assert {int(labels[row]) for row in members} == {members[0]}


def connected(size: int, pairs: Pairs) -> list[int]:
    root = list(range(size))
    for one, other in pairs:
        low, high = sorted((root[one], root[other]))
        root = [low if label == high else label for label in root]
    return root


@given(st.integers(1, 30), st.data())
def test_components_are_what_pairs_connect(size: int, data: st.DataObject) -> None:
    row = st.integers(0, size - 1)
    pairs = data.draw(st.lists(st.tuples(row, row), max_size=40))
    both = np.array(pairs, np.int32).reshape(-1, 2)
    cut = len(pairs) // 2
    parts = [(both[:cut, 0], both[:cut, 1]), (both[cut:, 0], both[cut:, 1])]
    assert components(size, parts).tolist() == connected(size, pairs)


@settings(max_examples=60)
@given(worlds, decisions, decisions, spans)
def test_the_order_of_pairs_does_not_matter(
    world: World, musts: int, cannots: int, most: int
) -> None:
    solver = world.solver(world.pairs(musts), world.pairs(cannots), most)
    labels = solver.labels(world.linked())
    assert_named_by_first(labels)
    assert solver.labels(world.linked(shuffled=True)).tolist() == labels.tolist()


@settings(max_examples=60)
@given(worlds)
def test_a_block_is_solved_as_if_there_were_no_other(world: World) -> None:
    linked = world.linked()
    solver = world.solver()
    labels = solver.labels(linked)
    for rows in sets(solver.blocks(linked).tolist()):
        found = in_two_steps(world.weights[np.ix_(rows, rows)], world.late[rows])
        alone = [[rows[place] for place in some] for some in sets(found)]
        assert sets([int(labels[row]) for row in rows]) == [
            [rows.index(row) for row in some] for some in alone
        ]


@settings(max_examples=60)
@given(worlds)
def test_late_rows_never_bring_two_clusters_together(world: World) -> None:
    early = np.flatnonzero(~world.late)
    alone = World(0, len(early), late=0.0)
    alone.weights = world.weights[np.ix_(early, early)]
    labels = world.solver().labels(world.linked())
    expected = alone.solver().labels(alone.linked())
    assert sets(labels[early].tolist()) == sets(expected.tolist())


@settings(max_examples=60)
@given(worlds, decisions, spans)
def test_what_must_be_together_always_is(world: World, musts: int, most: int) -> None:
    must = world.pairs(musts)
    labels = world.solver(must, world.pairs(3), most).labels(world.linked())
    for one, other in must:
        assert labels[one] == labels[other]


@settings(max_examples=60)
@given(worlds, decisions, decisions, spans)
def test_what_cannot_be_together_never_is_unless_it_must(
    world: World, musts: int, cannots: int, most: int
) -> None:
    must, cannot = world.pairs(musts), world.pairs(cannots)
    labels = world.solver(must, cannot, most).labels(world.linked())
    joined = connected(len(world), must)
    for one, other in cannot:
        assert (labels[one] == labels[other]) == (joined[one] == joined[other])


@settings(max_examples=40)
@given(worlds, st.integers(2, 10))
def test_a_large_block_that_falls_apart_gives_the_clusters_of_its_parts(
    world: World, most: int
) -> None:
    # Cliques that want nothing of each other, held in one block by pairs that are merely linked.
    size = len(world)
    clique = np.arange(size) % 4
    drawn = np.where(clique[:, None] == clique[None, :], 1.0, -1.0)
    drawn += np.abs(world.weights) * 0.01
    world.weights = drawn
    np.fill_diagonal(world.weights, 0.0)
    world.late[:] = False
    one, other = np.triu_indices(size, 1)
    every = one.astype(np.int32), other.astype(np.int32), np.ones(len(one), np.float32)
    assert world.solver(most=most).labels(every).tolist() == (np.arange(size) % 4).tolist()


@settings(max_examples=60)
@given(worlds, st.integers(2, 8))
def test_late_rows_bring_no_clusters_of_a_large_block_together(world: World, most: int) -> None:
    # Early rows that have nothing to do with each other stay so, whatever late rows are like.
    early = ~world.late
    world.weights[np.ix_(early, early)] = -0.5
    np.fill_diagonal(world.weights, 0.0)
    world.weights[np.ix_(early, world.late)] = np.abs(world.weights[np.ix_(early, world.late)])
    world.weights[np.ix_(world.late, early)] = world.weights[np.ix_(early, world.late)].T
    one, other = np.triu_indices(len(world), 1)
    first, second = one.astype(np.int32), other.astype(np.int32)
    every = first, second, world.weights[first, second].astype(np.float32)
    for cannot in ([], world.pairs(1)):
        labels = world.solver([], cannot, most).labels(every)
        heads = labels[early].tolist()
        assert len(set(heads)) == len(heads)


@pytest.mark.parametrize("size", [150, 400])
def test_a_long_chain_is_solved_in_spans_with_every_row_once(size: int) -> None:
    # Undertakings that are told of for a while, each next to the one before.
    world = World(1, size, late=0.0)
    told = np.arange(size) // 5
    apart = np.abs(told[:, None] - told[None, :])
    world.weights = np.where(apart == 0, 2.0, np.where(apart == 1, 0.2, -1.0))
    np.fill_diagonal(world.weights, 0.0)
    labels = world.solver(most=33).labels(world.linked())
    assert_named_by_first(labels)
    assert len(labels) == size
    worth = np.triu(world.weights, 1)[labels[:, None] == labels[None, :]].sum()
    own = np.triu(world.weights, 1)[told[:, None] == told[None, :]].sum()
    assert worth >= own
