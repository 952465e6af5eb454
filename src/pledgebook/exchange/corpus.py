"""Codings in the format of the coded corpora: one document a line, with its statements.

Without a coder it is the reading that counts, as all people together left it; with one, the coding
of each document that this person is done with, and nothing of what others decided. Every evidence
is a slice of the document. Whole texts go only where they are asked for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pledgebook.errors import UsageError
from pledgebook.exchange.exporting import ExportReport, Source, Target, Wishes
from pledgebook.ledger.coding.desk import CodingDesk
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.store import utc_now
from pledgebook.ledger.stubs import is_stub
from pledgebook.vocabulary.statement import Kind

__all__ = ["coding_line", "exporter"]

_AT_ONCE = 100
_UNDERTAKEN = frozenset({Kind.PLEDGE, Kind.CONTRACT, Kind.DELIVERY, Kind.TRAINING})


class _Corpus:
    name = "corpus"

    def write(self, source: Source, target: Target, wishes: Wishes) -> ExportReport:
        if wishes.picks or wishes.table is not None:
            raise UsageError(
                "a coding is of whole documents and leaves no statement out",
                mend="Leave out --donor, --recipient, --item and --table",
            )
        names = _Names()
        documents = statements = bare = 0
        with target.file() as path, path.open("wb") as out:
            for document, entries in _codings(source, wishes):
                text = document.text if wishes.with_text else None
                if text is not None and is_stub(document.extractor):
                    text, bare = None, bare + 1
                line = coding_line(
                    names.of(document), document, entries, source.ledger().home, text
                )
                out.write(_encoded(line))
                documents += 1
                statements += len(entries)
        notes = []
        if bare:
            notes.append(f"of {bare} documents the book holds quotations only: no text with them")
        counts = {"documents": documents, "statements": statements}
        return ExportReport(target.path, counts, notes=tuple(notes))


exporter = _Corpus()
"""The exporter of this format."""


def coding_line(
    name: str,
    document: StoredDocument,
    entries: Iterable[Entry],
    homes: Mapping[str, str],
    text: str | None,
) -> dict[str, Any]:
    """Return a document and its statements as a line of the corpora; `text` is left out where None.

    `homes` tells the commitment of each statement that has one.
    """
    line: dict[str, Any] = {"id": name}
    if document.url is not None:
        line["url"] = document.url
    line["date"] = document.date.isoformat() if document.date else None
    line["lang"] = document.lang
    if document.title is not None:
        line["title"] = document.title
    if text is not None:
        line["text"] = text
    line["statements"] = [_statement(entry, homes) for entry in entries]
    return line


def _statement(entry: Entry, homes: Mapping[str, str]) -> dict[str, Any]:
    fields = entry.statement.to_corpus()
    if entry.statement.kind in _UNDERTAKEN:
        fields["commitment"] = homes.get(entry.id)
    for name in ("quantity", "money"):
        if fields[name] is not None:
            fields[name] = {key: _number(value) for key, value in fields[name].items()}
    return fields


def _number(value: object) -> object:
    """Return a whole number without its decimals: 8, not 8.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _codings(source: Source, wishes: Wishes) -> Iterator[tuple[StoredDocument, Sequence[Entry]]]:
    """Yield documents, with their texts, and what is coded in them; earliest first."""
    by_document = _of_coder(source, wishes) if wishes.coder else _of_ledger(source)
    days = {one.id: one.counted for one in source.store.documents() if one.state == "shown"}
    if wishes.as_of is not None:
        days = {name: day for name, day in days.items() if day <= wishes.as_of}
    wanted = sorted(by_document.keys() & days if wishes.coder else days)
    wanted.sort(key=days.__getitem__)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        texts = source.store.texts(some)
        for name in some:
            yield texts[name], by_document.get(name, ())


def _of_ledger(source: Source) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in source.ledger().entries.values():
        found[entry.document].append(entry)
    for some in found.values():
        some.sort(key=lambda entry: entry.order)
    return found


def _of_coder(source: Source, wishes: Wishes) -> dict[str, list[Entry]]:
    """Return what one person left standing. Raises NotFoundError, UsageError."""
    by = wishes.coder or ""
    desk = CodingDesk(source.store, source.ledger, utc_now)
    documents = desk.done_by([by])[by]
    if not documents:
        raise UsageError(
            f"{by} is not done with any document",
            mend="Say so of each with `pledgebook judge coded`",
        )
    return {
        coding.document: [one.entry for one in coding.standing]
        for coding in desk.codings(by, documents)
    }


class _Names:
    """What documents are called: the id that their source gave them, where it names one only."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, document: StoredDocument) -> str:
        """Return a name that no other document of the file has."""
        given = [place.name for place in document.locations if place.name]
        name = next((one for one in given if one not in self._taken), document.id)
        self._taken.add(name)
        return name


def _encoded(line: Mapping[str, Any]) -> bytes:
    text = json.dumps(line, ensure_ascii=False)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8 form, but JSON has an escape for it.
        return json.dumps(line).encode() + b"\n"
