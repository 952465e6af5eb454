"""Frames without a verb of their own: an amount with its owner, a counted item in a list."""

from __future__ import annotations

from pledgebook.reading.grammar.agents import nearest_party
from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.context import Context, Sentence
from pledgebook.reading.grammar.discourse import Frame
from pledgebook.reading.grammar.parties import party_at, role_of
from pledgebook.reading.grammar.scopes import scope_of
from pledgebook.reading.grammar.support import is_attack
from pledgebook.reading.grammar.values import AID
from pledgebook.reading.text.lexicon import phrase_pattern, word_set


def default_frame(
    context: Context,
    sentence: Sentence,
    anchor: Anchor,
    beside: tuple[str, ...] | None,
    said: str | None,
) -> Frame | None:
    """Read a counted item or an amount that no known verb governs.

    On a document about aid such a phrase nearly always is a statement; what it does is read
    from the few words that tell a thing done from a thing promised.
    """
    memory = context.memory
    units = sentence.units
    lows = [u.low for u in units]
    if anchor.item is None and anchor.money is None:
        if memory.frame is None or sentence.block - memory.frame.block > 1 or memory.item is None:
            return None
        if anchor.number is None or anchor.number.low == anchor.number.high == 1:
            return None
    if (
        sentence.battle
        or any(low in word_set("prices") for low in lows)
        or is_attack(units, anchor)
    ):
        return None
    found = nearest_party(units, anchor, memory)
    asked = any(
        unit.low in word_set("asking") for unit in units[max(0, anchor.first - 12) : anchor.first]
    )
    if asked and not beside and not found and memory.recipient is not None:
        return Frame(
            "request",
            "firm",
            "new",
            (memory.recipient,),
            memory.recipient,
            said,
            None,
            sentence.block,
            rule="default",
        )
    actors = beside or found or memory.givers(anchor.item)
    if not actors or (context.document.url and not found and not beside):
        return None
    done = any(low in word_set("done") for low in lows)
    kind = "delivery" if done else "pledge"
    if anchor.item is None and anchor.money is None and memory.frame is not None and not done:
        kind = memory.frame.kind
        actors = beside or memory.frame.actors
    clause = " ".join(lows)
    if phrase_pattern("fitness").search(clause) is not None:
        kind = "stock"
    scope = scope_of(
        clause, None, kind, None, context.document.date, lead=sentence.lead, rate=False
    )
    return Frame(
        kind, "firm", scope, actors, memory.recipient, said, None, sentence.block, rule="default"
    )


def owned_frame(
    context: Context, sentence: Sentence, anchor: Anchor, said: str | None
) -> Frame | None:
    """Read an amount without a verb that names its giver: "Norway's share is 1.6 billion"."""
    if anchor.money is None or (anchor.item is not None and anchor.item.category not in AID):
        return None
    units = sentence.units
    memory = context.memory
    for k in range(anchor.first, max(-1, anchor.first - 10), -1):
        unit = units[k]
        if unit.kind == "party":
            code = party_at(units, k, memory)
            role = role_of(units, k)
            if code is None or code == memory.recipient or memory.is_company(code):
                continue
            if role in ("possessive", "adjective") or (
                role == "nominal" and k + 1 < len(units) and units[k + 1].low == "'s"
            ):
                clause = " ".join(u.low for u in units)
                total = anchor.item is not None and (
                    " since " in clause
                    or "total" in clause
                    or " pass" in clause
                    or " to date" in clause
                )
                return Frame(
                    "pledge",
                    "firm",
                    "total" if total else "new",
                    (code,),
                    memory.recipient,
                    said,
                    None,
                    sentence.block,
                    rule="owned",
                )
        elif unit.low in (";", ".", ":"):
            return None
    return None
