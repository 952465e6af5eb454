"""Tables of figures (output, use, stock), as CSV."""

from __future__ import annotations

from harness import Harness
from material import ROOT, csv_rows, toml_words
from sheets import checks_table, rows_as_seeds

from pledgebook.exchange.observations import importer

_LINES = csv_rows("figures.csv")
_AT = next(at for at, line in enumerate(_LINES) if line.startswith("Id,"))

HARNESS = Harness(
    law="a table is refused, or every row quotes its own cells and no claim breaks the guide",
    check=checks_table(importer, _LINES[_AT]),
    seeds=lambda: rows_as_seeds("\n".join(_LINES[: _AT + 1]), _LINES[_AT + 1 :]),
    words=lambda: toml_words(ROOT / "src/pledgebook/exchange/data/observations.toml"),
    rooms=("pledgebook.exchange",),
    longest=512,
)
