"""SIPRI's trade register, as CSV."""

from __future__ import annotations

from harness import Harness
from material import ROOT, csv_rows, toml_words
from sheets import checks_table, rows_as_seeds

from pledgebook.exchange.sipri import importer

_LINES = csv_rows("sipri-register.csv")
_AT = next(at for at, line in enumerate(_LINES) if line.startswith("Recipient"))
_HEADER = _LINES[_AT]

HARNESS = Harness(
    law="a register is refused, or every row quotes its own cells and no claim breaks the guide",
    check=checks_table(importer, _HEADER),
    seeds=lambda: rows_as_seeds("\n".join(_LINES[: _AT + 1]), _LINES[_AT + 1 :]),
    words=lambda: toml_words(ROOT / "src/pledgebook/exchange/data/sipri.toml"),
    rooms=("pledgebook.exchange",),
    longest=512,
)
