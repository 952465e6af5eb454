"""What could fill each field of a statement: parties, dates, speakers, makers, numbers, models."""

from __future__ import annotations

from collections.abc import Iterator
from math import log1p

from pledgebook.reading.grammar.speakers import clean
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.learned.amounts import Amounts
from pledgebook.reading.learned.candidate import Candidate
from pledgebook.reading.learned.positions import (
    AROUND_SIZE,
    POSITION_SIZE,
    around,
    one_hot,
    position,
    predicate_between,
)
from pledgebook.reading.learned.survey import PartyPlace, Spot, Survey
from pledgebook.reading.quantities.dates import DateMention
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.mentions import ItemMention, PartyMention
from pledgebook.vocabulary.statement import Category

STATES = (
    "last", "subject", "giver", "givers", "person", "company", "we", "publisher", "default",
    "frame", "head", "recipient",
)  # fmt: skip
ROLES = ("name", "adjective", "capital", "metonym", "person", "company", "people", "description")
KINDS = ("state", "group", "body", "company")
RELATIONS = ("on", "by", "since", "until", "from", "in", "before", "after", None)
MOST_PARTIES = 20
NEITHER = (None, None)


class Fields:
    """The candidates of one survey, field by field."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self._by_place: dict[int, list[PartyPlace]] = {}
        self._count: dict[str, int] = {}
        self._first: dict[str, PartyPlace] = {}
        for party in survey.parties:
            self._by_place.setdefault(party.place, []).append(party)
            self._count[party.code] = self._count.get(party.code, 0) + 1
            self._first.setdefault(party.code, party)
        often = sorted(self._count, key=lambda code: (-self._count[code], code))
        self._often = often[:4]
        self._units: dict[type, dict[int, list[tuple[int, Unit]]]] = {}
        for kind in (DateMention, MoneyMention, NumberMention, ItemMention):
            table: dict[int, list[tuple[int, Unit]]] = {}
            for place in survey.places:
                found = [(k, u) for k, u in enumerate(place.units) if isinstance(u.value, kind)]
                if found:
                    table[place.index] = found
            self._units[kind] = table
        self._amounts = Amounts(survey, self._units[NumberMention], self._units[MoneyMention])

    def _near(self, spot: Spot, back: int, ahead: int = 0) -> list[int]:
        """Return the places to look in, the spot's own first, then the nearest."""
        here = self.survey.places[spot.place]
        found = [spot.place, *range(spot.place - 1, max(-1, spot.place - 1 - back), -1)]
        if here.head is not None:
            found += [here.head, here.head - 1]
        found += [0, 1]
        found += range(spot.place + 1, min(len(self.survey.places), spot.place + 1 + ahead))
        seen: dict[int, None] = {}
        for place in found:
            if 0 <= place < len(self.survey.places):
                seen.setdefault(place)
        return list(seen)

    def parties(self, spot: Spot) -> list[Candidate]:
        """Return who could act or get, one candidate a party; the last is nobody."""
        survey = self.survey
        place = survey.places[spot.place]
        state = place.state.codes if place.state is not None else {}
        nearest: dict[str, PartyPlace] = {}
        before: dict[str, PartyPlace] = {}
        after: dict[str, PartyPlace] = {}
        ranks_before: dict[str, int] = {}
        ranks_after: dict[str, int] = {}
        here = self._by_place.get(spot.place, [])
        for party in reversed(here):
            if party.unit <= spot.anchor.last and party.code not in before:
                before[party.code] = party
                ranks_before[party.code] = len(before)
        for party in here:
            if party.unit > spot.anchor.last and party.code not in after:
                after[party.code] = party
                ranks_after[party.code] = len(after)
        nearest.update(after)
        nearest.update(before)
        for number in self._near(spot, 3, 1)[1:]:
            for party in reversed(self._by_place.get(number, [])):
                nearest.setdefault(party.code, party)
        codes = dict.fromkeys(nearest)
        for key in STATES:
            codes.update(dict.fromkeys(state.get(key, ())))
        codes.update(dict.fromkeys(spot.actors))
        if spot.guess is not None:
            codes.update(dict.fromkeys(spot.guess.actors))
            if spot.guess.recipient is not None:
                codes.setdefault(spot.guess.recipient)
        for code in self._often:
            codes.setdefault(code)
        first = here[0].code if here else None
        found = []
        for code in list(codes)[:MOST_PARTIES]:
            named = nearest.get(code) or self._first.get(code)
            sides = (before.get(code), after.get(code))
            ranks = (ranks_before.get(code, 9), ranks_after.get(code, 9))
            found.append(self._party(spot, code, named, sides, ranks, first, len(here)))
        if "ALLIES" not in codes:
            found.append(self._party(spot, "ALLIES", None, NEITHER, (9, 9), first, len(here)))
        found.append(self._party(spot, None, None, NEITHER, (9, 9), first, len(here)))
        return found

    def _party(
        self,
        spot: Spot,
        code: str | None,
        named: PartyPlace | None,
        sides: tuple[PartyPlace | None, PartyPlace | None],
        ranks: tuple[int, int],
        first: str | None,
        count_here: int,
    ) -> Candidate:
        survey = self.survey
        place = survey.places[spot.place]
        state = place.state.codes if place.state is not None else {}
        party = survey.context.catalogue.parties.get(code) if code is not None else None
        guess = spot.guess
        features = [float(code is not None and code in state.get(key, ())) for key in STATES]
        features += [
            float(code is None),
            float(code == "ALLIES"),
            float(guess is not None),
            float(bool(spot.actors)),
            float(code in spot.actors),
            float(spot.reading is not None and spot.reading.inverse),
            float(guess is not None and code in guess.actors),
            float(guess is not None and code == guess.recipient),
            float(named is not None),
            float(named is not None and named.sure),
            float(code is not None and code == first),
            log1p(self._count.get(code or "", 0)),
            float(code in self._often[:1]),
            count_here / 5,
        ]
        if party is not None:
            features += one_hot(party.kind, KINDS)
        else:
            features += [0.0, 0.0, 0.0, float(named is not None and named.role == "company")]
        if named is not None:
            features += position(survey, spot, named.place, named.unit)
            features += one_hot(named.role, ROLES)
            features += self._cell(named)
        else:
            features += [0.0] * (POSITION_SIZE + len(ROLES) + 2)
        for found, rank in zip(sides, ranks, strict=True):
            if found is None:
                features += [0.0] * (AROUND_SIZE + 4)
                continue
            distance = abs(found.unit - spot.anchor.head)
            features += [1.0, 1 / rank, log1p(distance) / 3]
            features.append(predicate_between(place, found.unit, spot.anchor.head))
            features += around(place.units, found.unit)
        where = (named.place, named.unit) if named is not None else (-1, -1)
        return Candidate(code, *where, features)

    def _cell(self, named: PartyPlace) -> list[float]:
        place = self.survey.places[named.place]
        if place.row is None:
            return [0.0, 0.0]
        unit = place.units[named.unit]
        for cell in place.row.cells:
            if cell.start <= unit.start < cell.end:
                return [float(cell.role == "donor"), float(cell.role == "recipient")]
        return [0.0, 0.0]

    def _mentioned(self, spot: Spot, kind: type, back: int) -> Iterator[tuple[int, int, Unit]]:
        table = self._units[kind]
        for place in self._near(spot, back):
            for index, unit in table.get(place, ()):
                yield place, index, unit

    def dates(self, spot: Spot) -> list[Candidate]:
        """Return when it could be: dates in the text, the document's own, and no date."""
        survey = self.survey
        guess = spot.guess.when if spot.guess is not None else None
        state = survey.places[spot.place].state
        carried = {frame.when for frame in (state.frame, state.head) if frame} if state else set()
        found: list[Candidate] = []
        seen: set[tuple[str, bool]] = set()
        order = 0
        for place, index, unit in self._mentioned(spot, DateMention, 2):
            date = unit.value
            assert isinstance(date, DateMention)
            if (date.when, place == spot.place) in seen or len(found) > 9:
                continue
            seen.add((date.when, place == spot.place))
            order += 1
            features = [0.0, 0.0, float(date.when == guess), float(date.when in carried), 1 / order]
            features += one_hot(date.relation, RELATIONS)
            features += [float(date.tense == "past"), float(date.tense == "future")]
            features += [len(date.when) / 10, float("/" in date.when)]
            features += [
                predicate_between(survey.places[place], index, spot.anchor.head)
                if place == spot.place
                else 0.0
            ]
            features += position(survey, spot, place, index)
            found.append(Candidate(date.when, place, index, features))
        size = 5 + len(RELATIONS) + 5 + POSITION_SIZE
        day = survey.context.document.date.isoformat() if survey.context.document.date else None
        for value, own in ((day, True), (None, False)):
            if own and day is None:
                continue
            features = [0.0] * size
            features[0], features[1] = float(value is None), float(own)
            features[2] = float(value == guess)
            found.append(Candidate(value, -1, -1, features))
        return found

    def speakers(self, spot: Spot) -> list[Candidate]:
        """Return who could have said it, as written without titles; the last is nobody."""
        survey = self.survey
        here = survey.places[spot.place]
        guess = spot.guess.speaker if spot.guess is not None else None
        memory = here.state.speaker if here.state is not None else None
        found: dict[str, list[float]] = {}
        where: dict[str, tuple[int, int]] = {}

        def note(value: str | None, flag: int, place: int, unit: int) -> None:
            if not value:
                return
            if value not in found:
                found[value] = [0.0] * 7
                where[value] = (place, unit)
            found[value][flag] = 1.0
            if where[value][0] < 0 <= place:
                where[value] = (place, unit)

        for number in range(spot.place, max(-1, spot.place - 3), -1):
            near = survey.places[number]
            note(near.said, 1 if number == spot.place else 2, -1, -1)
            for index, unit in enumerate(near.units):
                if isinstance(unit.value, PartyMention) and unit.value.role == "person":
                    note(clean(unit.text), 3, number, index)
                elif isinstance(unit.value, PartyMention) and number == spot.place:
                    note(clean(unit.text), 4, number, index)
        note(memory, 5, -1, -1)
        if here.label is not None and here.label not in ("Q", "A"):
            note(here.label.title().split()[-1], 6, -1, -1)
        result = []
        for value, flags in list(found.items())[:12]:
            place, at = where[value]
            tail = [0.0] * (POSITION_SIZE + AROUND_SIZE)
            if place >= 0:
                units = survey.places[place].units
                tail = position(survey, spot, place, at) + around(units, at)
            features = [0.0, *flags, float(value == guess), len(value.split()) / 5, *tail]
            result.append(Candidate(value, place, at, features))
        blank = [0.0] * (10 + POSITION_SIZE + AROUND_SIZE)
        blank[0], blank[8] = 1.0, float(guess is None)
        result.append(Candidate(None, -1, -1, blank))
        return result

    def suppliers(self, spot: Spot) -> list[Candidate]:
        """Return which makers it could come from, as written; the last is none."""
        survey = self.survey
        guess = spot.guess.supplier if spot.guess is not None else None
        found: dict[str, Candidate] = {}
        for number in self._near(spot, 2, 1):
            for party in self._by_place.get(number, []):
                known = survey.context.catalogue.parties.get(party.code)
                if party.role != "company" and (known is None or known.kind != "company"):
                    continue
                units = survey.places[number].units
                text = units[party.unit].text
                if text in found or len(found) > 7:
                    continue
                features = [0.0, float(text == guess), 1 / (1 + len(found))]
                features += position(survey, spot, number, party.unit) + around(units, party.unit)
                found[text] = Candidate(text, number, party.unit, features)
        blank = [1.0, float(guess is None), 0.0, *[0.0] * (POSITION_SIZE + AROUND_SIZE)]
        return [*found.values(), Candidate(None, -1, -1, blank)]

    def designations(self, spot: Spot) -> list[Candidate]:
        """Return which models or calibres it could be about; the last is none."""
        survey = self.survey
        own = spot.anchor.item
        guess = spot.guess.item.designation if spot.guess is not None else None
        found: dict[str, Candidate] = {}

        def note(value: str, category: Category, place: int, unit: int) -> None:
            if value in found or len(found) > 9:
                return
            features = [
                0.0,
                float(own is not None and own.designation == value),
                float(value == guess),
                float(own is not None and own.category == category),
                float(own is None),
                1 / (1 + len(found)),
            ]
            tail = position(survey, spot, place, unit) if place >= 0 else [0.0] * POSITION_SIZE
            found[value] = Candidate(value, place, unit, features + tail)

        if own is not None and own.designation:
            note(own.designation, own.category, spot.place, spot.anchor.head)
        for place, index, unit in self._mentioned(spot, ItemMention, 3):
            item = unit.value
            assert isinstance(item, ItemMention)
            if item.designation:
                note(item.designation, item.category, place, index)
        if guess is not None and spot.guess is not None:
            note(guess, spot.guess.item.category, -1, -1)
        blank = [0.0] * (6 + POSITION_SIZE)
        blank[0] = 1.0
        blank[1] = float(own is not None and own.designation is None)
        blank[2] = float(spot.guess is not None and guess is None)
        blank[4] = float(own is None)
        return [*found.values(), Candidate(None, -1, -1, blank)]

    def numbers(self, spot: Spot) -> list[Candidate]:
        """Return which number it could have; the value is a mention, 1 for "a", or None."""
        return self._amounts.numbers(spot)

    def money(self, spot: Spot) -> list[Candidate]:
        """Return which amount of money it could have; the value is an amount or None."""
        return self._amounts.money(spot)


FIELDS = {
    "actor": Fields.parties,
    "recipient": Fields.parties,
    "when": Fields.dates,
    "speaker": Fields.speakers,
    "supplier": Fields.suppliers,
    "designation": Fields.designations,
    "quantity": Fields.numbers,
    "money": Fields.money,
}

__all__ = ["FIELDS", "ROLES", "Fields"]
