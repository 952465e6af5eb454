"""How far a bulk reading is, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pledgebook.errors import Problem

__all__ = ["BulkProgress", "BulkReport", "Stage"]

Stage = Literal["slicing", "loading", "copies", "reading", "done"]


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """How far a bulk reading is.

    `done` of `total` pieces of work are done in this stage: sources while they are sliced, then
    batches; the total grows while sources are sliced. The counts are of this run. `rate` is
    documents a second in this stage, `seconds_left` the estimate to its end; both are None until
    there is something to go by. `dashboard` is the address of Dask's, where it has one.
    """

    stage: Stage
    done: int
    total: int
    documents: int
    statements: int
    problems: int
    seconds: float
    rate: float | None = None
    seconds_left: float | None = None
    dashboard: str | None = None


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What a bulk reading did, and what its folder holds now.

    `batches` were done anew in this run and `kept` were done before. `documents`, `statements`,
    `copies` (near-copies and further finds of the same document), `failed` (documents that could
    not be read) and `problems` (with warnings) count the whole folder; `errors` are the problems
    that are more than warnings. `told` are the first problems of this run: the table has them all.
    `seconds` is how long it took.
    """

    place: str
    batches: int
    kept: int
    documents: int
    statements: int
    copies: int
    failed: int
    problems: int
    errors: int
    seconds: float
    told: tuple[Problem, ...] = ()
