"""Synthetic news for the benchmarks: what a reader of the press meets besides aid.

No free collection of news may travel with the project, so this makes some: twelve topics in the
proportions of a general newspaper, from sport to war reports without aid and trade, out of the
leads, lines and words of `news.toml`. It is synthetic and says so: the sentences are plainer than
real ones, and repeat themselves more. What it is good for is to see how much reading a mix costs in
which most documents concern something else; what the gate loses is measured on coded texts.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("news.toml")
SHORTEST, LONGEST = 120, 520
"""Words of a document, about: lengths are spread evenly between these."""

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Story:
    """A synthetic report; a `near` one lies close to what the reader looks for."""

    topic: str
    near: bool
    text: str


def stories(count: int, *, seed: int = 1) -> Iterator[Story]:
    """Yield that many reports, the same ones for the same seed."""
    chance = random.Random(seed)
    topics = _table()["topic"]
    shares = [topic["share"] for topic in topics]
    for _ in range(count):
        topic = chance.choices(topics, shares)[0]
        yield Story(topic["name"], topic.get("near", False), _text(topic, chance))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def _text(topic: dict[str, Any], chance: random.Random) -> str:
    wanted = chance.randint(SHORTEST, LONGEST)
    place = _fill("{town}", topic, chance).upper()
    opening = _fill(chance.choice(topic["leads"]), topic, chance)
    paragraphs, words = [f"{place} (Agency) - {opening}"], len(opening.split())
    lines: list[str] = []
    while words < wanted:
        paragraph = []
        for _ in range(chance.randint(1, 4)):
            if not lines:  # all were used: a long report tells of the like once more
                lines = chance.sample(topic["lines"], len(topic["lines"]))
            paragraph.append(_fill(lines.pop(), topic, chance))
        paragraphs.append(" ".join(paragraph))
        words += len(paragraphs[-1].split())
    return "\n\n".join(paragraphs) + "\n"


def _fill(line: str, topic: dict[str, Any], chance: random.Random) -> str:
    def word(slot: re.Match[str]) -> str:
        name = slot[1]
        if name == "n":
            return str(chance.randint(2, 60))
        if name == "m":
            return str(chance.randint(3, 400))
        if name == "percent":
            return f"{chance.randint(1, 19)}.{chance.randint(1, 9)}"
        if name == "money":
            currency, unit = chance.choice(("$", "€", "£")), chance.choice(("million", "billion"))
            return f"{currency}{chance.randint(1, 950)} {unit}"
        listed = topic["words"].get(name) or _table()["words"][name]
        return str(chance.choice(listed))

    return _SLOT.sub(word, line)
