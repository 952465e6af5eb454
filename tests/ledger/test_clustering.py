"""Clusters keep must-links and cannot-links and follow the mean of the scores."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger.clustering import Groups, cluster, in_spans

Scores = dict[frozenset[int], float]
SIZE = 9
pairs = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(
    lambda pair: pair[0] != pair[1]
)
scores = st.dictionaries(pairs.map(frozenset), st.integers(-5, 5).map(float), max_size=SIZE * SIZE)


def run(
    known: Scores,
    members: list[int],
    must: list[tuple[int, int]] | None = None,
    cannot: list[tuple[int, int]] | None = None,
) -> list[list[int]]:
    return cluster(
        members,
        lambda one, other: known.get(frozenset((one, other)), -1.0),
        threshold=0.0,
        must=must or [],
        cannot=cannot or [],
    )


@given(scores)
def test_every_member_is_in_one_cluster(known: Scores) -> None:
    found = run(known, list(range(SIZE)))
    assert sorted(member for group in found for member in group) == list(range(SIZE))
    assert all(group == sorted(group) for group in found)


@given(scores)
def test_no_two_clusters_are_left_that_belong_together(known: Scores) -> None:
    found = run(known, list(range(SIZE)))
    for one in found:
        for other in found:
            if one is not other:
                total = sum(known.get(frozenset((a, b)), -1.0) for a in one for b in other)
                assert total / (len(one) * len(other)) <= 1e-9


@given(scores, st.lists(pairs, max_size=3))
def test_must_links_hold(known: Scores, must: list[tuple[int, int]]) -> None:
    found = run(known, list(range(SIZE)), must=must)
    home = {member: number for number, group in enumerate(found) for member in group}
    assert all(home[one] == home[other] for one, other in must)


@given(scores, st.lists(pairs, max_size=5))
def test_cannot_links_hold(known: Scores, cannot: list[tuple[int, int]]) -> None:
    found = run(known, list(range(SIZE)), cannot=cannot)
    home = {member: number for number, group in enumerate(found) for member in group}
    assert all(home[one] != home[other] for one, other in cannot)


@given(scores, st.lists(pairs, max_size=4), st.integers(2, SIZE))
def test_spans_keep_the_links_too(known: Scores, links: list[tuple[int, int]], most: int) -> None:
    found = in_spans(
        list(range(SIZE)),
        lambda one, other: known.get(frozenset((one, other)), -1.0),
        threshold=0.0,
        must=links[:1],
        cannot=[pair for pair in links[1:] if frozenset(pair) != frozenset(links[0])],
        most=most,
    )
    assert sorted(member for group in found for member in group) == list(range(SIZE))
    home = {member: number for number, group in enumerate(found) for member in group}
    assert all(home[one] == home[other] for one, other in links[:1])
    for one, other in links[1:]:
        if frozenset((one, other)) != frozenset(links[0]):
            assert home[one] != home[other]


def test_a_long_chain_is_found_in_one_piece_across_spans() -> None:
    found = in_spans(list(range(50)), lambda *_: 1.0, threshold=0.0, most=10)
    assert found == [list(range(50))]


def test_a_member_of_little_weight_does_not_glue_others_together() -> None:
    known = {frozenset((0, 1)): -2.0, frozenset((0, 2)): 3.0, frozenset((1, 2)): 3.0}

    def found(light: float) -> list[list[int]]:
        return cluster(
            [0, 1, 2],
            lambda one, other: known[frozenset((one, other))],
            threshold=0.0,
            weight=lambda member: light if member == 2 else 1.0,
        )

    assert found(1.0) == [[0, 1, 2]]
    assert found(0.2) == [[0, 2], [1]]


@given(st.lists(pairs))
def test_sets_are_known_by_their_smallest_member(joined: list[tuple[int, int]]) -> None:
    groups = Groups(SIZE)
    for one, other in joined:
        groups.join(one, other)
    for members in groups.sets():
        assert {groups.find(member) for member in members} == {members[0]}
        assert members == sorted(members)
