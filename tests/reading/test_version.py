"""The coder's version names its rules and word tables: books are read anew after a change."""

from __future__ import annotations

from pathlib import Path

import pytest

import pledgebook.reading
from pledgebook.reading import coder_version


def test_the_version_is_the_same_every_time() -> None:
    before = coder_version()
    coder_version.cache_clear()
    assert coder_version() == before
    assert len(before) == 12


def test_a_changed_word_table_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.resources
    import shutil

    before = coder_version()
    room = tmp_path / "reading"
    shutil.copytree(Path(pledgebook.reading.__file__).parent, room)
    with (room / "data" / "en" / "triggers.toml").open("a", encoding="utf-8") as table:
        table.write("\n# one more line\n")
    monkeypatch.setattr(importlib.resources, "files", lambda _package: room)
    coder_version.cache_clear()
    try:
        assert coder_version() != before
    finally:
        coder_version.cache_clear()
