"""Which rows of imported data sets count in the ledger of reports: those that people let in.

A row counts by itself where it was judged `counted`, and with a report's statement, or with such a
row, where the two were judged `same`. All other rows stay outside, whatever else was judged.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence

from pledgebook.ledger.decisions import Decisions
from pledgebook.ledger.judgements import Verdict
from pledgebook.ledger.records import Entry

__all__ = ["admit"]


def admit(entries: Sequence[Entry], decisions: Decisions) -> tuple[list[Entry], Decisions]:
    """Leave out the rows that nobody let in, and what was decided about them and others."""
    rows = {entry.id for entry in entries if entry.release is not None}
    if not rows:
        return list(entries), decisions
    counted = {one.id for one in decisions.applied if one.kind is Verdict.COUNTED}
    open_ones = [entry.id for entry in entries if entry.release is None]
    open_ones += [name for name in rows if counted & set(decisions.by_statement.get(name, ()))]
    beside: dict[str, list[str]] = defaultdict(list)
    for one, other in decisions.same:
        beside[one].append(other)
        beside[other].append(one)
    admitted = set(open_ones)
    while open_ones:
        for other in beside[open_ones.pop()]:
            if other not in admitted:
                admitted.add(other)
                open_ones.append(other)
    kept = [entry for entry in entries if entry.id in admitted]
    settled = dataclasses.replace(
        decisions,
        same=tuple(pair for pair in decisions.same if admitted.issuperset(pair)),
        different=tuple(pair for pair in decisions.different if admitted.issuperset(pair)),
    )
    return kept, settled
