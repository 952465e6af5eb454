"""Bytes to text: byte order mark, UTF-8, the declared encoding, and only then a guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(set(range(32)) - {8, 9, 10, 12, 13, 27}) + b"\x7f"
_MAX_CONTROLS = 0.02
_SAMPLE = 65_536
# Every browser reads these labels as Windows-1252, since that is what such pages really hold.
_AS_WINDOWS = frozenset({"iso8859-1", "ascii"})
# Pure ASCII bytes, so that they would pass for UTF-8.
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz"})
# What undeclared text on the web and in old files is written in, the most common first.
_LIKELY = (
    *("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("koi8_r", "koi8_u", "iso8859_2", "iso8859_5", "gb18030", "big5", "shift_jis", "euc_jp"),
    *("euc_kr", "cp1258", "cp874", "cp437", "cp850"),
)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the name of its encoding; `guessed` where nothing declared it."""

    text: str
    encoding: str
    guessed: bool = False


def is_binary(data: bytes) -> bool:
    """Whether the bytes are no text in any encoding: NUL bytes or many control characters."""
    sample = data[:_SAMPLE]
    if any(sample.startswith(bom) for bom, _ in _BOMS) or _wide(sample) is not None:
        return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return sample.count(0) > 0 or controls > _MAX_CONTROLS * len(sample)


def declared_in_markup(head: bytes) -> str | None:
    """Return the encoding that the head of an HTML page names."""
    match = _XML.match(head[:1024]) or _META.search(head[:4096])
    return match.group(1).decode("ascii") if match else None


def decode(data: bytes, declared: str | None = None) -> Decoded | None:
    """Decode `data`; None where no encoding fits.

    A stray NUL in otherwise clean text is kept here: the finishing of a document drops it.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(data[len(bom) :].decode(encoding, "replace"), encoding)
    named = _canonical(declared)
    order = [named, "utf-8"] if named in _SEVEN_BIT else ["utf-8", named]
    for candidate in order:
        text = _strictly(data, candidate) if candidate else None
        if text is not None and candidate is not None:
            return Decoded(text, candidate)
    return _guess(data)


def _canonical(label: str | None) -> str | None:
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    return "cp1252" if name in _AS_WINDOWS else name


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _wide(data: bytes) -> str | None:
    """Recognise UTF-16 without a mark by its zero bytes, which stand in one half only."""
    half = len(data) // 2
    if half < 2:
        return None
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else None


def _guess(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    wide = _wide(data[:_SAMPLE])
    text = _strictly(data, wide) if wide else None
    if text is not None and wide:
        return Decoded(text, wide, guessed=True)
    # English with a few foreign names, or too little to tell: nearly always Windows-1252.
    foreign = sum(byte > 0x7F for byte in data[:_SAMPLE])
    text = _strictly(data, "cp1252")
    if text is not None and (len(data) < 32 or foreign < 0.03 * len(data[:_SAMPLE])):
        return Decoded(text, "cp1252", guessed=True)
    matches = list(from_bytes(data[:_SAMPLE], cp_isolation=list(_LIKELY)))
    # On a few accents many code pages score alike; then the most common one is the safest.
    matches.sort(key=lambda match: (match.chaos, -match.coherence, _LIKELY.index(match.encoding)))
    for match in matches:
        text = _strictly(data, match.encoding)
        if text is not None:
            return Decoded(text, match.encoding, guessed=True)
    return None
