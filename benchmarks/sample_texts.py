"""The texts that the benchmarks read, and variations of them."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Text:
    """One document's text, with what a reader is given beside it."""

    id: str
    date: dt.date | None
    text: str

    @property
    def words(self) -> int:
        """The number of words between white space: the same count for every reader."""
        return len(self.text.split())


def texts() -> tuple[str, list[Text]]:
    """Return the name of the set and its texts: the corpus `written-dev`, else the demo."""
    folder = Path(os.environ.get("PLEDGEBOOK_CORPUS", ROOT.parent / "shared" / "corpus"))
    corpus = folder / "written-dev.jsonl"
    if corpus.exists():
        return corpus.stem, _parse(corpus.read_text(encoding="utf-8"))
    from pledgebook.demo import DOCUMENTS

    return "demo", _parse(DOCUMENTS.read_text(encoding="utf-8"))


def _parse(lines: str) -> list[Text]:
    found = []
    for line in filter(str.strip, lines.splitlines()):
        record = json.loads(line)
        date = record.get("date")
        found.append(
            Text(record["id"], dt.date.fromisoformat(date) if date else None, record["text"])
        )
    return found


def varied(originals: list[Text], count: int, *, seed: int = 1) -> Iterator[Text]:
    """Yield that many documents, no two alike: each an original with its numbers changed.

    A different number is a different statement, so nothing is skipped as already known.
    """
    chance = random.Random(seed)
    for n in range(count):
        original = originals[n % len(originals)]
        text = re.sub(
            r"(?<![\d.,-])[1-9]\d{0,2}(?![\d.,-])",
            lambda found: str(chance.randint(1, 999)) if len(found[0]) < 4 else found[0],
            original.text,
        )
        date = original.date and original.date + dt.timedelta(days=chance.randint(0, 365))
        yield Text(f"{original.id}-{n}", date, f"{text}\n\nReference {n}.\n")
