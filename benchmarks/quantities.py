"""Measure the reading of quantities alone, beside quantulum3 and number-parser.

    make bench
    .venv-benchmark/bin/python benchmarks/quantities.py [--docs docs/quantities.md] [--misses]

data/quantities.jsonl holds phrases with what a person would code of them by the coding book: low
and high end, whether it is a count, a percentage, a rate or an amount of money, currency, period,
approximation. Pledgebook is asked for all of it. The other two are asked only for what they set out
to do, and only with phrases that lie within it:

- quantulum3 for figure and unit: the figures of each quantity in their order (a range of two and
  two single figures count alike), the currency of money, "percentage" of percentages. Not for
  bounds, approximations, vague plurals, abbreviations of magnitudes and currencies outside its
  lists, or "pounds", for which it wants its classifier. A span of time that it finds in a rate
  ("a month"), and what stands in brackets as a conversion, do not count against it. Names and
  dates, which it takes for quantities, are shown apart.
- number-parser for the value of numbers written in words, put in their place in the text.

Beside the share of each stands what Pledgebook makes of the same phrases by the same yardstick. A
peer that is not installed is left out. The exit status is 1 where Pledgebook reads less than
--floor of all phrases rightly.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pledgebook.reading.quantities.dates import find_dates
from pledgebook.reading.quantities.money import find_money
from pledgebook.reading.quantities.numbers import find_numbers, find_rates

DATA = Path(__file__).parent / "data" / "quantities.jsonl"
FLOOR = 0.98
NAMES = "ordinals, dates, names"
"""The group of what only looks like a quantity."""


@dataclass(frozen=True)
class Found:
    """One quantity: its interval and what it is of; `converted` says an amount again."""

    kind: str
    low: float | None
    high: float | None
    currency: str | None = None
    per: str | None = None
    approx: bool = False
    converted: bool = False


@dataclass(frozen=True)
class Phrase:
    """A phrase and its coding; `figures` are its bare figures, None where it names none."""

    group: str
    text: str
    quantities: tuple[Found, ...]
    figures: tuple[float, ...] | None
    words: bool
    peers: bool


@dataclass(frozen=True)
class Figure:
    """A figure and its unit as a peer can tell it: a currency, "percent", or nothing."""

    values: tuple[float, ...]
    unit: str | None


def phrases(path: Path = DATA) -> list[Phrase]:
    """Read the phrases and their coding."""
    lines = path.read_text("utf-8").splitlines()
    return [_phrase(json.loads(line)) for line in lines]


def _phrase(record: Mapping[str, Any]) -> Phrase:
    figures = record["figures"]
    return Phrase(
        group=record["group"],
        text=record["text"],
        quantities=tuple(Found(**quantity) for quantity in record["quantities"]),
        figures=None if figures is None else tuple(figures),
        words=record["words"],
        peers=record["peers"],
    )


_NOUN = re.compile(r" [a-z]+ (?:[a-z]+ )?")


def pledgebook(text: str) -> tuple[Found, ...]:
    """Read the quantities of a text with Pledgebook, in order of place.

    As in a sentence, a rate belongs to the number before it, with its noun between the two.
    """
    money, dates = find_money(text), find_dates(text, None)
    taken = [(m.start, m.end) for m in money] + [(m.start, m.end) for m in dates]
    rates = find_rates(text)
    found = [
        (
            m.start,
            Found("money", m.low, m.high, m.currency, m.per, approx=False, converted=m.converted),
        )
        for m in money
    ]
    for m in find_numbers(text, exclude=sorted(taken)):
        if m.kind in ("cardinal", "vague", "percent"):
            later = (r.per for r in rates if _NOUN.fullmatch(text, m.end, r.start))
            per = m.per or next(later, None)
            kind = "percent" if m.kind == "percent" else "rate" if per else "count"
            found.append((m.start, Found(kind, m.low, m.high, None, per, m.approx)))
    return tuple(quantity for _, quantity in sorted(found, key=lambda pair: pair[0]))


def unit_of(quantity: Found) -> str | None:
    """Return what a figure is of, as far as the peers can tell it."""
    return (
        quantity.currency
        if quantity.kind == "money"
        else ("percent" if quantity.kind == "percent" else None)
    )


def figures_of(quantities: Sequence[Found]) -> list[Figure]:
    """Return the figures of what was found, conversions left out, of a bound its one end."""
    kept = [quantity for quantity in quantities if not quantity.converted]
    return [
        Figure(tuple(dict.fromkeys(e for e in (q.low, q.high) if e is not None)), unit_of(q))
        for q in kept
    ]


def expected_figures(phrase: Phrase) -> list[Figure]:
    """Return the figures that a peer is asked for."""
    given = [quantity for quantity in phrase.quantities if not quantity.converted]
    if len(given) == 1 and phrase.figures is not None:
        return [Figure(phrase.figures, unit_of(given[0]))]
    return figures_of(given)


@cache
def _quantulum() -> Any:  # noqa: ANN401  the library has no types
    try:
        from quantulum3 import load, parser
    except ImportError:
        return None
    codes = {
        name: unit.currency_code
        for name, unit in load.units().names.items()
        if unit.entity.name == "currency"
    }
    return parser, codes


_COUNTED = {"dozen": 12.0, "score": 20.0}


def quantulum3(phrase: Phrase) -> list[Figure]:
    """Read the figures of a phrase with quantulum3, spans of time in rates left out."""
    parser, codes = _quantulum()
    rates = any(quantity.per for quantity in phrase.quantities)
    found = []
    for quantity in parser.parse(phrase.text):
        bases = [dimension["base"] for dimension in quantity.unit.dimensions]
        if rates and quantity.unit.entity.name == "time":
            continue
        size = _COUNTED.get(quantity.unit.name, 1.0)
        wide = quantity.uncertainty or 0.0
        ends = (quantity.value - wide, quantity.value + wide) if wide else (quantity.value,)
        unit = next((codes[base] for base in bases if codes.get(base)), None)
        if quantity.unit.name in ("percentage", "per cent"):
            unit = "percent"
        found.append(Figure(tuple(end * size for end in ends), unit))
    return found


def number_parser(phrase: Phrase) -> list[float]:
    """Read the numbers in words of a phrase with number-parser."""
    from number_parser import parse

    return [float(figure) for figure in re.findall(r"\d+(?:\.\d+)?", parse(phrase.text))]


def same(found: Sequence[Figure], expected: Sequence[Figure], *, more: bool = False) -> bool:
    """Tell whether figures and units agree; with `more` others may stand between them."""
    rest = _single(found)
    for figure in _single(expected):
        place = next((i for i, one in enumerate(rest) if _alike(one, figure)), None)
        if place is None:
            return False
        rest = rest[place + 1 :] if more else [*rest[:place], *rest[place + 1 :]]
    return more or not rest


def _single(figures: Sequence[Figure]) -> list[Figure]:
    return [Figure((value,), figure.unit) for figure in figures for value in figure.values]


def _alike(one: Figure, other: Figure) -> bool:
    close = len(one.values) == len(other.values) and all(
        abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1.0)
        for a, b in zip(one.values, other.values, strict=True)
    )
    return close and one.unit == other.unit


# Magnitudes, groupings and names that are in none of its lists.
_OUTSIDE = re.compile(
    r"\d[ \u00a0]?(?:mn|mln|mil|Mio|bn|bln|tn|m)\b|\d B\b|lakh|crore|couple|pair of|trio|score of"
    r"|million pounds|\d['\u2019\u2009\u202f\u00a0]\d|\d\.\d{3}\.\d|\d,\d\d,"
)


def asked_of_quantulum3(phrase: Phrase) -> bool:
    """Tell whether a phrase lies within what quantulum3 sets out to do."""
    _, codes = _quantulum()
    currencies = {q.currency for q in phrase.quantities if q.kind == "money" and not q.converted}
    known = currencies <= set(codes.values()) - {None}
    return bool(phrase.peers and phrase.figures and known and not _OUTSIDE.search(phrase.text))


@dataclass(frozen=True)
class Answer:
    """How one phrase was read: by Pledgebook in full, and by each peer that was asked."""

    phrase: Phrase
    full: bool
    figure: bool
    words: bool
    quantulum3: bool | None
    number_parser: bool | None


def answer(phrase: Phrase, peers: Sequence[str]) -> Answer:
    """Let all readers read a phrase, and compare."""
    read = pledgebook(phrase.text)
    expected = expected_figures(phrase)
    converts = any(quantity.converted for quantity in phrase.quantities)
    flat = [value for figure in figures_of(read) for value in figure.values]
    rival = worded = None
    if "quantulum3" in peers and asked_of_quantulum3(phrase):
        rival = same(quantulum3(phrase), expected, more=converts)
    if "number-parser" in peers and phrase.words:
        worded = number_parser(phrase) == list(phrase.figures or ())
    return Answer(
        phrase=phrase,
        full=read == phrase.quantities,
        figure=same(_as_written(read, phrase), expected),
        words=flat == list(phrase.figures or ()),
        quantulum3=rival,
        number_parser=worded,
    )


def _as_written(read: Sequence[Found], phrase: Phrase) -> list[Figure]:
    """Return the figures read; those of "every two weeks" as they were written."""
    if read == phrase.quantities:
        return expected_figures(phrase)
    return figures_of(read)


def installed() -> list[str]:
    """Return the peers that can be asked."""
    return [name for name in ("quantulum3", "number-parser") if _version(name)]


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def share(
    answers: Sequence[Answer], right: Callable[[Answer], bool], asked: Callable[[Answer], bool]
) -> str:
    """Return "right of asked" for a cell of the table; nothing where nothing was asked."""
    concerned = [one for one in answers if asked(one)]
    return f"{sum(map(right, concerned))} of {len(concerned)}" if concerned else ""


def markdown(answers: Sequence[Answer], peers: Sequence[str]) -> str:
    """Write the table, a row a group, and what was found in names and dates."""
    head = ["group", "phrases", "Pledgebook, all fields"]
    columns: list[Callable[[Sequence[Answer]], str]] = [
        lambda rows: str(len(rows)),
        lambda rows: str(sum(one.full for one in rows)),
    ]
    if "quantulum3" in peers:
        head += ["quantulum3, figure and unit", "Pledgebook on these"]
        asked = lambda one: one.quantulum3 is not None  # noqa: E731
        columns += [
            lambda rows: share(rows, lambda one: bool(one.quantulum3), asked),
            lambda rows: share(rows, lambda one: one.figure, asked),
        ]
    if "number-parser" in peers:
        head += ["number-parser, numbers in words", "Pledgebook on these"]
        worded = lambda one: one.number_parser is not None  # noqa: E731
        columns += [
            lambda rows: share(rows, lambda one: bool(one.number_parser), worded),
            lambda rows: share(rows, lambda one: one.words, worded),
        ]
    groups = list(dict.fromkeys(one.phrase.group for one in answers))
    lines = ["| " + " | ".join(head) + " |", "| --- " + "| --: " * (len(head) - 1) + "|"]
    for group in [*groups, "all"]:
        rows = [one for one in answers if group in ("all", one.phrase.group)]
        cells = [column(rows) for column in columns]
        lines.append("| " + " | ".join([group, *cells]) + " |")
    return "\n".join(lines)


def false_finds(answers: Sequence[Answer], peers: Sequence[str]) -> str:
    """Say in how many of the names and dates each reader finds a quantity."""
    traps = [one.phrase for one in answers if one.phrase.group == NAMES and one.phrase.peers]
    said = [f"Pledgebook finds one in {sum(bool(pledgebook(p.text)) for p in traps)}"]
    if "quantulum3" in peers:
        said.append(f"quantulum3 in {sum(bool(quantulum3(p)) for p in traps)}")
    return f"Of {len(traps)} phrases with ordinals, dates and names only, {', '.join(said)}."


def write_docs(path: Path, table: str) -> None:
    """Put the table between the marks of a page."""
    text = path.read_text("utf-8")
    start, end = "<!-- figures: start -->", "<!-- figures: end -->"
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    path.write_text(f"{before}{start}\n{table}\n{end}{after}", "utf-8")


def main() -> None:
    """Print the table; with --misses what was not read rightly."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--docs", type=Path, metavar="FILE.md", help="put the table into this page")
    parser.add_argument("--misses", action="store_true", help="list what was not read rightly")
    parser.add_argument("--floor", type=float, default=FLOOR, help="least share of Pledgebook")
    args = parser.parse_args()
    peers = installed()
    answers = [answer(phrase, peers) for phrase in phrases()]
    versions = ", ".join(f"{name} {_version(name)}" for name in ("pledgebook", *peers))
    made = f"{markdown(answers, peers)}\n\n{false_finds(answers, peers)} ({versions})"
    print(made)
    if args.docs is not None:
        write_docs(args.docs, made)
    if args.misses:
        for one in answers:
            wrong = [
                name
                for name, right in (
                    ("Pledgebook", one.full),
                    ("quantulum3", one.quantulum3),
                    ("number-parser", one.number_parser),
                )
                if right is False
            ]
            if wrong:
                print(f"{', '.join(wrong)}: {one.phrase.text!r}")
            if not one.full:
                print("   ", pledgebook(one.phrase.text))
    right = sum(one.full for one in answers) / len(answers)
    if right < args.floor:
        sys.exit(f"Pledgebook reads {right:.1%} of the phrases rightly, less than {args.floor:.0%}")


if __name__ == "__main__":
    main()
