"""A look at a feed itself: whether it has changed, what it announces, when it is due again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from dataclasses import dataclass

from pledgebook.documents.feeds.entries import FeedEntry, ParsedFeed
from pledgebook.documents.feeds.parsing import MAX_FEED_BYTES, parse_feed
from pledgebook.documents.feeds.polite import Got, LaterError, Polite, RobotsError
from pledgebook.documents.feeds.times import LONGEST_PAUSE, cache_pause
from pledgebook.documents.feeds.words import is_wanted
from pledgebook.documents.fetch import RefusalError
from pledgebook.errors import FetchError, PledgebookError, Problem, SourceError
from pledgebook.ledger.feeds.memory import Claim, Seen
from pledgebook.ledger.store import Clock

__all__ = ["Look", "look"]

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_OK, _NOT_MODIFIED, _GONE = 200, 304, 410
_MOST_DOUBLINGS = 10
_REFUSED_AGAIN = dt.timedelta(days=1)
_LONGEST_HEADER = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """What a look came to, and what is to be written of it."""

    seen: Seen
    entries: tuple[FeedEntry, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What the book is to keep."""
    passing: Problem | None = None
    """What waiting will mend: told now, and no fault for the book to keep."""


def look(claim: Claim, polite: Polite, clock: Clock) -> Generator[float, None, Look]:
    """Ask for a feed, yielding the seconds to wait; whatever goes wrong is in what it returns."""
    headers = {"Accept": _ACCEPT}
    if claim.etag is not None:
        headers["If-None-Match"] = claim.etag
    if claim.last_modified is not None:
        headers["If-Modified-Since"] = claim.last_modified
    try:
        got = yield from polite.get(claim.url, headers, max_bytes=MAX_FEED_BYTES)
        return _looked(claim, got, clock())
    except LaterError as error:
        # A host that is only not to be asked yet has failed nobody: the feed waits for it.
        failures = claim.failures + error.failed
        wait = _pause(claim, claim.pause, failures) if error.failed else dt.timedelta(0)
        at = max(error.again, clock() + wait)
        return _missed(claim, "later", error, at, failures)
    except (RobotsError, RefusalError) as error:
        found = _missed(claim, "refused", error, clock() + _REFUSED_AGAIN, claim.failures + 1)
        return _told(claim, found, error, "feed-refused")
    except SourceError as error:
        failures = claim.failures + 1
        at = clock() + _pause(claim, claim.pause, failures)
        found = _missed(claim, "failed", error, at, failures)
        return _told(claim, found, error, "feed-failed")


def _looked(claim: Claim, got: Got, now: dt.datetime) -> Look:
    """Return what an answer says. Raises SourceError where it is no feed."""
    answer = got.answer
    if answer.status == _GONE:
        what = "the feed is gone for good (410), and is polled no more"
        mend = "take it out, or give its new address; resuming it polls it again"
        problem = Problem(code="feed-gone", what=what, source=claim.url, mend=mend)
        seen = _kept(claim, "gone", now + LONGEST_PAUSE, 0, str(problem), gone=True)
        return Look(seen, problems=(problem,))
    fresh = cache_pause(answer.headers.get("cache-control"))
    if answer.status == _NOT_MODIFIED:
        return Look(_kept(claim, "unchanged", now + _pause(claim, claim.pause, 0), 0))
    if answer.status != _OK:
        what = f"it answers {answer.status} {answer.phrase}".rstrip()
        mend = "open it in a browser, and give its new address if it has one"
        raise FetchError(what, where=claim.url, mend=mend)
    parsed = parse_feed(answer.content, answer.url, today=now.date(), charset=answer.charset)
    pause = max(parsed.pause or dt.timedelta(0), fresh or dt.timedelta(0))
    seen = Seen(
        outcome="new",
        next_at=now + _pause(claim, pause, 0),
        url=got.moved_to or claim.url,
        title=parsed.title,
        etag=_header(answer.headers.get("etag")),
        last_modified=_header(answer.headers.get("last-modified")),
        pause=pause,
    )
    return Look(seen, _wanted(claim, parsed), _remarks(claim, parsed))


def _wanted(claim: Claim, parsed: ParsedFeed) -> tuple[FeedEntry, ...]:
    said = claim.feed.settings
    return tuple(one for one in parsed.entries if is_wanted(one, said.include, said.exclude))


def _remarks(claim: Claim, parsed: ParsedFeed) -> tuple[Problem, ...]:
    return tuple(
        Problem(code="feed-remark", what=says, source=claim.url, severity="warning")
        for says in parsed.remarks
    )


def _pause(claim: Claim, asked: dt.timedelta, failures: int) -> dt.timedelta:
    """Return how long to leave a feed alone: the longest of what we, it, and its failures say."""
    usual = max(claim.feed.settings.every, asked)
    if not failures:
        return usual
    doubled = claim.feed.settings.every * (1 << min(failures - 1, _MOST_DOUBLINGS))
    return max(usual, min(doubled, LONGEST_PAUSE))


def _missed(
    claim: Claim, outcome: str, error: PledgebookError, at: dt.datetime, failures: int
) -> Look:
    problem = Problem.from_error(error, code=f"feed-{outcome}", source=claim.url)
    warning = problem.model_copy(update={"severity": "warning"})
    return Look(_kept(claim, outcome, at, failures, str(problem)), passing=warning)


def _told(claim: Claim, found: Look, error: PledgebookError, code: str) -> Look:
    """Add the problem that the book is to keep of a feed that no wait alone will mend."""
    problem = Problem.from_error(error, code=code, source=claim.url)
    return Look(found.seen, problems=(problem,))


def _kept(
    claim: Claim,
    outcome: str,
    at: dt.datetime,
    failures: int,
    problem: str | None = None,
    *,
    gone: bool = False,
) -> Seen:
    """Return what was seen where the feed itself was not: all that is known of it stays."""
    return Seen(
        outcome=outcome,
        next_at=at,
        url=claim.url,
        etag=claim.etag,
        last_modified=claim.last_modified,
        pause=claim.pause,
        failures=failures,
        problem=problem,
        gone=gone,
    )


def _header(value: str | None) -> str | None:
    """Return what can be sent back as it came; None for what is too long to be meant so."""
    return value if value and len(value) <= _LONGEST_HEADER and value.isprintable() else None
