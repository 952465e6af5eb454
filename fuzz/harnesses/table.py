"""A user's own table by a mapping of its columns, as CSV: the two mappings of the tests and one."""

from __future__ import annotations

from collections.abc import Iterator

from harness import Harness
from material import ROOT, TABLES, csv_rows, pieces, toml_words, written
from taking_in import imports_soundly

from pledgebook.exchange.table import Mapping, TableImporter
from pledgebook.exchange.table.mapping import load_mapping

_LINES = csv_rows("own-table.csv", ";")
_AT = next(at for at, line in enumerate(_LINES) if line.startswith("Land;"))
_TANKS = "Donor,Recipient,Item,Number,Date,Money,Currency,Kind,Status,Source,Supplier"
_KINDS = Mapping.model_validate(
    {
        "columns": {
            "donor": "Donor",
            "recipient": "Recipient",
            "item": "Item",
            "quantity": "Number",
            "when": "Date",
            "money": "Money",
            "currency": "Currency",
            "kind": "Kind",
            "status": "Status",
            "source": "Source",
            "supplier": "Supplier",
        },
        "separator": "/",
        "missing": ["none"],
    }
)
_IMPORTERS = (
    (TableImporter(load_mapping(TABLES / "own-table.mapping.toml")), _LINES[_AT]),
    (TableImporter(_KINDS), _TANKS),
)


def check(data: bytes) -> None:
    """Check one input: two bits choose the mapping and whether its header stands above."""
    (mode,), rest = pieces(data, 1)
    importer, header = _IMPORTERS[mode & 1]
    above = b"" if mode & 2 else header.encode() + b"\n"
    imports_soundly(importer, written(above + rest, "table.csv"))


def _seeds() -> Iterator[bytes]:
    for row in _LINES[_AT + 1 :]:
        yield b"\0" + row.encode()
    yield b"\2" + "\n".join(_LINES).encode()
    yield b"\1Norway,Ukraine,Leopard 2,8,2023-04,,,pledge,firm,https://example.org,Rheinmetall"
    yield b'\1Norway/Poland,UKR,155mm,1000-2000,May 2023,"1,200",EUR,delivery,,,'
    yield b"\1none,,radars,up to 4,,,,request,tentative,,"


HARNESS = Harness(
    law="a table is refused, or every row quotes its own cells and no claim breaks the guide",
    check=check,
    seeds=_seeds,
    words=lambda: toml_words(
        *(ROOT / f"src/pledgebook/exchange/data/{name}.toml" for name in ("table", "countries"))
    ),
    rooms=("pledgebook.exchange",),
    longest=512,
)
