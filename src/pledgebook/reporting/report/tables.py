"""What the tables of a report have in common: the stages, their tones, and what was left out."""

from __future__ import annotations

from pledgebook.ledger.stages import Stage
from pledgebook.reporting.report.figures import counted
from pledgebook.reporting.report.model import Line, Lines

__all__ = ["HEADS", "STAGES", "TONES", "more", "none"]

STAGES = {
    Stage.ASKED: "asked",
    Stage.PLEDGED: "pledged",
    Stage.ON_ORDER: "on order",
    Stage.DELIVERED: "delivered",
}
"""The stages that bear figures, and the tones of their pictures."""

TONES = {stage: name.replace(" ", "-") for stage, name in STAGES.items()}
HEADS = tuple(name.capitalize() for name in STAGES.values())


def more(count: int, noun: str, undertakings: int = 0) -> str:
    """Return how much has no room, in a sentence; empty where everything has."""
    if count <= 0:
        return ""
    with_ = f", with {counted(undertakings, 'undertaking')}," if undertakings else ""
    are = "is" if count == 1 else "are"
    return (
        f"And {counted(count, f'more {noun}')}{with_} that {are} not shown here, for want of room."
    )


def none(noun: str) -> Lines:
    """Return the sentence that stands where a table would be empty."""
    return Lines((Line(f"No {noun} is told of in what was asked for."),))
