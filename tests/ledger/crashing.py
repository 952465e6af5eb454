"""A reading that a test kills: one line of standard input is one document, batch by batch."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from making import Said, document, reading
from pledgebook.ledger import ingest
from pledgebook.ledger.progress import ReadProgress
from pledgebook.ledger.store import Store
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement


def documents(count: int) -> Iterator[Document]:
    """Return the same documents in every process."""
    for number in range(count):
        yield document(f"Norway sends {number + 1} tanks", origin=f"{number}.txt")


def code(found: Document, _: Catalogue) -> list[Statement]:
    """Code the one sentence of such a document."""
    said = Said(found.text, quantity=int(found.text.split()[2]))
    return list(reading(found, [said]).statements)


def run(place: str, count: int) -> None:
    """Read, telling after each document; every batch of five is confirmed."""
    ingest.BATCH_DOCUMENTS = 5
    coder = Coder("by-hand", "1", code)
    with Store.open(place) as store:
        ingest.Ingest(store, load_catalogue(), coder, tell).take(documents(count))


def tell(progress: ReadProgress) -> None:
    """Say how far it is, so that the test knows when to kill."""
    sys.stdout.write(f"{progress.documents}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]))
