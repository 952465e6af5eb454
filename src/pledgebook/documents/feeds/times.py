"""Times as feeds and servers write them: dates of entries, pauses between polls, Retry-After."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from pledgebook.documents.dates import plausible

__all__ = ["LONGEST_PAUSE", "cache_pause", "day_of", "retry_after", "update_pause"]

LONGEST_PAUSE = dt.timedelta(days=1)
"""A feed that asks for more than this is looked at once a day all the same."""

_LONGEST_RETRY = dt.timedelta(days=7)
_LONGEST_TEXT = 100
_PERIODS = {"hourly": 1.0, "daily": 24.0, "weekly": 168.0, "monthly": 720.0, "yearly": 8760.0}
_MAX_AGE = re.compile(r"(?:^|[\s,])(?:s-)?max-age\s*=\s*\"?(\d{1,10})")
_DAY_ONLY = re.compile(r"(?:[A-Za-z]{2,9}\.?,?\s+)?(\d{1,2}\s+[A-Za-z]{3,9}\s+\d{4})")


def day_of(text: str | None, today: dt.date) -> dt.date | None:
    """Return the day that an entry states, in the zone in which it states it.

    None where it is none, lies before 1990, or later than tomorrow: a feed that dates its articles
    ahead does not say when they were published.
    """
    text = (text or "").strip()
    if not text or len(text) > _LONGEST_TEXT:
        return None
    return plausible(_iso(text) or _rfc822(text), today)


def _iso(text: str) -> dt.date | None:
    try:
        return dt.datetime.fromisoformat(text).date()
    except ValueError:
        pass
    # Fractions of other lengths, and zones that Python does not know: the day is what counts.
    try:
        return dt.date.fromisoformat(text[:10]) if text[10:11] in ("T", "t", " ", "Z") else None
    except ValueError:
        return None


def _rfc822(text: str) -> dt.date | None:
    bare = _DAY_ONLY.fullmatch(text)
    try:
        return parsedate_to_datetime(f"{bare[1]} 00:00:00 +0000" if bare else text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def update_pause(
    ttl: str | None = None, period: str | None = None, frequency: str | None = None
) -> dt.timedelta | None:
    """Return the longer of what `ttl` (minutes) and sy:updatePeriod and its frequency ask for."""
    asked = []
    minutes = _number(ttl)
    if minutes:
        asked.append(dt.timedelta(minutes=minutes))
    hours = _PERIODS.get((period or "").strip().lower())
    if hours is not None:
        asked.append(dt.timedelta(hours=hours / max(1.0, _number(frequency) or 1.0)))
    return min(max(asked), LONGEST_PAUSE) if asked else None


def cache_pause(header: str | None) -> dt.timedelta | None:
    """Return for how long Cache-Control calls the answer fresh; None where it says nothing."""
    found = _MAX_AGE.search((header or "").lower())
    if found is None or int(found[1]) == 0:
        return None
    return min(dt.timedelta(seconds=min(int(found[1]), 10**9)), LONGEST_PAUSE)


def retry_after(header: str | None, now: dt.datetime) -> dt.datetime | None:
    """Return the instant from which a server may be asked again, a week ahead at most."""
    text = (header or "").strip()
    if not text or len(text) > _LONGEST_TEXT:
        return None
    if text.isascii() and text.isdigit():
        return now + min(dt.timedelta(seconds=min(int(text), 10**9)), _LONGEST_RETRY)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)
    return min(max(at.astimezone(dt.UTC), now), now + _LONGEST_RETRY)


def _number(text: str | None) -> float | None:
    try:
        found = float((text or "").strip()[:10])
    except ValueError:
        return None
    # A feed that asks for a million years is as one that asks for one; a NaN is neither.
    return min(found, 525_600.0) if found > 0 else None
