"""Work beside those who wait: a thread that computes for long, and leaves others most of the time.

Python's threads share one processor, in equal parts: a computation of seconds would make every
short answer twice as slow while it lasts. One that gives way works for some milliseconds, and then
stands aside for some more.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["giving_way"]

_WORK = 0.004
_PAUSE = 0.012
"""Seconds: a quarter of the time is taken."""


@contextmanager
def giving_way() -> Iterator[None]:
    """Pause the computations of this thread again and again, wherever they call a function.

    It is the profiling hook of the interpreter that pauses them, so that nothing that computes has
    to know of it; a hook that is there already stays, and nothing gives way then.
    """
    if sys.getprofile() is not None:
        yield
        return
    clock, sleep = time.perf_counter, time.sleep
    until = clock() + _WORK

    def pause(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal until
        if event == "call" and clock() > until:
            sleep(_PAUSE)
            until = clock() + _WORK

    sys.setprofile(pause)
    try:
        yield
    finally:
        sys.setprofile(None)
