"""What a page would cost, measured by the parser's own eyes before its tree is built.

Building the tree takes time with the square of the attributes of one tag, and some hundred bytes
for each element; counting them takes neither. What the parser takes for a tag is hard to say
without it (quotes, scripts, comments), so it is the same parser that counts, without a tree.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["HtmlWatch", "TooMuchError", "measure"]

_SMALL = 100_000
"""Characters up to which no page costs more than a second, whatever is in it."""
_MOST_ATTRIBUTES = 1_000
_DEEPEST = 256
"""Elements within elements, as deep as libxml2 goes unless it is told otherwise."""


class TooMuchError(Exception):
    """A page that would take too much time or memory; the text says of what."""


class HtmlWatch:
    """Counts what a parser meets."""

    def __init__(self, max_elements: int) -> None:
        self._left = self._most = max_elements
        self._depth = 0

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element. Raises TooMuchError."""
        self._left -= 1
        self._depth += 1
        if self._left < 0:
            raise TooMuchError(f"it holds more than {self._most:,} elements")
        if len(attributes) > _MOST_ATTRIBUTES:
            raise TooMuchError(f"a tag of it has {len(attributes):,} attributes")
        if self._depth > _DEEPEST:
            raise TooMuchError("its elements are nested too deep")

    def end(self, _tag: str) -> None:
        """Take the end of an element."""
        self._depth -= 1

    def close(self) -> None:
        """Have nothing to give back: what is too much was raised."""


def measure(page: bytes, max_elements: int) -> None:
    """Read a page in UTF-8 without building it. Raises TooMuchError."""
    from lxml import etree  # type: ignore[import-untyped]

    if len(page) <= _SMALL:
        return
    parser = etree.HTMLParser(target=HtmlWatch(max_elements), encoding="utf-8", huge_tree=True)
    try:
        etree.fromstring(page, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return  # The parser that builds the tree says what is wrong with it.
