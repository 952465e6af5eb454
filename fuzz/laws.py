"""Laws that several harnesses share; each raises AssertionError where it does not hold."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Statement

__all__ = ["interval", "resting_on", "spans_in", "when"]


def spans_in(text: str, spans: Iterable[tuple[int, int]]) -> None:
    """Hold spans to a text: inside it, not empty, in order, none over another."""
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text), (last, start, end, len(text))
        last = end


def interval(low: float | None, high: float | None) -> None:
    """Hold an interval to having an end, and ends to being numbers from zero on, in order."""
    assert low is not None or high is not None
    for end in (low, high):
        assert end is None or (math.isfinite(end) and end >= 0), (low, high)
    assert low is None or high is None or low <= high, (low, high)


def when(written: str) -> tuple[dt.date, dt.date]:
    """Hold a period to the calendar, and its end to lie no sooner than its beginning."""
    return bounds(written)


def resting_on(document: Document, statements: Iterable[Statement]) -> None:
    """Hold statements to what they quote, word for word, and their grounds to the text."""
    text = document.text
    for statement in statements:
        evidence = statement.evidence
        assert evidence.document == document.id
        assert text[evidence.start : evidence.end] == evidence.quote
        for ground in statement.grounds:
            assert 0 <= ground.start < ground.end <= len(text), ground
        if statement.when is not None:
            when(statement.when)
