"""A folder of files as one .zip."""

from __future__ import annotations

import zipfile
from pathlib import Path

__all__ = ["pack_zip"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PIECE = 1 << 20


def pack_zip(folder: Path, target: Path, *, first: str | None = None) -> None:
    """Pack the files of a folder, `first` at the head; the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir(), key=lambda one: (one.name != first, one.name)):
            info = zipfile.ZipInfo(path.name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as out:
                while piece := source.read(_PIECE):
                    out.write(piece)
