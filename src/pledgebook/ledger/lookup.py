"""From an id, or the beginning of one, to what it names in a ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.answers.finding import find_groups
from pledgebook.ledger.answers.grouping import GroupRow
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.judgements import Attachment, Judgement, Subject
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry
from pledgebook.ledger.status import StatusRow, status_rows
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

Named = StatusRow | GroupRow | Commitment | Entry | Judgement | str
"""What an id names; a document is named by its full id."""

_ID = re.compile(r"[cdfjs][0-9a-f]{0,20}")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Lookup:
    """Opens ids in one ledger: f… figures, c… commitments, s… statements, d…, j…."""

    ledger: Ledger
    store: Store
    catalogue: Catalogue | None = None

    def find(self, prefix: str) -> Named:
        """Return what the id or unambiguous beginning of an id names.

        Raises NotFoundError where nothing has it, UsageError where several do.
        """
        text = prefix.strip().casefold()
        if not _ID.fullmatch(text):
            raise NotFoundError(
                f"{prefix!r} is no id",
                mend="An id is a letter (f, c, s, d, j) and digits, as status and why show it",
            )
        match text[0]:
            case "f":
                return self._figure(text)
            case "c":
                return self._commitment_or_total(text)
            case "s":
                return self.statement(text)
            case "d":
                return _one(text, self.store.ids(text))
            case _:
                name = _one(text, self.store.ids(text))
                return next(one for one in self.store.judgements() if one.id == name)

    def _figure(self, prefix: str) -> StatusRow | GroupRow:
        commitments = self.ledger.commitments
        rows: dict[str, StatusRow | GroupRow] = {row.id: row for row in status_rows(commitments)}
        if prefix not in rows:
            catalogue = self.catalogue or load_catalogue()
            rows |= find_groups(prefix, commitments, self.ledger.entries, catalogue)
        return rows[_one(prefix, rows)]

    def _commitment_or_total(self, prefix: str) -> Commitment | Entry:
        """Return a commitment by its id, or by one that it bore before a merge.

        A running total that stood alone until others were found is a check on their sum, and no
        commitment: its id of then opens the statement, which says what it covers.
        """
        whole = self.ledger.by_id.get(prefix)
        if whole is not None:
            return whole
        own = [one for one in self.ledger.commitments if one.id.startswith(prefix)]
        if len(own) == 1:
            return own[0]
        if own:
            _one(prefix, [one.id for one in own])
        entry = self.statement("s" + prefix[1:], named=prefix)
        home = self.ledger.home.get(entry.id)
        found = self.ledger.by_id.get(home or "")
        if found is not None:
            return found
        if any(check.statement == entry.id for check in self.ledger.checks):
            return entry
        raise NotFoundError(f"{prefix} is in no commitment", mend="See status for those here")

    def statement(self, prefix: str, named: str | None = None) -> Entry:
        """Return a statement that counts; an older reading's leads to the one in its place."""
        whole = self.ledger.entries.get(prefix)
        if whole is not None:
            # No id is the beginning of another: nothing has to be looked through.
            return whole
        known = [statement for statement in self.ledger.entries if statement.startswith(prefix)]
        if len(known) == 1:
            return self.ledger.entries[known[0]]
        name = _one(prefix, known or self.store.ids(prefix), named)
        old = self.store.old_entry(name)
        if old is not None:
            now = Attachment(self._as_read()).find(Subject.of(old, 0))
            if now is not None:
                return self.ledger.entries[now.id]
            rows = [one for one in self.store.row_entries(old.document) if one.id == old.id]
            if rows:
                return rows[0]
        raise NotFoundError(
            f"{named or name} no longer counts: its document was withdrawn, purged or read anew, "
            "it was judged wrong, or it lies after the day asked for"
        )

    def _as_read(self) -> list[Entry]:
        as_read = self.ledger.decisions.as_read
        return [as_read.get(entry.id, entry) for entry in self.ledger.entries.values()]

    def subjects(self, judgement: Judgement) -> list[Entry]:
        """Return the statements that a judgement is about, those no longer counted as they were."""
        decisions, entries = self.ledger.decisions, self.ledger.entries
        now = next((one for one in decisions.applied if one.id == judgement.id), judgement)
        attachment = Attachment(self._as_read())
        found = []
        for subject in now.subjects:
            entry = attachment.find(subject) or self.store.old_entry(subject.statement)
            if entry is not None:
                found.append(entries.get(entry.id, entry))
        return found

    def groups(self, ids: Iterable[str]) -> list[list[Entry]]:
        """Return the statements that each id stands for: one, or those of a commitment.

        They are as they were read, whatever was corrected: that is what a new reading gives again.
        """
        as_read = self.ledger.decisions.as_read
        found = []
        for name in ids:
            left_out = self._left_out(name)
            named = left_out or self.find(name)
            if isinstance(named, Entry):
                found.append([as_read.get(named.id, named)])
            elif isinstance(named, Commitment):
                entries = [self.ledger.entries[one] for one in named.statements]
                found.append([as_read.get(entry.id, entry) for entry in entries])
            else:
                raise UsageError(
                    f"{name} is neither a statement nor a commitment",
                    mend="Give ids that begin with s or c",
                )
        return found

    def _left_out(self, prefix: str) -> Entry | None:
        """Return a statement that somebody judged wrong: others may hold it right."""
        text = prefix.strip().casefold()
        out = self.ledger.decisions.left_out
        if text in out or text in self.ledger.entries:
            return out.get(text)
        if not any(one.startswith(text) for one in out):
            return None
        known = [one for one in (*self.ledger.entries, *out) if one.startswith(text)]
        return out.get(known[0]) if len(known) == 1 and _ID.fullmatch(text) else None


def _one(prefix: str, ids: Iterable[str], named: str | None = None) -> str:
    found: Sequence[str] = sorted(name for name in ids if name.startswith(prefix))
    if not found:
        raise NotFoundError(
            f"nothing in the book has the id {named or prefix}", mend="Copy one from status or why"
        )
    if len(found) > 1:
        shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
        raise UsageError(f"{prefix} begins {len(found)} ids: {shown}", mend="Give more of it")
    return found[0]
