"""The coded stories as ledgers of their days: by the coded keys, or by the ledger's own joining.

A written story is the documents that bear its name (`a-mig29.1`, `a-mig29.2`); pages of a
government bear none, and are a story where they share a commitment. Statements without a key make
no commitment under the coded keys, for nothing says what became of them; refusals and requests have
none, and stand alone.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from link_scores import load, story_of
from links import coded_entries, day_of

from pledgebook.forecasting.fulfilment import spells_of
from pledgebook.forecasting.fulfilment.spells import Spell
from pledgebook.ledger.cases import Case, prepare
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.records import Entry
from pledgebook.ledger.rules import load_rules
from pledgebook.ledger.undertakings import settle
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.statement import Category, Kind

__all__ = [
    "Joining", "Known", "Story", "family_of", "kin_of", "known", "read_stories", "stories_of",
]  # fmt: skip

Joining = Literal["coded", "own"]
"""By the coded keys of the commitments, or by what the ledger makes of the statements."""

_WRITTEN = ("written-dev", "train-written")
_PAGES = ("real-dev", "train-real")
_CLOSED = ("t5", "t6")
"""Parts that are kept closed for other measurements."""
_SETTINGS = Path(__file__).parent / "data" / "fulfilment-replay.toml"


@dataclass(frozen=True, slots=True)
class Story:
    """The statements of a story, with the coded key of each; `part` is its writer or its file."""

    name: str
    part: str
    names: frozenset[str]
    entries: tuple[Entry, ...]
    keys: Mapping[str, str]
    days: tuple[dt.date, ...]

    @property
    def last(self) -> dt.date:
        """The day of the last document: what happened later is not told."""
        return self.days[-1]


@dataclass(frozen=True, slots=True)
class Known:
    """What a story told by a day: its commitments and their spells, and where a statement is."""

    day: dt.date
    commitments: Mapping[str, Commitment]
    spells: Mapping[str, tuple[Spell, ...]]
    home: Mapping[str, str]
    entries: Mapping[str, Entry] = field(repr=False)

    @property
    def every(self) -> list[Spell]:
        """The spells of all commitments."""
        return [spell for name in sorted(self.spells) for spell in self.spells[name]]


def read_stories(corpora: Path) -> list[Story]:
    """Return the stories of the corpora, single documents among them, by part and first day."""
    found: list[Story] = []
    for name in (*_WRITTEN, *_PAGES):
        parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for document in load(corpora / f"{name}.jsonl"):
            if not document["id"].startswith(_CLOSED):
                parts[str(document.get("part") or name)].append(document)
        for part in sorted(parts):
            found += stories_of(parts[part], part, by_key=name in _PAGES)
    return found


def stories_of(
    documents: Iterable[Mapping[str, Any]], part: str, *, by_key: bool = False
) -> list[Story]:
    """Return the stories of one part: the documents of one name, or those that share a key too.

    Undated documents are left out: they have no place in a story.
    """
    dated = [document for document in documents if day_of(document)[1]]
    home: dict[str, str] = {}

    def root(name: str) -> str:
        home.setdefault(name, name)
        while home[name] != name:
            name = home[name]
        return name

    for document in dated:
        own = root(story_of(document["id"]))
        for said in document["statements"]:
            if by_key and said["commitment"]:
                home[root(f"key {said['commitment']}")] = own
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for document in dated:
        groups[root(story_of(document["id"]))].append(document)
    found = [_story(group, part) for group in groups.values()]
    return sorted(found, key=lambda one: (one.days[0], one.name))


def _story(documents: Sequence[Mapping[str, Any]], part: str) -> Story:
    entries: list[Entry] = []
    keys: dict[str, str] = {}
    for document in documents:
        told = coded_entries(dict(document))
        entries += told
        for entry, said in zip(told, document["statements"], strict=True):
            if said["commitment"]:
                keys[entry.id] = said["commitment"]
    names = sorted({story_of(document["id"]) for document in documents})
    days = sorted({day_of(document)[0] for document in documents})
    return Story(" + ".join(names), part, frozenset(names), tuple(entries), keys, tuple(days))


def known(
    story: Story, day: dt.date, joining: Joining = "coded", catalogue: Catalogue | None = None
) -> Known:
    """Return what a story told by the end of a day."""
    tree = catalogue or load_catalogue()
    told = [entry for entry in story.entries if entry.counted <= day]
    if joining == "own":
        commitments: Sequence[Commitment] = build_ledger(told, today=day, tree=tree).commitments
    else:
        commitments, _ = settle(_coded(told, story.keys, tree), day, tree)
    entries = {entry.id: entry for entry in told}
    spells: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells_of(commitments, entries, day):
        spells[spell.commitment].append(spell)
    return Known(
        day=day,
        commitments={one.id: one for one in commitments},
        spells={name: tuple(some) for name, some in spells.items()},
        home={said: one.id for one in commitments for said in one.statements},
        entries=entries,
    )


def _coded(told: Iterable[Entry], keys: Mapping[str, str], tree: Catalogue) -> list[Group]:
    further = load_rules().further_words
    groups: dict[str, list[Case]] = defaultdict(list)
    for entry in told:
        case = prepare(entry, tree, further)
        alone = entry.statement.kind in (Kind.REQUEST, Kind.REFUSAL)
        if case is not None and (alone or entry.id in keys):
            groups[keys.get(entry.id, entry.id)].append(case)
    ordered = [Group(sorted(cases, key=lambda case: case.order)) for cases in groups.values()]
    return sorted(ordered, key=lambda group: group.cases[0].order)


def kin_of(stories: Sequence[Story]) -> dict[str, frozenset[str]]:
    """Return for each story the others that tell of the same undertakings, here or elsewhere."""
    named = [frozenset(one["stories"]) for one in _settings()["kin"]]
    return {
        one.name: frozenset(
            other.name
            for other in stories
            if other is not one
            and (
                set(one.keys.values()) & set(other.keys.values())
                or any(one.names & group and other.names & group for group in named)
            )
        )
        for one in stories
    }


def family_of(category: Category) -> str:
    """Return the family of categories that one belongs to."""
    families: Mapping[str, Sequence[str]] = _settings()["families"]
    return next(name for name, some in families.items() if category.value in some)


def _settings() -> dict[str, Any]:
    return tomllib.loads(_SETTINGS.read_text("utf-8"))
