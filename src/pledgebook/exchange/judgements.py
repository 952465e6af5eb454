"""Judgements as lines of JSON: out of one book, into another that holds the same documents.

A line is one judgement, or the taking back of one, with its id and its time. It says where its
statements stand by the hashes of their document, the span, the kind and the item, so that it finds
them in any book that holds the same bytes or the same text. It quotes them for whoever reads the
file; the quotation is checked against the document, and not stored.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from pledgebook.errors import Problem, UsageError
from pledgebook.ledger.coding.additions import is_sound
from pledgebook.ledger.judgements import Judgement, Subject, Verdict, check, corrected
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category, Evidence, Item, Kind, Statement

__all__ = ["JudgementLine", "judgement_lines", "read_judgement_lines", "take_judgements"]

_QUOTED = ("shown", "superseded")
_CHUNK = 200
_ANOTHER = "Give a file that `pledgebook judge export` wrote; judgements in other lines were taken"

_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_JudgementId = Annotated[str, Field(pattern=r"^j[0-9a-f]{20}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _DocumentOf(_Strict):
    """The document that a statement stands in: its hashes, and what it is called."""

    id: str = Field(pattern=r"^d[0-9a-f]{20}$")
    bytes_sha256: _Hash | None = None
    text_sha256: _Hash | None = None
    title: str | None = None
    date: dt.date | None = None
    url: str | None = None


class _SubjectLine(_Strict):
    """A statement that a judgement is about; those of one `group` were named together.

    A whole document has no statement, kind or category.
    """

    statement: str = Field(default="", pattern=r"^(s[0-9a-f]{20})?$")
    group: int = Field(default=0, ge=0)
    document: _DocumentOf
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    kind: Kind | None = None
    category: Category | None = None
    designation: str | None = None
    quote: str | None = None

    def subject(self) -> Subject:
        """Return it as the book keeps it: without the quotation, which is the document's."""
        return Subject(
            statement=self.statement,
            document=self.document.id,
            start=self.start,
            end=self.end,
            kind=self.kind,
            category=self.category,
            designation=self.designation,
            group=self.group,
            bytes_sha256=self.document.bytes_sha256,
            text_sha256=self.document.text_sha256,
        )


class JudgementLine(_Strict):
    """One line of a file of judgements."""

    pledgebook_judgement: Literal[1]
    id: _JudgementId
    kind: Verdict
    revokes: _JudgementId | None = None
    by: str
    note: str = ""
    made_at: AwareDatetime
    changes: dict[str, Any] = {}
    subjects: tuple[_SubjectLine, ...] = Field(min_length=1)

    @classmethod
    def of(cls, judgement: Judgement, documents: Mapping[str, StoredDocument]) -> Self:
        """Return a judgement with what its documents are; those not there have what it knows."""
        return cls(
            pledgebook_judgement=1,
            id=judgement.id,
            kind=judgement.kind,
            revokes=judgement.revokes,
            by=judgement.by,
            note=judgement.note,
            made_at=judgement.made_at,
            changes=judgement.changes,
            subjects=tuple(
                _subject_line(subject, documents.get(subject.document))
                for subject in judgement.subjects
            ),
        )

    def judgement(self) -> Judgement:
        """Return it as the book keeps it. Raises UsageError where it makes no sense."""
        groups: dict[int, list[str]] = defaultdict(list)
        for subject in self.subjects:
            groups[subject.group].append(subject.statement)
            if subject.end <= subject.start:
                raise UsageError(
                    f"the span from {subject.start} to {subject.end} holds nothing",
                    mend="Export the judgements again",
                )
            has = {bool(subject.statement), subject.kind is not None, subject.category is not None}
            if len(has) > 1:
                raise UsageError(
                    "a statement has a kind and a category, a whole document has neither",
                    mend="Export the judgements again",
                )
            if not subject.statement and self.kind is not Verdict.CODED:
                raise UsageError(
                    f"'{self.kind}' is about statements", mend="Export the judgements again"
                )
        check(self.kind, list(groups.values()), self.changes)
        if self.changes:
            corrected(_ANY, self.changes)
        made = self._made()
        if self.kind is Verdict.ADDED and not is_sound(made):
            raise UsageError(
                "the statement that it adds is not the one that it names",
                mend="Export the judgements again",
            )
        return made

    def _made(self) -> Judgement:
        return Judgement(
            id=self.id,
            kind=self.kind,
            subjects=tuple(subject.subject() for subject in self.subjects),
            changes=self.changes,
            by=self.by,
            note=self.note,
            made_at=self.made_at.astimezone(dt.UTC),
            revokes=self.revokes,
        )


_ANY = Statement(
    kind=Kind.PLEDGE,
    actors=(),
    item=Item(category=Category.OTHER),
    evidence=Evidence(document="", start=0, end=1, quote="."),
)
"""Corrections replace whole fields, so that any statement shows whether they are in order."""


def _subject_line(subject: Subject, document: StoredDocument | None) -> _SubjectLine:
    about = _DocumentOf(
        id=subject.document,
        bytes_sha256=document.bytes_sha256 if document else subject.bytes_sha256,
        text_sha256=document.text_sha256 if document else subject.text_sha256,
        title=document.title if document else None,
        date=document.date if document else None,
        url=document.url if document else None,
    )
    # What was hidden or erased is not quoted.
    text = document.text if document and document.state in _QUOTED and subject.statement else ""
    anchor = subject.model_dump(exclude={"document", "bytes_sha256", "text_sha256"})
    return _SubjectLine(**anchor, document=about, quote=text[subject.start : subject.end] or None)


def judgement_lines(store: Store) -> Iterator[str]:
    """Yield all judgements and revocations of a book as lines, in the order of their making."""
    found = store.judgements()
    for start in range(0, len(found), _CHUNK):
        some = found[start : start + _CHUNK]
        names = sorted({subject.document for one in some for subject in one.subjects})
        documents = store.texts(names)
        for judgement in some:
            line = JudgementLine.of(judgement, documents).model_dump(mode="json", exclude_none=True)
            line["changes"] = judgement.changes
            yield json.dumps(line, ensure_ascii=False) + "\n"


def read_judgement_lines(
    lines: Iterable[bytes], source: str
) -> Iterator[tuple[int, JudgementLine] | Problem]:
    """Read lines; a bad one is a problem with its number, and the others go on."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line.decode("utf-8-sig"))
            if isinstance(found, dict) and "pledgebook_judgement" not in found:
                yield _bad(source, number, "is no judgement", _ANOTHER)
                continue
            yield number, JudgementLine.model_validate(found)
        except ValidationError as error:
            yield _bad(source, number, _first_fault(error))
        except (ValueError, RecursionError):
            yield _bad(source, number, "is no line of JSON")


def take_judgements(
    store: Store, lines: Iterable[bytes], source: str
) -> tuple[list[Judgement], int, list[Problem]]:
    """Bring lines into a book; what is there already changes nothing.

    Returns the judgements that were new, how many were there already, and every problem. Raises
    BookError where the book cannot be written.
    """
    problems: list[Problem] = []
    read: list[tuple[int, JudgementLine]] = []
    for found in read_judgement_lines(lines, source):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            read.append(found)
    texts = _texts(store, [line for _, line in read])
    known = {one.id: one for one in store.judgements()}
    wanted: dict[str, tuple[int, Judgement]] = {}
    unchanged = 0
    for number, line in read:
        try:
            judgement = line.judgement()
        except UsageError as error:
            problems.append(_bad(source, number, error.what, error.mend))
            continue
        other = known.get(judgement.id) or wanted.get(judgement.id, (0, None))[1]
        if other is not None and _content(other) != _content(judgement):
            what = f"another judgement with the id {judgement.id} is there already"
            mend = "Keep the one that is right; the line was left out"
            problems.append(_bad(source, number, what, mend, code="judgement-conflict"))
        elif not _quotes_hold(line, texts):
            what = "the words that it quotes do not stand at that place of the document"
            problems.append(_bad(source, number, what, "Export the judgements again"))
        elif judgement.id != judgement.proper_id:
            what = "its id is not that of what it says: the line was changed since it was exported"
            problems.append(_bad(source, number, what, "Judge anew in place of changing a line"))
        elif other is None:
            wanted[judgement.id] = (number, judgement)
        else:
            unchanged += 1
    ordered, orphans = _in_order(wanted, set(known))
    for number, judgement in orphans:
        what = f"it takes back {judgement.revokes}, which is neither in the book nor in the file"
        problems.append(_bad(source, number, what, "Import that judgement too"))
    stored = set(store.take(ordered))
    new = [judgement for judgement in ordered if judgement.id in stored]
    # Another writer may have brought some of them in since.
    return new, unchanged + len(ordered) - len(new), problems


def _content(judgement: Judgement) -> dict[str, Any]:
    """Return what makes a judgement what it is, wherever it is kept."""
    subjects = [
        subject.model_dump(exclude={"bytes_sha256", "text_sha256"})
        for subject in judgement.subjects
    ]
    return judgement.model_dump(exclude={"recorded_at", "subjects"}) | {"subjects": subjects}


def _in_order(
    wanted: Mapping[str, tuple[int, Judgement]], known: set[str]
) -> tuple[list[Judgement], list[tuple[int, Judgement]]]:
    """Put judgements by time, each after what it revokes; and those that revoke nothing known."""
    waiting = sorted(wanted.values(), key=lambda pair: (pair[1].made_at, pair[1].id))
    ordered: list[Judgement] = []
    there = set(known)
    while True:
        ready = [one for _, one in waiting if one.revokes is None or one.revokes in there]
        if not ready:
            return ordered, waiting
        ordered += ready
        there.update(one.id for one in ready)
        waiting = [pair for pair in waiting if pair[1].id not in there]


def _texts(store: Store, lines: Sequence[JudgementLine]) -> dict[str, str]:
    """Return the texts of the documents named that the book holds."""
    names = sorted({subject.document.id for line in lines for subject in line.subjects})
    found: dict[str, str] = {}
    for start in range(0, len(names), _CHUNK):
        some = store.texts(names[start : start + _CHUNK])
        found |= {name: document.text for name, document in some.items() if document.text}
    return found


def _quotes_hold(line: JudgementLine, texts: Mapping[str, str]) -> bool:
    for subject in line.subjects:
        text = texts.get(subject.document.id)
        if text is None:
            continue
        if subject.end > len(text):
            return False
        if subject.quote is not None and text[subject.start : subject.end] != subject.quote:
            return False
    return True


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in fault["loc"])
    return f"{field}: {fault['msg']}" if field else str(fault["msg"])


def _bad(
    source: str,
    number: int,
    what: str,
    mend: str | None = None,
    code: str = "bad-judgement",
) -> Problem:
    return Problem(
        code=code,
        what=what,
        source=source,
        place=f"line {number}",
        mend=mend or "Mend the line or export the judgements again; the others were taken",
    )
