"""Quantities that cannot be: beyond what anybody gives, or beyond what the money buys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pledgebook.ledger.answers.findings import Finding, Severity, Subject
from pledgebook.ledger.answers.plausible import Bound, Plausible
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.money.convert import Converter, Occasion
from pledgebook.ledger.records import Entry
from pledgebook.ledger.wording import statement_line
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Money, Scope

__all__ = ["size_findings"]

_FAR_BEYOND = 10
_PACKAGE = "-aid"
_MEND = (
    "Read it in its source; a wrong figure is judged `wrong`, or put right with "
    "`pledgebook judge correct`"
)


def size_findings(
    subject: Subject, catalogue: Catalogue, plausible: Plausible, converter: Converter
) -> Iterator[Finding]:
    """Yield the quantities of commitments that are implausible, each once for a commitment."""
    packages = _packages(subject)
    for one in subject.commitments:
        found: dict[str, Finding] = {}
        for name in one.statements:
            entry = subject.entries[name]
            bound = _bound(entry, one, catalogue, plausible)
            if bound is None or entry.statement.scope is Scope.TOTAL:
                continue
            for finding in _findings(
                entry, one, bound, packages.get(_place(entry, subject), ()), converter
            ):
                # Several reports of one wrong figure are one finding.
                earlier = found.get(finding.code)
                if earlier is None or (earlier.severity != "error" and finding.severity == "error"):
                    found[finding.code] = finding
        yield from found.values()


def _bound(
    entry: Entry, one: Commitment, catalogue: Catalogue, plausible: Plausible
) -> Bound | None:
    quantity = entry.statement.quantity
    if quantity is None or quantity.per is not None:
        return None
    category = entry.statement.item.category
    item = catalogue.item_for(category, entry.statement.item.designation)
    item_id = item.id if item is not None else one.item_id
    return plausible.bound_of(category, item_id, quantity.unit, catalogue)


def _findings(
    entry: Entry,
    one: Commitment,
    bound: Bound,
    packages: Sequence[Entry],
    converter: Converter,
) -> Iterator[Finding]:
    said = statement_line(entry.statement)
    number = Interval.of(entry.statement.quantity)
    ids = (one.id, entry.id, entry.document)
    if number.floor > bound.most:
        yield Finding(
            "error" if number.floor > bound.most * _FAR_BEYOND else "warning",
            "too-many",
            f"{said}: more than {bound.most:,.0f} {bound.unit}s in one undertaking "
            f"({bound.because})",
            ids,
            _MEND,
        )
    own = entry.statement.money
    if own is not None and own.per is None:
        yield from _own_price(entry, own, bound, converter, ids)
        return
    near = [one for one in packages if one.statement.actors == entry.statement.actors]
    beside = [one for one in near if one.document == entry.document]
    # What other rows of a package say may leave out this one: no more than a reason to look.
    yield from _package_price(
        entry, beside or near, bound, converter, ids, "error" if beside else "warning"
    )


def _own_price(
    entry: Entry, money: Money, bound: Bound, converter: Converter, ids: tuple[str, ...]
) -> Iterator[Finding]:
    """Hold the price that number and money come to against what one unit may cost."""
    dollars = _dollars(entry, money, converter)
    number = Interval.of(entry.statement.quantity)
    said = statement_line(entry.statement)
    if number.floor > 0 and dollars.high is not None:
        most = dollars.high / number.floor
        if most < bound.price_low:
            what = f"{said}: at most ${_short(most)} {_too_little(bound)}"
            yield Finding("error", "too-cheap", what, ids, _MEND)
    if number.high and dollars.low is not None:
        least = dollars.low / number.high
        if least > bound.price_high:
            what = (
                f"{said}: at least ${_short(least)} for each {bound.unit}, and "
                f"${_short(bound.price_high)} is the most that one costs ({bound.because})"
            )
            yield Finding("error", "too-dear", what, ids, _MEND)


def _package_price(
    entry: Entry,
    packages: Sequence[Entry],
    bound: Bound,
    converter: Converter,
    ids: tuple[str, ...],
    severity: Severity,
) -> Iterator[Finding]:
    """Ask whether all the money of a package would buy so many of one thing in it."""
    number = Interval.of(entry.statement.quantity)
    amounts = [
        _dollars(package, money, converter)
        for package in packages
        if (money := package.statement.money) is not None
    ]
    ends = [one.high for one in amounts if one.high is not None]
    if not ends or len(ends) < len(amounts) or number.floor <= 0:
        return
    most = sum(ends) / number.floor
    if most < bound.price_low:
        what = (
            f"{statement_line(entry.statement)}: its whole package is worth ${sum(ends):,.0f}, "
            f"at most ${_short(most)} {_too_little(bound)}"
        )
        told = tuple(package.id for package in packages)
        yield Finding(severity, "too-cheap", what, (*ids, *told), _MEND)


def _dollars(entry: Entry, money: Money, converter: Converter) -> Interval:
    """Return money in the converter's currency; unknown without a rate."""
    given = Interval.of(money)
    return converter.convert(given, money.currency, Occasion.of(entry)).converted


def _too_little(bound: Bound) -> str:
    return (
        f"for each {bound.unit}, and ${_short(bound.price_low)} is the least that one costs "
        f"({bound.because})"
    )


def _place(entry: Entry, subject: Subject) -> str:
    """Return where the money for a thing may stand: in its package, or in its document."""
    return subject.packages.get(entry.document, entry.document)


def _packages(subject: Subject) -> dict[str, list[Entry]]:
    """Return, by place, the statements that put a price on a package of several things."""
    found = defaultdict(list)
    for entry in subject.entries.values():
        statement = entry.statement
        money = statement.money
        is_package = statement.item.category.value.endswith(_PACKAGE)
        is_new = statement.scope is not Scope.TOTAL
        if is_package and is_new and money is not None and money.per is None:
            found[_place(entry, subject)].append(entry)
    return found


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.4g}"
