"""What in a ledger, or in an imported release, cannot be so or should be looked at.

Nothing is corrected or left out: each finding names what it rests on and how to mend it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pledgebook.ledger.answers.dating import date_findings
from pledgebook.ledger.answers.findings import Finding, Severity, Subject
from pledgebook.ledger.answers.plausible import Plausible
from pledgebook.ledger.answers.sizes import size_findings
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.money.convert import Converter
from pledgebook.ledger.records import Entry, commitment_id
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.wording import amount, check_line, commitment_line
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["STALE_DAYS", "check_all"]

STALE_DAYS = 365
"""Without a promised date and without news for so many days, a promise is stale."""

_PROMISED = (Stage.PLEDGED, Stage.ON_ORDER)
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


def check_all(
    subject: Subject,
    catalogue: Catalogue,
    plausible: Plausible,
    converter: Converter,
    *,
    stale_days: int = STALE_DAYS,
) -> list[Finding]:
    """Return all findings, errors first."""
    found = [*_totals(subject), *size_findings(subject, catalogue, plausible, converter)]
    found += date_findings(subject, plausible)
    for one in subject.commitments:
        found += _above(one, subject.entries)
    if subject.source == "reports":
        found += _stale(subject.commitments, subject.today, stale_days)
        found += _doubts(subject.commitments)
    if subject.source == "release":
        # A row's undertaking is no part of the ledger of reports: it has no id there.
        found = [replace(one, ids=tuple(i for i in one.ids if i[0] != "c")) for one in found]
    return sorted(found, key=lambda one: (_SEVERITIES.index(one.severity), one.code, one.ids))


def _totals(subject: Subject) -> Iterator[Finding]:
    wanted = {one.id for one in subject.commitments}
    for check in subject.totals:
        ids = (check.statement, *check.commitments)
        if wanted.isdisjoint(check.commitments):
            continue
        if check.verdict == "falls-short":
            yield Finding(
                "warning",
                "total-below-sum",
                f"{check.covers}: {check_line(check)}: something may be counted twice",
                ids,
                "Open the commitments; where two are one, `pledgebook judge same`",
            )
        elif check.verdict == "exceeds":
            yield Finding(
                "note",
                "total-above-sum",
                f"{check.covers}: {check_line(check)}: reports of single undertakings are missing",
                ids,
                "Read more reports, or leave it as it is",
            )


def _above(one: Commitment, entries: Mapping[str, Entry]) -> Iterator[Finding]:
    delivered = one.stages.get(Stage.DELIVERED)
    promised = [one.stages[stage] for stage in _PROMISED if stage in one.stages]
    if delivered is None or not promised:
        return
    sizes = [
        (figure.quantity, delivered.quantity, figure.unit)
        for figure in promised
        if figure.unit == delivered.unit and figure.quantity.known
    ]
    money = [
        (figure.money[code], amount, code)
        for figure in promised
        for code, amount in delivered.money.items()
        if code in figure.money
    ]
    for pairs in (sizes, money):
        if pairs and all(_exceeds(handed, given) for given, handed, _ in pairs):
            given, handed, unit = max(pairs, key=lambda pair: pair[0].high or 0.0)
            statements = (
                *delivered.prevailing,
                *(name for it in promised for name in it.prevailing),
            )
            about = any(_is_about(entries[name]) for name in statements)
            yield Finding(
                "warning" if about else "error",
                "delivered-above-promised",
                f"{_who(one)}: delivered {amount(handed, unit)}, promised {amount(given, unit)}",
                (one.id, *statements),
                "Open it; one delivery told twice is judged `same`, a wrong figure `wrong`",
            )


def _exceeds(handed: Interval, given: Interval) -> bool:
    return given.high is not None and handed.low is not None and handed.low > given.high


def _is_about(entry: Entry) -> bool:
    return bool(entry.statement.quantity and entry.statement.quantity.approx)


def _stale(commitments: Sequence[Commitment], today: dt.date, days: int) -> Iterator[Finding]:
    """Yield one finding for each giver, with all its promises that have gone quiet."""
    by_giver: dict[tuple[str, ...], list[Commitment]] = defaultdict(list)
    for one in commitments:
        if _is_stale(one, today, days):
            by_giver[one.donors].append(one)
    for giver, quiet in by_giver.items():
        quiet.sort(key=lambda one: (one.last, one.id))
        silent = [(today - one.last).days for one in quiet]
        if len(quiet) == 1:
            told = f"{commitment_line(quiet[0])}: no date was promised, and nothing was heard for"
            told += f" {silent[0]:,} days"
        else:
            items = ", ".join(dict.fromkeys(one.item for one in quiet))
            least, most = f"{silent[-1]:,}", f"{silent[0]:,}"
            told = f"{' and '.join(giver) or 'someone'}: of {len(quiet):,} promises without a date "
            told += f"nothing was heard for {least if least == most else f'{least} to {most}'} days"
            told += f", the longest first: {items}"
        ids = tuple(one.id for one in quiet)
        reports = "it" if len(quiet) == 1 else "them"
        yield Finding("warning", "stale", told, ids, f"Look for newer reports of {reports}")


def _is_stale(one: Commitment, today: dt.date, days: int) -> bool:
    left = one.outstanding
    if left is None or one.due is not None or (today - one.last).days <= days:
        return False
    return not (Stage.DELIVERED in one.stages and left.high == 0)


def _doubts(commitments: Sequence[Commitment]) -> Iterator[Finding]:
    by_id = {one.id: one for one in commitments}
    home = {name: one.id for one in commitments for name in one.statements}
    seen = set()
    for one in commitments:
        for doubt in one.doubts:
            other = home.get(doubt.anchor, commitment_id(doubt.anchor))
            pair = tuple(sorted((one.id, other)))
            if pair in seen or other == one.id:
                continue
            seen.add(pair)
            beside = f" and {commitment_line(by_id[other])}" if other in by_id else ""
            yield Finding(
                "warning",
                "may-be-one",
                f"{commitment_line(one)}{beside}: may be one undertaking, score {doubt.score:.2f}",
                (*pair, doubt.statement, doubt.other),
                f"`pledgebook judge same` or `different` {pair[0][:12]} {pair[1][:12]}",
            )


def _who(one: Commitment) -> str:
    return f"{' and '.join(one.donors) or 'someone'}, {one.item}"
