"""What a person decided about statements; it outranks the machine and can be taken back.

A judgement names its statements by id and by anchor (document, span, kind, item). After a new
reading it re-attaches to the statement that stands on the same words, or it is stranded and says
so.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import RowMapping

from pledgebook.errors import UsageError
from pledgebook.ledger.columns import in_utc
from pledgebook.ledger.records import Entry, digest_id, encode
from pledgebook.vocabulary.statement import Category, Kind, Statement


class Verdict(StrEnum):
    """What a judgement says of its statements.

    `accepted` changes nothing: a person read the statement and holds it right. `added` is a
    statement that the machine missed. `coded` says that a person is done with a document, and names
    the statements that they left standing.
    """

    SAME = "same"
    DIFFERENT = "different"
    WRONG = "wrong"
    CORRECTED = "corrected"
    COUNTED = "counted"
    ACCEPTED = "accepted"
    ADDED = "added"
    CODED = "coded"


class Subject(BaseModel):
    """One statement that a judgement is about, and where it stood.

    Subjects of one `group` were named together, by the id of their commitment. One that came from
    another book bears the hashes of its document: by them it finds the same text here. A whole
    document, as `coded` names it, has no statement, kind or category.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    statement: str
    document: str
    start: int
    end: int
    kind: Kind | None = None
    category: Category | None = None
    designation: str | None = None
    group: int = 0
    bytes_sha256: str | None = None
    text_sha256: str | None = None

    @classmethod
    def of(cls, entry: Entry, group: int) -> Self:
        """Anchor a statement of the book."""
        statement = entry.statement
        return cls(
            statement=entry.id,
            document=entry.document,
            start=statement.evidence.start,
            end=statement.evidence.end,
            kind=statement.kind,
            category=statement.item.category,
            designation=statement.item.designation,
            group=group,
        )

    @classmethod
    def whole(cls, document: str, length: int) -> Self:
        """Anchor a whole document, of so many characters."""
        return cls(statement="", document=document, start=0, end=length)

    @property
    def is_whole(self) -> bool:
        """Whether it is a document and no statement."""
        return not self.statement


class Judgement(BaseModel):
    """A decision of a person, or (`revokes`) the taking back of an earlier one.

    `recorded_at` is when this book learnt of it, None where that is when it was made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Verdict
    subjects: tuple[Subject, ...]
    changes: dict[str, Any] = {}
    by: str
    note: str = ""
    made_at: dt.datetime
    revokes: str | None = None
    recorded_at: dt.datetime | None = None

    @classmethod
    def make(
        cls,
        kind: Verdict,
        groups: Sequence[Sequence[Entry]],
        *,
        by: str,
        note: str,
        made_at: dt.datetime,
        changes: Mapping[str, Any] | None = None,
    ) -> Self:
        """Decide about groups of statements. Raises UsageError where that makes no sense."""
        changes = dict(changes or {})
        subjects = tuple(
            Subject.of(entry, number) for number, group in enumerate(groups) for entry in group
        )
        if kind in (Verdict.ADDED, Verdict.CODED):
            raise UsageError(
                f"'{kind}' is said of a document, not of statements that are there",
                mend="Add a statement, or finish a document, with its id",
            )
        check(kind, [[entry.id for entry in group] for group in groups], changes)
        if kind is Verdict.CORRECTED:
            corrected(groups[0][0].statement, changes)
        if kind is Verdict.COUNTED and any(one.release is None for some in groups for one in some):
            raise UsageError(
                "'counted' is for rows of imported data sets; what reports say counts already",
                mend="Give the id of an imported row's statement",
            )
        return cls.signed(kind, subjects, by=by, note=note, made_at=made_at, changes=changes)

    @classmethod
    def signed(
        cls,
        kind: Verdict,
        subjects: Iterable[Subject],
        *,
        by: str,
        note: str,
        made_at: dt.datetime,
        changes: Mapping[str, Any],
    ) -> Self:
        """Return a judgement of these parts, with its id; whether it makes sense is not asked."""
        made = cls(
            id="",
            kind=kind,
            subjects=tuple(subjects),
            changes=dict(changes),
            by=by,
            note=note,
            made_at=made_at,
        )
        return made.model_copy(update={"id": made.proper_id})

    @property
    def proper_id(self) -> str:
        """The id that follows from what it says, who made it and when."""
        # The same instant told in another zone, or read back from a book, gives the same id.
        signed = (self.by, self.note, in_utc(self.made_at).isoformat())
        if self.revokes is not None:
            return digest_id("j", "revokes", self.revokes, *signed)
        # Hashes came with it from another book: the id is older than they are.
        hashes = {"bytes_sha256", "text_sha256"}
        content = [subject.model_dump(mode="json", exclude=hashes) for subject in self.subjects]
        return digest_id("j", self.kind, encode(content), encode(self.changes), *signed)

    def revocation(self, *, by: str, note: str, made_at: dt.datetime) -> Judgement:
        """Return the judgement that takes this one back."""
        signed = {"by": by, "note": note, "made_at": made_at, "recorded_at": None}
        made = self.model_copy(update=signed | {"revokes": self.id})
        return made.model_copy(update={"id": made.proper_id})

    def to_row(self) -> dict[str, Any]:
        """Return it as a row of the table of judgements."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "subjects": encode(_plain(self.subjects)),
            "changes": encode(self.changes),
            "made_by": self.by,
            "note": self.note,
            "made_at": self.made_at,
            "revokes": self.revokes,
            "recorded_at": self.recorded_at,
        }

    @classmethod
    def from_row(cls, row: RowMapping | Mapping[str, Any]) -> Self:
        """Read it back from its row."""
        return cls(
            id=row["id"],
            kind=Verdict(row["kind"]),
            subjects=tuple(Subject.model_validate(item) for item in json.loads(row["subjects"])),
            changes=json.loads(row["changes"]),
            by=row["made_by"],
            note=row["note"],
            made_at=row["made_at"],
            revokes=row["revokes"],
            recorded_at=row["recorded_at"],
        )


def _plain(subjects: Iterable[Subject]) -> list[dict[str, Any]]:
    """Return subjects as plain data; hashes that they do not bear are left out."""
    hashes = ("bytes_sha256", "text_sha256")
    dumped = [subject.model_dump(mode="json") for subject in subjects]
    return [
        {key: value for key, value in fields.items() if value is not None or key not in hashes}
        for fields in dumped
    ]


def check(kind: Verdict, groups: Sequence[Sequence[str]], changes: Mapping[str, Any]) -> None:
    """Refuse a judgement that makes no sense of these groups of statements. Raises UsageError."""
    count = sum(map(len, groups))
    distinct = {name for group in groups for name in group}
    if kind in (Verdict.SAME, Verdict.DIFFERENT) and (len(groups) < 2 or len(distinct) < count):
        raise UsageError(
            f"'{kind}' compares at least two different statements or commitments",
            mend="Give two ids",
        )
    if not count:
        raise UsageError(f"'{kind}' needs a statement or a commitment", mend="Give its id")
    if kind is Verdict.ADDED:
        if count != 1 or not changes:
            raise UsageError("'added' is one statement with its fields", mend="Give its fields")
        return
    if kind is not Verdict.CORRECTED:
        if changes:
            raise UsageError(f"'{kind}' changes no field", mend="Use 'corrected' to change one")
        return
    if count != 1 or not changes:
        raise UsageError(
            "'corrected' takes one statement and the fields to change",
            mend="Give one statement's id and changes such as quantity",
        )


def corrected(statement: Statement, changes: Mapping[str, Any]) -> Statement:
    """Return the statement with some fields as a person put them right.

    Raises UsageError for a field that may not be changed or a value that the coding book refuses.
    """
    fixed = {"evidence", "grounds", "rule", "score"}
    allowed = [name for name in Statement.model_fields if name not in fixed]
    unknown = sorted(set(changes) - set(allowed))
    if unknown:
        raise UsageError(
            f"the field {unknown[0]!r} cannot be corrected", mend=f"One of: {', '.join(allowed)}"
        )
    try:
        return Statement.model_validate(statement.model_dump() | dict(changes))
    except ValidationError as error:
        raise refused("the correction", error) from error


def refused(what: str, error: ValidationError) -> UsageError:
    """Return the error for fields that the coding book does not allow."""
    fault = error.errors(include_url=False)[0]
    field = ".".join(map(str, fault["loc"]))
    return UsageError(
        f"{what} breaks the coding book: {f'{field}: ' if field else ''}{fault['msg']}",
        mend="Correct the values",
    )


def in_force(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return the judgements that were not taken back, in the order in which they were made.

    To take back a revocation is to restore what it revoked.
    """
    against: dict[str, list[str]] = defaultdict(list)
    for judgement in judgements:
        if judgement.revokes is not None:
            against[judgement.revokes].append(judgement.id)
    holds: dict[str, bool] = {}
    for name in list(against):
        waiting = [name]
        while waiting:
            one = waiting[-1]
            unsettled = [other for other in against.get(one, ()) if other not in holds]
            if one not in holds and unsettled:
                # Until its own revocations are settled; the value stands in a circle, if any.
                holds[one] = False
                waiting += unsettled
            else:
                waiting.pop()
                holds[one] = not any(holds[other] for other in against.get(one, ()))
    return [
        judgement
        for judgement in judgements
        if judgement.revokes is None and holds.get(judgement.id, True)
    ]


class Attachment:
    """The statements, as they count now, on which judgements stand."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_id: dict[str, Entry] = {}
        self._by_document: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._by_id[entry.id] = entry
            self._by_document[entry.document].append(entry)

    def find(self, subject: Subject) -> Entry | None:
        """Return the statement itself, or the one that now stands on the same words."""
        if subject.is_whole:
            return None
        if subject.statement in self._by_id:
            return self._by_id[subject.statement]
        best: tuple[int, int, int, str] | None = None
        found: Entry | None = None
        for entry in self._by_document.get(subject.document, ()):
            key = _closeness(subject, entry)
            if key is not None and (best is None or key < best):
                best, found = key, entry
        return found

    def groups(self, judgement: Judgement) -> list[list[str]]:
        """Return the ids of the statements that each group stands on; none where too few are left.

        A group that lost some of its statements stands on the others.
        """
        groups: dict[int, list[str]] = {}
        for subject in judgement.subjects:
            found = self.find(subject)
            if found is not None and found.id not in groups.setdefault(subject.group, []):
                groups[subject.group].append(found.id)
        left = [group for group in groups.values() if group]
        compares = judgement.kind in (Verdict.SAME, Verdict.DIFFERENT)
        if compares and (len(left) < 2 or len({one for group in left for one in group}) < 2):
            return []
        return left

    def missing(self, judgement: Judgement) -> int:
        """Count the statements that it was made of and that are not there."""
        return sum(
            not subject.is_whole and self.find(subject) is None for subject in judgement.subjects
        )


def _closeness(subject: Subject, entry: Entry) -> tuple[int, int, int, str] | None:
    statement = entry.statement
    overlap = min(subject.end, statement.evidence.end) - max(
        subject.start, statement.evidence.start
    )
    same = statement.kind is subject.kind and statement.item.category is subject.category
    if overlap <= 0 or not same:
        return None
    other_name = int(statement.item.designation != subject.designation)
    return other_name, -overlap, statement.evidence.start, entry.id
