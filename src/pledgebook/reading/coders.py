"""Coders by name: what turns a document into statements."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

__all__ = ["Coder", "Read", "digest_of"]

Read = Callable[[Document, Catalogue], list[Statement]]


@dataclass(frozen=True, slots=True)
class Coder:
    """What turns a document into statements; name and version go into every reading run.

    `version` changes with whatever can change a reading, so that documents are read anew then.
    """

    name: str
    version: str
    read: Read


@cache
def digest_of(*rooms: str) -> str:
    """Return the digest of the rules, word tables and weights in rooms of `pledgebook.reading`."""
    digest = hashlib.sha256()
    for room in rooms:
        for name, part in sorted(_parts(files("pledgebook.reading") / room, room)):
            digest.update(name.encode() + b"\0" + part.read_bytes())
    return digest.hexdigest()[:12]


def _parts(place: Traversable, name: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for part in place.iterdir():
        here = f"{name}/{part.name}"
        if part.is_dir():
            found += _parts(part, here)
        elif not part.name.endswith((".pyc", ".md")):
            found.append((here, part))
    return found
