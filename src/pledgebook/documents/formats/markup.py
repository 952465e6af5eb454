"""A tree of elements as lines: paragraphs apart, list items and table rows one below the other.

Serves both HTML and the TEI-like tree of trafilatura, whose names for the same things differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

_LISTS = frozenset({"ul", "ol", "list", "menu"})
_ITEMS = frozenset({"li", "item"})
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_MOST_PARAGRAPHS = 2
_BREAKS = frozenset({"br", "lb"})
_BLOCKS = (
    frozenset({"p", "div", "section", "article", "main", "header", "aside", "address", "body"})
    | frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "pre", "figure", "figcaption"})
    | frozenset({"blockquote", "quote", "dl", "dt", "dd", "table", "tbody", "thead", "caption"})
    | frozenset({"details", "summary", "html", "fieldset", "center"})
)


def as_lines(element: _Element) -> str:
    """Return the text: blank lines between blocks, "- " before items, " | " between cells."""
    writer = _Writer()
    writer.walk(element)
    writer.flush()
    return "".join(writer.parts).strip("\n")


class _Writer:
    """Gathers running text and ends it where a block begins or ends."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._running: list[str] = []
        self._depth = 0
        self._marker = ""
        self._kind = ""

    def walk(self, element: _Element) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            return
        if tag in _BREAKS:
            self._running.append("\n")
        elif tag in _LISTS:
            self._list(element)
        elif tag in _ITEMS:
            self._item(element)
        elif tag in _ROWS and not _is_layout(element):
            self._row(element)
        elif tag in _BLOCKS or tag in _ROWS or tag in _CELLS:
            self.flush()
            self._inside(element)
            self.flush()
        else:
            self._inside(element)

    def _inside(self, element: _Element) -> None:
        self._running.append(element.text or "")
        for child in element:
            self.walk(child)
            self._running.append(child.tail or "")

    def _list(self, element: _Element) -> None:
        self.flush()
        self._depth += 1
        self._inside(element)
        self.flush()
        self._depth -= 1

    def _item(self, element: _Element) -> None:
        self.flush()
        self._marker = "  " * max(0, self._depth - 1) + "- "
        self._inside(element)
        self.flush()
        self._marker = ""

    def _row(self, element: _Element) -> None:
        self.flush()
        cells = [" ".join(_flat(cell).split()) for cell in element if isinstance(cell.tag, str)]
        if any(cells):
            self._emit(" | ".join(cells), "row")

    def flush(self) -> None:
        text = "".join(part if part == "\n" else _spaces(part) for part in self._running)
        self._running = []
        lines = [" ".join(line.split()) for line in text.split("\n")]
        lines = [line for line in lines if line]
        if not lines:
            return
        if self._marker:
            self._emit(self._marker + " ".join(lines), "item")
            self._marker = " " * len(self._marker)
        else:
            self._emit("\n".join(lines), "item" if self._depth else "")

    def _emit(self, text: str, kind: str) -> None:
        """Add a block; rows, and items, stand one below the other without a blank line."""
        if self.parts:
            self.parts.append("\n" if kind and kind == self._kind else "\n\n")
        self.parts.append(text)
        self._kind = kind


def _is_layout(row: _Element) -> bool:
    """Whether a table row only places blocks on the page, as old sites do."""
    if next(row.iterdescendants("table", *_ROWS, *_LISTS), None) is not None:
        return True
    return any(len(list(cell.iterdescendants("p"))) > _MOST_PARAGRAPHS for cell in row)


def _flat(element: _Element) -> str:
    """Return the text of a cell, with spaces where a block or a line ends."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            apart = " " if child.tag in _BLOCKS or child.tag in _BREAKS else ""
            parts += [apart, _flat(child), apart]
        parts.append(child.tail or "")
    return "".join(parts)


def _spaces(part: str) -> str:
    return " ".join(part.splitlines()) if "\n" in part or "\r" in part else part
