"""Measure what the gate before the reader loses of coded statements, and lets through of news.

    make gate
    python benchmarks/gate.py [FILE.jsonl ...] [--closing] [--most 0.005] [--list]

The files are coded documents, a line of JSON each, as in the corpora; without any, the learning
corpora are taken, `train-written` in its parts t1 to t4 (with --closing also t5 and t6) and
`train-real`. A statement is lost where the gate keeps its document from being read. The news are
the synthetic ones of `news.py`; nothing in the gate was made from them. The exit status is 1 where
more than --most of the statements are lost, as a share.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from corpus import find_corpus
from news import stories
from score import CLOSING_PARTS, OPEN_PARTS, Documents, by_part, load

from pledgebook.reading.text.gate import Gate, gate
from pledgebook.vocabulary.catalogue import load_catalogue

NEWS = 2000
SPLIT = "train-written.jsonl"


@dataclass(frozen=True)
class Loss:
    """What the gate keeps out of a set of coded documents."""

    documents: int
    statements: int
    dropped: tuple[tuple[str, int], ...]
    """The documents that hold statements and are not read: id and number of statements."""
    empty: int
    empty_dropped: int

    @property
    def lost(self) -> int:
        """How many statements are lost."""
        return sum(count for _, count in self.dropped)


def loss_of(documents: Documents, door: Gate) -> Loss:
    """Return what the gate keeps out of these documents."""
    dropped, empty, empty_dropped = [], 0, 0
    for document in documents:
        count, opens = len(document["statements"]), door.opens(document["text"])
        empty += not count
        empty_dropped += not count and not opens
        if count and not opens:
            dropped.append((document["id"], count))
    statements = sum(len(document["statements"]) for document in documents)
    return Loss(len(documents), statements, tuple(dropped), empty, empty_dropped)


def coded_sets(files: list[Path], *, closing: bool) -> dict[str, Documents]:
    """Return the coded documents by the name of their set; `train-written` by its open parts."""
    corpus = find_corpus()
    if not files and corpus is not None:
        files = [corpus / SPLIT, corpus / "train-real.jsonl"]
    sets: dict[str, Documents] = {}
    for path in files:
        if path.name == SPLIT:
            parts = OPEN_PARTS + (CLOSING_PARTS if closing else ())
            for part, documents in by_part(load(path), parts).items():
                sets[f"{path.stem} {part}"] = documents
        else:
            sets[path.stem] = load(path)
    return sets


def let_through(door: Gate) -> str:
    """Return a table of the share of synthetic news, by words, that the gate lets through."""
    words: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    near = set()
    for story in stories(NEWS):
        count = len(story.text.split())
        words[story.topic] += count
        opened[story.topic] += count * door.opens(story.text)
        near |= {story.topic} if story.near else set()
    lines = [f"{'news (synthetic)':24} {'words':>9}  let through"]
    for topic, count in sorted(words.items()):
        name = f"  {topic}{' (near)' if topic in near else ''}"
        lines.append(f"{name:24} {count:>9,}  {opened[topic] / count:.0%}")
    share = opened.total() / words.total()
    lines.append(f"  {'all':22} {words.total():>9,}  {share:.0%}")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and leave with 1 where the gate loses too much."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--closing", action="store_true", help="parts t5 and t6 too")
    parser.add_argument("--most", type=float, default=0.005, metavar="SHARE")
    parser.add_argument("--list", action="store_true", help="name the documents that are dropped")
    options = parser.parse_args()
    door = gate(load_catalogue())
    print(f"{'coded':24} documents  statements  lost  empty ones kept out")
    statements = lost = 0
    for name, documents in coded_sets(options.files, closing=options.closing).items():
        loss = loss_of(documents, door)
        statements += loss.statements
        lost += loss.lost
        kept = f"{loss.empty_dropped} of {loss.empty}"
        print(f"  {name:22} {loss.documents:>9} {loss.statements:>11} {loss.lost:>5}  {kept:>18}")
        for identity, count in loss.dropped if options.list else ():
            print(f"    dropped: {identity} ({count})")
    share = lost / statements if statements else 0.0
    print(f"  {'all':22} {'':9} {statements:>11} {lost:>5}  {share:.2%} of the statements lost")
    if not statements:
        print("  no coded documents here: nothing to lose")
    print(let_through(door))
    if share > options.most:
        sys.exit(f"the gate loses {share:.2%} of the statements, more than {options.most:.2%}")


if __name__ == "__main__":
    main()
