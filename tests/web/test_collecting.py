"""The server's garbage is found, and what lives is left out of the search."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from pledgebook.web.collecting import Collecting


class Node:
    """Takes part in a cycle with itself."""

    def __init__(self) -> None:
        self.own = self


class Clock:
    """Tells the time that it was set to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def thresholds() -> tuple[int, int, int]:
    return gc.get_threshold()


@pytest.fixture
def collecting(clock: Clock, thresholds: tuple[int, int, int]) -> Iterator[Collecting]:
    assert thresholds
    gc.unfreeze()
    found = Collecting(every=60, clock=clock)
    found.begin()
    yield found
    found.end()
    gc.collect()


@pytest.mark.usefixtures("collecting")
def test_what_lives_is_left_out_after_a_full_search() -> None:
    gc.collect()
    left_out = gc.get_freeze_count()
    assert left_out > 1_000
    kept = [[number] for number in range(500)]
    gc.collect()
    assert gc.get_freeze_count() >= left_out + len(kept) - 100


@pytest.mark.usefixtures("collecting")
def test_what_died_since_is_found() -> None:
    gc.collect()
    gone = weakref.ref(Node())
    assert gone() is not None
    gc.collect()
    assert gone() is None


@pytest.mark.usefixtures("collecting")
def test_searches_of_the_young_leave_nothing_out() -> None:
    gc.collect()
    left_out = gc.get_freeze_count()
    kept = [[number] for number in range(500)]
    gc.collect(1)
    assert len(kept) == 500
    assert gc.get_freeze_count() <= left_out


@pytest.mark.usefixtures("collecting")
def test_all_is_searched_again_when_it_has_grown_by_half(clock: Clock) -> None:
    gc.collect()
    node = Node()
    gone = weakref.ref(node)
    gc.collect()
    del node
    gc.collect()
    assert gone() is not None, "a cycle that was left out stays at first"
    kept = [[number] for number in range(gc.get_freeze_count())]
    gc.collect()
    gc.collect()
    assert gone() is not None, "it is not counted all the time"
    clock.now = 61
    gc.collect()
    assert gone() is None
    assert gc.get_freeze_count() > len(kept), "and what lives is left out again"


@pytest.mark.usefixtures("collecting")
def test_without_growth_the_rest_stays_left_out(clock: Clock) -> None:
    gc.collect()
    node = Node()
    gone = weakref.ref(node)
    gc.collect()
    del node
    clock.now = 61
    gc.collect()
    assert gone() is not None


def test_afterwards_all_is_as_before(thresholds: tuple[int, int, int]) -> None:
    callbacks = list(gc.callbacks)
    collecting = Collecting()
    collecting.begin()
    assert gc.get_threshold() != thresholds
    gc.collect()
    collecting.end()
    assert gc.get_threshold() == thresholds
    assert gc.callbacks == callbacks
    assert gc.get_freeze_count() == 0
