"""Made-up books that change step by step, and the ledger that has to follow them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Iterable, Sequence

from making import Clock
from pledgebook.errors import UsageError
from pledgebook.ledger.coding.additions import addition
from pledgebook.ledger.inputs import stored_ledger
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.live.ledgers import LiveLedger
from pledgebook.ledger.records import Entry, Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.document import Document, sha256
from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Item,
    Kind,
    Money,
    Quantity,
    Scope,
    Statement,
    Status,
)

TREE = load_catalogue()
START = dt.date(2024, 1, 1)
_QUOTES = (
    "Norway will send eight tanks",
    "Kyiv asked Norway for tanks",
    "a further four of them",
    "of which three",
    "Germany pays for them",
    "the deliveries were suspended",
    "the halt was lifted",
    "the first of these came",
    "the remaining ones came",
)
_ITEMS = (
    (Category.TANK, None),
    (Category.TANK, "Leopard 2"),
    (Category.TANK, "Leopard 2A4"),
    (Category.AIR_DEFENCE, "Patriot"),
    (Category.MILITARY_AID, None),
)
_KINDS = (
    *(Kind.PLEDGE,) * 4,
    *(Kind.DELIVERY,) * 2,
    Kind.CONTRACT,
    Kind.REQUEST,
    Kind.REFUSAL,
    Kind.STOCK,
)
_ACTORS = (("NOR",), ("NOR",), ("DEU",), ("DEU", "NOR"), ("ALLIES",), ("SWE",))
_WHENS = (None, None, "2024", "2024-03", "2024-03-21", "2024-06/2024-12", "2025-02")
_CHANGES: tuple[dict[str, object], ...] = (
    {"scope": "total"},
    {"scope": "new"},
    {"kind": "request"},
    {"kind": "refusal"},
    {"kind": "stock"},
    {"kind": "pledge"},
    {"kind": "delivery"},
    {"quantity": {"low": 5, "high": 5}},
    {"quantity": {"low": 2.5, "high": 300}},
    {"money": {"low": 3e6, "high": 3e6, "currency": "EUR"}},
    {"actors": ["NOR"]},
    {"recipient": None},
    {"item": {"category": "tank"}},
    {"when": "2024-05"},
    {"status": "tentative"},
)


def dense(seed: int, documents: int) -> list[Reading]:
    """Documents of a few months in which a few parties tell of a few things, and of each other."""
    chance = random.Random(seed)
    return [_document(chance, number) for number in range(documents)]


def _document(chance: random.Random, number: int) -> Reading:
    quotes = [chance.choice(_QUOTES) for _ in range(chance.choice((1, 1, 2, 3, 4)))]
    filler = " The minister said so in the capital." * chance.choice((0, 0, 12))
    text = f"Report {number}."
    places = []
    for quote in quotes:
        places.append(len(text) + 1)
        text += f" {quote}.{filler}"
    day = START + dt.timedelta(days=chance.randrange(250))
    document = Document(
        text=text,
        bytes_sha256=sha256(text),
        extractor="made/1",
        origin=f"{number}.txt",
        url=chance.choice((None, "https://one.example/a", "https://two.example/b")),
        date=day if chance.random() < 0.95 else None,
        date_source=None,
        lang="en",
    )
    made = []
    for start, quote in zip(places, quotes, strict=True):
        place = Evidence(document=document.id, start=start, end=start + len(quote), quote=quote)
        made.append(_statement(chance, place))
    return Reading(document, tuple(made), "made", "1", "0" * 64)


def _statement(chance: random.Random, place: Evidence) -> Statement:
    category, designation = chance.choice(_ITEMS)
    kind = chance.choice(_KINDS)
    low, high = sorted(chance.choices((2.0, 3.0, 4.0, 8.0, 14.0, 40.0), k=2))
    ends = chance.choice(((low, low), (low, low), (low, high), (None, high), (low, None)))
    paid = chance.choice((5e6, 2e7, 2.5e7))
    general = category is Category.MILITARY_AID
    counted = not general and chance.random() < 0.7
    return Statement(
        kind=kind,
        status=chance.choice((Status.FIRM, Status.FIRM, Status.FIRM, Status.TENTATIVE)),
        scope=chance.choice((Scope.NEW, Scope.NEW, Scope.BACKGROUND, Scope.TOTAL)),
        actors=("UKR",) if kind is Kind.REQUEST else chance.choice(_ACTORS),
        recipient=chance.choice(("UKR", "UKR", "UKR", "MDA", None)),
        item=Item(category=category, designation=designation),
        quantity=Quantity(low=ends[0], high=ends[1], approx=chance.random() < 0.2)
        if counted
        else None,
        money=Money(low=paid, high=paid, currency="EUR")
        if general or chance.random() < 0.15
        else None,
        when=chance.choice(_WHENS),
        supplier=chance.choice((None, None, "Rheinmetall")),
        evidence=place,
    )


class Teller:
    """Changes a book step by step, as people and news do; one seed tells one story."""

    STEPS = (
        "same", "same", "different", "different", "wrong", "corrected", "corrected", "revoke",
        "added", "document", "document", "withdraw", "restore", "purge", "day",
    )  # fmt: skip

    def __init__(self, store: Store, clock: Clock, seed: int, later: Iterable[Reading]) -> None:
        self.store = store
        self.clock = clock
        self.chance = random.Random(seed)
        self.later = list(later)
        self.hidden: list[str] = []
        self.steps: list[str] = []
        self._purges = 1

    def step(self, ledger: Ledger) -> str:
        """Change something, and return what."""
        self.clock.advance(seconds=1)
        what = self.chance.choice(self.STEPS)
        self.steps.append(what)
        if what in tuple(Verdict):
            self._judge(Verdict(what), ledger)
        elif what == "day":
            self.clock.advance(days=self.chance.randrange(1, 60))
        elif what == "document" and self.later:
            self.store.add([self.later.pop() for _ in range(min(2, len(self.later)))])
        elif what == "restore" and self.hidden:
            self.store.withdraw(self.hidden.pop(), by="a", hidden=False)
        elif what == "revoke":
            made = self.store.judgements()
            if made:
                one = self.chance.choice(made)
                self.store.judge(one.revocation(by="a", note="", made_at=self.clock()))
        elif what in ("withdraw", "purge") and ledger.entries:
            self._hide(self.chance.choice(list(ledger.entries.values())).document, what)
        return what

    def _hide(self, document: str, what: str) -> None:
        if what == "withdraw":
            self.hidden.append(document)
            self.store.withdraw(document, by="a")
        elif self._purges:
            self._purges -= 1
            self.store.purge(document, by="a")

    def _judge(self, verdict: Verdict, ledger: Ledger) -> None:
        if verdict is Verdict.ADDED or not ledger.entries:
            return self._add(ledger)
        groups: Sequence[Sequence[Entry]] = [self._some(ledger) for _ in range(2)]
        if self.chance.random() < 0.6:
            groups = self._doubted(ledger) or groups
        changes: dict[str, object] = {}
        if verdict in (Verdict.WRONG, Verdict.CORRECTED):
            groups = [groups[0][:1]]
        if verdict is Verdict.CORRECTED:
            changes = self.chance.choice(_CHANGES)
        try:
            made = Judgement.make(
                verdict, groups, by="a", note="", made_at=self.clock(), changes=changes
            )
        except UsageError:
            return None
        return self.store.judge(made)

    def _add(self, ledger: Ledger) -> None:
        if not ledger.entries:
            return
        document = self.chance.choice(list(ledger.entries.values())).document
        text = self.store.document(document).text
        start = self.chance.randrange(len(text) // 2)
        place = Evidence(document=document, start=start, end=start + 6, quote=text[start:][:6])
        if place.quote.strip():
            made = _statement(self.chance, place)
            self.store.judge(addition(made, by="a", note="", made_at=self.clock()))

    def _some(self, ledger: Ledger) -> list[Entry]:
        if not ledger.commitments or self.chance.random() < 0.2:
            return [self._read(ledger, self.chance.choice(list(ledger.entries)))]
        one = self.chance.choice(ledger.commitments)
        names = one.statements if self.chance.random() < 0.5 else one.statements[-1:]
        return [self._read(ledger, name) for name in names]

    def _doubted(self, ledger: Ledger) -> list[list[Entry]]:
        """Return two undertakings that may be one, or two statements that are in one."""
        pairs = [(one, doubt) for one in ledger.commitments for doubt in one.doubts]
        if pairs and self.chance.random() < 0.7:
            one, doubt = self.chance.choice(pairs)
            home = {other.id: other for other in ledger.commitments}
            other = home["c" + doubt.anchor[1:]]
            return [[self._read(ledger, name) for name in each.statements] for each in (one, other)]
        several = [one.statements for one in ledger.commitments if len(one.statements) > 1]
        if not several:
            return []
        names = self.chance.sample(self.chance.choice(several), 2)
        return [[self._read(ledger, name)] for name in names]

    @staticmethod
    def _read(ledger: Ledger, name: str) -> Entry:
        return ledger.decisions.as_read.get(name, ledger.entries[name])


def live_of(store: Store, clock: Clock) -> LiveLedger:
    """A ledger that follows a book."""
    return LiveLedger(store, lambda: TREE, clock)


def assert_anew(ledger: Ledger, store: Store, clock: Clock, told: object = "") -> None:
    """Hold a ledger against the one that is built of everything, field by field."""
    anew = stored_ledger(store, None, None, today=clock().date(), tree=TREE)
    for field in dataclasses.fields(Ledger):
        mine, other = getattr(ledger, field.name), getattr(anew, field.name)
        assert mine == other, (field.name, told)
    assert list(ledger.entries) == list(anew.entries), told


def follow(store: Store, clock: Clock, seed: int, documents: int, steps: int) -> list[str]:
    """Let a ledger follow a made-up book for some steps; return what these were."""
    readings = dense(seed, documents)
    first = len(readings) * 2 // 3
    store.add(readings[:first])
    live = live_of(store, clock)
    teller = Teller(store, clock, seed, readings[first:])
    assert_anew(live.refresh(), store, clock, "first")
    for _ in range(steps):
        ledger = live.current
        assert ledger is not None
        teller.step(ledger)
        assert_anew(live.refresh(), store, clock, teller.steps)
    return teller.steps
