"""The share recorded as fully delivered by age of the announcement, in one snapshot of a tracker.

This is no backtest of forecasts: the rows were seen once, so that age and cohort are one, and what
is measured is what the authors recorded. Whole donors are left out in turn; the model is fitted on
the rows of the others, "undisclosed" as censored, and gives each row of the donor the chance to be
recorded as fully delivered.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pledgebook.exchange.importing import import_file
from pledgebook.forecasting.fulfilment import Spell, fit, fit_ends, spells_of_rows, told_by
from pledgebook.forecasting.fulfilment.spells import Mark
from pledgebook.ledger.records import Entry
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Kind

ROOT = Path(__file__).resolve().parent.parent
RELEASE = "release-2024-06-part.csv"
RESAMPLES = 4000
BINS = 5


@dataclass(frozen=True)
class Row:
    """A row with a number promised on a known day: its spells, its package, what is recorded."""

    spells: tuple[Spell, ...]
    donor: str
    package: str
    age: int
    full: bool
    hidden: bool


@dataclass(frozen=True)
class Kept:
    """The rows that are measured, and how many were left out, by reason."""

    rows: list[Row]
    day: dt.date
    left_out: dict[str, int]


@dataclass(frozen=True)
class Scores:
    """Brier scores of the model and of the constant rate, the skill and its 95 % interval."""

    name: str
    rows: int
    packages: int
    rate: float
    model: float
    constant: float
    skill: float
    low: float
    high: float
    by_donor: list[tuple[str, int, float, float]]
    """Donor, rows, share recorded, skill over the constant rate (nan where that is perfect)."""
    reliability: list[tuple[float, float, int, float, float]]
    """Mean chance given, share recorded, rows, and the 95 % interval of the share."""


def find_release() -> Path | None:
    """Return the file, None where there is none: PLEDGEBOOK_KIEL or ../shared/data/kiel."""
    folder = os.environ.get("PLEDGEBOOK_KIEL")
    path = (Path(folder) if folder else ROOT.parent / "shared" / "data" / "kiel") / RELEASE
    return path if path.exists() else None


def load(path: Path) -> Kept:
    """Import the release into a book of its own, and keep the rows that can be measured."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "kiel.db")
        try:
            report = import_file(store, load_catalogue(), "kiel", path, by="benchmark")
            entries = store.release_entries(report.id)
            texts = {row.document: row.text for row in store.release_rows(report.id)}
        finally:
            store.close()
    assert report.published is not None
    return _kept(entries, texts, report.published)


def _kept(entries: Sequence[Entry], texts: dict[str, str], day: dt.date) -> Kept:
    out = {"not military aid": 0, "no number promised": 0, "no exact day of announcement": 0}
    by_row: dict[str, list[Entry]] = {}
    for entry in entries:
        if not entry.statement.rule.startswith("kiel/package"):
            by_row.setdefault(entry.document, []).append(entry)
    rows = []
    for document, some in by_row.items():
        promise = next((one for one in some if one.statement.kind is Kind.PLEDGE), None)
        if promise is None or promise.statement.money is not None:
            continue
        if "Type of Aid General: Military" not in texts[document]:
            out["not military aid"] += 1
            continue
        spells = tuple(spells_of_rows(some, day))
        if not spells or spells[0].promised[0] != spells[0].promised[1]:
            out["no exact day of announcement"] += 1
            continue
        if promise.statement.quantity is None:
            out["no number promised"] += 1
            continue
        ground = next(one for one in promise.statement.grounds if one.field == "package")
        rows.append(
            Row(
                spells=spells,
                donor=promise.statement.actors[0],
                package=promise.statement.actors[0] + texts[document][ground.start : ground.end],
                age=(day - spells[0].promised[0]).days,
                full=all(one.reported is not None for one in spells),
                hidden=any(one.mark is Mark.UNDISCLOSED for one in spells),
            )
        )
    return Kept(rows, day, out)


def chances(kept: Kept, *, told: bool = False) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the model's chance and the constant rate for each row, its donor left out.

    With `told` those are the chances of rows whose source discloses: the undisclosed ones are left
    out of the constant rate, and the model's chance is that of a donor who tells of everything.
    """
    given, constant = np.zeros(len(kept.rows)), np.zeros(len(kept.rows))
    for donor in sorted({row.donor for row in kept.rows}):
        others = [row for row in kept.rows if row.donor != donor and not (told and row.hidden)]
        spells = [spell for row in others for spell in row.spells]
        model = fit_ends(spells, kept.day)[0] if told else fit(spells, kept.day)
        rate = sum(row.full for row in others) / len(others)
        for at, row in enumerate(kept.rows):
            if row.donor == donor:
                given[at] = told_by(model, row.spells[0], kept.day)
                constant[at] = rate
    return given, constant


def score(
    name: str,
    rows: Sequence[Row],
    given: NDArray[np.float64],
    constant: NDArray[np.float64],
    seed: int = 1,
) -> Scores:
    """Score chances against what is recorded; packages are drawn again for the interval."""
    full = np.array([float(row.full) for row in rows])
    model, flat = (given - full) ** 2, (constant - full) ** 2
    names, package = np.unique([row.package for row in rows], return_inverse=True)
    sums = np.stack([np.bincount(package, one) for one in (model, flat)])
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(names), size=(RESAMPLES, len(names)))
    again = 1.0 - sums[0][drawn].sum(axis=1) / sums[1][drawn].sum(axis=1)
    donors = []
    for donor in sorted({row.donor for row in rows}):
        own = np.array([row.donor == donor for row in rows])
        skill = 1.0 - model[own].sum() / flat[own].sum()
        donors.append((donor, int(own.sum()), float(full[own].mean()), float(skill)))
    return Scores(
        name=name,
        rows=len(rows),
        packages=len(names),
        rate=float(full.mean()),
        model=float(model.mean()),
        constant=float(flat.mean()),
        skill=float(1.0 - model.sum() / flat.sum()),
        low=float(np.quantile(again, 0.025)),
        high=float(np.quantile(again, 0.975)),
        by_donor=donors,
        reliability=_reliability(full, given, package, rng),
    )


def _reliability(
    full: NDArray[np.float64],
    given: NDArray[np.float64],
    package: NDArray[np.intp],
    rng: np.random.Generator,
) -> list[tuple[float, float, int, float, float]]:
    """Return rows of about equal number by the chance given, with intervals by package."""
    rows = []
    for some in np.array_split(np.argsort(given, kind="stable"), BINS):
        _, group = np.unique(package[some], return_inverse=True)
        count, hits = np.bincount(group), np.bincount(group, full[some])
        drawn = rng.integers(len(count), size=(RESAMPLES, len(count)))
        again = hits[drawn].sum(axis=1) / count[drawn].sum(axis=1)
        low, high = np.quantile(again, [0.025, 0.975])
        rows.append(
            (
                float(given[some].mean()),
                float(full[some].mean()),
                len(some),
                float(low),
                float(high),
            )
        )
    return rows


def measure(path: Path) -> tuple[Kept, list[Scores]]:
    """Measure all rows, and those whose delivery is disclosed."""
    kept = load(path)
    given, constant = chances(kept)
    scores = [score("recorded as fully delivered", kept.rows, given, constant)]
    given, constant = chances(kept, told=True)
    open_ones = [at for at, row in enumerate(kept.rows) if not row.hidden]
    scores.append(
        score(
            "the same, rows marked undisclosed left out",
            [kept.rows[at] for at in open_ones],
            given[open_ones],
            constant[open_ones],
        )
    )
    return kept, scores


def draw(scores: Scores, path: Path) -> None:
    """Draw the reliability plot as SVG."""
    import altair as alt
    import vl_convert

    values = [
        {"given": given, "recorded": share, "low": low, "high": high}
        for given, share, _, low, high in scores.reliability
    ]
    rows_each = round(scores.rows / BINS)
    base = alt.Chart(alt.InlineData(values=values))
    axis = alt.Scale(domain=[0, 1])
    x = alt.X("given:Q", title="Chance that the model gives", scale=axis, axis=alt.Axis(format="%"))
    y = alt.Y(
        "recorded:Q",
        title="Share recorded as fully delivered",
        scale=axis,
        axis=alt.Axis(format="%"),
    )
    ideal = (
        alt.Chart(alt.InlineData(values=[{"v": 0}, {"v": 1}]))
        .mark_line(strokeDash=[4, 4], color="#888888")
        .encode(x="v:Q", y="v:Q")
    )
    bars = base.mark_rule(color="#1f5c99", strokeWidth=2).encode(
        x=x, y=alt.Y("low:Q", scale=axis, title="Share recorded as fully delivered"), y2="high:Q"
    )
    points = base.mark_point(filled=True, size=90, opacity=1, color="#1f5c99").encode(x=x, y=y)
    chart = (
        (ideal + bars + points)
        .properties(
            width=420,
            height=420,
            title={
                "text": "Recorded as fully delivered, by the chance given",
                "subtitle": [
                    "Rows of one snapshot (June 2024), donors left out in turn; not a backtest.",
                    f"Fifths of the rows ({rows_each} each); bars: 95 % by drawing packages again.",
                ],
            },
        )
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=13)
        .configure_title(fontSize=15, subtitleFontSize=12, anchor="start")
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(vl_convert.vegalite_to_svg(chart.to_json()) + "\n", encoding="utf-8")
