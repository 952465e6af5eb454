"""Near-copies, found before anything is read; the same whatever the order of the batches.

The documents are gone through from the earliest to the latest, the undated last, those of one day
by id. A document that meets an earlier original in a band of its signature, is like it enough, not
more than a month younger, and has no telling sentence that the original lacks, is a copy of it;
any other is an original. Of one document found at several places, one find counts.

Millions are gone through in bounded memory: some sixty bytes a document are held, as plain
arrays; signatures are fetched for those alone that meet any other, some at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pledgebook.bulk.grouping import join_equal
from pledgebook.bulk.marks import PERMUTATIONS, band_names

__all__ = ["COPIES", "LIKE_ENOUGH", "find_copies"]

LIKE_ENOUGH = 0.8
"""Share of equal places in two signatures: an estimate of the share of common shingles."""
MOST_DAYS = 31
_AT_ONCE = 100_000

COPIES = pl.Schema(
    {
        "batch": pl.String(),
        "position": pl.UInt32(),
        "copy_of": pl.String(),
        "similarity": pl.Float32(),
    }
)


def find_copies(
    marks: Sequence[str] | Sequence[pl.LazyFrame],
    *,
    near: bool = True,
    barred: frozenset[str] = frozenset(),
) -> pl.DataFrame:
    """Return every document that is not to be read, with the original that is.

    `marks` are the files of all batches. Without `near` only further finds of the very same
    document are copies. `barred` names documents that cannot be read: they are no originals.
    """
    scan = _Scan(marks)
    index = scan.index()
    if index.is_empty():
        return pl.DataFrame(schema=COPIES)
    # One find of each document: the earliest date, an address rather than none; then any, but
    # always the same, however the batches are cut.
    index = index.sort("high", "low", "day", "bare", "found", "batch", "position")
    firsts = index.unique(["high", "low"], keep="first", maintain_order=True)
    firsts = firsts.sort("day", "high", "low").with_row_index("rank")
    near_copies = _near(scan, firsts, barred) if near else pl.DataFrame(schema=_FOUND)
    return _told(index, firsts, near_copies)


_FOUND = pl.Schema({"rank": pl.UInt32(), "original": pl.UInt32(), "similarity": pl.Float32()})


class _Scan:
    """The marks of all batches, a few columns or a few rows at a time."""

    def __init__(self, marks: Sequence[str] | Sequence[pl.LazyFrame]) -> None:
        frames = [one for one in marks if isinstance(one, pl.LazyFrame)]
        if frames or not marks:
            self._all = pl.concat(frames) if frames else None
        else:
            self._all = pl.scan_parquet(list(marks), glob=False)  # type: ignore[arg-type]

    def index(self) -> pl.DataFrame:
        """Return one short row for each document, numbered as they lie."""
        if self._all is None:
            return pl.DataFrame()
        return (
            self._all.select("high", "low", "date", "bare", "found", "batch", "position")
            .with_columns(
                pl.col("date").cast(pl.Int32).fill_null(np.iinfo(np.int32).max).alias("day"),
                pl.col("batch").cast(pl.Categorical),
            )
            .drop("date")
            .with_row_index("row")
            .collect()
        )

    def band(self, name: str) -> pl.Series:
        """Return the hashes of one band, of all documents."""
        assert self._all is not None
        return self._all.select(name).collect().to_series()

    def rows(self, wanted: Sequence[int]) -> pl.DataFrame:
        """Return signature, bands and sentences of some rows."""
        assert self._all is not None
        columns = ["signature", "telling", *band_names()]
        chosen = pl.Series(wanted, dtype=pl.UInt32).implode()
        found = self._all.select(columns).with_row_index("row")
        return found.filter(pl.col("row").is_in(chosen)).collect(engine="streaming")


def _near(scan: _Scan, firsts: pl.DataFrame, barred: frozenset[str]) -> pl.DataFrame:
    """Go through those that meet others, set by set."""
    labels = np.arange(firsts.height, dtype=np.int64)
    rows = firsts["row"].to_numpy()
    for name in band_names():
        hashes = scan.band(name).gather(rows)
        has = np.flatnonzero(hashes.is_not_null().to_numpy())
        join_equal(labels, hashes.drop_nulls().to_numpy(), has)
    sizes = np.bincount(labels, minlength=labels.size)
    ranks = np.flatnonzero(sizes[labels] > 1)
    ranks = ranks[np.argsort(labels[ranks], kind="stable")]
    closed = _ranks_of(firsts, barred)
    found: list[tuple[int, int, float]] = []
    for some in _portions(ranks, labels):
        fetched = scan.rows(rows[some].tolist())
        by_row = dict(zip(fetched["row"], range(fetched.height), strict=True))
        days = firsts["day"].gather(some).to_list()
        walk: _Walk | None = None
        label = -1
        for rank, day in zip(some.tolist(), days, strict=True):
            if walk is None or labels[rank] != label:
                walk, label = _Walk(), int(labels[rank])
            met = walk.take(rank, day, fetched.row(by_row[int(rows[rank])]), rank in closed)
            if met is not None:
                found.append((rank, *met))
    return pl.DataFrame(found, schema=_FOUND, orient="row")


def _portions(ranks: NDArray[np.int64], labels: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Cut what hangs together into portions, never within a set."""
    start = 0
    while start < ranks.size:
        end = min(start + _AT_ONCE, ranks.size)
        while end < ranks.size and labels[ranks[end]] == labels[ranks[end - 1]]:
            end += 1
        yield ranks[start:end]
        start = end


def _ranks_of(firsts: pl.DataFrame, names: frozenset[str]) -> frozenset[int]:
    if not names:
        return frozenset()
    wanted = pl.DataFrame(
        {
            "high": pl.Series([int(name[1:17], 16) for name in names], dtype=pl.UInt64),
            "low": pl.Series([int(name[17:], 16) for name in names], dtype=pl.UInt16),
        }
    )
    return frozenset(firsts.join(wanted, on=["high", "low"])["rank"].to_list())


@dataclass(frozen=True, slots=True)
class _Original:
    rank: int
    day: int
    signature: NDArray[np.uint32]
    telling: frozenset[int]


class _Walk:
    """One set of documents that hang together, from the earliest to the latest."""

    def __init__(self) -> None:
        self._by_band: dict[tuple[int, int], list[_Original]] = {}

    def take(
        self,
        rank: int,
        day: int,
        row: tuple[Any, ...],
        is_barred: bool,
    ) -> tuple[int, float] | None:
        """Return rank and likeness of the original that this one is a copy of, if of any."""
        _, signature_bytes, telling, *bands = row
        signature = np.frombuffer(signature_bytes, dtype=np.uint32)
        told = frozenset(telling)
        met = {
            one.rank: one
            for key in enumerate(bands)
            for one in self._by_band.get(key, ())
            if day - one.day <= MOST_DAYS or day == np.iinfo(np.int32).max
        }
        for original in sorted(met.values(), key=lambda one: one.rank):
            like = int(np.count_nonzero(signature == original.signature)) / PERMUTATIONS
            if like >= LIKE_ENOUGH and told <= original.telling:
                return (original.rank, like) if not is_barred else None
        if not is_barred:
            original = _Original(rank, day, signature, told)
            for key in enumerate(bands):
                self._by_band.setdefault(key, []).append(original)
        return None


def _told(index: pl.DataFrame, firsts: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """Return the copies by batch and position: of near-copies, and of further finds."""
    ids = firsts.select("rank", "row", "high", "low").join(near, on="rank", how="left")
    ids = ids.join(
        firsts.select(original="rank", original_high="high", original_low="low"),
        on="original",
        how="left",
    ).with_columns(
        copied_high=pl.coalesce("original_high", "high"),
        copied_low=pl.coalesce("original_low", "low"),
        similarity=pl.col("similarity").fill_null(1.0),
    )
    every = index.join(ids.drop("rank", "row"), on=["high", "low"]).join(
        firsts.select("row", is_first=pl.lit(value=True)), on="row", how="left"
    )
    copies = every.filter(pl.col("original").is_not_null() | pl.col("is_first").is_null())
    names = [
        f"d{high:016x}{low:04x}"
        for high, low in zip(copies["copied_high"], copies["copied_low"], strict=True)
    ]
    return copies.select(
        pl.col("batch").cast(pl.String),
        "position",
        pl.Series("copy_of", names, dtype=pl.String),
        pl.col("similarity").cast(pl.Float32),
    ).sort("batch", "position")
