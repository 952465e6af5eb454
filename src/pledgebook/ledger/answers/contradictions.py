"""All that reports of a ledger say against each other, in one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.stages import Stage

__all__ = ["Clash", "contradictions_of"]


@dataclass(frozen=True, slots=True)
class Clash:
    """Statements that cannot all be true, or a promise that was taken back.

    `kind` is `figures` where reports of one stage differ, `refused` where the same party promised
    and later refused. `statements` are the ids of the sentences, the one that prevails first.
    """

    kind: Literal["figures", "refused"]
    commitment: Commitment
    stage: Stage
    says: str
    statements: tuple[str, ...]
    other: str | None = None
    """The commitment that the refusal stands in."""


def contradictions_of(ledger: Ledger, commitments: Sequence[Commitment]) -> list[Clash]:
    """Return the contradictions of some commitments, the earliest commitment first."""
    found = []
    for one in commitments:
        found += [
            Clash("figures", one, clash.stage, clash.says, clash.statements)
            for clash in one.contradictions
        ]
        for refusal in ledger.refusals.get(one.id, ()):
            stage = Stage.PLEDGED if Stage.PLEDGED in one.stages else Stage.ON_ORDER
            told = refusal.stages[Stage.REFUSED].reports
            found.append(
                Clash(
                    "refused",
                    one,
                    stage,
                    f"refused, halted or put off on {refusal.last}, after it had been promised",
                    (*one.stages[stage].prevailing, *told),
                    refusal.id,
                )
            )
    return found
