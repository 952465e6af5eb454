"""Bytes of a source: opened by path or fsspec URL, whole or as a window on a piece of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pledgebook.documents.draft import HEAD_BYTES

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from pledgebook.bulk.inputs import File

__all__ = ["open_file", "window"]


def open_file(file: File) -> BinaryIO:
    """Open a file by its path or URL, for reading bytes anywhere in it. Raises OSError."""
    import fsspec

    found: tuple[Any, str] = fsspec.core.url_to_fs(file.place)
    return cast("BinaryIO", found[0].open(found[1], "rb"))


def window(stream: BinaryIO, start: int, end: int) -> io.BufferedReader[Any]:
    """Return a stream of the bytes from `start` to `end` of another; nothing is read ahead."""
    stream.seek(start)
    return io.BufferedReader(_Window(stream, end - start), HEAD_BYTES)


class _Window(io.RawIOBase):
    def __init__(self, stream: BinaryIO, left: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._stream.read(min(self._left, len(view)))
        view[: len(data)] = data
        self._left -= len(data)
        return len(data)
