"""Judgements on imported rows that a newer release changed: they follow the row's key.

A row is the same row where its key stands once in its own release and once in the current one, and
a statement of the same kind and category is made of it there. What was judged of figures, `wrong`
and `corrected`, follows only where the statement says what it said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.judgements import Judgement, Subject, Verdict
from pledgebook.ledger.records import Entry, content_of
from pledgebook.ledger.release_view import ReleaseView, StoredRelease

__all__ = ["Successor", "follow", "successors"]

_OF_FIGURES = frozenset({Verdict.WRONG, Verdict.CORRECTED})


@dataclass(frozen=True, slots=True)
class Successor:
    """The row that stands for another in the current release, and the release of the other."""

    document: str
    before: str


def successors(
    view: ReleaseView, releases: Sequence[StoredRelease], documents: Sequence[str]
) -> dict[str, Successor]:
    """Return the rows of current releases that stand for some that these no longer have."""
    known = {one.id: one for one in releases}
    current = {one.dataset: one for one in releases if one.current}
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for document, places in view.places(documents).items():
        inside = [place for place in places if place.release.id in known]
        if not inside or any(known[place.release.id].current for place in inside):
            continue
        last = max(inside, key=lambda place: (place.release.day, place.release.number))
        if last.key:
            wanted[last.release.id][document] = last.key
    found = {}
    for before, keys in sorted(wanted.items()):
        then = view.unique_keys(before, keys.values())
        now = view.unique_keys(current[known[before].dataset].id, keys.values())
        for document, key in keys.items():
            if then.get(key) == document and key in now:
                found[document] = Successor(now[key], before)
    return found


def follow(
    view: ReleaseView,
    judgements: Sequence[Judgement],
    moved: Mapping[str, Successor],
    entries: Sequence[Entry],
) -> tuple[Judgement, ...]:
    """Return the judgements, those on rows that changed about the rows that stand for them.

    `entries` are the statements of the current releases.
    """
    if not moved:
        return tuple(judgements)
    here: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        here[entry.document].append(entry)
    before: dict[str, list[str]] = defaultdict(list)
    for document, successor in moved.items():
        before[successor.before].append(document)
    there = {
        entry.id: entry
        for release, documents in before.items()
        for entry in view.entries_of(release, documents)
    }

    def move(subject: Subject, kind: Verdict) -> Subject:
        old = there.get(subject.statement)
        if old is None or subject.document not in moved:
            return subject
        new = _standing(subject, here[moved[subject.document].document])
        if new is None or (kind in _OF_FIGURES and _says(old) != _says(new)):
            return subject
        place = new.statement.evidence
        return subject.model_copy(
            update={
                "document": new.document,
                "start": place.start,
                "end": place.end,
                "designation": new.statement.item.designation,
            }
        )

    return tuple(
        one.model_copy(update={"subjects": tuple(move(each, one.kind) for each in one.subjects)})
        if any(each.document in moved for each in one.subjects)
        else one
        for one in judgements
    )


def _standing(subject: Subject, entries: Sequence[Entry]) -> Entry | None:
    """Return the one statement of a row that is of the kind and category of another."""
    alike = [
        entry
        for entry in entries
        if entry.statement.kind is subject.kind
        and entry.statement.item.category is subject.category
    ]
    named = [
        entry for entry in alike if entry.statement.item.designation == subject.designation
    ] or alike
    return named[0] if len(named) == 1 else None


def _says(entry: Entry) -> dict[str, object]:
    content = content_of(entry.statement)
    return {name: value for name, value in content.items() if name not in ("start", "end")}
