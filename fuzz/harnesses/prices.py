"""Price lists, as CSV."""

from __future__ import annotations

from harness import Harness
from material import ROOT, csv_rows, toml_words
from sheets import checks_table, rows_as_seeds

from pledgebook.exchange.prices import importer

_LINES = csv_rows("prices.csv")
_AT = next(at for at, line in enumerate(_LINES) if line.startswith("Item"))

HARNESS = Harness(
    law="a list is refused, or each price is a sound interval and each row its own evidence",
    check=checks_table(importer, _LINES[_AT]),
    seeds=lambda: rows_as_seeds("\n".join(_LINES[: _AT + 1]), _LINES[_AT + 1 :]),
    words=lambda: toml_words(
        *(ROOT / f"src/pledgebook/exchange/data/{name}.toml" for name in ("prices", "currencies"))
    ),
    rooms=("pledgebook.exchange",),
    longest=512,
)
