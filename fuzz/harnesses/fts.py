"""Flows of OCHA's Financial Tracking Service: JSON of their interface."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from altering import altered
from harness import Harness
from material import ROOT, TABLES, pieces, toml_words, written
from taking_in import imports_soundly

from pledgebook.exchange.fts import importer

_HEAD, _TAIL = b'{"data":{"flows":[', b"]}}"
_OWN = (
    *('"type":', '"name":', '"Organization"', '"Location"', "null", "true", "1e400", "-0", "NaN"),
    *("\\ud800", '"2023-01-01T00:00:00Z"', '"paid"', '"commitment"', '"pledge"', '"incoming"'),
)


def check(data: bytes) -> None:
    """Check one input: flows of the sample altered, flows as they are, or a whole answer."""
    (mode,), rest = pieces(data, 1)
    if mode & 3 == 3:
        first = (mode >> 2) % len(_flows())
        answer = json.dumps(altered([*_flows()[first:], *_flows()[:first]][:3], rest)).encode()
    else:
        answer = rest if mode & 1 else _HEAD + rest + _TAIL
    imports_soundly(importer, written(answer, "flows.json"))


@cache
def _flows() -> list[dict[str, object]]:
    answer = json.loads((TABLES / "fts-flows.json").read_text(encoding="utf-8"))
    found: list[dict[str, object]] = answer["data"]["flows"]
    return found


def _seeds() -> Iterator[bytes]:
    for number, flow in enumerate(_flows()):
        yield bytes([3 | number << 2]) + b"\x08\0\x031e9"
        yield b"\0" + json.dumps(flow, separators=(",", ":")).encode()
    yield b'\1{"data":{"flows":[{"id":1,"amountUSD":5,"status":"paid"}]}}'


def _words() -> Iterator[str]:
    yield from (f'"{name}":' for name in sorted({name for flow in _flows() for name in flow}))
    yield from _OWN
    yield from toml_words(ROOT / "src/pledgebook/exchange/data/fts.toml")


HARNESS = Harness(
    law="an answer is refused, or every flow quotes its own cells and no claim breaks the guide",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=("pledgebook.exchange",),
    longest=1536,
)
