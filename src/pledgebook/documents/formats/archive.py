"""The guard before an office file is opened: a small zip must not become a large memory."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Protocol
from xml.parsers import expat

from pledgebook.documents.draft import Blob
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem

_CHUNK = 1 << 16
_LOCAL_HEADER = 30
_DIRECTORY_ENTRY = b"PK\x01\x02"
_SMALL = 10_000_000
_USUAL_RATIO = 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AGAIN = "open it in an office program and save it again"


def inspect(data: bytes, blob: Blob, limits: Limits, watch: Watch | None = None) -> Problem | None:
    """Return the problem with a zip, before any library unpacks it; None where it is sound.

    The sizes that the directory states are checked first, then what really comes out, chunk by
    chunk: a directory can lie. `watch` looks inside the parts on the way.
    """
    if data.startswith(OLE):
        return blob.problem(
            "encrypted",
            "it is protected by a password, or in the format of an office program before 2007",
            mend="remove the password, or save it as DOCX or XLSX",
        )
    try:
        _count_parts(data, limits)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inspect(archive, data, blob, limits, watch)
    except DangerError as bomb:
        return blob.problem("zip-bomb", str(bomb), mend="do not open it; ask where it came from")
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        return blob.problem(
            "damaged", f"it is a broken zip file ({error})", mend="fetch or save it again"
        )
    except (expat.ExpatError, LookupError) as error:
        # An encoding that nobody knows is a LookupError.
        return blob.problem("damaged", f"a part is broken XML ({error})", mend=_SAVE_AGAIN)


class DangerError(Exception):
    """A file that would fill the memory; the text says how."""


class PartReader(Protocol):
    """Looks inside one part while it is unpacked."""

    def feed(self, chunk: bytes, *, last: bool) -> None:
        """Take the next bytes; raise DangerError where they mean harm."""
        ...


class Watch(Protocol):
    """Looks inside the parts of one file."""

    def part(self, name: str) -> PartReader | None:
        """Return the reader for a part; None where it needs none."""
        ...

    def conclude(self) -> None:
        """Raise DangerError where all parts together mean harm."""
        ...


def _count_parts(data: bytes, limits: Limits) -> None:
    """Count in the bytes: to list millions of parts would itself fill the memory."""
    parts = data.count(_DIRECTORY_ENTRY)
    if parts > limits.max_entries:
        raise DangerError(f"it has {parts:,} parts, the limit is {limits.max_entries:,}")


def _inspect(
    archive: zipfile.ZipFile,
    data: bytes,
    blob: Blob,
    limits: Limits,
    watch: Watch | None,
) -> Problem | None:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if total > limits.max_unpacked:
        if total < _USUAL_RATIO * len(data):
            return blob.too_large(f"{total:,} bytes once unpacked", limits.max_unpacked)
        raise DangerError(f"it unpacks to {total:,} bytes, the limit is {limits.max_unpacked:,}")
    if total > _SMALL and total > limits.max_ratio * len(data):
        raise DangerError(f"it unpacks to {total // max(1, len(data)):,} times its size")
    for entry in entries:
        if entry.flag_bits & 1:
            return blob.problem("encrypted", "a part is encrypted", mend="remove the password")
        _measure(entry, data, watch.part(entry.filename) if watch else None)
    if watch is not None:
        watch.conclude()
    return None


def _measure(entry: zipfile.ZipInfo, data: bytes, watch: PartReader | None) -> None:
    """Unpack one part in pieces, and raise where more comes out than the directory states."""
    header = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile("a part is missing")
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    start = entry.header_offset + _LOCAL_HEADER + names
    packed = memoryview(data)[start : start + entry.compress_size]
    if len(packed) < entry.compress_size:
        raise zipfile.BadZipFile("it ends too early")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("a part is packed in an unusual way")
    inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    produced = 0
    for offset in range(0, len(packed), _CHUNK):
        piece = bytes(packed[offset : offset + _CHUNK])
        while piece:
            out = inflate.decompress(piece, _CHUNK * 16) if inflate else piece
            piece = inflate.unconsumed_tail if inflate else b""
            produced += len(out)
            if produced > entry.file_size:
                raise DangerError(f"the part {entry.filename[:80]!r} is larger than it states")
            if watch is not None and out:
                watch.feed(out, last=False)
    if watch is not None:
        watch.feed(b"", last=True)
