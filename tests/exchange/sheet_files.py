"""Small workbooks for tests, made by hand: XLSX and ODS."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ODS = "urn:oasis:names:tc:opendocument:xmlns"
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write a workbook of texts and numbers."""
    listed, related, types = "", "", ""
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, rows) in enumerate(sheets.items(), 1):
            listed += f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>'
            target = f"worksheets/s{number}.xml"
            related += (
                f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="{target}"/>'
            )
            types += f'<Override PartName="/xl/{target}" ContentType="{_TYPE}.worksheet+xml"/>'
            inner = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
            sheet = f'<worksheet xmlns="{_SHEET}"><sheetData>{inner}</sheetData></worksheet>'
            archive.writestr(f"xl/{target}", sheet)
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(related))
        book = f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", _relations(book))
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
            f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
            f'"/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{types}</Types>',
        )
    return path


def ods(path: Path, rows: str) -> Path:
    """Write an OpenDocument sheet from the XML of its rows."""
    content = (
        f'<office:document-content xmlns:office="{_ODS}:office:1.0" '
        f'xmlns:table="{_ODS}:table:1.0" xmlns:text="{_ODS}:text:1.0" office:version="1.3">'
        f'<office:body><office:spreadsheet><table:table table:name="Aid">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (("/", _ODS_TYPE), ("content.xml", "text/xml"))
    )
    manifest = f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0">{entries}'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS_TYPE)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f"{manifest}</manifest:manifest>")
    return path


def cell(text: object, times: int = 1) -> str:
    """Return a cell of an OpenDocument sheet, repeated."""
    if text == "":
        return f'<table:table-cell table:number-columns-repeated="{times}"/>'
    inner = f"<text:p>{escape(str(text))}</text:p>"
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{times}">'
        f"{inner}</table:table-cell>"
    )


def row(*cells: str, times: int = 1) -> str:
    """Return a row of an OpenDocument sheet, repeated."""
    inner = "".join(cells)
    return f'<table:table-row table:number-rows-repeated="{times}">{inner}</table:table-row>'


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'
