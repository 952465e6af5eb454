"""Documents to read in bulk, a book to hold the result against, and coders that misbehave."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin

import pledgebook.reading
from pledgebook.book import Book
from pledgebook.bulk import BulkFolder
from pledgebook.bulk.tables import readings_of
from pledgebook.ledger.records import Reading, statement_ids
from pledgebook.reading.coders import Coder
from pledgebook.reading.llm.settings import LlmSettings
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

GIVERS = ("Norway", "Sweden", "Poland", "Canada", "Estonia", "Italy", "Greece", "Latvia")
THINGS = ("howitzers", "Leopard 2 tanks", "generators", "drones", "ambulances", "trucks")
_TAIL = (
    "The announcement was made after a meeting of ministers {n} on a rainy afternoon by the sea.",
    "A spokesman named {n} declined to give further details about the timetable of it all.",
    "Local people in district {n} have long waited for news of this kind, and were glad of it.",
)


def story(number: int) -> str:
    """A text with statements in it that is like no other."""
    giver, thing = GIVERS[number % len(GIVERS)], THINGS[number % len(THINGS)]
    tail = " ".join(line.format(n=f"x{number * 7919 % 10007}") for line in _TAIL)
    return (
        f"{giver} will send {number % 90 + 3} {thing} to Ukraine, its defence ministry said.\n"
        f"{giver} has already delivered {number % 40 + 2} trucks to Ukraine. {tail}"
    )


def lines(numbers: Iterable[int]) -> str:
    """JSONL of stories, each with its date, address and name."""
    return "".join(
        json.dumps(
            {
                "id": f"n{number}",
                "url": f"https://www.paper{number % 5}.example/{number}",
                "date": str(dt.date(2023, 1, 1) + dt.timedelta(days=number % 300)),
                "lang": "en",
                "text": story(number),
            }
        )
        + "\n"
        for number in numbers
    )


def readings(folder: str | Path) -> dict[str, Reading]:
    """What a bulk reading holds, by document; each document is read once."""
    opened = BulkFolder.open(str(folder))
    found: dict[str, Reading] = {}
    for part in opened.parts:
        for one in readings_of(opened.read("documents", part), opened.read("statements", part)):
            assert one.document.id not in found
            found[one.document.id] = one
    ids = opened.statements().collect()["id"].to_list()
    assert len(set(ids)) == len(ids)
    assert sorted(ids) == sorted(
        name for one in found.values() for name in statement_ids(one.document.id, one.statements)
    )
    return found


def book_of(place: Path, *sources: str | Path) -> dict[str, tuple[Any, ...]]:
    """What a book makes of sources: for each document its metadata, and statements by id."""
    with Book.open(place) as book:
        book.read(sources)
        snapshot = book.ledger().entries.values()
        said: dict[str, dict[str, Statement]] = {}
        for entry in snapshot:
            said.setdefault(entry.document, {})[entry.id] = entry.statement
        return {
            one.id: (one.text, one.date, one.lang, one.url, one.title, said.get(one.id, {}))
            for one in book.store.texts([d.id for d in book.documents()]).values()
        }


def as_in_book(found: dict[str, Reading]) -> dict[str, tuple[Any, ...]]:
    """Readings as `book_of` has them."""
    result = {}
    for name, one in found.items():
        document = one.document
        ids = statement_ids(name, one.statements)
        said = dict(zip(ids, one.statements, strict=True))
        told = (document.text, document.date, document.lang, document.url, document.title, said)
        result[name] = told
    return result


class Misbehaving(WorkerPlugin):
    """Brings coders to the workers that crash or hang at a word, and note each text they read."""

    name = "misbehaving"

    def __init__(self, log: str) -> None:
        self._log = log

    def setup(self, worker: object) -> None:  # noqa: ARG002
        install(self._log)


def install(log: str) -> None:
    """Let the coders `crashing`, `hanging` and `slow` be named in this process."""
    grammar = pledgebook.reading.coder("grammar")

    def maker(name: str) -> Callable[[LlmSettings | None], Coder]:
        def read(document: Document, catalogue: Catalogue) -> list[Statement]:
            if "CRASHWORD" in document.text:
                os._exit(3)
            if "HANGWORD" in document.text:
                time.sleep(600)
            if name == "slow":
                time.sleep(0.02)
            with Path(log).open("a") as out:
                out.write(document.id + "\n")
            return grammar.read(document, catalogue)

        return lambda _: Coder(name, "1", read, languages=frozenset({"en"}))

    for name in ("misbehaving", "slow"):
        pledgebook.reading._MAKERS[name] = maker(name)
