"""What a spot looks like by itself, as numbers: its words, its place, what the grammar says."""

from __future__ import annotations

from math import log1p

from pledgebook.reading.grammar.discourse import Frame
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.learned.positions import one_hot
from pledgebook.reading.learned.survey import Spot, Survey
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

SPOT_KINDS = ("item", "money", "number", "loose", "training", "verb", "line")
CATEGORIES = tuple(category.value for category in Category)
KINDS = tuple(kind.value for kind in Kind)
SCOPES = tuple(scope.value for scope in Scope)
STATUSES = tuple(status.value for status in Status)
PERIODS = (None, "day", "week", "month", "year")
FAMILIES = (
    "give", "arrive", "receive", "promise", "propose", "order", "sell", "produce", "spend", "hold",
    "lack", "train", "ask", "refuse",
)  # fmt: skip
TENSES = ("past", "perfect", "present", "progressive", "future", "infinitive", "gerund", "noun")
CONTROLS = ("ask", "refuse", "tentative", "promise")
BLOCKS = ("text", "heading", "item", "row")
RULES = ("(list)", "(table)", "(continued)", "(owned)", "(level)", "(default)")


def spot_features(survey: Survey, spot: Spot, seen: dict[object, int]) -> list[float]:
    """Return the features of a spot; `seen` counts what earlier spots of the document were."""
    place = survey.places[spot.place]
    anchor, item = spot.anchor, spot.anchor.item
    memory = survey.context.memory
    units = place.units
    key = _key(spot)
    repeated = seen.get(key, 0) if key is not None else 0
    if key is not None:
        seen[key] = repeated + 1
    number, money = anchor.number, anchor.money
    value = number.low if number is not None and number.low is not None else None
    predicates = place.predicates
    features = one_hot(spot.kind, SPOT_KINDS)
    features += [
        float(anchor.weak), float(number is not None), float(money is not None),
        float(anchor.definite), float(anchor.single), float(anchor.further), float(anchor.negated),
        float(anchor.relative), float(item is not None and item.designation is not None),
        float(number is not None and number.kind == "vague"),
        float(number is not None and number.kind == "percent"),
        float(number is not None and number.per is not None),
        float(number is not None and number.bounded),
        log1p(value) / 12 if value is not None else 0.0,
        log1p(money.low) / 25 if money is not None and money.low is not None else 0.0,
    ]  # fmt: skip
    features += one_hot(item.category.value if item is not None else None, CATEGORIES)
    features += one_hot(place.kind, BLOCKS)
    features += [
        # The second place is free; the weights that ship count on it.
        float(place.index == 0), 0.0, float(place.stamp),
        place.index / max(1, len(survey.places)), log1p(len(survey.places)) / 5,
        float(place.label is not None), float(memory.publisher is not None),
        float(place.head is not None), len(place.spots) / 8, len(units) / 40,
        min(repeated, 3) / 3, float(place.battle),
        float(units[-1].low == "?"), float(survey.context.strong > 0),
        log1p(survey.context.strong) / 3, float(memory.recipient is not None),
        float(memory.recipient == "UKR"), float(not any(u.kind == "party" for u in units)),
    ]  # fmt: skip
    features += one_hot(memory.topic.value, CATEGORIES)
    features += _nearest_item(survey, spot)
    features += _nearest_verbs(predicates, anchor.head)
    features += _verb(spot.verb, anchor.head) + _reading(spot)
    features += [float(any(p.family == family for p in predicates)) for family in FAMILIES]
    features += _guess(spot)
    state = place.state
    features += _frame(state.frame if state is not None else None)
    features += _frame(state.head if state is not None else None)
    return features


def _key(spot: Spot) -> object:
    anchor = spot.anchor
    if anchor.money is not None:
        return ("money", anchor.money.low, anchor.money.high, anchor.money.currency)
    number = (anchor.number.low, anchor.number.high) if anchor.number is not None else None
    if anchor.item is not None:
        return ("item", anchor.item.category, anchor.item.designation, number)
    return None


def _nearest_item(survey: Survey, spot: Spot) -> list[float]:
    """Return the category of the item named last before a spot that has none of its own."""
    if spot.anchor.item is None:
        for other in reversed(survey.spots[max(0, spot.index - 12) : spot.index]):
            item = other.anchor.item
            if item is not None and not other.anchor.weak:
                near = float(other.place == spot.place)
                return [near, 1.0, *one_hot(item.category.value, CATEGORIES)]
    return [0.0] * (2 + len(CATEGORIES))


def _nearest_verbs(predicates: list[Predicate], head: int) -> list[float]:
    before = [p for p in predicates if p.head <= head]
    after = [p for p in predicates if p.head > head]
    return [
        *_verb(before[-1] if before else None, head),
        *_verb(after[0] if after else None, head),
    ]


def _verb(found: Predicate | None, head: int) -> list[float]:
    if found is None:
        return [0.0] * (len(FAMILIES) + len(TENSES) + len(CONTROLS) + 7)
    return [
        *one_hot(found.family, FAMILIES),
        *one_hot(found.tense, TENSES),
        *one_hot(found.control, CONTROLS),
        float(found.noun), float(found.passive), float(found.negated), float(found.modal),
        float(found.reduced), float(found.had), log1p(abs(found.head - head)) / 3,
    ]  # fmt: skip


def _reading(spot: Spot) -> list[float]:
    found = spot.reading
    if found is None:
        return [0.0] * (len(KINDS) + 4)
    tentative, inverse = found.status == "tentative", found.inverse
    own = spot.guess is None and bool(spot.actors)
    return [*one_hot(found.kind, KINDS), 1.0, float(tentative), float(inverse), float(own)]


def _guess(spot: Spot) -> list[float]:
    guess = spot.guess
    if guess is None:
        return [0.0] * (1 + len(KINDS) + len(SCOPES) + 1 + len(RULES) + len(CATEGORIES))
    return [
        1.0,
        *one_hot(guess.kind.value, KINDS),
        *one_hot(guess.scope.value, SCOPES),
        float(guess.status is Status.TENTATIVE),
        *one_hot(guess.rule, RULES),
        *one_hot(guess.item.category.value, CATEGORIES),
    ]


def _frame(frame: Frame | None) -> list[float]:
    if frame is None:
        return [0.0] * (1 + len(KINDS) + len(SCOPES) + 1)
    return [
        1.0,
        *one_hot(frame.kind, KINDS),
        *one_hot(frame.scope, SCOPES),
        float(frame.status == "tentative"),
    ]
