"""A folder that is written to, by path or fsspec URL: files appear in it whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from pledgebook.errors import BulkError, UsageError

__all__ = ["Place", "place_at"]

# There a file is visible when it is whole; elsewhere it is written beside, and then renamed.
_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss", "memory"})
_AT_ONCE = 8
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Place:
    """One folder, local or anywhere that fsspec reaches. Every name in it is relative to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            found: tuple[Any, str] = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(
                f"it cannot be reached ({error})",
                where=url,
                mend="Install what fsspec needs for it, or give another place",
            ) from error
        self._system, self._root = found[0], found[1].rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine's own file system."""
        return isinstance(self._system, LocalFileSystem)

    def path(self, name: str) -> str:
        """Return what names a file to a library: a path, or a URL with its protocol."""
        full = f"{self._root}/{name}"
        return full if self.is_local else str(self._system.unstrip_protocol(full))

    def write(self, name: str, data: bytes, *, settled: bool = True) -> None:
        """Write a file: it is there whole on return, and durable. Raises BulkError.

        One that is not `settled` a power cut may take until `settle` was called for it.
        """
        full = f"{self._root}/{name}"
        with self._telling(name):
            if self.is_local:
                _write_local(Path(full), data, settled=settled)
            elif set(_protocols(self._system)) & _WHOLE:
                self._system.pipe_file(full, data)
            else:
                self._write_beside(full, data)

    def settle(self, names: Sequence[str]) -> None:
        """Have files outlive a power cut that were written without; those not there count not.

        For many at a time the disk is waited for about once. Raises BulkError.
        """
        if names and self.is_local:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                for _ in pool.map(self._settle, names):
                    pass

    def _settle(self, name: str) -> None:
        with (
            self._telling(name),
            contextlib.suppress(FileNotFoundError),
            # Windows asks for a file that could be written to.
            Path(self.path(name)).open("r+b") as file,
        ):
            os.fsync(file.fileno())

    def read(self, name: str) -> bytes:
        """Return the bytes of a file. Raises FileNotFoundError where there is none."""
        with self._telling(name):
            data: bytes = self._system.cat_file(f"{self._root}/{name}")
            return data

    def names(self, folder: str) -> list[str]:
        """Return the names of all files under a folder, sorted; none where it does not exist."""
        with self._telling(folder):
            self._system.invalidate_cache()
            top = f"{self._root}/{folder}" if folder else self._root
            try:
                found: list[str] = self._system.find(top)
            except FileNotFoundError:
                return []
            length = len(self._root) + 1
            return sorted(one[length:] for one in found)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with self._telling(name), contextlib.suppress(FileNotFoundError):
            self._system.rm_file(f"{self._root}/{name}")

    def _write_beside(self, full: str, data: bytes) -> None:
        beside = f"{full}.{secrets.token_hex(4)}.part"
        self._system.makedirs(full.rpartition("/")[0], exist_ok=True)
        try:
            self._system.pipe_file(beside, data)
            self._system.mv(beside, full)
        except BaseException:
            with contextlib.suppress(OSError):
                self._system.rm_file(beside)
            raise

    @contextlib.contextmanager
    def _telling(self, name: str) -> Iterator[None]:
        """Turn what the system says into one sentence."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            if error.errno in _FULL:
                what, mend = "there is no room left to write it", "Free some and run it again"
            else:
                what = f"it cannot be used ({error.strerror or error})"
                mend = "Check the place and its permissions, and run it again"
            raise BulkError(what, where=f"{self.url}/{name}", mend=mend) from error


@lru_cache(maxsize=16)
def place_at(url: str) -> Place:
    """Return a place by its path or URL; it is looked up once in a process."""
    return Place(url)


def _protocols(system: Any) -> tuple[str, ...]:  # noqa: ANN401 - fsspec has no types
    named = system.protocol
    return (named,) if isinstance(named, str) else tuple(named)


def _write_local(path: Path, data: bytes, *, settled: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
            if settled:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
