"""What reports say against each other, and what cannot be so or should be looked at."""

from __future__ import annotations

from collections import Counter

from pledgebook.ledger.answers.contradictions import Clash
from pledgebook.ledger.answers.findings import Finding
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.report.figures import counted
from pledgebook.reporting.report.model import Claim, Claims, Line, Lines, Said, Section
from pledgebook.reporting.report.quoting import Quoting
from pledgebook.reporting.report.scope import Scope

__all__ = ["checks", "contradictions"]

_SAID = 4
_REFS = 12

# What each severity of a check means to a reader who does not know the program.
_TAGS = {"error": "cannot be so", "warning": "look at it", "note": "to know"}


def contradictions(scope: Scope, quoting: Quoting) -> Section:
    """Return the reports that cannot all be true, with their sentences side by side."""
    found = scope.book.answers.contradictions(**scope.question)
    shown = found[: scope.limits.clashes]
    if not found:
        text = "As far as reports tell, none of them contradicts another."
        return Section("contradictions", "Contradictions", (Lines((Line(text),)),))
    claims = tuple(_clash(scope, quoting, one) for one in shown)
    rest = len(found) - len(shown)
    more = f"And {rest:,} more, which stand in the notes of their undertakings." if rest else ""
    care = (
        "The first sentence of each prevails in the figures of this report: the newest firm "
        "report, or a correction. Nothing is averaged, and the others are not thrown away."
    )
    return Section(
        "contradictions", "Contradictions", (Lines((Line(care),), quiet=True), Claims(claims, more))
    )


def _clash(scope: Scope, quoting: Quoting, clash: Clash) -> Claim:
    one = clash.commitment
    said: list[Said] = [quoting.said(name) for name in clash.statements[:_SAID]]
    refs = [one.id, *([clash.other] if clash.other else [])]
    stage = clash.stage.value.replace("_", " ")
    return Claim(scope.title(one), f"{stage}: {scope.named(clash.says)}.", tuple(refs), tuple(said))


def checks(scope: Scope) -> Section:
    """Return what a check of all figures found, what cannot be so first."""
    found = scope.book.answers.check(**scope.question)
    counts = Counter(one.severity for one in found)
    told = [one for one in found if one.severity != "note"]
    shown = told[: scope.limits.findings]
    if not told:
        text = "Checked were sums, dates, sizes and doubles: nothing amiss was found."
        return Section("checks", "Checks that fail", (Lines((Line(text),)),))
    claims = tuple(_finding(scope, one) for one in shown)
    rest = len(told) - len(shown)
    lead = (
        f"Of the checks of sums, dates, sizes and doubles, "
        f"{counted(counts['error'], 'tells of something', 'tell of something')} that cannot be so, "
        f"and {counts['warning']:,} of something to be looked at"
    )
    lead += f"; {counts['note']:,} more are only to know and not shown." if counts["note"] else "."
    more = f"And {rest:,} more, for which there is no room." if rest else ""
    return Section("checks", "Checks that fail", (Lines((Line(lead),)), Claims(claims, more)))


def _finding(scope: Scope, one: Finding) -> Claim:
    refs = dict.fromkeys(
        name if name.startswith("c") else scope.ledger.home.get(name, name) for name in one.ids
    )
    known = [name for name in refs if name in scope.by_id or name in scope.ledger.entries]
    lead, text = "", scope.named(one.what)
    if one.code == "may-be-one":
        lead = "Perhaps counted twice"
    return Claim(lead, f"{one_line(text)}.", tuple(known[:_REFS]), tag=_TAGS[one.severity])
