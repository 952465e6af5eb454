"""Tasks on a cluster: so many under way and no more, each until its workers died of it twice."""

from __future__ import annotations

import queue
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pledgebook.bulk.cluster import worker_count
from pledgebook.errors import BulkError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Lost", "run_tasks"]

T = TypeVar("T")
R = TypeVar("R")
_PER_WORKER = 2
"""Tasks under way for each worker: the one that it does, and the next."""
_LOOK = 5
"""Seconds between two looks at the cluster, while nothing ends."""
_PATIENCE = 180
"""Seconds that a cluster may be without any worker."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What came of a task in place of a result: its worker died of it, `tries` times."""

    tries: int


def run_tasks(
    client: Client,
    function: Callable[[T], R],
    tasks: Iterable[T],
    *,
    window: int | None = None,
    tries: int = 2,
) -> Iterator[tuple[T, R | Lost]]:
    """Yield each task with what `function` made of it, in the order in which they end.

    At most `window` tasks are under way, two for each worker without it; `tasks` is taken from as
    there is room. The function has to be importable by the workers. What it raises is raised here,
    a worker's death is not: the task is given to another one, and is `Lost` after `tries` deaths.
    Raises BulkError where the cluster itself is gone, or has had no worker for minutes.
    """
    most = window or _PER_WORKER * worker_count(client)
    waiting = iter(tasks)
    running: dict[Any, tuple[T, int]] = {}
    ended: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def submit(task: T, deaths: int) -> None:
        key = f"{function.__name__}-{uuid.uuid4().hex}"
        future = client.submit(function, task, key=key, pure=False)
        running[future] = task, deaths
        future.add_done_callback(ended.put)  # type: ignore[no-untyped-call]

    try:
        while True:
            while len(running) < most and (task := next(waiting, _NONE)) is not _NONE:
                submit(task, 0)  # type: ignore[arg-type]
            if not running:
                return
            future = _next(ended, client)
            task, deaths = running.pop(future)
            result = _result_of(future)
            if not isinstance(result, _Death):
                yield task, result
            elif deaths + 1 < tries:
                submit(task, deaths + 1)
            else:
                yield task, Lost(tries)
    finally:
        if running:
            client.cancel(list(running))  # type: ignore[no-untyped-call]


class _Death:
    """A worker died while it had the task."""


_NONE = object()


def _next(ended: queue.SimpleQueue[Any], client: Client) -> Any:  # noqa: ANN401 - a future
    """Return the next future that ends; raise BulkError where none will."""
    alone_since = time.monotonic()
    while True:
        try:
            return ended.get(timeout=_LOOK)
        except queue.Empty:
            if client.status != "running":
                raise _gone() from None
            if client.nthreads():  # type: ignore[no-untyped-call]
                alone_since = time.monotonic()
            elif time.monotonic() - alone_since > _PATIENCE:
                raise BulkError(
                    f"the cluster has had no worker for {_PATIENCE} s",
                    mend="Start some and run the same command: what is done is not done again",
                ) from None


def _gone() -> BulkError:
    return BulkError(
        "the cluster is gone: its scheduler no longer answers",
        mend="Start it again and run the same command: what is done is not done again",
    )


def _result_of(future: Any) -> Any:  # noqa: ANN401 - whatever the function returns
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return _Death()
    except (CancelledError, TimeoutError, OSError) as error:
        if isinstance(error, OSError) and future.status == "error":
            raise
        raise _gone() from error
