"""All series of a day: found by party, item, measure and nature, opened by id."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.forecast import Caveat
from pledgebook.forecasting.series.nodes import Node, node_named
from pledgebook.forecasting.series.outlook import (
    ProductionOutlook,
    TargetOutlook,
    production_outlook,
    target_outlook,
)
from pledgebook.forecasting.series.point import Key, Nature, Point, SeriesMeasure
from pledgebook.forecasting.series.points import points_of
from pledgebook.forecasting.series.series import Series
from pledgebook.forecasting.series.settings import Settings, load_settings
from pledgebook.forecasting.series.slips import SlipModel, fit_slips
from pledgebook.forecasting.series.targets import Target, targets_of
from pledgebook.forecasting.series.units import PART
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Found", "SeriesBook", "build_series"]


@dataclass(frozen=True, slots=True)
class Found:
    """The series that bear on an item: its own, those of its kinds, those of what it is within.

    What is told of a kind (155mm HE) is a part of the item (155mm); what is told of everything
    that the item is within (artillery ammunition of all calibres) is at least as much, so it bounds
    the item from above and is no figure of it. `caveats` say so for what was found.
    """

    own: tuple[Series, ...]
    within: tuple[Series, ...]
    above: tuple[Series, ...]
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True)
class SeriesBook:
    """Every series of a day, by id, with what could not be used."""

    as_of: dt.date
    series: tuple[Series, ...]
    caveats: tuple[Caveat, ...]
    catalogue: Catalogue
    settings: Settings
    _by_id: Mapping[str, Series] = field(repr=False)

    def get(self, series: str) -> Series:
        """Return the series whose id begins so. Raises NotFoundError, or UsageError for several."""
        if series in self._by_id:
            return self._by_id[series]
        found = [one for name, one in self._by_id.items() if series and name.startswith(series)]
        if not found:
            mend = "List the series to see their ids"
            raise NotFoundError(f"no series has the id {series!r}", mend=mend)
        if len(found) > 1:
            raise UsageError(f"{len(found)} series have ids that begin with {series!r}")
        return found[0]

    def find(
        self,
        *,
        party: str | tuple[str, ...] | None = None,
        item: str | None = None,
        measure: SeriesMeasure | None = None,
        nature: Nature | None = None,
        recipient: str | None = None,
        unit: str | None = None,
    ) -> tuple[Series, ...]:
        """Return the series of exactly this party, item, measure, nature, recipient and unit.

        A joint figure of several parties is theirs together: name all of them, in any order. The
        item is a category, an id, a designation or an alias; NotFoundError where it is none.
        """
        parties = None if party is None else _parties(party, self.catalogue)
        node = None if item is None else self._node(item)
        return tuple(
            one
            for one in self.series
            if (parties is None or one.key.parties == parties)
            and (node is None or one.key.item == node.name)
            and (measure is None or one.key.measure is measure)
            and (nature is None or one.key.nature is nature)
            and (recipient is None or one.key.recipient == recipient)
            and (unit is None or one.key.unit == unit)
        )

    def bearing_on(
        self,
        item: str,
        *,
        party: str | tuple[str, ...] | None = None,
        measure: SeriesMeasure | None = None,
        nature: Nature | None = None,
        recipient: str | None = None,
    ) -> Found:
        """Return the series of an item, of its kinds, and of what it is within."""
        wanted = self._node(item)
        all_of_them = self.find(party=party, measure=measure, nature=nature, recipient=recipient)
        own, within, above = [], [], []
        for one in all_of_them:
            node = Node(one.key.item, one.points[0].category)
            if node.name == wanted.name:
                own.append(one)
            elif node.is_within(wanted, self.catalogue):
                within.append(one)
            elif wanted.is_within(node, self.catalogue):
                above.append(one)
        caveats = [_is_a_part(one, wanted) for one in within]
        caveats += [_is_a_bound(one, wanted) for one in above]
        caveats += [
            _is_above_its_whole(one, whole)
            for one in own
            for whole in above
            if one.key.nature is whole.key.nature
            and one.key.parties == whole.key.parties
            and one.key.unit == whole.key.unit
            and one.has_band
            and one.at([self.as_of]).p10[0] > whole.at([self.as_of]).p90[0]
        ]
        caveats += _mixed_rounds(own)
        return Found(tuple(own), tuple(within), tuple(above), tuple(caveats))

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Every telling of a target with what became of it, in order of telling."""
        points: dict[Key, Sequence[Point]] = {one.key: one.points for one in self.series}
        return targets_of(points, self.settings)

    @cached_property
    def slips(self) -> SlipModel:
        """How late targets are met, learned from all of the book."""
        return fit_slips(self.targets, self.settings)

    def outlooks(self, actual: Key) -> tuple[TargetOutlook, ...]:
        """Return what each open target for a series of output is worth, in order of telling."""
        wanted = (actual.parties, actual.item, actual.measure, actual.unit)
        return tuple(
            outlook
            for target in self.targets
            if _whose(target) == wanted and target.point.aims_at is Nature.ACTUAL
            if (outlook := target_outlook(target, self.slips, self.as_of, self.settings))
        )

    def production(self, party: str | tuple[str, ...], item: str) -> ProductionOutlook:
        """Return the output of one party of one item, in whole rounds or pieces, with its ramps.

        Targets without a day cannot be laid in time: they are named and left out.
        """
        parties, node = _parties(party, self.catalogue), self._node(item)
        found = self.find(party=parties, item=item, measure=SeriesMeasure.PRODUCTION)
        whole = [one for one in found if one.key.unit != PART]
        actual = next((one for one in whole if one.key.nature is Nature.ACTUAL), None)
        key = actual.key if actual else next((one.key for one in whole), None)
        outlooks = self.outlooks(key) if key else ()
        outlook = production_outlook(actual, outlooks, self.as_of)
        undated = [
            Caveat(
                f"production of {node.name} by {' and '.join(parties)}",
                f"{target.id} wants {target.level:,.0f} a day and names no day: it makes no ramp",
            )
            for target in self.targets
            if key and _whose(target) == (key.parties, key.item, key.measure, key.unit)
            if target.due is None and target.reached_by is None and target.is_latest
        ]
        return ProductionOutlook(
            outlook.series,
            outlook.as_of,
            outlook.rate_log_median,
            outlook.rate_log_sd,
            outlook.idle,
            outlook.ramps,
            (*outlook.caveats, *undated),
        )

    def _node(self, item: str) -> Node:
        node = node_named(item, self.catalogue)
        if node is None:
            near = self.catalogue.suggest_item(item)
            mend = f"Did you mean {' or '.join(near)}?" if near else "Name a category or an item"
            raise NotFoundError(f"no item is called {item!r}", mend=mend)
        return node


def build_series(
    entries: Iterable[Entry],
    catalogue: Catalogue,
    as_of: dt.date,
    settings: Settings | None = None,
) -> SeriesBook:
    """Make the series of a day from statements, in any order; what was told later is left out."""
    settings = settings or load_settings()
    told = [entry for entry in entries if entry.counted <= as_of]
    points, caveats = points_of(told, catalogue, settings)
    by_key: dict[Key, list[Point]] = defaultdict(list)
    for point in points:
        by_key[point.key].append(point)
    series = tuple(Series.of(by_key[key], settings) for key in sorted(by_key))
    return SeriesBook(
        as_of, series, tuple(caveats), catalogue, settings, {one.id: one for one in series}
    )


def _parties(party: str | tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    names = (party,) if isinstance(party, str) else party
    return tuple(sorted({(found.code if (found := catalogue.find_party(n)) else n) for n in names}))


def _whose(target: Target) -> tuple[tuple[str, ...], str, SeriesMeasure, str]:
    key = target.point.key
    return key.parties, key.item, key.measure, key.unit


def _is_a_part(series: Series, wanted: Node) -> Caveat:
    why = f"{series.id} tells of {series.key.item}, which is a part of it: it is at least as much"
    return Caveat(f"{series.key.measure.value} of {wanted.name}", why, said=True)


def _is_a_bound(series: Series, wanted: Node) -> Caveat:
    why = (
        f"{series.id} tells of all {series.key.item}, of which {wanted.name} is a part that is not "
        "said: it is at most as much"
    )
    return Caveat(
        f"{series.key.measure.value} of {wanted.name}",
        why,
        f"A figure for {wanted.name} alone, or its share",
        said=True,
    )


def _is_above_its_whole(series: Series, whole: Series) -> Caveat:
    why = f"{series.id} lies above {whole.id}, which tells of all {whole.key.item}: one is wrong"
    return Caveat(series.about, why, "See the statements of both", said=True)


def _mixed_rounds(own: Sequence[Series]) -> list[Caveat]:
    """Name series in which shells may be bodies: some sources say complete, others do not say."""
    found = []
    for one in own:
        same = [two for two in own if two.key.unit == PART and two.key.parties == one.key.parties]
        unsaid = [point for point in one.points if not point.complete]
        if one.key.unit != PART and unsaid and (same or len(unsaid) < len(one.points)):
            why = (
                f"{len(unsaid)} of {len(one.points)} figures of {one.id} do not say whether "
                "complete rounds or only bodies are meant, and others tell the two apart"
            )
            found.append(Caveat(one.about, why, "See the statements", said=True))
    return found
