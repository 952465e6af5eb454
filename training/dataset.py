"""Coded documents as what the network learns from."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from labels import Coded, label

from pledgebook.reading.learned.arrays import Arrays, arrays
from pledgebook.reading.learned.candidate import Candidate
from pledgebook.reading.learned.candidates import Fields
from pledgebook.reading.learned.spotting import CATEGORIES, KINDS, PERIODS, SCOPES, STATUSES
from pledgebook.reading.learned.survey import survey
from pledgebook.reading.learned.windows import Tokenize
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document, sha256


@dataclass(slots=True)
class Example:
    """A document, its arrays, and the answers; `targets` is -1 where there is nothing to learn.

    `marked` marks the right candidates of each field; a spot without one is passed over there.
    """

    coded: dict[str, Any]
    made: Arrays | None
    targets: dict[str, np.ndarray]
    marked: dict[str, np.ndarray]
    edges: np.ndarray
    lower: Any = None


def lines(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Yield the coded documents of files."""
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                yield {**json.loads(line), "file": path.stem}


def document(coded: dict[str, Any]) -> Document:
    """Return a coded document as the reader gets it."""
    return Document(
        text=coded["text"],
        bytes_sha256=sha256(coded["text"]),
        extractor="jsonl/1",
        origin=coded["id"],
        name=coded["id"],
        url=coded.get("url"),
        date=dt.date.fromisoformat(coded["date"]) if coded.get("date") else None,
        lang=coded.get("lang", "en"),
    )


def example(coded: dict[str, Any], catalogue: Catalogue, tokenize: Tokenize) -> Example:
    """Return what a coded document teaches."""
    found = survey(document(coded), catalogue)
    made = None
    if found is not None and found.spots:
        made = arrays(found, tokenize, found.spots, Fields(found), {})
    if found is None or made is None:
        return Example(coded, None, {}, {}, np.zeros((0, 2), np.float32))
    known = label(found, coded["statements"])
    count = len(made.spots)
    targets = {name: np.full(count, -1, np.int64) for name in _LABELS}
    targets["kind"][:] = 0
    for number, statement in known.by_spot.items():
        for name, answer in _LABELS.items():
            targets[name][number] = answer(statement)
    marked = {}
    for name, right in _RIGHT.items():
        pairs = made.pairs[name]
        marks = np.zeros(len(pairs.candidates), np.float32)
        for row, (owner, candidate) in enumerate(zip(pairs.spot, pairs.candidates, strict=True)):
            statement = known.by_spot.get(int(owner))
            if statement is not None:
                marks[row] = right(statement, candidate)
        marked[name] = marks
    edges = np.zeros((len(made.edges.candidates), 2), np.float32)
    for row, (owner, candidate) in enumerate(
        zip(made.edges.spot, made.edges.candidates, strict=True)
    ):
        span = known.evidence.get(int(owner))
        if span is not None:
            place = found.places[candidate.place]
            start, end = max(span[0], place.start), min(span[1], place.end)
            unit = place.units[candidate.unit]
            edges[row] = unit.start <= start < unit.end, unit.start < end <= unit.end
    return Example(coded, made, targets, marked, edges)


def _plain(text: str | None) -> str | None:
    return re.sub(r"[^a-z0-9]+", "", (text or "").lower()) or None


def _same(field: str) -> Any:
    return lambda coded, candidate: _plain(coded[field]) == _plain(candidate.value)


def _quantity(coded: Coded, candidate: Candidate) -> bool:
    quantity, found = coded["quantity"], candidate.value
    if quantity is None or found is None:
        return quantity is None and found is None
    low, high = (1, 1) if found == 1 else (found.low, found.high)
    return bool((low, high) == (quantity["low"], quantity["high"]))


def _money(coded: Coded, candidate: Candidate) -> bool:
    money, found = coded["money"], candidate.value
    if money is None or found is None:
        return money is None and found is None
    return bool(
        (found.low, found.high, found.currency) == (money["low"], money["high"], money["currency"])
    )


_LABELS: dict[str, Any] = {
    "kind": lambda s: 1 + KINDS.index(s["kind"]),
    "category": lambda s: CATEGORIES.index(s["item"]["category"]),
    "scope": lambda s: SCOPES.index(s.get("scope") or "new"),
    "status": lambda s: STATUSES.index(s.get("status") or "firm"),
    "per": lambda s: PERIODS.index((s["quantity"] or {}).get("per")),
}
_RIGHT: dict[str, Any] = {
    "actor": lambda s, c: c.value is not None and _plain(c.value) in map(_plain, s["actors"]),
    "recipient": _same("recipient"),
    "when": lambda s, c: s["when"] == c.value,
    "speaker": _same("speaker"),
    "supplier": _same("supplier"),
    "designation": lambda s, c: _plain(s["item"]["designation"]) == _plain(c.value),
    "quantity": _quantity,
    "money": _money,
}
