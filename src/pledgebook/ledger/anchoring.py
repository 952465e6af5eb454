"""Where a judgement's statements stand now, if their document has another id than it had.

A newer extractor, or another book, may know the same words under another document: the same text,
or the same bytes with a text of their own. The judgement itself is not changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.ledger import schema as t
from pledgebook.ledger.judgements import Judgement, Subject

__all__ = ["alike", "anchored", "moved_span"]

_CHUNK = 500
_Hashes = tuple[str, str]


def anchored(
    connection: Connection, judgements: Sequence[Judgement], shown: Collection[str]
) -> list[Judgement]:
    """Return the judgements, anchored to the documents that are shown where that is possible.

    A document that is not shown is replaced by one with the same text, or else by one with the same
    bytes: there the quoted words are looked for.
    """
    lost = {
        subject.document: subject
        for judgement in judgements
        for subject in judgement.subjects
        if subject.document not in shown
    }
    if not lost:
        return list(judgements)
    homes = _Homes(connection, lost.values(), shown)
    return [
        judgement.model_copy(update={"subjects": tuple(map(homes.move, judgement.subjects))})
        if any(subject.document in lost for subject in judgement.subjects)
        else judgement
        for judgement in judgements
    ]


def alike(connection: Connection, names: Iterable[str]) -> set[str]:
    """Return the documents of the same text or the same bytes as some, these included."""
    columns = t.documents.c
    known = _hashes(connection, columns.id, names)
    found = _hashes(connection, columns.bytes_sha256, {pair[0] for pair in known.values()})
    found |= _hashes(connection, columns.text_sha256, {pair[1] for pair in known.values()})
    return set(found)


def moved_span(start: int, end: int, before: str, after: str) -> tuple[int, int] | None:
    """Find the words of a span of one text in another version of it; None where that is unsure.

    Words that occur several times are told apart by their order, if there are as many in both.
    """
    words = before[start:end]
    old, new = _places(words, before), _places(words, after)
    if start not in old or len(old) != len(new):
        return None
    place = new[old.index(start)]
    return place, place + len(words)


def _places(words: str, text: str) -> list[int]:
    found = []
    place = text.find(words) if words else -1
    while place >= 0:
        found.append(place)
        place = text.find(words, place + 1)
    return found


class _Homes:
    """The shown documents that stand for others."""

    def __init__(
        self, connection: Connection, lost: Iterable[Subject], shown: Collection[str]
    ) -> None:
        self._connection = connection
        by_document = {subject.document: subject for subject in lost}
        known = _hashes(connection, t.documents.c.id, by_document)
        for name, subject in by_document.items():
            if subject.bytes_sha256 and subject.text_sha256:
                known.setdefault(name, (subject.bytes_sha256, subject.text_sha256))
        wanted = {number: {pair[number] for pair in known.values()} for number in (0, 1)}
        near = _hashes(connection, t.documents.c.bytes_sha256, wanted[0])
        near |= _hashes(connection, t.documents.c.text_sha256, wanted[1])
        by_text: dict[str, list[tuple[str, str]]] = defaultdict(list)
        by_bytes: dict[str, list[str]] = defaultdict(list)
        for name, (of_bytes, of_text) in near.items():
            if name in shown:
                by_text[of_text].append((of_bytes, name))
                by_bytes[of_bytes].append(name)
        self._same_text: dict[str, str] = {}
        self._same_bytes: dict[str, str] = {}
        for name, (of_bytes, of_text) in known.items():
            if by_text[of_text]:
                self._same_text[name] = min(
                    by_text[of_text], key=lambda found: (found[0] != of_bytes, found[1])
                )[1]
            elif by_bytes[of_bytes]:
                self._same_bytes[name] = min(by_bytes[of_bytes])
        self._texts = _texts(connection, {*self._same_bytes.keys(), *self._same_bytes.values()})

    def move(self, subject: Subject) -> Subject:
        """Return the subject where its words stand now, or as it is where that is not known."""
        home = self._same_text.get(subject.document)
        if home is not None:
            return subject.model_copy(update={"document": home})
        home = self._same_bytes.get(subject.document)
        if home is None:
            return subject
        before = self._texts.get(subject.document, "")
        span = moved_span(subject.start, subject.end, before, self._texts[home])
        if span is None:
            return subject
        return subject.model_copy(update={"document": home, "start": span[0], "end": span[1]})


def _hashes(
    connection: Connection, column: sa.Column[str], values: Iterable[str]
) -> dict[str, _Hashes]:
    """Return the hashes of bytes and of text of the documents that have one of these values."""
    documents = t.documents.c
    found: dict[str, _Hashes] = {}
    for some in _chunks(values):
        query = sa.select(documents.id, documents.bytes_sha256, documents.text_sha256)
        for row in connection.execute(query.where(column.in_(some))):
            found[row.id] = (row.bytes_sha256, row.text_sha256)
    return found


def _texts(connection: Connection, names: Iterable[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for some in _chunks(names):
        query = sa.select(t.documents.c.id, t.documents.c.text).where(t.documents.c.id.in_(some))
        found |= {row.id: row.text for row in connection.execute(query)}
    return found


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
