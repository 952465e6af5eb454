"""A whole book as a data package in a .zip, row by row, as far as the database."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache

from a_book import HEADER, lines, take
from harness import Harness
from material import pieces, text_of, written

from pledgebook.errors import SourceError
from pledgebook.exchange.bookrows import JSON_COLUMNS, ordered_tables, pack
from pledgebook.exchange.datapackage import DESCRIPTOR, PackageFile, _write
from pledgebook.exchange.datapackage_schema import QUOTATIONS, field_names

_TABLES = (*(table.name for table in ordered_tables()), QUOTATIONS)


def check(data: bytes) -> None:
    """Check one input: rows of one table, a descriptor, or a whole .zip."""
    (mode, which), rest = pieces(data, 2)
    if mode & 3 == 3:
        archive = rest
    elif mode & 3 == 2:
        archive = _zipped({}, rest)
    else:
        archive = _zipped({_TABLES[which % len(_TABLES)]: rest}, None)
    path = written(archive, "book.zip")
    texts: dict[str, str] = {}
    try:
        package = PackageFile(path)
        try:
            for name, row, place in package.rows():
                if name != "catalogue":
                    take(name, row, place, texts, mend=bool(mode & 4))
        finally:
            package.close()
    except SourceError:
        return


@cache
def _head(name: str) -> bytes:
    return (",".join(field_names(name)) + "\n").encode()


def _zipped(bodies: dict[str, bytes], descriptor: bytes | None) -> bytes:
    out = io.BytesIO()
    listed = []
    with zipfile.ZipFile(out, "w") as archive:
        for name in _TABLES:
            if name not in {*bodies, "documents", QUOTATIONS}:
                continue
            sheet = _head(name) + bodies.get(name, b"")
            hashed = hashlib.sha256(sheet).hexdigest()
            listed.append({"path": f"{name}.csv", "hash": f"sha256:{hashed}"})
            archive.writestr(f"{name}.csv", sheet)
        if descriptor is None:
            descriptor = json.dumps({"pledgebook": HEADER, "resources": listed}).encode()
        archive.writestr(DESCRIPTOR, descriptor)
    return out.getvalue()


def _seeds() -> Iterator[bytes]:
    import csv

    seen: Counter[str] = Counter()
    for line in lines():
        name, row = line["table"], line["row"]
        seen[name] += 1
        if name not in _TABLES or seen[name] > 6:
            continue
        out = io.StringIO()
        structured = JSON_COLUMNS.get(name, frozenset())
        csv.writer(out).writerow(
            _write(
                pack(row.get(one))
                if one in structured and row.get(one) is not None
                else row.get(one)
            )
            for one in field_names(name)
        )
        place = _TABLES.index(name)
        for mode in (0, 4):
            yield bytes([mode, place]) + out.getvalue().encode("utf-8", "replace")
    yield bytes([0, _TABLES.index(QUOTATIONS)]) + b"d00000000000000000000,5,Norway\n"
    yield b"\2\0" + json.dumps({"pledgebook": HEADER, "resources": []}).encode()
    yield b"\3\0" + _zipped({}, None)


def _words() -> Iterator[str]:
    yield from ("\\N", "\\x1a005cN", "'=1", "true", "false", '"', '""', ",", "\x1a", "PK\x03\x04")
    yield from ("whole", "quotations", "nothing", "2023-02-14", "2023-02-14T00:00:00.000000Z")
    yield from (text_of(name.encode()) for name in _TABLES)


HARNESS = Harness(
    law="a package is refused with a place in it, or every row is what its id says",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=("pledgebook.exchange", "pledgebook.ledger"),
    longest=1024,
)
