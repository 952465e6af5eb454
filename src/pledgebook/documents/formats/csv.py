"""CSV and TSV: each row a document, read as a stream."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.encoding import decode, is_binary
from pledgebook.documents.formats.plain import remark_on_guess
from pledgebook.documents.formats.tables import Cell, documents
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem

if TYPE_CHECKING:
    from typing_extensions import Buffer

_DELIMITERS = ",;\t|"


class Csv(Extractor):
    """Tables in text, with commas, semicolons, tabs or bars."""

    name = "csv"
    version = 1
    suffixes = frozenset({".csv", ".tsv"})
    media_types = frozenset({"text/csv", "text/tab-separated-values"})

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield each row."""
        if is_binary(blob.head):
            yield blob.problem("binary", "its bytes are no text", mend="save it as CSV again")
            return
        sample = _whole_lines(blob.head)
        decoded = decode(sample, blob.charset)
        if decoded is None:
            yield blob.problem("encoding", "its encoding is unknown", mend="save it as UTF-8")
            return
        yield from remark_on_guess(blob, decoded)
        # A cell may hold a whole document; the limit of the module is one for all of Python.
        csv.field_size_limit(max(csv.field_size_limit(), limits.max_text))
        counted = io.BufferedReader(_Counted(blob))
        encoding = "utf-8-sig" if decoded.encoding == "utf-8" else decoded.encoding
        if encoding.startswith(("utf-16", "utf-32")) and not decoded.guessed:
            encoding = encoding[:6]  # so that the byte order mark is taken off
        lines = io.TextIOWrapper(counted, encoding, errors="replace", newline="")
        reader = csv.reader(lines, delimiter=_delimiter(decoded.text, blob.suffix))
        rows = _Rows(reader, blob, limits.max_text)
        empty = True
        for found in documents(rows, blob):
            empty = False
            yield found
        yield from rows.faults
        if empty and not rows.faults:
            yield blob.problem("empty-document", "it holds no row below the header")


class _Counted(io.RawIOBase):
    """Passes bytes on and tells the blob how many."""

    def __init__(self, blob: Blob) -> None:
        self._blob = blob

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        size = self._blob.stream.readinto1(buffer)
        self._blob.consumed += size
        return size


class _Rows:
    """Numbers the rows by their line, and keeps going after a row that cannot be parsed."""

    def __init__(self, reader: Iterator[list[str]], blob: Blob, longest: int) -> None:
        self._reader = reader
        self._blob = blob
        self._longest = longest
        self._garbled = False
        self.faults: list[Problem] = []

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        number = 0
        while True:
            number += 1
            try:
                row = next(self._reader)
                self._measure(row)
            except StopIteration:
                return
            except csv.Error as error:
                self.faults.append(
                    self._blob.problem(
                        "not-csv", f"it is no row of CSV ({error})", place=f"row {number}"
                    )
                )
                continue
            if not self._garbled and any("\ufffd" in cell for cell in row):
                self._garbled = True
                self.faults.append(
                    self._blob.warning(
                        "encoding",
                        "some bytes do not fit the encoding of the file",
                        place=f"row {number}",
                        mend="save it as UTF-8",
                    )
                )
            yield number, list(row)

    def _measure(self, row: list[str]) -> None:
        """Hold a row against the limit of a cell: others may have raised that of the module."""
        if any(len(cell) > self._longest for cell in row):
            raise csv.Error(f"field larger than field limit ({self._longest})")


def _whole_lines(head: bytes) -> bytes:
    """Cut the sample at its last line end, so that no letter is cut in two."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2]
    end = head.rfind(b"\n")
    return head[: end + 1] if end > 0 else head


def _delimiter(sample: str, suffix: str) -> str:
    """Take the mark that the header holds most often outside quotes."""
    if suffix == ".tsv":
        return "\t"
    first = next((line for line in sample.splitlines() if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)
