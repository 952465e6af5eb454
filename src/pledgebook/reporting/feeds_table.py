"""Feeds that are watched, as a table for a terminal, as lines while they are polled, as records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from pledgebook.ledger.feeds.watched import EntryState, FeedState, PollReport, WatchedFeed
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.plain import one_line

__all__ = ["feed_records", "feeds_table", "outcome_text", "poll_line"]

_OUTCOMES = {
    "new": "new",
    "unchanged": "unchanged",
    "later": "asked to come back later",
    "failed": "failed",
    "gone": "gone for good; polled no more",
    "refused": "not allowed",
    "too soon": "polled a moment ago",
    "busy": "another watcher polls it",
    "paused": "paused",
    "removed": "removed",
}
_STYLES = {FeedState.GONE: "red", FeedState.PAUSED: "yellow"}


def feeds_table(feeds: Sequence[WatchedFeed], now: dt.datetime) -> RenderableType:
    """Return feeds with their last and next poll, what was found and read, and what is wrong."""
    if not feeds:
        return Text(
            "No feed is watched. Name some in a file, `pledgebook watch feeds.toml`, "
            "or add one: pledgebook watch --add URL"
        )
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("feed", overflow="fold", ratio=1)
    table.add_column("last poll", no_wrap=True)
    table.add_column("next", no_wrap=True)
    table.add_column("found", justify="right")
    table.add_column("read", justify="right")
    table.add_column("wait", justify="right")
    table.add_column("failed", justify="right")
    table.add_column("problem", overflow="fold", ratio=1)
    short = short_ids([one.id for one in feeds])
    for one in feeds:
        counts = one.entries
        table.add_row(
            Text(short[one.id], style="dim"),
            Text(one_line(one.name)),
            Text(_time(one.polled_at) or "never"),
            Text(_next(one, now), style=_STYLES.get(one.state, "")),
            Text(f"{sum(counts.values()):,}"),
            Text(f"{counts.get(EntryState.READ, 0):,}"),
            Text(f"{counts.get(EntryState.WAITING, 0):,}"),
            Text(f"{counts.get(EntryState.FAILED, 0):,}"),
            Text(one_line(one.problem or ""), style="red" if one.failures else "yellow"),
        )
    return table


def outcome_text(outcome: str) -> str:
    """Return how a poll ended (`PollReport.outcome`), in words."""
    return _OUTCOMES.get(outcome, outcome)


def poll_line(report: PollReport) -> str:
    """Return what one poll did, on a line."""
    parts = [outcome_text(report.outcome)]
    if report.found:
        parts.append(f"{report.found:,} found")
    if report.read:
        parts.append(f"{report.read:,} read, {_statements(report.statements)}")
    if report.waiting:
        parts.append(f"{report.waiting:,} wait for the next poll")
    if report.next_at is not None and report.outcome != "gone":
        parts.append(f"next {_time(report.next_at)}")
    return f"{_time(report.at)} {one_line(report.feed.name)}: {', '.join(parts)}"


def feed_records(feeds: Sequence[WatchedFeed]) -> list[dict[str, Any]]:
    """Return feeds as plain data: what was said of each, and what was seen."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "url": one.settings.url,
            "polled_at_url": one.url,
            "state": one.state.value,
            "settings": one.settings.model_dump(mode="json"),
            "added_by": one.added_by,
            "added_at": one.added_at.isoformat(),
            "last_poll": None if one.polled_at is None else one.polled_at.isoformat(),
            "next_poll": None if one.next_at is None else one.next_at.isoformat(),
            "outcome": one.outcome or None,
            "failures": one.failures,
            "problem": one.problem,
            "entries": {state.value: one.entries.get(state, 0) for state in EntryState},
        }
        for one in feeds
    ]


def _next(feed: WatchedFeed, now: dt.datetime) -> str:
    if feed.state is not FeedState.ACTIVE:
        return feed.state.value
    return "now" if feed.next_at is None or feed.next_at <= now else _time(feed.next_at)


def _time(at: dt.datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"


def _statements(count: int) -> str:
    return f"{count:,} statement{'' if count == 1 else 's'}"
