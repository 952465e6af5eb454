"""What a person should check next: documents and statements, what matters most first.

The order follows from the book and the person alone. What stands out is found once for a ledger;
what people did since is taken in each time, and only for the documents that they touched.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from pledgebook.ledger.coding.disputes import disputes
from pledgebook.ledger.coding.readers import Differing
from pledgebook.ledger.coding.reasons import Reason, Why, reasons_of
from pledgebook.ledger.coding.weights import Weighing, load_weighing
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger

__all__ = ["Queue", "QueuedDocument", "QueuedDocuments", "QueuedStatement", "Ranking"]

_JUDGED = frozenset({Verdict.ACCEPTED, Verdict.CORRECTED, Verdict.WRONG, Verdict.ADDED})
_Key = tuple[float, int, str]
"""What puts documents in order: the weight, the newest first, and the id, which is the last."""
_MANY = 1_000
"""Of so many documents that moved, the order is made anew."""


@dataclass(frozen=True, slots=True)
class QueuedStatement:
    """A statement that stands out, and why, the heaviest reason first."""

    id: str
    document: str
    weight: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class QueuedDocument:
    """A document that a person is not done with.

    `read` counts its statements in the ledger, `left` those that the person has not judged;
    `statements` are those of them that stand out, the heaviest first. `reasons` are about the
    document itself. The weight is that of the heaviest statement with those of the document's own.
    """

    document: str
    counted: dt.date
    weight: float
    read: int
    left: int
    reasons: tuple[Reason, ...] = ()
    statements: tuple[QueuedStatement, ...] = ()

    @property
    def why(self) -> str:
        """Why it stands at its place, in plain words."""
        first = [reason.says for reason in (*self.reasons, *_first(self.statements))]
        if first:
            more = len(self.statements) - 1
            return "; ".join(first) + (f"; and {more} more to check" if more > 0 else "")
        if not self.read:
            return "nothing was read in it: is there anything?"
        return "nothing stands out" if self.left else "all of it is judged; say that you are done"


def _first(statements: Sequence[QueuedStatement]) -> tuple[Reason, ...]:
    return statements[0].reasons if statements else ()


class QueuedDocuments(Sequence[QueuedDocument]):
    """Documents in their order. Those in which nothing stands out are made when asked for."""

    def __init__(
        self,
        keys: Sequence[_Key],
        noted: Mapping[str, QueuedDocument],
        plain: Callable[[str], QueuedDocument],
    ) -> None:
        self._keys = keys
        self._noted = noted
        self._plain = plain

    @overload
    def __getitem__(self, index: int) -> QueuedDocument: ...

    @overload
    def __getitem__(self, index: slice) -> list[QueuedDocument]: ...

    def __getitem__(self, index: int | slice) -> QueuedDocument | list[QueuedDocument]:
        if isinstance(index, slice):
            return [self._made(key) for key in self._keys[index]]
        return self._made(self._keys[index])

    def __len__(self) -> int:
        return len(self._keys)

    def _made(self, key: _Key) -> QueuedDocument:
        name = key[2]
        return self._noted.get(name) or self._plain(name)

    def noted(self) -> list[QueuedDocument]:
        """Return those that differ from the others, in their order."""
        return [self._noted[key[2]] for key in self._keys if key[2] in self._noted]


@dataclass(frozen=True, slots=True)
class Queue:
    """What a person is not done with, what matters most first; `finished` counts the rest."""

    by: str
    documents: QueuedDocuments
    finished: int

    def statements(self) -> list[QueuedStatement]:
        """Return the statements that stand out, of all documents, the heaviest first."""
        every = [one for document in self.documents.noted() for one in document.statements]
        return sorted(every, key=_weight)


def _weight(one: QueuedStatement) -> tuple[float, str, str]:
    return -one.weight, one.document, one.id


def _order(one: QueuedDocument) -> _Key:
    return -one.weight, -one.counted.toordinal(), one.document


class Ranking:
    """All documents in the order in which somebody who has judged nothing would take them.

    `shown` are the documents that count, each with its day; `differing` those that machines read
    differently.
    """

    def __init__(
        self,
        ledger: Ledger,
        shown: Mapping[str, dt.date],
        differing: Mapping[str, Differing],
        weighing: Weighing | None = None,
    ) -> None:
        self._rules = weighing or load_weighing()
        self._shown = shown
        self._reasons = reasons_of(ledger, self._rules)
        self._own: dict[str, tuple[Reason, ...]] = {}
        self._take(differing)
        self._statements: dict[str, list[str]] = defaultdict(list)
        self._noted: dict[str, list[str]] = defaultdict(list)
        for name, entry in ledger.entries.items():
            self._statements[entry.document].append(name)
            if name in self._reasons:
                self._noted[entry.document].append(name)
        self._made = {
            name: self._plain(name) for name in {*self._noted, *self._own} if name in shown
        }
        self._keys = sorted(map(self._key, shown))

    def _plain(self, name: str) -> QueuedDocument:
        return self._document(name, frozenset(), {})

    def _take(self, differing: Mapping[str, Differing]) -> None:
        weight = self._rules.weights.readers
        for document, one in differing.items():
            for name in one.alone:
                reason = Reason(Why.READERS, "another coder does not read it so", weight)
                self._reasons[name] = [reason, *self._reasons.get(name, [])]
            if one.missing:
                said = " and ".join(f"{count} more by {by}" for by, count in one.missing.items())
                reason = Reason(Why.READERS, f"coders read it differently: {said}", weight)
                self._own[document] = (reason,)

    def queue(
        self, by: str, judgements: Mapping[str, Sequence[Judgement]], *, blind: bool = False
    ) -> Queue:
        """Return the queue of a person.

        `judgements` are those in force, by document. A blind person is not told where others
        decided differently.
        """
        done: set[str] = set()
        changed: dict[str, QueuedDocument] = {}
        for name, some in judgements.items():
            if name not in self._shown:
                continue
            own = [one for one in some if one.by == by]
            if any(_is_done(one, name) for one in own):
                done.add(name)
                continue
            told = {} if blind else self._disputed(name, some)
            if own or told:
                changed[name] = self._document(name, _judged(own, name), told)
        keys = self._without(done | changed.keys())
        for one in changed.values():
            insort(keys, _order(one))
        documents = QueuedDocuments(keys, {**self._made, **changed}, self._plain)
        return Queue(by, documents, len(done))

    def _without(self, moved: Collection[str]) -> list[_Key]:
        """Return the order without some documents."""
        if len(moved) > _MANY:
            return [key for key in self._keys if key[2] not in moved]
        keys = self._keys.copy()
        for name in moved:
            del keys[bisect_left(keys, self._key(name))]
        return keys

    def _key(self, name: str) -> _Key:
        """Return the place in the order of a document of which nothing is judged."""
        made = self._made.get(name)
        return (0.0, -self._shown[name].toordinal(), name) if made is None else _order(made)

    def _disputed(self, document: str, judgements: Iterable[Judgement]) -> dict[str, Reason]:
        weight = self._rules.weights.coders
        return {
            one.statement: Reason(
                Why.CODERS, f"{' and '.join(one.people)} decided differently", weight
            )
            for one in disputes(document, judgements)
        }

    def _document(
        self, name: str, judged: frozenset[str], disputed: Mapping[str, Reason]
    ) -> QueuedDocument:
        read = self._statements.get(name, ())
        found = []
        for one in dict.fromkeys([*self._noted.get(name, ()), *disputed]):
            if one in judged:
                continue
            reasons = [*self._reasons.get(one, ())]
            if one in disputed:
                reasons.insert(0, disputed[one])
            weight = sum(reason.weight for reason in reasons)
            found.append(QueuedStatement(one, name, weight, tuple(reasons)))
        found.sort(key=_weight)
        own = self._own.get(name, ())
        weight = sum(reason.weight for reason in own) + (found[0].weight if found else 0.0)
        left = sum(one not in judged for one in read) if judged else len(read)
        return QueuedDocument(name, self._shown[name], weight, len(read), left, own, tuple(found))


def _is_done(judgement: Judgement, document: str) -> bool:
    return judgement.kind is Verdict.CODED and any(
        subject.is_whole and subject.document == document for subject in judgement.subjects
    )


def _judged(own: Iterable[Judgement], document: str) -> frozenset[str]:
    return frozenset(
        subject.statement
        for one in own
        if one.kind in _JUDGED
        for subject in one.subjects
        if subject.document == document
    )
