"""From groups of statements to commitments that know their whole, their parts and their history."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pledgebook.ledger.asking import Answers, link_answers
from pledgebook.ledger.cases import ItemTree
from pledgebook.ledger.commitments import Commitment, build_commitment
from pledgebook.ledger.cues import load_cues
from pledgebook.ledger.history import told
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.stages import Stage, figures
from pledgebook.ledger.wholes import Part, find_parts

__all__ = ["later_refusals", "settle", "those_later"]


def settle(
    groups: Sequence[Group],
    today: dt.date,
    tree: ItemTree | None = None,
    *,
    different: Iterable[tuple[str, str]] = (),
    packages: Mapping[str, str] | None = None,
) -> tuple[tuple[Commitment, ...], Answers]:
    """Return the commitments of the groups, in their order, and which of them answer which."""
    cues = load_cues()
    stages = [figures(group.cases) for group in groups]
    parts = find_parts(groups, different=different, packages=packages, cues=cues)
    plain = [
        build_commitment(group, today, settled)
        for group, settled in zip(groups, stages, strict=True)
    ]
    answers = link_answers(groups, plain, tree, cues)
    related = _with_parts(plain, parts) if parts else plain
    return tuple(told(groups, related, stages, answers, cues)), answers


def _with_parts(commitments: Sequence[Commitment], parts: Iterable[Part]) -> list[Commitment]:
    above: dict[str, list[Part]] = defaultdict(list)
    below: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        above[part.part].append(part)
        below[part.whole].append(part)
    return [
        dataclasses.replace(one, wholes=tuple(above[one.id]), parts=tuple(below[one.id]))
        if one.id in above or one.id in below
        else one
        for one in commitments
    ]


def later_refusals(
    commitments: Sequence[Commitment], answers: Answers
) -> dict[str, tuple[Commitment, ...]]:
    """Return what was promised and then refused, paused or withdrawn: both are shown."""
    found = {}
    for number, refusals in answers.refusals.items():
        later = those_later(commitments[number], [commitments[at] for at in refusals])
        if later:
            found[commitments[number].id] = later
    return found


def those_later(one: Commitment, refusals: Iterable[Commitment]) -> tuple[Commitment, ...]:
    """Return the refusals that came after a promise; none where nothing was promised."""
    if Stage.PLEDGED not in one.stages and Stage.ON_ORDER not in one.stages:
        return ()
    return tuple(other for other in refusals if other.last >= one.first)
