"""OCHA's Financial Tracking Service: flows of humanitarian money, as its interface answers them.

A flow is one row, known by its id, and makes at most one statement: a pledge or a commitment is
that the source will give, a payment is that it gave. Money that is passed on, carried over or
given out in flows below is not counted again; the notes of the release say how much that is.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pledgebook.exchange.fts.answers import Found, Place, flows_of, keep
from pledgebook.exchange.fts.claims import Reading
from pledgebook.exchange.intake import Notebook, dataset_of, digest, iso_day, read_bounded, sources
from pledgebook.exchange.rows import Release
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["FtsImporter", "importer"]

_MAX_BYTES = 100_000_000


class FtsImporter:
    """Reads answers of the FTS interface (`/v1/public/fts/flow`): a file, or a folder of pages."""

    name = "fts"
    version = "1"

    def read(self, path: Path, catalogue: Catalogue, *, name: str | None = None) -> Release:
        """Read flows as a release. Raises SourceError where a file holds none."""
        notebook = Notebook(path.name)
        hashes: list[tuple[str, str]] = []
        flows: dict[str, Found] = {}
        for file in sources(path, {".json"}):
            data = read_bounded(file, _MAX_BYTES)
            hashes.append((file.name, hashlib.sha256(data).hexdigest()))
            for index, flow in enumerate(flows_of(data, file), 1):
                words = f"flow {index}" if file == path else f"{file.name}, flow {index}"
                keep(flow, Place(file.name, words), flows, notebook)
        reading = Reading({id_: found.flow for id_, found in flows.items()}, catalogue, notebook)
        rows = [reading.row(id_, found) for id_, found in flows.items()]
        updated = [day for found in flows.values() if (day := iso_day(found.flow.get("updatedAt")))]
        published = max(updated, default=None)
        return Release(
            dataset=dataset_of(self.name, path),
            name=name or (published.isoformat() if published else path.stem),
            format=self.name,
            origin=str(path),
            bytes_sha256=digest(hashes),
            published=published,
            rows=rows,
            notes=reading.notes(),
            problems=notebook.finish(),
        )


importer = FtsImporter()
"""The importer of FTS flows."""
