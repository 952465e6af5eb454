"""JSONL: one object a line, read as a stream."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.formats.records import draft_of
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem

_BOM = b"\xef\xbb\xbf"
_OBJECT = re.compile(rb'\s*\{\s*"')
_SKIP_BYTES = 1 << 16


class JsonLines(Extractor):
    """Lines of JSON objects with `text`, and perhaps `id`, `url`, `date`, `lang`."""

    name = "jsonl"
    version = 1
    suffixes = frozenset({".jsonl", ".ndjson"})
    media_types = frozenset({"application/jsonl", "application/x-ndjson", "application/ndjson"})

    def likely(self, head: bytes) -> bool:
        """Whether the first line is an object, or the beginning of a long one."""
        line, newline, _ = head.removeprefix(_BOM).lstrip().partition(b"\n")
        if not _OBJECT.match(line):
            return False
        try:
            return not newline or isinstance(json.loads(line), dict)
        except (ValueError, RecursionError):
            return False

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield a document or a problem for each line that is not blank."""
        if blob.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield blob.problem("encoding", "it is UTF-16", mend="JSON is UTF-8: save the file so")
            return
        found = False
        for number, line in lines_of(blob, limits.max_line_bytes):
            draft = draft_of_line(line, blob, number, limits)
            if draft is not None:
                found = True
                yield draft
        if not found:
            yield blob.problem("empty-document", "it holds no line with text")


def draft_of_line(
    line: bytes | None, blob: Blob, number: int, limits: Limits
) -> Draft | Problem | None:
    """Turn a line of `lines_of` into a draft, or a problem; None where it is blank."""
    place = f"line {number}"
    if line is None:
        return blob.problem(
            "too-large",
            f"the line is longer than {limits.max_line_bytes:,} bytes",
            place=place,
            mend="split the document",
        )
    if not line.strip():
        return None
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return blob.problem(
            "encoding",
            f"it is not UTF-8 (byte {error.start + 1} of the line)",
            place=place,
            mend="JSON is UTF-8: save the file so",
        )
    except (ValueError, RecursionError) as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else "too deep or too large"
        column = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return blob.problem(
            "not-json", f"it is not JSON ({what})", place=place + column, mend="mend the line"
        )
    return draft_of(record, blob, str(number), place)


def lines_of(blob: Blob, limit: int, first: int = 1) -> Iterator[tuple[int, bytes | None]]:
    """Yield number and bytes of each line; None for a line over the limit, which is not held.

    `first` is the number of the first line, where the blob is a piece of a file.
    """
    number = first - 1
    while line := blob.stream.readline(limit + 1):
        number += 1
        blob.consumed += len(line)
        if number == 1:
            line = line.removeprefix(_BOM)
        if len(line) > limit and not line.endswith(b"\n"):
            yield number, None
            while rest := blob.stream.readline(_SKIP_BYTES):
                blob.consumed += len(rest)
                if rest.endswith(b"\n"):
                    break
        else:
            yield number, line
