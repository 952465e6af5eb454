"""The answer of a plan in sentences, as a stranger would read them."""

from __future__ import annotations

import math
import shlex

from pledgebook.planning.answer import PlanAnswer, ShortBand
from pledgebook.planning.plan import Plan, Status
from pledgebook.planning.problem import Need
from pledgebook.planning.wording import Words, figure, joined

__all__ = [
    "SPENT_ON",
    "answer_lines",
    "band_text",
    "gap_text",
    "head_line",
    "plan_next",
    "proof_line",
    "share_text",
    "spent_line",
]

SPENT_ON = {
    "drawdown": "drawing down shelves",
    "orders": "orders",
    "contracts": "contracts",
    "expansions": "expansions",
    "restarts": "restarts",
    "rebates": "less rebates",
    "holding": "holding stocks",
}
"""What money is spent on, by the parts of a plan's cost."""


def head_line(answer: PlanAnswer) -> str:
    """Return which scenario is planned, from when until when, and what it rests on."""
    compiled, words = answer.compiled, answer.words
    problem = answer.problem
    title = f"{compiled.title} ({compiled.file})" if compiled.title else compiled.file
    last = words.step(problem.steps - 1)
    told = f"{title}: {compiled.step} by {compiled.step} from {words.step(0)} to {last}"
    if problem.cases:
        told += f", in {len(problem.cases):,} cases of use and arrivals"
    if answer.as_of is not None:
        told += f". Of the book only what was published by {answer.as_of.isoformat()} counts"
    return f"{told}."


def answer_lines(answer: PlanAnswer) -> list[str]:
    """Return what comes of it: how much is met at which cost, and how sure that is."""
    plan, words = answer.plan, answer.words
    if plan.status is Status.INFEASIBLE:
        lines = ["There is no plan: not all that is demanded can be at once."]
        if plan.clash:
            clash = [f"{number}) {one}" for number, one in enumerate(plan.clash, 1)]
            lines.append(
                f"These clash, and without any one of them the rest can be: {'; '.join(clash)}."
            )
        return lines
    if plan.status is Status.NONE:
        told = (
            "No plan was found in the time. That is not to say that there is none: give a longer "
        )
        return [f"{told}--time-limit, or a wider --gap."]
    spent = f"{words.money(answer.spent)} spent"
    needs = [(need, answer.short(need)) for need in answer.problem.needs]
    short = [(need, band) for need, band in needs if band.share > 0.0005]
    if not short:
        first = f"Everything that is needed is met, with {spent}."
    else:
        first = (
            f"With {spent}, {_count(len(needs) - len(short), len(needs))} met whole. "
            f"Short of what is needed: {_short_words(answer, short)}."
        )
    return [first, proof_line(plan, words)]


def _count(met: int, needs: int) -> str:
    if met == 0:
        return "no need is" if needs > 1 else "the need is not"
    return f"{met} of {needs} needs {'is' if met == 1 else 'are'}"


def _short_words(answer: PlanAnswer, short: list[tuple[Need, ShortBand]]) -> str:
    words = answer.words
    worst = sorted(short, key=lambda one: -one[1].share)[:3]
    told = [f"{words.name(need.name)} {share_text(band.share)}" for need, band in worst]
    more = len(short) - len(worst)
    return joined([*told, f"{more} more"] if more else told)


def proof_line(plan: Plan, words: Words) -> str:
    """Return how good a plan is proved to be, and how the search ended."""
    lead = {
        Status.TIME: "The time was over: this is the best plan so far. ",
        Status.STOPPED: "Stopped: this is the best plan so far. ",
    }.get(plan.status, "")
    if plan.status is Status.OPTIMAL or plan.gap < 5e-7:
        return f"{lead}Proved: no plan can be better."
    counted = "With what its shortage counts for, this one comes to"
    # As many figures as it takes to tell the two apart.
    figures = min(max(math.ceil(-math.log10(plan.gap)) + 1, 3), 9)
    return (
        f"{lead}Proved: no plan can come to less than {words.money(plan.bound, figures)}. "
        f"{counted} {words.money(plan.cost, figures)}: it is within {gap_text(plan.gap)} of the "
        "best there can be."
    )


def gap_text(gap: float) -> str:
    """Return a gap in per cent, never rounded down: "0.4 %"."""
    percent = gap * 100
    for digits in (0, 1, 2, 3):
        step = 10.0**-digits
        if percent >= step * 3 or digits == 3:
            up = -(-percent // step) * step
            return f"{up:.{digits}f} %"
    return f"{percent:.3f} %"


def share_text(share: float) -> str:
    """Return a share in per cent: "12 %"; what is not all or nothing is not made so."""
    if 0 < share < 0.005:
        return "<1 %"
    return ">99 %" if 0.995 <= share < 1 else f"{share * 100:.0f} %"


def spent_line(answer: PlanAnswer) -> str:
    """Return what is spent on what."""
    words = answer.words
    parts = [
        f"{name} {words.money(abs(answer.plan.parts[part]))}"
        for part, name in SPENT_ON.items()
        if abs(answer.plan.parts.get(part, 0.0)) > 1e-9 * max(abs(answer.plan.cost), 1e-9)
    ]
    return f"Spent on {joined(parts)}." if parts else "Nothing is spent."


def band_text(band: ShortBand) -> str:
    """Return how much is lacking in all: "70,700", with cases "81,500 (40,000–120,000)"."""
    mean, low, _, high = band.total
    told = figure(mean)
    return told if band.sure else f"{told} ({figure(low)}–{figure(high)})"


def plan_next(answer: PlanAnswer) -> list[tuple[str, str]]:
    """Return commands to go on with, each with what it shows."""
    file = shlex.quote(answer.compiled.file)
    if not answer.found:
        return [(f"pledgebook plan {file}", "again, when the scenario is mended")]
    found = []
    actions = answer.schedule()
    orders = [one for one in actions if not one.once] or actions
    if orders:
        best = max(orders, key=lambda one: one.cost)
        name = shlex.quote(answer.cite(best.kind, best.name, best.first))
        found.append((f"pledgebook why {name}", "what an order is for, down to the reports"))
    if answer.plan.reasons:
        worst = max(answer.plan.reasons, key=lambda one: one.short)
        name = shlex.quote(answer.cite("short", worst.need, worst.first))
        found.append((f"pledgebook why {name}", "a shortage, and what the need rests on"))
    if not answer.frontier:
        found.append((f"pledgebook plan {file} --frontier 8", "what less shortage would cost"))
    found.append((f"pledgebook plan {file} -o plan.xlsx", "all of it as a workbook"))
    return found
