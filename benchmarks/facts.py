"""The table of public figures beside the project, read by the importer as a book would."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

from pledgebook.exchange.importing import readings
from pledgebook.exchange.observations import importer
from pledgebook.exchange.rows import Release
from pledgebook.ledger.records import Entry, statement_ids
from pledgebook.vocabulary.catalogue import Catalogue

ROOT = Path(__file__).resolve().parent.parent
NAME = "ammunition-facts.csv"


def find_facts() -> Path | None:
    """Return the file of the figures, or None where there is none.

    PLEDGEBOOK_FACTS names it, else it is `../shared/data/ammunition-facts.csv`. A named file that
    is not there ends the program.
    """
    named = os.environ.get("PLEDGEBOOK_FACTS")
    path = Path(named) if named else ROOT.parent / "shared" / "data" / NAME
    if named and not path.exists():
        sys.exit(f"PLEDGEBOOK_FACTS names {named}, which is not there")
    return path if path.exists() else None


def told(
    path: Path, catalogue: Catalogue, today: dt.date
) -> tuple[Release, dict[str, list[Entry]]]:
    """Return a table of figures with the entries of each row, by the row's key.

    Rows without a day of publication count from `today`, as they would from their import.
    """
    release = importer.read(path, catalogue)
    found: dict[str, list[Entry]] = {}
    for row in readings(release, catalogue, importer.version, release.problems):
        document, statements = row.reading.document, row.reading.statements
        names = statement_ids(document.id, statements)
        found[row.key] = [
            Entry(name, statement, document.id, document.date or today, document.date is not None)
            for name, statement in zip(names, statements, strict=True)
        ]
    return release, found
