"""Measure the door of the LLM coder: what it loses of what is right, and lets in of what is wrong.

    python benchmarks/door.py

The coded training documents (t1 to t4, and the real ones) are put through the door as if a model
had answered with exactly their codings; then every statement once more with one thing falsified.
The corpora are looked for as in `score.py`.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus import find_corpus

from pledgebook.reading.llm.door import Door
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.document import Document, sha256

Record = dict[str, Any]

OPEN_PARTS = ("t1", "t2", "t3", "t4")
CURRENCIES = ("USD", "EUR", "GBP", "NOK", "JPY")


def records(folder: Path) -> Iterator[Record]:
    """Yield the documents that may be learned from; those of closed parts are not parsed."""
    with (folder / "train-written.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(tuple(f'{{"id": "{part}' for part in OPEN_PARTS)):
                yield json.loads(line)
    with (folder / "train-real.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def answer(statement: Record) -> Record:
    """Return a coding in the form in which a model answers it."""
    kept = {key: value for key, value in statement.items() if key not in {"commitment", "item"}}
    return {**kept, **statement["item"]}


def document(record: Record) -> Document:
    """Return the document of a record."""
    return Document(
        text=record["text"],
        bytes_sha256=sha256(record["text"]),
        extractor="corpus/1",
        origin=record["id"],
        url=record.get("url"),
        date=dt.date.fromisoformat(record["date"]) if record["date"] else None,
        lang="en",
    )


def falsified(
    right: Record, others: list[Record], catalogue: Catalogue, chance: random.Random
) -> Iterator[tuple[str, Record]]:
    """Yield wrong answers made of a right one, each with what is wrong with it."""
    states = [code for code, party in catalogue.parties.items() if party.kind == "state"]
    designations = sorted({item.designation for item in catalogue.items.values()})
    yield "another state as actor", right | {"actors": [chance.choice(states)]}
    yield "another designation", right | {"designation": chance.choice(designations)}
    words = right["evidence"].split()
    if len(words) > 3:
        place = chance.randrange(1, len(words) - 1)
        other = chance.choice(chance.choice(others)["evidence"].split())
        if other != words[place]:
            changed = [*words[:place], other, *words[place + 1 :]]
            yield "a word of the evidence changed", right | {"evidence": " ".join(changed)}
        left = [*words[:place], *words[place + 1 :]]
        yield "a word of the evidence left out", right | {"evidence": " ".join(left)}
    for field, invented, factors in (
        ("quantity", {"unit": "item", "per": None, "approx": False}, (2, 10, 0.5, 3, 100, 1.1)),
        ("money", {"currency": "USD", "per": None}, (2, 10, 0.5, 3, 1000, 0.001)),
    ):
        if right[field]:
            factor = chance.choice(factors)
            ends = {
                end: right[field][end] and right[field][end] * factor for end in ("low", "high")
            }
            yield f"{field} changed", right | {field: right[field] | ends}
        else:
            base = chance.choice((2, 3, 5, 14, 20, 40, 100, 500))
            number = base * 1e6 if field == "money" else base
            yield f"{field} invented", right | {field: invented | {"low": number, "high": number}}
    if right["money"]:
        rest = [code for code in CURRENCIES if code != right["money"]["currency"]]
        yield (
            "currency changed",
            right | {"money": right["money"] | {"currency": chance.choice(rest)}},
        )
    yield "a statement of another document", chance.choice(others)


def main() -> None:
    """Print what is kept of right answers and turned away of wrong ones."""
    folder = find_corpus()
    if folder is None:
        print("There are no corpora here: nothing is measured.", file=sys.stderr)
        return
    catalogue = load_catalogue()
    chance = random.Random(7)
    corpus = [(document(one), [answer(s) for s in one["statements"]]) for one in records(folder)]
    counts: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for made, answers in corpus:
        others = [one for other, found in corpus if other.id != made.id for one in found]
        door = Door(made, catalogue)
        whole = door.check(answers)
        counts["coded"] += len(answers)
        counts["kept"] += len(whole.statements)
        counts["cleared"] += sum(refused.cleared for refused in whole.refused)
        counts.update(refused.reason for refused in whole.refused)
        for right in answers:
            if door.check([right]).refused:
                continue
            for name, wrong in falsified(right, others, catalogue, chance):
                tried[name] += 1
                caught[name] += bool(door.check([wrong]).refused)
    print("right answers:", ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    for name in tried:
        share = caught[name] / tried[name]
        print(f"{name:32} turned away {caught[name]:5} of {tried[name]:5}  {share:.1%}")


if __name__ == "__main__":
    main()
