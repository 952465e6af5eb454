"""A thread that gives way computes the same, and leaves time to others."""

from __future__ import annotations

import sys
import threading
import time
from types import FrameType

import pytest

from pledgebook.ledger.giving_way import giving_way


def busy(seconds: float) -> tuple[float, float]:
    """Compute for so long; return the processor time and the time that went by."""
    begun, start = time.thread_time(), time.perf_counter()
    while time.thread_time() - begun < seconds:
        sum(map(abs, range(100)))
        _step()
    return time.thread_time() - begun, time.perf_counter() - start


def _step() -> None:
    """Be a function that is called."""


def test_most_of_the_time_is_left_to_others() -> None:
    with giving_way():
        used, gone = busy(0.06)
    assert gone > 2 * used


def test_only_the_thread_that_asked_for_it_gives_way() -> None:
    found: list[object] = []
    with giving_way():
        thread = threading.Thread(target=lambda: found.append(sys.getprofile()))
        thread.start()
        thread.join()
    assert found == [None]


def test_it_ends_with_the_work_also_where_that_fails() -> None:
    with giving_way():
        assert sys.getprofile() is not None
    assert sys.getprofile() is None
    with pytest.raises(ZeroDivisionError), giving_way():
        _ = 1 // 0
    assert sys.getprofile() is None


def test_whoever_measures_this_thread_goes_on() -> None:
    seen: list[str] = []

    def measure(_frame: FrameType, event: str, _argument: object) -> None:
        seen.append(event)

    sys.setprofile(measure)
    try:
        with giving_way():
            assert sys.getprofile() is measure
            _step()
    finally:
        sys.setprofile(None)
    assert "call" in seen
