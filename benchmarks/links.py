"""Score how statements are joined to commitments, on the coded statements themselves.

    python benchmarks/links.py [--floor 0.88] [--floor-cells 0.85]

The corpus is looked for as `score.py` does; where there is none, nothing is scored and the exit
status is 0. Each part of `written-dev` is a book of its own. The exit status is 1 where a floor did
not hold.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from corpus import find_corpus

from pledgebook.ledger.commitments import commitment_id
from pledgebook.ledger.reconcile import reconcile
from pledgebook.ledger.records import Entry, statement_ids
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.document import sha256
from pledgebook.vocabulary.statement import Evidence, Statement

UNDATED = dt.date(2026, 1, 1)
"""The day of ingestion of documents without a date."""

Documents = list[dict[str, Any]]


def coded_entries(document: dict[str, Any]) -> list[Entry]:
    """Return the coded statements of a corpus document as a book would hand them out."""
    name = "d" + sha256(document["id"])[:20]
    statements = []
    for coded in document["statements"]:
        fields = {key: value for key, value in coded.items() if key != "commitment"}
        quote = fields["evidence"]
        start = document["text"].index(quote)
        fields["evidence"] = Evidence(
            document=name, start=start, end=start + len(quote), quote=quote
        )
        statements.append(Statement(**fields))
    date = document.get("date")
    day = dt.date.fromisoformat(date) if date else UNDATED
    ids = statement_ids(name, statements)
    return [
        Entry(one, statement, name, day, date is not None)
        for one, statement in zip(ids, statements, strict=True)
    ]


def joined(documents: Documents, catalogue: Catalogue) -> Documents:
    """Return the documents with the ids of the commitments that their statements were joined to."""
    entries = [coded_entries(document) for document in documents]
    books: dict[str | None, list[Entry]] = defaultdict(list)
    for document, found in zip(documents, entries, strict=True):
        books[document.get("part")] += found
    home: dict[tuple[str | None, str], str] = {}
    for part, book in books.items():
        for group in reconcile(book, catalogue):
            for case in group.cases:
                home[part, case.id] = commitment_id(group.cases[0].id)
    return [
        document
        | {
            "statements": [
                coded | {"commitment": home.get((document.get("part"), entry.id))}
                for coded, entry in zip(document["statements"], found, strict=True)
            ]
        }
        for document, found in zip(documents, entries, strict=True)
    ]


def score(corpora: Path) -> str:
    """Return the report of the scorer."""
    corpus = corpora / "written-dev.jsonl"
    scorer = corpora / "score_links.py"
    with corpus.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        predicted = Path(folder) / "predicted.jsonl"
        with predicted.open("w", encoding="utf-8") as out:
            for document in joined(documents, load_catalogue()):
                out.write(json.dumps(document, ensure_ascii=False) + "\n")
        run = subprocess.run(
            [sys.executable, scorer, corpus, predicted], capture_output=True, text=True, check=True
        )
    return run.stdout


def figures(report: str) -> tuple[float, float]:
    """Return B-cubed F1 and the share of exact cells from the report of the scorer."""
    f1 = re.search(r"B-cubed predicted .*F1 ([\d.]+)", report)
    cells = re.search(r"exact ([\d.]+)", report)
    if f1 is None or cells is None:
        raise ValueError(f"the scorer's report is of another shape:\n{report}")
    return float(f1[1]), float(cells[1])


def main() -> int:
    """Score, print and hold the floors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--floor", type=float, default=0.88)
    parser.add_argument("--floor-cells", type=float, default=0.85)
    wanted = parser.parse_args()
    corpus = find_corpus()
    if corpus is None:
        sys.stdout.write("There is no coded corpus here: nothing was scored.\n")
        return 0
    report = score(corpus)
    sys.stdout.write(report)
    f1, cells = figures(report)
    return int(f1 < wanted.floor or cells < wanted.floor_cells)


if __name__ == "__main__":
    sys.exit(main())
