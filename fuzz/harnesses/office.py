"""Office files: the parts of XLSX, ODS and DOCX in a sound .zip, and any other .zip."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from functools import cache

from harness import Harness
from material import ROOT, pieces, written

from pledgebook.documents.draft import Blob, Extractor
from pledgebook.documents.finish import Given, finish
from pledgebook.documents.formats.docx import Docx
from pledgebook.documents.formats.xlsx import Xlsx
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem, SourceError
from pledgebook.exchange.sheets import read_sheets

if str(ROOT / "tests" / "exchange") not in sys.path:
    sys.path += [str(ROOT / "tests" / "exchange"), str(ROOT / "tests" / "documents")]
from sheet_files import ods, xlsx

_LIMITS = Limits(max_unpacked=2_000_000, max_cells=20_000)
_ROWS: list[list[object]] = [["Donor", "Item", "Number"], ["Norway", "Leopard 2", 8]]
_NONE = Given()
_MODES = 4


def check(data: bytes) -> None:
    """Check one input: a byte chooses the part of which kind of file it is."""
    (mode,), rest = pieces(data, 1)
    kind = mode % _MODES
    if kind == 0:
        whole, name = _with(_xlsx(), "xl/worksheets/s1.xml", rest), "a.xlsx"
    elif kind == 1:
        whole, name = _with(_ods(), "content.xml", rest), "a.ods"
    elif kind == 2:
        whole, name = _with(_docx(), "word/document.xml", rest), "a.docx"
    else:
        whole, name = rest, ("a.xlsx", "a.ods", "a.docx")[(mode >> 2) % 3]
    if name.endswith((".xlsx", ".ods")):
        try:
            for sheet in read_sheets(written(whole, name))[0]:
                assert all(isinstance(cell, str) for row in sheet.rows for cell in row.cells)
        except SourceError:
            pass
    if not name.endswith(".ods"):
        _extract(Xlsx() if name.endswith(".xlsx") else Docx(), whole, name)


def _extract(extractor: Extractor, data: bytes, name: str) -> None:
    blob = Blob(origin=name, stream=io.BufferedReader(io.BytesIO(data)), size=len(data))
    for draft in extractor.extract(blob, _LIMITS):
        if not isinstance(draft, Problem):
            found = finish(draft, blob, "fuzz/1", _NONE, _LIMITS)
            assert isinstance(found, Problem) or found.text.strip()


def _with(parts: dict[str, bytes], name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one, content in {**parts, name: data}.items():
            archive.writestr(one, content)
    return out.getvalue()


def _parts(path: str, data: bytes | None = None) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data) if data else path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def _xlsx() -> dict[str, bytes]:
    return _parts(str(xlsx(written(b"", "seed.xlsx"), {"Aid": _ROWS})))


@cache
def _ods() -> dict[str, bytes]:
    row = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in _ROWS[0]
    )
    return _parts(str(ods(written(b"", "seed.ods"), f"<table:table-row>{row}</table:table-row>")))


@cache
def _docx() -> dict[str, bytes]:
    import docx

    document = docx.Document()
    document.add_paragraph("Norway sent 8 tanks.")
    out = io.BytesIO()
    document.save(out)
    # The smallest package that opens: what styles and themes say is not read.
    return _parts("", out.getvalue())


def _seeds() -> Iterator[bytes]:
    yield b"\0" + _xlsx()["xl/worksheets/s1.xml"]
    yield (
        b'\0<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Item</t></is></c>'
        b'<c r="B1" t="b"><v>1</v></c></row>'
        b'<row r="3"><c r="A3" t="n"><v>8.5</v></c><c r="C3" t="e"><v>#N/A</v></c></row>'
        b'</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
    )
    yield b"\1" + _ods()["content.xml"]
    yield (
        b"\2<w:document"
        b' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='2'/></w:numPr></w:pPr>"
        b"<w:r><w:t>Eight</w:t><w:tab/><w:br/></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r>"
        b"<w:t>tanks</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
    )
    small = {"xl/workbook.xml": b"<workbook/>"}
    yield b"\3" + _with(small, "xl/a.xml", b"<a/>")


def _words() -> Iterator[str]:
    yield from (
        "<row r='",
        "<c r='A1'",
        "t='s'",
        "<v>",
        "</v>",
        "<si>",
        "ZZZ9999999",
        "t='d'",
        "1e308",
    )
    yield from ("number-rows-repeated='", "number-columns-repeated='1048576'", "office:value='")
    yield from (
        "<w:p>",
        "</w:p>",
        "<w:tbl>",
        "<w:tr>",
        "<w:tc>",
        "<w:ins>",
        "<w:sdt>",
        "w:val='-1'",
    )
    yield from (
        "<!DOCTYPE a [",
        "<!ENTITY a 'b'>",
        "&a;",
        "&#0;",
        "PK\x03\x04",
        "PK\x01\x02",
        "PK\x05\x06",
    )
    yield from (
        "mergeCell ref='A1:XFD1048576'",
        "office:date-value='2023-02-14'",
        "office:time-value='PT",
    )


HARNESS = Harness(
    law="a file is refused, or gives cells of text and documents",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=("pledgebook.documents", "pledgebook.exchange"),
    longest=1024,
)
