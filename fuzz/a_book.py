"""A book of demo documents, judged and with a release, as rows: what whole books begin with."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from material import ROOT, TABLES

__all__ = ["HEADER", "Line", "judgement_seeds", "lines", "take"]

Line = dict[str, Any]
_TEXT = "Nobody quotes this. NOR said on 0: NOR will send 1 tanks. And before, NOR sent 1 tanks."
_DOCUMENTS = 4


@cache
def _exported() -> tuple[tuple[Line, ...], tuple[str, ...]]:
    from pledgebook.book import Book
    from pledgebook.exchange.judgements import judgement_lines

    demo = (ROOT / "src/pledgebook/demo/documents.jsonl").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        source, path = Path(folder) / "demo.jsonl", Path(folder) / "book.jsonl"
        source.write_text("\n".join(demo.splitlines()[:_DOCUMENTS]) + "\n{}\n", encoding="utf-8")
        with Book.open(Path(folder) / "aid.db") as book:
            book.read([source])
            book.import_("prices", TABLES / "prices.csv", by="me")
            one, other, *_ = [entry.id for entry in book.ledger().entries.values()]
            book.judge("same", one, other, by="me")
            book.judge("wrong", other, by="me", note="no")
            changed = book.judge("corrected", one, by="me", changes={"scope": "background"})
            book.revoke(changed.id, by="me")
            document = book.ledger().entries[one].document
            book.coding.finish(document, by="me")
            book.export("jsonl", path, with_text=True)
            judged = tuple(judgement_lines(book.store))
        return tuple(map(json.loads, path.read_text(encoding="utf-8").splitlines())), judged


def lines() -> tuple[Line, ...]:
    """Return the rows of a book, each with its table, without header, checks and end."""
    return tuple(
        {"table": line["table"], "row": line["row"]} for line in _exported()[0] if "table" in line
    )


def judgement_seeds() -> tuple[str, ...]:
    """Return its judgements as lines of a file."""
    return _exported()[1]


HEADER: Line = {"format": "pledgebook-book", "version": 1, "schema": "0001"}


def take(name: str, row: Line, place: str, texts: dict[str, str], *, mend: bool) -> None:
    """Verify a row as restoring does, without a database. Raises SourceError.

    Where it is to be mended its ids are made those of its content, so that what lies behind that
    check is reached too.
    """
    from pledgebook.exchange.bookrows import ordered_tables
    from pledgebook.exchange.verifying import (
        refused,
        typed,
        verified_document,
        verified_statement,
        verify,
    )
    from pledgebook.ledger.records import digest_id
    from pledgebook.vocabulary.document import sha256

    table = next((one for one in ordered_tables() if one.name == name), None)
    if table is None:
        raise refused("a book has no such table", place)
    made = typed(table, row, place)
    if name == "documents":
        if mend:
            if isinstance(row.get("text"), str):
                made["text_sha256"] = sha256(row["text"])
            parts = (made["bytes_sha256"], made["extractor"], made["text_sha256"])
            made["id"] = "d" + sha256("\n".join(parts))[:20]
        kept, pieces = verified_document(row, made, place)
        texts[kept["id"]] = kept["text"]
        for start, piece in pieces:
            assert kept["text"][start : start + len(piece)] == piece
    elif name == "statements":
        if mend and made["body"] is not None:
            made["id"] = digest_id("s", made["document_id"], made["body"], "0")
        verified_statement(row, made, texts.get(made["document_id"], _TEXT), place)
    else:
        verify(name, made, place)
