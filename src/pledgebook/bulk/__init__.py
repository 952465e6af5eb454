"""The same reading and reconciling, on all cores of a machine or on a Dask cluster.

inputs ─ slicing ─ loading ─ marks      sources into batches of about 100 documents
copies                                  near-copies, found before anything is read
tables ─ manifest ─ folder              Parquet parts, and which of them count
cluster ─ running ─ isolating           bounded work that outlives its workers
work ─ reading                          what a worker does, and what drives it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledgebook.bulk.folder import BulkFolder
    from pledgebook.bulk.reading import read_bulk
    from pledgebook.bulk.report import BulkProgress, BulkReport
    from pledgebook.bulk.security import TlsFiles

__all__ = ["BulkFolder", "BulkProgress", "BulkReport", "TlsFiles", "read_bulk"]

_HOMES = {
    "BulkFolder": "folder",
    "BulkProgress": "report",
    "BulkReport": "report",
    "TlsFiles": "security",
    "read_bulk": "reading",
}


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for. Raises UsageError without the extra."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    from pledgebook.bulk.extra import require_extra

    require_extra()
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
