"""Which statements came, went or changed between two ledgers, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pledgebook.ledger.judgements import Attachment, Subject, Verdict
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry, StoredDocument, content_of

__all__ = ["Cause", "Report", "Reports"]


class Cause(StrEnum):
    """Why a report counts that did not, counts no more, or says something else."""

    REPORTED = "reported"
    RESTORED = "restored"
    ADDED = "added by a person"
    UNADDED = "no longer added"
    REINSTATED = "no longer judged wrong"
    WRONG = "judged wrong"
    CORRECTED = "corrected"
    REREAD = "read anew"
    REDATED = "dated anew"
    WITHDRAWN = "withdrawn"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Report:
    """A statement before and after; None where it did not, or does not, count.

    `judgements` are the ids of those that brought about the change.
    """

    cause: Cause
    before: Entry | None
    after: Entry | None
    judgements: tuple[str, ...] = ()

    @property
    def entry(self) -> Entry:
        """The statement as it is now, or as it was."""
        entry = self.after or self.before
        assert entry is not None
        return entry


_HIDDEN = {
    "withdrawn": Cause.WITHDRAWN,
    "purged": Cause.PURGED,
    "superseded": Cause.REREAD,
}


class Reports:
    """Compares the statements of two ledgers.

    `then` and `now` are the documents of the book at the two times, by id.
    """

    def __init__(
        self,
        before: Ledger,
        after: Ledger,
        then: Mapping[str, StoredDocument],
        now: Mapping[str, StoredDocument],
    ) -> None:
        self._before = before
        self._after = after
        self._then = then
        self._now = now
        self._read_then = {entry.document for entry in before.entries.values()}
        self._read_now = {entry.document for entry in after.entries.values()}
        self._homes = _homes(then, now)
        self.counterpart = _counterparts(before, after, self._homes)
        """Of each statement that is in both ledgers, also as another reading has it: its id now."""
        self._origin = {new: old for old, new in self.counterpart.items()}

    def between(self, some: Sequence[str], others: Sequence[str]) -> Iterator[Report]:
        """Yield what came, went or changed between two lists of ids, in the order of the later."""
        for name in others:
            report = self._new_or_changed(name)
            if report is not None:
                yield report
        for name in some:
            if name not in self.counterpart:
                entry = self._before.entries[name]
                made = self._made(self._after, name, Verdict.WRONG)
                cause = self._why_gone(entry)
                if cause is Cause.UNADDED:
                    made = self._made(self._before, name, Verdict.ADDED)
                yield Report(cause, entry, None, made)

    def _new_or_changed(self, name: str) -> Report | None:
        entry = self._after.entries[name]
        origin = self._origin.get(name)
        if origin is None:
            made = self._made(self._before, name, Verdict.WRONG)
            cause = self._why_new(entry)
            if cause is Cause.ADDED:
                made = self._made(self._after, name, Verdict.ADDED)
            return Report(cause, None, entry, made)
        old = self._before.entries[origin]
        says_the_same = content_of(old.statement) == content_of(entry.statement)
        if says_the_same and old.counted == entry.counted:
            return None
        made = tuple(
            sorted(
                set(self._made(self._before, origin, Verdict.CORRECTED))
                ^ set(self._made(self._after, name, Verdict.CORRECTED))
            )
        )
        if made and not says_the_same:
            cause = Cause.CORRECTED
        elif says_the_same:
            cause = Cause.REDATED
        else:
            cause = Cause.REREAD
        return Report(cause, old, entry, made)

    def _why_new(self, entry: Entry) -> Cause:
        if entry.id in self._before.decisions.wrong:
            return Cause.REINSTATED
        if entry.added is not None and not _is_added(self._before, entry.id):
            return Cause.ADDED
        if entry.document in self._read_then or entry.document in self._homes.values():
            return Cause.REREAD
        then, now = self._then.get(entry.document), self._now.get(entry.document)
        if then is None or now is None:
            return Cause.REPORTED
        if then.state == "withdrawn":
            return Cause.RESTORED
        if then.counted != now.counted:
            return Cause.REDATED
        return Cause.REPORTED

    def _why_gone(self, entry: Entry) -> Cause:
        if entry.id in self._after.decisions.wrong:
            return Cause.WRONG
        if entry.added is not None and not _is_added(self._after, entry.id):
            return Cause.UNADDED
        if entry.document in self._read_now:
            return Cause.REREAD
        then, now = self._then.get(entry.document), self._now.get(entry.document)
        if now is not None and now.state in _HIDDEN:
            return _HIDDEN[now.state]
        if then is not None and now is not None and then.counted != now.counted:
            return Cause.REDATED
        return Cause.REREAD

    @staticmethod
    def _made(ledger: Ledger, name: str, kind: Verdict) -> tuple[str, ...]:
        wanted = ledger.decisions.by_statement.get(name, ())
        if not wanted:
            return ()
        return tuple(
            one.id for one in ledger.decisions.applied if one.id in wanted and one.kind is kind
        )


def _is_added(ledger: Ledger, name: str) -> bool:
    """Tell whether somebody's addition of a statement is known, whether or not it counts."""
    known = (*ledger.decisions.applied, *ledger.decisions.stranded)
    return any(one.kind is Verdict.ADDED and one.subjects[0].statement == name for one in known)


def _homes(then: Mapping[str, StoredDocument], now: Mapping[str, StoredDocument]) -> dict[str, str]:
    """Return, for documents that a newer extractor made again, the one that counts now."""
    shown = {one.bytes_sha256: one.id for one in now.values() if one.state == "shown"}
    return {
        name: shown[one.bytes_sha256]
        for name, one in now.items()
        if one.state == "superseded"
        and one.bytes_sha256 in shown
        and name in then
        and then[name].state == "shown"
    }


def _counterparts(before: Ledger, after: Ledger, homes: Mapping[str, str]) -> dict[str, str]:
    """Pair the statements of two ledgers: by id, else by the words that they stand on."""
    pairs = {name: name for name in before.entries if name in after.entries}
    fresh: dict[str, list[Entry]] = defaultdict(list)
    for name, entry in after.entries.items():
        if name not in pairs:
            fresh[entry.document].append(after.decisions.as_read.get(name, entry))
    for name, entry in before.entries.items():
        home = homes.get(entry.document, entry.document)
        near = fresh.get(home, [])
        if name in pairs or not near:
            continue
        as_read = before.decisions.as_read.get(name, entry)
        subject = Subject.of(as_read, 0).model_copy(update={"document": home})
        found = Attachment(near).find(subject)
        if found is not None:
            pairs[name] = found.id
            near.remove(found)
    return pairs
