"""What lies ahead: forecasts of the items of which enough is told, and why there is none of others.

Only where a day up to which to look ahead was asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.forecast import Caveat, Forecast, Measure, Outlook
from pledgebook.ledger.told import OBSERVED, observed
from pledgebook.reporting.extras import require
from pledgebook.reporting.forecast_words import answer_lines, distinct_sources, head_line, subject
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.report.fans import fans, steps_table
from pledgebook.reporting.report.model import Block, Line, Lines, Reference, Section
from pledgebook.reporting.report.noting import SeriesNote
from pledgebook.reporting.report.quoting import Quoting
from pledgebook.reporting.report.scope import Scope, category
from pledgebook.vocabulary.statement import Kind

__all__ = ["Ahead", "ahead", "know_series"]

_KINDS = OBSERVED | {Kind.DELIVERY, Kind.REQUEST}
_TELLS = (Measure.STOCK, Measure.NEEDED, Measure.GAP)
_MOST_REFS = 40


@dataclass(slots=True)
class Ahead:
    """The section, sentences for the beginning of the report, and the series under it."""

    section: Section
    short: list[Line] = field(default_factory=list)
    rests_on: set[Reference] = field(default_factory=set)
    series: dict[Reference, SeriesNote] = field(default_factory=dict)


def ahead(scope: Scope, quoting: Quoting) -> Ahead | None:
    """Return the forecasts up to the day that was asked for; None where none was.

    Raises UsageError where that day has passed.
    """
    until = scope.wishes.until
    if until is None:
        return None
    title = "What lies ahead"
    try:
        require("forecast", "a forecast", ("numba", "scipy"))
    except UsageError as error:
        return Ahead(Section("ahead", title, (Lines((Line(f"There is no forecast: {error}"),)),)))
    asked, found, without = list(_candidates(scope)), [], []
    for item, recipient in asked:
        scope.wishes.stage(f"forecasting {item}")
        try:
            one = scope.book.forecaster.forecast(
                item,
                until,
                recipient=recipient,
                as_of=scope.wishes.as_of,
                assume=scope.wishes.assume,
            )
        except NotFoundError as error:
            without.append(Line(f"{error.what}.", strong=category(item)))
            continue
        if any(measure in its.bands for its in one.outlooks.values() for measure in _TELLS):
            found.append(one)
        else:
            whys = (_why(scope, one) for one in one.caveats if not one.said)
            why = "; ".join(whys)
            without.append(Line(f"{why}.", strong=subject(one, scope.names)))
        if len(found) == scope.limits.forecasts:
            break
    kept = Ahead(Section("ahead", title))
    parts = [_part(scope, number, one, kept) for number, one in enumerate(found, 1)]
    kept.series = know_series(scope, quoting, kept.rests_on, scope.wishes.as_of)
    left = len(asked) - len(found) - len(without)
    if left > 0:
        without.append(Line(f"{left:,} more items, for want of room.", strong="Not looked at"))
    if not asked:
        text = "No report tells what is held or used up: nothing can be said of what lies ahead."
        without.append(Line(text))
    blocks: tuple[Block, ...] = ()
    if found:
        blocks = (Lines((Line(_HOW),), quiet=True),)
    if without:
        parts.append(
            Section(
                "ahead-without", "What cannot be forecast", (Lines(tuple(without), listed=True),)
            )
        )
    kept.section = Section("ahead", title, blocks, tuple(parts))
    return kept


_HOW = (
    "A forecast is a range, not a number: from what reports tell of stocks, use and output, and "
    "from how late promises came so far, thousands of courses are drawn. The line is the median, "
    "the dark band holds half of the draws, the light one 8 of 10. What no report tells is not "
    "taken for zero: it is named below each forecast."
)


def _why(scope: Scope, one: Caveat) -> str:
    return f"{scope.named(one.about)}: {scope.named(one.why).rstrip('.')}"


def _candidates(scope: Scope) -> Iterator[tuple[str, str | None]]:
    """Yield the items that a level is told of for who gets them, with their recipients."""
    takers = {
        one.recipient
        for one in scope.commitments
        if one.recipient is not None and one.recipient not in one.donors
    }
    if scope.wishes.item is not None:
        asked = scope.only.recipient
        yield scope.wishes.item, asked
        return
    if scope.only.recipient is not None:
        takers = {scope.only.recipient}
    book = scope.book.forecaster.series(as_of=scope.wishes.as_of)
    found = {
        (one.key.item, one.key.parties[0])
        for one in book.series
        if len(one.key.parties) == 1
        and one.key.parties[0] in takers
        and one.key.measure.value in ("stock", "expenditure")
        and one.has_band
    }
    yield from sorted(found)


def _part(scope: Scope, number: int, forecast: Forecast, kept: Ahead) -> Section:
    title = subject(forecast, scope.names)
    outlook: Outlook | None = next(iter(forecast.outlooks.values()), None)
    answers = [scope.named(line) for line in answer_lines(forecast, outlook)]
    sources = distinct_sources(forecast)
    for source, _ in sources:
        if source.kind == "series" and source.id is not None:
            kept.rests_on.add(source.id)
    refs = tuple(source.id for source, _ in sources if source.id is not None)[:_MOST_REFS]
    # Without a day on which it runs dry, what is needed says more than that there is none.
    first = answers[0] if outlook is not None and outlook.run_dry is not None else answers[-1]
    kept.short.append(Line(first, refs, strong=title))
    blocks: list[Block] = [
        Lines(tuple(Line(text, refs if not at else ()) for at, text in enumerate(answers)))
    ]
    if outlook is not None:
        blocks += fans(forecast, outlook)
        blocks.append(Lines((Line(head_line(forecast, scope.names)),), quiet=True))
    assumed = [source for source, _ in sources if source.kind == "assumption"]
    lines = [Line(f"{scope.named(one.says)}.", strong="Assumed") for one in assumed]
    lines += [
        Line(
            f"{_why(scope, one)}.",
            scope.named_ids(one.why),
            strong="Said with care" if one.said else "Cannot be said",
        )
        for one in forecast.caveats
    ]
    if lines:
        blocks.append(Lines(tuple(lines), listed=True))
    if outlook is not None:
        blocks.append(steps_table(forecast, outlook))
    return Section(f"ahead-{number}", title, tuple(blocks))


def know_series(
    scope: Scope,
    quoting: Quoting,
    names: Iterable[Reference],
    as_of: dt.date | None,
) -> dict[Reference, SeriesNote]:
    """Return what some series are called and rest on, and make their statements quotable."""
    wanted = {*names}
    if not wanted:
        return {}
    quoting.know({one.id: one for one in observed(scope.store, as_of=as_of, kinds=_KINDS)})
    found = {}
    for one in scope.book.forecaster.series(as_of=as_of).series:
        if one.id in wanted:
            key = one.key
            to = f" to {scope.names.of(key.recipient)}" if key.recipient else ""
            item = one_line(key.item.rpartition("/")[2])
            title = f"{scope.party(key.parties)}{to}: {key.measure.value} of {category(item)}"
            found[one.id] = (title, one.statements)
    return found
