"""Documents of the other formats: coded corpora in JSONL, JSON, CSV, e-mail and plain text."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

from harness import Harness
from material import ROOT, pieces, sentences_of

from pledgebook.documents.draft import Blob
from pledgebook.documents.finish import Given, clean, finish
from pledgebook.documents.formats import choose
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem

_LIMITS = Limits(max_line_bytes=4096)
_SUFFIXES = (".jsonl", ".json", ".csv", ".eml", ".txt", "", ".tsv", ".md")
_NONE = Given()
_MAIL = (
    "From: a@example.org\nSubject: =?utf-8?q?T=C3=A4nks?=\nDate: Tue, 14 Feb 2023 10:00:00 +0100\n"
)
_WORDS = (
    *('{"id":', '"text":', '"date":', '"lang":', '"url":', '"title":', '"statements":', '"en"'),
    *("2023-02-14", "null", "\\ud83d", "\\u0000", "Content-Type: text/html", "charset=utf-16"),
    *("Content-Transfer-Encoding: base64", "boundary=x", "multipart/mixed", "--x", "\ufeff", "\0"),
    *("text,date,title", "=?utf-8?b?", "?=", "\r\n", "%PDF-1.7", "PK\x03\x04", "<html>", "<?xml"),
)


def check(data: bytes) -> None:
    """Check one input: a byte chooses the ending of the file's name."""
    (mode,), rest = pieces(data, 1)
    suffix = _SUFFIXES[mode % len(_SUFFIXES)]
    blob = Blob(
        origin=f"a{suffix}",
        stream=io.BufferedReader(io.BytesIO(rest)),
        suffix=suffix,
        size=len(rest),
    )
    extractor = choose(blob)
    if extractor is None:
        return
    for draft in extractor.extract(blob, _LIMITS):
        if isinstance(draft, Problem):
            continue
        found = finish(draft, blob, "fuzz/1", _NONE, _LIMITS)
        if not isinstance(found, Problem):
            assert found.text.strip()
            assert clean(found.text) == found.text


def _seeds() -> Iterator[bytes]:
    lines = (ROOT / "src/pledgebook/demo/codings.jsonl").read_text(encoding="utf-8").splitlines()
    yield from (b"\0" + line.encode()[:900] for line in lines[:10])
    for text in sentences_of(200)[:20]:
        one = {"id": "a.1", "date": "2023-02-14", "lang": "en", "text": text, "url": "https://a/b"}
        yield b"\0" + json.dumps(one).encode() + b"\n{}\nno\n" + json.dumps(one).encode()
        yield b"\1" + json.dumps([one]).encode()
        yield b"\2" + f'id,date,text\n1,2023-02-14,"{text}"\n'.encode()
        yield b"\3" + f"{_MAIL}\n{text}".encode()
        yield b"\4" + text.encode()
    yield (
        b"\3"
        + _MAIL.encode()
        + b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n'
        b"--x\nContent-Type: text/html\n\n<p>Eight tanks</p>\n--x--\n"
    )


HARNESS = Harness(
    law="a file gives documents of clean text, or problems",
    check=check,
    seeds=_seeds,
    words=lambda: _WORDS,
    rooms=("pledgebook.documents",),
    longest=1024,
)
