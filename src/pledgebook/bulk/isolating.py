"""Tasks that kill their workers, taken apart until the one document that does it is found.

A task of many items whose workers died twice is put aside. When all others are done, its items are
tried one by one with nothing else under way, so that no innocent is blamed; one that kills a worker
twice is left out of the task, which is then done without it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from pledgebook.bulk.running import Lost, run_tasks
from pledgebook.errors import BulkError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Divisible", "Poison", "run_isolated"]

_TRIES = 2
_START = 120
"""Seconds that a worker may take to come back."""


@dataclass(frozen=True, slots=True)
class Poison:
    """An item that is not tried again, by its place in the task: it kills the process it is in."""

    position: int
    hung: bool
    """Whether it ran out of its time, and did not crash."""


class Divisible(Protocol):
    """A task of several items that can be tried alone."""

    @property
    def seconds(self) -> float:
        """How long one item may take."""
        ...

    def positions(self) -> Sequence[int]:
        """Return the places of its items."""
        ...

    def alone(self, position: int) -> Self:
        """Return the task that does this item only, and keeps nothing of it."""
        ...

    def without(self, poison: tuple[Poison, ...]) -> Self:
        """Return the task that reports these items and does all others."""
        ...


S = TypeVar("S", bound=Divisible)
R = TypeVar("R")


def run_isolated(
    client: Client, function: Callable[[S], R], tasks: Iterable[S], *, window: int | None = None
) -> Iterator[tuple[S, R | Lost]]:
    """Yield each task with its result, as `run_tasks`; poison in it is found and left out.

    What is `Lost` then has no single item that is to blame.
    """
    suspects: list[S] = []
    for task, result in run_tasks(client, function, tasks, window=window, tries=_TRIES):
        if isinstance(result, Lost):
            suspects.append(task)
        else:
            yield task, result
    for task in suspects:
        found = (_probe(client, function, task, place) for place in task.positions())
        rest = task.without(tuple(one for one in found if one is not None))
        yield from run_tasks(client, function, [rest], window=1, tries=_TRIES)


def _probe(client: Client, function: Callable[[S], R], task: S, position: int) -> Poison | None:
    """Try one item alone; it is poison where each try costs a worker."""
    longest = 0.0
    for _ in range(_TRIES):
        try:
            client.wait_for_workers(1, timeout=_START)
        except TimeoutError as error:
            raise BulkError(
                f"no worker came back within {_START} s", mend="Look after the cluster, and go on"
            ) from error
        began = time.monotonic()
        for _, result in run_tasks(client, function, [task.alone(position)], window=1, tries=1):
            if not isinstance(result, Lost):
                return None
        longest = max(longest, time.monotonic() - began)
    return Poison(position, hung=longest >= task.seconds)
