"""What the user named, as what is sliced: big files one by one, small ones in groups.

Nothing is opened here. Files are put together by their names alone, so that a new file in a folder
leaves the groups of the others as they are.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pledgebook.documents.sources import Source, expand
from pledgebook.errors import Problem, UsageError

__all__ = ["File", "Group", "find_groups"]

Kind = Literal["jsonl", "parquet", "warc", "files"]

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BOOK = re.compile(r"\.(?:db|sqlite3?)(?:-wal|-shm|-journal)?$", re.IGNORECASE)
_SLICED: dict[str, Kind] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".warc": "warc",
    ".warc.gz": "warc",
}
_MOST_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class File:
    """A file: `origin` as a document will name it, `place` to open it by (a path or URL)."""

    origin: str
    place: str
    size: int | None
    named: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What is sliced at one go: a file of many documents, or some files of one or a few."""

    kind: Kind
    files: tuple[File, ...]

    @property
    def origin(self) -> str:
        """The name of the file, or of the first of the group."""
        return self.files[0].origin


def find_groups(sources: Iterable[str | Path], size: int) -> Iterator[Group | Problem]:
    """Yield what the sources hold: files, folders, globs, fsspec URLs; about `size` files a group.

    Raises UsageError for what bulk reading does not take: web pages and standard input.
    """
    waiting: list[File] = []
    seen: set[str] = set()
    for source in sources:
        for found in _found(source):
            if isinstance(found, Problem):
                yield found
                continue
            if found.place in seen:
                continue
            seen.add(found.place)
            kind = _kind(found.origin)
            if kind != "files":
                yield Group(kind, (found,))
                continue
            waiting.append(found)
            if _ends_group(waiting, size):
                yield Group("files", tuple(waiting))
                waiting = []
    if waiting:
        yield Group("files", tuple(waiting))


def _ends_group(files: list[File], size: int) -> bool:
    """Tell whether a group ends here: at every `size`-th file or so, as its name decides."""
    if len(files) >= 2 * size or sum(one.size or 0 for one in files) >= _MOST_BYTES:
        return True
    return zlib.crc32(files[-1].origin.encode("utf-8", "replace")) % size == 0


def _kind(origin: str) -> Kind:
    name = origin.lower()
    return next((kind for end, kind in _SLICED.items() if name.endswith(end)), "files")


def _found(source: str | Path) -> Iterator[File | Problem]:
    name = str(source)
    if name == "-":
        raise UsageError(
            "bulk reading cannot take up standard input where it stopped",
            where="-",
            mend="Write it to a file first, or leave out --bulk",
        )
    if isinstance(source, str) and _URL.match(name):
        yield from _at_url(name)
        return
    for found in expand([source]):
        if isinstance(found, Source) and found.path is not None:
            place = str(found.path.resolve())
            yield File(found.origin, place, found.size, found.named)
        elif isinstance(found, Problem):
            yield found


def _at_url(url: str) -> Iterator[File | Problem]:
    import fsspec

    if urlsplit(url).scheme.lower() in ("http", "https"):
        raise UsageError(
            "web pages are not read in bulk",
            where=url,
            mend="Fetch what you need into a folder first, or leave out --bulk",
        )
    try:
        found: tuple[Any, str] = fsspec.core.url_to_fs(url)
        system, path = found
        listed: dict[str, Any] = system.find(path, detail=True)
    except FileNotFoundError:
        listed = {}
    except (ImportError, OSError, ValueError) as error:
        raise UsageError(
            f"it cannot be reached ({error})", where=url, mend="Install what fsspec needs for it"
        ) from error
    if not listed:
        what, mend = "there is no such file or folder", "check the spelling"
        yield Problem(code="source-missing", what=what, source=url, mend=mend)
    is_file = list(listed) == [path]
    for name in sorted(listed):
        inner = posixpath.relpath(name, path)
        hidden = not is_file and any(part.startswith(".") for part in inner.split("/"))
        if not hidden and (is_file or not _BOOK.search(name)):
            full = str(system.unstrip_protocol(name))
            yield File(full, full, listed[name].get("size"), is_file)
