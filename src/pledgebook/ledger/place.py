"""Where the book is if nobody says otherwise, and the user's additions to its catalogue."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["additions", "default_place", "file_of", "plans_folder"]

_SQLITE_URL = "sqlite:///"


def default_place() -> str:
    """Return the path or URL in PLEDGEBOOK_DB, or else a file among the user's data."""
    given = os.environ.get("PLEDGEBOOK_DB")
    if given:
        return given
    from platformdirs import user_data_path

    return str(user_data_path("pledgebook") / "book.db")


def file_of(path_or_url: str | Path) -> Path | None:
    """Return the file of a book that is kept in one, None for a database server."""
    text = str(path_or_url)
    if "://" in text and not text.startswith(_SQLITE_URL):
        return None
    return Path(text.removeprefix(_SQLITE_URL)).expanduser().absolute()


def plans_folder(place: str) -> Path | None:
    """Return the folder beside a book in which the app keeps scenarios, None for a server."""
    book = file_of(place)
    return None if book is None else book.with_name(f"{book.name}.plans")


def additions(place: str) -> Path | None:
    """Return the user's additions to the catalogue: beside a file, or as PLEDGEBOOK_CATALOGUE."""
    if "://" not in place:
        book = Path(place)
        beside = book.with_name(f"{book.stem}.catalogue.toml")
        if beside.exists():
            return beside
    given = os.environ.get("PLEDGEBOOK_CATALOGUE")
    return Path(given) if given else None
