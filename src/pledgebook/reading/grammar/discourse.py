"""What a reader keeps in mind: who has been named, who gives, who gets, what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pledgebook.reading.text.mentions import ItemMention
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category, Item

UNCOUNTED = frozenset(
    {"maintenance", "training-service", "fuel", "radar-electronics", "energy", "medical", "other"}
)
MUNITIONS = frozenset({"ammunition", "artillery-ammunition", "rocket-ammunition"})


@dataclass(slots=True)
class Frame:
    """What the last statement said, for sentences that go on with it.

    `origin` is where in the text it was said, `inherits` what a statement takes from there.
    """

    kind: str
    status: str
    scope: str
    actors: tuple[str, ...]
    recipient: str | None
    speaker: str | None
    when: str | None
    block: int
    supplier: str | None = None
    rule: str = ""
    origin: tuple[int, int] | None = None
    inherits: tuple[str, ...] = ("kind", "actors")


@dataclass(frozen=True, slots=True)
class Level:
    """The series that a document speaks of: a frame and the period of its rate."""

    frame: Frame
    per: str | None


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
    person_parties: tuple[str, ...] = ()
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

    def opening(self, actors: tuple[str, ...], block: int) -> Frame:
        """Return the frame of a list or a table that nothing introduces: firm, new pledges."""
        return Frame("pledge", "firm", "new", actors, self.recipient, None, None, block)

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
