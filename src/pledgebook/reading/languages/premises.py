"""What a reader takes from the whole document before the first sentence: who gives, who gets."""

from __future__ import annotations

from collections import Counter

from pledgebook.reading.languages.anchors import AID
from pledgebook.reading.languages.mentions import ItemName, Marked, PartyName
from pledgebook.reading.languages.roles import Memory, stands
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document

__all__ = ["premises"]

_FOES = {"UKR": frozenset({"RUS", "BLR"}), "ISR": frozenset({"IRN"}), "TWN": frozenset({"CHN"})}
_LEAST = 0.4
"""Weight of the words "for", "to" and "in" before a name that makes it the one who gets."""
_LEAD = 60
"""Tokens that open a document, in which a name counts double."""


def premises(marked: Marked, lang: str, document: Document, catalogue: Catalogue) -> Memory:
    """Return the memory with which a document is begun."""
    counts: Counter[str] = Counter()
    getting: dict[str, float] = {}
    for stand in stands(marked, lang, 0, len(marked.tokens)):
        if stand.kind == "company":
            continue
        counts[stand.code] += 2 if stand.place < _LEAD else 1
        if stand.kind == "state" and stand.role != "adjective":
            weight = {"to": 1.0, "oblique": 0.6, "subject": -0.2}.get(stand.how, 0.0)
            getting[stand.code] = getting.get(stand.code, 0.0) + weight
    publisher = catalogue.publisher(document.url) if document.url else None
    recipient = _recipient(counts, getting, publisher)
    hostile = _FOES.get(recipient or "", frozenset())
    givers = [
        (count, code)
        for code, count in counts.items()
        if code != recipient and code not in hostile and code != "ALLIES"
    ]
    giver = max(givers, key=lambda one: (one[0], one[1]))[1] if givers else None
    return Memory(
        recipient=recipient,
        giver=giver,
        publisher=publisher,
        hostile=hostile,
        topic=_topic(marked),
    )


def _recipient(
    counts: Counter[str], getting: dict[str, float], publisher: str | None
) -> str | None:
    if counts["UKR"] >= max(counts.values(), default=0) / 3 and counts["UKR"]:
        return "UKR"
    best = max(
        (code for code in getting if code != publisher), key=lambda c: (getting[c], c), default=None
    )
    return best if best is not None and getting[best] > _LEAST else None


def _topic(marked: Marked) -> str:
    counts: Counter[str] = Counter()
    weapons = 0
    for one in marked.marks:
        if isinstance(one.value, ItemName) and one.value.category:
            if one.value.category in AID:
                counts[one.value.category] += 1
            elif one.value.category != "person":
                weapons += 1
    if not counts:
        return "military-aid"
    best, _count = counts.most_common(1)[0]
    if best == "mixed-aid":
        rest = Counter({k: v for k, v in counts.items() if k != "mixed-aid"})
        if rest:
            return rest.most_common(1)[0][0]
        if any(isinstance(m.value, PartyName) and m.value.code == "UN" for m in marked.marks):
            return "military-aid" if weapons > 2 else "humanitarian-aid"
        return "military-aid" if weapons else "mixed-aid"
    return best
