"""Items that a sentence leaves out because the verb says them: what guns fire is ammunition."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.discourse import MUNITIONS, Memory
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import word_set
from pledgebook.reading.text.mentions import ItemMention
from pledgebook.vocabulary.statement import Category


def bare_refusals(
    units: Sequence[Unit],
    anchors: Sequence[Anchor],
    predicates: Sequence[Predicate],
    memory: Memory,
    block: int,
) -> list[Anchor]:
    """Return an anchor for "..., but Tokyo refused", for the item that was just spoken of."""
    near = memory.frame is not None and block - memory.frame.block <= 1
    found = []
    for predicate in predicates:
        if predicate.family != "refuse" or predicate.noun or predicate.passive:
            continue
        after = units[predicate.last + 1] if predicate.last + 1 < len(units) else None
        before = [a.item for a in anchors if a.last < predicate.first and a.item is not None]
        last = before[-1] if before else memory.item if near else None
        if last is not None and (after is None or after.low in (".", ",", ";")):
            at = predicate.head
            found.append(Anchor(at, at, at, last))
    return found


def unnamed_ammunition(predicates: Sequence[Predicate], memory: Memory) -> list[Anchor]:
    """Return an anchor for "Kyiv's rate of expenditure", where the text is about ammunition."""
    last = memory.named_item or memory.item
    known = memory.munition is not None or (last is not None and last.category in MUNITIONS)
    if not known:
        return []
    for predicate in predicates:
        if predicate.noun and predicate.trigger.lemma in word_set("firing"):
            at = predicate.head
            item = ItemMention(
                0, 0, Category.AMMUNITION, None, "round", None, weak=False, item=None
            )
            return [Anchor(at, at, at, item)]
    return []
