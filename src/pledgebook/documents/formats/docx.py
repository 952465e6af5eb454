"""DOCX: paragraphs, list items and table rows, in the order of the page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.formats.archive import inspect
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import sha256

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument
    from lxml.etree import _Element  # type: ignore[import-untyped]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CONTAINERS = frozenset(_W + tag for tag in ("sdt", "sdtContent", "customXml", "smartTag", "ins"))
# What was struck out with tracked changes, the codes behind fields, and shapes drawn twice.
_UNSEEN = frozenset(_W + tag for tag in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class Docx(Extractor):
    """Word documents since 2007."""

    name = "docx"
    version = 1
    suffixes = frozenset({".docx", ".docm"})
    media_types = frozenset(
        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
    )

    def certain(self, head: bytes) -> bool:
        """Whether it is a zip with a Word part near its beginning."""
        return head.startswith(b"PK\x03\x04") and b"word/" in head

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield the one document."""
        data = blob.read(limits.max_bytes)
        if isinstance(data, Problem):
            yield data
            return
        fault = inspect(data, blob, limits) if data else None
        if fault is not None:
            yield fault
            return
        import docx

        try:
            document = docx.Document(io.BytesIO(data))
            text = "\n\n".join(_join_lists(_blocks(document.element.body, _list_styles(document))))
            title = document.core_properties.title or None
        except Exception as error:  # noqa: BLE001 - python-docx raises what its parts raise
            yield blob.problem(
                "damaged",
                f"it is no Word document that can be read ({type(error).__name__})",
                mend="open it in an office program and save it again",
            )
            return
        yield Draft(text=text, sha256=sha256(data), title=title)


def _list_styles(document: DocxDocument) -> dict[str, int]:
    """Return the ids of paragraph styles that make list items, with their level."""
    styles = {}
    for style in document.styles.element.iter(f"{_W}style"):
        numbered = style.find(f"{_W}pPr/{_W}numPr")
        style_id = style.get(f"{_W}styleId") or ""
        named = style.find(f"{_W}name")
        name = (named.get(f"{_W}val") or "").lower() if named is not None else ""
        # Headings are numbered, too, and are no list items.
        if not name.startswith("heading") and (numbered is not None or name.startswith("list ")):
            suffix = name[-1:]
            level = int(suffix) - 1 if name.startswith("list ") and suffix.isdecimal() else 0
            styles[style_id] = max(0, level)
    return styles


def _blocks(parent: _Element, styles: dict[str, int]) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            text = _inline(child).strip()
            if text:
                level = _list_level(child, styles)
                yield text if level is None else "  " * level + "- " + " ".join(text.split("\n"))
        elif child.tag == f"{_W}tbl":
            rows = [row for row in _rows(child) if row]
            if rows:
                yield "\n".join(rows)
        elif child.tag in _CONTAINERS:
            yield from _blocks(child, styles)


def _join_lists(blocks: Iterator[str]) -> Iterator[str]:
    """Set the items of one list line by line, without blank lines between."""
    items: list[str] = []
    for block in blocks:
        if block.lstrip().startswith("- "):
            items.append(block)
            continue
        if items:
            yield "\n".join(items)
            items = []
        yield block
    if items:
        yield "\n".join(items)


def _list_level(paragraph: _Element, styles: dict[str, int]) -> int | None:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style_id = style.get(f"{_W}val") if style is not None else None
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr")
    if numbered is None:
        return styles.get(style_id) if style_id else None
    if style_id and style_id.lower().startswith("heading"):
        return None
    number = numbered.find(f"{_W}numId")
    if number is not None and number.get(f"{_W}val") == "0":
        return None
    level = numbered.find(f"{_W}ilvl")
    value = level.get(f"{_W}val") if level is not None else None
    return min(8, int(value)) if value and value.isdecimal() else 0


def _rows(table: _Element) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        cells = []
        for cell in row.iterchildren(f"{_W}tc", f"{_W}sdt"):
            paragraphs = (_inline(p) for p in cell.iter(f"{_W}p"))
            cells.append(" ".join(" ".join(paragraphs).split()))
        if any(cells):
            yield " | ".join(cells)


def _inline(element: _Element) -> str:
    parts: list[str] = []
    _collect(element, parts)
    return "".join(parts)


def _collect(element: _Element, parts: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            parts.append(child.text or "")
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            parts.append("\t")
        elif tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif tag == f"{_W}noBreakHyphen":
            parts.append("\u2011")
        elif tag not in _UNSEEN and tag != _FALLBACK and isinstance(tag, str):
            if tag == f"{_W}p":
                parts.append("\n")
            _collect(child, parts)
