"""One moment of a book: its ledger, and an index to ask it quickly."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.live.rows import EVERYTHING, Index, Rows, Selection, Wanted
from pledgebook.ledger.records import Entry

__all__ = ["View"]


@dataclass(frozen=True)
class View:
    """The ledger of one moment with its index. It does not change; `number` grows with each."""

    ledger: Ledger
    index: Index
    number: int

    def commitments(self, wanted: Wanted = EVERYTHING) -> Selection:
        """Return the commitments that fit, earliest first. Raises NotFoundError."""
        return self.index.select(wanted)

    def rows(self, wanted: Wanted = EVERYTHING) -> Rows:
        """Return the rows of `status` of the commitments that fit. Raises NotFoundError."""
        return self.index.select(wanted).rows

    def commitment(self, name: str) -> Commitment | None:
        """Return a commitment by its id, or by one that it bore before a merge."""
        known = self.ledger.by_id
        return known.get(name) or known.get(self.ledger.home.get("s" + name[1:], ""))

    def of_document(self, document: str) -> Sequence[Entry]:
        """Return the statements of one document that count, in the order of their places."""
        return self._documents.get(document, ())

    @functools.cached_property
    def _documents(self) -> Mapping[str, Sequence[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.ledger.entries.values():
            found[entry.document].append(entry)
        return found
