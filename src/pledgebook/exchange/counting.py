"""What a format could not take as it was, counted while it is written and told at the end."""

from __future__ import annotations

import re
from collections import Counter

from pledgebook.errors import Problem
from pledgebook.exchange.cells import LONGEST_CELL, cut_to, neutral, printable

__all__ = ["Losses"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_TOLD = {
    "cell-cut": (
        f"texts were longer than a cell's {LONGEST_CELL:,} characters and were cut, marked […]",
        "export csv, parquet or jsonl to have them whole",
    ),
    "character-replaced": (
        "characters that the format has no place for were replaced by U+FFFD",
        "export jsonl or datapackage to have them as they are",
    ),
}


class Losses:
    """Prepares texts for a format and counts what that took away."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.guarded = 0

    def safe(self, text: str) -> str:
        """Return a text without what no file of the format may hold."""
        found, replaced = printable(text)
        self.counts["character-replaced"] += replaced
        return found

    def utf8(self, text: str) -> str:
        """Return a text that has a form in UTF-8: lone surrogates have none."""
        found, replaced = _SURROGATE.subn("\ufffd", text)
        self.counts["character-replaced"] += replaced
        return found

    def guard(self, text: str) -> str:
        """Return a text that no spreadsheet runs as a formula."""
        found = neutral(text)
        self.guarded += found is not text
        return found

    def fit(self, text: str, longest: int = LONGEST_CELL) -> str:
        """Return a text that a cell holds."""
        found, was_cut = cut_to(text, longest)
        self.counts["cell-cut"] += was_cut
        return found

    def problems(self, source: str) -> list[Problem]:
        """Return what was lost, for whoever asked for the export."""
        return [
            Problem(
                code=code,
                what=f"{self.counts[code]:,} {what}",
                source=source,
                mend=mend,
                severity="warning",
            )
            for code, (what, mend) in _TOLD.items()
            if self.counts[code]
        ]
