"""The formats, one module each, and the choice between them.

The bytes decide first, where they are beyond doubt; then the suffix, the media type, and what the
bytes look like; text under any name is plain text if the user named it.
"""

from __future__ import annotations

from pledgebook.documents.draft import Blob, Extractor
from pledgebook.documents.encoding import is_binary
from pledgebook.documents.formats.archive import OLE
from pledgebook.documents.formats.csv import Csv
from pledgebook.documents.formats.docx import Docx
from pledgebook.documents.formats.email import Email
from pledgebook.documents.formats.html import Html
from pledgebook.documents.formats.json import Json
from pledgebook.documents.formats.jsonl import JsonLines
from pledgebook.documents.formats.pdf import Pdf
from pledgebook.documents.formats.plain import Plain
from pledgebook.documents.formats.xlsx import Xlsx

__all__ = ["EXTRACTORS", "choose", "is_foreign"]

_PLAIN = Plain()
# Formats that are known and not read: RTF, Office before 2007, zip, gzip, PNG, JPEG, GIF.
_FOREIGN = (
    *(b"{\\rtf", OLE, b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff"),
    *(b"GIF8", b"SQLite format 3\x00"),
)
# Feeds, drawings and other XML: their tags are no text to quote from.
_XML = (b"<?xml", b"<rss", b"<feed", b"<svg")
_MARK_AND_SPACE = b"\xef\xbb\xbf \t\r\n"
EXTRACTORS: tuple[Extractor, ...] = (
    Pdf(),
    Docx(),
    Xlsx(),
    Html(),
    JsonLines(),
    Json(),
    Email(),
    Csv(),
    _PLAIN,
)


def choose(blob: Blob) -> Extractor | None:
    """Return the extractor for a source; None where it is in no format that is read."""
    for extractor in EXTRACTORS:
        if extractor.certain(blob.head):
            return extractor
    for extractor in EXTRACTORS:
        if blob.suffix in extractor.suffixes:
            return extractor
    for extractor in EXTRACTORS:
        if blob.media_type in extractor.media_types and extractor is not _PLAIN:
            return extractor
    if is_foreign(blob.head) or is_binary(blob.head):
        return None
    for extractor in EXTRACTORS:
        if extractor.likely(blob.head):
            return extractor
    return _PLAIN if blob.named else None


def is_foreign(head: bytes) -> bool:
    """Whether the bytes are in a format that is known, and not read."""
    return head.startswith(_FOREIGN) or head[:64].lstrip(_MARK_AND_SPACE).startswith(_XML)
