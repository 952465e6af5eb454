"""Score how statements are joined to commitments, beside other ways, and end to end.

    python benchmarks/links.py [--floor 0.88] [--floor-cells 0.85] [--coder grammar] [--no-splink]

The corpus is looked for as `score.py` does; where there is none, nothing is scored and the exit
status is 0. Each part of `written-dev` is a book of its own. First the coded statements are joined,
which is reconciling alone, and what the corpus's scorer says of that is printed. The table below it
has the same by the same definitions for ways that are simpler, for Splink where it is installed (in
the environment of the benchmarks), and for what a coder reads: with the links of the coded
statements that were found, the most that any joining could come to, and with our own joining.

The exit status is 1 where a floor did not hold for the coded statements.
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
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import splink_peer
from corpus import find_corpus
from link_scores import Documents, Scores, load, scored, scorer_module, sheet_of
from score import read_and_score

from pledgebook.ledger.cases import FAMILIES
from pledgebook.ledger.commitments import commitment_id
from pledgebook.ledger.reconcile import reconcile
from pledgebook.ledger.records import Entry, statement_ids
from pledgebook.ledger.rules import Rules
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.document import sha256
from pledgebook.vocabulary.statement import Evidence, Kind, Statement

UNDATED = dt.date(2026, 1, 1)
"""The day of ingestion of documents without a date."""

Books = dict[str | None, list[tuple[str, list[Entry]]]]
"""For each part, the ids of its documents with their entries."""


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
    day, dated = day_of(document)
    ids = statement_ids(name, statements)
    return [
        Entry(one, statement, name, day, dated)
        for one, statement in zip(ids, statements, strict=True)
    ]


def day_of(document: Mapping[str, Any]) -> tuple[dt.date, bool]:
    """Return the day on which a document counts, and whether it is dated."""
    date = document.get("date")
    return (dt.date.fromisoformat(date), True) if date else (UNDATED, False)


def books_of(documents: Documents) -> Books:
    """Return the entries of the documents, those of each part as a book."""
    books: Books = defaultdict(list)
    for document in documents:
        books[document.get("part")].append((document["id"], coded_entries(document)))
    return books


def joined(documents: Documents, catalogue: Catalogue, rules: Rules | None = None) -> Documents:
    """Return the documents with the ids of the commitments that their statements were joined to."""
    home: dict[tuple[str, str], str] = {}
    entries: dict[str, list[Entry]] = {}
    for book in books_of(documents).values():
        entries |= dict(book)
        owner = {entry.id: name for name, found in book for entry in found}
        for group in reconcile((e for _, found in book for e in found), catalogue, rules=rules):
            for case in group.cases:
                home[owner[case.id], case.id] = commitment_id(group.cases[0].id)
    return with_keys(
        documents,
        {
            document["id"]: [home.get((document["id"], one.id)) for one in entries[document["id"]]]
            for document in documents
        },
    )


def with_keys(documents: Documents, keys: Mapping[str, Sequence[str | None]]) -> Documents:
    """Return the documents with these keys of the commitments, in the order of the statements."""
    return [
        document
        | {
            "statements": [
                said | {"commitment": key}
                for said, key in zip(document["statements"], keys[document["id"]], strict=True)
            ]
        }
        for document in documents
    ]


def score(corpora: Path) -> str:
    """Return the report of the scorer."""
    corpus = corpora / "written-dev.jsonl"
    scorer = corpora / "score_links.py"
    documents = load(corpus)
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


def baselines(documents: Documents, scorer: Path) -> list[tuple[str, Scores]]:
    """Score two ways of joining that look at no pair: none, and all that name the same things."""
    alone = with_keys(documents, {one["id"]: [None] * len(one["statements"]) for one in documents})
    alike = {
        one["id"]: [
            f"{sorted(said['actors'])} {said['item']['category']} {said['item'].get('designation')}"
            for said in one["statements"]
        ]
        for one in documents
    }
    return [
        ("every statement alone", sheet_of(scorer, documents, alone).scores()),
        (
            "by actors, category, designation",
            sheet_of(scorer, documents, with_keys(documents, alike)).scores(),
        ),
    ]


def peers(documents: Documents, scorer: Path, catalogue: Catalogue) -> list[tuple[str, Scores]]:
    """Score Splink on the coded statements: learning without labels, and counting from them.

    Its threshold is the one that is best on these very statements. Nothing where it is not
    installed.
    """
    try:
        splink_peer.version()
    except ImportError:
        return []
    said = {
        (one["id"], place): (str(one.get("part")), day_of(one)[0], fields)
        for one in documents
        for place, fields in enumerate(one["statements"])
        if FAMILIES.get(Kind(fields["kind"])) == "promise"
    }
    told = [
        (f"{name} {place}", part, name, day, fields)
        for (name, place), (part, day, fields) in said.items()
    ]
    keys = [
        f"{part} {fields['commitment']}" if fields["commitment"] else None
        for part, _, fields in said.values()
    ]

    def at(model: splink_peer.Model, threshold: float) -> Scores:
        found = model.clusters(threshold)
        own = {
            one["id"]: [found.get(f"{one['id']} {n}") for n in range(len(one["statements"]))]
            for one in documents
        }
        return sheet_of(scorer, documents, with_keys(documents, own)).scores()

    rows = []
    for name, labels in (("Splink, learning alone", None), ("Splink, counting from keys", keys)):
        table = splink_peer.table_of(told, catalogue, labels)
        model = splink_peer.Model(table, splink_peer.SMALL)
        tried = [(at(model, threshold), threshold) for threshold in splink_peer.THRESHOLDS]
        best, threshold = max(tried, key=lambda one: one[0].f1)
        rows.append((f"{name}, at {threshold:g}", best))
    return rows


def read_by(documents: Documents, scorer: Path, coder: str) -> Documents:
    """Return the documents with the statements that a coder reads in them."""
    reader = scorer.with_name("score.py")
    found = {one["id"]: one for one in read_and_score(documents, reader, coder)[1]}
    return [one | {"statements": found[one["id"]]["statements"]} for one in documents]


def coded_keys(documents: Documents, read: Documents, scorer: Path) -> Documents:
    """Return read statements with the keys of the coded ones that they are paired with."""
    rules = scorer_module(scorer)
    keys: dict[str, list[str | None]] = {}
    for coded, own in zip(documents, read, strict=True):
        found = keys[own["id"]] = [None] * len(own["statements"])
        linked = [
            [place for place, said in enumerate(one["statements"]) if said["kind"] in rules.LINKED]
            for one in (coded, own)
        ]
        sides = [
            [one["statements"][place] for place in places]
            for one, places in zip((coded, own), linked, strict=True)
        ]
        for here, there in rules.pair(*sides):
            found[linked[1][there]] = sides[0][here]["commitment"]
    return with_keys(read, keys)


def end_to_end(
    documents: Documents, scorer: Path, catalogue: Catalogue, coder: str
) -> tuple[list[tuple[str, Scores]], str]:
    """Score the reader's own statements: with the coded links and with ours; and what each lost."""
    read = read_by(documents, scorer, coder)
    bound = sheet_of(scorer, documents, coded_keys(documents, read, scorer)).scores()
    own = sheet_of(scorer, documents, joined(read, catalogue)).scores()
    rows = [(f"read by {coder}, coded links", bound), (f"read by {coder}, our joining", own)]
    lost = (
        f"Of B-cubed F1, reading by {coder} lost {1 - bound.f1:.3f} and joining what it read "
        f"{bound.f1 - own.f1:.3f}; of the exact cells {1 - bound.exact:.3f} and "
        f"{bound.exact - own.exact:.3f}."
    )
    return rows, lost


def main() -> int:
    """Score, print and hold the floors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--floor", type=float, default=0.88)
    parser.add_argument("--floor-cells", type=float, default=0.85)
    parser.add_argument("--coder", action="append", help="who reads, end to end; more than one may")
    parser.add_argument("--no-splink", action="store_true", help="leave Splink out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the scores there")
    wanted = parser.parse_args()
    corpus = find_corpus()
    if corpus is None:
        sys.stdout.write("There is no coded corpus here: nothing was scored.\n")
        return 0
    report = score(corpus)
    sys.stdout.write(f"{report}\n")
    scorer, catalogue = corpus / "score_links.py", load_catalogue()
    documents = load(corpus / "written-dev.jsonl")
    rows = baselines(documents, scorer)
    found = [] if wanted.no_splink else peers(documents, scorer, catalogue)
    rows += found
    ours = sheet_of(scorer, documents, joined(documents, catalogue)).scores()
    truth = sheet_of(scorer, documents, documents).scores()
    rows += [("coded statements, our joining", ours), ("coded statements, coded links", truth)]
    losses = []
    for coder in wanted.coder or ["grammar"]:
        more, lost = end_to_end(documents, scorer, catalogue, coder)
        rows += more
        losses.append(lost)
    sys.stdout.write(scored(rows) + "\n".join(["", *losses]) + "\n")
    if found:
        sys.stdout.write(f"{splink_peer.version()}; each at the threshold that is best here.\n")
    elif not wanted.no_splink:
        sys.stdout.write("Splink is not installed here and was left out.\n")
    if wanted.json:
        figures_of = {name: asdict(one) | {"f1": one.f1} for name, one in rows}
        wanted.json.write_text(json.dumps(figures_of, indent=2) + "\n", encoding="utf-8")
    f1, cells = figures(report)
    return int(f1 < wanted.floor or cells < wanted.floor_cells)


if __name__ == "__main__":
    sys.exit(main())
