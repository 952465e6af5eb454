"""Reconcile a great many stored statements at once, on several processes.

Statements of different kinds or categories never meet, so that they are shared out by these: the
result is the same on any number of processes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from pledgebook.ledger.joining.bodies import FAMILY_OF, Body, add_bodies
from pledgebook.ledger.joining.join import join, scorer_of
from pledgebook.ledger.joining.table import CaseTable
from pledgebook.ledger.rules import load_rules
from pledgebook.vocabulary.catalogue import load_catalogue

__all__ = ["reconcile_bodies"]


def reconcile_bodies(
    bodies: Iterable[Body], *, workers: int = 1, additions: Path | None = None
) -> dict[str, str]:
    """Return the first statement of the undertaking of each statement that can make one.

    `additions` is the user's own part of the catalogue. No judgements are heeded.
    """
    if workers <= 1:
        return _reconciled(list(bodies), additions)
    shares = _shares(bodies, workers)
    found: dict[str, str] = {}
    # A fork of a process with threads may hang; a fresh one loads in a second.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_reconciled, shares, [additions] * len(shares)):
            found |= part
    return found


def _shares(bodies: Iterable[Body], workers: int) -> list[list[Body]]:
    """Share statements out by family and category, the largest lots first."""
    lots: dict[tuple[int, str], list[Body]] = defaultdict(list)
    for one in bodies:
        fields = json.loads(one.body)
        family = FAMILY_OF.get(fields["kind"])
        if family is not None:
            lots[family, fields["item"]["category"]].append(one)
    loads: Counter[int] = Counter(dict.fromkeys(range(workers), 0))
    shares: list[list[Body]] = [[] for _ in range(workers)]
    for _, lot in sorted(lots.items(), key=lambda item: (-len(item[1]), item[0])):
        least = min(loads, key=lambda number: (loads[number], number))
        loads[least] += len(lot)
        shares[least] += lot
    return [share for share in shares if share]


def _reconciled(bodies: Sequence[Body], additions: Path | None) -> dict[str, str]:
    rules = load_rules()
    table = CaseTable(rules.continues)
    add_bodies(table, bodies, load_catalogue(additions), rules)
    table.sort()
    labels = join(table, rules, scorer_of(table, rules)).labels
    return {table.ids[row]: table.ids[label] for row, label in enumerate(labels.tolist())}
