"""A cluster of two worker processes, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import bulk_cases
import pytest

if TYPE_CHECKING:
    from distributed import Client


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """A client of a local cluster: it starts once, for it takes seconds."""
    from pledgebook.bulk.cluster import connected

    with connected(workers=2) as opened:
        yield opened


@pytest.fixture
def log(tmp_path: Path, client: Client) -> Path:
    """Coders that misbehave, in this process and the workers; and what texts they read."""
    path = tmp_path / "log"
    path.touch()
    bulk_cases.install(str(path))
    client.register_plugin(bulk_cases.Misbehaving(str(path)))
    return path
