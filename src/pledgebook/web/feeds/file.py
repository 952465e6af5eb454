"""The shelf as a file of feeds, to take along, and such a file, to put its feeds on the shelf."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from pledgebook.documents.feeds.feeds_file import FEEDS_FILE, read_feeds
from pledgebook.documents.feeds.settings import FeedsFile
from pledgebook.ledger.feeds.watched import FeedState, WatchedFeed
from pledgebook.reporting.plain import one_line

__all__ = ["read_file", "to_toml"]


def read_file(stream: BinaryIO, name: str) -> FeedsFile:
    """Read a file of feeds that was given. Raises UsageError, FeedsError with all its faults."""
    shown = one_line(name)[-120:] or "the file"
    return read_feeds(FEEDS_FILE.read(stream, shown), shown)


def to_toml(feeds: Iterable[WatchedFeed]) -> str:
    """Return feeds as the file that `pledgebook watch` takes; keys that say nothing are left out.

    A file says nothing of pauses: a comment does.
    """
    lines = ["# Feeds, for `pledgebook watch feeds.toml`.", ""]
    for one in feeds:
        lines.append("[[feed]]")
        if one.state is not FeedState.ACTIVE:
            lines[-1] += f"  # {one.state.value}"
        lines += [f"{key} = {_value(value)}" for key, value in one.settings.record().items()]
        lines.append("")
    return "\n".join(lines)


def _value(value: Any) -> str:  # noqa: ANN401 - what a setting may be
    """Return a value as TOML has it: for texts, numbers and lists that is how JSON has them."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
