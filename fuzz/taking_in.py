"""Data sets on their way in, as far as their rows: no book is written."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from laws import interval, resting_on
from material import catalogue

from pledgebook.errors import PledgebookError
from pledgebook.exchange.importing import readings
from pledgebook.exchange.rows import Release
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Reads", "imports_soundly"]


class Reads(Protocol):
    """An importer, as far as it reads files."""

    def read(self, path: Path, catalogue: Catalogue, *, name: str | None = None) -> Release:
        """Read a file as a release, or raise a PledgebookError."""
        ...


def imports_soundly(importer: Reads, path: Path) -> None:
    """Hold a file to be refused, or every row to be its own evidence, within the coding book."""
    try:
        release = importer.read(path, catalogue())
    except PledgebookError:
        return
    broken = list(release.problems)
    before = len(broken)
    for row in readings(release, catalogue(), "1", broken):
        resting_on(row.reading.document, row.reading.statements)
    assert broken[before:] == [], broken[before]
    for source in release.rows:
        for price in source.prices:
            interval(price.low, price.high)
