"""A cluster of two worker processes, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from distributed import Client


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """A client of a local cluster: it starts once, for it takes seconds."""
    from pledgebook.bulk.cluster import connected

    with connected(workers=2) as opened:
        yield opened
