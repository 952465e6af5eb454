"""What one document shows of wholes and parts: a claim, and the statements that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pledgebook.ledger.cases import Case

__all__ = ["Claim", "Member", "Relation", "most_of"]


class Relation(StrEnum):
    """How a part lies within its whole: a package's item or fund, or money that pays for goods."""

    PACKAGE = "package"
    FUNDING = "funding"


@dataclass(frozen=True, slots=True)
class Claim:
    """That a statement's undertaking lies within another's; the stronger prevails."""

    whole: Case
    part: Case
    relation: Relation
    strength: int
    reason: str


@dataclass(frozen=True, slots=True)
class Member:
    """A statement in its document: where its words stand, and those that it was read under."""

    case: Case
    start: int
    end: int
    grounds: tuple[tuple[int, int], ...]
    quote: str

    @classmethod
    def of(cls, case: Case) -> Member:
        """Return a case with its place."""
        statement = case.entry.statement
        evidence = statement.evidence
        grounds = tuple((ground.start, ground.end) for ground in statement.grounds)
        return cls(case, evidence.start, evidence.end, grounds, evidence.quote)

    @property
    def order(self) -> tuple[int, int, str]:
        """The order of the text."""
        return self.start, self.end, self.case.id

    def gap(self, other: Member) -> int:
        """Return how far after this the other begins; negative before, 0 where they overlap."""
        if other.start < self.end and self.start < other.end:
            return 0
        return other.start - self.end if other.start >= self.end else other.end - self.start

    def stands_under(self, other: Member) -> bool:
        """Tell whether this was read under the words of the other: the head of a list."""
        return any(start < other.end and other.start < end for start, end in self.grounds)


def most_of(case: Case) -> float:
    """Return the most that a statement says of money, or the least where it is open above."""
    if case.money is None:
        return 0.0
    return case.money.floor if case.money.high is None else case.money.high
