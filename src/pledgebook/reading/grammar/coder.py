"""The grammar coder: a document in, its statements out, by rules and word lists alone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from pledgebook.reading.grammar.anchoring import find_anchors
from pledgebook.reading.grammar.context import Context, Sentence
from pledgebook.reading.grammar.discourse import Memory
from pledgebook.reading.grammar.emitting import finish
from pledgebook.reading.grammar.lists import section_frame
from pledgebook.reading.grammar.parties import party_at, role_of
from pledgebook.reading.grammar.premises import main_giver, main_recipient, topics
from pledgebook.reading.grammar.rowreading import read_row
from pledgebook.reading.grammar.sentencing import read_list_line, read_sentence
from pledgebook.reading.grammar.telling import tell_sentence
from pledgebook.reading.grammar.units import Spans, collect, units_of
from pledgebook.reading.grammar.values import AID
from pledgebook.reading.quantities.carried_money import find_carried_money
from pledgebook.reading.quantities.dates import DateMention, find_dates
from pledgebook.reading.quantities.money import find_money
from pledgebook.reading.quantities.numbers import find_numbers, find_rates
from pledgebook.reading.text.entries import entries
from pledgebook.reading.text.gate import gate
from pledgebook.reading.text.lexicon import word_list
from pledgebook.reading.text.mentions import PartyMention, finder
from pledgebook.reading.text.rows import Row, find_rows
from pledgebook.reading.text.segments import Block, blocks, sentences
from pledgebook.reading.trace import current_trace
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement


def read(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return the statements of a document, in the order of its text."""
    found = prepare(document, catalogue)
    trace = current_trace()
    if found is None:
        if trace is not None:
            trace.tell("unread", 0, len(document.text), facts={"why": _WHY_UNREAD})
        return []
    found.context.trace = trace
    return finish(go_through(found))


_WHY_UNREAD = "too little in it is about arms or aid, by its words alone"


@dataclass(slots=True)
class Prepared:
    """A document that is ready to be read: its layout, its mentions, what it is about."""

    context: Context
    blocks: list[Block]
    rows: dict[int, Row | None]
    spans: Spans
    parties: list[PartyMention]
    dates: list[DateMention]


def prepare(document: Document, catalogue: Catalogue) -> Prepared | None:
    """Find what a document is made of; None where nothing in it could be a statement."""
    text = document.text
    if not gate(catalogue).opens(text):
        return None
    parties, items = finder(catalogue).find(text, document.date.year if document.date else None)
    money = find_money(text)
    if not items and not money and not _has_trainees(text):
        return None
    dates = _dates(text, document.date)
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
    return Prepared(context, found, find_rows(text, found), spans, parties, dates)


def _dates(text: str, published: dt.date | None) -> list[DateMention]:
    """Find the dates of a text; each entry of a log is read against a day of its own."""
    found: list[DateMention] = []
    start, day = 0, published
    for entry in [*entries(text, published), None]:
        end = entry.end if entry is not None else len(text)
        found += [
            replace(mention, start=mention.start + start, end=mention.end + start)
            for mention in find_dates(text[start:end], day)
        ]
        if entry is not None:
            start, day = entry.end, entry.day
    return found


def go_through(prepared: Prepared) -> Context:
    """Read a document from first to last; what was found is in its context."""
    context = prepared.context
    for number, block in enumerate(prepared.blocks):
        if number not in prepared.rows:
            read_block(context, number, block, prepared.spans)
        elif (row := prepared.rows[number]) is not None:
            read_row(context, row, prepared.spans)
    return context


def _has_trainees(text: str) -> bool:
    """Tell whether a document may be about training, which needs neither item nor money."""
    low = text.lower()
    return "train" in low and any(word in low for word in word_list("trainees"))


def read_block(context: Context, number: int, block: Block, spans: Spans) -> None:
    """Read one block of the document."""
    if block.kind == "question":
        if context.trace is not None:
            context.trace.tell("sentence", block.start, block.end, facts={"form": block.kind})
        return
    memory = context.memory
    if block.speaker is not None:
        take_turn(context, block.speaker)
    if block.stamp:
        memory.frame = None
    if block.dated:
        memory.named_item = None
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
        if context.watch is not None:
            context.watch(sentence, context)
        if context.trace is not None:
            tell_sentence(context, sentence)
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


def take_turn(context: Context, label: str) -> None:
    """Take who speaks in the next blocks from the label before them."""
    names = [word for word in re.split(r"[\s.]+", label.partition("(")[0]) if word]
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
