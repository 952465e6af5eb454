"""The files that lie beside a book: additions to the catalogue, and the scenarios of the app."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from pledgebook.errors import BookError, Problem
from pledgebook.ledger.place import additions, file_of, plans_folder

__all__ = ["files_beside", "lay_beside"]

_CATALOGUE = "catalogue.toml"
_PLANS = "plans"
_KEEP = "Compare the two, and put what you want to keep into your own"


def files_beside(place: str) -> dict[str, bytes]:
    """Return the files that belong to a book and are no part of its database, by name.

    Raises BookError where one cannot be read.
    """
    try:
        return {name: path.read_bytes() for name, path in _found(place)}
    except OSError as error:
        what = f"a file that belongs to the book cannot be read ({error.strerror or error})"
        where = str(error.filename or place)
        raise BookError(what, where=where, mend="Check the rights on it") from error


def lay_beside(place: str, files: Mapping[str, bytes], backup: str) -> list[Problem]:
    """Put the files of a backup where a book has them; those that are there stay as they are."""
    problems = []
    for name, content in sorted(files.items()):
        target = _target(place, name)
        if target is None:
            what = f"{name} was left out: a database server has no place for it"
            mend = "Name a file in PLEDGEBOOK_CATALOGUE, or restore the backup into a file"
        elif target.exists():
            if target.read_bytes() == content:
                continue
            what, mend = f"{target} is there already and says something else: it stays", _KEEP
        else:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                continue
            except OSError as error:
                what = f"{target} cannot be written ({error.strerror or error})"
                mend = "Check the rights on its folder, and restore once more"
        problem = Problem(code="beside", what=what, source=backup, mend=mend, severity="warning")
        problems.append(problem)
    return problems


def _found(place: str) -> Iterator[tuple[str, Path]]:
    own = additions(place)
    if own is not None and own.exists():
        yield _CATALOGUE, own
    folder = plans_folder(place)
    if folder is not None and folder.is_dir():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield f"{_PLANS}/{path.relative_to(folder).as_posix()}", path


def _target(place: str, name: str) -> Path | None:
    book = file_of(place)
    if name == _CATALOGUE:
        if book is not None:
            return book.with_name(f"{book.stem}.catalogue.toml")
        given = os.environ.get("PLEDGEBOOK_CATALOGUE")
        return Path(given) if given else None
    parts = PurePosixPath(name).parts
    folder = plans_folder(place)
    if folder is None or parts[0] != _PLANS or ".." in parts:
        return None
    return folder.joinpath(*parts[1:])
