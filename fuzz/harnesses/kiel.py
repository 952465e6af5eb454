"""The Ukraine Support Tracker's main sheet, as CSV, in its three layouts."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence

from harness import Harness
from material import ROOT, pieces, toml_words, written
from taking_in import imports_soundly

from pledgebook.exchange.kiel.importer import importer

if str(ROOT / "tests") not in sys.path:
    sys.path.append(str(ROOT / "tests"))
from kiel_files import HEADER, LATER, ROWS, SNAKE


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


_HEADS = (_line(HEADER).encode(), _line(LATER).encode(), _line(SNAKE).encode(), b"")


def check(data: bytes) -> None:
    """Check one input: two bits choose the header that stands above, or none."""
    (mode,), rest = pieces(data, 1)
    imports_soundly(importer, written(_HEADS[mode & 3] + rest, "MAIN.csv"))


def _seeds() -> Iterator[bytes]:
    for number, row in enumerate(ROWS):
        yield b"\0" + _line(row).encode()
        yield b"\0" + "".join(map(_line, ROWS[number : number + 2])).encode()
        yield b"\1" + _line(row).encode()
    yield b"\3" + _line(HEADER).encode() + _line(ROWS[0]).encode()
    yield b"\2A1,Norway,2022-03-01,Military,Weapons,eight tanks,8,NOK,100,10,Leopard-2A4,,8,0\n"


HARNESS = Harness(
    law="a release is refused, or every row quotes its own cells and no claim breaks the guide",
    check=check,
    seeds=_seeds,
    words=lambda: toml_words(
        *(ROOT / f"src/pledgebook/exchange/data/kiel_{name}.toml" for name in ("columns", "items"))
    ),
    rooms=("pledgebook.exchange",),
    longest=768,
)
