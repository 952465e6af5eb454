"""The whole book as JSONL: one row of one table a line, lossless.

The first line says what the file is, the last one how many rows there are and the hash of all
lines before it. Each row bears a check of its own, so that a changed line is found.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pledgebook.errors import SourceError
from pledgebook.exchange.bookrows import Row
from pledgebook.vocabulary.document import sha256

__all__ = ["BookFile", "write_jsonl"]

_CHECK = 12
_LONGEST_LINE = 256_000_000
_AGAIN = "Export the book again; nothing was taken in"
_GIVE = "Give a file that `pledgebook export datapackage` or `export jsonl` wrote"

Placed = tuple[str, Row, str]
"""The name of a table, a row of it, and where in the file it stands."""


def write_jsonl(
    path: Path, header: dict[str, Any], rows: Iterable[tuple[str, Row]]
) -> Counter[str]:
    """Write a book; returns how many rows of each table it has."""
    digest = hashlib.sha256()
    counts: Counter[str] = Counter()
    with path.open("wb") as out:

        def put(content: object) -> None:
            line = _line(content)
            digest.update(line)
            out.write(line)

        put(header)
        for table, row in rows:
            counts[table] += 1
            put({"table": table, "row": row, "check": _check(table, row)})
        out.write(_line({"rows": dict(counts), "sha256": digest.hexdigest()}))
    return counts


class BookFile:
    """A book in JSONL. Its header is read when it is opened, its rows as they are asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as lines:
            try:
                self.header = self._content(self._read(lines, 1), 1)
            except SourceError as error:
                what = "this is no exported book: neither a data package nor lines of JSON"
                raise SourceError(what, where=str(path), mend=_GIVE) from error

    def close(self) -> None:
        """Nothing is held open between two looks."""

    def rows(self) -> Iterator[Placed]:
        """Yield every row and its place. Raises SourceError for a line that was changed or is gone.

        That the file is complete is known when the last row has come.
        """
        digest = hashlib.sha256()
        counts: Counter[str] = Counter()
        number = 0
        end: dict[str, Any] | None = None
        with self.path.open("rb") as lines:
            while line := self._read(lines, number + 1):
                number += 1
                if end is not None:
                    raise self._error(number, "there is more after the end of the book")
                content = self._content(line, number)
                if number > 1 and "sha256" in content:
                    end = content
                    continue
                digest.update(line)
                if number > 1:
                    table, row = self._row(content, number)
                    counts[table] += 1
                    yield table, row, self._place(number)
        if end is None:
            raise self._error(number, "the file ends before the book does: its last line is gone")
        if end.get("rows") != dict(counts) or end.get("sha256") != digest.hexdigest():
            raise self._error(number, "lines were changed, added or taken out since it was written")

    def _read(self, lines: Any, number: int) -> bytes:  # noqa: ANN401 - a binary file
        line: bytes = lines.readline(_LONGEST_LINE)
        if len(line) == _LONGEST_LINE:
            raise self._error(number, "the line is longer than any that an export writes")
        return line

    def _content(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            content = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise self._error(number, "this is no JSON") from error
        if not isinstance(content, dict):
            raise self._error(number, "this is no JSON object")
        return content

    def _row(self, content: dict[str, Any], number: int) -> tuple[str, Row]:
        table, row = content.get("table"), content.get("row")
        if not isinstance(table, str) or not isinstance(row, dict):
            raise self._error(number, "this is no row of a book: it wants 'table' and 'row'")
        if content.get("check") != _check(table, row):
            raise self._error(number, "the row was changed since it was written")
        return table, row

    def _place(self, number: int) -> str:
        return f"{self.path}, line {number}"

    def _error(self, number: int, what: str) -> SourceError:
        return SourceError(what, where=self._place(number), mend=_AGAIN)


def _check(table: str, row: Row) -> str:
    return sha256(json.dumps([table, row], sort_keys=True, separators=(",", ":")))[:_CHECK]


def _line(content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form, but an escape.
        return json.dumps(content, separators=(",", ":")).encode() + b"\n"
