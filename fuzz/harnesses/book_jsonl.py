"""A whole book in JSONL, row by row, as far as the database."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from a_book import HEADER, lines, take
from altering import altered
from harness import Harness
from material import pieces, written

from pledgebook.errors import SourceError
from pledgebook.exchange.book_jsonl import BookFile, _check, _line


def check(data: bytes) -> None:
    """Check one input: rows, altered ones of a book too, that get their checks, or a whole file."""
    (mode, which), rest = pieces(data, 2)
    if mode & 4:
        some = [lines()[which % len(lines())], lines()[(which >> 2) % len(lines())]]
        rest = "\n".join(map(json.dumps, _listed(altered(some, rest)))).encode()
    path = written(rest if mode & 5 == 1 else _sealed(rest), "book.jsonl")
    texts: dict[str, str] = {}
    try:
        for name, row, place in BookFile(path).rows():
            take(name, row, place, texts, mend=bool(mode & 2))
    except SourceError:
        return


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _sealed(data: bytes) -> bytes:
    """Give rows what an export gives them: header, check and end."""
    found = [_line(HEADER)]
    counts: Counter[str] = Counter()
    for line in data.split(b"\n"):
        try:
            one = json.loads(line)
            name, row = one["table"], one["row"]
            counts[str(name)] += 1
            found.append(_line({"table": name, "row": row, "check": _check(name, row)}))
        except (ValueError, TypeError, KeyError, RecursionError):
            found.append(line + b"\n")
    whole = b"".join(found)
    return whole + _line({"rows": dict(counts), "sha256": hashlib.sha256(whole).hexdigest()})


def _seeds() -> Iterator[bytes]:
    seen: Counter[str] = Counter()
    for line in lines():
        seen[line["table"]] += 1
        if seen[line["table"]] <= 6:
            written_out = _line(line).rstrip()
            yield b"\0\0" + written_out
            yield b"\2\0" + written_out
    whole = _sealed(b"\n".join(_line(line).rstrip() for line in lines()[:2]))
    yield b"\1\0" + whole
    for number in range(len(lines())):
        yield bytes([4, number % 256]) + b"\4\0\1x"
        yield bytes([6, number % 256]) + b"\6\5\1x"


def _words() -> Iterator[str]:
    yield from (f'"{name}":' for name in sorted({name for line in lines() for name in line["row"]}))
    yield from (f'"{name}"' for name in sorted({line["table"] for line in lines()}))
    yield from ("null", "true", "1e999", "-1", '"whole"', '"quotations"', '"nothing"', '[[0,"a"]]')


HARNESS = Harness(
    law="a book is refused with a place in the file, or every row is what its id says",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=("pledgebook.exchange", "pledgebook.ledger"),
    longest=1536,
)
