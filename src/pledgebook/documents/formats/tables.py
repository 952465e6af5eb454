"""Rows of a table as documents: what CSV and XLSX have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from pledgebook.documents.dates import iso_date
from pledgebook.documents.draft import Blob, Draft
from pledgebook.documents.formats.records import KEYS, canonical, draft_of
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import sha256

Cell = object
_NOTHING = frozenset({".", "-", "--", "\u2013", "\u2014"})
_ABOUT = frozenset({"id", "url", "lang"})


def documents(
    rows: Iterable[tuple[int, list[Cell]]], blob: Blob, sheet: str = ""
) -> Iterator[Draft | Problem]:
    """Yield one draft a row, written out as "Header: value; Header: value.".

    The first row with two filled cells is the header; what stands above it is text. A column named
    `text` makes rows act like lines of JSONL; columns named `id`, `url`, `date` and `lang` give the
    metadata. A row is identified by its content, so that a row more does not change the others.
    """
    header: list[str] | None = None
    keys: dict[str, int] = {}
    for number, row in rows:
        cells = [_said(as_text(cell)) for cell in row]
        if not any(cells):
            continue
        locator = f"{sheet}:{number}" if sheet else str(number)
        if header is None and (sum(map(bool, cells)) > 1 or cells[0].casefold() == "text"):
            header = [" ".join(cell.split()) for cell in cells]
            keys = {name.casefold(): i for i, name in reversed(list(enumerate(header)))}
            keys = {key: i for key, i in keys.items() if key in KEYS}
            continue
        place = f"sheet {sheet}, row {number}" if sheet else f"row {number}"
        if "text" in keys:
            record = {key: _at(cells, index) or None for key, index in keys.items()}
            yield draft_of(record, blob, locator, place)
        else:
            yield _written_out(header or [], cells, keys, locator)


def as_text(cell: Cell) -> str:
    """Write a cell as a person would read it: 8.0 is 8, midnight is a day."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, dt.datetime):
        day = cell.time() == dt.time()
        return cell.date().isoformat() if day else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell).strip()


def _said(text: str) -> str:
    """Drop the mark that stands for nothing: statistics programs write a full stop for missing."""
    return "" if text in _NOTHING else text


def _written_out(header: list[str], cells: list[str], keys: dict[str, int], locator: str) -> Draft:
    about = {key: _at(cells, index) for key, index in keys.items()}
    hidden = {index for key, index in keys.items() if key in _ABOUT}
    parts = []
    for index, cell in enumerate(cells):
        if not cell or index in hidden:
            continue
        name = _at(header, index) or (f"Column {index + 1}" if header else "")
        value = " ".join(cell.split())
        parts.append(f"{name.rstrip(':')}: {value}" if name else value)
    text = "; ".join(parts)
    date = iso_date(about.get("date", ""))
    return Draft(
        text=text if not text or text.endswith((".", "!", "?")) else text + ".",
        sha256=sha256(canonical({"header": header, "cells": cells})),
        locator=locator,
        date=date,
        date_source="given" if date else None,
        lang=about.get("lang") or None,
        name=about.get("id") or None,
        url=about.get("url") or None,
    )


def _at(values: list[str], index: int) -> str:
    return values[index] if index < len(values) else ""
