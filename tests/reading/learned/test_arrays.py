"""Windows, packing and arrays: every unit is found again where the encoder sees it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveying import TEXT, surveyed

from pledgebook.reading.learned.arrays import MOST, stretches
from pledgebook.reading.learned.packing import means, pack
from pledgebook.reading.learned.windows import ROW, windows

Tokens = tuple[list[int], list[tuple[int, int]]]


def tokenize(text: str) -> Tokens:
    """Cut at every three letters: a stand-in for word pieces that can be told back."""
    found = [m.span() for m in re.finditer(r"\w{1,3}|[^\w\s]", text)]
    return [1000 + hash(text[a:b]) % 9000 for a, b in found], found


def test_every_place_with_a_spot_has_a_window_that_decides_on_it() -> None:
    found = surveyed()
    wanted = [place.index for place in found.places if place.spots]
    made, home = windows(found, tokenize, wanted)
    for place in wanted:
        units = made[home[place]].units[place]
        assert len(units) == len(found.places[place].units)
        for start, end in units:
            assert 0 < start < end <= len(made[home[place]].ids)


@pytest.mark.parametrize("copies", [1, 40, 160])
def test_no_window_is_longer_than_a_row(copies: int) -> None:
    found = surveyed(TEXT * copies)
    made, _ = windows(found, tokenize, [place.index for place in found.places if place.spots])
    assert max(len(window.ids) for window in made) <= ROW
    assert all(len(window.ids) == len(window.marks) for window in made)


def test_a_long_document_is_taken_in_stretches_that_lose_no_spot() -> None:
    found = surveyed(TEXT * 60)
    made = list(stretches(found, tokenize))
    assert len(made) > 1
    assert [spot for part in made for spot in part.spots] == found.spots
    for part in made:
        assert len(part.spots) <= MOST
        for pairs in (*part.pairs.values(), part.edges):
            assert set(pairs.spot.tolist()) == set(range(len(part.spots)))
            assert pairs.text.max() < len(part.spans)
            assert np.isfinite(pairs.features).all()


@given(st.lists(st.integers(1, ROW), min_size=1, max_size=30))
def test_packing_keeps_every_token_once_and_windows_apart(lengths: list[int]) -> None:
    packed = pack(lengths)
    parts = [np.arange(n) + 1000 * k for k, n in enumerate(lengths)]
    laid = packed.lay(parts)
    for window, ((row, at, length), part) in enumerate(zip(packed.where, parts, strict=True)):
        assert length == len(part)
        assert (laid[row, at : at + length] == part).all()
        assert (packed.rows[row, at : at + length] == window + 1).all()
        assert (packed.places[row, at : at + length] == np.arange(length)).all()
    assert (packed.rows > 0).sum() == sum(lengths)


def test_means_are_means_and_nothing_is_zero() -> None:
    states = np.arange(24, dtype=np.float32).reshape(2, 4, 3)
    spans = np.array([[0, 0, 0], [0, 1, 3], [1, 0, 4]], np.int64)
    found = means(states, spans)
    assert (found[0] == 0).all()
    assert np.allclose(found[1], states[0, 1:3].mean(0))
    assert np.allclose(found[2], states[1].mean(0))
