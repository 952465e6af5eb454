"""A slice into its documents, by the very extractors that plain reading uses."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pledgebook.bulk.archives import WebPage, pages
from pledgebook.bulk.inputs import File
from pledgebook.bulk.slicing import UTF_16, Slice
from pledgebook.bulk.streams import open_file, window
from pledgebook.documents.draft import Blob, Draft
from pledgebook.documents.finish import Given, finish
from pledgebook.documents.formats import EXTRACTORS
from pledgebook.documents.formats.jsonl import JsonLines, draft_of_line, lines_of
from pledgebook.documents.formats.records import KEYS, draft_of
from pledgebook.documents.limits import Limits
from pledgebook.documents.load import load, read_page, read_stream
from pledgebook.documents.sources import Source
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import Document

__all__ = ["Found", "Item", "items_of", "loading_rules"]

Found = Document | Problem
_JSONL = JsonLines()
_LINES = f"{_JSONL.name}/{_JSONL.version}"
_ROWS = "parquet/1"


@dataclass(frozen=True, slots=True)
class Item:
    """One line, row, record or file of a slice; `load` gives the documents in it."""

    origin: str
    load: Callable[[], list[Found]]


def loading_rules(given: Given) -> str:
    """Name all that decides what documents a slice gives, beside its bytes."""
    labels = sorted(f"{one.name}/{one.version}" for one in EXTRACTORS)
    day = given.date.isoformat() if given.date else ""
    return " ".join([*labels, _ROWS, f"date={day}", f"lang={given.lang or ''}"])


def items_of(piece: Slice, given: Given, limits: Limits) -> Iterator[Item]:
    """Yield the items of a slice; none of them is parsed before its `load` is called.

    Raises OSError where the source cannot be read.
    """
    kind = piece.group.kind
    if kind == "files":
        for file in piece.group.files:
            yield Item(file.origin, _file_loader(file, given, limits))
    elif kind == "jsonl":
        yield from _lines(piece, given, limits)
    elif kind == "parquet":
        yield from _rows(piece, given, limits)
    else:
        yield from _pages(piece, given, limits)


def _file_loader(file: File, given: Given, limits: Limits) -> Callable[[], list[Found]]:
    def read() -> list[Found]:
        if "://" not in file.place:
            source = Source(file.origin, Path(file.place), size=file.size, named=file.named)
            return list(load([source], date=given.date, lang=given.lang, limits=limits))
        try:
            with closing(open_file(file)) as stream:
                found = read_stream(stream, file.origin, file.size, given, limits, named=file.named)
                return list(found)
        except OSError as error:
            what = f"it cannot be read ({error.strerror or error})"
            return [Problem(code="unreadable", what=what, source=file.origin)]

    return read


def _lines(piece: Slice, given: Given, limits: Limits) -> Iterator[Item]:
    with closing(open_file(piece.group.files[0])) as stream:
        blob = Blob(origin=piece.origin, stream=window(stream, piece.start, piece.end))
        if piece.start == 0 and blob.head.startswith(UTF_16):
            # The extractor has the words for it.
            told = [one for one in _JSONL.extract(blob, limits) if isinstance(one, Problem)]
            yield Item(piece.origin, lambda: list(told))
            return
        for number, line in lines_of(blob, limits.max_line_bytes, piece.first):
            draft = partial(draft_of_line, line, blob, number, limits)
            yield Item(f"{piece.origin}:{number}", _finishing(draft, blob, _LINES, given, limits))


def _rows(piece: Slice, given: Given, limits: Limits) -> Iterator[Item]:
    import polars as pl

    blob = Blob(origin=piece.origin, stream=io.BufferedReader(io.BytesIO()))
    with closing(open_file(piece.group.files[0])) as stream:
        lazy = pl.scan_parquet(stream)
        schema = lazy.collect_schema()
        kept = [name for name in KEYS if name in schema]
        days = [name for name in kept if schema[name].is_temporal()]
        rows = lazy.select(kept).slice(piece.start, piece.end - piece.start)
        frame = rows.with_columns(pl.col(days).dt.date().cast(pl.String)).collect()
    for number, row in enumerate(frame.iter_rows(named=True), piece.first):
        draft = partial(draft_of, row, blob, str(number), f"row {number}")
        yield Item(f"{piece.origin}:{number}", _finishing(draft, blob, _ROWS, given, limits))


def _finishing(
    draft: Callable[[], Draft | Problem | None],
    blob: Blob,
    label: str,
    given: Given,
    limits: Limits,
) -> Callable[[], list[Found]]:
    def read() -> list[Found]:
        made = draft()
        if made is None or isinstance(made, Problem):
            return [made] if made is not None else []
        return [finish(made, blob, label, given, limits)]

    return read


def _pages(piece: Slice, given: Given, limits: Limits) -> Iterator[Item]:
    with closing(open_file(piece.group.files[0])) as stream:
        within = window(stream, piece.start, piece.end)
        for one in pages(within, piece.first, piece.origin, limits):
            origin = f"{piece.origin}:{one.number}"
            yield Item(origin, partial(_page, one, origin, given, limits))


def _page(one: WebPage, origin: str, given: Given, limits: Limits) -> list[Found]:
    if one.page is None or isinstance(one.page, Problem):
        return [one.page] if one.page is not None else []
    dated = replace(given, announced=one.captured, announced_by="archive")
    return list(read_page(one.page, origin, dated, limits))
