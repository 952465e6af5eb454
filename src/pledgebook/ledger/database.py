"""A connection pool for one book, with transactions that speak plain errors.

A database that is open for reading only says why, and nothing is written to it by any way.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from pledgebook.errors import BookError
from pledgebook.ledger.faults import plain_errors

__all__ = ["Database"]


class Database:
    """A connection pool for one book, with transactions that speak plain errors.

    `refusal` is why nothing may be written to it, None where it may. `unchanged` is asked before
    each reading of what nobody may change meanwhile, and raises BookError. `release` gives back
    what else it holds.
    """

    def __init__(
        self,
        engine: Engine,
        place: str,
        *,
        refusal: BookError | None = None,
        unchanged: Callable[[], None] | None = None,
        release: Callable[[], None] | None = None,
    ) -> None:
        self.engine = engine
        self.place = place
        self.refusal = refusal
        self._unchanged = unchanged
        self._release = release

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @property
    def address(self) -> str:
        """What opens it once more: a path, or a URL with its password."""
        if self.dialect == "sqlite":
            return self.place
        return self.engine.url.render_as_string(hide_password=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the book; writers are not kept waiting."""
        if self._unchanged is not None:
            self._unchanged()
        with plain_errors(self.place), self.engine.connect() as connection:
            if self.dialect == "postgresql":
                # All that is asked is answered from one view. No such reader can fail by a writer.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """Lend a view for one single question: over a network it is one round trip, not four."""
        if self.dialect != "postgresql":
            with self.reading() as connection:
                yield connection
            return
        with plain_errors(self.place), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is durable on leaving, or none of it is there.

        Raises BookError where the book is open for reading only.
        """
        self._refuse()
        with plain_errors(self.place), self.engine.connect() as connection:
            connection = connection.execution_options(pledgebook_writes=True)
            if self.dialect == "postgresql":
                # A writer that waited for another has to see what that one wrote.
                connection = connection.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                yield connection

    def run_outside_transaction(self, sql: str) -> None:
        """Run one statement that a transaction cannot hold (SQLite's PRAGMA)."""
        self._refuse()
        with plain_errors(self.place):
            raw = self.engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute(sql)
                cursor.close()
            except sqlite3.Error as error:
                raise DBAPIError(sql, None, error) from error
            finally:
                raw.close()

    def _refuse(self) -> None:
        if self.refusal is not None:
            # Each time another one: an error remembers where it was raised.
            told = self.refusal
            raise BookError(told.what, where=told.where, mend=told.mend)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
        if self._release is not None:
            release, self._release = self._release, None
            with contextlib.suppress(OSError):
                release()
