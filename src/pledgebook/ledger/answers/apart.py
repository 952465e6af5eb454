"""What a person keeps apart, and a third report would join again: noted for whoever checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pledgebook.ledger.answers.findings import Finding
from pledgebook.ledger.bridges import bridges
from pledgebook.ledger.cases import ItemTree
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.consequences import bridge_line
from pledgebook.ledger.ledger import Ledger

__all__ = ["apart_findings"]


def apart_findings(
    ledger: Ledger, commitments: Sequence[Commitment], tree: ItemTree | None = None
) -> Iterator[Finding]:
    """Yield a note for each two commitments that would join, but for a judgement, through others.

    Two that would be joined by themselves are what the judgement is about, and not told.
    """
    for bridge in bridges(ledger, tree, of={one.id for one in commitments}):
        if not bridge.direct:
            yield Finding(
                "note",
                "kept-apart",
                bridge_line(bridge, ledger),
                (*bridge.commitments, *bridge.through, *bridge.judgements),
                "Say with `pledgebook judge same` to which of the two the report belongs",
            )
