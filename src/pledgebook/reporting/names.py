"""Codes of parties as a reader knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pledgebook.reporting.plain import one_line
from pledgebook.vocabulary.parties import Party

__all__ = ["Names"]


@dataclass(frozen=True, slots=True)
class Names:
    """Shows parties by code, or in full where there is room."""

    parties: Mapping[str, Party]
    in_full: bool = True

    def of(self, codes: str | None) -> str:
        """Return the names of parties that are given as "NOR" or "DEU, DNK"."""
        if codes is None:
            return ""
        return ", ".join(self._one(code) for code in codes.split(", "))

    def _one(self, code: str) -> str:
        party = self.parties.get(code)
        return party.name if self.in_full and party is not None else one_line(code)
