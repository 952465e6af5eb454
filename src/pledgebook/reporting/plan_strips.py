"""What is short and what is done by step, a sign a step: a chart that any terminal can show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.text import Text

from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.schedule import Action
from pledgebook.planning.wording import Words

__all__ = ["DONE_KEY", "SHORT_KEY", "done_chart", "short_chart"]

Floats = NDArray[np.float64]

SHORT_KEY = "· all met, ░ up to a quarter short, ▒ half, ▓ three quarters, █ more; blank: no need"
DONE_KEY = "▁ to █: how much, beside the most of that row; ◆ done once"

_LEVELS = "░▒▓█"
_BARS = "▁▂▃▄▅▆▇█"
_LABEL = 30
_LEAST_LABEL = 14


@dataclass(frozen=True, slots=True)
class _Axis:
    """Steps in as many cells as there is room for; each cell is `every` steps."""

    words: Words
    steps: int
    every: int

    @property
    def cells(self) -> list[range]:
        return [
            range(at, min(at + self.every, self.steps)) for at in range(0, self.steps, self.every)
        ]

    def heads(self) -> list[str]:
        """Return the years above their first cells, and a letter for each month."""
        years, letters = "", ""
        for cell in self.cells:
            name = self.words.step(cell[0])
            month, _, year = name.rpartition(" ")
            first = cell[0] == 0 or self.words.step(cell[0] - 1).rpartition(" ")[2] != year
            if first and len(years) <= len(letters):
                years += " " * (len(letters) - len(years)) + year
            letters += month[1] if month.startswith("Q") else month[0]
        return [years, letters]


def short_chart(answer: PlanAnswer, width: int) -> list[Text]:
    """Return for each need what is short of it by step, without the plan and with it."""
    words = answer.words
    labels = [words.name(need.name) for need in answer.problem.needs]
    label = _label(labels, 10)
    axis = _axis(words, width - label - 2)
    lines = _heads(axis, label)
    for need, name in zip(answer.problem.needs, labels, strict=True):
        wanted = _wanted(answer, need.name, need.amount)
        for before in (True, False):
            told = "" if not before else name
            which = " before" if before else "  after"
            row = Text(_fitted(told, label - 8).ljust(label - 8), style="" if before else "dim")
            row.append(f"{which}  ", style="dim")
            short = answer.short(need, before=before).mean
            row.append(_cells(axis, short, wanted), style="red" if before else "bold")
            lines.append(row)
    return lines


def done_chart(answer: PlanAnswer, actions: Sequence[Action], width: int) -> list[Text]:
    """Return for each action how much is done of it by step."""
    words = answer.words
    labels = [words.compiled.label(one.name) for one in actions]
    label = _label(labels, 0)
    axis = _axis(words, width - label - 2)
    lines = _heads(axis, label)
    for one, name in zip(actions, labels, strict=True):
        row = Text(_fitted(name, label).ljust(label)).append("  ")
        lines.append(row.append(_bars(axis, one), style="cyan"))
    return lines


def _axis(words: Words, room: int) -> _Axis:
    steps = words.compiled.problem.steps
    return _Axis(words, steps, max(math.ceil(steps / max(room, 1)), 1))


def _label(labels: Sequence[str], more: int) -> int:
    widest = max(map(cell_len, labels), default=0) + more
    return min(max(widest, _LEAST_LABEL), _LABEL + more)


def _fitted(text: str, room: int) -> str:
    return text if cell_len(text) <= room else text[: room - 1].rstrip() + "…"


def _heads(axis: _Axis, label: int) -> list[Text]:
    return [Text(f"{' ' * label}  {head}".rstrip(), style="dim") for head in axis.heads()]


def _wanted(answer: PlanAnswer, name: str, amount: Floats) -> Floats:
    cases = answer.problem.cases
    if not cases:
        return amount
    return np.asarray(sum(case.chance * case.amount.get(name, amount) for case in cases), float)


def _cells(axis: _Axis, short: Floats, wanted: Floats) -> str:
    found = ""
    for cell in axis.cells:
        lacks, needs = float(short[cell].sum()), float(wanted[cell].sum())
        share = lacks / needs if needs > 0 else 0.0
        if needs <= 0:
            found += " "
        elif share <= 1e-6:
            found += "·"
        else:
            found += _LEVELS[min(math.ceil(share * len(_LEVELS)), len(_LEVELS)) - 1]
    return found.rstrip()


def _bars(axis: _Axis, action: Action) -> str:
    sums = [float(action.amounts[cell].sum()) for cell in axis.cells]
    most = max(sums)
    found = ""
    for one in sums:
        if one <= 1e-9 * most:
            found += " "
        elif action.once:
            found += "◆"
        else:
            found += _BARS[min(math.ceil(one / most * len(_BARS)), len(_BARS)) - 1]
    return found.rstrip()
