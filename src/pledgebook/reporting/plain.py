"""Text of others, made safe for a terminal.

A document or a file name may hold control characters: escape sequences that recolour or rewrite
the screen, or marks that turn the direction of writing. They are shown as "�".
"""

from __future__ import annotations

import re

__all__ = ["one_line", "plain"]

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def plain(text: str) -> str:
    """Return the text with line breaks and tabs, and without any other control character."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return the text on one line, its runs of white space made one space."""
    return plain(" ".join(text.split()))
