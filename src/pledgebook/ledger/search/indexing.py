"""Keep the index of a book: in the transaction that writes what it is about.

Documents and statements are indexed when they come, whatever becomes of them: what a day shows is
asked of the ledger. Nothing is ever changed in the index; what is erased from the book is erased
from it, and a text that becomes whole is indexed anew.

Released migrations depend on `index_missing`: add to this module, do not change what it makes of a
text without a migration that makes the index anew.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from pledgebook.ledger import schema as t
from pledgebook.ledger.columns import among
from pledgebook.ledger.search.patterns import GAP, OFTEN, REPEATED, TITLE
from pledgebook.ledger.search.tables import INDEX, search_rows
from pledgebook.ledger.search.words import fold, words_in

__all__ = ["Source", "forget", "index", "index_missing", "optimise"]

_PART, _OVERLAP, _ALIKE = 2000, 16, 150
"""Words to a part, those it has in common with the next, and how often it holds one of them.

PostgreSQL keeps 255 places of a word in a row, and none beyond the 16,383rd.
"""
_TITLE = 100
_FEW = 200

_INSERT = {
    "sqlite": f"INSERT INTO {INDEX} (rowid, words) VALUES (:number, :words)",  # noqa: S608
    "postgresql": f"INSERT INTO {INDEX} VALUES (:number, CAST(:words AS TSVECTOR))",  # noqa: S608
}
_DELETE = f"INSERT INTO {INDEX} ({INDEX}, rowid, words) VALUES ('delete', :number, :words)"  # noqa: S608
_EMPTY = f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')"  # noqa: S608
_OPTIMISE = f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Source:
    """A text to be indexed: a document's with its title, or the quote of a statement."""

    document: str
    text: str
    title: str | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    source: Source
    start: int
    end: int
    count: int
    words: list[str]

    @property
    def checksum(self) -> int:
        """A number that other words hardly give."""
        return zlib.crc32(" ".join(self.words).encode()) & 0x7FFF_FFFF


def index(connection: Connection, sources: Iterable[Source]) -> None:
    """Index texts that are not indexed yet."""
    parts = [part for source in sources for part in _parts(source)]
    if not parts:
        return
    engine = connection.dialect.name
    numbers = _numbers(connection, len(parts))
    written = _as_tsvector if engine == "postgresql" else " ".join
    connection.execute(
        search_rows.insert(),
        [
            {
                "number": number,
                "document_id": part.source.document,
                "statement_id": part.source.statement,
                "start": part.start,
                "end": part.end,
                "words": part.count,
                "checksum": part.checksum,
            }
            for number, part in zip(numbers, parts, strict=True)
        ],
    )
    connection.execute(
        sa.text(_INSERT[engine]),
        [
            {"number": number, "words": written(part.words)}
            for number, part in zip(numbers, parts, strict=True)
        ],
    )


def index_missing(connection: Connection, documents: Sequence[str] | None = None) -> None:
    """Index what is in the book and not in the index: all of it, or of some documents."""
    rows, columns = search_rows.c, t.documents.c
    has_own = sa.select(rows.document_id).where(rows.statement_id.is_(None))
    query = sa.select(columns.id).where(columns.id.not_in(has_own), columns.text != "")
    if documents is not None:
        query = query.where(among(columns.id, documents))
    bare = set(connection.execute(query).scalars())
    said = t.statements.c
    indexed = sa.select(rows.statement_id).where(rows.statement_id.is_not(None))
    query = sa.select(said.document_id).where(said.id.not_in(indexed), said.body != "").distinct()
    if documents is not None:
        query = query.where(among(said.document_id, documents))
    unquoted = set(connection.execute(query).scalars())
    names = sorted(bare | unquoted)
    for start in range(0, len(names), _FEW):
        some = names[start : start + _FEW]
        known = _indexed_statements(connection, some)
        index(
            connection,
            [
                source
                for source in _sources(connection, some)
                if (source.document in bare if source.statement is None else True)
                and source.statement not in known
            ],
        )


def forget(connection: Connection, documents: Sequence[str]) -> None:
    """Take documents and their statements out of the index, before their texts are changed."""
    rows = search_rows.c
    query = sa.select(search_rows).where(among(rows.document_id, documents)).order_by(rows.number)
    found = connection.execute(query).all()
    if not found:
        return
    numbers = [row.number for row in found]
    gone = search_rows.delete().where(among(rows.document_id, documents))
    if connection.dialect.name == "postgresql":
        erase = sa.text(f"DELETE FROM {INDEX} WHERE number = ANY(:numbers)")  # noqa: S608
        connection.execute(erase, {"numbers": numbers})
        connection.execute(gone)
        return
    # FTS5 does not know what it was given: it has to be told, word by word, what to take back.
    held = {
        (part.source.document, part.source.statement, part.start): part
        for source in _sources(connection, documents)
        for part in _parts(source)
    }
    told = []
    for row in found:
        part = held.get((row.document_id, row.statement_id, row.start))
        if part is None or part.checksum != row.checksum:
            break
        told.append({"number": row.number, "words": " ".join(part.words)})
    connection.execute(gone)
    if len(told) == len(found):
        connection.execute(sa.text(_DELETE), told)
    else:
        # Other character tables, of another Python, told words apart otherwise.
        _make_anew(connection, documents)


def optimise(connection: Connection) -> None:
    """Bring SQLite's index into one piece, so that nothing is left of what was taken out."""
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text(_OPTIMISE))


def _make_anew(connection: Connection, but_for: Sequence[str]) -> None:
    connection.execute(sa.text(_EMPTY))
    connection.execute(search_rows.delete())
    columns = t.documents.c
    names = sorted(set(connection.execute(sa.select(columns.id)).scalars()) - set(but_for))
    for start in range(0, len(names), _FEW):
        index(connection, _sources(connection, names[start : start + _FEW]))


def _sources(connection: Connection, documents: Sequence[str]) -> Iterator[Source]:
    """Yield the texts of documents and of all their statements, of whatever reading."""
    columns = t.documents.c
    query = sa.select(columns.id, columns.title, columns.text).where(among(columns.id, documents))
    texts = {}
    for row in sorted(connection.execute(query), key=lambda row: str(row.id)):
        texts[row.id] = row.text
        if row.text:
            yield Source(row.id, row.text, row.title)
    said = t.statements.c
    quotes = sa.select(said.id, said.document_id, said.body).where(
        among(said.document_id, documents), said.body != ""
    )
    for row in sorted(connection.execute(quotes), key=lambda row: str(row.id)):
        fields = json.loads(row.body)
        quote = texts[row.document_id][fields["start"] : fields["end"]]
        if quote:
            yield Source(row.document_id, quote, statement=row.id)


def _indexed_statements(connection: Connection, documents: Sequence[str]) -> set[str]:
    rows = search_rows.c
    query = sa.select(rows.statement_id).where(
        among(rows.document_id, documents), rows.statement_id.is_not(None)
    )
    return set(connection.execute(query).scalars())


def _numbers(connection: Connection, count: int) -> Sequence[int]:
    """Return numbers for new rows; writers side by side get different ones."""
    if connection.dialect.name == "postgresql":
        sequence = sa.text(
            "SELECT nextval(pg_get_serial_sequence('search_rows', 'number'))"
            " FROM generate_series(1, :count)"
        )
        return list(connection.execute(sequence, {"count": count}).scalars())
    given = sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'search_rows'")
    last = connection.execute(given).scalar() or 0
    return range(last + 1, last + 1 + count)


def _parts(source: Source) -> Iterator[_Part]:
    title = fold(source.title)[:_TITLE] if source.title else []
    words = fold(source.text)
    if len(words) <= _PART and (not words or Counter(words).most_common(1)[0][1] <= _ALIKE):
        yield _part(source, 0, len(source.text), title, words)
        return
    placed = list(words_in(source.text))
    first = 0
    while first < len(placed):
        last = _end_of_part(words, first)
        start = placed[first].start if first else 0
        end = placed[last - 1].end if last < len(placed) else len(source.text)
        yield _part(source, start, end, [] if first else title, words[first:last])
        # What stands across the border is in both.
        first = max(first + 1, last - _OVERLAP) if last < len(placed) else last


def _end_of_part(words: Sequence[str], first: int) -> int:
    counts: Counter[str] = Counter()
    for at in range(first, min(first + _PART, len(words))):
        counts[words[at]] += 1
        if counts[words[at]] > _ALIKE:
            return at
    return min(first + _PART, len(words))


def _part(source: Source, start: int, end: int, title: list[str], words: list[str]) -> _Part:
    repeated = sorted(word for word, count in Counter(words).items() if count >= OFTEN)
    held = [*title, GAP, *words] if title else list(words)
    if title or repeated:
        held += [GAP, *(TITLE + word for word in title), *(REPEATED + word for word in repeated)]
    return _Part(source, start, end, len(title) + len(words), held)


def _as_tsvector(words: Sequence[str]) -> str:
    """Return words with their places, as PostgreSQL reads them."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word, []).append(place)
    # A word holds no character that would have to be escaped.
    return " ".join(f"'{word}':{','.join(map(str, at))}" for word, at in places.items())
