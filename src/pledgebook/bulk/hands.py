"""Who does the tasks: this process, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from pledgebook.bulk.cluster import connected
from pledgebook.bulk.running import Lost, run_tasks
from pledgebook.bulk.security import TlsFiles
from pledgebook.errors import BulkError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Hands", "hands_for"]

T = TypeVar("T")
R = TypeVar("R")


class Hands(Protocol):
    """Does tasks, one or several at a time."""

    def do(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
        """Yield each task with its result, in the order in which they end. Raises BulkError."""


class _Own:
    def do(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
        for task in tasks:
            yield task, function(task)


class _Workers:
    def __init__(self, client: Client) -> None:
        self._client = client

    def do(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
        for task, result in run_tasks(self._client, function, tasks):
            if isinstance(result, Lost):
                raise BulkError(
                    f"workers died {result.tries} times of one task ({function.__name__})",
                    mend="Give them more memory, or fewer of them on one machine",
                )
            yield task, result


@contextmanager
def hands_for(
    cluster: str | None, workers: int | None, tls: TlsFiles | None, client: Client | None
) -> Iterator[Hands]:
    """Yield who works: an open client, a cluster, so many workers here; one is this process."""
    if client is not None:
        yield _Workers(client)
    elif cluster is None and workers == 1:
        yield _Own()
    else:
        with connected(cluster, workers, tls) as made:
            yield _Workers(made)
