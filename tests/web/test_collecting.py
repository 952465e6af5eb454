"""The server's garbage is found, and what lives is left out of the search."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest

from pledgebook.web.collecting import Collecting


class Node:
    """Takes part in a cycle with itself."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def thresholds() -> tuple[int, int, int]:
    return gc.get_threshold()


@pytest.fixture
def collecting(thresholds: tuple[int, int, int]) -> Iterator[Collecting]:
    assert thresholds
    found = Collecting()
    found.begin()
    yield found
    found.end()


def searched(one: object) -> bool:
    """Tell whether a full search would look at an object: those left out are not listed."""
    return any(other is one for other in gc.get_objects())


@pytest.mark.usefixtures("collecting")
def test_what_lives_is_left_out_after_a_full_search() -> None:
    kept = [Node()]
    assert searched(kept)
    gc.collect()
    assert not searched(kept)


@pytest.mark.usefixtures("collecting")
def test_what_died_since_is_found() -> None:
    gc.collect()
    gone = weakref.ref(Node())
    gc.collect()
    assert gone() is None


@pytest.mark.usefixtures("collecting")
def test_searches_of_the_young_leave_nothing_out() -> None:
    kept = [Node()]
    gc.collect(1)
    assert searched(kept)


# In a process of its own, where nothing but this makes objects and lets them go.
_GROWING = """
import gc, weakref
from pledgebook.web.collecting import Collecting

class Node:
    def __init__(self):
        self.own = self

class Clock:
    now = 0.0
    def __call__(self):
        return self.now

clock = Clock()
Collecting(every=60, clock=clock).begin()
gc.collect()
node = Node()
gone = weakref.ref(node)
gc.collect()
del node
gc.collect()
print("at first", gone() is None)
clock.now = 61
gc.collect()
print("not grown", gone() is None)
kept = [[number] for number in range(gc.get_freeze_count())]
gc.collect()
gc.collect()
print("not counted", gone() is None)
clock.now = 122
gc.collect()
print("grown", gone() is None)
print("left out again", gc.get_freeze_count() > len(kept))
"""


def test_all_is_searched_again_when_it_has_grown_by_half() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _GROWING], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "at first False",
        "not grown False",
        "not counted False",
        "grown True",
        "left out again True",
    ]


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
