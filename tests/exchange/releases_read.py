"""What importers hand over, turned into statements as the book stores them."""

from __future__ import annotations

from pathlib import Path

from pledgebook.exchange.importing import readings
from pledgebook.exchange.rows import Release
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Statement

DATA = Path(__file__).parent / "data"
CATALOGUE = load_catalogue()
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def statements(release: Release) -> dict[str, list[Statement]]:
    """Return the statements of each row by its key; none of them may break the coding book."""
    broken = list(release.problems)
    before = len(broken)
    rows = readings(release, CATALOGUE, "1", broken)
    assert broken[before:] == []
    found: dict[str, list[Statement]] = {}
    for row in rows:
        for statement in row.reading.statements:
            evidence = statement.evidence
            text = row.reading.document.text
            assert text[evidence.start : evidence.end] == evidence.quote
        found.setdefault(row.key, []).extend(row.reading.statements)
    return found


def every(release: Release) -> list[Statement]:
    """Return all statements of a release, in order."""
    return [statement for row in statements(release).values() for statement in row]


def codes(release: Release) -> list[str]:
    """Return the codes of the problems of a release, in order."""
    return [problem.code for problem in release.problems]
