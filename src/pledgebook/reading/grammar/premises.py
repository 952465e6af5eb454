"""What a document is about before it is read: who gets, who gives, what the money is for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from pledgebook.reading.grammar.discourse import MUNITIONS
from pledgebook.reading.text.lexicon import word_set
from pledgebook.reading.text.mentions import ItemMention, PartyMention
from pledgebook.reading.text.wording import table
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

_CIVIL = frozenset(
    {
        Category.HUMANITARIAN_AID,
        Category.MEDICAL,
        Category.ENERGY,
        Category.FINANCIAL_AID,
        Category.FUEL,
        Category.MIXED_AID,
        Category.VEHICLE,
        Category.MAINTENANCE,
        Category.OTHER,
        Category.TRAINING_SERVICE,
    }
)

OPENING = 250
"""Characters of a document in which a name counts more: headline and first sentence."""

LEAST_VOTES = 1.5
"""What a state must be named, weighted, to be taken for the one who gets."""


@cache
def _roles(name: str) -> frozenset[str]:
    return frozenset(table("roles.toml")[name])


@cache
def _endings(name: str) -> tuple[str, ...]:
    return tuple(f" {word}" for word in table("roles.toml")[name])


def main_recipient(
    parties: Sequence[PartyMention], text: str, publisher: str | None, catalogue: Catalogue
) -> str | None:
    """Guess who gets the aid in a document: the state most often named as getting or needing it."""
    votes: defaultdict[str, float] = defaultdict(float)
    aimed: set[str] = set()
    for mention in parties:
        party = catalogue.parties.get(mention.code)
        if party is None or party.kind != "state" or mention.role in ("phrase", "description"):
            continue
        before = text[max(0, mention.start - 14) : mention.start].lower().rstrip()
        behind = text[mention.end : mention.end + 16].lower().replace("’", "'").replace("'s", "")
        after = behind.split()
        weight = _WEIGHTS.get(mention.role, 1.0)
        if weight >= 1:
            needy = bool(after) and after[0].strip(".,;:") in word_set("stricken")
            if needy or before.endswith(_endings("towards")):
                weight += 2
                aimed.add(mention.code)
            elif before.endswith(" in"):
                weight += 0.7
                aimed.add(mention.code)
        votes[mention.code] += weight * (2 if mention.start < OPENING else 1)
    if publisher is not None:
        votes.pop(publisher, None)
    for code in votes:
        unaimed = 0.0 if code in _roles("donors") else 0.5
        votes[code] *= _prior(code) * (1 if code in aimed else unaimed)
    best = max(sorted(votes), key=lambda code: votes[code], default=None)
    return best if best is not None and votes[best] >= LEAST_VOTES else None


def _prior(code: str) -> float:
    """Return how likely a state is the one who gets, before a document says so."""
    if code == "UKR":
        return 6.0
    if code in _roles("donors"):
        return 0.2
    return 1.5 if code in _roles("receivers") else 1.0 if code in _roles("buyers") else 0.5


_WEIGHTS = {"adjective": 0.5, "people": 0.5, "person": 0.5}


def main_giver(
    parties: Sequence[PartyMention],
    recipient: str | None,
    currencies: Sequence[str],
    text: str,
    catalogue: Catalogue,
) -> str | None:
    """Guess whose document it is: the state or body named most, the opening counting more."""
    votes: defaultdict[str, float] = defaultdict(float)
    for mention in parties:
        if mention.code in (recipient, "ALLIES", "UDCG") or mention.role in (
            "person",
            "description",
            "phrase",
        ):
            continue
        party = catalogue.parties.get(mention.code)
        before = text[max(0, mention.start - 12) : mention.start].lower().rstrip()
        weight = 3.0 if mention.start < OPENING else 1.0
        if before.endswith(_endings("beside")):
            weight = 0.3
        if mention.role == "company" or (party is not None and party.kind == "company"):
            weight *= 0.2
        votes[mention.code] += weight * (0.5 if mention.code in _roles("receivers") else 1.0)
    for code in currencies:
        home = table("roles.toml")["home_currency"].get(code)
        if home is not None:
            votes[home] += 1.5
    votes.pop(recipient or "", None)
    if not votes:
        return None
    return max(sorted(votes), key=lambda code: votes[code])


def topics(items: Sequence[ItemMention], text: str) -> tuple[Category, Category | None]:
    """Return what money without a purpose is for here, and which munition "rounds" are."""
    weights: defaultdict[Category, float] = defaultdict(float)
    for mention in items:
        if mention.weak:
            continue
        head = 3.0 if mention.start < 400 else 1.0
        weights[mention.category] += head
    civil = weights[Category.HUMANITARIAN_AID] + weights[Category.MEDICAL]
    low = text.lower()
    civil += 4.0 * sum(word in low for word in _roles("disaster"))
    arms = sum(w for c, w in weights.items() if c not in _CIVIL)
    munition = max(sorted(MUNITIONS), key=lambda c: weights[Category(c)])
    rounds = Category(munition) if weights[Category(munition)] >= 2 else None
    shells = weights[Category.ARTILLERY_AMMUNITION]
    if rounds is Category.ARTILLERY_AMMUNITION or shells >= 2:
        weights[Category.ARTILLERY_AMMUNITION] += weights.pop(Category.AMMUNITION, 0.0)
        shells = weights[Category.ARTILLERY_AMMUNITION]
    whole = sum(weights.values())
    dominant = next((c for c, w in weights.items() if w >= 0.6 * whole and w >= 3), None)
    if weights[Category.ENERGY] > max(arms, civil, weights[Category.FINANCIAL_AID]):
        topic = Category.ENERGY
    elif weights[Category.FINANCIAL_AID] > max(0.6 * arms, civil):
        topic = Category.FINANCIAL_AID
    elif civil > arms:
        topic = Category.HUMANITARIAN_AID
    elif weights[Category.ENERGY] > arms:
        topic = Category.ENERGY
    elif weights[Category.FINANCIAL_AID] > arms:
        topic = Category.FINANCIAL_AID
    elif shells > 0.6 * arms:
        topic = Category.ARTILLERY_AMMUNITION
    elif dominant is not None and dominant not in _CIVIL:
        topic = dominant
    else:
        topic = Category.MILITARY_AID
    if rounds is Category.AMMUNITION and shells >= 2:
        rounds = Category.ARTILLERY_AMMUNITION
    return topic, rounds
