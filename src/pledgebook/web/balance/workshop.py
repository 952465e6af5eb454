"""Things that take long, worked out beside the requests: nobody waits who need not.

What is worked out has a name and a version, such as the number of the view that it is made of.
While a newer version is being worked out the older one is handed out, and said to be old.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pledgebook.ledger.giving_way import giving_way

__all__ = ["Made", "Workshop"]

T = TypeVar("T")

_MOST = 24
"""Things that are kept."""
_QUICK = 2.0
"""Seconds."""
_REST = 15.0
"""So many times as long as it took, a thing that takes long is left as it is before it is worked
out anew."""
_LONG = 0.05
"""The share of `quick` from which a thing takes long."""


@dataclass(frozen=True, slots=True)
class Made(Generic[T]):
    """What was worked out; `fresh` where it is of the version that was asked for."""

    value: T
    fresh: bool


class _Slot:
    """One thing: what is done, what is wanted, and how long it took."""

    def __init__(self) -> None:
        self.done: Hashable = None
        self.value: Any = None
        self.fault: BaseException | None = None
        self.running: Hashable = None
        self.took = 0.0
        self.ended = 0.0

    def has(self, version: Hashable) -> bool:
        return self.done is not None and self.done == version

    @property
    def rests(self) -> bool:
        """Whether it is too early to work it out once more, where it takes long."""
        return time.monotonic() < self.ended + _REST * self.took


class Workshop:
    """Works things out in threads of its own, which end with the process.

    What took a small part of `quick` seconds is waited for; else its older version will do.
    """

    def __init__(self, threads: int = 2, quick: float = _QUICK) -> None:
        self._changed = threading.Condition()
        self._slots: OrderedDict[Hashable, _Slot] = OrderedDict()
        self._wanted: deque[tuple[Hashable, Hashable, Callable[[], Any]]] = deque()
        self._threads: list[threading.Thread] = []
        self._number = threads
        self._quick = quick
        self._stopped = False

    @property
    def kept(self) -> int:
        """How many things are kept."""
        return len(self._slots)

    def stop(self) -> None:
        """Begin nothing more; what is being worked out ends with the process."""
        with self._changed:
            self._stopped = True
            self._wanted.clear()
            self._changed.notify_all()

    def ask(
        self, name: Hashable, version: Hashable, make: Callable[[], T], wait: float
    ) -> Made[T] | None:
        """Return what is worked out, waiting so many seconds at most; None where nothing is yet.

        Raises what `make` raised for this version.
        """
        end = time.monotonic() + wait
        with self._changed:
            slot = self._slot(name)
            old = slot.done is not None and slot.fault is None
            long = slot.took > _LONG * self._quick
            rests = old and long and slot.rests
            if not slot.has(version) and slot.running != version and not rests:
                self._want(name, version, make)
            patient = not old or not long
            while patient and not slot.has(version) and not self._stopped:
                left = end - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            if slot.has(version):
                if slot.fault is not None:
                    raise slot.fault
                return Made(slot.value, fresh=True)
            return Made(slot.value, fresh=False) if old and slot.fault is None else None

    def within(self, name: Hashable, version: Hashable, make: Callable[[], T]) -> T:
        """Work out what another thing needs, in the thread of that one, or take it as done."""
        with self._changed:
            slot = self._slot(name)
            while slot.running == version and not slot.has(version):
                self._changed.wait()
            if not slot.has(version):
                slot.running = version
        if not slot.has(version):
            self._work(slot, version, make)
        if slot.fault is not None:
            raise slot.fault
        found: T = slot.value
        return found

    def _slot(self, name: Hashable) -> _Slot:
        slot = self._slots.setdefault(name, _Slot())
        self._slots.move_to_end(name)
        awaited = {one for one, _, _ in self._wanted}
        idle = [
            one for one, held in self._slots.items() if held.running is None and one not in awaited
        ]
        for one in idle[: max(len(self._slots) - _MOST, 0)]:
            if one != name:
                del self._slots[one]
        return slot

    def _want(self, name: Hashable, version: Hashable, make: Callable[[], Any]) -> None:
        """Put a thing on the list, in place of an older version of it."""
        same = next((one for one in self._wanted if one[0] == name), None)
        if same is not None:
            if same[1] == version:
                return
            self._wanted.remove(same)
        self._wanted.append((name, version, make))
        self._threads = [one for one in self._threads if one.is_alive()]
        if len(self._threads) < self._number and not self._stopped:
            thread = threading.Thread(target=self._run, name="balance", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._wanted and not self._stopped:
                    self._changed.wait()
                if self._stopped:
                    return
                name, version, make = self._wanted.popleft()
                slot = self._slot(name)
                if slot.has(version) or slot.running is not None:
                    continue
                slot.running = version
            with giving_way() if slot.value is not None else nullcontext():
                self._work(slot, version, make)

    def _work(self, slot: _Slot, version: Hashable, make: Callable[[], Any]) -> None:
        value, fault, start = None, None, time.monotonic()
        try:
            value = make()
        except BaseException as error:  # noqa: BLE001 - it is raised to who asks
            fault = error
        with self._changed:
            slot.value, slot.fault, slot.done = value, fault, version
            slot.running = None
            slot.ended = time.monotonic()
            slot.took = slot.ended - start
            self._changed.notify_all()
