"""How well statements are joined, by the definitions of the corpora's `score_links.py`.

The scorer prints its figures for whole files; here they are values, and each coded statement keeps
its own, so that the statements of some stories can be scored alone.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = [
    "Documents",
    "Item",
    "Scores",
    "Sheet",
    "load",
    "mean_of",
    "scored",
    "scorer_module",
    "shares",
    "sheet_of",
    "story_of",
    "together",
]

Documents = list[dict[str, Any]]
Cell = tuple[Any, ...]
"""A part, actors, a category, a designation, a unit and a stage."""


def load(path: Path) -> Documents:
    """Return the documents of a corpus file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def story_of(document_id: str) -> str:
    """Return the story that a document tells a part of."""
    return document_id.split(".")[0]


@dataclass(frozen=True, slots=True)
class Scores:
    """B-cubed and the count's cells; shares run from 0 to 1, `bias` from -1 to 1."""

    precision: float
    recall: float
    exact: float
    error: float
    bias: float

    @property
    def f1(self) -> float:
        """B-cubed F1."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Item:
    """A statement with its coded and its predicted cluster; None where it is not there."""

    story: str
    coded: Hashable | None
    predicted: Hashable | None


@dataclass(frozen=True, slots=True)
class Share:
    """How much of an item's cluster is right, with the story that the item is of."""

    story: str
    share: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """Coded documents beside predicted ones, ready to be scored.

    `truth` and `count` are units by cell, `home` the story of each cell's first statement.
    """

    items: tuple[Item, ...]
    truth: dict[Cell, float]
    count: dict[Cell, float]
    home: dict[Cell, str]

    def scores(self) -> Scores:
        """Score all statements and cells, as the scorer does."""
        stories = {one.story for one in self.items} | set(self.home.values())
        return together([(self, stories)])


def together(parts: Iterable[tuple[Sheet, Container[str]]]) -> Scores:
    """Score the stories asked of each sheet, each among all others of the sheet, as one set."""
    precision: list[float] = []
    recall: list[float] = []
    errors: list[float] = []
    signed: list[float] = []
    for sheet, of in parts:
        found, got = shares(sheet.items)
        precision += [one.share for one in found if one.story in of]
        recall += [one.share for one in got if one.story in of]
        for cell, value in sheet.truth.items():
            if sheet.home[cell] in of:
                off = sheet.count.get(cell, 0.0) - value
                relative = off / value if value else float(off != 0)
                errors.append(min(1.0, abs(relative)))
                signed.append(max(-1.0, min(1.0, relative)) if value else 0.0)
    return Scores(
        precision=_mean(precision),
        recall=_mean(recall),
        exact=_mean([float(error < 1e-9) for error in errors]),
        error=_mean(errors),
        bias=_mean(signed),
    )


def shares(items: Sequence[Item]) -> tuple[list[Share], list[Share]]:
    """Return the B-cubed precision of each predicted item and the recall of each coded one."""
    coded: dict[Hashable, set[int]] = defaultdict(set)
    predicted: dict[Hashable, set[int]] = defaultdict(set)
    for number, item in enumerate(items):
        if item.coded is not None:
            coded[item.coded].add(number)
        if item.predicted is not None:
            predicted[item.predicted].add(number)
    precision, recall = [], []
    for item in items:
        both = len(coded.get(item.coded, set()) & predicted.get(item.predicted, set()))
        if item.predicted is not None:
            precision.append(Share(item.story, both / len(predicted[item.predicted])))
        if item.coded is not None:
            recall.append(Share(item.story, both / len(coded[item.coded])))
    return precision, recall


def scorer_module(scorer: Path) -> ModuleType:
    """Return the scorer `score_links.py` with its definitions."""
    spec = importlib.util.spec_from_file_location("corpus_score_links", scorer)
    if spec is None or spec.loader is None:
        raise ImportError(f"{scorer} is no module")
    module = importlib.util.module_from_spec(spec)
    # It imports `score` from beside it; ours has the same name.
    ours = sys.modules.pop("score", None)
    sys.path.insert(0, str(scorer.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(scorer.parent))
        sys.modules.pop("score", None)
        if ours is not None:
            sys.modules["score"] = ours
    return module


def sheet_of(scorer: Path, gold: Documents, predicted: Documents) -> Sheet:
    """Pair the statements of coded and predicted documents as the scorer pairs them.

    `scorer` is the file `score_links.py`; coded statements without a key are left out, with what
    was paired with them.
    """
    rules = scorer_module(scorer)
    found = {document["id"]: document.get("statements", []) for document in predicted}
    items: list[Item] = []
    coded: list[tuple[Any, dict[str, Any], Any]] = []
    counted: list[tuple[Any, dict[str, Any], Any]] = []
    home: dict[Cell, str] = {}
    for document in gold:
        name, part = document["id"], document.get("part")
        story = story_of(name)
        true = [one for one in document["statements"] if one["kind"] in rules.LINKED]
        told = [one for one in found.get(name, []) if one.get("kind") in rules.LINKED]
        paired = dict(rules.pair(true, told))
        passed = {paired[place] for place in paired if not true[place].get("commitment")}
        own: list[Hashable] = [
            (part, one["commitment"]) if one.get("commitment") else (part, name, place)
            for place, one in enumerate(told)
        ]
        for place, one in enumerate(true):
            if one.get("commitment"):
                key = (part, one["commitment"])
                items.append(Item(story, key, own[paired[place]] if place in paired else None))
                coded.append((part, one, key))
                for cell in rules.cells([coded[-1]], _same):
                    home.setdefault(cell, story)
        for place, one in enumerate(told):
            if place not in passed:
                counted.append((part, one, own[place]))
                if place not in paired.values():
                    items.append(Item(story, None, own[place]))
    return Sheet(
        tuple(items), dict(rules.cells(coded, _same)), dict(rules.cells(counted, _same)), home
    )


def mean_of(scores: Sequence[Scores]) -> Scores:
    """Return the means of several scores."""
    return Scores(*(_mean(values) for values in zip(*map(astuple, scores), strict=True)))


def scored(rows: Iterable[tuple[str, Scores]]) -> str:
    """Return scores as a table."""
    lines = [f"{'':36} precision recall    F1  cells exact  error    bias"]
    for name, one in rows:
        lines.append(
            f"{name:36} {one.precision:9.3f} {one.recall:6.3f} {one.f1:5.3f}"
            f" {one.exact:12.3f} {one.error:6.3f} {one.bias:+7.3f}"
        )
    return "\n".join(lines) + "\n"


def _same(key: object, _: object) -> object:
    return key


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
