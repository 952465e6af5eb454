"""What both lossless formats share: the head of the file, and the rows with the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pledgebook.errors import UsageError
from pledgebook.exchange.bookrows import Row, last_instant, rows_of
from pledgebook.exchange.exporting import Source, Wishes
from pledgebook.exchange.restoring import BOOK_FORMAT, BOOK_VERSION
from pledgebook.ledger.schema import SCHEMA_VERSION

__all__ = ["whole_book"]


@contextmanager
def whole_book(
    source: Source, wishes: Wishes, form: str
) -> Iterator[tuple[dict[str, Any], Iterator[tuple[str, Row]]]]:
    """Give the header of a book and all its rows, as of one instant.

    Raises UsageError where only a part of the book is wished for.
    """
    if wishes.picks or wishes.as_of is not None or wishes.table is not None:
        raise UsageError(
            f"{form} holds the whole book and cannot leave a part of it out",
            mend="Leave out --as-of, --donor, --recipient, --item and --table, or export csv",
        )
    with source.store.database.reading() as connection:
        header = {
            "format": BOOK_FORMAT,
            "version": BOOK_VERSION,
            "schema": SCHEMA_VERSION,
            "texts": "whole" if wishes.with_text else "quotations",
            "recorded": last_instant(connection),
        }
        yield header, _rows(source, rows_of(connection, with_text=wishes.with_text))


def _rows(source: Source, rows: Iterator[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
    yield from rows
    if source.additions is not None and source.additions.exists():
        text = source.additions.read_bytes().decode("utf-8", "surrogateescape")
        yield "catalogue", {"text": text}
