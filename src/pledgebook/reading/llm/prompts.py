"""Prompts: what is asked about one piece of a document, whole and self-contained."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pledgebook.reading.llm.answers import answer_schema
from pledgebook.reading.llm.chunks import Chunk, chunks
from pledgebook.reading.llm.commands import withhold
from pledgebook.reading.llm.quoting import Span
from pledgebook.vocabulary.document import Document

__all__ = ["Prompt", "prompt_version", "prompts", "system_text"]

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
_SLUG = 60


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question. `text[start:end]` of the document is what it asks about.

    `key` is the same for the same words asked by the same rules; `name` is made of it and of the
    document's name, and fit for a file.
    """

    system: str
    user: str
    name: str
    key: str
    start: int
    end: int


@cache
def system_text() -> str:
    """Return the rules of the coding book as a model is told them."""
    path = files("pledgebook.reading.llm") / "data" / "system.txt"
    return path.read_text("utf-8").strip()


@cache
def prompt_version() -> str:
    """Return the version of rules and schema: another one asks everything anew."""
    told = system_text() + "\0" + json.dumps(answer_schema(), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def prompts(document: Document, size: int, passages: list[Span]) -> list[Prompt]:
    """Return the prompts of a document, a piece of at most `size` characters each, in order.

    What commands the reader (`passages`) is left out of them.
    """
    text = document.text
    made = []
    for chunk in chunks(text, size):
        piece = withhold(text, chunk.start, chunk.end, passages)
        if not piece.strip():
            continue
        user = _user(document, chunk, piece, _context(chunk, text, passages))
        key = hashlib.sha256(f"{prompt_version()}\0{user}".encode()).hexdigest()
        name = f"{_slug(document)}.{chunk.number}-{key[:8]}"
        made.append(Prompt(system_text(), user, name, key, chunk.start, chunk.end))
    return made


def _slug(document: Document) -> str:
    told = document.name or document.id
    return _NOT_IN_NAMES.sub("-", told).strip("-")[:_SLUG] or document.id


def _context(chunk: Chunk, text: str, passages: list[Span]) -> str:
    """Return the context of a piece, without the passages that command the reader."""
    parts = (withhold(text, start, end, passages).strip() for start, end in chunk.context)
    return "\n[...]\n".join(parts)


def _user(document: Document, chunk: Chunk, piece: str, context: str) -> str:
    """Return the message about one piece; a mark that the text cannot know ends the document."""
    lines = [f"Date of the document: {document.date or 'not known'}"]
    if document.url:
        lines.append(f"Address: {document.url}")
    if document.title and document.title not in document.text[: len(document.title) + 200]:
        lines.append(f"Title: {document.title}")
    if chunk.count > 1:
        lines.append(f"Piece {chunk.number} of {chunk.count} of the document.")
    mark = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    if context:
        lines += [
            "",
            "Context, for understanding only; it is coded elsewhere, quote nothing from it:",
            f"[context {mark}]",
            context,
            f"[end of context {mark}]",
        ]
    lines += [
        "",
        "Code what stands between the two marks, and nothing else.",
        f"[document {mark}]",
        piece.strip("\n"),
        f"[end of document {mark}]",
    ]
    # Half a surrogate pair has no UTF-8 form; no server and no file would take it.
    return "\n".join(lines).encode("utf-8", "replace").decode()
