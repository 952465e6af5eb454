"""Open an id: what it names, down to the sentences that it rests on, and whom to cite."""

from __future__ import annotations

from dataclasses import dataclass

from pledgebook.ledger.answers.grouping import GroupRow
from pledgebook.ledger.cite import Citation, cite
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.explain import Explainer, Explanation
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.lookup import Lookup, Named
from pledgebook.ledger.reconcile import Link
from pledgebook.ledger.records import Entry
from pledgebook.ledger.status import StatusRow
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Opening"]


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens the ids of one ledger. Every method raises NotFoundError and UsageError."""

    ledger: Ledger
    store: Store
    catalogue: Catalogue

    def why(self, prefix: str) -> Explanation:
        """Explain what an id, or an unambiguous beginning of one, names."""
        found = Lookup(self.ledger, self.store, self.catalogue).find(prefix)
        entries = self._entries_of(found)
        explainer = self.explainer(entries, found if isinstance(found, str) else None)
        match found:
            case StatusRow():
                return explainer.row(found)
            case GroupRow():
                return explainer.group(found)
            case Commitment():
                return explainer.commitment(found)
            case Entry():
                return explainer.statement(found, self._link(found))
            case Judgement():
                return explainer.judgement(found, entries)
            case _:
                return explainer.document(self.store.texts([found])[found], entries)

    def explainer(self, entries: list[Entry], document: str | None = None) -> Explainer:
        """Return what explains anything that rests on these statements."""
        documents = sorted({entry.document for entry in entries})
        texts = self.store.texts([*([document] if document else []), *documents])
        places = self.store.row_places(sorted(texts))
        return Explainer(self.ledger, texts, self.catalogue, places)

    def cite(self, prefix: str, style: str = "text") -> str:
        """Return citations of all that an id rests on: "text", "markdown", "bibtex" or "json"."""
        found = Lookup(self.ledger, self.store, self.catalogue).find(prefix)
        if isinstance(found, str):
            return cite([Citation.of(self.store.document(found))], style)
        entries = self._entries_of(found)
        documents = self.store.texts(sorted({entry.document for entry in entries}))
        return cite([Citation.of(documents[entry.document], entry) for entry in entries], style)

    def _entries_of(self, found: Named) -> list[Entry]:
        entries = self.ledger.entries
        match found:
            case Entry():
                return [found]
            case Commitment():
                return [entries[one] for one in found.statements]
            case StatusRow() | GroupRow():
                ids = [one for commitment in found.commitments for one in commitment.statements]
                return [entries[one] for one in ids]
            case Judgement():
                return Lookup(self.ledger, self.store).subjects(found)
            case _:
                counted = [one for one in entries.values() if one.document == found]
                return counted or self.store.row_entries(found)

    def _link(self, entry: Entry) -> Link | None:
        commitment = self.ledger.by_id.get(self.ledger.home.get(entry.id, ""))
        return None if commitment is None else commitment.links.get(entry.id)
