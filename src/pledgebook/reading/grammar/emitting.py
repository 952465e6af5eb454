"""Statements out of anchors and frames, and which of them stay at the end."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.context import Context, Sentence
from pledgebook.reading.grammar.discourse import Frame
from pledgebook.reading.grammar.evidence import evidence_span
from pledgebook.reading.grammar.framing import frame_of, rate_at
from pledgebook.reading.grammar.kinds import Reading
from pledgebook.reading.grammar.levels import with_level
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.telling import tell_end, tell_statement
from pledgebook.reading.grammar.training import training_anchor
from pledgebook.reading.grammar.values import AID, CIVIL, item_of, money_of, quantity_of
from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Ground,
    Item,
    Kind,
    Scope,
    Statement,
    Status,
)


def emit(
    context: Context, sentence: Sentence, anchor: Anchor, predicate: Predicate | None, frame: Frame
) -> bool:
    """Make a statement of an anchor and its frame; tell whether one came of it."""
    if anchor.weak and anchor.number is None and anchor.money is None:
        return False
    found = item_of(sentence.text, sentence.start, anchor, frame, context.memory, sentence.block)
    if found is None:
        return False
    item, unit = found
    if item.category is Category.TRAINING_SERVICE:
        return False
    return _store(context, sentence, anchor, predicate, frame, item, unit)


def _store(
    context: Context,
    sentence: Sentence,
    anchor: Anchor,
    predicate: Predicate | None,
    frame: Frame,
    item: Item,
    unit: str | None,
) -> bool:
    units = sentence.units
    if frame.kind in ("production", "expenditure", "stock") and item.category in CIVIL:
        return False
    start, end = evidence_span(units, anchor, predicate)
    quantity = quantity_of(
        units, anchor, frame.kind, unit, _period(context, sentence, anchor, frame)
    )
    with_level(context.memory, frame, quantity.per if quantity else None)
    statement = Statement(
        kind=Kind(frame.kind),
        status=Status(frame.status),
        scope=Scope(frame.scope),
        actors=tuple(sorted(set(frame.actors))),
        recipient=frame.recipient,
        item=item,
        quantity=quantity,
        money=money_of(anchor),
        when=frame.when,
        supplier=frame.supplier if frame.kind in ("contract", "production") else None,
        speaker=frame.speaker,
        evidence=Evidence(
            document=context.document.id, start=start, end=end, quote=context.text[start:end]
        ),
        grounds=_grounds(frame, start, end),
        rule=predicate.trigger.lemma if predicate else f"({frame.rule})",
    )
    context.found.append(statement)
    if context.trace is not None:
        tell_statement(context, sentence, anchor, frame, statement)
    context.spans.append((units[anchor.first].start, units[anchor.last].end))
    line = sentence.head if sentence.kind == "item" and sentence.head is not None else None
    context.places.append((sentence.block, -1 - line if line is not None else sentence.start))
    sold = predicate is not None and predicate.family == "sell"
    if frame.kind in ("pledge", "delivery", "contract") and not sold:
        context.memory.gave(item, frame.actors)
    return True


def _grounds(frame: Frame, start: int, end: int) -> tuple[Ground, ...]:
    """Return where a statement's kind and actors were said, when that is outside its evidence."""
    if frame.origin is None:
        return ()
    first, last = frame.origin
    if first <= start and end <= last:
        return ()
    return tuple(Ground(field=field, start=first, end=last) for field in frame.inherits)


def emit_training(
    context: Context,
    sentence: Sentence,
    readings: Sequence[tuple[Predicate, Reading | None]],
    said: str | None,
) -> None:
    """Make the statement of a training predicate, which has persons for its anchor."""
    for predicate, reading in readings:
        if predicate.family != "train" or reading is None:
            continue
        anchor = training_anchor(sentence.units, predicate)
        if anchor is None:
            continue
        frame = frame_of(context, sentence, anchor, predicate, reading, said, None)
        if frame is None:
            continue
        _store(
            context,
            sentence,
            anchor,
            predicate,
            frame,
            Item(category=Category.TRAINING_SERVICE),
            "person",
        )
        return


def _period(context: Context, sentence: Sentence, anchor: Anchor, frame: Frame) -> str | None:
    """Return the period of a rate: as written, or that of the series it goes on with."""
    found = rate_at(context, sentence, anchor)
    level = context.memory.level
    if (
        found is None
        and level is not None
        and level.frame.kind == frame.kind
        and anchor.item is None
    ):
        return level.per
    return found


def _is_about_aid(
    context: Context,
) -> bool:
    """Tell whether the document as a whole bears its statements out.

    One clear statement by a named party is enough; otherwise several on a named recipient.
    """
    recipient = context.memory.recipient
    needed = 2 if recipient == "UKR" else 4
    read = sum(not statement.rule.startswith("(") for statement in context.found)
    return context.strong > 0 or (
        recipient is not None and recipient in context.memory.named and read >= needed
    )


def finish(
    context: Context,
) -> list[Statement]:
    """Drop what was said before with nothing added."""
    if not _is_about_aid(context):
        tell_end(context, (), about_aid=False)
        return []
    rich = {
        place
        for place, s in zip(context.places, context.found, strict=True)
        if s.money is not None and s.item.category in AID
    }
    kept: list[Statement] = []
    seen: dict[tuple[object, ...], int] = {}
    for (block, number), s in zip(context.places, context.found, strict=True):
        key: tuple[object, ...] = (s.kind, s.actors, s.item, s.quantity, s.money)
        bare = s.quantity is None and s.money is None
        if bare and s.item.category in AID and (block, number) in rich:
            continue
        if bare:
            key = (s.kind if s.kind != "delivery" else "pledge", s.actors, s.item, None, None)
        if seen.setdefault(key, number) == number:
            kept.append(s)
    tell_end(context, kept, about_aid=True)
    return sorted(kept, key=lambda s: (s.evidence.start, s.evidence.end))
