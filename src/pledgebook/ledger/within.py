"""Packages with their items and funds, as one document or one data set shows them.

Each rule asks for the same giver, recipient and stage, and for evidence in the text; where a text
leaves it open, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pledgebook.ledger.cases import Case
from pledgebook.ledger.claims import Claim, Member, Relation, most_of
from pledgebook.ledger.cues import Cues
from pledgebook.vocabulary.statement import Kind, Scope

__all__ = ["is_head", "of_rows", "packages"]

_LIST_OF_FUNDS = 3
_ROW, _TOLD, _SUM, _WORDS, _LISTED = 5, 4, 3, 3, 1


def is_head(case: Case, cues: Cues) -> bool:
    """Tell whether a statement may name a package: aid of a general kind, with its money."""
    return case.money is not None and case.family == "promise" and case.category in cues.holds


def packages(members: Sequence[Member], cues: Cues) -> Iterator[Claim]:
    """Yield what one document shows of packages; its members come in the order of the text."""
    heads = [member for member in members if is_head(member.case, cues)]
    amounts = _amounts(members, heads, cues) if heads else {}
    goods = [
        one for one in members if one.case.money is None and one.case.category not in cues.holds
    ]
    for member in members:
        whole = amounts.get(member.case.id)
        if whole is not None:
            yield whole
        elif heads and member.case.money is None:
            claim = _item(member, heads, goods, amounts, cues)
            if claim is not None:
                yield claim


def of_rows(package: str, cases: Sequence[Case], cues: Cues) -> Iterator[Claim]:
    """Yield what a data set shows that puts several rows in one package, in a stable order."""
    heads = [case for case in cases if is_head(case, cues)]
    if not heads:
        return
    # The package is what has the most money of all its rows.
    whole = max(heads, key=lambda case: (most_of(case), _reversed(case.id)))
    for case in cases:
        if case is not whole and _fits(whole, case, cues) and _is_less(case, whole):
            reason = cues.says.row.format(package=package)
            yield Claim(whole, case, Relation.PACKAGE, _ROW, reason)


def _reversed(text: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in text)


# Packages


def _fits(whole: Case, part: Case, cues: Cues) -> bool:
    """Tell whether a package may hold something at all: giver, recipient, certainty, category."""
    return (
        whole is not part
        and part.family == "promise"
        and whole.actors == part.actors
        and whole.beneficiary == part.beneficiary
        and whole.firm == part.firm
        and cues.holds_item(whole.category, part.category)
    )


def _same_stage(whole: Case, part: Case) -> bool:
    return whole.kind is part.kind and whole.scope is part.scope


def _item(
    item: Member,
    heads: Sequence[Member],
    goods: Sequence[Member],
    amounts: dict[str, Claim],
    cues: Cues,
) -> Claim | None:
    """Return the package of an item that has no money of its own."""
    if item.case.category in cues.holds or item.case.kind is Kind.TRAINING:
        return None
    near = [head for head in heads if _fits(head.case, item.case, cues)]
    if not near:
        return None

    def distance(head: Member) -> tuple[bool, int, str]:
        gap = head.gap(item)
        return gap < 0, abs(gap), head.case.id

    for reason, found in (
        (cues.says.under, [head for head in near if item.stands_under(head)]),
        (cues.says.inside, [head for head in near if not head.gap(item)]),
    ):
        if found:
            head = min(found, key=distance)
            return Claim(head.case, item.case, Relation.PACKAGE, _TOLD, reason)
    if cues.has("beside", item.quote):
        return None
    listed = [head for head in near if _lists(head, item, cues)]
    if not listed:
        return None
    head = min(listed, key=distance)
    run = _run(item, listed, goods)
    if len(run) >= _LIST_OF_FUNDS:
        # After a list of funds comes what all of them are for.
        head = max(run, key=lambda one: (most_of(one.case), one.gap(item), one.case.id))
    top = amounts.get(head.case.id)
    if top is not None and head.gap(item) > cues.near.under_part:
        # Which of several funds pays for it is not said: it lies in what holds them all.
        above = next((one for one in listed if one.case is top.whole), None)
        head = above or head
    dated_alike = head.case.when == item.case.when
    reason = cues.says.listed if dated_alike else cues.says.after
    return Claim(head.case, item.case, Relation.PACKAGE, _LISTED, reason)


def _run(item: Member, heads: Sequence[Member], goods: Sequence[Member]) -> list[Member]:
    """Return the packages named before an item one after another, with no other item between."""
    before = sorted((head for head in heads if head.gap(item) >= 0), key=lambda one: one.order)
    run: list[Member] = []
    for head in reversed(before):
        last = run[-1].start if run else item.start
        if any(head.end <= one.start < last and one is not item for one in goods) and run:
            break
        run.append(head)
    return run


def _lists(head: Member, item: Member, cues: Cues) -> bool:
    """Tell whether an item is told of beside a package as if it were in it."""
    if not _same_stage(head.case, item.case) or head.case.scope is Scope.TOTAL:
        return False
    gap = head.gap(item)
    if head.case.when != item.case.when:
        # "Announced on Friday. It includes four": only what comes right after needs no date.
        near = 0 <= gap <= cues.near.under_part
        return near and None in (head.case.when, item.case.when)
    if gap < 0:
        return -gap <= cues.near.listed_before and not cues.has("beside", head.quote)
    return gap <= cues.near.listed_after


def _amounts(members: Sequence[Member], heads: Sequence[Member], cues: Cues) -> dict[str, Claim]:
    """Return the whole of each amount that is a part of another, by the part's statement."""
    found: dict[str, Claim] = {}
    money = [member for member in members if member.case.money is not None]
    for head in heads:
        for part in _summed(head, money, cues):
            found.setdefault(
                part.case.id,
                Claim(head.case, part.case, Relation.PACKAGE, _SUM, cues.says.sum),
            )
    for part in money:
        if part.case.id in found or not cues.has("part", part.quote):
            continue
        # "Of it" looks back: the amount named last that can hold this one.
        before = [
            head
            for head in heads
            if 0 <= head.gap(part) <= cues.near.listed_after
            and head.order < part.order
            and _holds_amount(head, part, cues)
        ]
        if before:
            head = min(before, key=lambda one: (one.gap(part), one.case.id))
            claim = Claim(head.case, part.case, Relation.PACKAGE, _WORDS, cues.says.words)
            found[part.case.id] = claim
    return found


def _holds_amount(head: Member, part: Member, cues: Cues) -> bool:
    whole, case = head.case, part.case
    return (
        _fits(whole, case, cues)
        and whole.scope is case.scope
        and (whole.kind is case.kind or case.kind is Kind.DELIVERY)
        and whole.currency == case.currency
        and _is_less(case, whole)
    )


def _summed(head: Member, money: Sequence[Member], cues: Cues) -> list[Member]:
    """Return the amounts named next to a package, one after another, that add up to it."""
    whole = head.case.money
    if whole is None or whole.low is None or whole.low != whole.high:
        return []
    fitting = [
        member
        for member in money
        if member is head
        or (
            _holds_amount(head, member, cues)
            and member.case.money is not None
            and member.case.money.low == member.case.money.high
        )
    ]
    if len(fitting) > cues.near.most_amounts:
        return []
    at = fitting.index(head)
    after, before = fitting[at + 1 :], fitting[:at][::-1]
    for row in (after, before):
        total = 0.0
        for count, member in enumerate(row, start=1):
            total += most_of(member.case)
            if count > 1 and abs(total - whole.low) <= cues.near.sum_tolerance * whole.low:
                return list(row[:count])
            if total > whole.low * (1 + cues.near.sum_tolerance):
                break
    return []


def _is_less(part: Case, whole: Case) -> bool:
    """Tell whether what a part has of money is less than its whole's; none is no more either."""
    if part.money is None:
        return True
    if whole.money is None or whole.currency != part.currency:
        return False
    return most_of(part) < most_of(whole) and (
        whole.money.high is None or part.money.floor < whole.money.high
    )
