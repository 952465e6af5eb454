"""From a predicate to kind and status: voice, tense, negation and control decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import word_set


@dataclass(frozen=True, slots=True)
class Reading:
    """Kind and status of a predicate; `inverse` where its subject is the one who gets."""

    kind: str
    status: str
    inverse: bool = False


def read_predicate(predicate: Predicate, units: Sequence[Unit]) -> Reading | None:
    """Return what a predicate states, None where it states nothing."""
    family = predicate.family
    if predicate.control == "ask" and family in (
        "give",
        "promise",
        "receive",
        "train",
        "order",
        "propose",
    ):
        return Reading("request", "firm")
    if (
        predicate.tense == "infinitive"
        and predicate.control is None
        and family in ("give", "receive", "order", "arrive")
    ):
        return None
    if any(u.low == "why" for u in units[max(0, predicate.first - 8) : predicate.first]):
        return None
    refused = predicate.negated or predicate.control == "refuse"
    status = _status(predicate, units)
    if family in ("give", "arrive"):
        if refused:
            return Reading("refusal", "firm") if family == "give" else None
        inverse = family == "arrive" or predicate.trigger.lemma in _INTRANSITIVE
        return Reading(_give(predicate, units), status, inverse)
    if family == "receive":
        if refused:
            return None
        done = predicate.tense in ("past", "perfect") and not predicate.modal
        return Reading("delivery" if done else "pledge", status, inverse=True)
    if family in ("promise", "propose"):
        if refused:
            return Reading("refusal", "firm")
        return Reading("pledge", "tentative" if family == "propose" else status)
    if family == "order":
        return (
            None
            if refused and predicate.noun
            else Reading("refusal" if refused else "contract", status)
        )
    if family == "sell":
        if refused:
            return Reading("refusal", "firm")
        approved = predicate.control == "promise" and predicate.noun
        return Reading("pledge" if approved else "contract", status, inverse=not approved)
    if family == "produce":
        if refused:
            return None
        ahead = predicate.tense in ("future", "infinitive") or predicate.control is not None
        return Reading("production", "tentative" if ahead else status)
    if family == "spend":
        return (
            None
            if refused or (predicate.passive and not predicate.reduced)
            else Reading("expenditure", status)
        )
    if family == "hold":
        return Reading("stock", "firm")
    if family == "lack":
        return Reading("stock", "firm")
    if family == "train":
        return Reading("refusal" if refused else "training", status)
    if family == "ask":
        if predicate.trigger.lemma == "ask" and predicate.head == 0:
            return None
        after = units[predicate.last + 1].low if predicate.last + 1 < len(units) else ""
        if predicate.trigger.lemma in ("need", "want", "require", "seek") and after == "to":
            return None
        if after in ("why", "whether", "how", "if", "what", "who", "when"):
            return None
        if (
            predicate.noun
            and after not in ("for", "of", "to", "from", "by")
            and predicate.trigger.form == "noun"
            and len(predicate.trigger.particles) == 0
        ):
            return None
        if (
            refused
            or (predicate.passive and not predicate.reduced)
            or (predicate.reduced and predicate.trigger.lemma in ("ask", "need", "want"))
        ):
            return None
        return Reading("request", "firm")
    if family == "refuse":
        return (
            None
            if refused and predicate.noun
            else Reading(
                "refusal" if not refused else "pledge", "firm" if not refused else "tentative"
            )
        )
    return None


_INTRANSITIVE = frozenset({"go", "come", "follow"})


def _give(predicate: Predicate, units: Sequence[Unit]) -> str:
    if predicate.noun:
        return (
            "pledge"
            if predicate.control in ("promise", "tentative") or _ahead(predicate, units)
            else "delivery"
        )
    if predicate.modal or predicate.control in ("promise", "tentative"):
        return "pledge"
    tense = predicate.tense
    if tense in ("past", "perfect"):
        return "delivery"
    if tense == "progressive":
        return "delivery" if predicate.passive else "pledge"
    if tense == "present" and predicate.passive:
        return "delivery"
    return "pledge"


def _ahead(predicate: Predicate, units: Sequence[Unit]) -> bool:
    """Tell whether words near a noun of giving put it in the future or in an announcement."""
    low = max(0, predicate.head - 8)
    window = [u.low for u in units[low : predicate.head + 10] if u.kind == "word"]
    return any(w in word_set("transfer_ahead") for w in window)


def _status(predicate: Predicate, units: Sequence[Unit]) -> str:
    if predicate.modal or predicate.control == "tentative":
        return "tentative"
    if predicate.family in ("give", "promise", "order", "receive", "arrive", "train") and _iffy(
        predicate, units
    ):
        return "tentative"
    return "firm"


def _iffy(predicate: Predicate, units: Sequence[Unit]) -> bool:
    for k in range(max(0, predicate.first - 7), min(len(units), predicate.last + 3)):
        if units[k].kind == "punct" and units[k].low in (";", ":") and k < predicate.first:
            continue
        if units[k].low in word_set("iffy"):
            if units[k].low == "if" and k > predicate.last:
                continue
            return True
    return False
