"""A row of a table, or a form, as statements: who gives, at what stage, how many of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pledgebook.reading.grammar.anchoring import find_anchors
from pledgebook.reading.grammar.context import Context, Sentence
from pledgebook.reading.grammar.discourse import Frame
from pledgebook.reading.grammar.emitting import emit
from pledgebook.reading.grammar.lists import STAGES, stage_in_line
from pledgebook.reading.grammar.parties import party_at
from pledgebook.reading.grammar.rowitems import Places, cell_units, row_anchors
from pledgebook.reading.grammar.telling import tell_sentence
from pledgebook.reading.grammar.units import Spans, Unit, units_of
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.rows import Cell, Row


def read_row(context: Context, row: Row, spans: Spans) -> None:
    """Read a row as one statement for each item that it names and each stage that it tells of."""
    units = units_of(context.text, spans, row.start, row.end)
    if not units:
        return
    sentence = Sentence(
        row.start, row.end, context.text[row.start : row.end], units, row.block, "item", None, False
    )
    if context.watch is not None:
        context.watch(sentence, context)
    if context.trace is not None:
        tell_sentence(context, sentence)
    places = [(cell, cell_units(units, cell)) for cell in row.cells]
    frame = _frame(context, row, units, places, spans)
    staged = [place for place in places if place[0].stage and _figure(units, place[1])]
    if not staged:
        _emit_all(context, sentence, row, places, frame)
        return
    names = any(
        anchor.item is not None
        for cell, inside in places
        if inside and cell.role == "item"
        for anchor in find_anchors([units[k] for k in inside])
    )
    rest = [
        place
        for place in places
        if place[0].stage is None and not (staged and place[0].role in ("quantity", "money"))
    ]
    counted = names and row.currency is None
    for cell, inside in staged:
        figure = Cell(cell.start, cell.end, "quantity" if counted else "money", cell.stage)
        at_stage = _at_stage(frame, str(cell.stage))
        _emit_all(context, sentence, row, [*rest, (figure, inside)], at_stage)


def _emit_all(context: Context, sentence: Sentence, row: Row, places: Places, frame: Frame) -> None:
    if not frame.actors:
        return
    anchors = row_anchors(sentence.units, row, places, find_anchors)
    if anchors:
        context.strong += 1
    for anchor in anchors:
        if anchor.number is None or anchor.number.high != 0:
            emit(context, sentence, anchor, None, frame)


def _figure(units: Sequence[Unit], inside: Sequence[int]) -> bool:
    """Tell whether a cell holds a number or an amount above nothing."""
    values = [units[k].value for k in inside]
    return any(
        isinstance(value, MoneyMention)
        or (isinstance(value, NumberMention) and value.kind in ("cardinal", "vague") and value.high)
        for value in values
    )


def _at_stage(frame: Frame, stage: str) -> Frame:
    """Return the frame of the figures under a head such as "Delivered"."""
    kind, scope = STAGES[stage]
    actors = frame.actors
    if kind == "request" and frame.recipient is not None:
        actors = (frame.recipient,)
    return replace(frame, kind=kind, status="firm", scope=scope, actors=actors)


def _codes(context: Context, units: Sequence[Unit], inside: Sequence[int]) -> list[str]:
    found = [party_at(units, k, context.memory) for k in inside if units[k].kind == "party"]
    return [code for code in found if code is not None]


def _frame(
    context: Context, row: Row, units: Sequence[Unit], places: Places, spans: Spans
) -> Frame:
    """Return kind, giver, recipient and maker of a row, by its cells and by what stands above."""
    memory = context.memory
    parties = [
        code
        for cell, inside in places
        if cell.role == "donor"
        or (cell.role in (None, "item", "money") and cell is row.cells[0] and not row.form)
        for code in _codes(context, units, inside)
    ]
    frame = (
        context.section
        or memory.heads.get(row.block - 1)
        or memory.opening(memory.state_codes(giving=True), row.block)
    )
    origin = None
    if not parties and row.donor is not None:
        above = units_of(context.text, spans, row.donor.start, row.donor.end)
        parties = _codes(context, above, range(len(above)))
        origin = (row.donor.start, row.donor.end) if parties else None
    getting = [
        code
        for cell, inside in places
        if cell.role == "recipient"
        for code in _codes(context, units, inside)
    ]
    if getting:
        actors = tuple(actor for actor in frame.actors if actor != getting[0])
        frame = replace(frame, recipient=getting[0], actors=actors)
    if parties:
        frame = replace(frame, actors=tuple(sorted(set(parties))), inherits=("kind",))
    if origin is not None:
        frame = replace(frame, origin=origin, inherits=("actors",))
    supplier = next((context.text[c.start : c.end].strip() for c in row.of("supplier")), None)
    status = [k for cell, inside in places if cell.role in ("status", None) for k in inside]
    frame = replace(stage_in_line([units[k] for k in status], frame), rule="table")
    if row.form and supplier is not None and frame.kind == "pledge":
        frame = replace(frame, kind="contract", supplier=supplier)
        buyer = getting[0] if getting else memory.recipient
        if not parties and buyer is not None and supplier != buyer:
            frame = replace(frame, actors=(buyer,), recipient=None)
    return frame
