"""Measure the search: how long a page of hits takes, what indexing costs, how large the index is.

    python benchmarks/search.py [--statements 100000] [--sqlite-only] [--most 50] [--json FILE]

The book is that of big_book.py. It is written twice into a file, with the index and without it, so
that the rate and the size of both can be told; and once into PostgreSQL. Then every query is asked
several times for a page of 20 hits with all facets: first with nothing kept of what the words' rows
are (cold), then again (warm). Where the machine has other work, the processor's time tells more:
that of this process, in a cold page; of a server's work it tells nothing. Beside them is the time
to lay out a ledger that is new, and again after a judgement. The exit status is 1 where the median
of the cold pages is above --most.

The server is one of its own, as for the tests, unless --postgresql names an empty database.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import sqlalchemy as sa
from big_book import write_book

from pledgebook.book import Book
from pledgebook.ledger import adding
from pledgebook.ledger.search.indexing import forget, index_missing, optimise

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from postgresql_server import UnavailableError, server

REPEATS = 5
QUERIES = (
    "minister parliament",
    "the",
    "tank",
    '"the government announced"',
    "promised military aid",
    "ordered -promised",
    "ammun*",
    "155mm",
    "item:tank",
    "donor:{donor}",
    "donor:{donor} item:ammunition from:2023 to:2023",
    "{donor} shells",
    "stage:delivered kind:delivery",
    "outlet:wire lang:en",
    "2,254",
    "",
    "nothng lke this",
)
"""From the rarest to what stands in every text; {donor} is the party that gives most."""

_SQLITE_SIZE = (
    "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search%' OR name LIKE 'ix_search%'"
    " OR name LIKE 'sqlite_autoindex_search%'"
)
_POSTGRESQL_SIZE = (
    "SELECT pg_total_relation_size('search_rows') + pg_total_relation_size('search_index')"
)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the search.")
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    parser.add_argument("--sqlite-only", action="store_true")
    parser.add_argument("--most", type=float, default=50.0, help="milliseconds of a cold median")
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    asked = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "bare.db")
        with mock.patch.object(adding, "index_new"):
            found["without"] = _written(str(bare), asked.statements)
        found["without"]["bytes"] = bare.stat().st_size
        bare.unlink()
        path = Path(folder, "book.db")
        found["sqlite"] = _written(str(path), asked.statements)
        found["sqlite"]["bytes"] = path.stat().st_size
        found["sqlite"] |= _measured(str(path), _SQLITE_SIZE)
    if not asked.sqlite_only:
        with _place(asked.postgresql) as place:
            if place is not None:
                found["postgresql"] = _written(place, asked.statements)
                found["postgresql"] |= _measured(place, _POSTGRESQL_SIZE)
    _print(found)
    if asked.json:
        Path(asked.json).write_text(json.dumps(found, indent=2), encoding="utf-8")
    return int(found["sqlite"]["cold"] > asked.most)


@contextlib.contextmanager
def _place(given: str | None) -> Iterator[str | None]:
    if given is not None:
        yield given
        return
    try:
        with server() as running, running.database() as url:
            yield url
    except UnavailableError as error:
        print(f"no PostgreSQL to measure: {error}")
        yield None


def _written(place: str, statements: int) -> dict[str, Any]:
    start, processor = time.perf_counter(), time.process_time()
    documents = write_book(place, statements)
    seconds, worked = time.perf_counter() - start, time.process_time() - processor
    return {"documents": documents, "rate": documents / seconds, "worked_rate": documents / worked}


def _measured(place: str, size: str) -> dict[str, Any]:
    with Book.open(place) as book:
        with book.store.database.reading() as connection:
            held = connection.execute(sa.text(size)).scalar_one()
            texts = connection.execute(
                sa.text("SELECT sum(length(text)) FROM documents")
            ).scalar_one()
        ledger, start = book.ledger(), time.process_time()
        first = book.search("")
        laid = time.process_time() - start
        [donor] = [one for one in first.facets if one.name == "donor"]
        pages = [_asked(book, query.format(donor=donor.values[0].value)) for query in QUERIES]
        again = _laid_again(book)
        purged = _purged(book)
    return {
        "index": int(held),
        "texts": int(texts),
        "commitments": len(ledger.commitments),
        "laid": laid,
        "laid_again": again,
        "purged": purged,
        "pages": pages,
        "cold": statistics.median(page["cold"] for page in pages),
        "warm": statistics.median(page["warm"] for page in pages),
        "slowest": max(page["cold"] for page in pages),
        "worked": statistics.median(page["worked"] for page in pages),
    }


def _asked(book: Book, query: str) -> dict[str, Any]:
    """Return the medians of a page in milliseconds, with nothing kept and then with what is."""
    times: dict[str, list[float]] = {"cold": [], "warm": []}
    worked: list[float] = []
    total = 0
    for _ in range(REPEATS):
        book.searcher.forget()
        for state, taken in times.items():
            start, processor = time.perf_counter(), time.process_time()
            total = book.search(query).total
            taken.append((time.perf_counter() - start) * 1000)
            if state == "cold":
                worked.append((time.process_time() - processor) * 1000)
    return {
        "query": query,
        "total": total,
        "worked": statistics.median(worked),
        **{name: statistics.median(one) for name, one in times.items()},
    }


def _laid_again(book: Book) -> float:
    """Return the processor's seconds of the first search after a judgement, without the ledger."""
    one, other = (hit.id for hit in book.search("", kinds=["commitment"], limit=2).hits)
    book.judge("different", one, other, by="benchmark")
    book.ledger()
    start = time.process_time()
    book.search("minister")
    return time.process_time() - start


def _purged(book: Book) -> float:
    """Return the seconds in which a document is taken out of the index for good, and put back."""
    [hit] = book.search("", kinds=["document"], limit=1).hits
    start = time.perf_counter()
    with book.store.database.writing() as connection:
        forget(connection, [hit.id])
        optimise(connection)
    seconds = time.perf_counter() - start
    with book.store.database.writing() as connection:
        index_missing(connection, [hit.id])
    return seconds


def _rate(how: str, one: dict[str, Any]) -> str:
    return (
        f"{how} {one['rate']:,.0f} documents a second, {one['worked_rate']:,.0f} of the processor's"
    )


def _print(found: dict[str, Any]) -> None:
    bare = found["without"]
    print(f"{bare['documents']:,} documents, without the index {bare['bytes'] / 1e6:,.0f} MB")
    print(_rate("without the index", bare))
    for engine in ("sqlite", "postgresql"):
        if engine not in found:
            continue
        one = found[engine]
        held, texts = one["index"] / 1e6, one["texts"] / 1e6
        print(f"\n{engine}\n{_rate('with the index', one)}")
        print(f"the index takes {held:,.1f} MB, the texts have {texts:,.1f} million characters")
        print(f"laid out in {one['laid']:.2f} s of the processor, ", end="")
        print(f"after a judgement in {one['laid_again']:.2f} s")
        print(f"a document is taken out for good in {one['purged']:.2f} s")
        print(
            f"a page, medians: {one['cold']:.1f} ms cold, {one['warm']:.1f} ms warm, "
            f"{one['worked']:.1f} ms of the processor; {one['slowest']:.1f} ms the slowest query"
        )
        print("    cold    warm  worked      hits  query")
        for page in one["pages"]:
            times = " ".join(f"{page[name]:7.1f}" for name in ("cold", "warm", "worked"))
            print(f" {times}  {page['total']:8,}  {page['query']}")


if __name__ == "__main__":
    sys.exit(main())
