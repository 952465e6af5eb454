"""What `why` shows of a commitment beside its statements: its history, its whole and its parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.wording import event_line, part_line, title

__all__ = ["Moment", "Relative", "correction_notes", "moments", "relatives"]

Known = Callable[[str], Commitment | None]
"""Finds the commitment with an id, if the ledger holds it."""


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Moment(_Plain):
    """One line of the time line: the day, what happened in words, and what it rests on.

    `commitment` is the undertaking that it befell; `statements` show it.
    """

    day: dt.date
    what: str
    says: str
    commitment: str
    statements: tuple[str, ...]


class Relative(_Plain):
    """A whole that a commitment is a part of, or a part of its own, with the reason in words."""

    role: Literal["whole", "part"]
    commitment: str
    says: str
    statements: tuple[str, str]


def moments(commitment: Commitment) -> tuple[Moment, ...]:
    """Return the time line of a commitment."""
    return tuple(
        Moment(
            day=event.day,
            what=event.what.value,
            says=event_line(event, commitment.id),
            commitment=event.commitment,
            statements=event.statements,
        )
        for event in commitment.history
    )


def relatives(commitment: Commitment, known: Known) -> tuple[Relative, ...]:
    """Return what a commitment is a part of, then its parts."""
    wholes = [
        Relative(
            role="whole",
            commitment=part.whole,
            says=part_line(part, of=known(part.whole)),
            statements=part.statements,
        )
        for part in commitment.wholes
    ]
    parts = []
    for part in commitment.parts:
        other = known(part.part)
        says = f"{title(other)} ({part.part})" if other else part.part
        parts.append(
            Relative(
                role="part",
                commitment=part.part,
                says=f"its part: {says}: {part.reason}",
                statements=part.statements,
            )
        )
    return (*wholes, *parts)


def correction_notes(commitment: Commitment) -> list[str]:
    """Return which figures took the place of others, and why; both are kept."""
    notes = []
    for one in commitment.corrections:
        unit = f" {one.unit}" if one.unit and one.unit != "item" else ""
        notes.append(
            f"{one.stage.replace('_', ' ')}: {one.now}{unit} takes the place of {one.was}{unit} "
            f"({one.superseded}): {one.reason} ({one.statement})"
        )
    return notes
