"""Column types that hold the same thing, exactly, on every engine."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Text, column, literal, select
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

_MARK = "\x1a"
_UNSAFE = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED = re.compile("\x1a([0-9a-f]{4})")
_FIRST, _LAST = dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999)  # noqa: DTZ001


def escape(text: str) -> str:
    """Write characters that an engine refuses (NUL, lone surrogates) as a mark and four digits."""
    return _UNSAFE.sub(lambda match: f"{_MARK}{ord(match.group()):04x}", text)


def unescape(text: str) -> str:
    """Undo `escape`: the text comes back character by character, so that offsets hold."""
    if _MARK not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)


def in_utc(value: dt.datetime) -> dt.datetime:
    """Return an instant as a book keeps it. Raises ValueError for a time without a zone."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    try:
        return value.astimezone(dt.UTC)
    except OverflowError:
        # It lies before the first or after the last day that there is.
        return (_FIRST if value.year == 1 else _LAST).replace(tzinfo=dt.UTC)


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
        # Not strftime: it writes the year 999 with three digits, which sort after four.
        return in_utc(value).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> dt.datetime | None:
        """Read it back as an aware time."""
        if value is None:
            return None
        return dt.datetime.fromisoformat(value)


class _Elements(FunctionElement[str]):
    """The elements of a JSON list of texts, as rows with a column `value`."""

    name = "elements"
    inherit_cache = True


@compiles(_Elements, "sqlite")
def _each(element: _Elements, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_Elements, "postgresql")
def _elements(element: _Elements, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **more)} AS JSON))"


def among(of: ColumnElement[str], ids: Iterable[str]) -> ColumnElement[bool]:
    """Tell whether a column is one of these ids, however many they are.

    IN takes a parameter for each, of which SQLite allows 32,766 and PostgreSQL 65,535 in a
    statement; here one holds them all.
    """
    listed = _Elements(literal(json.dumps(list(ids)))).alias("wanted")
    return of.in_(select(column("value")).select_from(listed))
