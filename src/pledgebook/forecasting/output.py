"""What the givers' works make: whose output counts, each thing once, and how it is to rise.

The parties whose output counts are those that have promised or given anything to the recipient, and
the makers at home in such a state. What a member makes lies within what its group makes, and what a
company makes within its state's: of a whole and its parts the whole counts. A joint figure counts
only where its parties have none of their own.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pledgebook.forecasting.flows.amounts import Amount
from pledgebook.forecasting.forecast import Caveat, Source
from pledgebook.forecasting.levels import source_of
from pledgebook.forecasting.series import (
    Nature,
    ProductionOutlook,
    Series,
    SeriesBook,
    SeriesMeasure,
)
from pledgebook.forecasting.subject import Subject
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.rules import load_groups
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Maker", "Makers", "apart", "makers_of"]


@dataclass(frozen=True, slots=True)
class Maker:
    """One party, or several together, with its output of one item: the rate now, and its ramps."""

    key: str
    parties: tuple[str, ...]
    series: Series
    outlook: ProductionOutlook

    @property
    def rate(self) -> Amount:
        """The rate per day now."""
        outlook = self.outlook
        if outlook.rate_log_median is None or outlook.rate_log_sd is None:
            return Amount(0.0)
        return Amount(math.exp(outlook.rate_log_median), outlook.rate_log_sd)


@dataclass(frozen=True, slots=True)
class Makers:
    """All whose output counts, what it rests on, and what is left out and why."""

    makers: tuple[Maker, ...]
    sources: tuple[Source, ...]
    caveats: tuple[Caveat, ...]


def makers_of(
    book: SeriesBook,
    subject: Subject,
    commitments: Iterable[Commitment],
    catalogue: Catalogue,
    as_of: dt.date,
    givers: Sequence[str] = (),
) -> Makers:
    """Find whose output of the subject counts; `givers` names them in place of the ledger's."""
    found = book.bearing_on(subject.item, measure=SeriesMeasure.PRODUCTION, nature=Nature.ACTUAL)
    told = [one for one in (*found.own, *found.within) if one.key.unit == subject.unit]
    givers = tuple(givers) or _givers(commitments, subject.recipient)
    theirs = [one for one in told if _counts(one.key.parties, givers, subject, catalogue)]
    chosen, caveats = apart(theirs, subject, catalogue)
    others = sorted({" and ".join(one.key.parties) for one in told if one not in theirs})
    if others:
        why = f"{', '.join(others)} gave nothing that the book knows of: its output is left out"
        mend = "Name whose output counts with --giver"
        caveats.append(Caveat(f"output of {subject.name}", why, mend, said=True))
    makers = []
    for one in chosen:
        outlook = book.production(one.key.parties, one.key.item)
        caveats += outlook.caveats
        key = f"works/{'+'.join(one.key.parties)}/{one.key.item}"
        makers.append(Maker(key, one.key.parties, one, outlook))
    if not makers:
        why = "no report tells what its givers make: it is unknown, not zero"
        caveats.append(Caveat(f"output of {subject.name}", why, "Read reports that tell it"))
    sources = tuple(source_of(maker.series, as_of) for maker in makers)
    return Makers(tuple(makers), sources, tuple(dict.fromkeys(caveats)))


def _givers(commitments: Iterable[Commitment], recipient: str) -> tuple[str, ...]:
    found = {donor for one in commitments if one.recipient == recipient for donor in one.donors}
    return tuple(sorted(found - {recipient}))


def _counts(
    parties: Sequence[str], givers: Sequence[str], subject: Subject, catalogue: Catalogue
) -> bool:
    """Tell whether all of some parties give: themselves, their state, a member or their group."""
    known = set(givers)
    for group in givers:
        known |= _members(group)
    return subject.recipient not in parties and all(
        party in known or _home(party, catalogue) in known or _members(party) & known
        for party in parties
    )


def _members(group: str) -> frozenset[str]:
    return load_groups().get(group, frozenset())


def _home(party: str, catalogue: Catalogue) -> str | None:
    known = catalogue.parties.get(party)
    return known.country if known is not None else None


def apart(
    told: Sequence[Series], subject: Subject, catalogue: Catalogue
) -> tuple[list[Series], list[Caveat]]:
    """Return the series that can be added up, and a caveat for each that is left out.

    What lies within another is, and so are joint figures of those that have their own.
    """
    alone = {one.key.parties[0] for one in told if len(one.key.parties) == 1}
    own = {(one.key.parties, one.key.item) for one in told}
    kept: list[Series] = []
    caveats: list[Caveat] = []
    for one in told:
        within = _within(one.key.parties, alone, catalogue)
        whole = one.key.item != subject.item and (one.key.parties, subject.item) in own
        if within is None and not whole:
            kept.append(one)
            continue
        inside = within or f"what {' and '.join(one.key.parties)} make of all {subject.name}"
        why = f"{one.id[:8]} counts in {inside}: it is not added to it"
        caveats.append(Caveat(one.about, why, said=True))
    return kept, caveats


def _within(parties: Sequence[str], alone: set[str], catalogue: Catalogue) -> str | None:
    """Name what the output of some parties lies within, or is told as; None where it is apart."""
    if len(parties) > 1:
        return " and ".join(parties) if set(parties) <= alone else None
    [party] = parties
    home = _home(party, catalogue)
    if home is not None and home != party and home in alone:
        return home
    state = home or party
    return next((g for g in sorted(alone - {party}) if state in _members(g)), None)
