"""What a ledger is made of: statements, read and added, and judgements where they now stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.cases import ItemTree
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.records import Entry
from pledgebook.ledger.store import Store

__all__ = ["Inputs", "ledger_inputs", "stored_ledger"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that `build_ledger` takes from a book; `packages` names those of imported rows."""

    entries: Sequence[Entry]
    judgements: Sequence[Judgement]
    packages: Mapping[str, str]


def ledger_inputs(store: Store, as_of: dt.date | None, recorded: dt.datetime | None) -> Inputs:
    """Return what was published by a day, as the book held it at an instant; None is no limit."""
    entries = store.entries(as_of=as_of, recorded_as_of=recorded)
    made = store.judgements(recorded_as_of=recorded, anchored_to=entries, as_of=as_of)
    entries += store.added(made, entries, as_of=as_of, recorded_as_of=recorded)
    rows = store.judged_rows(made, as_of=as_of, recorded_as_of=recorded)
    return Inputs([*entries, *rows.entries], rows.judgements, rows.packages)


def stored_ledger(
    store: Store,
    as_of: dt.date | None,
    recorded: dt.datetime | None,
    *,
    today: dt.date,
    tree: ItemTree,
) -> Ledger:
    """Make the ledger of a day from what a book holds."""
    said = ledger_inputs(store, as_of, recorded)
    return build_ledger(
        said.entries, said.judgements, today=today, tree=tree, packages=said.packages
    )
