"""What a little more of each bottleneck would be worth, over all needs together."""

from __future__ import annotations

from dataclasses import dataclass

from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.explaining.reason_words import APART, ORDER
from pledgebook.planning.plan import Bottleneck
from pledgebook.planning.wording import figure

__all__ = ["Worth", "worths"]


@dataclass(frozen=True, slots=True)
class Worth:
    """Bottlenecks of a kind of which one more unit saves the same.

    `names` are shelves, lines, contracts or donors, `item` what is short where they bind, `steps`
    where they do (years for budgets and shares).
    """

    kind: str
    names: tuple[str, ...]
    item: str
    steps: tuple[int, ...]
    saves: float


def worths(answer: PlanAnswer) -> list[Worth]:
    """Return each bottleneck once, with the most that one more unit of it saves, by kind."""
    items = {need.name: need.item for need in answer.problem.needs}
    most: dict[tuple[str, str], tuple[Bottleneck, str]] = {}
    steps: dict[tuple[str, str], set[int]] = {}
    for reason in answer.plan.reasons:
        for one in reason.bottlenecks:
            key = (one.kind, one.name)
            if key not in most or one.worth > most[key][0].worth:
                most[key] = (one, items[reason.need])
            steps.setdefault(key, set()).update(one.steps)
    alike: dict[tuple[str, str, str], list[Bottleneck]] = {}
    for one, item in most.values():
        if one.worth > 0:
            alike.setdefault((one.kind, item, figure(one.worth)), []).append(one)
    found = [
        Worth(
            kind,
            tuple(name for one in group for name in one.name.split(APART)),
            item,
            tuple(sorted(set().union(*(steps[kind, one.name] for one in group)))),
            max(one.worth for one in group),
        )
        for (kind, item, _), group in alike.items()
    ]
    return sorted(found, key=lambda one: (ORDER.index(one.kind), -one.saves, one.names))
