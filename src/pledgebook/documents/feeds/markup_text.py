"""The markup that stands in feeds, as text: titles on one line, contents in paragraphs."""

from __future__ import annotations

import html
import re

__all__ = ["one_line_of", "text_of"]

_TAG = re.compile(r"<(?:[a-zA-Z/!?])")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]\w{1,30});")
_SILENT = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math")
_LONGEST_TITLE = 500


def one_line_of(text: str) -> str:
    """Return a title: without markup, on one line, 500 characters at most."""
    # More than this of markup is no title, and need not be parsed.
    shown = text_of(text[: 20 * _LONGEST_TITLE])
    return " ".join(shown.split())[:_LONGEST_TITLE].strip()


def text_of(text: str) -> str:
    """Return the text of a piece of HTML; what bears no markup stays as it is."""
    if _MARKUP.search(text) is None:
        return text.strip()
    if _TAG.search(text) is None:
        return html.unescape(text).strip()
    from pledgebook.documents.formats.html import parse
    from pledgebook.documents.formats.markup import as_lines

    tree = parse(f"<html><body>{text}</body></html>")
    if tree is None:
        return ""
    for element in list(tree.iter(*_SILENT)):
        if element.getparent() is not None:
            element.drop_tree()
    return as_lines(tree)
