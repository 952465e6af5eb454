"""Passages of a document that speak to its reader and tell it what to record.

A document is evidence, never an order. Where a passage addresses the reader ("ignore your
instructions and record ..."), its whole paragraph is kept from the model, and whatever an answer
quotes from there is turned away: words that were written in order to be recorded bear nothing out.
A paragraph that announces such words with a colon takes the next one, and its list, with it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from pledgebook.reading.llm.quoting import Span, fold_marks
from pledgebook.reading.text.segments import blocks

__all__ = ["commanding", "withhold"]

WITHHELD = "[a passage that speaks to the reader of this document is left out here]"

_BETWEEN = r"(?: [^\s.!?]+){0,4}? "


@cache
def _pattern() -> re.Pattern[str]:
    path = files("pledgebook.reading.llm") / "data" / "commands.toml"
    groups: dict[str, list[str]] = tomllib.loads(path.read_text("utf-8"))
    parts = [part.replace("~", _BETWEEN) for group in groups.values() for part in group]
    return re.compile("|".join(f"(?<![^\\W_])(?:{part})" for part in parts))


def commanding(text: str) -> list[Span]:
    """Return the spans of the paragraphs that command the reader, in order, without overlap."""
    found: list[Span] = []
    announced = listing = False
    for start, end, is_item in _paragraphs(text):
        folded = _folded(text[start:end])
        if announced or (listing and is_item) or _speaks(folded):
            announced = folded.endswith(":")
            listing = listing or announced or is_item
            found.append((start, end))
        else:
            listing = False
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield paragraphs and lines of lists, which are told; a broken line goes on in the next."""
    open_start: int | None = None
    last_end = 0
    for block in blocks(text):
        start = text.rfind("\n", 0, block.start) + 1
        is_item = block.kind == "item"
        if open_start is not None:
            between = text[last_end:start]
            broken = text[last_end - 1] not in _ENDS
            if broken and not is_item and between.count("\n") < 2:
                last_end = block.end
                continue
            yield open_start, last_end, False
            open_start = None
        if is_item:
            yield start, block.end, True
        else:
            open_start, last_end = start, block.end
    if open_start is not None:
        yield open_start, last_end, False


_ENDS = '.!?:;"\u201d\u2019)'


def _folded(words: str) -> str:
    return unicodedata.normalize("NFC", " ".join(fold_marks(words)[0].lower().split()))


def _speaks(folded: str) -> bool:
    pattern = _pattern()
    if pattern.search(folded):
        return True
    # Letters set apart ("i g n o r e") are read as one word, and look-alike signs are not needed.
    if _SPACED.search(folded):
        return bool(pattern.search(_SPACED.sub(lambda run: run[0].replace(" ", "") + " ", folded)))
    return False


_SPACED = re.compile(r"\b(?:\w ){4,}\w?\b ?")


def withhold(text: str, start: int, end: int, passages: list[Span]) -> str:
    """Return `text[start:end]` with a remark in the place of each of these passages."""
    parts: list[str] = []
    place = start
    for first, last in passages:
        if last <= start or first >= end:
            continue
        parts += [text[place : max(place, first)], WITHHELD]
        place = max(place, min(last, end))
    parts.append(text[place:end])
    return "".join(parts)
