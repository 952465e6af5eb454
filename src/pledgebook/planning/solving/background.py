"""Long work in a thread of its own, while the caller hears of it and can stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["in_background"]

Found = TypeVar("Found")

_BETWEEN = 0.2
"""Seconds between two looks at how the work goes."""


class _Work(threading.Thread, Generic[Found]):
    """Does one thing, and keeps what it gave or raised."""

    def __init__(self, task: Callable[[Callable[[], bool]], Found], stop: threading.Event) -> None:
        super().__init__(name="pledgebook planning", daemon=True)
        self._task = task
        self._stopped = stop
        self.found: list[Found] = []
        self.raised: BaseException | None = None
        # Not `join` and `is_alive`: after Ctrl-C in a join, Python 3.11 takes a thread that runs
        # for one that has ended (bpo-45274).
        self.ended = threading.Event()

    def run(self) -> None:
        try:
            self.found.append(self._task(self._stopped.is_set))
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for.
            self.raised = error
        finally:
            self.ended.set()


def in_background(
    task: Callable[[Callable[[], bool]], Found],
    *,
    tell: Callable[[], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> tuple[Found, bool]:
    """Return what `task` gives, and whether it was told to stop.

    The task is handed a function that says whether to stop, and must ask it often. It is told to
    when `cancel` says so, or at Ctrl-C, which raises nothing the first time. `tell` is called now
    and then while the task works and once at its end. What the task, `tell` or `cancel` raises is
    raised here, when the task has ended.
    """
    stop = threading.Event()
    work = _Work(task, stop)
    work.start()
    raised: Exception | None = None
    alive, hurried = True, False
    while alive:
        try:
            alive = not work.ended.wait(_BETWEEN)
            if raised is None and cancel is not None and alive and cancel():
                stop.set()
            if raised is None and tell is not None:
                tell()
        except KeyboardInterrupt:
            if hurried:
                raise
            hurried = True
            stop.set()
        except Exception as error:  # noqa: BLE001 - it is raised again when the work has ended.
            raised = error
            stop.set()
    if raised is not None:
        raise raised
    if work.raised is not None:
        raise work.raised
    return work.found[0], stop.is_set()
