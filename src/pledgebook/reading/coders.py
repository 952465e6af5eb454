"""Coders by name: what turns a document into statements."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol

from pledgebook.errors import PledgebookError
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

__all__ = ["Coder", "Read", "Session", "StoppedError", "digest_of"]

Read = Callable[[Document, Catalogue], list[Statement]]


class StoppedError(PledgebookError):
    """Nothing can be read any more: a limit is reached, the server is gone, the key is refused.

    What was read before stays; the next documents would fail alike.
    """


class Session(Protocol):
    """What a coder that costs something holds while it reads, and what it has to tell of it."""

    def progress(self) -> str:
        """Return in a few words what it has cost so far; empty where there is nothing to say."""

    def report(self) -> list[str]:
        """Return, line by line, what was done, what it cost, and what was turned away."""

    def close(self) -> None:
        """Give connections and threads back."""


class _Quiet:
    """The session of a coder that costs nothing."""

    def progress(self) -> str:
        return ""

    def report(self) -> list[str]:
        return []

    def close(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Coder:
    """What turns a document into statements; name and version go into every reading run.

    `version` changes with whatever can change a reading, so that documents are read anew then.
    `workers` documents may be read at a time: more than one where reading is mostly waiting.
    `languages` are those that it reads, by ISO 639-1 code; None where it takes on any.
    """

    name: str
    version: str
    read: Read
    workers: int = 1
    session: Session = field(default_factory=_Quiet, compare=False)
    languages: frozenset[str] | None = None


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
