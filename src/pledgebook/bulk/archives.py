"""Web archives (WARC): where their records lie, and the pages in them.

A compressed archive has one gzip member for each record, as CC-News has and as the standard asks:
so that a slice can be read from its middle.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from pledgebook.documents.fetch import Page
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

__all__ = ["ArchiveError", "WebPage", "pages", "responses"]

_PIECE = 1 << 18
_HEAD = 4096
_GZIP = 31
_MOST_RECORD = 1_000_000_000
_TEXTS = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_MARK = b"WARC/1."
_RESPONSE = b"\nwarc-type: response"


class ArchiveError(Exception):
    """An archive that cannot be cut into its records; the text says why."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page as it was captured: `number` is the record's among the responses of its file."""

    number: int
    url: str
    captured: dt.date | None
    page: Page | Problem | None
    """None where it is no text, or no answer but a redirect or an error."""


def responses(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes, bool]]:
    """Yield for each record where it ends, a digest of its bytes, and whether it is a response.

    Raises ArchiveError where the file is no web archive, or breaks off.
    """
    found = _members(stream) if name.endswith(".gz") else _plain(stream)
    for end, digest, head in found:
        if not head.startswith(_MARK):
            raise ArchiveError("it is no web archive: its records do not begin with WARC/1")
        fields = head.partition(b"\r\n\r\n")[0].lower().replace(b"\r", b"")
        yield end, digest, _RESPONSE in fields


def _members(stream: BinaryIO) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield end, digest and first bytes of each gzip member."""
    at = 0
    data = stream.read(_PIECE)
    while data:
        inflate = zlib.decompressobj(_GZIP)
        digest, head, out = hashlib.sha256(), b"", 0
        while True:
            try:
                # In pieces: what a member unpacks to is not to fill the memory.
                plain = inflate.decompress(data, _PIECE * 4)
                out += len(plain)
                used = len(data) - len(inflate.unconsumed_tail) - len(inflate.unused_data)
            except zlib.error as error:
                raise ArchiveError(f"it is no sound gzip file ({error})") from error
            head = head if len(head) >= _HEAD else (head + plain)[:_HEAD]
            digest.update(data[:used])
            at += used
            if inflate.eof:
                data = inflate.unused_data or stream.read(_PIECE)
                break
            if out > _MOST_RECORD:
                raise ArchiveError("a record unpacks to more than 1 GB")
            data = inflate.unconsumed_tail or stream.read(_PIECE)
            if not data:
                raise ArchiveError("it breaks off in the middle of a record")
        yield at, digest.digest(), head


def _plain(stream: BinaryIO) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield end, digest and first bytes of each record that is not compressed."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    records = ArchiveIterator(stream)
    try:
        for record in records:
            digest = hashlib.sha256(str(record.rec_headers).encode("utf-8", "replace"))
            while piece := record.raw_stream.read(_PIECE):
                digest.update(piece)
            head = str(record.rec_headers).encode("utf-8", "replace")
            records.read_to_end(record)
            # The blank lines behind a record belong to it: the next one begins where they end.
            end: int = records.offset
            yield end, digest.digest(), head
    except ArchiveLoadFailed as error:
        raise ArchiveError(f"it is no sound web archive ({error})") from error


def pages(stream: BinaryIO, first: int, origin: str, limits: Limits) -> Iterator[WebPage]:
    """Yield the responses of an archive, or a slice of one, the first of them numbered `first`."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = first
    try:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                yield _page(record, number, f"{origin}:{number}", limits)
                number += 1
    except ArchiveLoadFailed as error:
        problem = Problem(code="damaged", what=f"a record is broken ({error})", source=origin)
        yield WebPage(number, "", None, problem)


def _page(record: ArcWarcRecord, number: int, origin: str, limits: Limits) -> WebPage:
    headers = record.rec_headers
    url = str(headers.get_header("WARC-Target-URI") or "").strip("<> ")
    captured = _day(headers.get_header("WARC-Date"))
    http: Any = record.http_headers
    if http is None or http.get_statuscode() != "200":
        return WebPage(number, url, captured, None)
    kind, _, rest = (http.get_header("Content-Type") or "").partition(";")
    kind = kind.strip().lower()
    if kind not in _TEXTS:
        return WebPage(number, url, captured, None)
    content = bytearray()
    body = record.content_stream()
    while piece := body.read(_PIECE):
        content += piece
        if len(content) > limits.max_tree_bytes:
            what = f"it holds more than {limits.max_tree_bytes:,} bytes"
            return WebPage(
                number, url, captured, Problem(code="too-large", what=what, source=origin)
            )
    return WebPage(number, url, captured, Page(url, bytes(content), kind, _charset(rest)))


def _charset(rest: str) -> str | None:
    for part in rest.split(";"):
        name, _, value = part.strip().partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" '\"") or None
    return None


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
