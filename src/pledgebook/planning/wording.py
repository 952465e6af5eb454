"""Steps, amounts, money and names of a plan in words."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pledgebook.ledger.wording import units
from pledgebook.planning.compiling.compiled import Compiled
from pledgebook.planning.problem import Shelf

__all__ = ["Words", "figure", "joined", "runs"]

_LARGE = ((1e9, "billion"), (1e6, "million"))
_ALMOST = 0.9995
_HALF_A_MONTH = dt.timedelta(days=15)
_MINUS = "−"
_NOUN = re.compile(r"(^|[ -])[A-Za-z]?[a-z]{2,}$")


def figure(value: float, figures: int = 3) -> str:
    """Return a number rounded to so many figures: "1,240", "0.125", "3.5", "12,300"."""
    if not math.isfinite(value):
        return "∞" if value > 0 else _MINUS + "∞" if value < 0 else "n/k"
    if value == 0:
        return "0"
    digits = figures - 1 - math.floor(math.log10(abs(value)))
    shown = f"{round(abs(value), digits):,.{max(digits, 0)}f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return _MINUS + shown if value < 0 and shown != "0" else shown


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def runs(steps: Iterable[int]) -> list[tuple[int, int]]:
    """Return steps as runs of consecutive ones, first and last of each."""
    found: list[tuple[int, int]] = []
    for step in sorted(set(steps)):
        if found and found[-1][1] == step - 1:
            found[-1] = (found[-1][0], step)
        else:
            found.append((step, step))
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """Tells of a compiled scenario in its own calendar, units and names."""

    compiled: Compiled

    def name(self, name: str) -> str:
        """Return what a name of the problem stands for.

        A shelf that a scenario calls after its donor and item reads "the 155mm shelf of Germany".
        """
        shelf = self._plain_shelf(name)
        if shelf is None:
            return self.compiled.label(name)
        return f"the {self.compiled.label(shelf.item)} shelf of {self.name(shelf.donor)}"

    def _plain_shelf(self, name: str) -> Shelf | None:
        told = self.compiled.label(name)
        for shelf in self.compiled.problem.shelves if ": " in told else ():
            if shelf.name == name and told == f"{shelf.donor}: {shelf.item}":
                return shelf
        return None

    def ways(self, names: Sequence[str], most: int = 3) -> str:
        """Return shelves, lines and contracts joined: "the 155mm shelves of A and B, and C"."""
        shelves = [(name, self._plain_shelf(name)) for name in dict.fromkeys(names)]
        plain = [shelf for _, shelf in shelves if shelf is not None]
        if len(plain) < 2:
            return self.people(names, most)
        items = joined([self.name(item) for item in dict.fromkeys(one.item for one in plain)])
        told = f"the {items} shelves of {self.people([one.donor for one in plain], most)}"
        rest = [name for name, shelf in shelves if shelf is None]
        return f"{told}, and {self.people(rest, most)}" if rest else told

    def step(self, at: int, *, short: bool = False) -> str:
        """Return a step: "March 2023", "Mar 2023" or "Q1 2023"; after the last one, its end."""
        days = self.compiled.days
        day = days[min(at, len(days) - 1)]
        if day.day != 1:
            day += _HALF_A_MONTH
        if self.compiled.step == "quarter":
            return f"Q{(day.month + 2) // 3} {day.year}"
        return f"{day:%b %Y}" if short else f"{day:%B %Y}"

    def span(self, first: int, last: int, *, short: bool = False) -> str:
        """Return the steps from one to another: "March to June 2023"."""
        start, end = self.step(first, short=short), self.step(last, short=short)
        if first == last:
            return start
        if start.rpartition(" ")[2] == end.rpartition(" ")[2]:
            start = start.rpartition(" ")[0]
        return f"{start}–{end}" if short else f"{start} to {end}"

    def spans(self, steps: Iterable[int], most: int = 2) -> str:
        """Return some steps as spans; of more than `most` only the first and the last step."""
        found = runs(steps)
        if len(found) > most:
            return f"between {self.step(found[0][0])} and {self.step(found[-1][1])}"
        return joined([self.span(first, last) for first, last in found])

    def steps(self, count: float) -> str:
        """Return a number of steps: "1 month", "3 quarters"."""
        return f"{figure(count)} {self.compiled.step}{'' if count == 1 else 's'}"

    @property
    def each(self) -> str:
        """A step, after an amount: "a month"."""
        return f"a {self.compiled.step}"

    def day(self, at: int) -> str:
        """Return the first day of a step as ids write it: "2023-06"."""
        return self.compiled.days[at].isoformat()[:7]

    def unit(self, item: str, amount: float = 2.0) -> str:
        """Return the unit of an item: "rounds", "round" for one; the item's name for pieces."""
        unit = self.compiled.units.get(item, "item")
        if unit == "item":
            unit = self.name(item)
            # "interceptors", but "Leopard 2" and "AMRAAM".
            if not _NOUN.search(unit):
                return unit
        return unit if amount == 1 else units(unit)

    def amount(self, value: float, item: str) -> str:
        """Return an amount of an item: "1,240 rounds"."""
        return f"{figure(value)} {self.unit(item, value)}"

    def money(self, value: float, figures: int = 3) -> str:
        """Return a sum, rounded to so many figures: "EUR 1.24 million"."""
        currency = self.compiled.problem.currency
        sign = _MINUS if value < 0 else ""
        for size, name in _LARGE:
            # What rounds to a thousand million is a billion.
            if abs(value) >= size * _ALMOST:
                return f"{sign}{currency} {figure(abs(value) / size, figures)} {name}"
        return f"{sign}{currency} {figure(abs(value), figures)}"

    def people(self, names: Sequence[str], most: int = 3) -> str:
        """Return names joined, of many the first: "Germany, France and 12 more"."""
        told = [self.name(name) for name in dict.fromkeys(names)]
        if len(told) > most + 1:
            told = [*told[:most], f"{len(told) - most} more"]
        return joined(told)
