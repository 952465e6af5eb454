"""Where the book is if nobody says otherwise, and the user's additions to its catalogue."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["additions", "default_place"]


def default_place() -> str:
    """Return the path or URL in PLEDGEBOOK_DB, or else a file among the user's data."""
    given = os.environ.get("PLEDGEBOOK_DB")
    if given:
        return given
    from platformdirs import user_data_path

    return str(user_data_path("pledgebook") / "book.db")


def additions(place: str) -> Path | None:
    """Return the user's additions to the catalogue: beside a file, or as PLEDGEBOOK_CATALOGUE."""
    if "://" not in place:
        book = Path(place)
        beside = book.with_name(f"{book.stem}.catalogue.toml")
        if beside.exists():
            return beside
    given = os.environ.get("PLEDGEBOOK_CATALOGUE")
    return Path(given) if given else None
