"""What a reader keeps in mind: who has been named, who gives, who gets, what it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pledgebook.reading.lexicon import word_set
from pledgebook.reading.mentions import ItemMention, PartyMention
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category, Item

if TYPE_CHECKING:
    from pledgebook.reading.levels import Level

UNCOUNTED = frozenset(
    {"maintenance", "training-service", "fuel", "radar-electronics", "energy", "medical", "other"}
)
MUNITIONS = frozenset({"ammunition", "artillery-ammunition", "rocket-ammunition"})


@dataclass(slots=True)
class Frame:
    """What the last statement said, for sentences that go on with it."""

    kind: str
    status: str
    scope: str
    actors: tuple[str, ...]
    recipient: str | None
    speaker: str | None
    when: str | None
    block: int
    negated: bool = False
    supplier: str | None = None


@dataclass(slots=True)
class Memory:
    """The state of the discourse while a document is read."""

    catalogue: Catalogue
    publisher: str | None = None
    recipient: str | None = None
    giver: str | None = None
    last: str | None = None
    subject: str | None = None
    person_party: str | None = None
    default_giver: str | None = None
    company: str | None = None
    item: ItemMention | None = None
    frame: Frame | None = None
    heads: dict[int, Frame] = field(default_factory=dict)
    turn: str | None = None
    turn_text: str | None = None
    speaker: str | None = None
    named: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    last_givers: tuple[str, ...] = ()
    giver_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    donors_of: dict[str, set[str]] = field(default_factory=dict)
    named_item: ItemMention | None = None
    named_at: int = 0
    topic: Category = Category.MILITARY_AID
    munition: Category | None = None
    level: Level | None = None
    companies: set[str] = field(default_factory=set)
    acted: set[str] = field(default_factory=set)

    def is_company(self, code: str) -> bool:
        """Tell whether a code is a company's."""
        if code in self.companies:
            return True
        party = self.catalogue.parties.get(code)
        return party is not None and party.kind == "company"

    def note(self, codes: Sequence[str]) -> None:
        """Remember who acted last."""
        self.acted.update(codes)
        for code in codes:
            if self.is_company(code):
                self.company = code
            else:
                self.subject = code
                if code != self.recipient:
                    self.last = code
            self.named.add(code)

    @property
    def we(self) -> str | None:
        """The party that "we" stands for here."""
        return self.turn or self.publisher or (self.default_giver if self.turn_text else None)

    def give(self, codes: Sequence[str]) -> None:
        """Remember who gave last."""
        kept = tuple(c for c in codes if c != self.recipient)
        if kept:
            self.last_givers = kept
            if self.giver is None:
                self.giver = kept[0]

    def gave(self, item: Item, actors: tuple[str, ...]) -> None:
        """Remember who gives, orders or delivers an item."""
        if item.designation:
            self.giver_of[item.designation] = actors
            self.donors_of.setdefault(item.designation, set()).update(actors)

    def buyer_of(self, item: ItemMention | None) -> tuple[str, ...]:
        """Return the state that ordered or gives an item which a company ships."""
        named = (item.designation if item is not None else None) or (
            self.named_item.designation if self.named_item is not None else None
        )
        actors = self.giver_of.get(named or "", ())
        return tuple(a for a in actors if not self.is_company(a))

    def givers(self, item: ItemMention | None) -> tuple[str, ...]:
        """Return who gives where the sentence does not say: the giver of this item, or the last."""
        known = item
        if (
            item is not None
            and item.designation is None
            and self.named_item is not None
            and self.named_item.category == item.category
        ):
            known = self.named_item
        if known is not None and known.designation in self.giver_of:
            if len(self.donors_of.get(str(known.designation), ())) >= 3:
                return ("ALLIES",)
            return self.giver_of[str(known.designation)]
        if self.last_givers:
            return self.last_givers
        for code in (self.giver, self.publisher, self.default_giver, self.last):
            if code is not None and code != self.recipient:
                return (code,)
        return ()

    def state_codes(self, *, giving: bool) -> tuple[str, ...]:
        """Return `state` as a tuple, empty where there is none."""
        code = self.state(giving=giving)
        return (code,) if code is not None else ()

    def remember(self, item: ItemMention, block: int) -> None:
        """Remember what it is about."""
        if item.category not in UNCOUNTED:
            self.item = item
        if item.designation is not None:
            self.named_item, self.named_at = item, block

    def recall(self, noun: ItemMention, block: int) -> ItemMention | None:
        """Return the named item that a generic noun with a number goes on with."""
        known = self.named_item
        if known is None or block - self.named_at > 2:
            return None
        if noun.weak and noun.category == "other":
            return known if known.category not in MUNITIONS else None
        if known.category == noun.category:
            return known
        if noun.category == "ammunition" and known.category in MUNITIONS:
            return known
        return None

    def state(self, *, giving: bool) -> str | None:
        """Return the state or body that "it", "the government", "the minister" point back to."""
        for code in (
            (self.last if giving else self.subject),
            self.giver,
            self.publisher,
            self.default_giver,
        ):
            if code is not None and not (giving and code == self.recipient):
                return code
        return None


def main_recipient(parties: Sequence[PartyMention], text: str, publisher: str | None) -> str | None:
    """Guess who gets the aid in a document: the state most often named as getting or needing it."""
    votes: defaultdict[str, float] = defaultdict(float)
    aimed: set[str] = set()
    for mention in parties:
        if mention.role in ("person", "phrase", "description") or mention.code in _GIVERS:
            continue
        if mention.role in ("adjective", "people") and mention.code != "UKR":
            continue
        before = text[max(0, mention.start - 14) : mention.start].lower().rstrip()
        after = (
            text[mention.end : mention.end + 16].lower().replace("’", "'").replace("'s", "").split()
        )
        towards = before.endswith(_TOWARDS) or (
            bool(after) and after[0].strip(".,;:") in word_set("stricken")
        )
        if before.endswith(" in") and mention.role == "name":
            votes[mention.code] += 0.7
            aimed.add(mention.code)
        votes[mention.code] += (
            3 if towards else 0.5 if mention.role in ("adjective", "people") else 1
        )
        aimed.add(mention.code) if towards else None
    if publisher is not None:
        votes.pop(publisher, None)
    for donor in _DONORS & votes.keys():
        votes[donor] /= 4
    votes["UKR"] *= 8
    aimed.add("UKR")
    best = max(sorted(votes), key=lambda code: votes[code] * (code in aimed))
    return best if votes[best] >= 2 and best in aimed else None


_GIVERS = frozenset({"ALLIES", "UDCG", "EU", "NATO", "UN", "G7", "WBG", "IMF"})
_DONORS = frozenset({"USA", "DEU", "GBR", "FRA", "RUS", "JPN"})
_TOWARDS = (" to", " for", " give", " to the", " help", " support", " supply", " gave")


def main_giver(
    parties: Sequence[PartyMention], recipient: str | None, currencies: Sequence[str], text: str
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
        beside = text[max(0, mention.start - 12) : mention.start].lower().rstrip().endswith(_BESIDE)
        votes[mention.code] += 0.3 if beside else 3.0 if mention.start < 250 else 1.0
    for code in currencies:
        if code in _HOME:
            votes[_HOME[code]] += 1.5
    votes.pop(recipient or "", None)
    if not votes:
        return None
    return max(sorted(votes), key=lambda code: votes[code])


_BESIDE = (" with", " from", " to", " in", " for", " against")
_HOME = {
    "GBP": "GBR",
    "NOK": "NOR",
    "SEK": "SWE",
    "DKK": "DNK",
    "CHF": "CHE",
    "CAD": "CAN",
    "AUD": "AUS",
    "NZD": "NZL",
    "JPY": "JPN",
    "KRW": "KOR",
    "CZK": "CZE",
    "PLN": "POL",
    "TWD": "TWN",
    "HUF": "HUN",
    "RON": "ROU",
    "TRY": "TUR",
    "ILS": "ISR",
    "INR": "IND",
    "CNY": "CHN",
    "ISK": "ISL",
}


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
    civil += 4.0 * sum(word in low for word in _DISASTER)
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
_DISASTER = (
    "disaster",
    "quake",
    "relief",
    "victims",
    "tsunami",
    "eruption",
    "hurricane",
    "typhoon",
    "epidemic",
    "outbreak",
    "earthquake",
    "famine",
    "flood",
    "cyclone",
    "refugee",
    "displaced",
    "hunger",
    "drought",
    "cholera",
)
