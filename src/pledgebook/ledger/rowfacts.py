"""What is to be told of an imported row: which data set and release it is of, and if it counts."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.ledger.release_view import RowPlace

__all__ = ["row_facts", "row_notes"]

_OUTSIDE = (
    "it is compared with the reports and not counted, unless it is judged `same` as a report's "
    "statement, or `counted`"
)


def row_facts(places: Sequence[RowPlace]) -> dict[str, str]:
    """Return data set, release and row in plain words; nothing for the document of a report."""
    if not places:
        return {}
    first = places[0]
    state = "current" if first.release.current else "superseded"
    names = [one.release.name for one in places[1:] if one.release.name != first.release.name]
    also = f"; also in {', '.join(names)}" if names else ""
    return {
        "data set": first.release.dataset,
        "release": f"{first.release.name} ({state}){also}",
        "row": first.origin,
    }


def row_notes(places: Sequence[RowPlace], counts: bool) -> list[str]:
    """Say of a statement which row of which release it is from, and that it does not count."""
    facts = row_facts(places)
    if not facts:
        return []
    line = f"a row of {facts['data set']} {facts['release']}, {facts['row']}"
    return [line if counts else f"{line}: {_OUTSIDE}"]
