"""Export as JSONL: the whole book, lossless."""

from __future__ import annotations

from pledgebook.exchange.book_jsonl import write_jsonl
from pledgebook.exchange.exporting import ExportReport, Source, Target, Wishes
from pledgebook.exchange.whole import whole_book

__all__ = ["exporter"]


class _Jsonl:
    name = "jsonl"

    def write(self, source: Source, target: Target, wishes: Wishes) -> ExportReport:
        with whole_book(source, wishes, self.name) as (header, rows), target.file() as path:
            counts = write_jsonl(path, header, rows)
        return ExportReport(target.path, counts)


exporter = _Jsonl()
"""The exporter of this format."""
