"""The closest statement and the mean of sums, as if each were held against the others singly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger import closest as module
from pledgebook.ledger.closest import Closest, closest
from pledgebook.ledger.joining.scoring import VETO, PairScorer
from pledgebook.ledger.joining.table import Ints


class Made:
    """Sums that follow from the two rows; many are equal, and some are vetoed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.asked = 0

    def totals(self, one: Ints, other: Ints) -> npt.NDArray[np.float32]:
        assert (one < other).all()
        self.asked += len(one)
        mixed = (one.astype(np.int64) * 7919 + other * 104_729 + self._seed) % 11
        sums = (mixed / 3 - 1).astype(np.float32)
        sums[mixed < 3] = VETO
        return sums


def singly(scorer: Made, rows: Sequence[int]) -> Iterator[Closest]:
    """Hold each row against the two hundred around it, one by one."""
    for place, row in enumerate(rows):
        start = max(0, min(place - 100, len(rows) - 200))
        others = np.array([one for one in rows[start : start + 200] if one != row], np.int32)
        mine = np.full(len(others), row, np.int32)
        sums = scorer.totals(np.minimum(mine, others), np.maximum(mine, others))
        best = len(sums) - 1 - int(sums[::-1].argmax())
        likely = sums[sums > VETO]
        yield Closest(row, int(others[best]), float(likely.mean()) if len(likely) else VETO)


SIZES = st.one_of(st.integers(2, 12), st.sampled_from([199, 200, 201, 250, 431]))


@given(st.lists(SIZES, max_size=4), st.integers(0, 100), st.sampled_from([50, 200_000]))
def test_all_at_once_is_as_one_by_one(sizes: list[int], seed: int, at_once: int) -> None:
    groups = []
    start = 0
    for size in sizes:
        groups.append(list(range(start, start + 3 * size, 3)))
        start += 3 * size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE", at_once)
        found = list(closest(cast("PairScorer", Made(seed)), groups))
    assert found == [one for rows in groups for one in singly(Made(seed), rows)]


def test_each_pair_of_a_small_undertaking_is_scored_once() -> None:
    scorer = Made(0)
    list(closest(cast("PairScorer", scorer), [list(range(40)), list(range(100, 110))]))
    assert scorer.asked == 40 * 39 / 2 + 10 * 9 / 2
