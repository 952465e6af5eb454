"""Column types that hold the same thing, exactly, on every engine."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_MARK = "\x1a"
_UNSAFE = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED = re.compile("\x1a([0-9a-f]{4})")
_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def escape(text: str) -> str:
    """Write characters that an engine refuses (NUL, lone surrogates) as a mark and four digits."""
    return _UNSAFE.sub(lambda match: f"{_MARK}{ord(match.group()):04x}", text)


def unescape(text: str) -> str:
    """Undo `escape`: the text comes back character by character, so that offsets hold."""
    if _MARK not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


class ExactText(TypeDecorator[str]):
    """Text that comes back exactly as it was given, whatever characters it holds."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Escape on the way in."""
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Unescape on the way out."""
        return None if value is None else unescape(value)


class UtcTime(TypeDecorator[dt.datetime]):
    """An instant in UTC, kept as ISO 8601 text to the microsecond, so that text order is time."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> str | None:
        """Write an aware time in UTC; a naive one is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(dt.UTC).strftime(_FORMAT)

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> dt.datetime | None:
        """Read it back as an aware time."""
        if value is None:
            return None
        return dt.datetime.strptime(value, _FORMAT).replace(tzinfo=dt.UTC)
