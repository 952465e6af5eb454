"""What a backup says of itself, and whether it is so."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.errors import SourceError
from pledgebook.ledger.copying import Contents, contents_of, present_columns
from pledgebook.vocabulary.document import sha256

__all__ = ["FILES", "MANIFEST", "Manifest", "check", "read_manifest", "write_manifest"]

MANIFEST, FILES = "pledgebook_backup", "pledgebook_backup_files"
"""The tables that a backup has beside those of its book."""

FORMAT = 1
_NO_BACKUP = "Give a file that `pledgebook backup` wrote"
_manifest = sa.table(MANIFEST, sa.column("body", sa.Text()))
_files = sa.table(FILES, sa.column("name", sa.Text()), sa.column("content", sa.LargeBinary()))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup should hold.

    `made_at` is when it was begun, `program` and `schema` the versions of Pledgebook and of the
    tables, `engine` what the book was kept in. `tables` has what each holds, `files` the SHA-256 of
    the files that lay beside the book, by name.
    """

    made_at: dt.datetime
    program: str
    schema: str
    engine: str
    tables: Mapping[str, Contents]
    files: Mapping[str, str]

    @property
    def rows(self) -> int:
        """How many rows it holds, in all tables together."""
        return sum(one.rows for one in self.tables.values())


def write_manifest(connection: Connection, manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Write into a copy of a book what it is to hold, and the files beside it."""
    connection.execute(sa.text(f"CREATE TABLE {MANIFEST} (body TEXT NOT NULL)"))
    connection.execute(
        sa.text(f"CREATE TABLE {FILES} (name TEXT NOT NULL PRIMARY KEY, content BLOB NOT NULL)")
    )
    told = asdict(manifest) | {"format": FORMAT, "made_at": manifest.made_at.isoformat()}
    body = json.dumps(told, sort_keys=True)
    line = json.dumps({"manifest": body, "sha256": sha256(body)})
    connection.execute(_manifest.insert().values(body=line))
    if files:
        rows = [{"name": name, "content": content} for name, content in sorted(files.items())]
        connection.execute(_files.insert(), rows)


def read_manifest(connection: Connection, place: str) -> tuple[Manifest, dict[str, bytes]]:
    """Return what a backup says of itself, and its files. Raises SourceError where it is none."""
    if MANIFEST not in sa.inspect(connection).get_table_names():
        raise SourceError("this is no backup of a book", where=place, mend=_NO_BACKUP)
    try:
        [line] = connection.execute(sa.select(_manifest.c.body)).scalars()
        outer = json.loads(line)
        told = json.loads(outer["manifest"])
        sound, newer = outer["sha256"] == sha256(outer["manifest"]), told["format"] != FORMAT
        manifest = None if newer else _manifest_of(told)
    except (ValueError, KeyError, TypeError) as error:
        raise _changed(place, "what it says of itself cannot be read") from error
    if not sound:
        raise _changed(place, "what it says of itself is not what was written")
    if manifest is None:
        mend = "Upgrade Pledgebook: pip install -U pledgebook"
        raise SourceError("this backup was made by a newer Pledgebook", where=place, mend=mend)
    files = {row.name: row.content for row in connection.execute(sa.select(_files))}
    if {name: sha256_of(content) for name, content in files.items()} != manifest.files:
        raise _changed(place, "the files that lay beside the book are others")
    return manifest, files


def check(connection: Connection, manifest: Manifest, place: str) -> None:
    """Hold the tables of a database against what a backup says. Raises SourceError.

    `place` is the backup, whichever database its rows are in by now.
    """
    there = present_columns(connection)
    for name, told in manifest.tables.items():
        if not set(told.columns) <= set(there.get(name, ())):
            raise _changed(place, f"the table {name} is not as it was")
    columns = {name: told.columns for name, told in manifest.tables.items()}
    for name, found in contents_of(connection, columns).items():
        told = manifest.tables[name]
        if found.rows != told.rows:
            what = f"the table {name} has {found.rows:,} rows and should have {told.rows:,}"
            raise _changed(place, what)
        if found.digest != told.digest:
            raise _changed(place, f"rows of the table {name} are not what they were")


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    import hashlib

    return hashlib.sha256(content).hexdigest()


def _manifest_of(told: dict[str, Any]) -> Manifest:
    return Manifest(
        made_at=dt.datetime.fromisoformat(told["made_at"]),
        program=told["program"],
        schema=told["schema"],
        engine=told["engine"],
        tables={
            name: Contents(tuple(one["columns"]), one["rows"], one["digest"])
            for name, one in told["tables"].items()
        },
        files=dict(told["files"]),
    )


def _changed(place: str, what: str) -> SourceError:
    return SourceError(
        f"this backup is damaged or was changed since it was written: {what}",
        where=place,
        mend="Take another backup; nothing was restored",
    )
