"""The changes that would close each gap, each verified: found, applied, and held to the check."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from pledgebook.planning.checking.check import BrokenPlanError, check
from pledgebook.planning.explaining.component import Component, component_of
from pledgebook.planning.explaining.levers import Found, Sizes, changed, pull
from pledgebook.planning.plan import Change, Plan, Reason
from pledgebook.planning.wording import Words, joined

__all__ = ["SPENT", "changes_for", "spent_of"]

SPENT = ("drawdown", "orders", "contracts", "expansions", "restarts", "rebates", "holding")
"""The parts of a plan's cost that are spent, and not what shortage counts for."""

_KINDS = ("budget", "reserve", "capacity")


def spent_of(plan: Plan) -> float:
    """Return what a plan spends, without what its shortage and risk count for."""
    return sum(plan.parts.get(part, 0.0) for part in SPENT)


def changes_for(
    plan: Plan,
    reasons: Sequence[Reason],
    words: Words,
    *,
    seconds: float = 10.0,
    threads: int = 1,
    cancel: Callable[[], bool] | None = None,
) -> tuple[Change, ...]:
    """Return for each gap the changes that were found to close it, the cheapest first.

    The rest of the plan stays as it is, and no other shortage grows. Gaps are looked at in the
    order of what they lack of the whole need, until the seconds are over. What closes no gap by
    itself is not told; what is told has passed the check of every constraint.
    """
    until = time.monotonic() + seconds
    problem = words.compiled.problem
    needs = {need.name: need for need in problem.needs}
    found: dict[int, list[Change]] = {}
    order = sorted(range(len(reasons)), key=lambda i: -_share(reasons[i], words))
    for number in order:
        reason = reasons[number]
        left = until - time.monotonic()
        if left <= 0 or (cancel is not None and cancel()):
            break
        component = component_of(problem, plan, needs[reason.need], (reason.first, reason.last))
        each = max(min(left, seconds / 5), 0.1)
        its = list(_changes(component, reason, words, each, threads))
        found[number] = sorted(its, key=lambda one: (one.kind == "earlier", one.cost))
    return tuple(change for number in sorted(found) for change in found[number])


def _share(reason: Reason, words: Words) -> float:
    need = next(one for one in words.compiled.problem.needs if one.name == reason.need)
    return reason.short * max((piece.cost for piece in need.pieces), default=0.0)


def _changes(
    component: Component, reason: Reason, words: Words, seconds: float, threads: int
) -> Iterator[Change]:
    closed = False
    for kind in _KINDS:
        one = pull(component, kind, seconds=seconds, threads=threads)
        # What money alone closes is no matter of reserves or capacity.
        if one is None or not _is_of(one.sizes, kind):
            continue
        closed = True
        yield from _verified(component, one, kind, reason, words)
    if not closed:
        yield from _earlier(component, reason, words, seconds, threads)


def _is_of(sizes: Sizes, kind: str) -> bool:
    if kind == "reserve":
        return bool(sizes.reserve or sizes.rate)
    return kind == "budget" or bool(sizes.capacity)


def _earlier(
    component: Component, reason: Reason, words: Words, seconds: float, threads: int
) -> Iterator[Change]:
    """Yield by how much earlier all would have had to set out, where nothing else closes it."""
    problem = component.problem
    longest = max(
        [line.lead for line in problem.lines] + [shelf.delay for shelf in problem.shelves],
        default=0,
    )
    low, best = 0, pull(component, "earlier", by=longest, seconds=seconds, threads=threads)
    high = longest
    while best is not None and high - low > 1:
        middle = (low + high) // 2
        one = pull(component, "earlier", by=middle, seconds=seconds, threads=threads)
        if one is None:
            low = middle
        else:
            high, best = middle, one
    if best is not None and longest:
        yield from _verified(component, best, "earlier", reason, words)


def _verified(
    component: Component, found: Found, kind: str, reason: Reason, words: Words
) -> Iterator[Change]:
    """Yield the change if the plan that it leads to passes the check of the changed problem."""
    stocks = {stock.name for stock in component.problem.stocks}
    problem = changed(component.whole, found.sizes, stocks)
    made = component.joined(found.choices, found.outcomes)
    try:
        parts = check(problem, made.choices, made.outcomes)
    except BrokenPlanError:
        return
    before = spent_of(component.plan)
    yield Change(
        need=reason.need,
        says=_says(found.sizes, words),
        cost=sum(parts.get(part, 0.0) for part in SPENT) - before,
        closes=reason.short,
        kind=kind,
        first=reason.first,
        last=reason.last,
    )


def _says(sizes: Sizes, words: Words) -> str:
    problem = words.compiled.problem
    shelves = {shelf.name: shelf for shelf in problem.shelves}
    lines = {line.name: line for line in problem.lines}
    parts = []
    if sizes.sooner:
        parts.append(f"all of it set on its way {words.steps(sizes.sooner)} earlier")
    for name, size in sizes.reserve.items():
        amount = words.amount(size, shelves[name].item)
        parts.append(f"{amount} from the reserve of {words.name(name)}")
    for name, size in sizes.rate.items():
        amount = words.amount(size, shelves[name].item)
        parts.append(f"{amount} {words.each} more from {words.name(name)}")
    for name, size in sizes.capacity.items():
        amount = words.amount(size, lines[name].item)
        parts.append(f"{amount} {words.each} more from {words.name(name)}")
    budget = [
        f"{words.money(size)} more from {words.name(donor)} in {words.compiled.year(year)}"
        for (donor, year), size in sizes.budget.items()
    ]
    if budget and parts:
        return f"{joined(parts)}, with {joined(budget)}"
    return joined(parts or budget) or "another choice within the same bounds"
