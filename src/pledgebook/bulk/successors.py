"""Documents that do not count, since other rules made a newer text of the same bytes."""

from __future__ import annotations

from itertools import groupby

import polars as pl

from pledgebook.bulk.batches import batches
from pledgebook.bulk.folder import BulkFolder

__all__ = ["superseded"]


def superseded(folder: BulkFolder) -> frozenset[str]:
    """Return the ids of documents that are superseded once the folder is imported, part by part."""
    read = folder.documents().filter(pl.col("state") == "read")
    if read.select(pl.col("extractor").n_unique()).collect().item() <= 1:
        return frozenset()
    several = pl.col("extractor").n_unique().over("bytes_sha256") > 1
    found = read.select("bytes_sha256", "extractor", "batch", "id").filter(several).collect()
    if found.is_empty():
        return frozenset()
    lot = {part.batch: number for number, some in enumerate(batches(folder)) for part in some}
    rows = sorted((key, lot[batch], name, extractor)
                  for key, extractor, batch, name in found.iter_rows())  # fmt: skip
    gone: set[str] = set()
    for _, some in groupby(rows, key=lambda row: row[0]):
        documents = list(some)
        last = documents[-1][3]
        gone |= {name for _, _, name, extractor in documents if extractor != last}
    return frozenset(gone)
