"""Score the reader on the coded corpora.

    python benchmarks/score.py [--coder NAME] [--train] [--closing] [--write FILE.md]
                               [--floor-core 0.60] [--floor-full 0.40]
                               [--floor-words 0.70] [--most-on-empty 3]

The corpora are looked for in the folder that PLEDGEBOOK_CORPUS names, then in `../shared/corpus`;
where there are none, nothing is scored and the exit status is 0. The floors hold over
`written-dev` and `real-dev` together. With --train the learning corpora are scored too, the written
one part by part, t1 to t4: t5 and t6 stay shut until a reader's closing figure, with --closing.

The reader is run as a user runs it, `pledgebook read FILE --jsonl`, on the documents without their
coding. The exit status is 1 where a floor did not hold or the reader failed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import find_corpus

DEVELOPMENT = ("written-dev", "real-dev")
TOGETHER = " + ".join(DEVELOPMENT)
READER_GETS = ("id", "url", "date", "lang", "text")
OPEN_PARTS = ("t1", "t2", "t3", "t4")
CLOSING_PARTS = ("t5", "t6")

Documents = list[dict[str, Any]]


@dataclass(frozen=True)
class Score:
    """What the scorer says of one set of documents; F1 and shares run from 0 to 1."""

    core: float
    full: float
    found: float
    words: float
    on_empty: int
    coded: int
    predicted: int

    @classmethod
    def parse(cls, printed: str) -> Score:
        """Read the scorer's report."""
        core = _find(r"core +F1 ([\d.]+).*\(\d+ of (\d+) coded, (\d+) predicted\)", printed)
        full = _find(r"full +F1 ([\d.]+)", printed)
        words = re.search(r"evidence: word F1 ([\d.]+)", printed)
        evidence = _find(
            r"evidence found in its document: (\d+) of (\d+); "
            r"statements on documents that hold none: (\d+)",
            printed,
        )
        grounded, quoted, on_empty = (int(group) for group in evidence)
        return cls(
            core=float(core[0]),
            full=float(full[0]),
            found=grounded / quoted if quoted else 1.0,
            words=float(words[1]) if words else 0.0,
            on_empty=on_empty,
            coded=int(core[1]),
            predicted=int(core[2]),
        )


def _find(pattern: str, printed: str) -> tuple[str, ...]:
    found = re.search(pattern, printed)
    if found is None:
        raise ValueError(f"the scorer's report holds nothing like {pattern!r}:\n{printed}")
    return found.groups()


def load(path: Path) -> Documents:
    """Return the documents of a corpus file with their coding."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def part_of(document: dict[str, Any]) -> str:
    """Return the part (t1 to t6) that a learning document belongs to."""
    parts = {*OPEN_PARTS, *CLOSING_PARTS}
    named = {str(document.get("part"))} | set(re.split(r"[^a-z0-9]+", document["id"].lower()))
    if len(named & parts) != 1:
        raise ValueError(f"the part of document {document['id']} is not plain")
    return (named & parts).pop()


def by_part(documents: Documents, parts: Sequence[str]) -> dict[str, Documents]:
    """Return the documents of the given parts; the others are dropped unread."""
    split: dict[str, Documents] = {part: [] for part in parts}
    for document in documents:
        if (part := part_of(document)) in split:
            split[part].append(document)
    return split


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> None:
    """Write records as JSON lines."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def read_and_score(
    documents: Documents, scorer: Path, coder: str = "grammar"
) -> tuple[Score, Documents]:
    """Run the reader on the bare documents and the scorer on what it prints; return both."""
    with tempfile.TemporaryDirectory() as folder:
        gold, bare, predicted = (Path(folder) / f"{n}.jsonl" for n in ("gold", "bare", "pred"))
        write_lines(gold, documents)
        write_lines(bare, ({k: d[k] for k in READER_GETS if k in d} for d in documents))
        program = Path(sys.executable).parent / "pledgebook"
        with predicted.open("wb") as out:
            reader = subprocess.run(
                [program, "read", bare, "--jsonl", "--coder", coder],
                stdout=out,
                stdin=subprocess.DEVNULL,
                check=False,
            )
        if reader.returncode != 0:
            # 1 is "done with problems": on these documents there are none to have.
            sys.exit(f"`pledgebook read --jsonl` left with exit status {reader.returncode}")
        report = subprocess.run(
            [sys.executable, scorer, gold, predicted], capture_output=True, text=True, check=True
        )
        read = load(predicted)
    if report.stderr:
        sys.exit(f"the scorer complains: {report.stderr.strip()}")
    return Score.parse(report.stdout), read


def sets(corpus: Path, *, train: bool, closing: bool) -> dict[str, Documents]:
    """Return the sets of documents to score, by name."""
    chosen = {name: load(corpus / f"{name}.jsonl") for name in DEVELOPMENT}
    chosen[TOGETHER] = [document for name in DEVELOPMENT for document in chosen[name]]
    if train or closing:
        parts = (OPEN_PARTS if train else ()) + (CLOSING_PARTS if closing else ())
        for part, documents in by_part(load(corpus / "train-written.jsonl"), parts).items():
            chosen[f"train-written {part}"] = documents
    if train:
        chosen["train-real"] = load(corpus / "train-real.jsonl")
    return chosen


def agreement(coded: Documents, read: Documents, scorer: Path) -> str:
    """Return Markdown tables of what is right in the pairs, by field, and missed, by kind."""
    sys.path.insert(0, str(scorer.parent))
    rules = importlib.import_module(scorer.stem)
    found = {document["id"]: document["statements"] for document in read}
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    every: Counter[str] = Counter()
    pairs = 0
    for document in coded:
        gold, predicted = document["statements"], found.get(document["id"], [])
        paired = rules.pair(gold, predicted)
        pairs += len(paired)
        for one, other in paired:
            right.update(k for k, v in rules.affinity(gold[one], predicted[other])[1].items() if v)
        every.update(statement["kind"] for statement in gold)
        seen = {one for one, _ in paired}
        missed.update(s["kind"] for number, s in enumerate(gold) if number not in seen)
    lines = [f"| field | right in {pairs} pairs |", "| --- | --: |"]
    lines += [f"| {field} | {right[field] / max(1, pairs):.0%} |" for field in rules.FIELDS]
    lines += ["", "| kind | coded | not found |", "| --- | --: | --: |"]
    lines += [f"| {kind} | {count} | {missed[kind]} |" for kind, count in every.most_common()]
    return "\n".join(lines) + "\n"


HEADINGS = (
    "documents", "coded", "predicted", "core F1", "full F1", "evidence found", "evidence word F1",
    "on empty documents",
)  # fmt: skip


def markdown(rows: Sequence[tuple[str, int, Score]]) -> str:
    """Return the scores as a Markdown table."""
    lines = ["| set | " + " | ".join(HEADINGS) + " |", "| --- |" + " --: |" * len(HEADINGS)]
    for name, documents, score in rows:
        cells = (
            str(documents), str(score.coded), str(score.predicted), f"{score.core:.3f}",
            f"{score.full:.3f}", f"{score.found:.1%}", f"{score.words:.2f}", str(score.on_empty),
        )  # fmt: skip
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def below(score: Score, options: argparse.Namespace) -> list[str]:
    """Return what falls short of the floors asked for; all evidence has to be found, always."""
    faults = []
    if score.found < 1:
        faults.append(f"evidence found in its document: {score.found:.3%}, not all")
    for name, value, floor in (
        ("core F1", score.core, options.floor_core),
        ("full F1", score.full, options.floor_full),
        ("evidence word F1", score.words, options.floor_words),
    ):
        if floor is not None and value < floor:
            faults.append(f"{name} {value:.3f} is below {floor}")
    if options.most_on_empty is not None and score.on_empty > options.most_on_empty:
        faults.append(
            f"{score.on_empty} statements on empty documents, not {options.most_on_empty}"
        )
    return faults


def main() -> None:
    """Score, print the table, and leave with the status that the floors ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--coder", default="grammar", help="who reads: grammar, learned ...")
    parser.add_argument("--train", action="store_true", help="the learning corpora too")
    parser.add_argument("--closing", action="store_true", help="parts t5 and t6 too")
    parser.add_argument("--write", type=Path, metavar="FILE.md", help="write the table there")
    parser.add_argument("--floor-core", type=float, metavar="F1")
    parser.add_argument("--floor-full", type=float, metavar="F1")
    parser.add_argument("--floor-words", type=float, metavar="F1")
    parser.add_argument("--most-on-empty", type=int, metavar="N")
    options = parser.parse_args()
    corpus = find_corpus()
    if corpus is None:
        print("The coded corpora are not on this machine (PLEDGEBOOK_CORPUS): nothing to score.")
        return
    rows = []
    scorer = corpus / "score.py"
    remain = ""
    for name, documents in sets(corpus, train=options.train, closing=options.closing).items():
        score, read = read_and_score(documents, scorer, options.coder)
        rows.append((name, len(documents), score))
        if name == TOGETHER:
            remain = agreement(documents, read, scorer)
    table = f"{markdown(rows)}\nOf {TOGETHER}:\n\n{remain}"
    print(table)
    if options.write:
        options.write.write_text(table, encoding="utf-8")
    faults = below(next(score for name, _, score in rows if name == TOGETHER), options)
    for fault in faults:
        print(f"{TOGETHER}: {fault}", file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
