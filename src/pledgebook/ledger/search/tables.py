"""The index of a book: which words stand in which text. No text is held a second time.

    search_rows    a row for each document and each statement's quote; of a long text, for each part
    search_index   the words of that row: FTS5 without contents, or a tsvector under GIN

Everything in it follows from documents and statements, and can be made from them anew. So it is no
part of what is exported, and stands on metadata of its own.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, text
from sqlalchemy.exc import OperationalError

from pledgebook.errors import BookError
from pledgebook.ledger.schema import metadata as book_metadata

__all__ = ["INDEX", "create_index", "is_search_table", "search_metadata", "search_rows"]

INDEX = "search_index"

search_metadata = MetaData(naming_convention=book_metadata.naming_convention)

search_rows = Table(
    "search_rows",
    search_metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(32), nullable=False, index=True),
    # None for a row of the document itself.
    Column("statement_id", String(32)),
    # The piece of the document's text, or of the quote, that it stands for, and its words.
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("words", Integer, nullable=False),
    # A sum over the words: whether a text is still taken apart as it was.
    Column("checksum", Integer, nullable=False),
    # A number is never given twice: who knows some rows asks for those after the last one.
    sqlite_autoincrement=True,
)

# The words come folded and apart: this tokenizer leaves them as they are.
_SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content='', columnsize=0, tokenize='ascii')",
)
# The words lie beside the rows: to find what a word is in, they need not be read.
_POSTGRESQL = (
    f"CREATE TABLE {INDEX} (number INTEGER CONSTRAINT pk_{INDEX} PRIMARY KEY, words TSVECTOR)",
    f"ALTER TABLE {INDEX} SET (toast_tuple_target = 128)",
    f"CREATE INDEX ix_{INDEX}_words ON {INDEX} USING gin (words)",
)


def create_index(connection: Connection) -> None:
    """Create the index of words in the engine's own form. Raises BookError where it has none."""
    postgresql = connection.dialect.name == "postgresql"
    for statement in _POSTGRESQL if postgresql else _SQLITE:
        try:
            connection.execute(text(statement))
        except OperationalError as error:
            if "no such module" not in str(error):
                raise
            what = f"this Python's SQLite has no full-text index ({error.orig})"
            mend = "Take a Python whose SQLite has FTS5, such as that of python.org"
            raise BookError(what, mend=mend) from error


def is_search_table(name: str | None) -> bool:
    """Tell whether a table is the index, or one of those in which an engine keeps it."""
    return name is not None and (name == INDEX or name.startswith(f"{INDEX}_"))
