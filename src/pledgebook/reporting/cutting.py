"""Text of others made short: on one line, cut between words, with "…" where something is gone."""

from __future__ import annotations

from pledgebook.reporting.plain import one_line

__all__ = ["first_words", "last_words", "shortened"]


def shortened(text: str, most: int) -> str:
    """Return a text on one line, of at most so many characters, cut between words."""
    line = one_line(text)
    if len(line) <= most:
        return line
    cut = line[:most].rpartition(" ")[0] or line[:most]
    return f"{cut} …"


def first_words(text: str, most: int) -> str:
    """Return how the text after a quotation begins, with the space between the two, if any."""
    if not text.strip():
        return ""
    return " " * text[0].isspace() + shortened(text, most)


def last_words(text: str, most: int) -> str:
    """Return how the text before a quotation ends, with the space between the two, if any."""
    if not text.strip():
        return ""
    line = one_line(text)
    if len(line) > most:
        line = "… " + (line[-most:].partition(" ")[2] or line[-most:])
    return line + " " * text[-1].isspace()
