"""A document as one person coded it: the machine's statements as this person left them.

A coding follows from judgements alone. Each person's is their own: what others decided is not in
it, so that two people may code one document blind to each other. When a person says that they are
done, the judgement `coded` names the statements that they left standing; what the machine reads
later is no part of it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pledgebook.errors import UsageError
from pledgebook.ledger.coding.additions import says
from pledgebook.ledger.judgements import Attachment, Judgement, Subject, Verdict, corrected
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import Statement

__all__ = ["CodedStatement", "Coding", "Mark", "last_coded", "make_coding", "wanted_of_old"]


class Mark(StrEnum):
    """What a person did with a statement.

    `later` is one that the machine read after this person was done: it is no part of their coding.
    """

    UNREAD = "unread"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    WRONG = "wrong"
    ADDED = "added"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class CodedStatement:
    """A statement in a coding: as this person left it, and as it was read or added.

    `judgements` are the ids of this person's judgements in force on it, the earliest first.
    """

    entry: Entry
    as_read: Entry
    mark: Mark
    judgements: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.entry.id

    @property
    def statement(self) -> Statement:
        """What it says now."""
        return self.entry.statement

    @property
    def stands(self) -> bool:
        """Whether it is part of the coding."""
        return self.mark not in (Mark.WRONG, Mark.LATER)


@dataclass(frozen=True, slots=True)
class Coding:
    """A document as one person sees it, or coded it.

    `statements` are in the order of the text, also those judged wrong. `done` is the id of the
    judgement by which this person said that they are done, None where they have not. `lost` counts
    the statements that they left standing and that nothing is known of here.
    """

    document: str
    by: str
    statements: tuple[CodedStatement, ...]
    done: str | None = None
    done_at: dt.datetime | None = None
    lost: int = 0

    @property
    def standing(self) -> tuple[CodedStatement, ...]:
        """The statements that are part of the coding."""
        return tuple(one for one in self.statements if one.stands)

    @property
    def unread(self) -> tuple[CodedStatement, ...]:
        """The statements that this person has not judged."""
        return tuple(one for one in self.statements if one.mark is Mark.UNREAD)


def last_coded(by: str, document: str, judgements: Iterable[Judgement]) -> Judgement | None:
    """Return the judgement, of those in force, by which a person is done with a document."""
    found = None
    for one in judgements:
        if one.kind is Verdict.CODED and one.by == by and _whole_of(one, document):
            found = one
    return found


def _whole_of(judgement: Judgement, document: str) -> bool:
    return any(one.is_whole and one.document == document for one in judgement.subjects)


def wanted_of_old(
    by: str, document: str, machine: Iterable[Entry], judgements: Iterable[Judgement]
) -> set[str]:
    """Return ids of statements, no longer read, that a coding wants to be known as they were."""
    here = {entry.id for entry in machine}
    return {
        subject.statement
        for one in judgements
        if one.by == by and one.kind in (Verdict.CODED, Verdict.ACCEPTED)
        for subject in one.subjects
        if subject.document == document and not subject.is_whole and subject.statement not in here
    }


def make_coding(
    by: str,
    document: str,
    read: Sequence[Entry],
    judgements: Sequence[Judgement],
    old: Mapping[str, Entry],
) -> Coding:
    """Return the coding of a document by a person.

    `read` are the machine's statements as they were read, with those that this person added.
    `judgements` are in force and anchored to the document; those of others are passed over. `old`
    are statements that are no longer read, by id.
    """
    own = [one for one in judgements if one.by == by]
    done = last_coded(by, document, own)
    base = list(read)
    left: set[str] = set()
    lost = 0
    if done is not None:
        base, left, lost = _as_left(document, done, read, old)
    drafts = {entry.id: _Draft(entry) for entry in base}
    attachment = Attachment(base)
    for one in own:
        for subject in one.subjects:
            if subject.document != document or subject.is_whole:
                continue
            found = attachment.find(subject)
            if found is not None:
                drafts[found.id].take(one, subject, old)
    statements = [
        draft.finished(is_late=done is not None and name not in left)
        for name, draft in drafts.items()
    ]
    return Coding(
        document=document,
        by=by,
        statements=tuple(sorted(statements, key=lambda one: _place(one.entry))),
        done=done.id if done else None,
        done_at=done.made_at if done else None,
        lost=lost,
    )


def _place(entry: Entry) -> tuple[int, int, str]:
    evidence = entry.statement.evidence
    return evidence.start, evidence.end, entry.id


def _as_left(
    document: str, done: Judgement, read: Sequence[Entry], old: Mapping[str, Entry]
) -> tuple[list[Entry], set[str], int]:
    """Return the statements of a coding that is done, as they were then, and those read since.

    With them come the ids of what was left standing, and how many of these are not known here.
    """
    now = {entry.id: entry for entry in read}
    attachment = Attachment(read)
    kept: dict[str, Entry] = {}
    replaced: set[str] = set()
    lost = 0
    for subject in done.subjects:
        if subject.is_whole or subject.document != document:
            continue
        here = attachment.find(subject)
        before = old.get(subject.statement)
        entry = now.get(subject.statement) or (_moved(before, subject) if before else here)
        if entry is None:
            lost += 1
            continue
        kept[entry.id] = entry
        if here is not None:
            replaced.add(here.id)
    since = [entry for entry in read if entry.id not in kept and entry.id not in replaced]
    return [*kept.values(), *since], set(kept), lost


def _moved(entry: Entry, subject: Subject) -> Entry:
    """Return a statement where its words stand now; these are the same words."""
    place = entry.statement.evidence.model_copy(
        update={"document": subject.document, "start": subject.start, "end": subject.end}
    )
    statement = entry.statement.model_copy(update={"evidence": place})
    return dataclasses.replace(entry, statement=statement, document=subject.document)


class _Draft:
    """What a person's judgements, one after the other, make of a statement."""

    def __init__(self, entry: Entry) -> None:
        self._as_read = self._entry = entry
        self._mark = Mark.ADDED if entry.added is not None else Mark.UNREAD
        self._made: list[str] = []

    def take(self, judgement: Judgement, subject: Subject, old: Mapping[str, Entry]) -> None:
        """Take in a judgement about it."""
        match judgement.kind:
            case Verdict.WRONG:
                self._mark = Mark.WRONG
            case Verdict.CORRECTED:
                try:
                    statement = corrected(self._entry.statement, judgement.changes)
                except UsageError:
                    # The coding book does not allow it of what is read now.
                    return
                self._entry = dataclasses.replace(self._entry, statement=statement)
                self._raise(Mark.CORRECTED)
            case Verdict.ACCEPTED:
                before = old.get(subject.statement)
                if before is not None and says(before) != says(self._as_read):
                    # It was another reading that this person held right.
                    return
                self._raise(Mark.ACCEPTED)
            case Verdict.ADDED:
                self._mark = Mark.ADDED
            case _:
                return
        self._made.append(judgement.id)

    def _raise(self, mark: Mark) -> None:
        if self._mark is Mark.UNREAD or (self._mark, mark) == (Mark.ACCEPTED, Mark.CORRECTED):
            self._mark = mark

    def finished(self, *, is_late: bool) -> CodedStatement:
        """Return the statement; a late one was read when this person was done."""
        mark = Mark.LATER if is_late and self._mark is Mark.UNREAD else self._mark
        return CodedStatement(self._entry, self._as_read, mark, tuple(self._made))
