"""Tokens and money: what was spent, what may still be, and where to stop."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from pledgebook.reading.coders import StoppedError

__all__ = ["Budget", "Spent", "guess_tokens"]

_CHARACTERS_A_TOKEN = 3.5


def guess_tokens(text: str) -> int:
    """Return about how many tokens a text has, where nobody has counted them."""
    return int(len(text) / _CHARACTERS_A_TOKEN) + 1


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens of prompts and answers; `guessed` where a server did not count some of them."""

    prompts: int = 0
    answers: int = 0
    guessed: bool = False

    def plus(self, other: Spent) -> Spent:
        """Return both together."""
        return Spent(
            self.prompts + other.prompts,
            self.answers + other.answers,
            self.guessed or other.guessed,
        )

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.prompts + self.answers


class Budget:
    """The limits of a reading. What is under way counts as spent in full, so that none is passed.

    Prices are for a million tokens. Several threads may spend by it.
    """

    def __init__(
        self,
        *,
        max_tokens: int | None = None,
        max_cost: float | None = None,
        price_in: float = 0.0,
        price_out: float = 0.0,
    ) -> None:
        self._max_tokens = max_tokens
        self._max_cost = max_cost
        self._prices = (price_in, price_out)
        self._lock = threading.Condition()
        self._spent = Spent()
        self._reserved: list[Spent] = []

    @property
    def spent(self) -> Spent:
        """What was spent up to now."""
        with self._lock:
            return self._spent

    @property
    def has_prices(self) -> bool:
        """Whether a cost can be told."""
        return any(self._prices)

    def cost(self, spent: Spent | None = None) -> float:
        """Return what tokens cost, by default those spent up to now."""
        found = self.spent if spent is None else spent
        price_in, price_out = self._prices
        return (found.prompts * price_in + found.answers * price_out) / 1e6

    def reserve(self, most: Spent) -> None:
        """Set aside the most that a question can cost.

        Where too little is left because others are under way, it waits for what they come to.
        Raises StoppedError where nothing is under way and it is still too much.
        """
        with self._lock:
            while (passed := self._passed(most)) is not None:
                if not self._reserved:
                    raise self._stop(passed)
                self._lock.wait()
            self._reserved.append(most)

    def settle(self, most: Spent, spent: Spent | None) -> None:
        """Replace what was set aside by what it came to; None where nothing was charged."""
        with self._lock:
            self._reserved.remove(most)
            if spent is not None:
                self._spent = self._spent.plus(spent)
            self._lock.notify_all()

    def _passed(self, most: Spent) -> str | None:
        """Return which limit would be passed by as much again, None where neither is."""
        whole = self._spent.plus(most)
        for other in self._reserved:
            whole = whole.plus(other)
        if self._max_tokens is not None and whole.tokens > self._max_tokens:
            return f"the limit of {self._max_tokens:,} tokens is reached"
        if self._max_cost is not None and self.cost(whole) > self._max_cost:
            return f"the limit of {self._max_cost:g} on the cost is reached"
        return None

    def _stop(self, what: str) -> StoppedError:
        done = f"{self._spent.tokens:,} tokens spent"
        if self.has_prices:
            done += f", {self.cost(self._spent):.4f} in money"
        return StoppedError(
            f"{what} ({done})",
            where="--llm-max-tokens, --llm-max-cost",
            mend="Run it again with a higher limit: what was answered is kept",
        )
