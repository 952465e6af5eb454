"""The document: stored text with its origin, and what identifies it."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DateSource = Literal["given", "metadata", "dateline", "url", "feed", "archive"]


def sha256(data: bytes | str) -> str:
    """Hexadecimal SHA-256 of bytes, or of text in UTF-8 (lone surrogates survive)."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


class Document(BaseModel):
    """Stored text with its origin.

    The text is final: every evidence is a slice of it. A document is identified by the hash of its
    bytes, the extractor with its version, and the hash of its text; where it was found is no part
    of its identity.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    bytes_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    extractor: str = Field(description="name and version of what made the text, e.g. html/1")
    origin: str = Field(description="path, URL or '-', with the line or row where there is one")
    name: str | None = Field(default=None, description="the id that a JSONL line gives it")
    url: str | None = None
    title: str | None = None
    date: dt.date | None = Field(default=None, description="publication date")
    date_source: DateSource | None = None
    lang: str | None = Field(default=None, description="ISO 639-1 code")

    @cached_property
    def text_sha256(self) -> str:
        """Hash of the stored text."""
        return sha256(self.text)

    @cached_property
    def id(self) -> str:
        """Identity in a book: `d` and 20 hexadecimal digits."""
        return "d" + sha256("\n".join((self.bytes_sha256, self.extractor, self.text_sha256)))[:20]
