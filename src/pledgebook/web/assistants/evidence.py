"""The sentences that an answer rests on, few and short, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.explain import Explainer
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.store import Store

__all__ = ["Evidence", "evidence_of"]

Evidence = list[dict[str, Any]]

_MOST = 3
_LONGEST = 600


def evidence_of(
    commitments: Iterable[Commitment], ledger: Ledger, store: Store
) -> dict[str, Evidence]:
    """Return, by commitment, the statements that its figures rest on, each with its quotation.

    At most three of each: those that prevail for a stage first. `why` has them all.
    """
    chosen = {one.id: _chosen(one) for one in commitments}
    entries = {
        name: ledger.entries[name] for names in chosen.values() for name in names
        if name in ledger.entries
    }  # fmt: skip
    texts = store.texts(sorted({entry.document for entry in entries.values()}))
    explainer = Explainer(ledger, texts)
    found: dict[str, Evidence] = {}
    for commitment, names in chosen.items():
        found[commitment] = []
        for name in names:
            if name not in entries:
                continue
            told = explainer.statement(entries[name])
            if told.quote is None or told.source is None:
                continue
            found[commitment].append(
                {
                    "statement": name,
                    "says": told.title,
                    "quotation": told.quote.text[:_LONGEST],
                    "speaker": entries[name].statement.speaker,
                    "document": told.source.document,
                    "title": told.source.title,
                    "date": told.source.date and told.source.date.isoformat(),
                    "url": told.source.url,
                }
            )
    return found


def _chosen(one: Commitment) -> Sequence[str]:
    prevailing = [name for figure in one.stages.values() for name in figure.prevailing]
    return tuple(dict.fromkeys([*prevailing, *one.statements]))[:_MOST]
