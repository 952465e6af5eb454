"""Who says it: "X said", "according to X", speaker labels; the name as written, without titles."""

from __future__ import annotations

import re
from functools import cache

from pledgebook.reading.text.lexicon import cue_table, word_set

_WORD = r"[\w.'’-]{1,40}"
_NAME = rf"(?<![\w.'’-])[A-Z]{_WORD}(?:\s+(?:[A-Z]{_WORD}|de|van|von|der|al|bin|el|ter)){{0,6}}"
_ARTICLE = re.compile(r"^(?:the|The|a|A|an|An|one|One|its|his|her)\s+")


def _any_of(name: str) -> str:
    """Return a pattern for the words of one list of the table on speech, longest first."""
    words = sorted(cue_table("speech")[name], key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, words))})"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of an attribution; the group "who" holds the speaker."""
    verb = _any_of("verbs")
    body = (
        rf"(?<![\w.'’-])(?:[A-Za-z]{_WORD}\s+){{0,5}}?"
        + _any_of("bodies")
        + r"(?:\s+(?:of|for|in)\s+(?:the\s+)?"
        rf"(?:[A-Z]{_WORD}(?:\s+[A-Z]{_WORD}){{0,4}}|(?:defen[cs]e|foreign)\s+\w+))?"
    )
    who = rf"(?P<who>{_NAME}|(?:the|a|an|one|its|his|her|two)\s+{body}|{body})"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"[,”\"]\s*(?:according\s+to|{verb})\s+{who}",
            rf"(?:[Aa]ccording\s+to|, says?|in the words of)\s+{who}",
            rf"{who}(?:,[^,.;]{{3,80}},)?\s+(?:also\s+|has\s+|have\s+|later\s+|then\s+)?{verb}\b",
        )
    )


@cache
def _title() -> re.Pattern[str]:
    """Return the pattern of what stands before a name: "German Foreign Minister"."""
    article = r"the|a|an|one|its|his|her|[A-Z][\w.]*(?:ish|an|ese|ch|ian|i)"
    office = r"(?:of\s+(?:State|Defen[cs]e|War|the\s+Treasury)\s+)?"
    return re.compile(
        rf"^(?:(?:{article}|{_any_of('openers')})\s+)*(?:{_any_of('qualifiers')}\s+)*"
        rf"{_any_of('titles')}\s+{office}(?=[A-Z])"
    )


def speaker_in(sentence: str) -> str | None:
    """Return the speaker to whom a sentence attributes what it says, None where to nobody."""
    for pattern in _patterns():
        found = pattern.search(sentence)
        if found is not None:
            return clean(found.group("who"))
    return None


def clean(name: str) -> str | None:
    """Strip article and title from a name."""
    name = _title().sub("", name.strip())
    name = _ARTICLE.sub("", name).rstrip(".,'’ ")
    if name.endswith(("'s", "’s")):
        name = name[:-2]
    return name if name and name.lower() not in word_set("nobody") else None
