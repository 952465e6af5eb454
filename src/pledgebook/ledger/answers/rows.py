"""The rows of an imported release as commitments of their own: each row for itself, none joined."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from pledgebook.ledger.answers.findings import Subject
from pledgebook.ledger.cases import Case, ItemTree, prepare
from pledgebook.ledger.commitments import build_commitment
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.records import Entry

__all__ = ["subject_of_rows"]


def subject_of_rows(entries: Iterable[Entry], tree: ItemTree, today: dt.date) -> Subject:
    """Return what a release says, to be checked: a commitment for each item of each row."""
    by_id = {entry.id: entry for entry in entries}
    groups: dict[tuple[object, ...], list[Case]] = defaultdict(list)
    for entry in by_id.values():
        case = prepare(entry, tree, frozenset())
        if case is not None:
            groups[entry.document, case.family, case.actors, case.category, case.words].append(case)
    commitments = []
    for cases in groups.values():
        cases.sort(key=lambda case: case.order)
        commitments.append(build_commitment(Group(cases), today))
    return Subject(commitments, by_id, today, source="release")
