"""The formats that can be imported, by name. A new one is a module and a line here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from pledgebook.errors import UsageError
from pledgebook.exchange.rows import Importer

__all__ = ["IMPORTERS", "Mapped", "importer_named", "importer_with"]

IMPORTERS = MappingProxyType(
    {
        "kiel": "pledgebook.exchange.kiel.importer",
        "fts": "pledgebook.exchange.fts",
        "iati": "pledgebook.exchange.iati",
        "sipri": "pledgebook.exchange.sipri",
        "table": "pledgebook.exchange.table",
        "prices": "pledgebook.exchange.prices",
        "observations": "pledgebook.exchange.observations",
    }
)
"""Module of each format. It is loaded when it is asked for; its `importer` reads the format."""


@runtime_checkable
class Mapped(Importer, Protocol):
    """An importer that reads by a mapping of columns, which is a file of the user's own."""

    def using(self, mapping: str, table: Path, book: str | None = None) -> Importer:
        """Return an importer with the mapping of this path or name. Raises UsageError."""
        ...


def importer_named(name: str) -> Importer:
    """Return the importer of a format. Raises UsageError where no format has this name."""
    module = IMPORTERS.get(name)
    if module is None:
        raise UsageError(
            f"no format is called {name!r}", mend=f"One of: {', '.join(sorted(IMPORTERS))}"
        )
    found: Importer = import_module(module).importer
    return found


def importer_with(name: str, mapping: str | None, table: Path, book: str) -> Importer:
    """Return the importer of a format, with a mapping where one is named.

    Raises UsageError for an unknown format, or one that takes no mapping, or a wrong mapping.
    """
    importer = importer_named(name)
    if mapping is None:
        return importer
    if not isinstance(importer, Mapped):
        raise UsageError(f"the format {name} takes no mapping", mend="Leave --mapping out")
    return importer.using(mapping, table, book)
