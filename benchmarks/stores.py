"""Measure how fast a book takes documents in and gives them out, on SQLite and PostgreSQL.

    make bench
    python benchmarks/stores.py [--documents 10000] [--postgresql URL] [--most 0.5] [--json FILE]

Small documents with two statements each are added in batches, as reading does it; added again,
which changes nothing; looked up one by one, as reading does before it reads; and given out as
statements again. Beside the speed stand the statements that went to the database for each document:
over a network each is a round trip. The exit status is 1 where adding takes more than --most.

The server is one of its own, as for the tests, unless --postgresql names an empty database.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.document import Document, sha256
from pledgebook.vocabulary.statement import Category, Evidence, Item, Kind, Quantity, Statement

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from postgresql_server import UnavailableError, server

BATCH = 200
LOOKED_UP = 1000
_PADDING = "The minister spoke to reporters after the meeting of the contact group. " * 6


def readings(count: int) -> list[Reading]:
    """Return made-up documents of some 600 characters, with two statements each."""
    return [_reading(number) for number in range(count)]


def _reading(number: int) -> Reading:
    quotes = (f"Norway will send {number + 1} tanks", f"Sweden will give {number + 2} howitzers")
    text = f"{quotes[0]}. {_PADDING}{quotes[1]}. {_PADDING[:150]}"
    document = Document(
        text=text, bytes_sha256=sha256(text), extractor="benchmark/1", origin=f"{number}.txt"
    )
    statements = []
    for quote, party, category in zip(
        quotes, ("NOR", "SWE"), (Category.TANK, Category.ARTILLERY), strict=True
    ):
        start = text.index(quote)
        amount = float(quote.split()[3])
        statements.append(
            Statement(
                kind=Kind.PLEDGE,
                actors=(party,),
                recipient="UKR",
                item=Item(category=category),
                quantity=Quantity(low=amount, high=amount),
                evidence=Evidence(
                    document=document.id, start=start, end=start + len(quote), quote=quote
                ),
            )
        )
    return Reading(document, tuple(statements), "benchmark", "1", "none")


class Counter:
    """Counts the statements that go to a database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, *_: object) -> None:
        """Count one."""
        self.count += 1


def measured(work: Callable[[], object], documents: int) -> dict[str, float]:
    """Return documents a second, and statements sent for each document."""
    counter = Counter()
    sa.event.listen(sa.Engine, "before_cursor_execute", counter)
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    sa.event.remove(sa.Engine, "before_cursor_execute", counter)
    return {"per_second": documents / seconds, "statements": counter.count / documents}


def figures(place: str, made: Sequence[Reading]) -> dict[str, dict[str, float]]:
    """Measure one empty book."""
    with Store.open(place) as store:

        def add() -> None:
            for start in range(0, len(made), BATCH):
                store.add(made[start : start + BATCH])

        def look_up() -> None:
            for one in some:
                store.known(one.document)

        some = made[:LOOKED_UP]
        found = {"add": measured(add, len(made)), "add again": measured(add, len(made))}
        found["look up"] = measured(look_up, len(some))
        found["give out"] = measured(store.entries, len(made))
        assert len(store.entries()) == 2 * len(made)
    return found


@contextlib.contextmanager
def places(url: str | None) -> Iterator[dict[str, str]]:
    """Lend an empty book on each engine."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found = {"sqlite": str(Path(folder) / "book.db")}
        try:
            found["postgresql"] = url or stack.enter_context(server()).new_database()
        except UnavailableError as error:
            print(f"PostgreSQL is left out: {error}")
        yield found


def main() -> None:
    """Measure, print, and leave with 1 where adding sends too many statements."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    parser.add_argument("--most", type=float, default=0.5, metavar="STATEMENTS")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    made = readings(options.documents)
    faults, found = [], {}
    print(f"{options.documents:,} documents in batches of {BATCH}: documents a second (statements)")
    with places(options.postgresql) as books:
        for engine, place in books.items():
            found[engine] = figures(place, made)
            shown = "  ".join(
                f"{name} {one['per_second']:>8,.0f} ({one['statements']:.2f})"
                for name, one in found[engine].items()
            )
            print(f"{engine:10}  {shown}", flush=True)
            sent = max(found[engine][name]["statements"] for name in ("add", "add again"))
            if sent > options.most:
                faults.append(f"{engine}: {sent:.2f} statements are sent for a document")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
