"""What a ledger is made of, as the book holds it now, and what changed since it was last asked.

It is what `inputs.ledger_inputs` gives. What was appended to the tables of the book tells which
documents have to be read again.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from pledgebook.ledger import schema as t
from pledgebook.ledger.coding.additions import only_additions
from pledgebook.ledger.coding.view import CodingView
from pledgebook.ledger.columns import among
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.records import Entry
from pledgebook.ledger.store import Store

__all__ = ["News", "Source", "Version"]

Version = tuple[tuple[int, int], ...]
"""For each table that grows: how many rows it has, and the number of the last."""

_GROWING = (t.activations, t.withdrawals, t.judgements, t.releases)
_ACTIVATED, _WITHDRAWN, _JUDGED, _RELEASED, _PURGED = range(5)
_MANY = 2_000
"""Where more documents changed, all are read again."""


@dataclass(frozen=True, slots=True)
class News:
    """Statements that are no more, and those that came; one that says something else is in both.

    `documents` are those of which a statement changed. `anew` says that all was read again, so
    that what was known before is of no use.
    """

    gone: Collection[str] = ()
    came: Collection[Entry] = ()
    documents: frozenset[str] = frozenset()
    anew: bool = False


class Source:
    """Statements, by id and by document, and judgements where they now stand.

    `rows` are the statements of imported rows, `packages` the packages of these, by document.
    `twofold` says that one id names two statements: such a book is not followed.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._forget()

    def _forget(self) -> None:
        self.version: Version = ()
        self.entries: dict[str, Entry] = {}
        self.documents: dict[str, dict[str, Entry]] = defaultdict(dict)
        self.judgements: list[Judgement] = []
        self.rows: frozenset[str] = frozenset()
        self.packages: Mapping[str, str] = {}
        self.twofold = False
        self._read: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._beside: dict[str, Entry] = {}
        self._made: list[tuple[dt.datetime, int, Judgement]] = []
        self._purged: frozenset[str] = frozenset()
        self._imported: frozenset[str] = frozenset()
        self._added: list[Entry] = []

    def now(self) -> Version:
        """Return the version that the book has now."""
        with self._store.database.reading() as connection:
            return _version(connection)

    def read(self) -> News:
        """Read what changed since the last time."""
        with self._store.database.reading() as connection:
            version = _version(connection)
            if version == self.version:
                return News()
            purged = frozenset(connection.execute(sa.select(t.purges.c.document_id)).scalars())
            changed = self._changed(connection, version, purged)
            if changed is None or not self._judge(connection, version):
                self._forget()
                changed = None
                self._judge(connection, version)
            if version[_RELEASED:_PURGED] != self.version[_RELEASED:_PURGED]:
                found = connection.execute(sa.select(t.release_rows.c.document_id)).scalars()
                self._imported = frozenset(found)
            anew = changed is None
            self.version, self._purged = version, purged
            view = CodingView(connection)
            names = None if changed is None else sorted(changed)
            came = view.entries(None, names) if names is None or names else []
            gone, new = self._take(came, names)
            made = self._stand(view)
        rows = self._store.judged_rows([one for one in made if self._is_of_row(one)])
        beside = {one.id: one for one in (*self._added, *rows.entries)}
        moved = {one.id: one for one in rows.judgements}
        self._keep([moved.get(one.id, one) for one in made])
        self.packages = rows.packages
        self.rows = frozenset(one.id for one in rows.entries)
        gone += [name for name, one in self._beside.items() if beside.get(name) != one]
        new += [one for name, one in beside.items() if self._beside.get(name) != one]
        self.twofold = any(name in self._read.get(one.document, {}) for name, one in beside.items())
        self._beside = beside
        documents = self._put(gone, new)
        return News(gone, new, frozenset(documents), anew)

    def _changed(
        self, connection: Connection, version: Version, purged: frozenset[str]
    ) -> set[str] | None:
        """Return the documents that may have changed; None where all have to be read."""
        if not self.version:
            return None
        found = set(purged - self._purged)
        for table, at in ((t.activations, _ACTIVATED), (t.withdrawals, _WITHDRAWN)):
            names = _appended(connection, table.c.document_id, self.version[at], version[at])
            if names is None:
                return None
            found |= set(names)
        if found:
            # Another text of the same bytes may be the one that counts now.
            hashes = t.documents.c.bytes_sha256
            of = sa.select(hashes).where(among(t.documents.c.id, sorted(found)))
            query = sa.select(t.documents.c.id).where(hashes.in_(of))
            found |= set(connection.execute(query).scalars())
        return None if len(found) > _MANY else found

    def _judge(self, connection: Connection, version: Version) -> bool:
        """Read the judgements that were made since; tell whether these are all the new ones."""
        before = self.version[_JUDGED] if self.version else (0, 0)
        if before == version[_JUDGED]:
            return True
        query = sa.select(t.judgements).where(t.judgements.c.number > before[1])
        found = connection.execute(query).mappings().all()
        for row in found:
            one = Judgement.from_row(row)
            insort(self._made, (one.made_at, row["number"], one), key=lambda made: made[:2])
        return len(found) == version[_JUDGED][0] - before[0]

    def _take(
        self, came: Sequence[Entry], names: Iterable[str] | None
    ) -> tuple[list[str], list[Entry]]:
        """Put the statements that were read of some documents in the place of those before."""
        now: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in came:
            now[entry.document][entry.id] = entry
        if names is None:
            self._read = now
            return [], list(came)
        gone: list[str] = []
        new: list[Entry] = []
        for name in names:
            before, after = self._read.pop(name, {}), now.get(name, {})
            gone += [key for key, one in before.items() if after.get(key) != one]
            new += [one for key, one in after.items() if before.get(key) != one]
            if after:
                self._read[name] = after
        return gone, new

    def _stand(self, view: CodingView) -> list[Judgement]:
        """Return judgements where their words stand now; what they add is noted."""
        made = [one for _, _, one in self._made]
        read = self._read
        if any(each.document not in read for one in made for each in one.subjects):
            made = view.anchored(made, read)
        named = {one.subjects[0].document for one in only_additions(made)}
        beside = [one for name in named for one in read.get(name, {}).values()]
        self._added = view.added(made, beside)
        return made

    def _is_of_row(self, judgement: Judgement) -> bool:
        return any(one.document in self._imported for one in judgement.subjects)

    def _keep(self, judgements: Iterable[Judgement]) -> None:
        """Keep judgements; those that are as they were stay the same objects."""
        known = {one.id: one for one in self.judgements}
        self.judgements = [
            before if before is not None and before == one else one
            for one in judgements
            for before in [known.get(one.id)]
        ]

    def _put(self, gone: Iterable[str], came: Iterable[Entry]) -> set[str]:
        """Take statements out and in; return the documents of them."""
        changed = set()
        for name in gone:
            document = self.entries.pop(name).document
            changed.add(document)
            del self.documents[document][name]
            if not self.documents[document]:
                del self.documents[document]
        for entry in came:
            changed.add(entry.document)
            self.entries[entry.id] = entry
            self.documents[entry.document][entry.id] = entry
        return changed


def _version(connection: Connection) -> Version:
    columns: list[sa.ScalarSelect[int]] = []
    for table in _GROWING:
        last = sa.func.coalesce(sa.func.max(table.c.number), 0)
        columns.append(sa.select(sa.func.count()).select_from(table).scalar_subquery())
        columns.append(sa.select(last).scalar_subquery())
    columns.append(sa.select(sa.func.count()).select_from(t.purges).scalar_subquery())
    found = [int(one) for one in connection.execute(sa.select(*columns)).one()]
    pairs = zip(found[:-1:2], found[1::2], strict=True)
    return (*pairs, (found[-1], 0))


def _appended(
    connection: Connection, column: sa.Column[str], before: tuple[int, int], now: tuple[int, int]
) -> list[str] | None:
    """Return a column of the rows that a table got; None where it got others than its last ones.

    On a server a transaction may be seen later than one with higher numbers.
    """
    if before == now:
        return []
    table: Table = column.table
    query = sa.select(column).where(table.c.number > before[1])
    found = list(connection.execute(query).scalars())
    return found if len(found) == now[0] - before[0] else None
