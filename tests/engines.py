"""The two engines that keep a book: a test of a book runs on both unless it says otherwise."""

from __future__ import annotations

import re

import pytest
from syrupy.extensions.amber import AmberSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENGINES = (SQLITE, POSTGRESQL)

on_sqlite = pytest.mark.parametrize("engine", [SQLITE])
"""For a test of what only a file has: it overrides the fixture `engine`."""

on_postgresql = pytest.mark.parametrize("engine", [POSTGRESQL])
"""For a test of what only a server has."""

_ENGINE = "|".join(ENGINES)
_NAME = re.compile(rf"\[(?:{_ENGINE})\]|(?<=\[)(?:{_ENGINE})-|-(?:{_ENGINE})(?=\])")


class SameOnBothEngines(AmberSnapshotExtension):
    """Snapshots whose names leave the engine out: what people read may not depend on it."""

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return _NAME.sub("", super().get_snapshot_name(test_location=test_location, index=index))
