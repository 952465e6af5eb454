"""A great many made-up reports in shards of JSONL, the same ones for the same seed.

Most are general news (`news.py`); some tell of the undertakings of `repetition.py`, announced,
repeated, recalled and delivered, in words of `aid_reports.toml`; some are near-copies of a report
not long before, and a few the very same line once more. They are synthetic and plainer than real
ones: what is measured on them is time, memory and bytes, never how well they are read.

    python benchmarks/many_reports.py FOLDER --documents 20000 [--seed 1] [--whole]

General news are cut after some 800 characters, so that a million stay below 3 GB in all. --whole
leaves them as long as they are, two thousand characters on average: as long as the coded reports
are that the reader is scored on.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
import time
import tomllib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, groupby
from pathlib import Path
from typing import Any

import news
from repetition import stream

from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

TABLE = Path(__file__).with_name("aid_reports.toml")
AID, NEAR, AGAIN = 0.03, 0.12, 0.02
"""Shares of reports of aid, of near-copies, and of lines that come once more."""
SHARD = 10_000
"""Documents of a file."""

_REMEMBERED = 2_000
_FIRST = dt.date(2022, 1, 1)
_DAYS = 1_000
_SITES = 400
SHORT = 800
"""Characters after which a report ends with its paragraph."""


@dataclass(frozen=True, slots=True)
class Shards:
    """What was written: files, documents and bytes of text, and seconds it took."""

    files: tuple[Path, ...]
    documents: int
    texts: int
    seconds: float

    @property
    def bytes(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.files)


def write_shards(
    folder: Path, documents: int, *, seed: int = 1, characters: int | None = SHORT
) -> Shards:
    """Write that many reports as `reports-00000.jsonl` and so on; tell how it goes."""
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    source = reports(seed, characters)
    files: list[Path] = []
    texts = done = 0
    while done < documents:
        path = folder / f"reports-{len(files):05}.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for _ in range(min(SHARD, documents - done)):
                line, size = next(source)
                out.write(line)
                texts += size
                done += 1
        files.append(path)
        rate = done / (time.monotonic() - began)
        print(f"\rgenerated {done:,} of {documents:,}, {rate:,.0f} a second",
              end="" if done < documents else "\n", file=sys.stderr, flush=True)  # fmt: skip
    return Shards(tuple(files), done, texts, time.monotonic() - began)


def reports(seed: int = 1, characters: int | None = SHORT) -> Iterator[tuple[str, int]]:
    """Yield lines of JSONL without end, each with the characters of its text.

    General news end with the paragraph in which they reach `characters`; None leaves them whole.
    """
    chance = random.Random(seed)
    general = news.stories(sys.maxsize, seed=seed)
    told = aid(load_catalogue(), seed)
    lines: deque[tuple[str, int]] = deque(maxlen=_REMEMBERED)
    texts: deque[str] = deque(maxlen=_REMEMBERED)
    for number in count():
        draw = chance.random()
        if draw < AGAIN and lines:
            yield chance.choice(lines)
            continue
        if draw < AGAIN + NEAR and texts:
            text = _near(chance.choice(texts), chance)
        elif draw < AGAIN + NEAR + AID:
            text = next(told)
        else:
            text = _shortened(next(general).text, characters)
        site = chance.randrange(_SITES)
        day = _FIRST + dt.timedelta(days=chance.randrange(_DAYS))
        fields = {
            "id": f"r{number}",
            "url": f"https://www.site{site}.example/{day:%Y/%m}/{number}",
            "date": day.isoformat(),
            "lang": "en",
            "text": text,
        }
        line = json.dumps(fields) + "\n", len(text)
        lines.append(line)
        texts.append(text)
        yield line


def aid(catalogue: Catalogue, seed: int) -> Iterator[str]:
    """Yield reports of undertakings, those of one announcement after another."""
    chance = random.Random(seed)
    filler = news.stories(sys.maxsize, seed=seed + 1)
    bodies = stream(sys.maxsize, catalogue, seed)
    for _, some in groupby(bodies, key=lambda body: body.document):
        told = " ".join(_sentence(json.loads(body.body), catalogue, chance) for body in some)
        town, paragraph = next(filler).text.split("\n\n")[:2]
        yield f"{town.partition(' - ')[0]} - {told}\n\n{paragraph}\n"


def _sentence(fields: dict[str, Any], catalogue: Catalogue, chance: random.Random) -> str:
    table = _table()
    givers = " and ".join(catalogue.parties[code].name for code in fields["actors"])
    recipient = catalogue.parties[fields["recipient"]].name
    money = fields.get("money")
    if money is not None:
        amount = f"{money['low'] / 1e6:,.0f} million {money['currency']}"
        words = chance.choice(table["money"]["words"])
        return str(words.format(giver=givers, recipient=recipient, money=amount))
    item, quantity = fields["item"], fields.get("quantity", {})
    noun = item.get("designation") or table["nouns"].get(item["category"], "supplies")
    amount = quantity.get("low") or quantity.get("high")
    what = f"{amount:,.0f} {noun}" if amount else f"further {noun}"
    words = chance.choice(table[fields["scope"]][fields["kind"]])
    return str(words.format(giver=givers, recipient=recipient, what=what))


def _shortened(text: str, characters: int | None) -> str:
    end = -1 if characters is None else text.find("\n\n", characters)
    return text if end < 0 else text[:end] + "\n"


def _near(text: str, chance: random.Random) -> str:
    copies = _table()["copies"]
    return f"{chance.choice(copies['before'])}{text}{chance.choice(copies['after'])}"


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def main() -> None:
    """Write shards."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=20_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", action="store_true", help="do not cut general news short")
    wanted = parser.parse_args()
    made = write_shards(
        wanted.folder,
        wanted.documents,
        seed=wanted.seed,
        characters=None if wanted.whole else SHORT,
    )
    print(f"{made.documents:,} reports of {made.texts / made.documents:,.0f} characters in "
          f"{made.bytes / 1e6:,.1f} MB, after {made.seconds:,.0f} s")  # fmt: skip


if __name__ == "__main__":
    main()
