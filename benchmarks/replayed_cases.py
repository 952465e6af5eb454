"""What was open on each day of a story, and what the story told of it later.

The forecast of an open commitment is held against the documents that follow. A window of days
counts only where the story goes on to its end: a story that stops before says nothing of the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from replayed_stories import Joining, Known, Story, family_of, known

from pledgebook.forecasting.fulfilment import outstanding_of
from pledgebook.forecasting.fulfilment.spells import Spell
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import State
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.statement import Kind, Scope

__all__ = ["END", "HORIZONS", "TARGETS", "Aim", "Case", "Replayed", "cases_of", "replayed"]

END = 0
"""The horizon that is the last day of the story, whenever that is."""
HORIZONS = (30, 90, 180, END)
TARGETS = ("some", "all")
"""That a further delivery is told of; that all of the commitment is told to be delivered."""

Aim = tuple[str, int]
"""What is forecast, and the days to it."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A story with what it told by each of its days."""

    story: Story
    by_day: tuple[Known, ...]

    def by(self, day: dt.date) -> Known:
        """Return what was told by the last of its days up to a day."""
        return [one for one in self.by_day if one.day <= day][-1]


@dataclass(frozen=True, slots=True)
class Case:
    """One open commitment on one day of a story, and what came.

    `until` are the days up to which it is forecast, by horizon, `came` what the story told by then;
    an aim that is not in `came` cannot be said from the story. `again` are the horizons by whose
    day the story speaks of the commitment again at all. `summed` says that a later running total of
    deliveries by one of its givers, of goods of its category, may hold it: it bears no key.
    """

    story: Story
    day: dt.date
    commitment: Commitment
    words: str
    key: str
    stage: str
    family: str
    spells: tuple[Spell, ...]
    until: Mapping[int, dt.date]
    came: Mapping[Aim, bool]
    again: frozenset[int]
    summed: bool
    later: tuple[str, ...] = field(default=(), repr=False)
    """What the story says of the commitment later, in its own words."""

    @property
    def age(self) -> int:
        """The days since it was promised, or since its last report."""
        told = [one.reported for one in self.spells if one.reported]
        return (self.day - (max(told) if told else self.spells[0].promised[0])).days

    @property
    def since_promise(self) -> int:
        """The days since it was promised."""
        return (self.day - self.spells[0].promised[0]).days

    @property
    def late(self) -> int:
        """How many days after the promise the story first spoke of it."""
        return (self.commitment.first - self.spells[0].promised[0]).days

    @property
    def ahead(self) -> int:
        """The days to the end of the story."""
        return (self.story.last - self.day).days

    @property
    def begun(self) -> bool:
        """Whether some of it was told of as delivered already."""
        return any(one.reported for one in self.spells)


def replayed(story: Story, joining: Joining = "coded") -> Replayed:
    """Return a story with the ledger of each of its days."""
    return Replayed(story, tuple(known(story, day, joining) for day in story.days))


def cases_of(one: Replayed, truth: Replayed | None = None) -> Iterator[Case]:
    """Yield what was open on each day of a story but the last, with what came.

    `truth` is the story by the coded keys where `one` is by the ledger's own joining: what came is
    then what was told of the undertaking whose key the first statement bears.
    """
    against = truth or one
    for now in one.by_day[:-1]:
        for open_one in outstanding_of(now.commitments.values(), now.every):
            commitment = now.commitments[open_one.commitment]
            anchor = next((said for said in commitment.statements if said in one.story.keys), None)
            if anchor is None or commitment.state is State.WITHDRAWN:
                continue
            yield _case(one.story, now, commitment, open_one.spells, against, anchor)


def _case(
    story: Story,
    now: Known,
    commitment: Commitment,
    spells: tuple[Spell, ...],
    against: Replayed,
    anchor: str,
) -> Case:
    until = {
        days: story.last if days == END else now.day + dt.timedelta(days=days) for days in HORIZONS
    }
    until = {days: day for days, day in until.items() if day <= story.last}
    came: dict[Aim, bool] = {}
    again = set()
    key = story.keys[anchor]
    same = [entry for entry in story.entries if story.keys.get(entry.id) == key]
    for days, day in until.items():
        then = against.by(day)
        came["some", days] = _further(then, anchor, now.day)
        if _sized(commitment):
            came["all", days] = _complete(then, anchor)
        if any(now.day < entry.counted <= day for entry in same):
            again.add(days)
    ordered = Stage.ON_ORDER in commitment.stages
    return Case(
        story=story,
        day=now.day,
        commitment=commitment,
        words=now.entries[anchor].statement.evidence.quote,
        key=key,
        stage="contract" if ordered else "pledge",
        family=family_of(commitment.category),
        spells=spells,
        until=until,
        came=came,
        again=frozenset(again),
        summed=any(
            _may_hold(entry, commitment) for entry in story.entries if entry.counted > now.day
        ),
        later=tuple(
            f"{entry.counted}: {entry.statement.kind.value}: {entry.statement.evidence.quote}"
            for entry in sorted(same, key=lambda entry: entry.order)
            if entry.counted > now.day
        ),
    )


def _may_hold(entry: Entry, commitment: Commitment) -> bool:
    """Tell whether a statement is a running total of deliveries that may hold a commitment."""
    said = entry.statement
    return (
        said.kind is Kind.DELIVERY
        and said.scope is Scope.TOTAL
        and said.item.category is commitment.category
        and not set(said.actors).isdisjoint(commitment.donors)
    )


def _further(then: Known, anchor: str, since: dt.date) -> bool:
    """Tell whether a delivery was first told of after a day."""
    return any(
        spell.reported is not None and spell.reported > since for spell in _spells(then, anchor)
    )


def _complete(then: Known, anchor: str) -> bool:
    """Tell whether all of it was told to be delivered."""
    own = _spells(then, anchor)
    return bool(own) and all(spell.reported is not None for spell in own)


def _spells(then: Known, anchor: str) -> Sequence[Spell]:
    home = then.home.get(anchor)
    return then.spells.get(home, ()) if home else ()


def _sized(commitment: Commitment) -> bool:
    """Tell whether a report could ever complete it: an upper end of things or of money is known."""
    left = commitment.outstanding
    promised = [
        commitment.stages[stage]
        for stage in (Stage.PLEDGED, Stage.ON_ORDER)
        if stage in commitment.stages
    ]
    things = left is not None and left.high is not None
    money = any(size.high is not None for one in promised for size in one.money.values())
    return things or money
