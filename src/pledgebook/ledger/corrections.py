"""A later report puts an earlier figure right, or tells that the undertaking was changed.

The figure is replaced and both are kept. What a text says of itself ("not 8 but 14") replaces every
earlier figure of the stage; where a source merely gives another figure later, only its own earlier
one is replaced. What other people's reports say against it stays a contradiction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pledgebook.ledger.cases import Case
from pledgebook.ledger.cues import Cues, load_cues
from pledgebook.ledger.intervals import Interval
from pledgebook.vocabulary.statement import Scope

__all__ = ["Corrected", "Correction", "Size", "corrected_by", "correction_in", "retracted"]

Size = Callable[[Case], Interval | None]
"""The figure of a statement that is compared: its quantity, or its money of one currency."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure that took the place of another: what it was, what it is, which statements say so.

    `stage` is named as in `Stage`; `unit` is a unit or a currency. `statement` gives the new
    figure, `superseded` gave the old one.
    """

    stage: str
    was: Interval
    now: Interval
    unit: str | None
    statement: str
    superseded: str
    reason: str


@dataclass(slots=True)
class Corrected:
    """Which statements of a stage were superseded, and which repeat what was superseded."""

    found: list[Correction] = field(default_factory=list)
    out: set[str] = field(default_factory=set)
    """Statements whose figure no longer counts."""
    retracted: set[str] = field(default_factory=set)
    """Of those, the ones by which a correction itself names the figure that it takes back."""

    def add(self, other: Corrected) -> None:
        """Take over what was found of another unit."""
        self.found += other.found
        self.out |= other.out
        self.retracted |= other.retracted


def corrected_by(
    stage: str,
    cases: Sequence[Case],
    size: Size,
    unit: str | None,
    *,
    done: Interval | None = None,
    cues: Cues | None = None,
) -> Corrected:
    """Find what later reports of one stage correct; `cases` come earliest first.

    A report after the correction that still gives the old figure has not heard of it: it does not
    bring the figure back. `done` is what was delivered: what gives the rest after it corrects
    nothing. Without it, only what texts say of themselves is found.
    """
    sizes = [size(case) for case in cases]
    if len({one for one in sizes if one is not None}) < 2:
        return Corrected()
    cues = cues or load_cues()
    back = retracted(cases, size, cues)
    result = Corrected(out=set(back), retracted=back)
    old: set[Interval] = set()
    sources: dict[str, list[int]] = {}
    for place, (case, now) in enumerate(zip(cases, sizes, strict=True)):
        if now is None or not now.known or case.id in back:
            continue
        reason = _reason(case, cues)
        if reason is None and now in old:
            result.out.add(case.id)
            continue
        source = _source(case)
        own = sources.setdefault(source, []) if source is not None else []
        for at in range(place) if reason is not None else list(own) if done is not None else ():
            earlier, was = cases[at], sizes[at]
            if earlier.id in result.out or was is None or was.meets(now):
                continue
            if earlier.entry.document == case.entry.document:
                continue
            says = reason
            if says is None and done is not None and was.minus(done) != now:
                says = _restated(earlier, case, cues)
            if says is None:
                continue
            result.out.add(earlier.id)
            result.found.append(Correction(stage, was, now, unit, case.id, earlier.id, says))
            if reason is not None:
                old.add(was)
        own.append(place)
        old.discard(now)
    return result


def _source(case: Case) -> str | None:
    """Return who says it: the person or body, or else the outlet."""
    speaker = case.entry.statement.speaker
    return speaker.casefold() if speaker else case.entry.outlet


def retracted(cases: Sequence[Case], size: Size, cues: Cues) -> set[str]:
    """Return the statements by which a correction names the figure that it takes back.

    "Eight tanks, not 14" may be read as both: the figure that was known before is the old one.
    """
    out: set[str] = set()
    known: set[Interval] = set()
    documents: dict[str, list[Case]] = {}
    for case in cases:
        if size(case) is not None:
            documents.setdefault(case.entry.document, []).append(case)
    if len(documents) < 2:
        return out
    for found in documents.values():
        sizes = {size(case) for case in found}
        taken_back = len(sizes) > 1 and sizes & known and sizes - known
        if taken_back and any(correction_in(case, cues) for case in found):
            out |= {case.id for case in found if size(case) in known}
        known |= {amount for amount in sizes if amount is not None}
    return out


def correction_in(case: Case, cues: Cues) -> bool:
    """Tell whether a statement's own words, or those around it, call it a correction."""
    return case.entry.corrects or cues.has("corrected", case.entry.statement.evidence.quote)


def _reason(case: Case, cues: Cues) -> str | None:
    """Return why a report replaces what was said before, if its own words say that it does."""
    if case.scope is Scope.TOTAL:
        return None
    if correction_in(case, cues):
        return cues.says.corrected
    quote = case.entry.statement.evidence.quote
    return cues.says.changed if cues.has("changed", quote) else None


def _restated(earlier: Case, later: Case, cues: Cues) -> str | None:
    """Return why a source that gives another figure replaces its own earlier one, if it does."""
    if earlier.entry.counted >= later.entry.counted or Scope.TOTAL in (earlier.scope, later.scope):
        return None
    if earlier.span and later.span and earlier.when != later.when:
        # Two dates are two acts, and no second word on one.
        return None
    source = later.entry.statement.speaker or later.entry.outlet
    return cues.says.restated.format(source=source)
