"""What a worker does with one task: slice a source, load a batch, read a batch.

Each function takes one task that travels well and returns a few numbers; tables it writes itself.
Doing a task twice writes the same bytes in the same places.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pledgebook.bulk.folder import part_name
from pledgebook.bulk.loading import Found, Item, items_of
from pledgebook.bulk.manifest import Loaded, Part
from pledgebook.bulk.marks import MARKS, marks_of
from pledgebook.bulk.places import Place, place_at
from pledgebook.bulk.slicing import Slice, slice_group
from pledgebook.bulk.tables import (
    DOCUMENTS,
    PROBLEMS,
    SCHEMAS,
    document_of,
    document_row,
    from_parquet,
    problem_row,
    statement_rows,
    to_parquet,
)
from pledgebook.bulk.tasks import (
    REPORT,
    Load,
    Read,
    Rules,
    SliceUp,
    loaded_name,
    marks_name,
)
from pledgebook.bulk.watching import watched
from pledgebook.documents.limits import Limits
from pledgebook.errors import BulkError, Problem
from pledgebook.ledger.attempt import attempt, unread
from pledgebook.ledger.records import Reading
from pledgebook.reading import coder as coder_named
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.document import Document

__all__ = ["load_batch", "read_batch", "slice_up"]

_TOLD = 5
"""Problems that a task tells in its result; all of them are in its table."""


def slice_up(task: SliceUp) -> list[Slice | Problem]:
    """Return the slices of a source, and the problems with it."""
    group = task.group
    if task.faults:
        return [task.fault(task.poison[0], group.origin)]
    try:
        return list(slice_group(group, task.rules.size, task.rules.rules))
    except OSError as error:
        return [_unreadable(group.origin, error)]


def load_batch(task: Load) -> tuple[Loaded, tuple[Problem, ...]]:
    """Load a slice, and write its documents, problems and marks."""
    piece, rules = task.piece, task.rules
    documents: list[Document] = []
    problems: list[Problem] = []
    for found in _load(task, piece):
        (problems if isinstance(found, Problem) else documents).append(found)  # type: ignore[arg-type]
    loaded = Loaded(piece.batch, piece.origin, len(documents), len(problems), _errors(problems))
    if task.only is not None:
        return loaded, ()
    catalogue = _catalogue(rules.additions)
    rows = [document_row(one, piece.batch, place) for place, one in enumerate(documents)]
    marks = [
        marks_of(one, catalogue if rules.near else None, piece.batch, place)
        for place, one in enumerate(documents)
    ]
    faults = [problem_row(one, piece.batch, "loading") for one in problems]
    place = place_at(rules.place)
    if rows:
        _write(place, loaded_name("documents", piece.batch), to_parquet(rows, DOCUMENTS))
        _write(place, marks_name(piece.batch, near=rules.near), to_parquet(marks, MARKS))
    if faults:
        _write(place, loaded_name("problems", piece.batch), to_parquet(faults, PROBLEMS))
    return loaded, tuple(problems[:_TOLD])


def _write(place: Place, name: str, data: bytes) -> None:
    """Write a table; it is settled with many others, when the manifest confirms it."""
    place.write(name, data, settled=False)


def _load(task: Load, piece: Slice) -> Iterator[Found]:
    items = enumerate(items_of(piece, task.rules.given, Limits()))
    with watched(task.seconds) as next_item:
        while True:
            next_item()
            try:
                position, item = next(items, (-1, None))
            except OSError as error:
                yield _unreadable(piece.origin, error)
                return
            if item is None:
                return
            if task.only is not None and position != task.only:
                continue
            if position in task.faults:
                yield task.fault(task.faults[position], item.origin)
            else:
                yield from _load_item(item)


def _load_item(item: Item) -> list[Found]:
    try:
        return item.load()
    except Exception as error:  # noqa: BLE001 - the others are loaded whatever this one does
        what = f"it breaks the loading of documents ({type(error).__name__}: {error})"
        return [Problem(code="damaged", what=what, source=item.origin, mend=REPORT)]


def read_batch(task: Read) -> tuple[Part, tuple[Problem, ...]]:
    """Read the documents of a batch, and write its part of each table."""
    rules, place = task.rules, place_at(task.rules.place)
    coder, catalogue = _coder(rules), _catalogue(rules.additions)
    rows, faults = _before(task)
    copies = {one.position: one for one in task.copies}
    said: list[dict[str, Any]] = []
    problems: list[Problem] = []
    failed: list[str] = []
    with watched(task.seconds) as next_item:
        for row in rows:
            position: int = row["position"]
            row |= _who(rules)
            if (copy := copies.get(position)) is not None:
                row |= {"state": "copy", "copy_of": copy.copy_of, "similarity": copy.similarity}
            elif task.only in (None, position):
                next_item()
                document = document_of(row)
                made = _read_one(task, position, document, coder, catalogue)
                if isinstance(made, Problem):
                    told = [made]
                    failed.append(document.id)
                    row["state"] = "failed"
                else:
                    told = [one for one in (unread(coder, document),) if one]
                    said += statement_rows(made)
                    row |= {"state": "read", "run_id": made.run_id}
                    row["statements"] = len(made.statements)
                problems += told
                batch = task.loaded.batch
                faults += [problem_row(one, batch, "reading", document.id) for one in told]
    part = Part(
        task.loaded.batch,
        task.part,
        task.loaded.origin,
        documents=len(rows),
        statements=len(said),
        copies=len(copies),
        reader=rules.reader,
        problems=len(faults),
        errors=sum(row["severity"] == "error" for row in faults),
        failed=tuple(sorted(failed)),
    )
    if task.only is None:
        for table, made_rows in (("documents", rows), ("statements", said), ("problems", faults)):
            if made_rows:
                _write(place, part_name(table, task.part), to_parquet(made_rows, SCHEMAS[table]))
    return part, tuple(problems[:_TOLD])


def _before(task: Read) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of the documents as they were loaded, and of the faults met then."""
    import polars as pl

    place, loaded = place_at(task.rules.place), task.loaded
    faults: list[dict[str, Any]] = []
    with_faults = task.source or loaded_name("problems", loaded.batch)
    if loaded.problems:
        name = part_name("problems", task.source) if task.source else with_faults
        found = from_parquet(place.read(name)).filter(pl.col("stage") == "loading")
        faults = found.to_dicts()
    if not loaded.documents:
        return [], faults
    name = loaded_name("documents", loaded.batch)
    if task.source:
        name = part_name("documents", task.source)
    return [_bare(row) for row in from_parquet(place.read(name)).to_dicts()], faults


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    """Return a document's row as it was before it was read."""
    return row | dict.fromkeys(("state", "copy_of", "similarity", "run_id")) | {"statements": 0}


def _read_one(
    task: Read, position: int, document: Document, coder: Coder, catalogue: Catalogue
) -> Reading | Problem:
    if position in task.faults:
        return task.fault(task.faults[position], document.origin)
    made = attempt(coder.read, document, catalogue)
    if isinstance(made, Problem):
        return made
    return Reading(document, tuple(made), coder.name, coder.version, catalogue.digest)


def _who(rules: Rules) -> dict[str, str]:
    return {
        "coder": rules.coder,
        "coder_version": rules.coder_version,
        "catalogue_digest": rules.catalogue_digest,
    }


@lru_cache(maxsize=2)
def _catalogue(additions: bytes | None) -> Catalogue:
    if additions is None:
        return load_catalogue()
    with tempfile.TemporaryDirectory(prefix="pledgebook-") as folder:
        path = Path(folder) / "additions.toml"
        path.write_bytes(additions)
        return load_catalogue(path)


def _coder(rules: Rules) -> Coder:
    """Return the coder of this process. Raises BulkError where it is not the one that is asked."""
    found = _named(rules.coder)
    digest = _catalogue(rules.additions).digest
    if (found.version, digest) != (rules.coder_version, rules.catalogue_digest):
        raise BulkError(
            "a worker runs another Pledgebook than the one that drives it",
            mend="Install the same version on all machines of the cluster",
        )
    return found


@lru_cache(maxsize=4)
def _named(name: str) -> Coder:
    return coder_named(name)


def _errors(problems: Sequence[Problem]) -> int:
    return sum(problem.severity == "error" for problem in problems)


def _unreadable(origin: str, error: OSError) -> Problem:
    missing = isinstance(error, FileNotFoundError)
    return Problem(
        code="source-missing" if missing else "unreadable",
        what="there is no such file" if missing else f"it cannot be read ({error.strerror})",
        source=origin,
        mend="check the name and its permissions, on every machine of the cluster",
    )
