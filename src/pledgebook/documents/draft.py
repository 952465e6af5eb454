"""What passes between a source, an extractor and the finishing of a document."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import DateSource

HEAD_BYTES = 65_536
_PIECE = 1 << 20


@dataclass(slots=True)
class Blob:
    """The bytes of one source, with what is known of them before they are read."""

    origin: str
    stream: io.BufferedReader[Any]
    suffix: str = ""
    """Lower case, with the dot; empty where there is none."""
    media_type: str | None = None
    charset: str | None = None
    """As the HTTP header declares it."""
    url: str | None = None
    size: int | None = None
    named: bool = True
    """Whether the user named it, so that plain text under any suffix is taken."""
    consumed: int = 0
    """Bytes that have been worked off, for a progress bar."""
    head: bytes = b""

    def __post_init__(self) -> None:
        self.head = self.stream.peek(HEAD_BYTES)[:HEAD_BYTES]

    def read(self, limit: int) -> bytes | Problem:
        """Return all bytes, or a problem where there are more than `limit`."""
        if self.size is not None and self.size > limit:
            return self.too_large(f"{self.size:,} bytes", limit)
        data = bytearray()
        # In pieces: one read of `limit` bytes would set aside the memory for all of them.
        while piece := self.stream.read(_PIECE):
            data += piece
            if len(data) > limit:
                return self.too_large("more", limit)
        self.consumed = len(data)
        return bytes(data)

    def too_large(self, found: str, limit: int) -> Problem:
        """Describe a source that goes over a limit."""
        return self.problem(
            "too-large",
            f"it holds {found}, the limit is {limit:,}",
            mend="split it, or turn it into JSONL, which is read line by line",
        )

    def problem(
        self, code: str, what: str, *, place: str | None = None, mend: str | None = None
    ) -> Problem:
        """Describe a fault in this source."""
        return Problem(code=code, what=what, source=self.origin, place=place, mend=mend)

    def warning(
        self, code: str, what: str, *, place: str | None = None, mend: str | None = None
    ) -> Problem:
        """Describe something in this source that the user should know, but that is read."""
        return Problem(
            code=code,
            what=what,
            source=self.origin,
            place=place,
            mend=mend,
            severity="warning",
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """Text that an extractor found, with the metadata that the format itself gives."""

    text: str
    sha256: str
    """Hash of the bytes, or of the canonical form of a line or row."""
    locator: str = ""
    """Line or row, such as `12` or `Sheet1:5`; empty where the source is one document."""
    title: str | None = None
    date: dt.date | None = None
    date_source: DateSource | None = None
    lang: str | None = None
    name: str | None = None
    url: str | None = None
    own_url: bool = False
    """Whether only its own URL counts, and not the one that the source was fetched from."""


class Extractor(Protocol):
    """One format: bytes to drafts. A new format is one module with one of these.

    `name` and `version` are part of the identity of every document that it makes: raise the
    version when the same bytes would give another text.
    """

    name: str
    version: int
    suffixes: frozenset[str]
    media_types: frozenset[str]

    def certain(self, head: bytes) -> bool:  # noqa: ARG002
        """Whether the first bytes can be nothing else: this outranks suffix and media type."""
        return False

    def likely(self, head: bytes) -> bool:  # noqa: ARG002
        """Whether the first bytes look like it: asked where suffix and media type say nothing."""
        return False

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield the documents in `blob`, and a problem for each fault."""
        ...
