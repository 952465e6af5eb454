"""TOML of the user's own: mappings, words, feeds, assumptions, additions to the catalogue."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from harness import Harness
from material import ROOT, TABLES, pieces, text_of, written

from pledgebook.documents.feeds.feeds_file import read_feeds
from pledgebook.errors import PledgebookError
from pledgebook.exchange.observations.words import load_words
from pledgebook.exchange.table.mapping import load_mapping
from pledgebook.forecasting.assumptions import parse_assumptions
from pledgebook.vocabulary.files import parse_file
from pledgebook.vocabulary.toml_places import find_line, key_lines

_ASSUMED = """givers = ["NOR"]
reserve = 10
stock = "1000-2000"
use = "5000 per day"
[[event]]
on = "2023-05-01"
amount = 100
[[works]]
per_month = 200
from = "2023-06"
"""
_ADDED = """[[item]]
category = "tank"
designation = "Strv 122"
aliases = ["Stridsvagn 122"]
[[company]]
name = "Nammo"
[[person]]
name = "Ada"
party = "NOR"
"""
_WORDS_OF = '[columns.item]\nwords = ["weapon"]\n[metrics.output]\nwords = ["made"]\n'


def _places(text: str) -> None:
    """Every key that tomllib reads has a line in the text."""
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    lines = key_lines(text)
    last = text.count("\n") + 1
    for key in read:
        assert 1 <= (find_line(lines, (key,)) or 0) <= last, key


def _on_file(load: Callable[[Path], object]) -> Callable[[str], object]:
    return lambda text: load(written(text.encode("utf-8", "surrogatepass"), "own.toml"))


_READERS: tuple[Callable[[str], object], ...] = (
    _places,
    _on_file(load_mapping),
    _on_file(load_words),
    read_feeds,
    parse_assumptions,
    lambda text: parse_file("additions", text.encode()),
)


def check(data: bytes) -> None:
    """Check one input: a byte chooses the kind of file."""
    (mode,), rest = pieces(data, 1)
    try:
        _READERS[mode % len(_READERS)](text_of(rest).replace("\r\n", "\n"))
    except PledgebookError:
        return


def _files() -> tuple[str, ...]:
    mapping = (TABLES / "own-table.mapping.toml").read_text(encoding="utf-8")
    feeds = (ROOT / "examples/feeds.toml").read_text(encoding="utf-8")
    feeds = re.sub(r"(?m)^#.*\n", "", feeds)
    return (mapping, mapping, _WORDS_OF, feeds, _ASSUMED, _ADDED)


def _seeds() -> Iterator[bytes]:
    for mode, text in enumerate(_files()):
        yield bytes([mode]) + text.encode()
        yield from (b"\0" + part.encode() for part in re.split(r"(?m)^(?=\[)", text))
    yield b"\0a.b = [{c = 1, \"d\" = '''x'''}, [1, 2.0e5]]\n'e f' = 1979-05-27T07:32:00Z # x\n"


def _words() -> Iterator[str]:
    found = re.findall(r"\[+[a-z_.]+\]+|[a-z_]+ = |\"[^\"\n]{1,30}\"", "".join(_files()))
    yield from sorted(set(found))
    yield from ('"""', "'''", "= {", "[[", "]]", "\\u0000", "\\U0010FFFF", "inf", "nan", "0x1F")


HARNESS = Harness(
    law="a file is read, or refused with a sentence; every key of TOML has its line",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=(
        "pledgebook.vocabulary",
        "pledgebook.documents.feeds",
        "pledgebook.exchange",
        "pledgebook.forecasting.assumptions",
    ),
    longest=768,
)
