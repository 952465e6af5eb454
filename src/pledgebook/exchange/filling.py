"""Documents and statements on their way into a book that may have some of them already.

What is erased on either side stays erased. A whole text takes the place of quotations of it, and
quotations are held against the text that is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from pledgebook.exchange.bookrows import Row, quoted_spans
from pledgebook.exchange.verifying import refused, verified_statement
from pledgebook.ledger import schema as t
from pledgebook.ledger.search.indexing import forget, optimise
from pledgebook.ledger.stubs import Piece, cut, is_stub, overlay
from pledgebook.ledger.writing import insert

__all__ = ["Shelf"]

_FEW = 50


class Shelf:
    """The documents of a book while a file comes in. `stubs` counts those without whole texts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._queue: list[tuple[Row, list[Piece], str]] = []
        self._erased: dict[str, str] = {}
        self.stubs = 0

    def put(self, row: Mapping[str, Any], made: Row, pieces: list[Piece], place: str) -> None:
        """Take a verified document; `row` is it as it stood in the file."""
        if row["holds"] == "nothing":
            self._erased[made["id"]] = place
        elif row["holds"] == "quotations":
            self.stubs += 1
        self._queue.append((made, pieces, place))

    def store(self) -> None:
        """Store the documents that were put. Raises SourceError where two texts are at odds."""
        queue, self._queue = self._queue, []
        for start in range(0, len(queue), _FEW):
            some = queue[start : start + _FEW]
            known = self._known([made["id"] for made, _, _ in some])
            insert(self._connection, t.documents, [one for one, _, _ in some])
            for made, pieces, place in some:
                mine = known.get(made["id"])
                if mine is not None and made["id"] not in self._erased:
                    self._join(mine, made, pieces, place)

    def _known(self, names: Sequence[str]) -> dict[str, RowMapping]:
        """Return those of these documents that the book has, but for the erased ones."""
        columns = t.documents.c
        query = (
            sa.select(columns.id, columns.extractor, columns.text)
            .outerjoin(t.purges, t.purges.c.document_id == columns.id)
            .where(columns.id.in_(names), t.purges.c.document_id.is_(None))
        )
        return {row["id"]: row for row in self._connection.execute(query).mappings()}

    def _join(self, mine: RowMapping, made: Row, pieces: list[Piece], place: str) -> None:
        text: str = mine["text"]
        changes: Row = {}
        if not is_stub(mine["extractor"]):
            # The same id is the same hash of the text, so only pieces can differ.
            kept, whole = pieces, text
        elif is_stub(made["extractor"]):
            whole = overlay(text, pieces)
            changes = {"text": whole}
        else:
            whole = made["text"]
            changes = {"text": whole, "extractor": made["extractor"]}
        if changes:
            name = mine["id"]
            quoted, rests = quoted_spans(self._connection, [name])[name]
            kept = cut(text, quoted | rests)
        if len(whole) != len(made["text"]) or any(
            whole[start : start + len(piece)] != piece for start, piece in kept
        ):
            raise refused("it quotes other words than those of this document here", place)
        if changes and (changes["text"] != text or "extractor" in changes):
            # It is indexed anew when all of the file is there.
            forget(self._connection, [mine["id"]])
            query = t.documents.update().where(t.documents.c.id == mine["id"])
            self._connection.execute(query.values(**changes))

    def statements(self, rows: Sequence[tuple[Mapping[str, Any], Row, str]]) -> list[Row]:
        """Return verified rows of statements. Raises SourceError."""
        found: list[Row] = []
        names = list(dict.fromkeys(made["document_id"] for _, made, _ in rows))
        for start in range(0, len(names), _FEW):
            some = set(names[start : start + _FEW])
            texts = self._texts(some)
            for row, made, place in rows:
                if made["document_id"] in some:
                    found.append(self._statement(row, made, place, texts))
        return found

    def _statement(
        self, row: Mapping[str, Any], made: Row, place: str, texts: Mapping[str, str | None]
    ) -> Row:
        name = made["document_id"]
        if name not in texts:
            raise refused(f"its document {name} is not in the file", place)
        if made["body"] is None and texts[name] is not None and name not in self._erased:
            raise refused("it says nothing, and its document was not erased", place)
        return verified_statement(row, made, texts[name], place)

    def _texts(self, names: set[str]) -> dict[str, str | None]:
        """Return texts by document, None where it is erased here or in the file."""
        known = self._known(sorted(names))
        texts: dict[str, str | None] = {
            name: None if name in self._erased else row["text"] for name, row in known.items()
        }
        column = t.purges.c.document_id
        gone = self._connection.execute(sa.select(column).where(column.in_(sorted(names))))
        return texts | dict.fromkeys(gone.scalars())

    def erase(self) -> None:
        """Empty what is erased, here or in the file. Raises SourceError where no row says so."""
        purges = sa.select(t.purges.c.document_id)
        gone = set(self._connection.execute(purges).scalars())
        for name, place in self._erased.items():
            if name not in gone:
                raise refused(f"the text of {name} is missing, and nobody erased it", place)
        documents, statements = t.documents, t.statements
        forget(self._connection, sorted(gone))
        optimise(self._connection)
        self._connection.execute(
            documents.update()
            .where(
                documents.c.id.in_(purges),
                (documents.c.text != "") | documents.c.title.is_not(None),
            )
            .values(text="", title=None)
        )
        self._connection.execute(
            statements.update()
            .where(statements.c.document_id.in_(purges), statements.c.body != "")
            .values(body="")
        )
