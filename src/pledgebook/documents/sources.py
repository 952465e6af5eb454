"""What the user named, spelled out: files, the files of folders and globs, URLs, standard input."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pledgebook.errors import Problem

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
# A book and what SQLite keeps beside it.
_BOOK = re.compile(r"\.(?:db|sqlite3?)(?:-wal|-shm|-journal)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that will be read: a file, a URL or standard input."""

    origin: str
    """The path or URL as the user gave it or as it was found, or `-`."""
    path: Path | None = None
    url: str | None = None
    size: int | None = None
    """Bytes, where they are known before reading: what a progress bar counts."""
    named: bool = True
    """Whether the user named it, rather than the folder or pattern that it is in."""


def expand(sources: Iterable[str | Path | Source]) -> Iterator[Source | Problem]:
    """Yield what `load` will read, in that order, without opening anything.

    Folders are searched through, in sorted order and without hidden files and books; a file that
    is reached twice is read once. What does not exist is a `Problem` in its place.
    """
    seen: set[str] = set()
    for source in sources:
        for found in _expand(source):
            if isinstance(found, Problem):
                yield found
                continue
            key = os.path.realpath(found.path) if found.path else found.origin
            if key not in seen:
                seen.add(key)
                yield found


def _expand(source: str | Path | Source) -> Iterator[Source | Problem]:
    if isinstance(source, Source):
        yield source
        return
    name = str(source)
    shown = _shown(name)
    if isinstance(source, str):
        if name == "-":
            yield Source(origin="-")
            return
        if _URL.match(name):
            yield Source(origin=shown, url=shown)
            return
    try:
        path = Path(name)
        if path.is_dir():
            yield from _folder(path)
        elif path.exists() or path.is_symlink():
            yield _file(path, named=True)
        elif glob.has_magic(name):
            yield from _matches(name)
        else:
            yield _missing(shown)
    except (OSError, ValueError) as error:
        yield _unreadable(shown, error)


def _matches(pattern: str) -> Iterator[Source | Problem]:
    found = False
    for name in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207 - absolute patterns
        path = Path(name)
        if path.is_dir():
            if "**" not in pattern:
                found = True
                yield from _folder(path)
        elif not _BOOK.search(name):
            found = True
            yield _file(path, named=False)
    if not found:
        yield _missing(_shown(pattern), "no file matches this pattern")


def _folder(folder: Path) -> Iterator[Source | Problem]:
    faults: list[OSError] = []
    found = False
    for root, folders, names in os.walk(folder, onerror=faults.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and not _BOOK.search(name):
                found = True
                yield _file(Path(root) / name, named=False)
    for fault in faults:
        yield _unreadable(_shown(str(fault.filename or folder)), fault)
    if not found and not faults:
        yield Problem(
            code="empty-folder",
            what="the folder holds no file to read",
            source=_shown(str(folder)),
            severity="warning",
        )


def _file(path: Path, *, named: bool) -> Source:
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:
        size = None
    return Source(origin=_shown(str(path)), path=path, size=size, named=named)


def _shown(name: str) -> str:
    """Return a name that can be stored and printed: in a path any bytes may stand."""
    return name.encode("utf-8", "replace").decode("utf-8") if not name.isascii() else name


def _missing(name: str, what: str = "there is no such file or folder") -> Problem:
    return Problem(
        code="source-missing", what=what, source=name, mend="check the spelling and the folder"
    )


def _unreadable(name: str, error: Exception) -> Problem:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Problem(
        code="unreadable",
        what=f"it cannot be read ({reason})",
        source=name,
        mend="check the name and its permissions",
    )
