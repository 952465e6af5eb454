"""The coder of other languages: a document in, its statements out, by one engine and data files."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pledgebook.reading.languages.acting import actors_of, fallback, recipient_of, remember
from pledgebook.reading.languages.anchors import Anchor, anchors_of
from pledgebook.reading.languages.clauses import Action, Clause, clauses_of
from pledgebook.reading.languages.deciding import GIVING, Verdict, decide, is_home, is_poll
from pledgebook.reading.languages.drafting import TRAINEES, draft_of
from pledgebook.reading.languages.emitting import Draft, finish
from pledgebook.reading.languages.frames import Frame, frame_of_heading, frame_of_line, label_of
from pledgebook.reading.languages.joining import combined
from pledgebook.reading.languages.layout import sentences_of
from pledgebook.reading.languages.levels import is_rate, level_of
from pledgebook.reading.languages.mentions import Marked, mark
from pledgebook.reading.languages.premises import premises
from pledgebook.reading.languages.roles import Memory, Stand, stands
from pledgebook.reading.languages.speakers import speaker_of
from pledgebook.reading.languages.timing import scoped, when_of
from pledgebook.reading.text.segments import Block, blocks
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

__all__ = ["read"]

_SHORT = 9
"""Tokens of a clause that may refuse, without a name, what the clause before it names."""
_LONG_LINE = 14
"""Tokens of a line of a list that is a sentence of its own where it has a verb."""
_SECTION_ENDS = 160
"""Characters of a paragraph that ends what the heading above it handed down."""
_HANDED_ON = frozenset({"pledge", "delivery", "contract", "training"})


def read(document: Document, catalogue: Catalogue, lang: str) -> list[Statement]:
    """Return the statements of a document in one of the languages of `READ`, in its order."""
    return _Reader(document, catalogue, lang).read()


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence: its tokens, its block, its clauses, its speaker, what its list hands down."""

    first: int
    last: int
    block: int
    clauses: list[Clause]
    speaker: str | None
    handed: Frame | None


class _Reader:
    """The reading of one document."""

    def __init__(self, document: Document, catalogue: Catalogue, lang: str) -> None:
        self.document = document
        self.catalogue = catalogue
        self.lang = lang
        self.marked: Marked = mark(document.text, lang, document.date, catalogue)
        self.memory: Memory = premises(self.marked, lang, document, catalogue)
        self.drafts: list[Draft] = []
        self.heads: dict[int, Frame] = {}
        self.section: Frame | None = None
        self.frame: tuple[int, Frame] | None = None
        """The frame of the last statement, with the block in which it was read."""
        self._starts = [token.start for token in self.marked.tokens]

    def read(self) -> list[Statement]:
        if not any(m.kind in ("item", "money") for m in self.marked.marks):
            return []
        for number, block in enumerate(blocks(self.document.text)):
            if block.kind != "question":
                self._block(number, block)
        return finish(self.drafts, self.marked, self.document, self.catalogue)

    def _block(self, number: int, block: Block) -> None:
        text = self.document.text[block.start : block.end]
        pieces = sentences_of(self.marked.tokens, self._starts, self.lang, block.start, block.end)
        row = "|" in text or "\t" in text
        for first, last in pieces:
            closing = self.marked.tokens[last - 1].low
            if closing == "?":
                continue
            if row or block.kind == "item":
                head = self.heads.get(block.head) if block.head is not None else None
                self._line(number, first, last, head or self.section, row=row)
            elif block.kind == "heading":
                self._heading(number, first, last)
            else:
                self._sentence(number, first, last)
                if closing == ":":
                    self._head(number, first, last)
        if block.kind == "text" and len(text) > _SECTION_ENDS:
            self.section = None

    def _head(self, number: int, first: int, last: int) -> Frame | None:
        frame = frame_of_heading(self.marked, self.lang, self.memory, first, last, self.section)
        if frame is not None:
            self.heads[number] = frame
        return frame

    def _heading(self, number: int, first: int, last: int) -> None:
        frame = self._head(number, first, last)
        if number == 0:
            # The headline repeats what the text says.
            return
        if frame is not None:
            self.section = frame
            if any(token.low == ":" for token in self.marked.tokens[first : last - 1]):
                # "Ausgebildet wurden: 1.500 Soldaten" is a line of its own.
                self._line(number, first, last, frame, row=True)
        elif anchors_of(self.marked, first, last):
            self._sentence(number, first, last)

    def _line(self, number: int, first: int, last: int, frame: Frame | None, *, row: bool) -> None:
        """Read a line of a list, or a row of a table, under what its head hands down."""
        marked, memory = self.marked, self.memory
        found = stands(marked, self.lang, first, last)
        acting = [
            action
            for clause in clauses_of(marked, first, last)
            for action in clause.actions
            if action.form not in ("noun", "adj") and action.family not in ("include", "say")
        ]
        anchors = _wanted(anchors_of(marked, first, last, listed=True), acting)
        if acting and not row and (frame is None or last - first > _LONG_LINE):
            self._sentence(number, first, last, frame)
            return
        if self.frame is not None and frame is None and number - self.frame[0] < 3:
            frame = self.frame[1]
        stage = frame_of_line(marked, first, last, frame)
        actors = label_of(memory, found, first) or stage.actors
        actors = actors or actors_of(marked, memory, stage.kind, found, passive=False)
        if not actors:
            return
        stage = replace(
            stage,
            actors=tuple(sorted(set(actors))),
            recipient=recipient_of(memory, stage.kind, found, actors) or stage.recipient,
            when=when_of(marked, first, last) or stage.when,
        )
        for anchor in anchors:
            if anchor.category != TRAINEES or stage.kind == "training":
                self._keep(anchor, stage, (first, last))

    def _sentence(self, number: int, first: int, last: int, frame: Frame | None = None) -> None:
        marked = self.marked
        clauses = clauses_of(marked, first, last)
        anchors = anchors_of(marked, first, last)
        if is_home(clauses):
            anchors = [a for a in anchors if a.money is None]
        families = {a.family for clause in clauses for a in clause.actions}
        if (anchors or families & {"train", "refuse"}) and not is_poll(clauses):
            speaker = speaker_of(marked, first, clauses)
            place = _Place(first, last, number, clauses, speaker, frame)
            before = len(self.drafts)
            for index in range(len(clauses)):
                self._clause(place, index, anchors)
            if len(self.drafts) == before:
                # "Le CAESAR équipe huit armées" says nothing, but what follows may be about it.
                self.memory.items += [
                    (a.category, a.designation, a.unit)
                    for a in anchors
                    if a.designation and a.category
                ]
        remember(self.memory, [
            stand for stand in stands(marked, self.lang, first, last)
            if not _is_aside(marked, stand.place, first)
        ])  # fmt: skip

    def _clause(self, place: _Place, index: int, anchors: list[Anchor]) -> None:
        clause = place.clauses[index]
        own = [a for a in anchors if clause.first <= a.first < clause.last]
        inside = combined(self.marked, own, clause)
        if not inside:
            people = any(a.category == TRAINEES for a in anchors)
            inside = self._unnamed(clause, index > 0, people=people)
        for anchor in _wanted(inside, clause.actions):
            self._anchor(anchor, inside, place, index)

    def _unnamed(self, clause: Clause, follows: bool, *, people: bool) -> list[Anchor]:
        """Return what a clause is about that names nothing: training, or what it refuses."""
        trains = next((a for a in clause.actions if a.family == "train"), None)
        if trains is not None and not people:
            return [Anchor(trains.first, trains.last, TRAINEES)]
        refuses = [a for a in clause.actions if a.family == "refuse" and a.form != "noun"]
        gives = any(a.family == "give" for a in clause.actions)
        if self.marked.has_cue(clause.first, clause.last, "negation"):
            # "kein weiteres wird abgegeben": to be denied, a gift is still to come.
            refuses += [a for a in clause.actions
                        if a.family == "give" and a.form in ("pres", "fut", "inf")]  # fmt: skip
        short = follows and clause.last - clause.first <= _SHORT
        if not refuses or not (gives or short) or not self.memory.items:
            return []
        category, designation, unit = self.memory.items[-1]
        return [Anchor(refuses[0].first, refuses[0].last, category, designation, unit)]

    def _anchor(self, anchor: Anchor, inside: list[Anchor], place: _Place, index: int) -> None:
        """Make what a clause says of an anchor a statement, where it says anything."""
        marked, memory = self.marked, self.memory
        clause = place.clauses[index]
        governor = place.clauses[index - 1] if index else None
        verdict = decide(marked, clause, governor, anchor.first, anchor.last)
        handed: Frame | None = None
        if verdict is None:
            near = self.frame is not None and self.frame[0] >= place.block - 1
            before = self.frame[1] if near and self.frame is not None else None
            verdict = level_of(marked, clause, anchor, before)
        if verdict is None:
            handed = self._inherited(clause, place)
            if handed is None:
                return
            verdict = Verdict(handed.kind, handed.status, handed.scope)
        trained = _training(anchor, verdict, clause, inside)
        if trained is None:
            return
        anchor, verdict = trained
        found = stands(marked, self.lang, clause.first, clause.last)
        earlier = [
            stands(marked, self.lang, c.first, c.last) for c in reversed(place.clauses[:index])
        ]
        actors = handed.actors if handed is not None else ()
        actors = actors or _gapped(marked, memory, found, anchor, clause)
        actors = actors or _firm(marked, memory, verdict.kind, found, clause)
        actors = actors or actors_of(
            marked, memory, verdict.kind, found, earlier,
            passive=verdict.passive, family=verdict.family,
        )  # fmt: skip
        raid = verdict.kind == "expenditure" and set(actors) <= memory.hostile
        if not actors or (raid and not is_rate(marked, clause)):
            return
        ahead = verdict.ahead and verdict.kind == "pledge"
        when = when_of(marked, clause.first, clause.last, ahead=ahead)
        when = when or when_of(marked, place.first, place.last, ahead=ahead)
        verdict = scoped(verdict, marked, clause, when, self.document.date)
        frame = Frame(
            verdict.kind, verdict.status, verdict.scope, actors,
            recipient_of(memory, verdict.kind, found, actors, verdict.family),
            when or (handed.when if handed else None),
            place.speaker or (handed.speaker if handed else None),
        )  # fmt: skip
        if self._keep(anchor, frame, self._span(anchor, clause, governor)):
            self.frame = (place.block, frame)

    def _inherited(self, clause: Clause, place: _Place) -> Frame | None:
        """Return the frame that goes on in a clause that only lists: "außerdem 20 Marder"."""
        families = {action.family for action in clause.actions}
        if families & {"battle", "none"}:
            return None
        if place.handed is not None:
            return place.handed
        if self.frame is None or self.frame[0] < place.block - 1 or "include" not in families:
            return None
        if self.frame[1].kind in _HANDED_ON:
            return self.frame[1]
        giver = fallback(self.memory, "pledge")
        return Frame("pledge", actors=giver, recipient=self.memory.recipient) if giver else None

    def _span(self, anchor: Anchor, clause: Clause, governor: Clause | None) -> tuple[int, int]:
        """Return the tokens of the evidence: the clause, with the one that opens it if short."""
        tokens = self.marked.tokens
        first, last = clause.first, clause.last
        while first < anchor.first and tokens[first].kind == "mark":
            first += 1
        while last > anchor.last and tokens[last - 1].low in ".,;:!?":
            last -= 1
        if governor is not None and clause.opened and last - first < _SHORT:
            first = governor.first
        return min(first, anchor.first), max(last, anchor.last)

    def _keep(self, anchor: Anchor, frame: Frame, span: tuple[int, int]) -> bool:
        draft = draft_of(self.marked, self.memory, anchor, frame, span)
        if draft is not None:
            self.drafts.append(draft)
        return draft is not None


def _wanted(anchors: list[Anchor], actions: list[Action] | tuple[Action, ...]) -> list[Anchor]:
    """Leave out weak nouns that nothing supports."""
    strong = any(a.family not in ("say", "include") for a in actions)
    return [a for a in anchors if not a.weak or a.number is not None or a.money or strong]


def _is_aside(marked: Marked, place: int, first: int) -> bool:
    """Tell whether a name stands in a relative clause: a comma, and a relative word behind it."""
    begin = place
    while begin > first and marked.tokens[begin - 1].low != ",":
        begin -= 1
    return begin > first and marked.has_cue(begin, min(begin + 2, place), "relative")


def _firm(
    marked: Marked, memory: Memory, kind: str, found: list[Stand], clause: Clause
) -> tuple[str, ...]:
    """Return the company that "the concern" is, where nobody else acts."""
    named = any(s.how == "subject" and s.role != "adjective" for s in found)
    if named or kind not in ("production", "contract", "stock"):
        return ()
    if memory.company is None or not marked.has_cue(clause.first, clause.last, "firm"):
        return ()
    return (memory.company,)


def _gapped(
    marked: Marked, memory: Memory, found: list[Stand], anchor: Anchor, clause: Clause
) -> tuple[str, ...]:
    """Return who stands before a dash for a verb left out: "Island \u2013 noch 2,7 Millionen"."""
    tokens = marked.tokens
    for stand in reversed(found):
        after = stand.place + 1
        if stand.place >= anchor.first or stand.how != "subject" or after >= clause.last:
            continue
        opens = stand.place == 0 or tokens[stand.place - 1].kind == "mark" or (
            marked.has_cue(stand.place - 1, stand.place, "conjunction")
        )  # fmt: skip
        if tokens[after].low not in ("\u2013", "\u2014") or not opens:
            return ()
        barred = stand.code in memory.hostile or stand.code == memory.recipient
        return () if barred or stand.kind == "company" else (stand.code,)
    return ()


def _training(
    anchor: Anchor, verdict: Verdict, clause: Clause, inside: list[Anchor]
) -> tuple[Anchor, Verdict] | None:
    """Fit an anchor and a verdict on training to each other; None where they do not go together."""
    if verdict.kind == "training" and anchor.category is None and anchor.number is not None:
        anchor = replace(anchor, category=TRAINEES)
    if anchor.category == TRAINEES and verdict.kind != "training":
        trains = any(a.family == "train" for a in clause.actions)
        if not trains:
            return None
        return anchor, replace(verdict, kind="training") if verdict.kind in GIVING else verdict
    if verdict.kind == "training" and anchor.category not in (TRAINEES, "training-service"):
        if any(a.category == TRAINEES for a in inside):
            return None
        if anchor.money is None:
            # "Ausbildung an Leopard-Panzern" is training, not tanks.
            anchor = Anchor(anchor.first, anchor.last, TRAINEES)
    return anchor, verdict
