"""The scenario file: read with all its faults, and compiled as far as it goes without a book."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness import Harness
from material import ROOT, catalogue, pieces, text_of

from pledgebook.errors import PledgebookError
from pledgebook.planning.compiling.compile import compile_scenario
from pledgebook.planning.scenario.loading import read_scenario

_EXAMPLES = ("aim-munitions.toml", "february-2023.toml")
_GIGABYTES = 0.2
_BASE = """[horizon]
from = "2023-03"
to = "2023-12"
[[need]]
recipient = "Ukraine"
item = "155mm"
amount = 1200
per = "year"
[[item]]
name = "155mm"
price = 10
[[line]]
name = "works"
item = "155mm"
capacity = 80
lead = 3
[[donor]]
name = "Norway"
budget = { 2023 = 1e6 }
"""
_TITLE = 'currency = "EUR"\n'


def check(data: bytes) -> None:
    """Check one input: an even first byte sets it behind a scenario that is sound."""
    (mode,), rest = pieces(data, 1)
    text = text_of(rest)
    try:
        file = read_scenario(text if mode & 1 else _TITLE + _BASE + text)
        compile_scenario(file, catalogue(), memory=_GIGABYTES)
    except PledgebookError:
        return


def _seeds() -> Iterator[bytes]:
    yield b"\1" + _BASE.encode()
    for name in _EXAMPLES:
        text = (ROOT / "examples" / name).read_text(encoding="utf-8")
        tables = re.split(r"(?m)^(?=\[)", re.sub(r"(?m)^#.*\n|\s+#[^\"\n]*$", "", text))
        yield from (b"\0" + table.encode() for table in tables)
        for first in range(0, len(tables), 3):
            yield b"\1" + "".join(tables[first : first + 6]).encode()


def _words() -> Iterator[str]:
    text = "".join((ROOT / "examples" / name).read_text("utf-8") for name in _EXAMPLES)
    yield from sorted(set(re.findall(r"(?m)^\[+[a-z_.]+\]+|\b[a-z_]+ = |\"[^\"\n]{1,30}\"", text)))
    yield from (
        "nan",
        "inf",
        "-1",
        "1e308",
        "2023-02-30",
        "0001-01",
        "9999-12",
        '"""',
        "'''",
        "{ }",
    )


HARNESS = Harness(
    law="a scenario compiles, or all its faults are told, each with its line",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=("pledgebook.planning", "pledgebook.vocabulary.toml_places"),
    longest=1536,
)
