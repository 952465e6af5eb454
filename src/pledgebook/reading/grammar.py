"""The grammar coder: a document in, its statements out, by rules and word lists alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pledgebook.reading.actors import (
    Reference,
    agent_of,
    earlier_party,
    nearest_party,
    joined,
    neighbour_party,
    origin_before,
    origins,
    other_party,
    owner_of,
    party_at,
    role_of,
    subject_of,
)
from pledgebook.reading.dates import DateMention, find_dates
from pledgebook.reading.discourse import Frame, Memory, main_giver, main_recipient, topics
from pledgebook.reading.evidence import clause_text, evidence_span
from pledgebook.reading.governing import govern
from pledgebook.reading.kinds import Reading, read_predicate
from pledgebook.reading.levels import level_frame, with_level
from pledgebook.reading.lexicon import word_list
from pledgebook.reading.lists import label_parties, section_frame, stage_in_line, trailing_parties
from pledgebook.reading.mentions import finder
from pledgebook.reading.money import find_money
from pledgebook.reading.numbers import find_numbers, find_rates
from pledgebook.reading.phrases import Anchor, find_anchors
from pledgebook.reading.predicates import Predicate, find_predicates, find_presence
from pledgebook.reading.rowitems import cell_units, row_anchors
from pledgebook.reading.rows import Row, find_rows
from pledgebook.reading.scopes import scope_of
from pledgebook.reading.segments import Block, blocks, sentences
from pledgebook.reading.speakers import speaker_in
from pledgebook.reading.support import is_attack, supported
from pledgebook.reading.training import training_anchor
from pledgebook.reading.units import Spans, Unit, collect, units_of
from pledgebook.reading.values import AID, CIVIL, item_of, money_of, quantity_of
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Category, Evidence, Item, Statement

_INCLUDING = frozenset({"include", "contain", "comprise", "consist of"})
_ENABLING = frozenset({"allow", "allows", "allowed", "help", "helping", "enable", "cleared", "clear"})
_GIVING = frozenset({"pledge", "delivery", "training", "refusal"})


def _is_finite(predicate: Predicate) -> bool:
    """Tell a verb that makes a line of a list a sentence of its own."""
    if predicate.noun or predicate.reduced or predicate.tense in ("infinitive", "gerund"):
        return False
    return predicate.family not in ("train", "hold", "lack", "spend") and not predicate.trigger.weak


def _unretracted(sentence: Sentence, anchors: list[Anchor]) -> list[Anchor]:
    """Leave out what a correction takes back: "an earlier version gave 300,000"."""
    found = _RETRACTED.search(sentence.text)
    if found is None:
        return anchors
    end = min(
        (at for mark in (";", " - ", " – ", ". ") if (at := sentence.text.find(mark, found.end())) > 0),
        default=len(sentence.text),
    )
    low, high = sentence.start + found.start(), sentence.start + end
    return [a for a in anchors if not low <= sentence.units[a.first].start < high]


_RETRACTED = re.compile(r"\b(?:earlier version|we wrote|wrongly|as we (?:reported|had it)|erroneously)\b", re.IGNORECASE)


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(word_list(name))


@dataclass(slots=True)
class Sentence:
    """A sentence with what was found in it."""

    start: int
    end: int
    text: str
    units: list[Unit]
    block: int
    kind: str
    head: int | None
    lead: bool


def read(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return the statements of a document, in the order of its text."""
    text = document.text
    parties, items = finder(catalogue).find(text)
    money = find_money(text)
    if not items and not money:
        return []
    dates = find_dates(text, document.date)
    exclude = [(m.start, m.end) for m in (*money, *items, *dates)]
    numbers = find_numbers(text, exclude=sorted(exclude))
    spans = collect(parties, items, numbers, money, dates)
    publisher = catalogue.publisher(document.url) if document.url else None
    memory = Memory(catalogue, publisher=publisher)
    memory.recipient = main_recipient(parties, text, publisher)
    memory.default_giver = publisher or main_giver(
        parties, memory.recipient, [m.currency for m in money if m.currency and not m.converted], text
    )
    memory.topic, memory.munition = topics(items, text)
    memory.named = {p.code for p in parties if p.role in ("name", "adjective", "capital", "metonym")}
    memory.companies = {p.code for p in parties if p.role == "company"}
    memory.persons = {
        text[p.start : p.end].split()[-1] for p in parties if p.role == "person" and not p.ambiguous
    }
    coder = _Coder(document, catalogue, memory)
    found = blocks(text)
    rows = find_rows(text, found)
    for number, block in enumerate(found):
        if number not in rows:
            coder.read_block(number, block, spans)
        elif (row := rows[number]) is not None:
            coder.read_row(row, spans)
    return coder.finish()


class _Coder:
    """Reads one document from top to bottom."""

    def __init__(self, document: Document, catalogue: Catalogue, memory: Memory) -> None:
        self.document = document
        self.text = document.text
        self.catalogue = catalogue
        self.memory = memory
        self.found: list[Statement] = []
        self.rates = find_rates(document.text)
        self.places: list[tuple[int, int]] = []
        self.section: Frame | None = None
        self.texts = 0
        self.foreign_block = -99
        self.strong = 0

    def read_block(self, number: int, block: Block, spans: Spans) -> None:
        """Read one block of the document."""
        if block.kind == "question":
            return
        memory = self.memory
        if block.speaker is not None:
            self._turn(block.speaker)
        if block.stamp:
            memory.frame = None
        if block.kind == "text":
            self.texts += 1
            if len(self.text[block.start : block.end]) > 160:
                self.section = None
        pieces = sentences(self.text, block.start, block.end)
        for place, (start, end) in enumerate(pieces):
            units = units_of(self.text, spans, start, end)
            lead = self.texts <= 1 or (block.stamp and place == 0)
            sentence = Sentence(
                start, end, self.text[start:end], units, number, block.kind, block.head, lead
            )
            if block.kind == "heading" and self._read_heading(sentence):
                continue
            self.read_sentence(sentence)
            if sentence.text.rstrip().endswith(":") and number not in memory.heads:
                frame = section_frame(sentence.text, memory, number)
                if frame is not None:
                    previous = memory.frame
                    if previous is not None and frame.kind == "pledge":
                        frame = replace(frame, actors=previous.actors, status=previous.status, when=previous.when,
                                        speaker=previous.speaker, recipient=previous.recipient)
                        if previous.kind in ("delivery",):
                            frame = replace(frame, kind=previous.kind, scope=previous.scope)
                    memory.heads[number] = frame

    def read_row(self, row: Row, spans: Spans) -> None:
        """Read a row of a table, or a form, as one statement for each item that it names."""
        memory = self.memory
        units = units_of(self.text, spans, row.start, row.end)
        if not units:
            return
        places = [(cell, cell_units(units, cell)) for cell in row.cells]
        parties = [
            code for cell, inside in places for k in inside
            if units[k].kind == "party" and (cell.role == "donor" or (cell.role in (None, "item", "money") and cell is row.cells[0] and not row.form))
            and (code := party_at(units, k, memory)) is not None
        ]
        frame = self.section or memory.heads.get(row.block - 1) or Frame("pledge", "firm", "new", memory.state_codes(giving=True), memory.recipient, None, None, row.block)
        if parties:
            frame = replace(frame, actors=tuple(sorted(set(parties))))
        supplier = next((self.text[c.start : c.end].strip() for c in row.of("supplier")), None)
        status = [k for cell, inside in places if cell.role in ("status", None) for k in inside]
        frame = stage_in_line([units[k] for k in status], frame)
        if row.form and supplier is not None and frame.kind == "pledge":
            frame = replace(frame, kind="contract", supplier=supplier)
        if not frame.actors:
            return
        anchors = row_anchors(units, row, places, find_anchors)
        if anchors:
            self.strong += 1
        sentence = Sentence(row.start, row.end, self.text[row.start : row.end], units, row.block, "item", None, False)
        for anchor in anchors:
            self._emit(sentence, anchor, None, frame)

    def _turn(self, label: str) -> None:
        names = [word for word in re.split(r"[\s.]+", label) if word]
        memory = self.memory
        text = names[-1] if names else None
        if text == memory.turn_text:
            return
        memory.turn, memory.turn_text = None, text
        parties, _ = finder(self.catalogue).find(label.title())
        for mention in parties:
            memory.turn = mention.code
        if memory.turn is None:
            memory.turn = memory.publisher

    def _read_heading(self, sentence: Sentence) -> bool:
        """Take what a heading says; return False where it is a line of a list."""
        memory = self.memory
        units = sentence.units
        anchors = find_anchors(units)
        if self.section is not None and any(a.number or a.money for a in anchors):
            self._list_line(sentence, anchors, self.section)
            return True
        for index, unit in enumerate(units):
            if unit.kind == "party" and getattr(unit.value, "role", "") == "person":
                memory.person_party = party_at(units, index, memory) or memory.person_party
            if unit.kind == "party" and memory.giver is None and sentence.block < 3:
                code = party_at(units, index, memory)
                if code and code != memory.recipient and role_of(units, index) in ("nominal", "possessive"):
                    memory.giver = code
        for anchor in anchors:
            if anchor.item is not None and anchor.item.category not in AID:
                memory.remember(anchor.item, sentence.block)
        frame = section_frame(sentence.text, memory, sentence.block)
        if frame is not None:
            self.section = frame
        memory.heads.setdefault(sentence.block, frame) if frame is not None else None
        return True

    def _list_line(self, sentence: Sentence, anchors: Sequence[Anchor], frame: Frame) -> None:
        """Read a line of a list under the frame of its head."""
        units = sentence.units
        actors, begin = label_parties(units, self.memory)
        self.strong += 1
        if actors:
            frame = replace(frame, actors=actors)
            if self.memory.recipient in actors and frame.kind != "request":
                frame = replace(frame, recipient=None)
        if not actors:
            actors = trailing_parties(units, self.memory)
            if actors:
                frame = replace(frame, actors=actors)
        frame = stage_in_line(units, frame)
        if not frame.actors:
            return
        frame = replace(frame, actors=joined(units, frame.actors, self.memory))
        for anchor in anchors:
            if anchor.first < begin or (anchor.item is None and anchor.money is None):
                continue
            after = units[anchor.last + 1].low if anchor.last + 1 < len(units) else ""
            shares = [(code,) for code in frame.actors] if after == "each" else [frame.actors]
            for share in shares:
                self._emit(sentence, anchor, None, replace(frame, actors=share))

    def read_sentence(self, sentence: Sentence) -> None:
        """Find the statements of one sentence."""
        memory = self.memory
        units = sentence.units
        anchors = find_anchors(units)
        predicates = find_predicates(units)
        presence = find_presence(units, memory.recipient)
        if presence is not None:
            predicates.append(presence)
        said = speaker_in(sentence.text)
        if said is not None:
            memory.speaker = said
        readings = [(p, read_predicate(p, units)) for p in predicates]
        if sentence.kind == "item":
            head = memory.heads.get(sentence.head) if sentence.head is not None else self.section
            head = head or self.section
            finite = [p for p, r in readings if r and _is_finite(p)]
            if sentence.text.endswith(".") and not finite:
                finite = [p for p, r in readings if r and not p.noun and not p.reduced and p.tense in ("past", "perfect", "present", "future") and p.family in ("produce", "hold", "spend", "give", "arrive")]
            label = label_parties(units, memory)[0]
            if head is not None and (not finite or (label and not [p for p in finite if p.first > 3])):
                self._list_line(sentence, anchors, head)
                return
            if head is None and not finite:
                giver = label or memory.state_codes(giving=True)
                counted = [a for a in anchors if a.number is not None or a.money is not None]
                frame = Frame("pledge", "firm", "new", giver, memory.recipient, None, None, sentence.block)
                self._list_line(sentence, anchors if label else counted, frame)
                return
        if sentence.text.endswith("?"):
            return
        if sentence.kind == "text" and len(units) < 40:
            actors, begin = label_parties(units, memory)
            if actors and begin and units[begin - 1].low == ":" and not [p for p, r in readings if r and not p.noun and not p.reduced and p.tense in ("past", "perfect", "present", "future")]:
                frame = memory.frame or Frame("pledge", "firm", "new", actors, memory.recipient, None, None, sentence.block)
                self._list_line(sentence, anchors, replace(frame, actors=actors))
                return
        anchors = _unretracted(sentence, anchors)
        last_frame: Frame | None = None
        foreign = self._is_foreign(sentence)
        for anchor, predicate, reading in govern(units, anchors, readings):
            if anchor.item is not None and anchor.item.category not in AID and not anchor.weak:
                memory.remember(anchor.item, sentence.block)
            per = anchor.number.per or self._rate(sentence, anchor) if anchor.number else None
            frame = level_frame(units, anchor, predicate, predicates, memory, per, sentence.block, said)
            if frame is None:
                frame = self._frame(sentence, anchor, predicate, reading, said, last_frame)
            if frame is None:
                continue
            if not foreign and frame.kind in _GIVING:
                continue
            for share in self._shares(units, anchor, frame):
                if self._emit(sentence, anchor, predicate, share):
                    last_frame = share
        self._training(sentence, readings, said)
        if last_frame is not None:
            memory.frame = last_frame
            if sentence.text.rstrip().endswith(":"):
                memory.heads[sentence.block] = replace(last_frame, block=sentence.block)
        self._note_parties(sentence, predicates)

    def _note_parties(self, sentence: Sentence, predicates: Sequence[Predicate]) -> None:
        units = sentence.units
        memory = self.memory
        person = None
        for index, unit in enumerate(units):
            if unit.kind != "party":
                continue
            code = getattr(unit.value, "code", None)
            if getattr(unit.value, "role", "") == "person":
                if person is None and role_of(units, index) == "nominal":
                    person = memory.person_party = party_at(units, index, memory)
            elif code is not None and memory.is_company(code):
                memory.company = code
        for predicate in predicates:
            if predicate.noun:
                continue
            found = subject_of(units, predicate, memory, giving=False)
            if found is not None and found.direct:
                memory.note(found.codes)
                return
        for index, unit in enumerate(units):
            if unit.kind == "party" and role_of(units, index) == "nominal":
                code = party_at(units, index, memory)
                if code is not None:
                    memory.note((code,))
                    return

    def _frame(
        self,
        sentence: Sentence,
        anchor: Anchor,
        predicate: Predicate | None,
        reading: Reading | None,
        said: str | None,
        earlier: Frame | None,
    ) -> Frame | None:
        memory = self.memory
        units = sentence.units
        if predicate is None or reading is None:
            owned = self._owned(sentence, anchor, said)
            if owned is not None:
                return owned
            frame = earlier or memory.frame
            if anchor.number is None and anchor.money is None:
                return None
            beside = neighbour_party(units, anchor, memory)
            if frame is not None and frame.block == sentence.block:
                if anchor.item is None and anchor.money is None and beside is None:
                    return None
                return replace(frame, actors=beside or frame.actors, speaker=said, block=sentence.block)
            return self._default(sentence, anchor, beside, said)
        kind = reading.kind
        fresh = any(u.low in ("package", "new", "additional", "tranche", "packages") for u in units)
        if predicate.trigger.lemma in _INCLUDING and memory.frame is not None and not fresh:
            kind = memory.frame.kind if memory.frame.kind in ("pledge", "delivery", "contract") else kind
        if kind in ("pledge", "delivery") and predicate.trigger.lemma == "supply" and predicate.noun and any(u.low in _set("thin") for u in units):
            kind = "stock"
        if kind == "production" and not self._is_production(sentence, anchor, predicate):
            return None
        if kind == "contract" and anchor.item is not None and anchor.item.category in AID and predicate.trigger.lemma == "sign":
            kind = "pledge"
        if not supported(units, anchor, predicate, kind):
            return None
        if anchor.negated:
            if kind != "pledge":
                return None
            kind = "refusal"
        giving = kind in _GIVING and memory.recipient is not None
        actors = self._actors(units, anchor, predicate, reading, kind, giving=giving)
        actors = joined(units, actors, memory)
        if kind == "contract" and predicate.control == "promise" and predicate.trigger.lemma in ("acquire", "buy", "purchase", "procure"):
            governor = units[predicate.control_at].low if predicate.control_at is not None else ""
            if governor in _ENABLING:
                kind = "pledge"
                if memory.recipient in actors:
                    actors = memory.givers(anchor.item)
        if kind == "request" and self._to_parliament(units, actors):
            kind, reading = "pledge", replace(reading, status="tentative")
        if kind == "stock" and predicate.trigger.lemma in ("hold", "have") and any(u.low in ("package", "tranche", "shipment", "consignment") for u in units[max(0, predicate.first - 9) : predicate.first]):
            kind = "pledge"
        if anchor.item is None or anchor.number is not None:
            beside = neighbour_party(units, anchor, memory)
            if beside is not None and kind in ("pledge", "delivery", "contract", "stock", "production", "expenditure"):
                actors = beside
        if not actors:
            return None
        if kind == "delivery" and memory.default_giver is not None and all(memory.is_company(a) for a in actors):
            actors = memory.buyer_of(anchor.item) or actors
        if not reading.inverse:
            memory.note(actors)
        if giving:
            memory.give(actors)
        recipient = self._recipient(units, kind, actors)
        when = self._when(units, anchor, predicate)
        clause = clause_text(units, anchor, predicate)
        rate = bool(anchor.number and (anchor.number.per or self._rate(sentence, anchor)))
        scope = scope_of(clause, predicate, kind, when, self.document.date, lead=sentence.lead, rate=rate,
            own=memory.giver is None or memory.giver in actors,
            relative=anchor.last < predicate.first and not predicate.passive and not predicate.noun,
        )
        turn = memory.turn_text if memory.turn_text != "Q" else None
        return Frame(
            kind, reading.status, scope, actors, recipient, said or turn, when, sentence.block,
            supplier=self._supplier(units, kind, actors),
        )

    def _shares(self, units: Sequence[Unit], anchor: Anchor, frame: Frame) -> list[Frame]:
        """Split "batteries from the United States, Germany and Romania" into one for each."""
        if frame.kind not in ("pledge", "delivery") or anchor.item is None:
            return [frame]
        codes = origins(units, anchor, self.memory)
        return [replace(frame, actors=(code,)) for code in codes] if codes else [frame]

    def _is_foreign(self, sentence: Sentence) -> bool:
        """Tell aid across borders from a government's spending at home, on its own pages."""
        publisher = self.memory.publisher
        if publisher is None:
            return True
        for unit in sentence.units:
            code = getattr(unit.value, "code", None) if unit.kind == "party" else None
            if code is not None and code != publisher and not self.memory.is_company(code):
                self.foreign_block = sentence.block
        return sentence.block - self.foreign_block <= (2 if sentence.kind != "item" else 12)

    def _default(
        self, sentence: Sentence, anchor: Anchor, beside: tuple[str, ...] | None, said: str | None
    ) -> Frame | None:
        """Read a counted item or an amount that no known verb governs.

        On a document about aid such a phrase nearly always is a statement; what it does is read
        from the few words that tell a thing done from a thing promised.
        """
        memory = self.memory
        units = sentence.units
        lows = [u.low for u in units]
        if anchor.item is None and anchor.money is None:
            if memory.frame is None or sentence.block - memory.frame.block > 1 or memory.item is None:
                return None
            if anchor.number is None or anchor.number.low == anchor.number.high == 1:
                return None
        if any(low in _set("battle") or low in _set("prices") for low in lows) or is_attack(units, anchor):
            return None
        found = nearest_party(units, anchor, memory)
        actors = beside or found or memory.givers(anchor.item)
        if not actors or (self.document.url and not found and not beside):
            return None
        done = any(low in _set("done") for low in lows)
        kind = "delivery" if done else "pledge"
        if anchor.item is None and anchor.money is None and memory.frame is not None and not done:
            kind = memory.frame.kind
            actors = beside or memory.frame.actors
        clause = " ".join(lows)
        scope = scope_of(clause, None, kind, None, self.document.date, lead=sentence.lead, rate=False)
        return Frame(kind, "firm", scope, actors, memory.recipient, said, None, sentence.block)

    def _owned(self, sentence: Sentence, anchor: Anchor, said: str | None) -> Frame | None:
        """Read an amount without a verb that names its giver: "Norway's share is 1.6 billion"."""
        if anchor.money is None or (anchor.item is not None and anchor.item.category not in AID):
            return None
        units = sentence.units
        memory = self.memory
        for k in range(anchor.first, max(-1, anchor.first - 10), -1):
            unit = units[k]
            if unit.kind == "party":
                code = party_at(units, k, memory)
                role = role_of(units, k)
                if code is None or code == memory.recipient or memory.is_company(code):
                    continue
                if role in ("possessive", "adjective") or (role == "nominal" and k + 1 < len(units) and units[k + 1].low == "'s"):
                    clause = " ".join(u.low for u in units)
                    total = anchor.item is not None and (" since " in clause or "total" in clause or " pass" in clause or " to date" in clause)
                    return Frame("pledge", "firm", "total" if total else "new", (code,), memory.recipient, said, None, sentence.block)
            elif unit.low in (";", ".", ":"):
                return None
        return None

    def _to_parliament(self, units: Sequence[Unit], actors: tuple[str, ...]) -> bool:
        """Tell a government's request to its own parliament from a request for aid."""
        if self.memory.recipient in actors:
            return False
        if self.memory.publisher is not None and self.memory.publisher in actors:
            return True
        return any(u.low in ("congress", "lawmakers", "parliament", "senators", "bundestag", "supplemental") for u in units)

    def _is_production(self, sentence: Sentence, anchor: Anchor, predicate: Predicate) -> bool:
        """Ask for more than a weak verb: a rate, a maker, or an item that is made."""
        if not predicate.trigger.weak:
            return True
        if anchor.number is not None and (anchor.number.per or self._rate(sentence, anchor)):
            return True
        return any(
            u.low in ("production", "output", "capacity", "manufacturing") or (u.kind == "party" and self.memory.is_company(getattr(u.value, "code", "")))
            for u in sentence.units
        )

    def _rate(self, sentence: Sentence, anchor: Anchor) -> str | None:
        units = sentence.units
        start = units[anchor.first].start
        end = units[min(len(units) - 1, anchor.last + 3)].end
        for rate in self.rates:
            if start <= rate.start <= end and rate.per:
                return rate.per
        return None

    def _actors(
        self,
        units: Sequence[Unit],
        anchor: Anchor,
        predicate: Predicate,
        reading: Reading,
        kind: str,
        *,
        giving: bool,
    ) -> tuple[str, ...]:
        memory = self.memory
        found: Reference | None = None
        if predicate.passive or predicate.noun:
            words = ("by",) if predicate.family in ("order", "ask", "refuse") else ("by", "from")
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
            reporter = self._reporter(units, predicate)
            if reporter is not None:
                return reporter
        if found is None and predicate.passive and not predicate.reduced:
            return memory.givers(anchor.item) if kind in _GIVING or kind == "contract" else memory.state_codes(giving=giving)
        if found is None and not predicate.reduced:
            found = subject_of(units, predicate, memory, giving=giving)
        if found is not None and kind == "expenditure" and not found.direct and memory.recipient is not None:
            return (memory.recipient,)
        if found is not None:
            own = memory.publisher is not None and memory.publisher in found.codes
            self.strong += (found.direct or own) and not predicate.trigger.weak
            return found.codes
        if kind == "request":
            return (memory.recipient,) if memory.recipient else ()
        if kind == "expenditure":
            return ()
        if kind in _GIVING:
            return memory.givers(anchor.item)
        return memory.state_codes(giving=giving or kind in ("production", "contract"))

    def _reporter(self, units: Sequence[Unit], predicate: Predicate) -> tuple[str, ...] | None:
        """Return who reports "that four jets had been supplied", where that is a giver."""
        for k in range(min(predicate.first, 12)):
            if units[k].kind == "party" and getattr(units[k].value, "role", "") == "person":
                code = party_at(units, k, self.memory)
                if code is not None and code != self.memory.recipient and code in self.memory.acted:
                    return (code,)
        return None

    def _recipient(self, units: Sequence[Unit], kind: str, actors: tuple[str, ...]) -> str | None:
        if kind in ("production", "stock", "expenditure"):
            return None
        for index in range(len(units)):
            if units[index].kind != "party":
                continue
            code = party_at(units, index, self.memory)
            if code is None or code in actors:
                continue
            before = [units[k].low for k in range(max(0, index - 2), index)]
            if before[-1:] in (["to"], ["for"]) or before in (["to", "the"], ["for", "the"]):
                return code
        if kind == "request":
            return actors[0] if self.memory.recipient in actors else self.memory.recipient
        if kind == "contract":
            return None
        return self.memory.recipient if self.memory.recipient not in actors else None

    def _supplier(self, units: Sequence[Unit], kind: str, actors: tuple[str, ...]) -> str | None:
        if kind not in ("contract", "production"):
            return None
        for index, unit in enumerate(units):
            if unit.kind == "party":
                code = party_at(units, index, self.memory)
                if code and self.memory.is_company(code):
                    return code if code in actors else unit.text
        return next((a for a in actors if self.memory.is_company(a)), None)

    def _when(self, units: Sequence[Unit], anchor: Anchor, predicate: Predicate) -> str | None:
        best: tuple[int, str] | None = None
        for index, unit in enumerate(units):
            if not isinstance(unit.value, DateMention) or unit.value.relation == "since":
                continue
            if self._is_stale(unit.value.when):
                continue
            cost = min(abs(index - anchor.last), abs(index - predicate.last))
            if best is None or cost < best[0]:
                best = (cost, unit.value.when)
        return best[1] if best else None

    def _is_stale(self, when: str) -> bool:
        """Tell dates of laws and old history from dates of the act."""
        published = self.document.date
        return published is not None and int(when[:4]) < published.year - 8

    def _training(
        self,
        sentence: Sentence,
        readings: Sequence[tuple[Predicate, Reading | None]],
        said: str | None,
    ) -> None:
        for predicate, reading in readings:
            if predicate.family != "train" or reading is None:
                continue
            anchor = training_anchor(sentence.units, predicate)
            if anchor is None:
                continue
            frame = self._frame(sentence, anchor, predicate, reading, said, None)
            if frame is None:
                continue
            self._store(sentence, anchor, predicate, frame, Item(category=Category.TRAINING_SERVICE), "person")
            return

    def _emit(
        self, sentence: Sentence, anchor: Anchor, predicate: Predicate | None, frame: Frame
    ) -> bool:
        if anchor.weak and anchor.number is None and anchor.money is None:
            return False
        found = item_of(sentence.text, sentence.start, anchor, frame, self.memory, sentence.block)
        if found is None:
            return False
        item, unit = found
        if item.category is Category.TRAINING_SERVICE:
            return False
        return self._store(sentence, anchor, predicate, frame, item, unit)

    def _store(
        self,
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
        quantity = quantity_of(units, anchor, frame.kind, unit, self._period(sentence, anchor, frame))
        with_level(self.memory, frame, quantity.per if quantity else None)
        statement = Statement(
            kind=frame.kind,
            status=frame.status,
            scope=frame.scope,
            actors=tuple(sorted(set(frame.actors))),
            recipient=frame.recipient,
            item=item,
            quantity=quantity,
            money=money_of(anchor),
            when=frame.when,
            supplier=frame.supplier if frame.kind in ("contract", "production") else None,
            speaker=frame.speaker,
            evidence=Evidence(document=self.document.id, start=start, end=end, quote=self.text[start:end]),
            rule=predicate.trigger.lemma if predicate else "inherited",
        )
        self.found.append(statement)
        line = sentence.head if sentence.kind == "item" and sentence.head is not None else None
        self.places.append((sentence.block, -1 - line if line is not None else sentence.start))
        sold = predicate is not None and predicate.family == "sell"
        if frame.kind in ("pledge", "delivery", "contract") and not sold:
            self.memory.gave(item, frame.actors)
        return True

    def _period(self, sentence: Sentence, anchor: Anchor, frame: Frame) -> str | None:
        """Return the period of a rate: as written, or that of the series it goes on with."""
        found = self._rate(sentence, anchor)
        level = self.memory.level
        if found is None and level is not None and level.frame.kind == frame.kind and anchor.item is None:
            return level.per
        return found

    def _is_about_aid(self) -> bool:
        """Tell whether the document as a whole bears its statements out.

        One clear statement by a named party is enough; otherwise several on a named recipient.
        """
        recipient = self.memory.recipient
        read = sum(statement.rule not in ("inherited", "default") for statement in self.found)
        return self.strong > 0 or (read >= 2 and recipient is not None and recipient in self.memory.named)

    def finish(self) -> list[Statement]:
        """Drop what was said before with nothing added."""
        if not self._is_about_aid():
            return []
        rich = {
            place for place, s in zip(self.places, self.found, strict=True)
            if s.money is not None and s.item.category in AID
        }
        kept: list[Statement] = []
        seen: dict[tuple[object, ...], int] = {}
        for (block, number), s in zip(self.places, self.found, strict=True):
            key = (s.kind, s.actors, s.item, s.quantity, s.money)
            bare = s.quantity is None and s.money is None
            if bare and s.item.category in AID and (block, number) in rich:
                continue
            if bare:
                key = (s.kind if s.kind != "delivery" else "pledge", s.actors, s.item, None, None)
            if seen.setdefault(key, number) == number:
                kept.append(s)
        return sorted(kept, key=lambda s: (s.evidence.start, s.evidence.end))
