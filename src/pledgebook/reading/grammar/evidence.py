"""The span that shows a statement: the shortest clause with its subject, verb and object."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.units import Unit

_OPENERS = frozenset(
    {"that", "which", "who", "but", "while", "and", "said", "says", "because", "if", "when"}
)
_SUMMING = frozenset({"in", "so", "all", "altogether", "since", "already", "to"})
_INNER = frozenset({"'s", "-", '"', "“", "”", "'"})


def evidence_span(
    units: Sequence[Unit], anchor: Anchor, predicate: Predicate | None
) -> tuple[int, int]:
    """Return start and end, in the document, of the evidence of an anchor."""
    if predicate is None:
        return units[anchor.first].start, units[anchor.last].end
    first = min(anchor.first, predicate.first)
    last = max(anchor.last, predicate.last)
    k = first - 1
    while k >= 0 and first - k < 9:
        low = units[k].low
        if (units[k].kind == "punct" and low not in _INNER) or low in _OPENERS:
            break
        k -= 1
    first = min(first, k + 1)
    while first < last and units[first].kind == "punct":
        first += 1
    return units[first].start, units[last].end


def clause_text(units: Sequence[Unit], anchor: Anchor, predicate: Predicate) -> str:
    """Return the words around a statement, in lower case, from barrier to barrier."""
    first = min(anchor.first, predicate.first)
    last = max(anchor.last, predicate.last)
    begin = first
    while begin > 0 and units[begin - 1].low not in (";", ":", "—") and first - begin < 14:
        begin -= 1
    end = last + 1
    while end < len(units) and end < last + 9 and units[end].low not in (";", "—", "while", "but"):
        if units[end].low == "," and not (end + 1 < len(units) and units[end + 1].low in _SUMMING):
            break
        end += 1
    return " ".join(u.low for u in units[begin:end])
