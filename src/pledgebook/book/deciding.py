"""What people decide of a book: judgements, codings, what is hidden, who may do what."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from pledgebook.book.opened import Opened
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.access.gate import Gate
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.lookup import Lookup
from pledgebook.ledger.moments import who as _who

if TYPE_CHECKING:
    from pledgebook.exchange.judgement_files import JudgementImport
    from pledgebook.ledger.coding.desk import CodingDesk, Signed

__all__ = ["Deciding"]


class Deciding(Opened):
    """All that people decide."""

    def judge(
        self,
        kind: Verdict | str,
        *ids: str,
        by: str | None = None,
        note: str = "",
        changes: Mapping[str, Any] | None = None,
    ) -> Judgement:
        """Record what a person decided of statements or commitments; it outranks the machine.

        `kind` is "same", "different", "wrong", "accepted" or "corrected" (with `changes`, field
        to value). Raises UsageError, NotFoundError.
        """
        try:
            verdict = Verdict(kind)
        except ValueError as error:
            kinds = ", ".join(Verdict)
            raise UsageError(f"{kind!r} is no judgement", mend=f"One of: {kinds}") from error
        groups = Lookup(self.ledger(), self.store).groups(ids)
        judgement = Judgement.make(
            verdict, groups, by=_who(by), note=note, made_at=self.store.clock(), changes=changes
        )
        self.store.judge(judgement)
        return judgement

    def add_statement(
        self, document: str, start: int, end: int, fields: Mapping[str, Any], **who: Unpack[Signed]
    ) -> Judgement:
        """Add what the machine missed: `fields` as `text[start:end]` shows them; `by`, `note`.

        Raises UsageError: no such piece of text, or fields that the coding book refuses.
        """
        return self.coding.add(document, start, end, fields, **who)

    @functools.cached_property
    def coding(self) -> CodingDesk:
        """Documents as people coded them, what to read next, and how far two people agree."""
        from pledgebook.ledger.coding.desk import CodingDesk

        return CodingDesk(self.store, self.ledger, self.store.clock)

    def revoke(self, prefix: str, *, by: str | None = None, note: str = "") -> Judgement:
        """Take a judgement back: the ledger is as if it had never been made."""
        found = Lookup(self.ledger(), self.store).find(prefix)
        if not isinstance(found, Judgement):
            raise UsageError(f"{prefix} is no judgement", mend="Give an id that begins with j")
        revocation = found.revocation(by=_who(by), note=note, made_at=self.store.clock())
        self.store.judge(revocation)
        return revocation

    def judgements(self) -> list[Judgement]:
        """Return all judgements and revocations, in the order in which they were made."""
        return self.store.judgements()

    def export_judgements(self, path: str | Path, *, force: bool = False) -> int:
        """Write all judgements to a file of JSON lines, "-" for standard output; return how many.

        `force` replaces a file that is there. Raises UsageError where it cannot be written.
        """
        from pledgebook.exchange.judgement_files import export_judgements

        return export_judgements(self.store, Path(path), force=force)

    def import_judgements(self, path: str | Path) -> JudgementImport:
        """Bring in judgements from another book that holds the same documents; twice is once.

        Raises SourceError, BookError; faults of single lines are in the result.
        """
        from pledgebook.exchange.judgement_files import import_judgements

        return import_judgements(self.store, self.ledger, Path(path))

    def withdraw(self, prefix: str, *, by: str | None = None, note: str = "") -> None:
        """Hide a document and all that was read from it; `restore` shows it again."""
        self.store.withdraw(self._document(prefix), by=_who(by), note=note)

    def restore(self, prefix: str, *, by: str | None = None, note: str = "") -> None:
        """Show a withdrawn document again."""
        self.store.withdraw(self._document(prefix), by=_who(by), note=note, hidden=False)

    def purge(self, prefix: str, *, by: str | None = None, note: str = "") -> None:
        """Erase the text of a document for ever; a tombstone with its hashes stays."""
        self.store.purge(self._document(prefix), by=_who(by), note=note)

    def _document(self, prefix: str) -> str:
        found = Lookup(self.ledger(), self.store).find(prefix)
        if not isinstance(found, str):
            raise NotFoundError(f"{prefix} is no document", mend="Give an id that begins with d")
        return found

    @functools.cached_property
    def gate(self) -> Gate:
        """Who may come in, as whom: persons, sessions, tokens and the audit log."""
        return Gate(self.store.database, clock=self._clock)
