"""The time limit of a document: a reader that hangs is ended with its process.

Nothing inside a process can stop a regular expression that runs for hours; a thread of the
interpreter's own, which needs nobody's leave, can end the process.
"""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TextIO

__all__ = ["watched"]

_SLACK = 0.25
_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def watched(seconds: float) -> Iterator[Callable[[], None]]:
    """End this worker's process if one item inside takes longer than `seconds`, or a quarter more.

    Yields what is to be called before each item. It ends a process only where somebody starts it
    anew: in a worker that a nanny looks after. There is one such watch in a process, so that a
    worker of several threads does one task at a time.
    """
    if not _has_nanny():
        yield _nothing
        return
    with _ONE_AT_A_TIME:
        began = _arm(seconds)

        def next_item() -> None:
            nonlocal began
            # Each watch is a thread: a new one for each document would cost too much.
            if time.monotonic() - began > _SLACK * seconds:
                began = _arm(seconds)

        try:
            yield next_item
        finally:
            faulthandler.cancel_dump_traceback_later()


def _arm(seconds: float) -> float:
    faulthandler.dump_traceback_later((1 + _SLACK) * seconds, exit=True, file=_nowhere())
    return time.monotonic()


def _nothing() -> None:
    """Watch nothing."""


def _has_nanny() -> bool:
    from distributed import get_worker

    try:
        return get_worker().nanny is not None
    except ValueError:
        return False


@cache
def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - it lives on
