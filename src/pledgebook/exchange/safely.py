"""Files that appear whole or not at all, and never over another one unasked."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pledgebook.errors import UsageError

__all__ = ["new_file", "new_folder"]

_INSTEAD = "Give another path, or --force to replace it"


@contextmanager
def new_file(path: Path, *, force: bool = False, never: Collection[Path] = ()) -> Iterator[Path]:
    """Yield a path to write to; what is there at the end takes the place of `path` at one stroke.

    A failure leaves everything as it was. Raises UsageError where `path` cannot be written, is one
    of those that are `never` replaced, or is there already and `force` is not set.
    """
    if path.exists() or path.is_symlink():
        _refuse_kept(path, never)
        if not path.is_file():
            raise UsageError("it is no ordinary file and is left as it is", where=str(path))
        if not force:
            raise UsageError("it is there already", where=str(path), mend=_INSTEAD)
    part = _beside(path)
    try:
        with _plain_errors(path):
            yield part
            with part.open("rb+") as written:
                os.fsync(written.fileno())
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def new_folder(
    path: Path, *, made_of: Collection[str], force: bool = False, never: Collection[Path] = ()
) -> Iterator[Path]:
    """Yield a folder to fill; it takes the place of `path` when it is complete.

    `force` replaces a folder only if it holds nothing but the files that it is `made_of`. Raises
    UsageError where it cannot be written or is there already.
    """
    if path.exists() or path.is_symlink():
        _refuse_kept(path, never)
        if not path.is_dir() or path.is_symlink():
            raise UsageError("it is no folder and is left as it is", where=str(path))
        there = {one.name for one in path.iterdir()}
        if there and not force:
            raise UsageError("it is there already", where=str(path), mend=_INSTEAD)
        if strange := sorted(there - set(made_of)):
            raise UsageError(
                f"this folder holds other files too, such as {strange[0]}, and is left as it is",
                where=str(path),
                mend="Give a folder that is not there yet",
            )
    part = _beside(path)
    old = part.with_name(f"{part.name}.old")
    try:
        with _plain_errors(path):
            part.mkdir()
            yield part
            if path.exists():
                path.replace(old)
            try:
                part.replace(path)
            except OSError:
                with suppress(OSError):
                    old.replace(path)
                raise
    finally:
        for left in (part, old):
            shutil.rmtree(left, ignore_errors=True)


def _beside(path: Path) -> Path:
    if not path.parent.is_dir():
        raise UsageError(
            "its folder is not there", where=str(path), mend="Make it, or give another path"
        )
    return path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")


def _refuse_kept(path: Path, never: Collection[Path]) -> None:
    for kept in never:
        if kept.exists() and path.exists() and path.samefile(kept):
            raise UsageError(
                "this is the book itself, or belongs to it, and is not overwritten",
                where=str(path),
                mend="Give another path",
            )


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"it cannot be written ({error.strerror or error})",
            where=str(path),
            mend="Check the rights on the folder and the space on the disk",
        ) from error
