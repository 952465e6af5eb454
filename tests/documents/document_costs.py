"""Documents made to cost much: megabytes of one thing, bombs, and nesting without end."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from pledgebook.documents import load
from pledgebook.errors import Problem

_SENTENCE = b"Norway will send eight Leopard 2 tanks to Ukraine in April, the minister said. "
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_MB = 1_000_000


def _read(name: str, data: bytes) -> str:
    """Read a file; say the codes of its problems, or how long its documents are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        says: list[str] = []
        for found in load([path]):
            if len(says) < 3:
                says.append(found.code if isinstance(found, Problem) else f"{len(found.text)}")
        return " ".join(says)


def _page(body: bytes) -> Callable[[], str]:
    return lambda: _read("a.html", b"<!doctype html><html><body>" + body)


def _file(name: str, make: Callable[[], bytes]) -> Callable[[], str]:
    return lambda: _read(name, make())


def _full(piece: bytes, size: int = 10 * _MB) -> bytes:
    return piece * (size // len(piece))


def _word(body: str, head: str = "") -> bytes:
    """Pack the smallest Word document that opens."""
    out = io.BytesIO()
    related = f'<Relationship Id="r" Type="{_OFFICE}" Target="word/document.xml"/>'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="'
            'application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="'
            f'/word/document.xml" ContentType="{_TYPE}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        )
        document = f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", head + document)
    return out.getvalue()


def _laughs() -> str:
    """A billion laughs, declared."""
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    return f"<!DOCTYPE d [{grown}]>"


def _nested_mail() -> bytes:
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(15_000)
    )
    return (
        b"From: a\nSubject: x\nMIME-Version: 1.0\n" + parts + b"Content-Type: text/plain\n\nhello"
    )


def _many_parts() -> bytes:
    head = b"From: a\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    return head + b"--b\n\nx\n" * 1_000_000


def WARM() -> None:  # noqa: N802 - what `costing` asks for
    """Load what all of them need."""
    _page(b"<p>Norway sends tanks to Ukraine.")()
    _read("a.eml", b"From: a\nSubject: b\n\nNorway sends tanks.\n")
    _read("a.docx", _word("<w:p><w:r><w:t>Norway sends tanks.</w:t></w:r></w:p>"))


CASES: Mapping[str, Callable[[], str]] = {
    "a page of one line": _page(b"<p>" + _full(_SENTENCE)),
    "a page of one line in pieces": _page(_full(b"<span>" + _SENTENCE + b"</span>")),
    "a page of one script": _page(b"<script>" + b"x" * 11 * _MB + b"</script><p>Eight tanks here"),
    "a page of line breaks": _page(_full(b"<br>")),
    "a page of cells": _page(b"<table><tr>" + _full(b"<td>8", 4 * _MB)),
    "a page of elements within elements": _page(b"<div>" * 1_000_000),
    "a page nested nearly too deep": _page(
        (b"<div>" * 240 + b"x" + b"</div>" * 240) * (2 * _MB // 2641)
    ),
    "a page of open brackets": _page(b"<" * 10 * _MB),
    "a tag of attributes": _page(b"<p " + b"".join(b"a%d=1 " % n for n in range(500_000)) + b">x"),
    "entities of a page": _file(
        "a.html", lambda: _laughs().encode() + b"<html><body><p>&a9; tanks"
    ),
    "JSON in JSON": _file("a.json", lambda: b"[" * 10 * _MB),
    "JSON objects in objects": _file("a.json", lambda: b'{"a":' * 2_000_000),
    "a line of JSON in JSON": _file("a.jsonl", lambda: b'{"text":' * 1_000_000 + b"\n"),
    "a number of a million digits": _file(
        "a.jsonl", lambda: b'{"text":"x","n":' + b"9" * _MB + b"}\n"
    ),
    "mail in mail": _file("a.eml", _nested_mail),
    "a mail of a million parts": _file("a.eml", _many_parts),
    "a mail with a subject without end": _file(
        "a.eml", lambda: b"From: a\nSubject: " + b"=?utf-8?q?=41?= " * 500_000 + b"\n\nhello there"
    ),
    "a row of commas": _file("a.csv", lambda: b"text\n" + b"," * 10 * _MB),
    "an open quotation mark in a table": _file("a.csv", lambda: b'text\n"' + b"a" * 30 * _MB),
    "entities in a Word document": _file(
        "a.docx", lambda: _word("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", _laughs())
    ),
    "nesting in a Word document": _file(
        "a.docx", lambda: _word("<w:ins>" * 500_000 + "</w:ins>" * 500_000)
    ),
    "paragraphs of a Word document": _file("a.docx", lambda: _word("<w:p/>" * 1_000_000)),
    "a text of marks of direction": _file("a.txt", lambda: "\u202e\u2066".encode() * 2_000_000),
}
