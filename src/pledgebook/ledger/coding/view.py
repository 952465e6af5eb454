"""Questions about what people and machines coded, asked of one consistent view of a book."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from pledgebook.errors import UsageError
from pledgebook.ledger import schema as t
from pledgebook.ledger.anchoring import alike, anchored
from pledgebook.ledger.coding.additions import added_statement, only_additions, twin
from pledgebook.ledger.coding.readers import Differing, differing_readings
from pledgebook.ledger.columns import among
from pledgebook.ledger.judgements import Judgement, Verdict, in_force
from pledgebook.ledger.outlets import is_corrected, outlet_of
from pledgebook.ledger.records import Entry
from pledgebook.ledger.retrieval import Snapshot

__all__ = ["CodingView"]

_OF_DOCUMENTS = (Verdict.ADDED, Verdict.CODED)


class CodingView(Snapshot):
    """A book as those who code see it."""

    def anchored(
        self,
        judgements: Sequence[Judgement],
        documents: Iterable[str],
        as_of: dt.date | None = None,
    ) -> list[Judgement]:
        """Return judgements, anchored to `documents`, those with statements that count.

        What was added to a document, and that it was coded, holds also where nothing was read.
        """
        shown = set(documents)
        others = {
            subject.document
            for judgement in judgements
            if judgement.kind in _OF_DOCUMENTS
            for subject in judgement.subjects
        } - shown
        if others:
            shown |= self.shown(others | alike(self._connection, others), as_of).keys()
        return anchored(self._connection, judgements, shown)

    def shown(
        self, names: Collection[str], as_of: dt.date | None = None
    ) -> dict[str, tuple[dt.date, bool, str | None]]:
        """Return those documents that count by a day: from when, whether dated, with their URL."""
        runs = [
            run
            for name, (state, run) in self._states(sorted(names)).items()
            if state == "shown" and name in names
        ]
        ingested = self._ingestion_days([run.document_id for run in runs if run.date is None])
        found = {
            run.document_id: (run.date or ingested[run.document_id], run.date is not None, run.url)
            for run in runs
        }
        return {name: about for name, about in found.items() if as_of is None or about[0] <= as_of}

    def days(self) -> dict[str, dt.date]:
        """Return the day of every document that counts; of many documents this is quick."""
        last, made, runs = self._last_activations(), t.activations.c, t.reading_runs.c
        query = (
            sa.select(made.document_id, runs.date)
            .join_from(t.activations, last, last.c.number == made.number)
            .join(t.reading_runs, runs.id == made.run_id)
        )
        found = {name: date for name, date in self._connection.execute(query)}  # noqa: C416
        undated = self._ingestion_days([name for name, date in found.items() if date is None])
        gone = self._hidden() | self._erased() | self._superseded()
        return {name: date or undated[name] for name, date in found.items() if name not in gone}

    def _superseded(self) -> set[str]:
        """Return the documents in whose place stands a newer text of the same bytes."""
        columns = t.documents.c
        several = (
            sa.select(columns.bytes_sha256)
            .group_by(columns.bytes_sha256)
            .having(sa.func.count() > 1)
        )
        query = sa.select(columns.id).where(columns.bytes_sha256.in_(several))
        names = list(self._connection.execute(query).scalars())
        states = self._states(names) if names else {}
        return {name for name, (state, _) in states.items() if state == "superseded"}

    def added(
        self,
        judgements: Sequence[Judgement],
        beside: Iterable[Entry] = (),
        as_of: dt.date | None = None,
    ) -> list[Entry]:
        """Return the statements that people added, as far as those judgements are in force.

        `judgements` are anchored. What a machine has read since (`beside`) is not there twice.
        """
        made = only_additions(in_force(judgements))
        if not made:
            return []
        places = self.shown({one.subjects[0].document for one in made}, as_of)
        near: dict[str, list[Entry]] = defaultdict(list)
        for entry in beside:
            if entry.document in places:
                near[entry.document].append(entry)
        texts = dict(self._texts(list(places)))
        found: dict[str, Entry] = {}
        for judgement in made:
            [subject] = judgement.subjects
            about = places.get(subject.document)
            if about is None or subject.statement in found:
                continue
            made_of = _entry(judgement, texts[subject.document], about)
            known = near[subject.document]
            # What has the same id says the same of the same words: it is its own twin.
            if made_of is not None and twin(made_of.statement, known) is None:
                found[made_of.id] = made_of
                known.append(made_of)
        return sorted(found.values(), key=lambda entry: entry.order)

    def about(self, documents: Collection[str]) -> list[Judgement]:
        """Return judgements and revocations about some documents, few of them, in their order.

        Also those that were made when the same text, or the same bytes, were another document.
        """
        names = sorted({*documents, *alike(self._connection, documents)})
        columns = t.judgements.c
        query = (
            sa.select(t.judgements)
            .where(
                self._until(sa.func.coalesce(columns.recorded_at, columns.made_at)),
                sa.or_(*(columns.subjects.contains(name) for name in names)),
            )
            .order_by(columns.made_at, columns.number)
        )
        found = [Judgement.from_row(row) for row in self._connection.execute(query).mappings()]
        return anchored(self._connection, found, set(documents)) if found else []

    def about_many(self, documents: Collection[str]) -> list[Judgement]:
        """Return judgements and revocations about any number of documents, in their order."""
        names = alike(self._connection, documents)
        found = [
            one
            for one in self.judgements()
            if any(subject.document in names for subject in one.subjects)
        ]
        return anchored(self._connection, found, set(documents)) if found else []

    def numbered(self, after: int = 0) -> list[tuple[int, Judgement]]:
        """Return judgements and revocations with their numbers, from some number on."""
        columns = t.judgements.c
        query = sa.select(t.judgements).where(columns.number > after).order_by(columns.number)
        rows = self._connection.execute(query).mappings()
        return [(row["number"], Judgement.from_row(row)) for row in rows]

    def count(self) -> int:
        """Return how many judgements and revocations there are."""
        query = sa.select(sa.func.count()).select_from(t.judgements)
        return self._connection.execute(query).scalar_one()

    def differing(self) -> dict[str, Differing]:
        """Return the documents that machine coders read differently."""
        return differing_readings(self._connection)

    def old_entries(self, names: Collection[str]) -> dict[str, Entry]:
        """Return statements of any run, by id; those whose text is gone are left out."""
        query = self._statements().where(among(t.statements.c.id, sorted(names)))
        rows = {row.id: row for row in self._connection.execute(query) if row.body}
        return self._as_entries(list(rows.values()))

    def addition(self, name: str) -> Entry | None:
        """Return a statement that a person added once, None where its text is gone."""
        columns = t.judgements.c
        query = (
            sa.select(t.judgements)
            .where(columns.kind == Verdict.ADDED.value, columns.subjects.contains(name))
            .order_by(columns.made_at, columns.number)
            .limit(1)
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        judgement = Judgement.from_row(row)
        document = judgement.subjects[0].document
        texts = dict(self._texts([document]))
        if not texts.get(document):
            return None
        return _entry(judgement, texts[document], (judgement.made_at.date(), False, None))

    def addition_ids(self) -> set[str]:
        """Return the ids of all statements that people ever added."""
        return {subject["statement"] for subject in self._added_subjects()}

    def added_spans(self, documents: Collection[str]) -> Iterator[tuple[str, int, int]]:
        """Yield where people ever added a statement to some documents."""
        wanted = set(documents)
        for subject in self._added_subjects():
            if subject["document"] in wanted:
                yield subject["document"], subject["start"], subject["end"]

    def _added_subjects(self) -> Iterator[dict[str, Any]]:
        columns = t.judgements.c
        query = sa.select(columns.subjects).where(columns.kind == Verdict.ADDED.value)
        for content in self._connection.execute(query).scalars():
            yield from json.loads(content)


def _entry(
    judgement: Judgement, text: str, about: tuple[dt.date, bool, str | None]
) -> Entry | None:
    """Return the statement that a judgement added, None where the text has no such place."""
    counted, dated, url = about
    try:
        statement = added_statement(judgement, text)
    except UsageError:
        return None
    subject = judgement.subjects[0]
    return Entry(
        subject.statement,
        statement,
        subject.document,
        counted,
        dated,
        outlet=outlet_of(url),
        corrects=is_corrected(text, statement.evidence),
        added=judgement.by,
    )
