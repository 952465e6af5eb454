"""What the grammar coder tells a trace: what it found in a sentence, and what came of it.

These functions only look. They run where somebody listens, and change nothing that is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.context import Context, Sentence
from pledgebook.reading.grammar.discourse import Frame
from pledgebook.reading.grammar.kinds import Reading
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.quantities.dates import DateMention
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.mentions import ItemMention, PartyMention
from pledgebook.vocabulary.statement import Statement

__all__ = [
    "amount_in_words",
    "no_frame",
    "tell_end",
    "tell_nothing",
    "tell_sentence",
    "tell_statement",
    "tell_verbs",
]

_RULES: Mapping[str, str] = MappingProxyType(
    {
        "(list)": "a line of a list, under its head",
        "(table)": "a row of a table",
        "(continued)": "goes on with the statement before",
        "(owned)": "an amount beside the name of its giver",
        "(level)": "a figure of a series that goes on",
        "(default)": "a counted thing that no known word governs: a guess",
    }
)


def tell_sentence(context: Context, sentence: Sentence) -> None:
    """Tell a sentence and every mention in it."""
    trace = context.trace
    if trace is None:
        return
    trace.tell("sentence", sentence.start, sentence.end, facts={"form": sentence.kind})
    for unit in sentence.units:
        if unit.kind in ("party", "item", "number", "money", "date"):
            facts = {"kind": unit.kind, "value": _value(unit)}
            trace.tell("mention", unit.start, unit.end, facts=facts)


def tell_verbs(
    context: Context,
    sentence: Sentence,
    readings: Sequence[tuple[Predicate, Reading | None]],
) -> None:
    """Tell the words that may open a statement, with what each states."""
    if context.trace is None:
        return
    units = sentence.units
    for predicate, reading in readings:
        tense = "" if predicate.noun else f", {predicate.tense}"
        voice = ", passive" if predicate.passive else ""
        denied = ", denied" if predicate.negated else ""
        control = f", under a word to {predicate.control}" if predicate.control else ""
        states = f"{reading.kind}, {reading.status}" if reading is not None else "nothing here"
        context.trace.tell(
            "verb",
            units[predicate.first].start,
            units[predicate.last].end,
            facts={"does": f"{predicate.family}{tense}{voice}{denied}{control}", "states": states},
        )


def tell_statement(
    context: Context, sentence: Sentence, anchor: Anchor, frame: Frame, statement: Statement
) -> None:
    """Tell a statement with the rule that made it and where its fields come from."""
    if context.trace is None:
        return
    rule = _RULES.get(statement.rule, f"“{statement.rule}”")
    facts = {"rule": rule}
    for code in statement.actors:
        facts[f"actor {code}"] = _origin(context, sentence, frame, code, "actors")
    if statement.recipient is not None:
        origin = _origin(context, sentence, frame, statement.recipient, "recipient")
        facts[f"recipient {statement.recipient}"] = origin
    units = sentence.units
    start, end = units[anchor.first].start, units[anchor.last].end
    context.trace.tell("statement", start, end, facts=facts, statement=statement)


def tell_nothing(context: Context, sentence: Sentence, anchor: Anchor, why: str) -> None:
    """Tell that an item, number or amount came to nothing, and why."""
    if context.trace is not None:
        units = sentence.units
        start, end = units[anchor.first].start, units[anchor.last].end
        context.trace.tell("nothing", start, end, facts={"why": why})


def no_frame(
    sentence: Sentence, anchor: Anchor, predicate: Predicate | None, reading: Reading | None
) -> str:
    """Return why an anchor had no frame, as far as that can be told from outside."""
    if predicate is not None and reading is not None:
        words = " ".join(u.text for u in sentence.units[predicate.first : predicate.last + 1])
        return (
            f"“{words}” suggests a {reading.kind}, but no party is found for it, "
            "or the words around it do not bear it out"
        )
    if sentence.battle:
        return "battle news"
    if anchor.number is None and anchor.money is None:
        return "named without an amount, and no word says what is done with it"
    return "no word near it says that it is given, ordered, made, held or asked for"


def tell_end(context: Context, kept: Sequence[Statement], *, about_aid: bool) -> None:
    """Tell which statements were taken back when all was read, and why."""
    if context.trace is None:
        return
    stay = {id(statement) for statement in kept}
    why = (
        "said before, with nothing added"
        if about_aid
        else "no clearly named party states anything in this document, so nothing of it is kept"
    )
    for (start, end), statement in zip(context.spans, context.found, strict=True):
        if id(statement) not in stay:
            context.trace.tell("left out", start, end, facts={"why": why}, statement=statement)


def _origin(context: Context, sentence: Sentence, frame: Frame, code: str, field: str) -> str:
    """Return where the party of a statement comes from."""
    for unit in sentence.units:
        if unit.kind == "party" and getattr(unit.value, "code", None) == code:
            return f"“{unit.text}” in this sentence"
    memory = context.memory
    if frame.origin is not None and field in (*frame.inherits, "recipient"):
        first, last = frame.origin
        if not first <= sentence.start < last:
            return f"handed down from “{_short(context.text[first:last])}”"
    if code == memory.turn:
        return "who speaks here"
    if code == memory.publisher:
        return "whose page this is"
    if field == "recipient" and code == memory.recipient:
        return "the one who mostly gets in this document"
    return "named before, or the giver of the document as a whole"


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _value(unit: Unit) -> str:
    value = unit.value
    if isinstance(value, PartyMention):
        return value.code
    if isinstance(value, ItemMention):
        return f"{value.category}, {value.designation}" if value.designation else value.category
    if isinstance(value, NumberMention):
        kind = "" if value.kind in ("cardinal", "vague") else f" ({value.kind})"
        return amount_in_words(value.low, value.high, approx=value.approx, per=value.per) + kind
    if isinstance(value, MoneyMention):
        amount = amount_in_words(value.low, value.high, approx=value.approx, per=value.per)
        converted = " (the same, converted)" if value.converted else ""
        return f"{value.currency or 'currency unknown'} {amount}{converted}"
    if isinstance(value, DateMention):
        return f"{value.relation} {value.when}" if value.relation else value.when
    return ""


def amount_in_words(
    low: float | None, high: float | None, *, approx: bool = False, per: str | None = None
) -> str:
    """Return an interval in words: "about 8", "up to 4", "14 to 20 a month"."""
    if low is None:
        text = "an open amount" if high is None else f"up to {high:,.12g}"
    elif high is None:
        text = f"at least {low:,.12g}"
    elif low == high:
        text = f"{low:,.12g}"
    else:
        text = f"{low:,.12g} to {high:,.12g}"
    return f"{'about ' if approx else ''}{text}{f' a {per}' if per else ''}"
