"""Export as a data package: the whole book, lossless, in a folder or a .zip."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pledgebook.exchange.datapackage import DESCRIPTOR, package_files, write_package
from pledgebook.exchange.exporting import ExportReport, Source, Target, Wishes
from pledgebook.exchange.packing import pack_zip
from pledgebook.exchange.whole import whole_book

__all__ = ["exporter"]


class _DataPackage:
    name = "datapackage"

    def write(self, source: Source, target: Target, wishes: Wishes) -> ExportReport:
        with whole_book(source, wishes, self.name) as (header, rows):
            if target.path.suffix.casefold() != ".zip":
                with target.folder(package_files()) as folder:
                    counts = write_package(folder, header, rows)
            else:
                with (
                    target.file() as path,
                    tempfile.TemporaryDirectory(dir=path.parent, prefix=".pledgebook-") as folder,
                ):
                    counts = write_package(Path(folder), header, rows)
                    pack_zip(Path(folder), path, first=DESCRIPTOR)
        return ExportReport(target.path, counts)


exporter = _DataPackage()
"""The exporter of this format."""
