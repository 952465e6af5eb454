"""Sums over what undertakings are worth, stage by stage, each whole with its parts once.

Money and things are added nowhere but in `Sum.counted`: money where it was stated, the value of
things where it was not, and things that lie within a package with stated money not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.money.values import Valuation, ValueRow
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED
from pledgebook.ledger.totals import Amounts, once

__all__ = ["Sum", "sum_of", "sums", "things_of", "whole_of"]

_ALL = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """The rows of one stage, added up; stages are never added to each other.

    `counted` takes money and things together. `parts` counts the
    undertakings whose things are left out of it.
    """

    stage: Stage
    rows: int
    money: Total | None
    in_kind: Total | None
    counted: Total | None
    parts: int


def sums(rows: Iterable[ValueRow]) -> list[Sum]:
    """Return what rows come to, stage by stage; what lies within a whole is taken once."""
    by_stage: dict[Stage, list[ValueRow]] = defaultdict(list)
    for row in rows:
        by_stage[row.stage].append(row)
    return [_stage_sum(stage, by_stage[stage]) for stage in COUNTED if stage in by_stage]


def _stage_sum(stage: Stage, rows: Sequence[ValueRow]) -> Sum:
    members = {one.id: one for row in rows for one in row.commitments}
    found = {one.commitment: one for row in rows for one in row.valuations}
    money = {name: one.amount for name, one in found.items()}
    kind = things_of(found)
    inside = {
        name
        for name, amount in money.items()
        if amount is None and whole_of(members[name], stage, members) is not None
    }
    counted = {
        name: None if name in inside else kind[name] if amount is None else amount
        for name, amount in money.items()
    }
    return Sum(
        stage=stage,
        rows=len(rows),
        money=sum_of(stage, members.values(), money),
        in_kind=sum_of(stage, members.values(), kind),
        counted=sum_of(stage, members.values(), counted),
        parts=len(inside),
    )


def things_of(found: Mapping[str, Valuation]) -> dict[str, Interval | None]:
    """Return what the things of each undertaking are worth; None where it has none."""
    return {
        name: one.in_kind.value if one.in_kind is not None else None for name, one in found.items()
    }


def sum_of(
    stage: Stage, members: Iterable[Commitment], amounts: Mapping[str, Interval | None]
) -> Total | None:
    """Add up what undertakings bring at a stage; None where none brings anything."""

    def brings(commitment: Commitment) -> Amounts:
        amount = amounts.get(commitment.id)
        return {} if amount is None else {_ALL: amount}

    return once(members, brings, whole_is_firm=stage is not Stage.DELIVERED).get(_ALL)


def whole_of(commitment: Commitment, stage: Stage, members: Mapping[str, Commitment]) -> str | None:
    """Return the nearest undertaking around this one that states money at a stage."""
    waiting, seen = [part.whole for part in commitment.wholes], {commitment.id}
    while waiting:
        name = waiting.pop(0)
        whole = members.get(name)
        if whole is None or name in seen:
            continue
        seen.add(name)
        figure = whole.stages.get(stage)
        if figure is not None and figure.money:
            return name
        waiting += [part.whole for part in whole.wholes]
    return None
