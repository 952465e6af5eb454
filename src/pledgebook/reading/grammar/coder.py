"""The grammar coder: a document in, its statements out, by rules and word lists alone."""

from __future__ import annotations

import re
from dataclasses import replace

from pledgebook.reading.grammar.anchoring import find_anchors
from pledgebook.reading.grammar.context import Context, Sentence
from pledgebook.reading.grammar.discourse import Memory
from pledgebook.reading.grammar.emitting import emit, finish
from pledgebook.reading.grammar.lists import section_frame, stage_in_line
from pledgebook.reading.grammar.parties import party_at, role_of
from pledgebook.reading.grammar.premises import main_giver, main_recipient, topics
from pledgebook.reading.grammar.rowitems import cell_units, row_anchors
from pledgebook.reading.grammar.sentencing import read_list_line, read_sentence
from pledgebook.reading.grammar.units import Spans, collect, units_of
from pledgebook.reading.grammar.values import AID
from pledgebook.reading.quantities.carried_money import find_carried_money
from pledgebook.reading.quantities.dates import find_dates
from pledgebook.reading.quantities.money import find_money
from pledgebook.reading.quantities.numbers import find_numbers, find_rates
from pledgebook.reading.text.lexicon import word_list
from pledgebook.reading.text.mentions import finder
from pledgebook.reading.text.rows import Row, find_rows
from pledgebook.reading.text.segments import Block, blocks, sentences
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement


def read(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return the statements of a document, in the order of its text."""
    text = document.text
    parties, items = finder(catalogue).find(text, document.date.year if document.date else None)
    money = find_money(text)
    if not items and not money and not _has_trainees(text):
        return []
    dates = find_dates(text, document.date)
    taken = [(m.start, m.end) for m in money]
    taken += [(m.start, m.end) for m in items]
    taken += [(m.start, m.end) for m in dates]
    numbers = find_numbers(text, exclude=sorted(taken))
    carried = find_carried_money(text, numbers, money)
    starts = {m.start for m in carried}
    numbers = [n for n in numbers if n.start not in starts]
    money = sorted([*money, *carried], key=lambda m: m.start)
    spans = collect(parties, items, numbers, money, dates)
    publisher = catalogue.publisher(document.url) if document.url else None
    memory = Memory(catalogue, publisher=publisher)
    memory.recipient = main_recipient(parties, text, publisher, catalogue)
    memory.default_giver = publisher or main_giver(
        parties,
        memory.recipient,
        [m.currency for m in money if m.currency and not m.converted],
        text,
        catalogue,
    )
    memory.topic, memory.munition = topics(items, text)
    memory.named = {
        p.code for p in parties if p.role in ("name", "adjective", "capital", "metonym")
    }
    memory.companies = {p.code for p in parties if p.role == "company"}
    memory.persons = {
        text[p.start : p.end].split()[-1] for p in parties if p.role == "person" and not p.ambiguous
    }
    context = Context(document, catalogue, memory, tuple(find_rates(text)))
    found = blocks(text)
    rows = find_rows(text, found)
    for number, block in enumerate(found):
        if number not in rows:
            read_block(context, number, block, spans)
        elif (row := rows[number]) is not None:
            read_row(context, row, spans)
    return finish(context)


def _has_trainees(text: str) -> bool:
    """Tell whether a document may be about training, which needs neither item nor money."""
    low = text.lower()
    return "train" in low and any(word in low for word in word_list("trainees"))


def read_block(context: Context, number: int, block: Block, spans: Spans) -> None:
    """Read one block of the document."""
    if block.kind == "question":
        return
    memory = context.memory
    if block.speaker is not None:
        take_turn(context, block.speaker)
    if block.stamp:
        memory.frame = None
    if block.kind == "text":
        context.texts += 1
        if len(context.text[block.start : block.end]) > 160:
            context.section = None
    pieces = sentences(context.text, block.start, block.end)
    for place, (start, end) in enumerate(pieces):
        units = units_of(context.text, spans, start, end)
        lead = context.texts <= 1 or (block.stamp and place == 0)
        sentence = Sentence(
            start, end, context.text[start:end], units, number, block.kind, block.head, lead
        )
        if block.kind == "heading" and read_heading(context, sentence):
            continue
        read_sentence(context, sentence)
        if sentence.text.rstrip().endswith(":") and number not in memory.heads:
            frame = section_frame(sentence.text, sentence.units, memory, number)
            if frame is not None:
                previous = memory.frame
                if previous is not None and frame.kind == "pledge":
                    frame = replace(
                        frame,
                        actors=previous.actors,
                        status=previous.status,
                        when=previous.when,
                        speaker=previous.speaker,
                        recipient=previous.recipient,
                    )
                    if previous.kind in ("delivery",):
                        frame = replace(frame, kind=previous.kind, scope=previous.scope)
                memory.heads[number] = replace(frame, origin=(start, end))


def read_row(context: Context, row: Row, spans: Spans) -> None:
    """Read a row of a table, or a form, as one statement for each item that it names."""
    memory = context.memory
    units = units_of(context.text, spans, row.start, row.end)
    if not units:
        return
    places = [(cell, cell_units(units, cell)) for cell in row.cells]
    parties = [
        code
        for cell, inside in places
        for k in inside
        if units[k].kind == "party"
        and (
            cell.role == "donor"
            or (cell.role in (None, "item", "money") and cell is row.cells[0] and not row.form)
        )
        and (code := party_at(units, k, memory)) is not None
    ]
    frame = (
        context.section
        or memory.heads.get(row.block - 1)
        or memory.opening(memory.state_codes(giving=True), row.block)
    )
    getting = [
        code
        for cell, inside in places
        for k in inside
        if cell.role == "recipient"
        and units[k].kind == "party"
        and (code := party_at(units, k, memory)) is not None
    ]
    if getting:
        frame = replace(frame, recipient=getting[0])
        frame = replace(frame, actors=tuple(a for a in frame.actors if a != getting[0]))
    if parties:
        actors = tuple(sorted(set(parties)))
        frame = replace(frame, actors=actors, inherits=("kind",))
    supplier = next((context.text[c.start : c.end].strip() for c in row.of("supplier")), None)
    status = [k for cell, inside in places if cell.role in ("status", None) for k in inside]
    frame = replace(stage_in_line([units[k] for k in status], frame), rule="table")
    if row.form and supplier is not None and frame.kind == "pledge":
        frame = replace(frame, kind="contract", supplier=supplier)
        buyer = getting[0] if getting else memory.recipient
        if not parties and buyer is not None and supplier != buyer:
            frame = replace(frame, actors=(buyer,), recipient=None)
    if not frame.actors:
        return
    anchors = row_anchors(units, row, places, find_anchors)
    if anchors:
        context.strong += 1
    sentence = Sentence(
        row.start, row.end, context.text[row.start : row.end], units, row.block, "item", None, False
    )
    for anchor in anchors:
        emit(context, sentence, anchor, None, frame)


def take_turn(context: Context, label: str) -> None:
    """Take who speaks in the next blocks from the label before them."""
    names = [word for word in re.split(r"[\s.]+", label) if word]
    memory = context.memory
    text = names[-1] if names else None
    if text == memory.turn_text:
        return
    memory.turn, memory.turn_text = None, text
    parties, _ = finder(context.catalogue).find(label.title())
    for mention in parties:
        memory.turn = mention.code
    if memory.turn is None:
        memory.turn = memory.publisher


def read_heading(context: Context, sentence: Sentence) -> bool:
    """Take what a heading says; return False where it is a line of a list."""
    memory = context.memory
    units = sentence.units
    anchors = find_anchors(units)
    if context.section is not None and any(a.number or a.money for a in anchors):
        read_list_line(context, sentence, anchors, context.section)
        return True
    for index, unit in enumerate(units):
        if unit.kind == "party" and getattr(unit.value, "role", "") == "person":
            memory.person_party = party_at(units, index, memory) or memory.person_party
        if unit.kind == "party" and memory.giver is None and sentence.block < 3:
            code = party_at(units, index, memory)
            if (
                code
                and code != memory.recipient
                and role_of(units, index) in ("nominal", "possessive")
            ):
                memory.giver = code
    for anchor in anchors:
        if anchor.item is not None and anchor.item.category not in AID:
            memory.remember(anchor.item, sentence.block)
    frame = section_frame(sentence.text, sentence.units, memory, sentence.block)
    if frame is not None:
        frame = replace(frame, origin=(sentence.start, sentence.end))
    if frame is not None and sentence.block == 0 and frame.kind == "request":
        return True
    if frame is not None:
        context.section = frame
    memory.heads.setdefault(sentence.block, frame) if frame is not None else None
    return True
