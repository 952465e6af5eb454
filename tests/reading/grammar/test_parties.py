"""Who acts: how names stand in a sentence, subjects, agents, owners, origins, pronouns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from coding import CATALOGUE, units

from pledgebook.reading.grammar.agents import (
    agent_of,
    joined,
    nearest_party,
    neighbour_party,
    origin_before,
    origins,
    owner_of,
)
from pledgebook.reading.grammar.anchoring import find_anchors
from pledgebook.reading.grammar.discourse import Memory
from pledgebook.reading.grammar.parties import coordinated, is_object, listed, party_at, role_of
from pledgebook.reading.grammar.predicates import Predicate, find_predicates
from pledgebook.reading.grammar.subjects import subject_of
from pledgebook.reading.grammar.units import Unit


def memory(**known: object) -> Memory:
    made = Memory(CATALOGUE)
    made.recipient = "UKR"
    for name, value in known.items():
        setattr(made, name, value)
    return made


def place(found: Sequence[Unit], name: str) -> int:
    """Return the unit with this text."""
    return next(k for k, unit in enumerate(found) if unit.text == name)


def predicate(found: Sequence[Unit], lemma: str) -> Predicate:
    return next(p for p in find_predicates(found) if p.trigger.lemma == lemma)


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Norway sent tanks.", "Norway", "nominal"),
        ("Last year Norway sent tanks.", "Norway", "nominal"),
        ("Norway's tanks arrived.", "Norway", "possessive"),
        ("Norway's government sent tanks.", "Norway", "nominal"),
        ("The government of Norway sent tanks.", "Norway", "nominal"),
        ("The Norwegian tanks arrived.", "Norwegian", "adjective"),
        ("The Norwegian government sent tanks.", "Norwegian government", "nominal"),
        ("Poland sent tanks to Norway.", "Norway", "prepositional"),
        ("Poland sent tanks to the government of Norway.", "Poland", "nominal"),
        ("The coast of Norway is long.", "Norway", "prepositional"),
        ("An order from the Norwegian army came.", "Norwegian", "prepositional"),
    ],
)
def test_how_a_name_stands(text: str, name: str, role: str) -> None:
    found = units(text)
    assert role_of(found, place(found, name)) == role


def test_a_name_behind_a_verb_of_giving_is_an_object() -> None:
    found = units("Norway gave Ukraine tanks.")
    assert is_object(found, place(found, "Ukraine"))
    assert not is_object(found, place(found, "Norway"))


def test_what_is_no_party_has_no_code() -> None:
    found = units("Norway sent tanks.")
    assert [party_at(found, k, memory()) for k in range(3)] == ["NOR", None, None]


@pytest.mark.parametrize(
    ("text", "last", "codes"),
    [
        ("Germany and Denmark sent tanks.", "Denmark", "DEU DNK"),
        ("Germany, Denmark and Norway sent tanks.", "Norway", "DEU DNK NOR"),
        ("Poland sent jets, and Denmark sent tanks.", "Denmark", "DNK"),
        ("Norway sent tanks.", "Norway", "NOR"),
    ],
)
def test_names_joined_before_a_name(text: str, last: str, codes: str) -> None:
    found = units(text)
    k = place(found, last)
    code = party_at(found, k, memory())
    assert code is not None
    assert coordinated(found, k, code, memory())[0] == tuple(codes.split())


def test_names_listed_behind_a_name() -> None:
    found = units("by Denmark, Germany and the Netherlands on Monday")
    assert listed(found, 1, "DNK", memory())[0] == ("DEU", "DNK", "NLD")
    found = units("by Denmark, and Germany will pay")
    assert listed(found, 1, "DNK", memory())[0] == ("DNK",)


SUBJECTS = [
    ("Norway will send tanks.", "send", "NOR"),
    ("Norway's government will send tanks.", "send", "NOR"),
    ("The Norwegian army will send tanks.", "send", "NOR"),
    ("Germany and Denmark will send tanks.", "send", "DEU DNK"),
    ("Norway agreed to send tanks.", "send", "NOR"),
    ("Norway, which borders Russia, will send tanks.", "send", "NOR"),
    ("Norway, speaking for the north, will send tanks.", "send", "NOR"),
    ("Poland, which sent jets, is a neighbour.", "send", "POL"),
    ("Norway said that it would send tanks.", "send", "NOR"),
    ("Ukraine said that Norway would send tanks.", "send", "NOR"),
    ("In Kyiv, Norway promised tanks.", "promise", "NOR"),
    ("Several countries will send tanks.", "send", "ALLIES"),
    ("Twenty countries will send tanks.", "send", "ALLIES"),
    ("Seven member states will send tanks.", "send", "EU"),
]


@pytest.mark.parametrize(("text", "lemma", "codes"), SUBJECTS, ids=[row[0] for row in SUBJECTS])
def test_subjects(text: str, lemma: str, codes: str) -> None:
    found = units(text)
    subject = subject_of(found, predicate(found, lemma), memory(), giving=True)
    assert subject is not None
    assert subject.codes == tuple(codes.split())


def test_a_subject_that_is_named_is_direct_and_a_pronoun_is_not() -> None:
    found = units("Norway will send tanks.")
    named = subject_of(found, predicate(found, "send"), memory(), giving=True)
    assert named is not None
    assert named.direct
    found = units("It will send tanks.")
    meant = subject_of(found, predicate(found, "send"), memory(last="NOR"), giving=True)
    assert meant is not None
    assert (meant.codes, meant.direct) == (("NOR",), False)


@pytest.mark.parametrize(
    ("text", "known", "codes"),
    [
        ("It will send tanks.", {"last": "NOR"}, "NOR"),
        ("The ministry will send tanks.", {"last": "NOR"}, "NOR"),
        ("The government will send tanks.", {"publisher": "NOR"}, "NOR"),
        ("We will send tanks.", {"publisher": "NOR"}, "NOR"),
        ("We will send tanks.", {"publisher": "NOR", "turn": "SWE"}, "SWE"),
        ("He will send tanks.", {"person_party": "NOR"}, "NOR"),
        ("The company will manufacture shells.", {"company": "Nammo"}, "Nammo"),
    ],
)
def test_what_pronouns_and_offices_point_back_to(
    text: str, known: dict[str, object], codes: str
) -> None:
    found = units(text)
    lemma = find_predicates(found)[0].trigger.lemma
    subject = subject_of(found, predicate(found, lemma), memory(**known), giving=True)
    assert subject is not None
    assert subject.codes == tuple(codes.split())


def test_nobody_acts_where_nobody_is_known() -> None:
    found = units("It will send tanks.")
    assert subject_of(found, predicate(found, "send"), memory(), giving=True) is None


def test_the_one_who_gets_does_not_give() -> None:
    found = units("Ukraine will send tanks.")
    assert subject_of(found, predicate(found, "send"), memory(), giving=True) is None
    asking = subject_of(found, predicate(found, "send"), memory(), giving=False)
    assert asking is not None
    assert asking.codes == ("UKR",)


@pytest.mark.parametrize(
    ("text", "lemma", "codes"),
    [
        ("Tanks were sent by Norway.", "send", "NOR"),
        ("Tanks were sent to Ukraine by Denmark and Germany.", "send", "DEU DNK"),
        ("Tanks were sent by the Norwegian army.", "send", "NOR"),
    ],
)
def test_agents(text: str, lemma: str, codes: str) -> None:
    found = units(text)
    agent = agent_of(found, predicate(found, lemma), memory(), ("by",))
    assert agent is not None
    assert agent.codes == tuple(codes.split())


def test_no_agent() -> None:
    found = units("Tanks were sent to Norway.")
    assert agent_of(found, predicate(found, "send"), memory(), ("by",)) is None


def test_owners() -> None:
    found = units("Norway's delivery of tanks began.")
    owner = owner_of(found, predicate(found, "delivery"), memory(), giving=True)
    assert owner is not None
    assert owner.codes == ("NOR",)
    found = units("Its delivery of tanks began.")
    assert owner_of(found, predicate(found, "delivery"), memory(), giving=True) is None
    owner = owner_of(found, predicate(found, "delivery"), memory(last="NOR"), giving=True)
    assert owner is not None
    assert owner.codes == ("NOR",)


def test_origins_and_neighbours() -> None:
    found = units("The 109 American Bradleys arrived.")
    (bradleys,) = find_anchors(found)
    assert origin_before(found, bradleys, memory()) == ("USA",)

    found = units("Patriot batteries from the United States, Germany and Romania arrived.")
    (batteries,) = find_anchors(found)
    assert origins(found, batteries, memory()) == ("DEU", "ROU", "USA")

    found = units("Poland sent 14 tanks, Norway eight and Canada four.")
    _, eight, four = find_anchors(found)
    assert neighbour_party(found, eight, memory()) == ("NOR",)
    assert neighbour_party(found, four, memory()) == ("CAN",)

    found = units("Norway, as before: eight tanks")
    (tanks,) = find_anchors(found)
    assert origins(found, tanks, memory()) == ()
    assert nearest_party(found, tanks, memory()) == ("NOR",)


def test_partners() -> None:
    found = units("Germany will send tanks jointly with Denmark and the Netherlands.")
    assert joined(found, ("DEU",), memory()) == ("DEU", "DNK", "NLD")
    assert joined(units("Germany will send tanks with care."), ("DEU",), memory()) == ("DEU",)
