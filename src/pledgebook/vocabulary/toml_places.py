"""On which line of a TOML file each key stands: `tomllib` tells values, and no places.

The text must be TOML that `tomllib` has read: what it refuses is not looked for again here.
Grammar: https://toml.io/en/v1.0.0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["Path", "find_line", "key_lines"]

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LITERAL = re.compile(r"'([^']*)'")
# Up to two quotes may stand right before the closing three.
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each key, table and element: {("line", 0, "price"): 12}."""
    return _Scanner(text).scan()


def find_line(lines: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of a path, or of the nearest thing around it that is written down."""
    for length in range(len(path), 0, -1):
        if (line := lines.get(path[:length])) is not None:
            return line
    return None


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counted, self._line = 0, 1
        self._lines: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self._lines

    def _header(self) -> Path:
        many = self._text.startswith("[[", self._at)
        line = self._here()
        self._at += 2 if many else 1
        self._skip(_SPACE)
        keys = self._keys()
        self._skip(_SPACE)
        self._at += 2 if many else 1
        path = self._reach((), keys[:-1], line)
        named = (*path, keys[-1])
        self._lines.setdefault(named, line)
        if many:
            number = self._lengths.get(named, 0)
            self._lengths[named] = number + 1
            named = (*named, number)
            self._lines[named] = line
        elif named in self._lengths:
            named = (*named, self._lengths[named] - 1)
        return named

    def _pair(self, table: Path) -> None:
        line = self._here()
        keys = self._keys()
        self._skip(_SPACE)
        self._at += 1
        self._skip(_SPACE)
        path = (*self._reach(table, keys[:-1], line), keys[-1])
        self._lines[path] = line
        self._value(path)

    def _reach(self, path: Path, keys: list[str], line: int) -> Path:
        """Follow keys from a table; of an array of tables, its last one is meant."""
        for key in keys:
            path = (*path, key)
            self._lines.setdefault(path, line)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while True:
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return keys
            self._at += 1
            self._skip(_SPACE)
            keys.append(self._key())

    def _key(self) -> str:
        if self._text[self._at] == '"':
            return _unescaped(self._take(_BASIC)[1])
        return self._take(_LITERAL)[1] if self._text[self._at] == "'" else self._take(_BARE_KEY)[0]

    def _value(self, path: Path) -> None:
        sign = self._text[self._at]
        if sign == "[":
            self._array(path)
        elif sign == "{":
            self._inline(path)
        elif sign in "\"'":
            long = self._text.startswith(sign * 3, self._at)
            if sign == '"':
                self._take(_LONG_BASIC if long else _BASIC)
            else:
                self._take(_LONG_LITERAL if long else _LITERAL)
        else:
            self._take(_SCALAR)

    def _array(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self._goes_on("]"):
            element = (*path, number)
            self._lines[element] = self._here()
            self._value(element)
            number += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._goes_on("}"):
            self._pair(path)

    def _goes_on(self, end: str) -> bool:
        """Step over blanks and a comma to the next element; past the end where there is none."""
        self._skip(_BLANK)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_BLANK)
        if self._text[self._at] == end:
            self._at += 1
            return False
        return True

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._take(pattern)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"no TOML at character {self._at}")
        self._at = found.end()
        return found

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")


def _unescaped(key: str) -> str:
    def plain(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _ESCAPES[found[3]]

    return _ESCAPE.sub(plain, key)
