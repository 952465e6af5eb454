"""Sources into slices of about 100 documents, each named by a hash of its bytes.

A slice says where a piece of a source begins and ends. Its name covers the bytes, where they were
found, and everything that decides what documents they give: the same name, the same documents.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from pledgebook.bulk.inputs import File, Group
from pledgebook.bulk.streams import open_file
from pledgebook.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["UTF_16", "Slice", "slice_group"]

MOST_BYTES = 32_000_000
"""Bytes after which a slice ends, however few documents it has: what it gives is held in memory."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LINE = 1 << 16
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of a source, to be loaded as one batch.

    `start` and `end` are bytes of a JSONL or WARC file and rows of a Parquet file; `first` is the
    number of its first line or row. `items` counts what it holds: lines, rows, records, files.
    """

    batch: str
    group: Group
    start: int
    end: int
    first: int
    items: int

    @property
    def origin(self) -> str:
        """The file, or the first of the files, that it is a piece of."""
        return self.group.origin


def slice_group(group: Group, size: int, rules: str) -> Iterator[Slice | Problem]:
    """Yield the slices of a group, of about `size` documents each, in their order.

    `rules` names what else decides what documents come of the bytes. Raises OSError where a file
    cannot be read.
    """
    cut = _Cut(group, rules)
    if group.kind == "files":
        yield cut.make(_hash_files(group.files), 0, 0, 0, len(group.files))
        return
    by_kind: dict[str, Callable[[_Cut, int], Iterator[Slice | Problem]]] = {
        "jsonl": _lines,
        "parquet": _rows,
        "warc": _records,
    }
    yield from by_kind[group.kind](cut, size)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Makes the slices of one group."""

    group: Group
    rules: str

    def make(self, content: str, start: int, end: int, first: int, items: int) -> Slice:
        group = self.group
        named = [[file.origin, file.named] for file in group.files]
        # Where it begins is left out: the same lines a few bytes further on are the same.
        parts = [self.rules, group.kind, named, content, first, items]
        digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]
        return Slice(digest, group, start, end, first, items)


def _hash_files(files: tuple[File, ...]) -> str:
    digest = hashlib.sha256()
    for file in files:
        own = hashlib.sha256()
        try:
            with open_file(file) as stream:
                while piece := stream.read(_PIECE):
                    own.update(piece)
        except OSError as error:
            # Loading will say so; here it is only another content than the one that can be read.
            own.update(f"unreadable {error.errno}".encode())
        digest.update(own.digest())
    return digest.hexdigest()


def _lines(cut: _Cut, size: int) -> Iterator[Slice | Problem]:
    with closing(open_file(cut.group.files[0])) as stream:
        digest, start, at, first, count = hashlib.sha256(), 0, 0, 1, 0
        line_length = 0
        if stream.read(2) in UTF_16:
            # It is refused as a whole.
            yield cut.make(_hash_files(cut.group.files), 0, _size_of(stream), 1, 1)
            return
        stream.seek(0)
        while piece := stream.readline(_LINE):
            digest.update(piece)
            at += len(piece)
            line_length += len(piece)
            if not piece.endswith(b"\n"):
                continue
            count += 1
            line_length = 0
            if count >= size or at - start >= MOST_BYTES:
                yield cut.make(digest.hexdigest(), start, at, first, count)
                digest, start, first, count = hashlib.sha256(), at, first + count, 0
        count += line_length > 0
        if count:
            yield cut.make(digest.hexdigest(), start, at, first, count)
    if at == 0:
        yield _empty(cut, "it holds no line with text")


def _rows(cut: _Cut, size: int) -> Iterator[Slice | Problem]:
    import polars as pl

    file = cut.group.files[0]
    digest = hashlib.sha256()
    with closing(open_file(file)) as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
        stream.seek(0)
        try:
            counted: Any = pl.scan_parquet(stream).select(pl.len()).collect()
        except pl.exceptions.PolarsError as error:
            yield _damaged(cut, f"it is no Parquet file that can be read ({_first_line(error)})")
            return
    total = int(counted.item())
    for start in range(0, total, size):
        end = min(start + size, total)
        yield cut.make(digest.hexdigest(), start, end, start + 1, end - start)
    if not total:
        yield _empty(cut, "it holds no row")


def _records(cut: _Cut, size: int) -> Iterator[Slice | Problem]:
    from pledgebook.bulk.archives import ArchiveError, responses

    with closing(open_file(cut.group.files[0])) as stream:
        start, end, first, count = 0, 0, 1, 0
        digest = hashlib.sha256()
        try:
            for end, data, is_response in responses(stream, cut.group.origin.lower()):
                digest.update(data)
                count += is_response
                if count >= size or end - start >= MOST_BYTES:
                    yield cut.make(digest.hexdigest(), start, end, first, count)
                    digest, start, first, count = hashlib.sha256(), end, first + count, 0
        except ArchiveError as error:
            yield _damaged(cut, str(error))
        if count:
            yield cut.make(digest.hexdigest(), start, end, first, count)
        elif first == 1:
            yield _empty(cut, "it holds no response")


def _size_of(stream: BinaryIO) -> int:
    return stream.seek(0, os.SEEK_END)


def _empty(cut: _Cut, what: str) -> Problem:
    return Problem(code="empty-document", what=what, source=cut.group.origin)


def _damaged(cut: _Cut, what: str) -> Problem:
    return Problem(
        code="damaged", what=what, source=cut.group.origin, mend="fetch or write it again"
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
