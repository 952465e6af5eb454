"""IATI activities, version 2: every transaction a row.

Pledges and commitments become pledges, disbursements and incoming funds deliveries; which code
becomes what stands in `data/iati.toml`. Elements are read one activity at a time, without entities,
document types or the network.
"""

from __future__ import annotations

from pathlib import Path

from pledgebook.errors import SourceError
from pledgebook.exchange.iati.claims import Reading
from pledgebook.exchange.iati.stream import Head, activities, hash_of
from pledgebook.exchange.intake import Notebook, data_table, dataset_of, digest, iso_day, sources
from pledgebook.exchange.rows import Release
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["IatiImporter", "importer"]


class IatiImporter:
    """Reads IATI activity files of version 2: a file, or a folder of them."""

    name = "iati"
    version = "1"

    def read(self, path: Path, catalogue: Catalogue, *, name: str | None = None) -> Release:
        """Read activities as a release. Raises SourceError where a file holds none."""
        notebook = Notebook(path.name)
        reading = Reading(catalogue, notebook)
        hashes: list[tuple[str, str]] = []
        days = []
        plans = 0
        for file in sources(path, {".xml"}):
            hashes.append((file.name, hash_of(file)))
            head = Head()
            for activity in activities(file, head):
                _refuse_version_1(head, file)
                reading.add(activity, file.name)
                days.append(iso_day(activity.updated))
            _check_version(head, file, notebook)
            days.append(iso_day(head.generated))
            plans += head.plans
        published = max((day for day in days if day is not None), default=None)
        rows = reading.rows()
        if not rows:
            what = "no transaction stands in it"
            notebook.warning("no-transactions", what, mend="check that it is the file you mean")
        return Release(
            dataset=dataset_of(self.name, path),
            name=name or (published.isoformat() if published else path.stem),
            format=self.name,
            origin=str(path),
            bytes_sha256=digest(hashes),
            published=published,
            rows=rows,
            notes=reading.notes(plans),
            problems=notebook.finish(),
        )


def _refuse_version_1(head: Head, file: Path) -> None:
    if head.version.startswith("1"):
        what = f"it is of IATI version {head.version}, whose elements mean other things"
        raise SourceError(what, where=str(file), mend="ask its publisher for version 2")


def _check_version(head: Head, file: Path, notebook: Notebook) -> None:
    """Report a version that is unknown."""
    known: list[str] = data_table("iati")["versions"]
    _refuse_version_1(head, file)
    if head.version not in known:
        said = f"names version {head.version!r}" if head.version else "names no version"
        what = f"it {said}; it was read as {known[-1]}"
        mend = "look at some rows and compare them with the file"
        notebook.warning("version", what, place=file.name, mend=mend)


importer = IatiImporter()
"""The importer of IATI activities."""
