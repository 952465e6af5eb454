"""Which figures rest on a report that says "about"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import StatusRow

__all__ = ["Rounded"]


@dataclass(frozen=True, slots=True)
class Rounded:
    """Tells from the statements of a ledger which figures are approximate."""

    entries: Mapping[str, Entry]

    def stage(self, row: StatusRow, stage: Stage) -> bool:
        """Tell whether a report that a stage's figure rests on gives its number as "about"."""
        return any(
            self._is_approximate(statement)
            for commitment in row.commitments
            if stage in commitment.stages
            for statement in commitment.stages[stage].prevailing
        )

    def outstanding(self, row: StatusRow) -> bool:
        """Tell whether the figure of what is outstanding is approximate."""
        return any(
            self.stage(row, stage) for stage in (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)
        )

    def _is_approximate(self, statement: str) -> bool:
        entry = self.entries.get(statement)
        return bool(entry and entry.statement.quantity and entry.statement.quantity.approx)
