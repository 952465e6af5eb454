"""Bulk reading: sources into Parquet, batch by batch; again, and only what is missing is done.

The driver holds names and numbers, never a text. What a batch gives depends on its documents, the
coder, and which of its documents are copies of others: its part is named by a hash of these, so
that a part of this name that the manifest confirms need not be made again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from pledgebook.bulk.cluster import connected, dashboard_of, worker_count
from pledgebook.bulk.copies import find_copies
from pledgebook.bulk.inputs import Group, find_groups
from pledgebook.bulk.isolating import run_isolated
from pledgebook.bulk.keeping import Shelf, kept_alone
from pledgebook.bulk.loading import loading_rules
from pledgebook.bulk.manifest import Loaded, Manifest
from pledgebook.bulk.marks import marks_rules
from pledgebook.bulk.places import Place, place_at
from pledgebook.bulk.report import BulkProgress, BulkReport
from pledgebook.bulk.running import Lost
from pledgebook.bulk.security import TlsFiles
from pledgebook.bulk.slicing import Slice
from pledgebook.bulk.tasks import (
    Copy,
    Load,
    Read,
    Rules,
    SliceUp,
    loaded_name,
)
from pledgebook.bulk.telling import Teller
from pledgebook.bulk.work import load_batch, read_batch, slice_up
from pledgebook.documents.finish import Given, language_code
from pledgebook.errors import Problem, UsageError
from pledgebook.reading import DEFAULT_CODER
from pledgebook.reading import coder as coder_named
from pledgebook.vocabulary.catalogue import load_catalogue

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["read_bulk"]

_ROUNDS = 10
"""How often a document that turns out to be unreadable may set free those that copied it."""


def read_bulk(
    sources: Iterable[str | Path] | str | Path,
    output: str | Path,
    *,
    cluster: str | None = None,
    workers: int | None = None,
    tls: TlsFiles | None = None,
    date: dt.date | None = None,
    lang: str | None = None,
    coder: str = DEFAULT_CODER,
    additions: Path | None = None,
    near_copies: bool = True,
    batch_documents: int = 100,
    document_seconds: float = 60.0,
    progress: Callable[[BulkProgress], None] | None = None,
    client: Client | None = None,
) -> BulkReport:
    """Read JSONL, Parquet, WARC and folders into a folder of Parquet tables, on all cores.

    Sources and `output` are paths or fsspec URLs. The same call again does what is missing and
    nothing else. `workers` processes read on this machine, or those of the Dask cluster at
    `cluster`: `tcp://` on loopback, or `tls://` with the certificates of `tls`; or those of
    `client`, which stays open. `date` and `lang` are stated for all documents, `additions` is a
    catalogue of the user's own. With `near_copies` a document that says nothing that an earlier one
    does not say is listed and not read. About `batch_documents` are done at a time; one that takes
    longer than `document_seconds`, or kills the process that reads it, is reported.

    Documents and statements have the ids that a book gives them. Raises UsageError for what cannot
    be done as asked, BulkError where the cluster or the output fails; faults in data are in the
    table `problems` and counted in the report.
    """
    named = [sources] if isinstance(sources, str | Path) else list(sources)
    if batch_documents < 1 or document_seconds <= 0:
        raise UsageError("a batch has at least one document, and some time for it")
    rules = _rules(
        str(output),
        coder,
        additions,
        date,
        lang,
        batch_documents,
        document_seconds,
        near=near_copies,
    )
    with ExitStack() as stack:
        place = place_at(str(output))
        stack.enter_context(kept_alone(place))
        manifest = Manifest.open(place)
        groups = list(find_groups(named, batch_documents))
        if client is None:
            client = stack.enter_context(connected(cluster, workers, tls))
        run = _Run(client, place, manifest, rules, Teller(progress, dashboard_of(client)))
        try:
            run.go(groups)
        finally:
            manifest.confirm(now=True)
        return run.report()


def _rules(
    place: str,
    coder: str,
    additions: Path | None,
    date: dt.date | None,
    lang: str | None,
    size: int,
    seconds: float,
    *,
    near: bool,
) -> Rules:
    given = Given(date=date, lang=language_code(lang))
    if lang is not None and given.lang is None:
        raise UsageError(f"{lang!r} is no language code", mend="give one such as en or uk")
    catalogue = load_catalogue(additions)
    reader = coder_named(coder)
    reader.session.close()
    return Rules(
        place=place,
        coder=coder,
        coder_version=reader.version,
        catalogue_digest=catalogue.digest,
        additions=additions.read_bytes() if additions else None,
        date=date,
        lang=given.lang,
        size=size,
        seconds=seconds,
        rules=f"{loading_rules(given)} {marks_rules(catalogue)} size={size}",
        near=near,
    )


class _Run:
    """One bulk reading, stage by stage."""

    def __init__(
        self, client: Client, place: Place, manifest: Manifest, rules: Rules, teller: Teller
    ) -> None:
        self._client = client
        self._place = place
        self._manifest = manifest
        self._rules = rules
        self._tell = teller
        self._window = 2 * worker_count(client)
        self._shelf = Shelf(place)
        self._anew: set[str] = set()
        self._source_problems: dict[str, list[Problem]] = {}

    def go(self, groups: list[Group | Problem]) -> None:
        """Slice, load, find the copies, read."""
        slices = self._slice(groups)
        self._retire(slices)
        self._load(slices)
        self._keep_problems({one.origin for one in groups if isinstance(one, Group)})
        for _ in range(_ROUNDS):
            if not self._read(self._copies(), slices.keys()):
                break
        self._keep_problems(set())
        self._manifest.compact()
        self._shelf.sweep(self._manifest)
        self._tell.stage("done", 0)

    def report(self) -> BulkReport:
        """Return what was done."""
        parts = self._manifest.parts.values()
        return BulkReport(
            place=self._place.url,
            batches=len(self._anew),
            kept=len(self._manifest.loaded.keys() & self._manifest.parts.keys() - self._anew),
            documents=sum(part.documents for part in parts),
            statements=sum(part.statements for part in parts),
            copies=sum(part.copies for part in parts),
            failed=sum(len(part.failed) for part in parts),
            problems=sum(part.problems for part in parts),
            errors=sum(part.errors for part in parts),
            seconds=self._tell.seconds,
            told=tuple(self._tell.problems),
        )

    def _slice(self, groups: list[Group | Problem]) -> dict[str, Slice]:
        self._tell.stage("slicing", len(groups))
        tasks = (SliceUp(rules=self._rules, group=one) for one in groups if isinstance(one, Group))
        slices: dict[str, Slice] = {}
        for one in groups:
            if isinstance(one, Problem):
                self._note(one)
                self._tell.advance()
        for task, found in run_isolated(self._client, slice_up, tasks, window=self._window):
            for piece in [_lost(task.group)] if isinstance(found, Lost) else found:
                if isinstance(piece, Problem):
                    self._note(piece)
                else:
                    slices[piece.batch] = piece
            self._tell.advance()
        return slices

    def _note(self, problem: Problem) -> None:
        """Take note of a problem with a source that gives no batch."""
        self._source_problems.setdefault(problem.source, []).append(problem)
        self._tell.problem(problem)

    def _keep_problems(self, origins: set[str]) -> None:
        """Write problems of sources as parts of their own, in place of those of an earlier run."""
        manifest, found = self._manifest, self._source_problems
        for batch, part in list(manifest.parts.items()):
            if batch not in manifest.loaded and part.origin in origins - found.keys():
                manifest.note_retired(batch)
                self._shelf.leave_part(part)
        for source, problems in found.items():
            part = self._shelf.write_problems(source, problems)
            before = manifest.parts.get(part.batch)
            if before is not None and before.part != part.part:
                self._shelf.leave_part(before)
            if before != part:
                manifest.note_part(part)
        found.clear()
        self._confirm(now=True)

    def _retire(self, slices: dict[str, Slice]) -> None:
        """Take out batches of these very sources whose bytes are others now."""
        origins = {piece.origin for piece in slices.values()}
        manifest = self._manifest
        for batch, loaded in list(manifest.loaded.items()):
            if loaded.origin in origins and batch not in slices:
                self._shelf.leave_batch(loaded, manifest.parts.get(batch))
                manifest.note_retired(batch)
        self._confirm(now=True)

    def _load(self, slices: dict[str, Slice]) -> None:
        manifest = self._manifest
        there = self._shelf.names()
        missing = [
            piece
            for batch, piece in sorted(slices.items())
            if not self._shelf.holds(batch, manifest, there, near=self._rules.near)
        ]
        self._tell.stage("loading", len(missing))
        tasks = (Load(rules=self._rules, piece=piece) for piece in missing)
        for task, found in run_isolated(self._client, load_batch, tasks, window=self._window):
            if isinstance(found, Lost):
                self._note(_lost(task.piece))
                self._tell.advance()
                continue
            loaded, problems = found
            manifest.note_loaded(loaded, self._shelf.loaded_files(loaded, near=self._rules.near))
            self._confirm()
            self._tell.advance(loaded.documents, problems=loaded.problems, told=problems)

    def _copies(self) -> dict[str, tuple[Copy, ...]]:
        manifest, there = self._manifest, self._shelf.names()
        self._tell.stage("copies", 1)
        marks = [
            name
            for batch, loaded in sorted(manifest.loaded.items())
            # A batch that was read without a search for near-copies takes no part in one.
            if loaded.documents and (name := self._shelf.marks(batch, there, near=False))
        ]
        barred = frozenset(name for part in manifest.parts.values() for name in part.failed)
        found = find_copies(self._shelf.frames(marks), near=self._rules.near, barred=barred)
        copies: dict[str, list[Copy]] = {}
        for batch, position, copy_of, similarity in found.iter_rows():
            copies.setdefault(batch, []).append(Copy(position, copy_of, similarity))
        self._tell.advance()
        return {batch: tuple(some) for batch, some in copies.items()}

    def _read(self, copies: dict[str, tuple[Copy, ...]], asked: Collection[str]) -> bool:
        """Read what is not read yet; tell whether a document failed that did not fail before."""
        tasks = list(self._unread(copies, asked))
        self._tell.stage("reading", len(tasks))
        failed = False
        for task, found in run_isolated(self._client, read_batch, tasks, window=self._window):
            if isinstance(found, Lost):
                self._note(_lost(task.loaded))
                self._tell.advance()
                continue
            part, problems = found
            before = self._manifest.parts.get(part.batch)
            failed |= bool(set(part.failed) - set(before.failed if before else ()))
            self._anew.add(part.batch)
            self._manifest.note_part(part, self._shelf.part_files(part))
            self._shelf.leave_staged(part.batch)
            if before is not None and before.part != part.part:
                self._shelf.leave_part(before)
            self._confirm()
            new = part.problems - task.loaded.problems
            self._tell.advance(part.documents, part.statements, new, problems)
        self._confirm(now=True)
        return failed

    def _unread(
        self, copies: dict[str, tuple[Copy, ...]], asked: Collection[str]
    ) -> Iterator[Read]:
        """Yield the batches whose part is not there as it should be.

        A batch that this call did not name keeps the coder that read it, unless other documents of
        it are copies now.
        """
        there, rules = self._shelf.names(), self._rules
        for batch, loaded in sorted(self._manifest.loaded.items()):
            part, skipped = self._manifest.parts.get(batch), copies.get(batch, ())
            if part is not None and part.part == _part_key(
                batch, rules.reader if batch in asked else part.reader, skipped
            ):
                continue
            marked = self._shelf.marks(batch, there, near=False)
            if batch not in asked and loaded.documents and marked is None:
                continue
            staged = loaded_name("documents" if loaded.documents else "problems", batch) in there
            yield Read(
                rules=rules,
                loaded=loaded,
                source="" if staged or part is None else part.part,
                part=_part_key(batch, rules.reader, skipped),
                copies=skipped,
            )

    def _confirm(self, *, now: bool = False) -> None:
        """Write the manifest if it is time; only then is anything taken away."""
        if self._manifest.confirm(now=now):
            self._shelf.clear()


def _part_key(batch: str, reader: str, copies: tuple[Copy, ...]) -> str:
    parts = [batch, reader, [[one.position, one.copy_of] for one in copies]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def _lost(what: Group | Slice | Loaded) -> Problem:
    return Problem(
        code="batch-lost",
        what="the workers die of a batch that begins here, and of no document in it alone",
        source=what.origin,
        mend="Give the workers more memory and run the same command again",
    )
