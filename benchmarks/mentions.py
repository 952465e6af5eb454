"""Measure what the catalogue and the nouns know of coded documents, and list what they miss.

    python benchmarks/mentions.py FILE.jsonl... [--parts t1,t2,t3,t4] [--missing 40] [--evidence]
                                  [--refuse t5,t6]

Each file holds coded documents, one a line. Of every coded actor, recipient and supplier it is
asked whether the party is among those that the document names, by code or as written, its
publisher included; of every item whether its category and its designation are named within the
evidence, and whether anywhere in the document. No rule of the reader plays a part: this is the
ceiling that the word lists set, and the lists below the shares are what to add.

Documents whose id starts with one of the parts of --refuse are passed over unread: the closing
parts of the corpus stay shut.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pledgebook.reading.text.mentions import ItemMention, PartyMention, finder
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

PARTIES = ("actor", "recipient", "supplier")
ITEMS = ("category", "category in document", "designation", "designation in document")


@dataclass
class Tally:
    """Coded values by field, those of them that were found, and what was missing."""

    coded: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missing: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, kind: str, value: str, found: bool) -> None:
        """Count one coded value of a field."""
        self.coded[kind] += 1
        if found:
            self.found[kind] += 1
        else:
            self.missing.setdefault(kind, Counter())[value] += 1


@dataclass(frozen=True)
class Named:
    """What one document names."""

    text: str
    parties: frozenset[str]
    items: Sequence[ItemMention]


def key(text: str) -> str:
    """Return the letters and digits of a text, without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


def documents(paths: Iterable[Path], parts: Sequence[str], shut: Sequence[str]) -> Iterator[Any]:
    """Yield the coded documents of the files, but none of a part that is shut."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if not line.strip():
                    continue
                # The id is looked at before anything else of the line is.
                head = re.search(r'"id": *"([^"]+)"', line)
                part = re.split(r"[-.]", head[1])[0] if head else ""
                if part in shut or (parts and part not in parts):
                    continue
                yield json.loads(line)


def named_in(document: dict[str, Any], catalogue: Catalogue) -> Named:
    """Find the parties and items of one document."""
    text, date = document["text"], document.get("date")
    parties, items = finder(catalogue).find(text, int(date[:4]) if date else None)
    names = {key(name) for mention in parties for name in _names(mention, text)}
    if publisher := catalogue.publisher(document.get("url") or ""):
        names.add(key(publisher))
    return Named(text, frozenset(names), items)


def _names(mention: PartyMention, text: str) -> tuple[str, str]:
    return mention.code, text[mention.start : mention.end]


def tally(documents: Iterable[dict[str, Any]], catalogue: Catalogue, quote: bool) -> Tally:
    """Compare the coding of documents with what they are found to name."""
    counted = Tally()
    for document in documents:
        named = named_in(document, catalogue)
        for statement in document["statements"]:
            coded = [("actor", actor) for actor in statement["actors"]]
            coded += [(kind, statement.get(kind)) for kind in PARTIES[1:]]
            for kind, value in coded:
                if value and value != "ALLIES":
                    counted.count(kind, value, key(value) in named.parties)
            _count_item(counted, statement, named, quote)
    return counted


def _count_item(counted: Tally, statement: dict[str, Any], named: Named, quote: bool) -> None:
    category, designation = statement["item"]["category"], statement["item"]["designation"]
    evidence = statement["evidence"]
    start = named.text.find(evidence)
    end = start + len(evidence)
    near = [item for item in named.items if start <= item.start < end]
    label = f"{category}: {' '.join(evidence.split())[:160]}" if quote else category
    for kind, mentions in zip(ITEMS[:2], (near, named.items), strict=True):
        counted.count(kind, label, any(category in (i.category, i.ammunition) for i in mentions))
    if designation:
        for kind, mentions in zip(ITEMS[2:], (near, named.items), strict=True):
            found = any(i.designation and key(i.designation) == key(designation) for i in mentions)
            counted.count(kind, f"{designation} ({category})", found)


def main() -> None:
    """Print shares and what is missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--parts", default="", help="only documents whose id begins so")
    parser.add_argument("--refuse", default="t5,t6", help="parts that are never opened")
    parser.add_argument("--missing", type=int, default=40, metavar="N", help="list so many a field")
    parser.add_argument("--evidence", action="store_true", help="quote what lacks its category")
    args = parser.parse_args()
    parts, shut = ([p for p in given.split(",") if p] for given in (args.parts, args.refuse))
    catalogue = load_catalogue()
    counted = tally(documents(args.files, parts, shut), catalogue, args.evidence)
    for kind in (*PARTIES, *ITEMS):
        coded, found = counted.coded[kind], counted.found[kind]
        print(f"{kind:24} {found:5} of {coded:5}  {found / max(1, coded):6.1%}")
    for kind, values in counted.missing.items():
        if args.missing:
            print(f"\nmissing: {kind}")
            for value, count in values.most_common(args.missing):
                print(f"{count:5}  {value}")


if __name__ == "__main__":
    main()
