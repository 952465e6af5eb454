"""What pages work out of a view once, for everybody who asks the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

__all__ = ["Kept"]

T = TypeVar("T")


class Kept:
    """Answers by their question, the newest `most`; each is worked out once, also for many at once.

    A question names the number of the view that it is asked of: `("totals", view.number, asked)`.
    An answer is never changed by who gets it.
    """

    def __init__(self, most: int = 96) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()

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

    def __len__(self) -> int:
        return len(self._answers)
