"""The frame of a statement: what kind it is, how firm, by whom, of which scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pledgebook.reading.grammar.acting import GIVING, actors_of, recipient_of, supplier_of, when_of
from pledgebook.reading.grammar.agents import joined, neighbour_party, origins
from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.context import Context, Sentence
from pledgebook.reading.grammar.discourse import Frame, Memory
from pledgebook.reading.grammar.evidence import clause_text
from pledgebook.reading.grammar.inheriting import default_frame, owned_frame
from pledgebook.reading.grammar.kinds import Reading
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.scopes import scope_of
from pledgebook.reading.grammar.support import supported
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.grammar.values import AID
from pledgebook.reading.text.lexicon import word_set

_INCLUDING = frozenset({"include", "contain", "comprise", "consist of"})


_ENABLING = frozenset(
    {"allow", "allows", "allowed", "help", "helping", "enable", "cleared", "clear"}
)


def frame_of(
    context: Context,
    sentence: Sentence,
    anchor: Anchor,
    predicate: Predicate | None,
    reading: Reading | None,
    said: str | None,
    earlier: Frame | None,
) -> Frame | None:
    """Return the frame of an anchor under its predicate, None where it states nothing."""
    if predicate is None or reading is None:
        return _without_predicate(context, sentence, anchor, said, earlier)
    memory = context.memory
    units = sentence.units
    kind = _kind_of(context, sentence, anchor, predicate, reading)
    if kind is None:
        return None
    giving = kind in GIVING and memory.recipient is not None
    actors = actors_of(context, units, anchor, predicate, reading, kind, giving=giving)
    if kind in ("pledge", "delivery") and actors == (memory.recipient,):
        actors = memory.givers(anchor.item)
    actors = joined(units, actors, memory)
    kind, status, actors = _settled(context, units, anchor, predicate, kind, reading.status, actors)
    if not actors:
        return None
    if not reading.inverse:
        memory.note(actors)
    if giving:
        memory.give(actors)
    recipient = recipient_of(context, units, kind, actors)
    when = when_of(context, units, anchor, predicate, sentence.predicates)
    clause = clause_text(units, anchor, predicate)
    rate = bool(anchor.number and (anchor.number.per or rate_at(context, sentence, anchor)))
    scope = scope_of(
        clause,
        predicate,
        kind,
        when,
        context.document.date,
        lead=sentence.lead,
        rate=rate,
        own=memory.giver is None or memory.giver in actors,
        reported=said is not None,
        relative=anchor.last < predicate.first and not predicate.passive and not predicate.noun,
    )
    turn = memory.turn_text if memory.turn_text not in ("Q", "A") else None
    return Frame(
        kind,
        status,
        scope,
        actors,
        recipient,
        said or turn,
        when,
        sentence.block,
        supplier=supplier_of(context, units, kind, actors),
    )


def _without_predicate(
    context: Context,
    sentence: Sentence,
    anchor: Anchor,
    said: str | None,
    earlier: Frame | None,
) -> Frame | None:
    """Return the frame of an anchor that no verb governs: owned, going on, or by default."""
    memory = context.memory
    units = sentence.units
    owned = owned_frame(context, sentence, anchor, said)
    if owned is not None:
        return owned
    frame = earlier or memory.frame
    if anchor.number is None and anchor.money is None:
        return None
    if sentence.battle:
        return None
    beside = neighbour_party(units, anchor, memory)
    if frame is not None and frame.block == sentence.block:
        if anchor.item is None and anchor.money is None and beside is None:
            return None
        return replace(
            frame,
            actors=beside or frame.actors,
            speaker=said,
            block=sentence.block,
            rule="continued",
        )
    return default_frame(context, sentence, anchor, beside, said)


def _kind_of(
    context: Context,
    sentence: Sentence,
    anchor: Anchor,
    predicate: Predicate,
    reading: Reading,
) -> str | None:
    """Return the kind of a statement as far as its words tell it, None where they bear none out."""
    memory = context.memory
    units = sentence.units
    kind = reading.kind
    fresh = any(u.low in ("package", "new", "additional", "tranche", "packages") for u in units)
    if predicate.trigger.lemma in _INCLUDING and memory.frame is not None and not fresh:
        kind = (
            memory.frame.kind if memory.frame.kind in ("pledge", "delivery", "contract") else kind
        )
    if (
        kind in ("pledge", "delivery")
        and predicate.trigger.lemma == "supply"
        and predicate.noun
        and any(u.low in word_set("thin") for u in units)
    ):
        kind = "stock"
    if kind == "production" and not _is_production(context, sentence, anchor, predicate):
        return None
    if (
        kind == "contract"
        and anchor.item is not None
        and anchor.item.category in AID
        and predicate.trigger.lemma == "sign"
    ):
        kind = "pledge"
    if not supported(units, anchor, predicate, kind):
        return None
    if anchor.negated:
        return "refusal" if kind == "pledge" else None
    return kind


def _settled(
    context: Context,
    units: Sequence[Unit],
    anchor: Anchor,
    predicate: Predicate,
    kind: str,
    status: str,
    actors: tuple[str, ...],
) -> tuple[str, str, tuple[str, ...]]:
    """Return kind, status and actors as each looks in the light of the others."""
    memory = context.memory
    if (
        kind == "contract"
        and predicate.control == "promise"
        and predicate.trigger.lemma in ("acquire", "buy", "purchase", "procure")
    ):
        governor = units[predicate.control_at].low if predicate.control_at is not None else ""
        if governor in _ENABLING:
            kind = "pledge"
            if memory.recipient in actors:
                actors = memory.givers(anchor.item)
    if kind == "request" and _to_parliament(context, units, actors):
        kind, status = "pledge", "tentative"
    if (
        kind == "stock"
        and predicate.trigger.lemma in ("hold", "have")
        and any(
            u.low in ("package", "tranche", "shipment", "consignment")
            for u in units[max(0, predicate.first - 9) : predicate.first]
        )
    ):
        kind = "pledge"
    if anchor.item is None or anchor.number is not None:
        beside = neighbour_party(units, anchor, memory)
        if beside is not None and kind in (
            "pledge",
            "delivery",
            "contract",
            "stock",
            "production",
            "expenditure",
        ):
            actors = beside
    if kind == "production" and len(actors) > 1 and not any(map(memory.is_company, actors)):
        kind, status = "contract", "firm"
    if kind == "contract" and actors and all(memory.is_company(a) for a in actors):
        actors = memory.buyer_of(anchor.item) or buyers(memory) or actors
    if not actors:
        return kind, status, actors
    if (
        kind == "delivery"
        and memory.default_giver is not None
        and all(memory.is_company(a) for a in actors)
    ):
        actors = memory.buyer_of(anchor.item) or actors
    return kind, status, actors


def _is_production(
    context: Context, sentence: Sentence, anchor: Anchor, predicate: Predicate
) -> bool:
    """Ask for more than a weak verb: a rate, a maker, or an item that is made."""
    if not predicate.trigger.weak:
        return True
    if anchor.number is not None and (anchor.number.per or rate_at(context, sentence, anchor)):
        return True
    return any(
        u.low in ("production", "output", "capacity", "manufacturing")
        or (u.kind == "party" and context.memory.is_company(getattr(u.value, "code", "")))
        for u in sentence.units
    )


def _to_parliament(context: Context, units: Sequence[Unit], actors: tuple[str, ...]) -> bool:
    """Tell a government's request to its own parliament from a request for aid."""
    if context.memory.recipient in actors:
        return False
    if context.memory.publisher is not None and context.memory.publisher in actors:
        return True
    return any(
        u.low in ("congress", "lawmakers", "parliament", "senators", "bundestag", "supplemental")
        for u in units
    )


def rate_at(context: Context, sentence: Sentence, anchor: Anchor) -> str | None:
    """Return the period of the rate that an anchor stands in: "20,000 shells a month"."""
    units = sentence.units
    start = units[anchor.first].start
    end = units[min(len(units) - 1, anchor.last + 4)].end
    for rate in context.rates:
        if start <= rate.start <= end and rate.per:
            return rate.per
    return None


def shares(context: Context, units: Sequence[Unit], anchor: Anchor, frame: Frame) -> list[Frame]:
    """Split "batteries from the United States, Germany and Romania" into one for each."""
    if frame.kind not in ("pledge", "delivery") or anchor.item is None:
        return [frame]
    codes = origins(units, anchor, context.memory)
    return [replace(frame, actors=(code,)) for code in codes] if codes else [frame]


def buyers(memory: Memory) -> tuple[str, ...]:
    """Return who most likely orders where only the maker is named: the state the document is on.

    In a war that others pay for it is the giver, in any other arms deal the one who gets.
    """
    if memory.recipient is not None and memory.recipient != "UKR":
        return (memory.recipient,)
    return tuple(code for code in memory.state_codes(giving=True) if not memory.is_company(code))


def is_foreign(context: Context, sentence: Sentence) -> bool:
    """Tell aid across borders from a government's spending at home, on its own pages."""
    publisher = context.memory.publisher
    if publisher is None:
        return True
    for unit in sentence.units:
        code = getattr(unit.value, "code", None) if unit.kind == "party" else None
        if code is not None and code != publisher and not context.memory.is_company(code):
            context.foreign_block = sentence.block
    return sentence.block - context.foreign_block <= (2 if sentence.kind != "item" else 12)
