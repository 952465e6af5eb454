"""A plan as JSON, all of it, and as CSV, a row for each action and step: exact figures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pledgebook.exchange.cells import neutral
from pledgebook.planning.answer import PlanAnswer, ShortBand
from pledgebook.planning.explaining.comparing import Comparison, Pair
from pledgebook.planning.explaining.frontier import Point
from pledgebook.planning.plan import Bottleneck, Change, Reason
from pledgebook.planning.schedule import Action
from pledgebook.reporting.plan_money import payments_of
from pledgebook.reporting.records import to_csv

__all__ = [
    "PAYMENT_FIELDS",
    "REASON_FIELDS",
    "SCHEDULE_FIELDS",
    "SHORT_FIELDS",
    "payment_rows",
    "plan_csv",
    "plan_record",
    "reason_rows",
    "schedule_rows",
    "short_rows",
]

Record = dict[str, Any]
Floats = NDArray[np.float64]

SCHEDULE_FIELDS = (
    "scenario", "action", "name", "item", "unit", "to", "step", "first_day", "there_from", "amount",
    "price", "cost", "currency", "paid_by", "id",
)  # fmt: skip
PAYMENT_FIELDS = ("scenario", "donor", "year", "spent", "budget", "currency")
SHORT_FIELDS = (
    "scenario", "need", "recipient", "item", "unit", "priority", "first_day", "wanted",
    "short_before", "short", "short_p10", "short_p50", "short_p90", "id",
)  # fmt: skip
REASON_FIELDS = (
    "scenario", "need", "from", "to", "short", "unit", "reason", "bottleneck", "of", "when",
    "one_more_saves", "currency",
)  # fmt: skip


def plan_csv(answer: PlanAnswer) -> str:
    """Return the schedule as comma-separated values, a row for each action and step."""
    rows = [
        {name: neutral(value) if isinstance(value, str) else value for name, value in row.items()}
        for row in schedule_rows(answer)
    ]
    return to_csv(rows, SCHEDULE_FIELDS)


def schedule_rows(answer: PlanAnswer) -> Iterator[Record]:
    """Yield what is to be done, a row for each action and step in which something is."""
    for action in answer.schedule():
        for step in np.flatnonzero(action.amounts):
            yield _done(answer, action, int(step))


def _done(answer: PlanAnswer, action: Action, step: int) -> Record:
    compiled = answer.compiled
    amount = float(action.amounts[step])
    price = _price(answer, action, step)
    there = step + action.delay
    return {
        "scenario": compiled.file,
        "action": action.kind,
        "name": action.name,
        "item": action.item,
        "unit": compiled.units.get(action.item, "item"),
        "to": action.stock,
        "step": step,
        "first_day": compiled.days[step].isoformat(),
        "there_from": compiled.days[there].isoformat() if there < answer.problem.steps else None,
        "amount": None if action.once else amount,
        "price": None if action.once else price,
        "cost": action.cost if action.once else price * amount,
        "currency": answer.problem.currency,
        "paid_by": "; ".join(action.payers),
        "id": answer.cite(action.kind, action.name, step),
    }


def _price(answer: PlanAnswer, action: Action, step: int) -> float:
    problem = answer.problem
    if action.kind == "draw":
        return next(one.cost for one in problem.shelves if one.name == action.name)
    if action.kind == "order":
        return float(next(one.price[step] for one in problem.lines if one.name == action.name))
    if action.kind == "call":
        return next(one.price for one in problem.contracts if one.name == action.name)
    return action.cost


def payment_rows(answer: PlanAnswer) -> Iterator[Record]:
    """Yield what each donor spends in each year."""
    for one in payments_of(answer):
        for year in range(answer.problem.years):
            yield {
                "scenario": answer.compiled.file,
                "donor": one.donor,
                "year": answer.compiled.year(year),
                "spent": float(one.years[year]),
                "budget": None if one.budget is None else _number(float(one.budget[year])),
                "currency": answer.problem.currency,
            }


def short_rows(answer: PlanAnswer) -> Iterator[Record]:
    """Yield what is wanted and short of each need in each step; nothing without a plan."""
    if not answer.found:
        return
    cases = answer.problem.cases
    for need in answer.problem.needs:
        before, after = answer.short(need, before=True), answer.short(need)
        wanted = need.amount
        if cases:
            each = [case.chance * case.amount.get(need.name, need.amount) for case in cases]
            wanted = np.sum(each, axis=0)
        for step in range(answer.problem.steps):
            yield {
                "scenario": answer.compiled.file,
                "need": need.name,
                "recipient": need.recipient,
                "item": need.item,
                "unit": answer.compiled.units.get(need.item, "item"),
                "priority": need.priority,
                "first_day": answer.compiled.days[step].isoformat(),
                "wanted": float(wanted[step]),
                "short_before": float(before.mean[step]),
                "short": float(after.mean[step]),
                "short_p10": float(after.p10[step]),
                "short_p50": float(after.p50[step]),
                "short_p90": float(after.p90[step]),
                "id": answer.cite("short", need.name, step),
            }


def reason_rows(answer: PlanAnswer) -> Iterator[Record]:
    """Yield why needs stay short, a row for each reason and bottleneck."""
    words = answer.words
    units = {need.name: answer.compiled.units.get(need.item, "item") for need in _needs(answer)}
    for reason in answer.plan.reasons:
        common = {
            "scenario": answer.compiled.file,
            "need": reason.need,
            "from": _day(answer, reason.first),
            "to": _day(answer, reason.last),
            "short": reason.short,
            "unit": units[reason.need],
            "reason": reason.says,
        }
        nothing: Sequence[Bottleneck | None] = (None,)
        for one in reason.bottlenecks or nothing:
            yield common | {
                "bottleneck": one.kind if one else None,
                "of": one.name if one else None,
                "when": "; ".join(_steps(answer, one)) if one else None,
                "one_more_saves": one.worth if one else None,
                "currency": words.compiled.problem.currency,
            }


def plan_record(answer: PlanAnswer) -> Record:
    """Return all of a plan as plain data; what is endless or no number is null."""
    compiled, plan, problem = answer.compiled, answer.plan, answer.problem
    record: Record = {
        "id": answer.cite(),
        "scenario": compiled.file,
        "title": compiled.title,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "currency": problem.currency,
        "step": compiled.step,
        "days": [day.isoformat() for day in compiled.days],
        "years": [compiled.year(year) for year in range(problem.years)],
        "status": plan.status.value,
        "gap_asked": answer.gap,
        "cost": _number(plan.cost),
        "bound": _number(plan.bound),
        "gap": _number(plan.gap) if answer.found else None,
        "spent": _number(answer.spent) if answer.found else None,
        "parts": {name: _number(value) for name, value in plan.parts.items()},
        "seconds": plan.seconds,
        "method": plan.method,
        "clash": list(plan.clash),
        "notes": list(compiled.notes),
    }
    if not answer.found:
        return record
    return record | {
        "schedule": list(schedule_rows(answer)),
        "payments": list(payment_rows(answer)),
        "needs": [_need(answer, number) for number in range(len(problem.needs))],
        "reasons": [_reason(answer, one) for one in plan.reasons],
        "changes": [_change(answer, one) for one in plan.changes],
        "frontier": [_point(one) for one in answer.frontier],
        "other": plan_record(answer.other) if answer.other is not None else None,
        "compared": _compared(answer.compared) if answer.compared is not None else None,
    }


def _need(answer: PlanAnswer, number: int) -> Record:
    need = answer.problem.needs[number]
    before, after = answer.short(need, before=True), answer.short(need)
    return {
        "need": need.name,
        "recipient": need.recipient,
        "item": need.item,
        "unit": answer.compiled.units.get(need.item, "item"),
        "priority": need.priority,
        "wanted": after.wanted,
        "met": 1 - after.share,
        "short_before": _band(before),
        "short": _band(after),
        "id": answer.cite("need", need.name),
    }


def _band(band: ShortBand) -> Record:
    mean, low, middle, high = band.total
    return {
        "total": {"mean": mean, "p10": low, "p50": middle, "p90": high},
        "by_step": {
            "mean": _numbers(band.mean),
            "p10": _numbers(band.p10),
            "p50": _numbers(band.p50),
            "p90": _numbers(band.p90),
        },
    }


def _reason(answer: PlanAnswer, reason: Reason) -> Record:
    return {
        "need": reason.need,
        "from": _day(answer, reason.first),
        "to": _day(answer, reason.last),
        "short": reason.short,
        "says": reason.says,
        "bottlenecks": [
            {
                "kind": one.kind,
                "of": one.name,
                "says": one.says,
                "when": _steps(answer, one),
                "one_more_saves": one.worth,
            }
            for one in reason.bottlenecks
        ],
        "id": answer.cite("short", reason.need, reason.first),
    }


def _change(answer: PlanAnswer, change: Change) -> Record:
    return {
        "need": change.need,
        "from": _day(answer, change.first),
        "to": _day(answer, change.last),
        "kind": change.kind,
        "says": change.says,
        "spends_more": change.cost,
        "closes": change.closes,
    }


def _point(point: Point) -> Record:
    return {
        "spent": point.spent,
        "at_least": point.at_least,
        "shortage_counts_for": point.short,
        "met": dict(point.met),
    }


def _compared(found: Comparison) -> Record:
    return {
        "spent": _pair(found.spent),
        "cost": _pair(found.counts),
        "parts": [_pair(one) for one in found.parts],
        "paid": [_pair(one) for one in found.paid],
        "short": [_pair(one) for one in found.short],
        "actions": [_pair(one) for one in found.actions],
    }


def _pair(pair: Pair) -> Record:
    first, second = (None if day is None else day.isoformat() for day in pair.when)
    return {
        "about": pair.about,
        "item": pair.item,
        "first": _number(pair.first),
        "second": _number(pair.second),
        "first_begins": first,
        "second_begins": second,
        "differs": pair.differs,
    }


def _needs(answer: PlanAnswer) -> Sequence[Any]:
    return answer.problem.needs


def _steps(answer: PlanAnswer, one: Bottleneck) -> list[str]:
    if one.kind in ("budget", "share"):
        return [answer.compiled.year(year) for year in one.steps]
    return [_day(answer, step) for step in one.steps]


def _day(answer: PlanAnswer, step: int) -> str:
    return answer.compiled.days[step].isoformat()


def _numbers(values: Floats) -> list[float | None]:
    return [_number(float(one)) for one in values]


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
