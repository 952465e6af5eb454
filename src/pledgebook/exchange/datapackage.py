r"""The whole book as a Frictionless data package: a folder or a .zip of CSV files, lossless.

A cell of `\N` holds nothing. A text that a spreadsheet would run has an apostrophe in front, and
characters that CSV in UTF-8 has no place for (NUL, lone surrogates) are written as U+001A and four
hexadecimal digits; reading undoes both.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import Boolean, Float, Integer

from pledgebook.errors import SourceError
from pledgebook.exchange.bookrows import JSON_COLUMNS, Row, ordered_tables, pack
from pledgebook.exchange.cells import as_written, neutral
from pledgebook.exchange.datapackage_schema import NULL, QUOTATIONS, field_names, resource
from pledgebook.ledger.columns import escape, unescape

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["CATALOGUE", "DESCRIPTOR", "PackageFile", "package_files", "write_package"]

DESCRIPTOR = "datapackage.json"
CATALOGUE = "catalogue.toml"

_AGAIN = "Export the book again; nothing was taken in"
_GIVE = "Give a folder or .zip that `pledgebook export datapackage` wrote"
_NULL_TEXT = "\x1a005cN"
_LONGEST_CELL = 256_000_000
_LONGEST_DESCRIPTOR = 16_000_000
_PIECE = 1 << 20
_BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
"""What reading a part of a damaged .zip raises."""
_SMALL = 20_000_000
_MOST_TIMES = 100
"""How many times its size a .zip may become: books of text are packed to a tenth of theirs."""

Placed = tuple[str, Row, str]


def package_files() -> list[str]:
    """Return the names of all files that a package may be made of."""
    tables = [f"{table.name}.csv" for table in ordered_tables()]
    return [DESCRIPTOR, CATALOGUE, f"{QUOTATIONS}.csv", *tables]


def write_package(
    folder: Path, header: dict[str, Any], rows: Iterable[tuple[str, Row]]
) -> Counter[str]:
    """Write a book into a folder; returns how many rows of each table it has."""
    counts: Counter[str] = Counter()
    names = [table.name for table in ordered_tables()]
    names.insert(1, QUOTATIONS)
    with ExitStack() as stack:
        sheets = {name: _Sheet(folder / f"{name}.csv", name) for name in names}
        for sheet in sheets.values():
            stack.enter_context(sheet)
        for name, row in rows:
            counts[name] += 1
            if name == "catalogue":
                (folder / CATALOGUE).write_bytes(row["text"].encode("utf-8", "surrogateescape"))
                continue
            for start, piece in row.get("quotations") or ():
                sheets[QUOTATIONS].put({"document_id": row["id"], "start": start, "text": piece})
            sheets[name].put(row)
    described = [
        resource(name, f"{name}.csv", *_measured(folder / f"{name}.csv")) for name in names
    ]
    if (folder / CATALOGUE).exists():
        size, digest = _measured(folder / CATALOGUE)
        described.append(
            {
                "name": "catalogue",
                "path": CATALOGUE,
                "title": "the keeper's own additions to the catalogue of items and parties",
                "format": "toml",
                "mediatype": "application/toml",
                "encoding": "utf-8",
                "bytes": size,
                "hash": f"sha256:{digest}",
            }
        )
    descriptor = {
        "profile": "data-package",
        "name": "pledgebook-book",
        "title": "A Pledgebook book, whole",
        "description": (
            "Import it with: pledgebook import datapackage. Texts that begin like a formula have "
            "an apostrophe in front; U+001A and four hexadecimal digits stand for a character that "
            "CSV has no place for."
        ),
        "pledgebook": header,
        "resources": described,
    }
    text = json.dumps(descriptor, indent=2, ensure_ascii=True) + "\n"
    (folder / DESCRIPTOR).write_text(text, encoding="utf-8")
    return counts


class PackageFile:
    """A book in a data package, a folder or a .zip."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._archive = None if path.is_dir() else zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise SourceError("this is no data package", where=str(path), mend=_GIVE) from error
        if self._archive is not None and (danger := _danger(self._archive, path)) is not None:
            self.close()
            raise SourceError(danger, where=str(path), mend="do not open it; ask where it is from")
        if not self._has(DESCRIPTOR):
            self.close()
            what = f"this is no data package: it holds no {DESCRIPTOR}"
            raise SourceError(what, where=str(path), mend=_GIVE)
        try:
            with self._open(DESCRIPTOR) as file:
                descriptor = json.loads(file.read(_LONGEST_DESCRIPTOR))
            self.header: dict[str, Any] = descriptor["pledgebook"]
            self._hashes = {one["path"]: one["hash"] for one in descriptor["resources"]}
        except (ValueError, KeyError, TypeError, RecursionError, *_BROKEN) as error:
            self.close()
            raise self._error(DESCRIPTOR, "this is no data package of a book") from error
        except SourceError:
            self.close()
            raise

    def close(self) -> None:
        """Give the file back."""
        if self._archive is not None:
            self._archive.close()

    def rows(self) -> Iterator[Placed]:
        """Yield every row and its place. Raises SourceError for a file that was changed or is gone.

        That a file is as it was written is known when its last row has come.
        """
        csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
        for table in ordered_tables():
            if table.name == "documents":
                yield from self._documents()
            elif f"{table.name}.csv" in self._hashes:
                for row, place in self._sheet(table.name):
                    yield table.name, row, place
        if CATALOGUE in self._hashes:
            try:
                with self._open(CATALOGUE) as file:
                    text = file.read(_LONGEST_DESCRIPTOR)
            except _BROKEN as error:
                raise self._error(CATALOGUE, "this part cannot be read to its end") from error
            self._verify(CATALOGUE, hashlib.sha256(text).hexdigest())
            yield "catalogue", {"text": text.decode("utf-8", "surrogateescape")}, CATALOGUE

    def _documents(self) -> Iterator[Placed]:
        """Join documents with their quoted pieces; both files have them in one order."""
        pieces = groupby(self._sheet(QUOTATIONS), key=lambda found: found[0]["document_id"])
        ahead = next(pieces, None)
        for row, place in self._sheet("documents"):
            row["quotations"] = [] if row["holds"] == "quotations" else None
            if ahead is not None and ahead[0] == row["id"] and row["quotations"] is not None:
                row["quotations"] = [[one["start"], one["text"]] for one, _ in ahead[1]]
                ahead = next(pieces, None)
            yield "documents", row, place
        if ahead is not None:
            row, place = next(ahead[1])
            what = f"these pieces are of no such document, or out of order: {row['document_id']}"
            raise SourceError(what, where=place, mend=_AGAIN)

    def _sheet(self, name: str) -> Iterator[tuple[Row, str]]:
        path = f"{name}.csv"
        if path not in self._hashes:
            raise self._error(DESCRIPTOR, f"it does not list {path}")
        kinds = _kinds(name)
        with self._open(path) as file:
            hashed = _Hashed(file)
            lines = io.TextIOWrapper(io.BufferedReader(hashed), "utf-8", newline="")
            reader = csv.reader(lines, strict=True)
            try:
                names = next(reader, [])
                if sorted(names) != sorted(kinds):
                    raise self._error(path, f"its columns are not {', '.join(kinds)}", 1)
                for cells in reader:
                    place = self._place(path, reader.line_num)
                    if len(cells) != len(names):
                        raise SourceError("cells are missing", where=place, mend=_AGAIN)
                    yield (
                        {
                            column: _read(cell, kinds[column], place, column)
                            for column, cell in zip(names, cells, strict=True)
                        },
                        place,
                    )
            except (csv.Error, UnicodeDecodeError) as error:
                what = f"this is no CSV in UTF-8 ({error})"
                raise self._error(path, what, reader.line_num + 1) from error
            except _BROKEN as error:
                what = f"this part cannot be read to its end ({error})"
                raise self._error(path, what, reader.line_num + 1) from error
            self._verify(path, hashed.digest.hexdigest())

    def _verify(self, path: str, digest: str) -> None:
        if self._hashes.get(path) != f"sha256:{digest}":
            raise self._error(path, "the file was changed since it was written")

    def _has(self, name: str) -> bool:
        if self._archive is None:
            return (self.path / name).exists()
        return name in self._archive.namelist()

    def _open(self, name: str) -> IO[bytes]:
        try:
            if self._archive is None:
                return (self.path / name).open("rb")
            return self._archive.open(name)
        except (KeyError, RuntimeError, NotImplementedError, *_BROKEN) as error:
            raise self._error(name, "this part of the data package cannot be read") from error

    def _place(self, name: str, line: int | None = None) -> str:
        return f"{self.path}, {name}" + ("" if line is None else f", line {line}")

    def _error(self, name: str, what: str, line: int | None = None) -> SourceError:
        return SourceError(what, where=self._place(name, line), mend=_AGAIN)


class _Sheet:
    """A CSV file that is being written."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._names = field_names(name)
        self._structured = JSON_COLUMNS.get(name, frozenset())

    def __enter__(self) -> None:
        self._file = self._path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(self._names)

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put(self, row: Row) -> None:
        cells = []
        for name in self._names:
            value = row[name]
            if name in self._structured and value is not None:
                value = pack(value)
            cells.append(_write(value))
        self._writer.writerow(cells)


class _Hashed(io.RawIOBase):
    """A file whose hash is known once it is read to its end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        piece = self._file.read(len(view))
        view[: len(piece)] = piece
        self.digest.update(piece)
        return len(piece)


def _danger(archive: zipfile.ZipFile, path: Path) -> str | None:
    """Tell why a .zip is not to be unpacked: no part gives more than the directory states."""
    total = sum(part.file_size for part in archive.infolist())
    times = total // max(1, path.stat().st_size)
    if total > _SMALL and times > _MOST_TIMES:
        return f"it unpacks to {times:,} times its size"
    return None


def _write(value: object) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    return _NULL_TEXT if value == NULL else neutral(escape(value))


def _read(cell: str, kind: type, place: str, column: str) -> object:
    if cell == NULL:
        return None
    try:
        if kind is bool:
            return {"true": True, "false": False}[cell]
        return unescape(as_written(cell)) if kind is str else kind(cell)
    except (ValueError, KeyError) as error:
        what = f"{cell[:40]!r} is no {kind.__name__}"
        raise SourceError(what, where=f"{place}, column {column}", mend=_AGAIN) from error


def _kinds(name: str) -> dict[str, type]:
    """Return the Python type of each column of a resource."""
    kinds: dict[str, type] = dict.fromkeys(field_names(name), str)
    if name == QUOTATIONS:
        return kinds | {"start": int}
    table = next(one for one in ordered_tables() if one.name == name)
    for column in table.c:
        if isinstance(column.type, Boolean):
            kinds[column.name] = bool
        elif isinstance(column.type, Integer):
            kinds[column.name] = int
        elif isinstance(column.type, Float):
            kinds[column.name] = float
    return kinds | ({"characters": int} if name == "documents" else {})


def _measured(path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return path.stat().st_size, digest.hexdigest()
