"""Builders of small real files, for the tests of the room `documents`."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pledgebook.documents import FetchPolicy, Limits, load
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import Document

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_ID = b"0123456789abcdef"


def read_all(
    *sources: str | Path, limits: Limits | None = None, fetch: FetchPolicy | None = None
) -> tuple[list[Document], list[Problem]]:
    """Load sources, and part documents from problems."""
    found = list(load(sources, limits=limits or Limits(), fetch=fetch or FetchPolicy()))
    documents = [one for one in found if isinstance(one, Document)]
    return documents, [one for one in found if isinstance(one, Problem)]


def codes(problems: Iterable[Problem]) -> list[str]:
    """Return the codes of problems, in order."""
    return [problem.code for problem in problems]


def pdf(pages: Sequence[Sequence[str] | None], password: str | None = None) -> bytes:
    """Build a PDF with lines of text on each page; None is a page that is only a picture.

    With a password it is really encrypted, with the standard handler and 40-bit RC4.
    """
    key, encrypt = _encryption(password) if password is not None else (None, b"")
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    kids = []
    for lines in pages:
        number = max(4, *objects) + 1
        kids.append(b"%d 0 R" % number)
        stream = _picture() if lines is None else _lines(lines)
        if key is not None:
            salted = key + struct.pack("<I", number + 1)[:3] + b"\0\0"
            stream = _rc4(hashlib.md5(salted).digest()[:10], stream)
        objects[number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1)
        )
        objects[number + 1] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    if encrypt:
        objects[4] = encrypt
    return _file(objects, encrypted=bool(encrypt))


def _file(objects: Mapping[int, bytes], *, encrypted: bool) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = {}
    for number in sorted(objects):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        used = number in offsets
        out += b"%010d %05d %s \n" % (
            offsets.get(number, 0),
            0 if used else 65535,
            b"fn"[used:][:1],
        )
    extra = b"/Encrypt 4 0 R /ID [<%b> <%b>]" % (_ID.hex().encode(), _ID.hex().encode())
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size, extra if encrypted else b"")
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _lines(lines: Sequence[str]) -> bytes:
    out = [b"BT /F1 11 Tf 14 TL 72 720 Td"]
    for line in lines:
        text = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", rb"\(")
        out.append(b"(%s) Tj T*" % text.replace(b")", rb"\)"))
    return b"\n".join([*out, b"ET"])


def _picture() -> bytes:
    return b"q 200 0 0 200 72 500 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q"


def _encryption(password: str) -> tuple[bytes, bytes]:
    padded = (password.encode("latin-1") + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    permissions = struct.pack("<i", -4)
    key = hashlib.md5(padded + owner + permissions + _ID).digest()[:5]
    user = _rc4(key, _PADDING)
    entry = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>"
    return key, entry % (owner.hex().encode(), user.hex().encode())


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


_TYPES = """<?xml version="1.0"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType=
"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(sheets: Mapping[str, str]) -> bytes:
    """Build a workbook from the XML of the `sheetData` of each sheet."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(names, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELATION}/worksheet" Target="worksheets/s{i}.xml"/>'
        for i in range(1, len(names) + 1)
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}'
        "</Relationships>",
    }
    for i, name in enumerate(names, 1):
        parts[f"xl/worksheets/s{i}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{sheets[name]}</sheetData></worksheet>'
        )
    return zipped(parts)


def rows(table: Sequence[Sequence[str | float | None]]) -> str:
    """Write a table as the XML of rows and cells."""
    out = []
    for number, row in enumerate(table, 1):
        cells = []
        for column, value in enumerate(row):
            place = f"{chr(65 + column)}{number}"
            if isinstance(value, str):
                cells.append(f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>')
            elif value is not None:
                cells.append(f'<c r="{place}"><v>{value}</v></c>')
        out.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(out)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Pack parts into a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
