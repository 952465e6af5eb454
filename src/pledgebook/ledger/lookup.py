"""From an id, or the beginning of one, to what it names in a ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.judgements import Attachment, Judgement, Subject
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry
from pledgebook.ledger.status import StatusRow, status_rows
from pledgebook.ledger.store import Store

Named = StatusRow | Commitment | Entry | Judgement | str
"""What an id names; a document is named by its full id."""

_ID = re.compile(r"[cdfjs][0-9a-f]{0,20}")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Lookup:
    """Opens ids in one ledger: f… figures, c… commitments, s… statements, d…, j…."""

    ledger: Ledger
    store: Store

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
                rows = {row.id: row for row in status_rows(self.ledger.commitments)}
                return rows[_one(text, rows)]
            case "c":
                return self.commitment(text)
            case "s":
                return self.statement(text)
            case "d":
                return _one(text, self.store.ids(text))
            case _:
                name = _one(text, self.store.ids(text))
                return next(one for one in self.store.judgements() if one.id == name)

    def commitment(self, prefix: str) -> Commitment:
        """Return a commitment by its id, or by one that it bore before a merge."""
        own = [one for one in self.ledger.commitments if one.id.startswith(prefix)]
        if len(own) == 1:
            return own[0]
        if own:
            _one(prefix, [one.id for one in own])
        entry = self.statement("s" + prefix[1:], named=prefix)
        home = self.ledger.home.get(entry.id)
        found = next((one for one in self.ledger.commitments if one.id == home), None)
        if found is None:
            raise NotFoundError(f"{prefix} is in no commitment", mend="See status for those here")
        return found

    def statement(self, prefix: str, named: str | None = None) -> Entry:
        """Return a statement that counts; an older reading's leads to the one in its place."""
        known = [statement for statement in self.ledger.entries if statement.startswith(prefix)]
        if len(known) == 1:
            return self.ledger.entries[known[0]]
        name = _one(prefix, known or self.store.ids(prefix), named)
        old = self.store.old_entry(name)
        if old is not None:
            now = Attachment(self.ledger.entries.values()).find(Subject.of(old, 0))
            if now is not None:
                return now
        raise NotFoundError(
            f"{named or name} no longer counts: its document was withdrawn, purged or read anew, "
            "it was judged wrong, or it lies after the day asked for"
        )

    def groups(self, ids: Iterable[str]) -> list[list[Entry]]:
        """Return the statements that each id stands for: one, or those of a commitment."""
        found = []
        for name in ids:
            named = self.find(name)
            if isinstance(named, Entry):
                found.append([named])
            elif isinstance(named, Commitment):
                found.append([self.ledger.entries[one] for one in named.statements])
            else:
                raise UsageError(
                    f"{name} is neither a statement nor a commitment",
                    mend="Give ids that begin with s or c",
                )
        return found


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
