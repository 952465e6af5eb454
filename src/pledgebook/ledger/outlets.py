"""Where a statement comes from, and whether the text around it calls it a correction."""

from __future__ import annotations

import functools
from urllib.parse import urlsplit

from pledgebook.ledger.cues import load_cues
from pledgebook.vocabulary.statement import Evidence

__all__ = ["AFTER", "BEFORE", "is_corrected", "outlet_of"]

BEFORE, AFTER = 120, 60
"""How many characters before and after a statement are looked at for a correction."""


@functools.lru_cache(maxsize=4096)
def outlet_of(url: str | None) -> str | None:
    """Return the host of an address without "www.": reports of one host are of one source."""
    if url is None:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def is_corrected(text: str, evidence: Evidence) -> bool:
    """Tell whether the line of a statement says, near it, that a figure was put right."""
    start = max(evidence.start - BEFORE, text.rfind("\n", 0, evidence.start) + 1)
    end = text.find("\n", evidence.end, evidence.end + AFTER)
    near = text[start : end if end >= 0 else evidence.end + AFTER]
    return load_cues().has("corrected", near)
