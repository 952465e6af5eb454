"""Replay the coded stories: the chances of each open commitment beside what was told later.

    python benchmarks/fulfilment_replay.py [--coded-only] [--markdown] [--json FILE]

On each day of a story but the last, each open commitment is given the chance that a further
delivery, and that all of it, is told of within 30, 90 and 180 days and by the last document of
the story. A window that the story does not outlast is not scored. The chances are of a report, not
of an arrival: what no text tells of may have come. They are those of

    prior           the model before it has seen anything
    other parts     fitted on the stories of other writers and files, to their ends
    other stories   fitted on all other stories, to their ends
    by that day     fitted on all documents of all stories that were published by that day
    by that day, *  the same, each story taken to end with its last document by then
    constant        the share that came, in all other stories
    age             Kaplan-Meier by the time since the promise, or the last report, in all others

A story is never learned from beside one that tells of the same undertakings, but for what was
published by that day. Skills are of the Brier score, with 90 % intervals from 2,000 draws of
stories; the log score is in nats; the rank is the area under the ROC curve. What is joined how is
taken from the coded keys, and once more from the ledger's own joining, where what came is still by
the keys. The corpus is looked for as score.py does; where there is none, nothing is replayed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from corpus import find_corpus
from replayed_cases import HORIZONS, TARGETS, Aim, Case, Replayed, cases_of, replayed
from replayed_chances import REFERENCE, Survival, lives_of, moved_all, report_chances
from replayed_report import (
    MODELS,
    PEERS,
    Chances,
    Forecast,
    as_json,
    by_the_end,
    counted,
    markdown,
    plain,
    tables,
    worst,
)
from replayed_stories import Joining, Story, kin_of, known, read_stories

from pledgebook.forecasting.fulfilment import FulfilmentModel, Spell, fit

__all__ = ["Replay", "main", "replay"]


class Replay:
    """All stories of some days, and what can be learned from some of them for the others."""

    def __init__(self, stories: Sequence[Story], joining: Joining = "coded") -> None:
        many = [story for story in stories if len(story.days) > 1]
        self.alone = [story for story in stories if len(story.days) == 1]
        self.coded = [replayed(story) for story in many]
        self.stories = (
            self.coded if joining == "coded" else [replayed(one, joining) for one in many]
        )
        self.kin = kin_of(many)
        self.joining = joining
        self.cases = {
            one.story.name: list(cases_of(one, truth if truth is not one else None))
            for one, truth in zip(self.stories, self.coded, strict=True)
        }
        self._others = functools.cache(self._fit_others)
        self._day = functools.cache(self._fit_day)
        self._watched = functools.cache(self._fit_watched)
        self.prior = fit([], REFERENCE)

    def forecasts(self) -> Iterator[Forecast]:
        """Yield the forecast of each open commitment on each day of each story."""
        for one in self.stories:
            peers = self._peers(one.story)
            for case in self.cases[one.story.name]:
                found = dict(zip(MODELS, self._models(case), strict=True))
                yield Forecast(case, found | {name: peers[name](case) for name in PEERS})

    def _models(self, case: Case) -> Iterator[Chances]:
        story, last = case.story, case.day
        spells = moved_all(case.spells, last)
        days = {days: until + (REFERENCE - last) for days, until in case.until.items()}
        for model in (
            self.prior,
            self._others(self._elsewhere(story, parts=True)),
            self._others(self._elsewhere(story)),
        ):
            yield _chances(model, spells, REFERENCE, days)
        yield _chances(self._day(last), case.spells, last, case.until)
        yield _chances(self._watched(last), spells, REFERENCE, days)

    def _elsewhere(self, story: Story, *, parts: bool = False) -> frozenset[str]:
        """Return the names of the stories that may be learned from for another one."""
        barred = self.kin[story.name] | {story.name}
        return frozenset(
            one.story.name
            for one in self.stories
            if one.story.name not in barred and not (parts and one.story.part == story.part)
        )

    def _named(self, names: frozenset[str]) -> list[Replayed]:
        return [one for one in self.stories if one.story.name in names]

    def _fit_others(self, names: frozenset[str]) -> FulfilmentModel:
        spells = [
            spell
            for one in self._named(names)
            for spell in moved_all(one.by_day[-1].every, one.story.last)
        ]
        return fit(spells, REFERENCE)

    def _fit_day(self, day: dt.date) -> FulfilmentModel:
        spells = [
            spell for one in self.stories if one.story.days[0] <= day for spell in one.by(day).every
        ]
        for story in self.alone:
            if story.last <= day:
                spells += self._alone(story.name)
        return fit(spells, day)

    @functools.cache  # noqa: B019 - one replay lives as long as the program
    def _alone(self, name: str) -> list[Spell]:
        story = next(one for one in self.alone if one.name == name)
        return known(story, story.last, self.joining).every

    def _fit_watched(self, day: dt.date) -> FulfilmentModel:
        spells = []
        for one in self.stories:
            if one.story.days[0] <= day:
                then = one.by(day)
                spells += moved_all(then.every, then.day)
        return fit(spells, REFERENCE)

    def _peers(self, story: Story) -> dict[str, Callable[[Case], Chances]]:
        """Return the forecasters that know no more than a rate, or an age."""
        others = self._named(self._elsewhere(story))
        rates: dict[Aim, float] = {}
        for aim in _aims():
            came = [
                case.came[aim]
                for one in others
                for case in self.cases[one.story.name]
                if aim in case.came
            ]
            rates[aim] = float(np.mean(came)) if came else 0.5
        lives = lives_of(
            (
                one.by_day[-1].spells,
                {name: each.first.toordinal() for name, each in one.by_day[-1].commitments.items()},
                one.story.last,
            )
            for one in others
        )
        survival = {name: Survival(some) for name, some in lives.items()}

        def constant(case: Case) -> Chances:
            return {aim: rates[aim] for aim in case.came}

        def age(case: Case) -> Chances:
            found = {}
            for aim in case.came:
                target, horizon = aim
                days = (case.until[horizon] - case.day).days
                if target == "all":
                    chance = survival["all"].chance(case.since_promise, days)
                else:
                    chance = survival["next" if case.begun else "first"].chance(case.age, days)
                found[aim] = rates[aim] if chance is None else chance
            return found

        return {"constant": constant, "age": age}


def _chances(
    model: FulfilmentModel, spells: Sequence[Spell], as_of: dt.date, until: Mapping[int, dt.date]
) -> Chances:
    horizons = sorted(until)
    found = report_chances(model, spells, as_of, [until[days] for days in horizons])
    if found is None:
        return {(target, days): 0.0 for target in TARGETS for days in horizons}
    some, whole = found
    pairs = zip(horizons, some.tolist(), whole.tolist(), strict=True)
    return {
        aim: chance
        for days, one, every in pairs
        for aim, chance in ((("some", days), one), (("all", days), every))
    }


def _aims() -> Iterator[Aim]:
    return ((target, days) for target in TARGETS for days in HORIZONS)


def replay(corpora: Path, joining: Joining = "coded") -> list[Forecast]:
    """Return all forecasts of the stories of the corpora."""
    return list(Replay(read_stories(corpora), joining).forecasts())


def main() -> None:
    """Replay, print, and write the figures where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--coded-only", action="store_true", help="leave the own joining out")
    parser.add_argument("--worst", type=int, default=10, metavar="NUMBER")
    parser.add_argument("--markdown", action="store_true", help="print the tables of the docs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    wanted = parser.parse_args()
    corpora = find_corpus()
    if corpora is None:
        sys.stdout.write("There is no coded corpus here: nothing was replayed.\n")
        return
    forecasts = replay(corpora)
    write = markdown if wanted.markdown else plain
    parts = [counted(forecasts), *map(write, tables(forecasts))]
    if not wanted.coded_only:
        own = replay(corpora, "own")
        parts += [
            "The same with the ledger's own joining in place of the coded keys: " + counted(own)
        ]
        parts += map(write, by_the_end(own))
    parts += worst(forecasts, wanted.worst)
    sys.stdout.write("\n\n".join(parts) + "\n")
    if wanted.json:
        wanted.json.write_text(json.dumps(as_json(forecasts), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
