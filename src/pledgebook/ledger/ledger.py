"""The ledger: a pure function of statements, judgements and a day.

The same statements and judgements give the same ledger, in whatever order they were read.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pledgebook.ledger.admitting import admit
from pledgebook.ledger.cases import FAMILIES, ItemTree
from pledgebook.ledger.checks import build_checks
from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.decisions import Decisions, decide
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.reconcile import reconcile
from pledgebook.ledger.records import Entry
from pledgebook.ledger.undertakings import later_refusals, settle


@dataclass(frozen=True, slots=True)
class Observation:
    """A stock level, an output or a use at a time, as one statement reports it."""

    entry: Entry

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.entry.id


@dataclass(frozen=True)
class Ledger:
    """Commitments, observations and checks on a day, with what people decided."""

    today: dt.date
    entries: Mapping[str, Entry]
    commitments: tuple[Commitment, ...]
    observations: tuple[Observation, ...]
    checks: tuple[Check, ...]
    decisions: Decisions
    home: Mapping[str, str]
    """The commitment of each statement."""
    refusals: Mapping[str, tuple[Commitment, ...]]
    """For each promise, the refusals by the same party, of the same item, that came after it."""
    requests: Mapping[str, tuple[Commitment, ...]] = field(default_factory=dict)
    """For each promise and refusal, the requests that it answers."""

    @functools.cached_property
    def by_id(self) -> Mapping[str, Commitment]:
        """The commitments by their ids."""
        return {one.id: one for one in self.commitments}


def build_ledger(
    entries: Iterable[Entry],
    judgements: Sequence[Judgement] = (),
    *,
    today: dt.date,
    tree: ItemTree | None = None,
    packages: Mapping[str, str] | None = None,
) -> Ledger:
    """Make the ledger of a day. `judgements` come in the order in which they were made.

    `packages` names, by document, the package that a data set puts an imported row in.
    """
    found = sorted(entries, key=lambda entry: entry.order)
    found, decisions = admit(*decide(found, judgements))
    groups = reconcile(found, tree, same=decisions.same, different=decisions.different)
    commitments, answers = settle(
        groups, today, tree, different=decisions.different, packages=packages
    )
    checks = tuple(build_checks(groups, commitments))
    home = {
        statement: commitment.id
        for commitment in commitments
        for statement in commitment.statements
    }
    return Ledger(
        today=today,
        entries={entry.id: entry for entry in found},
        commitments=commitments,
        observations=tuple(
            Observation(entry) for entry in found if entry.statement.kind not in FAMILIES
        ),
        checks=checks,
        decisions=decisions,
        home=home,
        refusals=later_refusals(commitments, answers),
        requests={
            commitments[number].id: tuple(commitments[at] for at in asked)
            for number, asked in answers.requests.items()
        },
    )
