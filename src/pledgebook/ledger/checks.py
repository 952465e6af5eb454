"""Running totals as constraints: what a total covers, the sum that was found, and the gap.

A total is no promise of its own. It says what the undertakings that it covers come to together, and
is held against them with intervals: what is not known on either side is never taken for zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pledgebook.ledger.cases import ALLIES, Case
from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.stages import Stage, stage_of
from pledgebook.ledger.totals import once
from pledgebook.ledger.wholes import Relation

__all__ = ["build_checks", "check_of"]


def build_checks(groups: Sequence[Group], commitments: Sequence[Commitment]) -> list[Check]:
    """Hold every running total that spans several undertakings against their sum."""
    covered: dict[str, tuple[Case, list[Commitment]]] = {}
    for group, commitment in zip(groups, commitments, strict=True):
        for total in group.totals:
            covered.setdefault(total.id, (total, []))[1].append(commitment)
    return [check_of(total, found) for total, found in covered.values()]


def check_of(total: Case, commitments: Sequence[Commitment]) -> Check:
    """Hold a running total against the undertakings that it sums over, earliest first."""
    stage = stage_of(total)
    in_time = [one for one in commitments if _is_within(total, one)]
    reached = [one for one in in_time if stage in one.stages]
    if total.quantity is None and total.money is not None:
        claimed, unit = total.money, total.currency
        found = _money(reached, stage, unit)
    else:
        claimed, unit = total.quantity or UNKNOWN, total.unit
        found = _quantity(reached, stage, unit)
    verdict, gap = _verdict(claimed, found, nothing_reached=not reached)
    return Check(
        statement=total.id,
        stage=stage,
        claimed=claimed,
        unit=unit,
        found=found,
        verdict=verdict,
        commitments=tuple(sorted(one.id for one in in_time)),
        gap=gap,
        covers=_covers(total, stage),
        counted=tuple(sorted(one.id for one in reached)),
    )


def _is_within(total: Case, commitment: Commitment) -> bool:
    """Tell whether an undertaking lies in the time that a total speaks of.

    A total "in 2023" covers nothing that was settled before it; one without a first day, or of a
    single day, speaks of all that was before.
    """
    if total.span is None or total.span[0] == total.span[1]:
        return True
    return commitment.last >= total.span[0]


def _money(commitments: Sequence[Commitment], stage: Stage, currency: str | None) -> Total:
    def amounts(commitment: Commitment) -> Mapping[str, Interval]:
        money = commitment.stages[stage].money
        return {currency: money[currency]} if currency is not None and currency in money else {}

    firm = stage is not Stage.DELIVERED
    return once(commitments, amounts, whole_is_firm=firm).get(currency or "", Total())


def _quantity(commitments: Sequence[Commitment], stage: Stage, unit: str | None) -> Total:
    def amounts(commitment: Commitment) -> Mapping[str, Interval]:
        figure = commitment.stages[stage]
        return {"": figure.quantity} if figure.unit in (unit, None) else {}

    return once(commitments, amounts, relations=frozenset({Relation.FUNDING})).get("", Total())


def _verdict(
    claimed: Interval, found: Total, *, nothing_reached: bool
) -> tuple[str, Interval | None]:
    if not claimed.known:
        return "unknown", None
    if found.low is None:
        # Nothing is known singly: all of the total is more than was found, if nothing is open.
        return ("exceeds" if nothing_reached else "unknown"), claimed
    if claimed.high is not None and claimed.high < found.low:
        most = None
        if found.high is not None and not found.unknown:
            most = found.high - claimed.floor
        return "falls-short", Interval(found.low - claimed.high, most)
    if claimed.low is None or found.high is None or claimed.low <= found.high:
        return "agrees", None
    gap = Interval(
        claimed.low - found.high, None if claimed.high is None else claimed.high - found.low
    )
    return ("unknown" if found.unknown else "exceeds"), gap


def _covers(total: Case, stage: Stage) -> str:
    who = (
        "all that the allies gave" if ALLIES in total.actors else " and ".join(sorted(total.actors))
    )
    words = [who or "anybody"]
    if total.beneficiary is not None:
        words.append(f"to {total.beneficiary}")
    item = f"{total.designation or total.category.value} {stage.value.replace('_', ' ')}"
    return f"{' '.join(words)}: {item} {_until(total)}"


def _until(total: Case) -> str:
    day: dt.date = total.entry.counted
    if total.span is None:
        return f"by {day}"
    if total.span[0] == total.span[1]:
        return f"by {total.span[1]}"
    last = min(total.span[1], day) if total.span[0] <= day else total.span[1]
    return f"from {total.span[0]} to {last}"
