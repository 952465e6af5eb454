"""From what a form gave to the items of a job: files into a folder, text into a file, addresses."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from pledgebook.documents import Source
from pledgebook.errors import UsageError
from pledgebook.reporting.plain import one_line
from pledgebook.web.gathering.jobs import Item

__all__ = ["MOST_FILES", "address_items", "file_items", "new_folder", "text_items"]

MOST_FILES = 200
_MOST_ADDRESSES = 50
_LONGEST_NAME = 120


def new_folder() -> Path:
    """Return a folder of this process alone, for the files of one job."""
    return Path(tempfile.mkdtemp(prefix="pledgebook-upload-"))


def file_items(files: Iterable[tuple[str, BinaryIO]], folder: Path) -> list[Item]:
    """Write files into a folder, under names of ours; their own are only shown.

    The ending of the name is kept, since it tells the format. Raises UsageError.
    """
    found = []
    for number, (name, stream) in enumerate(files):
        if number >= MOST_FILES:
            raise UsageError(
                f"more than {MOST_FILES} files were given at once",
                mend="Give fewer, or read the folder with `pledgebook read`",
            )
        shown = _shown(name)
        suffix = PurePosixPath(shown).suffix.casefold()
        path = folder / f"{number}{suffix if suffix[1:].isalnum() else ''}"
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file)
        found.append(Item(shown, Source(f"upload: {shown}", path, size=path.stat().st_size)))
    return found


def text_items(text: str, title: str, folder: Path) -> list[Item]:
    """Write a text that was pasted into a folder; its title stands above it."""
    if not text.strip():
        raise UsageError("the text is empty", mend="Paste the words of a report")
    shown = _shown(title) if title.strip() else "pasted text"
    path = folder / "pasted.txt"
    whole = f"{title.strip()}\n\n{text}" if title.strip() else text
    # What a browser sends may hold halves of signs; they have no UTF-8.
    path.write_bytes(whole.replace("\r\n", "\n").encode("utf-8", "replace"))
    return [Item(shown, Source(f"pasted: {shown}", path, size=path.stat().st_size))]


def address_items(addresses: str) -> list[Item]:
    """Return the addresses of a field, one a line. Raises UsageError for what is none."""
    lines = [line.strip() for line in addresses.splitlines() if line.strip()]
    if len(lines) > _MOST_ADDRESSES:
        raise UsageError(
            f"more than {_MOST_ADDRESSES} addresses were given at once",
            mend="Give fewer, or read them with `pledgebook read`",
        )
    for line in lines:
        if not line.casefold().startswith(("http://", "https://")):
            raise UsageError(
                f"{one_line(line)[:200]!r} is no address of a page",
                mend="An address begins with https:// or http://",
            )
    return [Item(line, Source(line, url=line)) for line in lines]


def _shown(name: str) -> str:
    """Return the last part of a file's name, on one line and not too long."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return one_line(last)[-_LONGEST_NAME:].strip() or "file"
