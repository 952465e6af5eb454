"""Parts of a folder in lots that are worked at together, always cut in the same places."""

from __future__ import annotations

from collections.abc import Iterator

from pledgebook.bulk.folder import BulkFolder
from pledgebook.bulk.manifest import Part

__all__ = ["batches"]

_DOCUMENTS = 1000


def batches(folder: BulkFolder, documents: int = _DOCUMENTS) -> Iterator[tuple[Part, ...]]:
    """Yield parts, in their order, in lots of about so many documents."""
    some: list[Part] = []
    held = 0
    for part in folder.parts:
        if some and held + part.documents > documents:
            yield tuple(some)
            some, held = [], 0
        some.append(part)
        held += part.documents
    if some:
        yield tuple(some)
