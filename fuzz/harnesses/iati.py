"""IATI activities: XML that is read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness import Harness
from material import ROOT, TABLES, pieces, toml_words, written
from taking_in import imports_soundly

from pledgebook.exchange.iati import importer

_SAMPLE = TABLES / "iati-activities.xml"
_WHOLE = b'<iati-activities version="2.03">'
_INSIDE = (
    b"<iati-activity><iati-identifier>XM-1</iati-identifier>"
    b'<reporting-org ref="X" type="10"><narrative>Norway</narrative></reporting-org>'
    b'<recipient-country code="UA"/>'
)
_HEADS = (_WHOLE, _WHOLE + _INSIDE, b"")
_TAILS = (b"</iati-activities>", b"</iati-activity></iati-activities>", b"")
_PIECES = ("<!DOCTYPE x [", '<!ENTITY a "b">', "&a;", "<?xml", "<!--", "-->", "<![CDATA[", "]]>")


def check(data: bytes) -> None:
    """Check one input: activities, what is in one of them, or a whole file."""
    (mode,), rest = pieces(data, 1)
    around = mode % 3
    whole = _HEADS[around] + rest + _TAILS[around]
    imports_soundly(importer, written(whole, "iati.xml"))


def _seeds() -> Iterator[bytes]:
    text = re.sub(r">\s+<", "><", _SAMPLE.read_text(encoding="utf-8"))
    for found in re.finditer(r"<iati-activity\b.*?</iati-activity>", text, re.DOTALL):
        yield b"\0" + found[0].encode()
    for found in re.finditer(r"<transaction>.*?</transaction>", text, re.DOTALL):
        yield b"\1" + found[0].encode()
    yield b"\2" + text.encode()


def _words() -> Iterator[str]:
    text = _SAMPLE.read_text(encoding="utf-8")
    yield from sorted(set(re.findall(r"</?[a-z-]+", text)))
    yield from sorted(set(re.findall(r'[a-z-]+="[^"]{0,30}"', text)))
    yield from _PIECES
    yield from toml_words(ROOT / "src/pledgebook/exchange/data/iati.toml")


HARNESS = Harness(
    law="a file is refused, or every row quotes its own cells and no claim breaks the guide",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=("pledgebook.exchange",),
    longest=1536,
)
