"""What a reading by a model came to: questions, answers, and what the door turned away."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable

from pledgebook.reading.llm.budget import Budget
from pledgebook.reading.llm.door import REASONS, Passed, Refused

__all__ = ["Tally"]

_KEPT_EXAMPLES = 1_000


class Tally:
    """Counts over all documents of a reading; several threads may add to it."""

    def __init__(self, model: str, budget: Budget) -> None:
        self._model = model
        self._budget = budget
        self._lock = threading.Lock()
        self.asked = 0
        self.cached = 0
        self.replayed = 0
        self.kept = 0
        self.withheld = 0
        self.refused: Counter[str] = Counter()
        self.cleared: Counter[str] = Counter()
        self.examples: list[Refused] = []

    def answered(self, source: str) -> None:
        """Count an answer: "asked" of a server, "cached" or "replayed"."""
        with self._lock:
            setattr(self, source, getattr(self, source) + 1)

    def passed(self, passed: Iterable[Passed], withheld: int) -> None:
        """Count what came through the door of one document, and what did not."""
        with self._lock:
            self.withheld += withheld
            for one in passed:
                self.kept += len(one.statements)
                for refused in one.refused:
                    counts = self.cleared if refused.cleared else self.refused
                    counts[refused.reason] += 1
                room = _KEPT_EXAMPLES - len(self.examples)
                self.examples += one.refused[: max(0, room)]

    def progress(self) -> str:
        """Return what it has cost so far, in a few words."""
        spent = self._budget.spent
        if not spent.tokens:
            return ""
        said = f"{spent.tokens:,} tokens"
        return f"{said}, cost {self._budget.cost():.4f}" if self._budget.has_prices else said

    def lines(self) -> list[str]:
        """Return all of it in words, a line for each thing that there is to say."""
        with self._lock:
            answers = self.asked + self.cached + self.replayed
            said = [f"{self._model or 'llm'}: {answers:,} answer{'' if answers == 1 else 's'}"]
            said += [f"{self.cached:,} from the cache"] if self.cached else []
            said += [f"{self.replayed:,} replayed"] if self.replayed else []
            spent = self._budget.spent
            if spent.tokens:
                about = "about " if spent.guessed else ""
                said.append(f"{about}{spent.prompts:,} tokens asked, {spent.answers:,} answered")
            if self._budget.has_prices:
                said.append(f"cost {self._budget.cost():.4f}")
            lines = [", ".join(said)]
            lines += _counted(f"the door let {self.kept:,} through, turned away", self.refused)
            lines += _counted("fields cleared", self.cleared)
            if self.withheld:
                lines.append(
                    f"kept from the model, because they command the reader: {self.withheld:,} "
                    f"passage{'' if self.withheld == 1 else 's'}"
                )
            return lines


def _counted(what: str, counts: Counter[str]) -> list[str]:
    if not counts:
        return []
    reasons = [
        f"{count:,} {reason} ({REASONS[reason]})"
        for reason, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]
    return [f"{what} {counts.total():,}: {'; '.join(reasons)}"]
