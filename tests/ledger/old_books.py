"""Books of every schema that was released, each as the Pledgebook of its time wrote it.

`data/book-0001.db.gz` was written by the last version that had that schema, by reading, judging,
hiding and erasing; 0002 has releases and prices too. 0003 and 0004, which never stood alone, came
from 0002 by their own migrations; in 0004 and 0005 persons were let in. They are kept as files: a
migration that was edited afterwards would otherwise make other old books as well.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pledgebook.ledger.copying import copy_rows
from pledgebook.ledger.engine import open_as_it_is
from pledgebook.ledger.upgrading import upgrade

__all__ = ["REVISIONS", "lay_out", "rows_as_they_are"]

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
_DATA = Path(__file__).parent / "data"
_DERIVED = ("search_", "sqlite_", "pledgebook_schema")


def lay_out(revision: str, place: str, folder: Path) -> None:
    """Put the book of a revision where there is none: a file, or the tables of a server."""
    path = folder / f"laid-{revision}.db" if "://" in place else Path(place)
    path.write_bytes(gzip.decompress((_DATA / f"book-{revision}.db.gz").read_bytes()))
    if "://" not in place:
        return
    source, found = open_as_it_is(path)
    target, none = open_as_it_is(place)
    assert (found, none) == (revision, None)
    with source.reading() as there, target.writing() as here:
        upgrade(here, place, to=revision)
        copy_rows(there, here)
    source.close()
    target.close()


def rows_as_they_are(place: str) -> Mapping[str, Counter[Any]]:
    """Every row of every table by the names of its columns, whatever the schema."""
    database, _ = open_as_it_is(place)
    with database.reading() as connection:
        there = sa.MetaData()
        there.reflect(connection)
        found = {}
        for table in there.sorted_tables:
            if not table.name.startswith(_DERIVED):
                query = sa.select(*(sa.text(f'"{column.name}"') for column in table.c))
                rows = connection.execute(query.select_from(table)).mappings()
                found[table.name] = Counter(frozenset(row.items()) for row in rows)
    database.close()
    return found
