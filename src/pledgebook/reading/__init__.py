"""The room `reading`: a document in, its statements out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledgebook.vocabulary.catalogue import Catalogue
    from pledgebook.vocabulary.document import Document
    from pledgebook.vocabulary.statement import Statement

__all__ = ["CODER", "coder_version", "read_document"]

CODER = "grammar"


def read_document(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return the statements of a document, in the order of its text."""
    from pledgebook.reading.grammar import read

    return read(document, catalogue)


@cache
def coder_version() -> str:
    """Return the version of the coder: the digest of its rules and word tables.

    A document that an older version read is read anew, so that no figure rests on rules that are
    no longer there.
    """
    import hashlib
    from importlib.resources import files

    room = files("pledgebook.reading")
    parts = [*room.iterdir(), *(room / "data" / "en").iterdir()]
    digest = hashlib.sha256()
    for part in sorted(parts, key=lambda part: part.name):
        if part.name.endswith((".py", ".toml")):
            digest.update(part.name.encode() + b"\0" + part.read_bytes())
    return digest.hexdigest()[:12]
