"""A relation is worked out once for each pair, in a matrix or one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger.joining import relations
from pledgebook.ledger.joining.relations import Relation

HELD = np.array([0, 2, 3, 5, 7, 8, 11, -1, 2, 0], np.int32)
"""A column of codes; one row has none."""
codes = st.sampled_from(sorted({code for code in HELD.tolist() if code >= 0}))
pairs = st.lists(st.tuples(codes, codes), max_size=40)


def differs(one: int, other: int) -> int:
    return (3 * one + other) % 5


def split(found: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    both = np.array(found, np.int32).reshape(-1, 2)
    return both[:, 0], both[:, 1]


@given(st.lists(pairs, max_size=4))
def test_a_matrix_and_one_by_one_give_the_same(asked: list[list[tuple[int, int]]]) -> None:
    matrix = Relation(HELD, differs)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(relations, "_WIDEST", 6)
        single = Relation(HELD, differs)
    for some in asked:
        expected = [differs(*pair) for pair in some]
        assert matrix.of(*split(some)).tolist() == expected
        assert single.of(*split(some)).tolist() == expected


@pytest.mark.parametrize("widest", [7, 6])
def test_each_pair_is_worked_out_once(widest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relations, "_WIDEST", widest)
    asked: list[tuple[int, int]] = []

    def work_out(one: int, other: int) -> int:
        asked.append((one, other))
        return 1

    relation = Relation(HELD, work_out)
    for _ in range(3):
        relation.of(*split([(3, 2), (2, 3), (3, 2), (0, 0)]))
    assert sorted(asked) == [(0, 0), (2, 3), (3, 2)]
