"""What pages work out of a view once, for everybody who asks the same.

In a large book some answers take a while, and somebody may judge every second. Who asks then is
given the answer of a moment ago, and told so, while the new one is worked out beside.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pledgebook.ledger.giving_way import giving_way

__all__ = ["Kept"]

T = TypeVar("T")
_LOG = logging.getLogger("pledgebook.web")
_SLOW = 0.02
"""What takes less processor time than this is always worked out at once, in seconds."""
_A_MOMENT = 10.0
"""For so long an answer may be given that was the newest, in seconds."""
_SHARE = 20
"""It is not made anew before so many times as long as it took have passed: in a very large book the
answers would otherwise take all the time that there is."""


@dataclass(slots=True)
class _Last:
    """The newest answer to a slow question: of which view, when it was right, what it took."""

    number: int
    answer: Any
    right_at: float
    took: float
    made_at: float
    renewing: bool = False


class Kept:
    """Answers by their question, the newest `most`; each is worked out once, also for many at once.

    A question names the number of the view that it is asked of: `("totals", view.number, asked)`.
    An answer is never changed by who gets it.
    """

    def __init__(self, most: int = 96) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._last: OrderedDict[Hashable, _Last] = OrderedDict()
        self._waiting: deque[Callable[[], None]] = deque()
        self._thread: threading.Thread | None = None

    def get(self, question: Hashable, make: Callable[[], T]) -> T:
        """Return the answer to a question; `make` works it out where nobody has.

        Whoever asks while it is being worked out waits for it. Raises what `make` raises.
        """
        with self._lock:
            known: Future[T] | None = self._answers.get(question)
            if known is not None:
                self._answers.move_to_end(question)
            else:
                mine: Future[T] = Future()
                self._answers[question] = mine
                while len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        if known is not None:
            return known.result()
        try:
            answer = make()
        except BaseException as error:
            with self._lock:
                # What failed is tried again by the next who asks.
                if self._answers.get(question) is mine:
                    del self._answers[question]
            mine.set_exception(error)
            raise
        mine.set_result(answer)
        return answer

    def lately(self, question: Hashable, number: int, make: Callable[[], T]) -> tuple[T, bool]:
        """Return the answer for the view of a number, and whether it is that of this very view.

        It may be that of the view before, where the answer takes long and was right a moment ago.
        """
        now = time.monotonic()
        with self._lock:
            last = self._last.get(question)
            if last is not None and last.number == number:
                last.right_at = now
                self._last.move_to_end(question)
                return last.answer, True
            is_near = (
                last is not None
                and number > last.number
                and now - last.right_at < max(_A_MOMENT, 3 * _SHARE * last.took)
            )
            if last is not None and is_near:
                self._last.move_to_end(question)
                if not last.renewing and now - last.made_at >= _SHARE * last.took:
                    last.renewing = True
                    self._begin(partial(self._renew, question, number, make))
                return last.answer, False
        return self._made(question, number, make), True

    def _begin(self, renew: Callable[[], None]) -> None:
        """Have something worked out beside: one after another, so that pages have time too."""
        self._waiting.append(renew)
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="pledgebook-kept", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                renew = self._waiting.popleft()
            with giving_way():
                renew()

    def _made(self, question: Hashable, number: int, make: Callable[[], T]) -> T:
        def measured() -> tuple[T, float]:
            # Of this thread alone: that others have much to do makes no answer a slow one.
            start = time.thread_time()
            return make(), time.thread_time() - start

        answer, took = self.get((question, number), measured)
        with self._lock:
            last = self._last.get(question)
            if last is None or last.number <= number:
                # What is quick is kept by `get` alone: it would put out what is not.
                self._last.pop(question, None)
                if took > _SLOW:
                    now = time.monotonic()
                    self._last[question] = _Last(number, answer, now, took, now)
            while len(self._last) > self._most:
                self._last.popitem(last=False)
        return answer

    def _renew(self, question: Hashable, number: int, make: Callable[[], Any]) -> None:
        try:
            self._made(question, number, make)
        except Exception:  # noqa: BLE001 - who asks next meets the same, and is told
            _LOG.info("cannot work out %r anew", question, exc_info=True)
            with self._lock:
                self._last.pop(question, None)

    def __len__(self) -> int:
        return len(self._answers)
