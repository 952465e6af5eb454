"""Recording what was decided at the joining desk: same, different, split, taken back."""

from __future__ import annotations

from collections.abc import Collection

from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry

__all__ = ["decide_pair", "split"]


def decide_pair(
    book: Book, ledger: Ledger, kind: str, one: Commitment, other: Commitment, by: str, note: str
) -> Judgement:
    """Record that two commitments are the same undertaking, or different ones."""
    if kind not in (Verdict.SAME, Verdict.DIFFERENT):
        raise UsageError(f"{kind!r} is no answer here", mend="Say same or different")
    groups = [[ledger.entries[name] for name in held.statements] for held in (one, other)]
    return _recorded(book, Verdict(kind), groups, by, note)


def split(
    book: Book, ledger: Ledger, commitment: Commitment, apart: Collection[str], by: str, note: str
) -> Judgement:
    """Record that some statements of a commitment speak of another undertaking than the rest.

    Raises UsageError where these are none of its statements, or all of them.
    """
    chosen = [name for name in commitment.statements if name in apart]
    rest = [name for name in commitment.statements if name not in apart]
    if not chosen or len(chosen) != len(set(apart)):
        raise UsageError("no statement of this commitment is chosen", mend="Tick those to part")
    if not rest:
        raise UsageError(
            "all statements are chosen: nothing is left to part them from",
            mend="Leave at least one",
        )
    groups = [[ledger.entries[name] for name in names] for names in (rest, chosen)]
    return _recorded(book, Verdict.DIFFERENT, groups, by, note)


def _recorded(
    book: Book, kind: Verdict, groups: list[list[Entry]], by: str, note: str
) -> Judgement:
    judgement = Judgement.make(kind, groups, by=by, note=note, made_at=book.store.clock())
    book.store.judge(judgement)
    return judgement
