"""What stands apart in a clause and belongs together: money and aid, an item and its count."""

from __future__ import annotations

from dataclasses import replace

from pledgebook.reading.languages.anchors import AID, Anchor
from pledgebook.reading.languages.clauses import Clause
from pledgebook.reading.languages.mentions import Marked
from pledgebook.reading.quantities.money import MoneyMention

__all__ = ["combined"]

_COUNTING = frozenset(
    {"give", "receive", "arrive", "order", "promise", "level", "make", "use", "hold"}
)
_CARRIERS = frozenset({"aircraft", "helicopter", "ship", "vehicle"})
_LARGE = 1e6
"""Where a count of aid is money."""
_NEAR = 12
"""Tokens between an amount and the noun of aid, or a count and its item."""


def combined(marked: Marked, anchors: list[Anchor], clause: Clause) -> list[Anchor]:
    """Return the anchors of a clause with what belongs together joined."""
    found = _with_aid(_as_money(marked, _bare(anchors, clause)))
    found = _paid(marked, found)
    found = _counted(found)
    return _trainees(_freight(found, clause), clause)


def _bare(anchors: list[Anchor], clause: Clause) -> list[Anchor]:
    """Keep a number without a noun only where a verb counts by it and nothing else is named."""
    weak = [a for a in anchors if a.category is None and a.weak]
    others = len(anchors) > len(weak)
    counted = any(a.family in _COUNTING and a.form != "noun" for a in clause.actions)
    return [a for a in anchors if a not in weak] if others or not counted else anchors


def _as_money(marked: Marked, anchors: list[Anchor]) -> list[Anchor]:
    """Take "33 milliards de prêts" beside or behind an amount of money for money too."""
    paid = next((a.money for a in anchors if a.money is not None), None)
    if paid is None and anchors:
        before = (m.value for m in reversed(marked.within(0, anchors[0].last)))
        paid = next((v for v in before if isinstance(v, MoneyMention) and v.currency), None)
    if paid is None:
        return anchors
    found = []
    for anchor in anchors:
        number = anchor.number
        size = 0.0 if number is None else number.low or number.high or 0.0
        bare = anchor.category is None and anchor.money is None and anchor.unit is None
        if (anchor.category in AID or bare) and number is not None and size >= _LARGE:
            same = replace(
                paid, start=number.start, end=number.end, low=number.low, high=number.high
            )
            found.append(replace(anchor, number=None, money=same))
        else:
            found.append(anchor)
    return found


def _with_aid(anchors: list[Anchor]) -> list[Anchor]:
    """Join "Militärhilfe in Höhe von 400 Millionen Dollar" to one anchor."""
    found = list(anchors)
    for amount in [a for a in anchors if a.category is None and a.money is not None]:
        aids = [a for a in found if a.category in AID and a.money is None and a.number is None]
        near = [a for a in aids if _gap(a, amount) <= _NEAR]
        if not near:
            continue
        aid = min(near, key=lambda a: (a.weak, _gap(a, amount), a.first))
        joined = replace(
            aid, first=min(aid.first, amount.first), last=max(aid.last, amount.last),
            money=amount.money, weak=False,
        )  # fmt: skip
        found = [joined if a is amount else a for a in found if a is not aid]
    return found


def _paid(marked: Marked, anchors: list[Anchor]) -> list[Anchor]:
    """Join an item with its price or its money: "Munition im Wert von", "Euro für Munition"."""
    found = list(anchors)
    for amount in [a for a in anchors if a.category is None and a.money is not None]:
        before = [a for a in found if a.last <= amount.first and a.category not in AID
                  and a.category is not None and a.money is None]  # fmt: skip
        after = [a for a in found if a.first >= amount.last and a.category not in AID
                 and a.category is not None and a.money is None]  # fmt: skip
        item: Anchor | None = None
        if before and marked.has_cue(before[-1].last, amount.first, "worth"):
            item = before[-1] if amount.first - before[-1].last <= _NEAR else None
        if item is None and after and after[0].number is None and (
            after[0].first - amount.last <= _NEAR // 2
            and marked.has_cue(amount.last, after[0].first, "purpose", "to")
        ):  # fmt: skip
            item = after[0]
        if item is None or item.category == "person":
            continue
        joined = replace(
            item, first=min(item.first, amount.first), last=max(item.last, amount.last),
            money=amount.money, weak=False,
        )  # fmt: skip
        found = [joined if a is item else a for a in found if a is not amount]
    return found


def _counted(anchors: list[Anchor]) -> list[Anchor]:
    """Join an item with a count that stands apart: "Produktion von Granaten auf 2.000 Stück"."""
    found = list(anchors)
    for count in [a for a in anchors if a.category is None and a.number is not None and a.unit]:
        items = [a for a in found if a.category is not None and a.number is None
                 and a.last <= count.first and a.first >= 0 and not a.money]  # fmt: skip
        if not items or count.first - items[-1].last > _NEAR:
            continue
        item = items[-1]
        joined = replace(item, last=max(item.last, count.last), number=count.number, weak=False)
        found = [joined if a is item else a for a in found if a is not count]
    return found


def _freight(anchors: list[Anchor], clause: Clause) -> list[Anchor]:
    """Leave out what carries: "un avion a déposé 27 tonnes de médicaments"."""
    verb = next((a for a in clause.actions if a.family == "give" and a.form != "noun"), None)
    if verb is None or not any(a.first >= verb.last for a in anchors):
        return anchors
    return [
        a
        for a in anchors
        if a.category not in _CARRIERS
        or a.last > verb.first
        or not (a.one or (a.number is not None and a.number.high == 1))
    ]


def _trainees(anchors: list[Anchor], clause: Clause) -> list[Anchor]:
    """Leave out who trains where those who are trained stand behind the verb."""
    verb = next((a for a in clause.actions if a.family == "train" and a.form != "noun"), None)
    people = [a for a in anchors if a.category == "person"]
    if verb is None or len(people) < 2:
        return anchors
    before = [a for a in people if a.last <= verb.first]
    after = [a for a in people if a.first >= verb.last]
    if any(a.number for a in before) and not any(a.number for a in after):
        return [a for a in anchors if a not in after]
    if before and after:
        return [a for a in anchors if a not in before]
    return anchors


def _gap(one: Anchor, other: Anchor) -> int:
    return max(one.first - other.last, other.first - one.last, 0)
