"""Lay published replacement times beside those that the public inputs give.

    python benchmarks/replacement.py [--write]

Inputs are the table of public figures beside the project (`facts.py` says where it is looked for)
and `data/replacement-figures.csv`: more figures, each with who says it and where. As of 31 January
2023, for that month's studies; what is told later serves to see what came.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from facts import find_facts, told

from pledgebook.exchange.rows import ReleaseRow
from pledgebook.exchange.things import thing_of
from pledgebook.forecasting.handed_over import Line
from pledgebook.forecasting.replacement import (
    Replacement,
    Replacements,
    made_again_by,
    replacement_times,
)
from pledgebook.forecasting.series.nodes import node_of
from pledgebook.forecasting.series.point import Nature, SeriesMeasure
from pledgebook.forecasting.series.points import points_of
from pledgebook.forecasting.series.series import Series
from pledgebook.ledger.cases import span_of
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.statement import Item, Kind

PAGE = Path(__file__).resolve().parent.parent / "docs" / "replacement.md"
MARK = "<!-- written by benchmarks/replacement.py -->"
MORE = Path(__file__).parent / "data" / "replacement-figures.csv"
DAY = dt.date(2023, 1, 31)
TODAY = dt.date(2026, 1, 1)
YEAR = 365.25
_TIMES = frozenset({"inventory rebuild time", "replacement time"})


@dataclass(frozen=True, slots=True)
class Published:
    """A replacement time in years as somebody published it, and by which rate."""

    key: str
    party: str
    item: str
    years: Interval
    at: str
    who: str
    told: str


def main() -> None:
    """Print the page's block, or with --write put it into the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="put it into docs/replacement.md")
    path = find_facts()
    if path is None:
        sys.exit("there is no table of public figures: PLEDGEBOOK_FACTS names one")
    text = report(path)
    if arguments.parse_args().write:
        before, mark, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
        PAGE.write_text(f"{before}{mark}\n\n{text}", encoding="utf-8")
    else:
        sys.stdout.write(text)


def report(path: Path) -> str:
    """Return what the inputs give, beside what was published; what is missing; what came."""
    catalogue = load_catalogue()
    facts, entries = told(path, catalogue, TODAY)
    more, others = told(MORE, catalogue, TODAY)
    keys = {entry.id: key for key, some in (entries | others).items() for entry in some}
    known = [entry for some in entries.values() for entry in some]
    used = [entry for entry in others["RF005"] if entry.statement.kind is Kind.EXPENDITURE]
    result = replacement_times(known, catalogue, as_of=DAY, otherwise=used)
    listed = [
        published(row, catalogue)
        for row in (*facts.rows, *more.rows)
        if row.cells["metric"] in _TIMES
    ]
    lines_told = {(one.party, one.item) for one in listed}
    amounts = [
        amount
        for line, some in result.amounts.items()
        if (line.parties[0], line.item) in lines_told
        for amount in some
    ]
    resting = {name for one in result.times for name in one.statements}
    resting |= {name for amount in amounts for name in amount.statements}
    shown = {keys[name] for name in resting} | {one.key for one in listed}
    rows = [row for row in facts.rows if row.key in shown]
    lines = [
        f"### What the inputs give, as of {DAY}\n",
        *computed(result.times, keys),
        "\n### What was published\n",
        *beside(listed, result),
        *orders(others),
        "\n### What is missing\n",
        *(f"- {one.about}: {one.why}" for one in result.caveats),
        "\n### What came\n",
        *outcome(known, result, catalogue, keys),
        "\n### The rows\n",
        *sources([*rows, *more.rows]),
    ]
    return "\n".join(lines) + "\n"


def published(row: ReleaseRow, catalogue: Catalogue) -> Published:
    """Return the time that a row of either table gives; the importer makes no statement of it."""
    cells = row.cells
    thing = thing_of(cells["system"], catalogue)
    party = catalogue.find_party(cells["subject"])
    assert thing is not None
    assert party is not None
    low, high = (cells.get(name) for name in ("value_low", "value_high"))
    return Published(
        row.key,
        party.code,
        node_of(Item(category=thing.category, designation=thing.designation), catalogue).name,
        Interval(float(low) if low else None, float(high) if high else None),
        cells.get("period_or_asof", "not said"),
        cells["who_says"],
        cells.get("pub_date", "undated"),
    )


def cited(statements: Iterable[str], keys: Mapping[str, str]) -> str:
    """Return the rows that some statements are from."""
    return ", ".join(sorted({keys[name] for name in statements}))


def years(amount: Interval) -> str:
    """Write years with one digit behind the point."""
    ends = [None if end is None else f"{end:.1f}" for end in (amount.low, amount.high)]
    if ends[0] and ends[1]:
        return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return f"at least {ends[0]}" if ends[0] else (f"up to {ends[1]}" if ends[1] else "unknown")


def computed(found: Iterable[Replacement], keys: Mapping[str, str]) -> Iterator[str]:
    """Yield one line for each amount and rate."""
    yield "| of | amount | rate a year | own use a year | years, as told | 10 / 50 / 90 % | rows |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for one in found:
        amount = f"{one.amount.units} {'promised' if one.amount.promised else 'handed over'}"
        rate = f"{one.rate.units} ({one.rate.nature.value})"
        less = str(one.otherwise) if one.otherwise else "-"
        ends = (one.band.p10, one.band.p50, one.band.p90)
        band = " / ".join("never" if end is None else f"{end:.1f}" for end in ends)
        rows = cited(one.statements, keys)
        told_years = years(one.as_told)
        yield f"| {one.line} | {amount} | {rate} | {less} | {told_years} | {band} | {rows} |"


def beside(listed: Iterable[Published], result: Replacements) -> Iterator[str]:
    """Yield published times with the rate that each would need for the amount that is known."""
    amounts = {
        (line.parties, line.item): max(some, key=lambda amount: amount.units.floor)
        for line, some in result.amounts.items()
    }
    yield "| row | of | years | at | who says | told | rate a year that it means |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for one in listed:
        amount = amounts.get(((one.party,), one.item))
        implied = "amount unknown"
        if amount is not None:
            wanted = amount.units.floor
            ends = [f"{wanted / end:,.0f}" for end in (one.years.high, one.years.low) if end]
            implied = f"{' to '.join(dict.fromkeys(ends))} for {wanted:,.0f}"
        cells = (one.key, f"{one.item} of {one.party}", years(one.years), one.at, one.who, one.told)
        yield f"| {' | '.join(cells)} | {implied} |"


def orders(entries: Mapping[str, list[Entry]]) -> Iterator[str]:
    """Yield what is on order with its days, and the rate at which it has to be made."""
    for key, some in entries.items():
        for statement in (entry.statement for entry in some):
            span = span_of(statement.when)
            if statement.kind is not Kind.CONTRACT or statement.quantity is None or span is None:
                continue
            ordered = statement.quantity.low or 0.0
            rate = ordered / ((span[1] - span[0]).days / YEAR)
            name = statement.item.designation
            what = f"{ordered:,.0f} {name} ordered for {span[0]} to {span[1]}"
            yield f"\n{key}: {what}, which is {rate:,.0f} a year."


def outcome(
    known: list[Entry],
    result: Replacements,
    catalogue: Catalogue,
    keys: Mapping[str, str],
) -> Iterator[str]:
    """Yield by when the amounts were made again, by the output that was told since."""
    points = points_of(known, catalogue)[0]
    for key in sorted({point.key for point in points}):
        if key.measure is not SeriesMeasure.PRODUCTION or key.nature is not Nature.ACTUAL:
            continue
        series = Series.of([point for point in points if point.key == key])
        for amount in result.amounts.get(Line(key.parties, key.item, key.unit), ()):
            days = made_again_by(series, amount, DAY, TODAY)
            said = [str(day) if day else f"not by {TODAY}" for day in days]
            band = f"{said[1]} if all of it ran at the 90 % point, {said[2]} at the 10 % point"
            yield (
                f"- {amount.units} of {key.item} by {' and '.join(key.parties)}, all output from "
                f"{DAY} on: {said[0]} ({band}), by {cited(series.statements, keys)}"
            )


def sources(rows: Iterable[ReleaseRow]) -> Iterator[str]:
    """Yield each row that is named above: what it says, who says it, when and where."""
    yield "| row | figure | of | status | who says | told | where |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        cells = row.cells
        low, high = cells.get("value_low", ""), cells.get("value_high", "")
        value = low if low == high else f"{low or '?'} to {high or '?'}"
        figure = f"{cells['subject']} {cells['system']}, {cells['metric']}: {value} {cells['unit']}"
        host = urlsplit(row.url or "").hostname
        rest = (
            cells.get("period_or_asof", "-"),
            cells["status"],
            cells["who_says"],
            cells.get("pub_date", "-"),
            f"[{host}]({row.url})",
        )
        yield f"| {row.key} | {figure} | {' | '.join(rest)} |"


if __name__ == "__main__":
    main()
