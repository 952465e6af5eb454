"""How often the bands of series hold: on simulated levels, and on figures foretold from others.

    python benchmarks/series_bands.py [--histories 4000]

First, levels of known truth are simulated with moving level, biased voices and errors, as the
priors have them and wilder, and the share of bands that hold the truth is counted. Second, each
figure of the coded corpora and of the table of public figures is foretold from the figures of other
documents in its series, and the share is counted of those that fall within. Last, American output
of 155mm is shown: its points, its band, its targets. Corpora and table lie beside the project;
without them only the first part is printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from corpus import find_corpus
from facts import find_facts, told

from pledgebook.forecasting.series import (
    DAYS,
    Hedge,
    Key,
    Nature,
    Point,
    Series,
    SeriesBook,
    SeriesMeasure,
    build_series,
    load_settings,
)
from pledgebook.forecasting.series.levels import fit_level
from pledgebook.ledger.records import Entry, statement_ids
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Per, Statement

TODAY = dt.date(2026, 6, 1)
START = dt.date(2021, 1, 1)
CORPORA = ("seed", "real-dev", "written-dev", "train-real", "train-written")
EDGES = {50: 0.67448975, 80: 1.28155157}
KEY = Key(("USA",), "155mm", SeriesMeasure.PRODUCTION, Nature.ACTUAL, "round")


def main() -> None:
    """Print the three parts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--histories", type=int, default=4000)
    on_simulated(parser.parse_args().histories)
    catalogue = load_catalogue()
    corpus, facts = find_corpus(), find_facts()
    if corpus is not None:
        book = build_series(coded(corpus), catalogue, TODAY)
        foretold("the coded corpora", book)
    if facts is not None:
        rows = told(facts, catalogue, TODAY)[1]
        book = build_series([one for row in rows.values() for one in row], catalogue, TODAY)
        foretold("the table of public figures", book)
        shown(book)
    if corpus is None or facts is None:
        print("\nThe corpora or the table of figures are not on this machine.")


def on_simulated(histories: int) -> None:
    """Print how often bands hold the truth of simulated levels."""
    settings = load_settings()
    drift, between = (part[KEY.measure] for part in (settings.drift, settings.between))
    print(f"Simulated levels, {histories} histories of 9 figures by 4 voices over 3 years:")
    print("share of bands that hold the truth, amid the figures / a year after the last\n")
    print("spreads of the world     50 %            80 %")
    for scale in (0.6, 1.0, 1.6, 2.5):
        generator = np.random.default_rng(1)
        misses = np.abs(
            [simulated(generator, drift * scale, between * scale) for _ in range(histories)]
        )
        held = [(misses < edge).mean(axis=0) * 100 for edge in EDGES.values()]
        parts = "     ".join(f"{amid:4.1f} / {after:4.1f}" for amid, after in held)
        print(f"{scale} x the priors       {parts}")
    print(f"(standard error at most {50 / math.sqrt(histories):.1f} points)")


def simulated(generator: np.random.Generator, drift: float, between: float) -> list[float]:
    """Return the standardised misses of one history, 540 days in and a year after the end."""
    times = np.sort(generator.integers(0, 3 * 365, 9))
    every = np.concatenate((times, [540, 4 * 365]))
    order = np.argsort(every, kind="stable")
    gaps = np.diff(every[order], prepend=every[order][0]) / 365.25
    truth = np.empty(len(every))
    truth[order] = 7.0 + np.cumsum(generator.normal(size=len(every)) * drift * np.sqrt(gaps))
    voices = generator.integers(0, 4, len(times))
    bias = generator.normal(size=4) * between
    errors = generator.normal(size=len(times)) * load_settings().told[Hedge.PLAIN]
    figures = np.exp(truth[: len(times)] + bias[voices] + errors)
    points = [
        made(number, float(figure), START + dt.timedelta(days=int(time)), f"voice {voice}")
        for number, (figure, time, voice) in enumerate(zip(figures, times, voices, strict=True))
    ]
    asked = [START + dt.timedelta(days=days) for days in (540, 4 * 365)]
    levels = Series.of(points).at(asked)
    return list((truth[len(times) :] - levels.log_median) / levels.log_sd)


def made(number: int, figure: float, day: dt.date, voice: str) -> Point:
    """Return a point of a simulated history."""
    return Point(
        key=KEY,
        category=Category.ARTILLERY_AMMUNITION,
        low=figure,
        high=figure,
        first=day,
        last=day,
        told=day,
        source=voice,
        speaker=voice,
        document=f"d{number}",
        statements=(f"s{number}",),
        says="simulated",
    )


def coded(corpus: Path) -> Iterator[Entry]:
    """Yield the coded statements of the corpora as entries."""
    for name in CORPORA:
        for line in (corpus / f"{name}.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            found = list(statements(record))
            day = dt.date.fromisoformat(record["date"]) if record["date"] else None
            names = statement_ids(record["id"], found)
            for own, statement in zip(names, found, strict=True):
                yield Entry(own, statement, record["id"], day or TODAY, day is not None)


def statements(record: dict[str, object]) -> Iterator[Statement]:
    """Yield the statements of one coded document."""
    listed = record["statements"]
    assert isinstance(listed, list)
    for fields in listed:
        quote = fields["evidence"]
        start = str(record["text"]).index(quote)
        end = start + len(quote)
        kept = {key: value for key, value in fields.items() if key != "commitment"}
        kept["evidence"] = {"document": record["id"], "start": start, "end": end, "quote": quote}
        yield Statement.model_validate(kept)


def foretold(what: str, book: SeriesBook) -> None:
    """Print how often figures fall within the band that those of other documents give."""
    misses: dict[SeriesMeasure, list[float]] = defaultdict(list)
    for series in book.series:
        if not series.has_band or series.key.unit == "percent":
            continue
        measure = series.key.measure
        between = book.settings.between[measure]
        figures = [one for one in series.tellings if not one.is_zero]
        for one in figures:
            own = {point.document for point in one.points}
            rest = [two for two in figures if own.isdisjoint(p.document for p in two.points)]
            if not rest:
                continue
            fit = fit_level(rest, measure, book.settings)
            day = dt.date.fromordinal(round(one.middle))
            mean, spread = (float(part[0]) for part in fit.at([day]))
            # What is foretold is what a new voice would tell, not the level itself.
            noise = math.hypot(fit.scale * between, one.spread)
            misses[measure].append((one.log - mean) / math.hypot(spread, noise))
    print(f"\nEach figure of {what} foretold from those of other documents:")
    for measure, found in sorted(misses.items()):
        shares = [
            f"{np.mean(np.abs(found) < edge):4.0%} within {name} %" for name, edge in EDGES.items()
        ]
        print(f"  {measure.value:12} {len(found):3} figures: {', '.join(shares)}")


def shown(book: SeriesBook) -> None:
    """Print American output of 155mm: points, band, targets, and what they are worth."""
    (series,) = book.find(
        party="USA", item="155mm", measure=KEY.measure, nature=Nature.ACTUAL, unit="round"
    )
    month = DAYS[Per.MONTH]
    print("\nAmerican output of 155mm, a month, in the table of public figures:")
    for point in series.points:
        rate = (point.low or 0.0) * month
        print(f"  {rate:8,.0f}  {point.first} to {point.last}  {point.speaker}, told {point.told}")
    days = [dt.date(year, month_, 1) for year in range(2022, 2027) for month_ in (1, 7)]
    levels = series.at(days)
    print("\n  day              10 %      50 %      90 %")
    for at, day in enumerate(days):
        band = (levels.p10[at], levels.median[at], levels.p90[at])
        print(f"  {day}  " + "".join(f"{value * month:10,.0f}" for value in band))
    print("\n  target    told        due         became")
    for target in book.targets:
        if target.point.key.parties == ("USA",) and target.due:
            became = f"reached by {target.reached_by}" if target.reached_by else "not seen to be"
            print(f"  {target.level * month:8,.0f}  {target.told}  {target.due}  {became}")
    known = book.slips
    chances, never = known.chances(("USA",), np.array([1.0, 1.5, 2.0]))
    print(f"\n  {known.targets} targets to learn from, {known.reached} of them reached.")
    print(f"  A new American target: {chances[0]:.0%} by its day, {chances[1]:.0%} in half as long")
    print(f"  again, {chances[2]:.0%} in twice the time, {never:.0%} never.")


if __name__ == "__main__":
    main()
