"""The layout of a text: blocks, lists under their heads, sentences, speaker turns.

Offsets are offsets into the document's text. Nothing here knows what the words mean; it only
needs punctuation, line breaks and a short list of abbreviations.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from pledgebook.reading.text.entries import entries
from pledgebook.reading.text.labels import labelled_lines
from pledgebook.reading.text.lexicon import cue_table, word_list

LONGEST = 1500
"""Characters of the longest sentence."""

_BULLET = re.compile(r"[ \t]*(?:[-*•·‣▪◦–—]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
_OFFICE = r"(?:[ \t]?\([^()\n]{2,60}\))?"
"""What stands in brackets behind a speaker's name: party, state or office."""
_ASKING = r"(?:QUESTION|Question|REPORTER|Reporter|JOURNALIST|Journalist|PRESS)(?: \d{1,2})?"
_TURN = re.compile(
    rf"(?:(?P<q>Q\d{{0,2}}(?:[ \t]{{2,}}|[.:][ \t]*|\n))|(?P<asking>{_ASKING}):[ \t]*"
    rf"|(?P<who>[A-Z][A-Z.'’\- ]{{3,60}}{_OFFICE}):[ \t]+)"
)
_ANSWER = re.compile(r"(?:A\d{0,2}(?:[ \t]{2,}|[.:][ \t]*)|(?:ANSWER|Answer):[ \t]*)")
_ASKED = re.compile(
    r"(?:[^:\n]{3,70}:[ \t]*)?(?:\(?\d{1,6}\)?[ \t]+)?To ask (?:the|His|Her|what|whether)\b"
)
"""How a question of a member of parliament begins."""
_STAMP = re.compile(
    r"(?:\d{1,2}[:.]\d{2}(?:[ \t]?(?:[ap]\.?m\.?|[AP]M))?(?:[ \t]+[A-Z]{2,4})?|\d{1,2}[ap]m)"
    r"[ \t]*(?:[-–—:|][ \t]*)?"
)
_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9À-ÖØ-Þ€$£¥•]|\s*$)|\n")
_LEADER = 3
"""Dots that lead from a name to its figure in a list, and end no sentence."""
_WORD_BEFORE = re.compile(r"([\w.'’-]+)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A line or paragraph: `kind` is "text", "heading", "item" (of a list) or "question".

    `head` is the index of the block that introduces the list an item belongs to; `speaker` is the
    label of the turn that the block belongs to, `stamp` is true where a live blog begins an entry,
    `dated` where the entry stands under a line with its own day.
    """

    start: int
    end: int
    kind: str
    head: int | None = None
    speaker: str | None = None
    stamp: bool = False
    dated: bool = False


def blocks(text: str) -> list[Block]:
    """Cut a text into its blocks, in order; empty lines belong to none."""
    found: list[Block] = []
    labelled = labelled_lines(text)
    days = {entry.start for entry in entries(text, dt.date.max)}
    titled = _titled() if _is_transcript(text) else None
    pending = dated = False
    at_line: dict[int, int] = {}
    head: int | None = None
    speaker: str | None = None
    position = 0
    for line in text.split("\n"):
        start, position = position, position + len(line) + 1
        if not line.strip():
            continue
        end = start + len(line.rstrip())
        start += len(line) - len(line.lstrip())
        if position - len(line) - 1 in days:
            head, speaker, pending, dated = None, None, True, True
            continue
        bullet = _BULLET.match(line)
        if bullet and not _is_dateline_dash(line):
            begin = position - len(line) - 1 + bullet.end()
            if head is None and found and found[-1].kind != "item":
                head = len(found) - 1
            found.append(Block(begin, end, "item", head, speaker))
            continue
        at_line[position - len(line) - 1] = len(found)
        turn = _TURN.match(text, start, end) or (titled and titled.match(text, start, end))
        under = labelled.get(position - len(line) - 1, -1)
        if under != -1 and not (turn and speaker is not None) and speaker != "Q":
            place = at_line.get(under) if under is not None else None
            found.append(Block(start, end, "item", place, speaker))
            head = None
            continue
        if turn:
            head = None
            told = turn.groupdict()
            if told.get("asking"):
                # The next paragraph is taken for an answer, by whoever has spoken so far.
                found.append(Block(turn.end(), end, "question", None, "Q"))
                continue
            if told.get("q"):
                found.append(Block(turn.end(), end, "question", None, "Q"))
                speaker = "Q"
                continue
            speaker = turn["who"].strip()
            start = turn.end()
        answer = _ANSWER.match(text, start, end) if speaker == "Q" else None
        if answer:
            speaker, start, head = "A", answer.end(), None
        if stamp := _STAMP.match(text, start, end):
            start = stamp.end()
            head, pending = None, True
        if start >= end:
            continue
        body = text[start:end]
        if speaker == "Q" or _ASKED.match(body):
            found.append(Block(start, end, "question", None, speaker))
            speaker = speaker if speaker == "Q" else None
            continue
        heading = _is_heading(body)
        if head is not None and found and found[-1].kind == "item" and _continues_list(body):
            found.append(Block(start, end, "item", head, speaker))
            continue
        head = len(found) if body.rstrip().endswith((":", "\uff1a")) else None
        found.append(
            Block(start, end, "heading" if heading else "text", None, speaker, pending, dated)
        )
        pending = dated = False
    return found


def _is_transcript(text: str) -> bool:
    """Tell whether lines begin with speakers: one label with a title may be a headline."""
    titled = sum(1 for _ in _titled().finditer(text))
    return titled > 1 or bool(titled and _PLAIN_TURN.search(text))


_PLAIN_TURN = re.compile(rf"^[ \t]*{_TURN.pattern}", re.MULTILINE)


@cache
def _titled() -> re.Pattern[str]:
    """Return the pattern of a label such as "Minister Reznikov (Ukraine):" at a line's start."""
    speech = cue_table("speech")
    words = [*speech["titles"], *speech["qualifiers"]]
    words = sorted((word for word in words if word[0].isupper()), key=len, reverse=True)
    title = "|".join(map(re.escape, words))
    name = r"[A-Z][\w.'’-]*"
    return re.compile(
        rf"^[ \t]*(?P<who>(?:(?:{title}|of)[ \t])+{name}(?:[ \t]{name}){{0,3}}{_OFFICE}):"
        r"[ \t]+(?=\S)",
        re.MULTILINE,
    )


def _is_dateline_dash(line: str) -> bool:
    return line.lstrip().startswith(("—", "–")) and len(line) > 400


def _continues_list(body: str) -> bool:
    """Tell whether an unbulleted line goes on with the list above it."""
    return len(body) < 160 and body.rstrip().endswith((";", "; and", ", and"))


def _is_heading(body: str) -> bool:
    stripped = body.strip(" *_#")
    if len(stripped) > 110 or stripped.endswith((".", "!", "?", ";", ",", "”", '"')):
        return False
    return not stripped.endswith(":") or len(stripped.split()) < 8


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut `text[start:end]` into sentences; every one is non-empty and stripped."""
    found: list[tuple[int, int]] = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.group() != "\n" and not _ends_sentence(text, begin, stop):
            continue
        _push(text, begin, stop.end(), found)
        begin = stop.end()
    _push(text, begin, end, found)
    return found


def _push(text: str, begin: int, end: int, found: list[tuple[int, int]]) -> None:
    while end - begin > LONGEST:
        # What goes on for so long is no sentence; a cut keeps the work for it within bounds.
        gap = text.rfind(" ", begin + LONGEST // 2, begin + LONGEST)
        cut = gap if gap > 0 else begin + LONGEST
        _push(text, begin, cut, found)
        begin = cut
    piece = text[begin:end]
    stripped = piece.strip()
    if stripped:
        begin += len(piece) - len(piece.lstrip())
        found.append((begin, begin + len(stripped)))


def _ends_sentence(text: str, begin: int, stop: re.Match[str]) -> bool:
    if stop.group()[0] != "." or stop.end() >= len(text):
        return True
    before = _WORD_BEFORE.search(text, max(begin, stop.start() - 24), stop.start())
    if before is None:
        return len(stop.group()) < _LEADER
    word = before.group(1)
    if len(word) == 1 and word.isalpha() and word.isupper():
        return False
    return word.lower() not in _abbreviations() and not re.fullmatch(
        r"(?:[A-Za-z]\.)+[A-Za-z]", word
    )


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(word_list("abbreviations"))
