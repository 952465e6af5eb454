"""Items that a sentence leaves out because the verb says them: what guns fire is ammunition."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.reading.anchors import Anchor
from pledgebook.reading.discourse import MUNITIONS, Memory
from pledgebook.reading.lexicon import word_set
from pledgebook.reading.mentions import ItemMention
from pledgebook.reading.predicates import Predicate
from pledgebook.vocabulary.statement import Category


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
