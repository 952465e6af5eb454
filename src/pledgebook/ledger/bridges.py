"""What would join two undertakings that a person keeps apart.

A and B were judged different. A third report, C, may be so like both that without the judgement all
three would be one. The ledger keeps A and B apart and counts C with one of them; here it is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pledgebook.ledger.cases import ItemTree
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.judgements import Verdict
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.reconcile import reconcile

__all__ = ["Bridge", "bridges"]

_MOST_TRIED = 24


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two commitments that a judgement keeps apart, and what would make them one.

    `apart` are the statements that were judged different, one of each commitment; `through` those
    that would join the two, each by itself; `direct` says that the two would be joined without any.
    Where neither says anything, only several reports together would.
    """

    commitments: tuple[str, str]
    apart: tuple[str, str]
    judgements: tuple[str, ...]
    through: tuple[str, ...] = ()
    direct: bool = False


def bridges(
    ledger: Ledger, tree: ItemTree | None = None, *, of: Collection[str] | None = None
) -> list[Bridge]:
    """Return the bridges of a ledger, or of some of its commitments, in a stable order.

    The statements of the two commitments are reconciled by themselves, without the judgements that
    keep the two apart.
    """
    sides: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one, other in ledger.decisions.different:
        here, there = ledger.home.get(one), ledger.home.get(other)
        if here is None or there is None or here == there:
            continue
        if of is not None and here not in of and there not in of:
            continue
        if here > there:
            here, there, one, other = there, here, other, one
        sides.setdefault((here, there), []).append((one, other))
    if not sides:
        return []
    by_id = {one.id: one for one in ledger.commitments}
    found = []
    for (here, there), pairs in sorted(sides.items()):
        bridge = _bridge(ledger, tree, by_id[here], by_id[there], pairs)
        if bridge is not None:
            found.append(bridge)
    return found


def _bridge(
    ledger: Ledger,
    tree: ItemTree | None,
    here: Commitment,
    there: Commitment,
    pairs: Sequence[tuple[str, str]],
) -> Bridge | None:
    barred = {frozenset(pair) for pair in pairs}

    def joined(some: Iterable[str]) -> list[set[str]]:
        members = set(some)
        decisions = ledger.decisions
        groups = reconcile(
            [ledger.entries[name] for name in sorted(members)],
            tree,
            same=[pair for pair in decisions.same if members.issuperset(pair)],
            different=[
                pair
                for pair in decisions.different
                if members.issuperset(pair) and frozenset(pair) not in barred
            ],
        )
        return [{case.id for case in group.cases} for group in groups]

    together = joined([*here.statements, *there.statements])
    apart = next(
        (pair for pair in pairs if any(group.issuperset(pair) for group in together)), None
    )
    if apart is None:
        return None
    [group] = [group for group in together if group.issuperset(apart)]
    others = [
        name
        for name in dict.fromkeys([*here.statements, *there.statements])
        if name in group and name not in apart
    ][:_MOST_TRIED]
    direct = any(one.issuperset(apart) for one in joined(apart))
    through = (
        ()
        if direct
        else tuple(
            name for name in others if any(one.issuperset(apart) for one in joined([*apart, name]))
        )
    )
    return Bridge(
        commitments=(here.id, there.id),
        apart=apart,
        judgements=_made(ledger, apart),
        through=through,
        direct=direct,
    )


def _made(ledger: Ledger, apart: tuple[str, str]) -> tuple[str, ...]:
    """Return the judgements in force that call two statements different."""
    decisions = ledger.decisions
    both = set(decisions.by_statement.get(apart[0], ())) & set(
        decisions.by_statement.get(apart[1], ())
    )
    return tuple(
        one.id for one in decisions.applied if one.id in both and one.kind is Verdict.DIFFERENT
    )
