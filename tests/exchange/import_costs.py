"""Data sets, whole books and settings made to cost much: bombs, nesting, millions of nothing."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from pledgebook.errors import PledgebookError
from pledgebook.exchange.book_jsonl import BookFile
from pledgebook.exchange.datapackage import DESCRIPTOR, PackageFile
from pledgebook.exchange.datapackage_schema import QUOTATIONS, field_names
from pledgebook.exchange.importers import importer_named
from pledgebook.exchange.table.mapping import load_mapping
from pledgebook.forecasting.assumptions import parse_assumptions
from pledgebook.planning.scenario.loading import load_scenario
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.files import parse_file

_MB = 1_000_000
_IATI = b'<iati-activities version="2.03">'
_BOOK = b'{"format":"pledgebook-book"}\n'
_DEEP = 300_000

Read = Callable[[Path], object]


def _told(name: str, data: bytes, read: Read) -> str:
    """Read a file; say what it is refused for, or that it was read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            read(path)
        except PledgebookError as error:
            return error.what
        return "read"


def _imported(form: str) -> Read:
    return lambda path: importer_named(form).read(path, load_catalogue())


def _data(form: str, name: str, make: Callable[[], bytes]) -> Callable[[], str]:
    return lambda: _told(name, make(), _imported(form))


def _settings(read: Callable[[Path], object], make: Callable[[], str]) -> Callable[[], str]:
    return lambda: _told("own.toml", make().encode(), read)


def _rows(path: Path) -> None:
    package = PackageFile(path)
    try:
        for _ in package.rows():
            pass
    finally:
        package.close()


def _package(make: Callable[[], bytes]) -> Callable[[], str]:
    """Give a data package whose documents are these bytes below their header."""

    def case() -> str:
        out = io.BytesIO()
        listed = []
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in (("documents", make()), (QUOTATIONS, b"")):
                sheet = (",".join(field_names(name)) + "\n").encode() + body
                digest = hashlib.sha256(sheet).hexdigest()
                listed.append({"path": f"{name}.csv", "hash": f"sha256:{digest}"})
                archive.writestr(f"{name}.csv", sheet)
            header = {"format": "pledgebook-book", "version": 1, "schema": "0001"}
            archive.writestr(DESCRIPTOR, json.dumps({"pledgebook": header, "resources": listed}))
        return _told("book.zip", out.getvalue(), _rows)

    return case


def _book(make: Callable[[], bytes]) -> Callable[[], str]:
    return lambda: _told("book.jsonl", _BOOK + make(), lambda path: list(BookFile(path).rows()))


def _repeated_cells() -> bytes:
    out = io.BytesIO()
    cell = '<t:table-cell office:v="x" t:number-columns-repeated="10000"/>'
    row = f'<t:table-row t:number-rows-repeated="1000000">{cell}</t:table-row>'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "content.xml", f'<a xmlns:t="t" xmlns:office="o"><t:table>{row}</t:table></a>'
        )
    return out.getvalue()


def WARM() -> None:  # noqa: N802 - what `costing` asks for
    """Load what all of them need."""
    load_catalogue()
    _data("iati", "a.xml", lambda: _IATI + b"</iati-activities>")()
    _data("prices", "a.csv", lambda: b"Item,Price,Currency\n155mm shells,1,EUR\n")()
    _package(lambda: b"")()


CASES: Mapping[str, Callable[[], str]] = {
    "a table of commas": _data("sipri", "a.csv", lambda: b"," * 30 * _MB),
    "a table of empty lines": _data("kiel", "a.csv", lambda: b"a\n" * 10 * _MB),
    "a sheet of repeated cells": _data("sipri", "a.ods", _repeated_cells),
    "XML in XML": _data("iati", "a.xml", lambda: _IATI + b"<a>" * 2 * _MB),
    "an activity of a million elements": _data(
        "iati", "a.xml", lambda: _IATI + b"<iati-activity>" + b"<a/>" * _MB
    ),
    "elements between activities": _data("iati", "a.xml", lambda: _IATI + b"<a/>" * _MB),
    "an element of attributes": _data(
        "iati",
        "a.xml",
        lambda: _IATI + b"<a " + b"".join(b"a%d='' " % n for n in range(300_000)) + b"/>",
    ),
    "a text of 30 MB": _data("iati", "a.xml", lambda: _IATI + b"<a>" + b"x" * 30 * _MB),
    "entities of a data set": _data(
        "iati", "a.xml", lambda: b"<!DOCTYPE a [<!ENTITY a 'b'>]>" + _IATI + b"&a;"
    ),
    "JSON in JSON": _data("fts", "a.json", lambda: b"[" * 10 * _MB),
    "a million things that are no flows": _data(
        "fts", "a.json", lambda: b"[" + b"{}," * _MB + b"{}]"
    ),
    "a number of many digits": _data(
        "fts", "a.json", lambda: b'[{"id":"1","amountUSD":' + b"9" * _MB + b"}]"
    ),
    "tables in tables": _settings(load_mapping, lambda: "a = " + "[" * _DEEP),
    "tables in tables of a scenario": _settings(load_scenario, lambda: "a = " + "{a = " * _DEEP),
    "a key of many parts": _settings(load_mapping, lambda: ".".join("a" * _DEEP) + " = 1"),
    "a table's name of many parts": _settings(
        load_mapping, lambda: "[" + ".".join("a" * _DEEP) + "]"
    ),
    "a key of quoted parts": _settings(load_mapping, lambda: '"". ' * (_DEEP // 2) + '"" = 1'),
    "tables of a scenario, deep": _settings(
        load_scenario, lambda: "".join(f"[b{n}{'.a' * 28}]\n" for n in range(25_000))
    ),
    "digits of a scenario": _settings(load_scenario, lambda: "a = " + "9" * 1_900_000),
    "needs of a scenario": _settings(load_scenario, lambda: "[[need]]\n" * 200_000),
    "a list of a scenario": _settings(load_scenario, lambda: "a = [" + "{}," * 500_000 + "]"),
    "a scenario beyond its bound": _settings(load_scenario, lambda: "#" * 3 * _MB),
    "nested assumptions": _settings(
        lambda path: parse_assumptions(path.read_text()), lambda: "a = " + "[" * _DEEP
    ),
    "nested additions to the catalogue": _settings(
        lambda path: parse_file("own", path.read_bytes()), lambda: "a = " + "[" * _DEEP
    ),
    "a data package of one line": _package(lambda: b"a" * 30 * _MB),
    "a data package of one cell": _package(lambda: b'"' + b"a" * 30 * _MB),
    "a data package of commas": _package(lambda: b"," * 30 * _MB),
    "a line of a book in JSON": _book(lambda: b'{"table":' * _MB),
    "a row of a book of many things": _book(
        lambda: b'{"table":"a","check":"b","row":{"a":[' + b"{}," * _MB + b"{}]}}\n"
    ),
}
