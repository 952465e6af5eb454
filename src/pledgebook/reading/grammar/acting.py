"""Who acts, who gets, who supplies and when: the parties of one statement."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.reading.grammar.agents import (
    agent_of,
    earlier_party,
    origin_before,
    other_party,
    owner_of,
)
from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.context import Context
from pledgebook.reading.grammar.kinds import Reading
from pledgebook.reading.grammar.parties import party_at
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.subjects import Reference, subject_of
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.quantities.dates import DateMention

GIVING = frozenset({"pledge", "delivery", "training", "refusal"})


def actors_of(
    context: Context,
    units: Sequence[Unit],
    anchor: Anchor,
    predicate: Predicate,
    reading: Reading,
    kind: str,
    *,
    giving: bool,
) -> tuple[str, ...]:
    """Return who acts in a statement; empty where nobody can be made out."""
    memory = context.memory
    found: Reference | None = None
    if predicate.passive or predicate.noun:
        words: tuple[str, ...] = (
            ("by",) if predicate.family in ("order", "ask", "refuse") else ("by", "from")
        )
        if predicate.noun and predicate.family in ("promise", "give"):
            words = ("by", "from", "of")
        found = agent_of(units, predicate, memory, words)
        if found is not None and giving and found.codes == (memory.recipient,):
            found = None
    if found is None and (predicate.passive or reading.inverse) and kind in ("delivery", "pledge"):
        origin = origin_before(units, anchor, memory)
        if origin:
            return origin
    if found is None and predicate.family == "sell" and reading.inverse:
        found = agent_of(units, predicate, memory, ("to",))
        return found.codes if found is not None else ()
    if found is None and reading.inverse:
        found = agent_of(units, predicate, memory, ("from", "by"))
        if found is None:
            other = other_party(units, predicate, memory) if predicate.family == "receive" else ()
            return other or memory.givers(anchor.item)
    if found is None and predicate.noun:
        found = owner_of(units, predicate, memory, giving=giving)
    if found is None and predicate.reduced and predicate.family == "order":
        found = subject_of(units, predicate, memory, giving=False)
    if found is None and predicate.passive and predicate.family == "refuse":
        earlier = earlier_party(units, predicate.first, memory)
        if earlier:
            return earlier
    if found is None and predicate.passive and not predicate.reduced and giving:
        reporter = _reporter(context, units, predicate)
        if reporter is not None:
            return reporter
    if found is None and predicate.passive and not predicate.reduced:
        return (
            memory.givers(anchor.item)
            if kind in GIVING or kind == "contract"
            else memory.state_codes(giving=giving)
        )
    if found is None and not predicate.reduced:
        found = subject_of(units, predicate, memory, giving=giving)
    if (
        found is not None
        and kind == "expenditure"
        and not found.direct
        and memory.recipient is not None
    ):
        return (memory.recipient,)
    if found is not None:
        own = memory.publisher is not None and memory.publisher in found.codes
        item = anchor.item.designation if anchor.item is not None else None
        plain = not predicate.trigger.weak or (item is not None and anchor.number is not None)
        context.strong += (found.direct or own) and plain
        return found.codes
    if kind == "request":
        return (memory.recipient,) if memory.recipient else ()
    if kind == "expenditure":
        return ()
    if kind in GIVING:
        return memory.givers(anchor.item)
    return memory.state_codes(giving=giving or kind in ("production", "contract"))


def _reporter(
    context: Context, units: Sequence[Unit], predicate: Predicate
) -> tuple[str, ...] | None:
    """Return who reports "that four jets had been supplied", where that is a giver."""
    for k in range(min(predicate.first, 12)):
        if units[k].kind == "party" and getattr(units[k].value, "role", "") == "person":
            code = party_at(units, k, context.memory)
            if (
                code is not None
                and code != context.memory.recipient
                and code in context.memory.acted
            ):
                return (code,)
    return None


def recipient_of(
    context: Context, units: Sequence[Unit], kind: str, actors: tuple[str, ...]
) -> str | None:
    """Return who the thing goes to, None where it goes nowhere or to nobody named."""
    if kind in ("production", "stock", "expenditure"):
        return None
    for index in range(len(units)):
        if units[index].kind != "party":
            continue
        code = party_at(units, index, context.memory)
        if code is None or code in actors:
            continue
        before = [units[k].low for k in range(max(0, index - 2), index)]
        if before[-1:] in (["to"], ["for"]) or before in (["to", "the"], ["for", "the"]):
            return code
    if kind == "request":
        return actors[0] if context.memory.recipient in actors else context.memory.recipient
    if kind == "contract":
        return None
    return context.memory.recipient if context.memory.recipient not in actors else None


def supplier_of(
    context: Context, units: Sequence[Unit], kind: str, actors: tuple[str, ...]
) -> str | None:
    """Return the company that makes or supplies, as the text names it."""
    if kind not in ("contract", "production"):
        return None
    for index, unit in enumerate(units):
        if unit.kind == "party":
            code = party_at(units, index, context.memory)
            if code and context.memory.is_company(code):
                return code if code in actors else unit.text
    return next((a for a in actors if context.memory.is_company(a)), None)


def when_of(
    context: Context,
    units: Sequence[Unit],
    anchor: Anchor,
    predicate: Predicate,
    others: Sequence[Predicate],
) -> str | None:
    """Return the date nearest to an anchor and its predicate, as the text bears it."""
    best: tuple[int, str] | None = None
    for index, unit in enumerate(units):
        if not isinstance(unit.value, DateMention) or unit.value.relation == "since":
            continue
        if _is_of_another(units, index, predicate, others):
            continue
        if _is_stale(context, unit.value.when):
            continue
        cost = min(abs(index - anchor.last), abs(index - predicate.last))
        if best is None or cost < best[0]:
            best = (cost, unit.value.when)
    return best[1] if best else None


def _is_of_another(
    units: Sequence[Unit], date: int, predicate: Predicate, others: Sequence[Predicate]
) -> bool:
    """Tell a date that follows another verb: "which pledged 14 in January, will send 60"."""
    for other in others:
        if other is predicate or other.noun or other.head == predicate.control_at:
            continue
        low, high = sorted((date, predicate.head))
        if low < other.head < high and other.head < date:
            return True
        broken = any(u.low in (",", ";", "and", "but") for u in units[date + 1 : predicate.first])
        if other.head < date < predicate.first and broken:
            return True
    return False


def _is_stale(context: Context, when: str) -> bool:
    """Tell dates of laws and old history from dates of the act."""
    published = context.document.date
    return published is not None and int(when[:4]) < published.year - 8
