"""Count how many parts of packages are found, on the coded statements themselves.

    python benchmarks/wholes.py [--list]

In the corpora the key of an item of a package begins with the key of the package and a hyphen; not
every item is keyed so. Every statement stands for itself here: joining plays no part. What is found
without such a key may be right all the same: `--list` prints it, to be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus import find_corpus
from links import coded_entries

from pledgebook.ledger.cases import prepare
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.wholes import Relation, find_parts
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

FILES = ("train-written.jsonl", "written-dev.jsonl", "train-real.jsonl", "real-dev.jsonl")

Row = tuple[str | None, str | None, str]
"""The key of the package that was found, the key of the statement, and how it reads."""


def documents(corpora: Path) -> Iterator[dict[str, Any]]:
    """Yield the documents of the coded corpora that are here."""
    for name in FILES:
        path = corpora / name
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                yield from (json.loads(line) for line in lines if line.strip())


def found_in(document: dict[str, Any], catalogue: Catalogue) -> tuple[list[Row], int]:
    """Return the parts that are found in a document, and how many its keys say there are."""
    entries = coded_entries(document)
    coded = document["statements"]
    keys = {entry.id: one["commitment"] for entry, one in zip(entries, coded, strict=True)}
    quotes = {entry.id: entry.statement.evidence.quote for entry in entries}
    heads = [
        keys[entry.id]
        for entry in entries
        if entry.statement.money is not None
        and entry.statement.item.category.value.endswith("-aid")
        and keys[entry.id]
    ]
    named = sum(any(is_within(key, head) for head in heads) for key in keys.values())
    cases = [prepare(entry, catalogue, frozenset()) for entry in entries]
    parts = find_parts([Group([case]) for case in cases if case is not None])
    rows = []
    for part in parts:
        if part.relation is Relation.PACKAGE:
            whole, item = part.statements
            text = f"{document['id']}: {quotes[item]!r} in {quotes[whole]!r} ({part.reason})"
            rows.append((keys[whole], keys[item], text))
    return rows, named


def is_within(key: str | None, head: str | None) -> bool:
    """Tell whether a key is that of an item of a package."""
    return key is not None and head is not None and key.startswith(f"{head}-")


def main() -> int:
    """Count and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--list", action="store_true")
    wanted = parser.parse_args()
    corpora = find_corpus()
    if corpora is None:
        sys.stdout.write("There is no coded corpus here: nothing was counted.\n")
        return 0
    catalogue = load_catalogue()
    rows: list[Row] = []
    named = 0
    for document in documents(corpora):
        found, count = found_in(document, catalogue)
        rows += found
        named += count
    right = sum(is_within(item, whole) for whole, item, _ in rows)
    sys.stdout.write(
        f"parts by their keys {named}, found with their package {right}; found in all {len(rows)}\n"
    )
    if wanted.list:
        others = [text for whole, item, text in rows if not is_within(item, whole)]
        sys.stdout.write("\n".join(others) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
