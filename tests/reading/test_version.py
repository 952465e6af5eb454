"""The coder's version names its rules and word tables: books are read anew after a change."""

from __future__ import annotations

from pathlib import Path

import pytest

import pledgebook.reading
from pledgebook.reading import coder
from pledgebook.reading.coders import digest_of


def test_the_version_is_the_same_every_time() -> None:
    before = coder().version
    digest_of.cache_clear()
    assert coder().version == before
    assert len(before) == 12


def test_a_changed_word_table_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    before = coder().version
    room = tmp_path / "reading"
    shutil.copytree(Path(pledgebook.reading.__file__).parent, room)
    with (room / "data" / "en" / "triggers.toml").open("a", encoding="utf-8") as table:
        table.write("\n# one more line\n")
    monkeypatch.setattr("pledgebook.reading.coders.files", lambda _package: room)
    digest_of.cache_clear()
    try:
        assert coder().version != before
    finally:
        digest_of.cache_clear()
