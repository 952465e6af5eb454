"""A running total that leaves its undertaking is never lost, whatever was judged of it."""

from __future__ import annotations

import numpy as np
import pytest

from making import Said, entries, report
from pledgebook.ledger import reconcile as room
from pledgebook.ledger.joining.join import Joined
from pledgebook.ledger.reconcile import reconcile
from pledgebook.vocabulary.statement import Scope


def test_the_first_statement_of_an_undertaking_may_leave_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It sums over others, but is judged different from them: it stands beside its own."""
    said = entries(
        [
            report(Said("Norway will send fifty", quantity=50), date="2023-01-01"),
            report(
                Said("Norway gave a hundred in all", quantity=100, scope=Scope.TOTAL),
                date="2023-01-10",
            ),
            report(Said("Norway will send eight", quantity=8), date="2023-01-12"),
        ]
    )
    fifty, hundred, eight = (entry.id for entry in said)
    nothing = np.empty(0, np.int32)
    doubts = (nothing, nothing, np.empty(0, np.float32))
    joined = Joined(np.array([0, 1, 1], np.int32), doubts)
    monkeypatch.setattr(room, "join", lambda *_, **__: joined)
    groups = reconcile(said, different=[(fifty, hundred)])
    assert [[case.id for case in group.cases] for group in groups] == [[fifty], [hundred], [eight]]
    assert all(not group.totals for group in groups)
    covered = reconcile(said)
    assert [[case.id for case in group.cases] for group in covered] == [[fifty], [eight]]
    assert [[case.id for case in group.totals] for group in covered] == [[hundred], []]
