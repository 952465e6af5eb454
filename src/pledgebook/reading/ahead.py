"""Read several documents at a time, and hand them on in the order in which they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["read_ahead"]

T = TypeVar("T")
R = TypeVar("R")


def read_ahead(found: Iterable[T], read: Callable[[T], R], workers: int) -> Iterator[tuple[T, R]]:
    """Yield every one with what reading it gave, in order, at most `workers` under way at a time.

    No more than twice as many are taken ahead of the one that is handed on. With one worker
    nothing is taken ahead. An exception of `read` is raised where its turn comes.
    """
    if workers <= 1:
        for one in found:
            yield one, read(one)
        return
    waiting: deque[tuple[T, Future[R]]] = deque()
    pool = ThreadPoolExecutor(workers, "pledgebook-read")
    try:
        for one in found:
            waiting.append((one, pool.submit(read, one)))
            if len(waiting) >= 2 * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        # Whoever stops listening does not wait for what is still under way.
        pool.shutdown(wait=False, cancel_futures=True)
