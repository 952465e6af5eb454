"""From an anchor and a verdict to a draft: what the item is, who makes it, what money pays for."""

from __future__ import annotations

from pledgebook.reading.languages.anchors import AID, Anchor
from pledgebook.reading.languages.deciding import GIVING
from pledgebook.reading.languages.emitting import Draft
from pledgebook.reading.languages.frames import Frame
from pledgebook.reading.languages.mentions import ItemName, Marked, PartyName
from pledgebook.reading.languages.roles import Memory

__all__ = ["TRAINEES", "draft_of"]

TRAINEES = "person"
"""The category of an anchor that counts people."""
_MACHINES = frozenset({
    "tank", "infantry-fighting-vehicle", "armoured-vehicle", "artillery", "rocket-artillery",
    "aircraft", "helicopter", "engineering-vehicle",
})  # fmt: skip
"""What "machines" and "vehicles" may go on with."""
_GENERAL = frozenset({"military-aid", "financial-aid", "mixed-aid"})
"""Aid that is no statement by itself: it needs an amount, a count, or to be a package."""


def draft_of(
    marked: Marked, memory: Memory, anchor: Anchor, frame: Frame, span: tuple[int, int]
) -> Draft | None:
    """Return a draft, and keep in memory what it names; None where it says nothing of its own.

    `span` are the tokens of its evidence.
    """
    category, designation, unit = anchor.category, anchor.designation, anchor.unit
    if category == TRAINEES:
        category, unit = "training-service", "person"
    if category is None and anchor.number is not None:
        category, designation, unit = _continued(memory, anchor)
    if anchor.weak and category == "vehicle" and memory.items and (
        memory.items[-1][0] in _MACHINES and anchor.number is not None
    ):  # fmt: skip
        # "die ersten sechs Fahrzeuge" are the howitzers that were named before.
        category, designation, unit = memory.items[-1]
    if category is None and anchor.money is not None:
        category = _paid_for(marked, memory, anchor, span)
    if category is None or _is_talk(marked, anchor, category, frame.kind):
        return None
    if category not in AID and category != "training-service" and (
        anchor.money is None or designation is not None
    ):  # fmt: skip
        memory.items.append((category, designation, unit))
    if frame.kind in GIVING:
        memory.last = frame.actors
    elif frame.kind in ("production", "stock", "expenditure"):
        memory.maker = frame.actors
    supplier = _supplier(marked, span) if frame.kind in ("contract", "production") else None
    return Draft(
        kind=frame.kind, status=frame.status, scope=frame.scope, actors=frame.actors,
        recipient=frame.recipient, category=category, designation=designation, unit=unit,
        number=anchor.number, one=anchor.one, money=anchor.money, when=frame.when,
        supplier=supplier, speaker=frame.speaker, first=span[0], last=span[1],
    )  # fmt: skip


def _is_talk(marked: Marked, anchor: Anchor, category: str, kind: str) -> bool:
    """Tell general talk of aid ("Militärhilfe zugesichert") from a package or an amount."""
    if category not in _GENERAL or anchor.money is not None or anchor.number is not None:
        return False
    if kind in ("request", "refusal"):
        return False
    return not marked.has_cue(max(0, anchor.first - 2), anchor.last, "paper")


def _continued(memory: Memory, anchor: Anchor) -> tuple[str | None, str | None, str | None]:
    """Return the item that a bare number goes on with: "weitere 20", "180.000 Schuss"."""
    items = memory.items
    if anchor.unit == "round":
        rounds = [one for one in items if one[0].endswith("ammunition")]
        return rounds[-1] if rounds else ("ammunition", None, "round")
    if not items:
        return None, None, None
    category, designation, unit = items[-1]
    return category, designation, unit if anchor.unit in (None, "item") else anchor.unit


def _supplier(marked: Marked, span: tuple[int, int]) -> str | None:
    """Return the company that the evidence names, as written."""
    for one in marked.within(*span):
        if isinstance(one.value, PartyName) and one.value.kind == "company":
            return marked.text[marked.tokens[one.first].start : marked.tokens[one.last - 1].end]
    return None


def _paid_for(marked: Marked, memory: Memory, anchor: Anchor, span: tuple[int, int]) -> str | None:
    """Return the category of an amount: the aid or item beside it, else the document's topic."""
    near: list[tuple[int, str]] = []
    for one in marked.within(*span):
        if not isinstance(one.value, ItemName) or one.value.category in (None, TRAINEES):
            continue
        category = one.value.category or ""
        gap = max(one.first - anchor.last, anchor.first - one.last)
        if category in AID:
            near.append((gap, category))
        elif marked.has_cue(anchor.last, one.first, "purpose"):
            near.append((gap + 5, category))
    return min(near)[1] if near else memory.topic
