"""A JSON file that is one document, or a list of documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.formats.plain import decode_or_explain, remark_on_guess
from pledgebook.documents.formats.records import draft_of
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem

_START = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*\{\s*"|\{\s*\n\s*")')


class Json(Extractor):
    """An object with the keys of a JSONL line, or a list of such objects."""

    name = "json"
    version = 1
    suffixes = frozenset({".json"})
    media_types = frozenset({"application/json", "text/json"})

    def likely(self, head: bytes) -> bool:
        """Whether it begins as a list of objects, or as an object over several lines."""
        return _START.match(head) is not None

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield each object."""
        data = blob.read(limits.max_tree_bytes)
        if isinstance(data, Problem):
            yield data
            return
        decoded = decode_or_explain(blob, data, None)
        if isinstance(decoded, Problem):
            yield decoded
            return
        yield from remark_on_guess(blob, decoded)
        try:
            content = json.loads(decoded.text)
        except json.JSONDecodeError as error:
            yield blob.problem(
                "not-json",
                f"it is not JSON ({error.msg})",
                place=f"line {error.lineno}, column {error.colno}",
                mend="mend the file; a file with one object a line is named .jsonl",
            )
            return
        except (ValueError, RecursionError):
            yield blob.problem("not-json", "it is too deep, or holds a number too large, to read")
            return
        if not isinstance(content, list):
            yield draft_of(content, blob, "", "the object")
            return
        if not content:
            yield blob.problem("empty-document", "the list is empty")
        for number, record in enumerate(content, 1):
            yield draft_of(record, blob, f"item {number}", f"item {number}")
