"""SIPRI's arms transfers register: deals between states as orders and deliveries.

A deal is one row. Its order is a contract of the recipient, or a pledge of the supplier where the
comments say that it is aid; its deliveries are one statement over the years in which they fell. A
question mark makes a number approximate. It makes no deal doubtful: the register holds only deals
that SIPRI is certain of, whatever their figures are.
"""

from __future__ import annotations

from pathlib import Path

from pledgebook.errors import SourceError
from pledgebook.exchange.intake import Notebook, clean, dataset_of
from pledgebook.exchange.rows import Release, ReleaseRow
from pledgebook.exchange.sheets import read_sheets
from pledgebook.exchange.sipri.claims import Reading
from pledgebook.exchange.sipri.layout import layout_of
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["SipriImporter", "importer"]


class SipriImporter:
    """Reads the CSV of SIPRI's trade register, however many notes stand above its header."""

    name = "sipri"
    version = "1"

    def read(self, path: Path, catalogue: Catalogue, *, name: str | None = None) -> Release:
        """Read a register as a release. Raises SourceError where no header row is found."""
        sheets, hashed = read_sheets(path)
        notebook = Notebook(path.name)
        reading = Reading(catalogue, notebook)
        rows: list[ReleaseRow] = []
        published = None
        found = False
        for sheet in sheets:
            layout = layout_of(sheet)
            if layout is None:
                continue
            found = True
            reading.report(layout)
            published = max(filter(None, (published, layout.generated)), default=None)
            rows += [
                reading.row(sheet, row, layout)
                for row in sheet.rows
                if row.number > layout.row and any(map(clean, row.cells))
            ]
        if not found:
            what = "no row in it names Recipient, Supplier and Weapon designation"
            mend = "export the trade register from SIPRI's database again, as CSV"
            raise SourceError(what, where=str(path), mend=mend)
        return Release(
            dataset=dataset_of(self.name, path),
            name=name or (published.isoformat() if published else path.stem),
            format=self.name,
            origin=str(path),
            bytes_sha256=hashed,
            published=published,
            rows=rows,
            notes=reading.notes(),
            problems=notebook.finish(),
        )


importer = SipriImporter()
"""The importer of SIPRI's trade register."""
