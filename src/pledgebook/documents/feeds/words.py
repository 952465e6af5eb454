"""Which entries are wanted: by words that must, or must not, begin a word of what the feed says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from pledgebook.documents.feeds.entries import FeedEntry
from pledgebook.documents.feeds.markup_text import text_of

__all__ = ["is_wanted"]


def is_wanted(entry: FeedEntry, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Tell whether an entry has one of `include`, where there are any, and none of `exclude`.

    They are looked for in its title and its text, whatever their case, at the beginning of words:
    "tank" finds "tanks" and "Tank 2", and not "antitank".
    """
    if not include and not exclude:
        return True
    says = _plain(f"{entry.title}\n{text_of(entry.content)}")
    if include and _pattern(tuple(include)).search(says) is None:
        return False
    return not exclude or _pattern(tuple(exclude)).search(says) is None


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [r"\s+".join(map(re.escape, _plain(word).split())) for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
