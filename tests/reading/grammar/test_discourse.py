"""What a reader keeps in mind: who gives and gets here, pronouns, ellipsis, lists, transcripts."""

from __future__ import annotations

import pytest
from coding import CATALOGUE, Coded, codings, read

from pledgebook.reading.grammar.discourse import Memory
from pledgebook.reading.grammar.premises import main_giver, main_recipient, topics
from pledgebook.reading.text.mentions import ItemMention, finder
from pledgebook.vocabulary.statement import Category, Item

LEOPARDS = Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR")


def recipient(text: str, publisher: str | None = None) -> str | None:
    parties, _ = finder(CATALOGUE).find(text)
    return main_recipient(parties, text, publisher, CATALOGUE)


def giver(text: str, *currencies: str) -> str | None:
    parties, _ = finder(CATALOGUE).find(text)
    return main_giver(parties, recipient(text), currencies, text, CATALOGUE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Norway will send tanks to Ukraine.", "UKR"),
        ("Japan sent tents to Turkey after the earthquake. Turkey thanked Japan.", "TUR"),
        ("The UN will send food to Sudan. Families in Sudan are hungry.", "SDN"),
        ("Norway will send tanks.", None),
        ("Nobody is named here.", None),
    ],
)
def test_who_gets(text: str, code: str | None) -> None:
    assert recipient(text) == code


def test_who_publishes_does_not_get() -> None:
    text = "Aid for Ukraine. Ukraine needs aid for Ukraine."
    assert recipient(text) == "UKR"
    assert recipient(text, publisher="UKR") is None


def test_who_gives() -> None:
    assert giver("Norway will send tanks to Ukraine.") == "NOR"
    assert giver("Tanks for Ukraine came with a word to Poland; Norway sent them.") == "NOR"
    assert giver("Ukraine needs tanks.") is None
    assert giver("Aid worth 300 million for Ukraine.", "NOK") == "NOR"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Tanks, howitzers and air defence systems for Ukraine.", Category.MILITARY_AID),
        ("Tents and humanitarian aid after the earthquake.", Category.HUMANITARIAN_AID),
        ("Generators and transformers for the power grid.", Category.ENERGY),
        ("A loan and budget support for the economy.", Category.FINANCIAL_AID),
    ],
)
def test_what_money_is_for(text: str, topic: Category) -> None:
    _, items = finder(CATALOGUE).find(text)
    assert topics(items, text)[0] is topic


def mention(category: Category, designation: str | None = None) -> ItemMention:
    return ItemMention(0, 1, category, designation, None, None, weak=False, item=None)


def test_givers_of_an_item() -> None:
    memory = Memory(CATALOGUE)
    memory.recipient = "UKR"
    leopard, gun = mention(Category.TANK, "Leopard 2"), mention(Category.ARTILLERY, "Caesar")
    assert memory.givers(leopard) == ()
    memory.gave(Item(category=Category.TANK, designation="Leopard 2"), ("POL",))
    memory.give(("DNK",))
    assert memory.givers(leopard) == ("POL",)
    assert memory.givers(gun) == ("DNK",)
    for code in ("NOR", "CAN"):
        memory.gave(Item(category=Category.TANK, designation="Leopard 2"), (code,))
    assert memory.givers(leopard) == ("ALLIES",)


def test_the_one_who_gets_is_not_remembered_as_giver() -> None:
    memory = Memory(CATALOGUE)
    memory.recipient = "UKR"
    memory.note(("UKR",))
    memory.give(("UKR",))
    assert memory.state(giving=True) is None
    assert memory.state(giving=False) == "UKR"
    memory.note(("NOR",))
    assert memory.state(giving=True) == "NOR"


def test_a_company_is_remembered_apart_from_states() -> None:
    memory = Memory(CATALOGUE)
    memory.note(("NOR",))
    memory.note(("Rheinmetall",))
    assert (memory.company, memory.state(giving=True)) == ("Rheinmetall", "NOR")


def test_a_generic_noun_goes_on_with_the_named_item() -> None:
    memory = Memory(CATALOGUE)
    memory.remember(mention(Category.TANK, "Leopard 2"), 0)
    generic = mention(Category.TANK)
    assert memory.recall(generic, 1) is not None
    assert memory.recall(mention(Category.ARTILLERY), 1) is None
    assert memory.recall(generic, 9) is None


def test_we_is_the_one_whose_turn_it_is() -> None:
    memory = Memory(CATALOGUE)
    assert memory.we is None
    memory.publisher = "NOR"
    assert memory.we == "NOR"
    memory.turn = "SWE"
    assert memory.we == "SWE"


CONTINUED = [
    (
        "it",
        "Norway will send eight Leopard 2 tanks to Ukraine. It will also send four howitzers.",
    ),
    (
        "the ministry",
        (
            "Norway will send eight Leopard 2 tanks to Ukraine. "
            "The ministry will also send four howitzers."
        ),
    ),
    (
        "the capital",
        "Norway will send eight Leopard 2 tanks to Ukraine. Oslo will also send four howitzers.",
    ),
    (
        "the adjective",
        (
            "Norway will send eight Leopard 2 tanks to Ukraine.\n\n"
            "The Norwegian government will also send four howitzers."
        ),
    ),
    (
        "in a new paragraph",
        "Norway will send eight Leopard 2 tanks to Ukraine.\n\nIt will also send four howitzers.",
    ),
    (
        "after another party was named as object",
        (
            "Norway will send eight Leopard 2 tanks to Ukraine, which thanked Norway. "
            "Norway will also send four howitzers."
        ),
    ),
]


@pytest.mark.parametrize(
    "text", [text for _, text in CONTINUED], ids=[name for name, _ in CONTINUED]
)
def test_the_second_sentence_has_the_giver_of_the_first(text: str) -> None:
    assert codings(text) == [LEOPARDS, Coded("pledge", "NOR", "artillery", 4, to="UKR")]


def test_of_them() -> None:
    text = "Norway holds 36 Leopard 2 tanks. It will send eight of them to Ukraine."
    assert codings(text) == [Coded("stock", "NOR", "tank: Leopard 2", 36), LEOPARDS]


def test_the_publisher_says_we() -> None:
    text = "We will send eight Leopard 2 tanks to Ukraine."
    url = "https://www.regjeringen.no/en/news/1"
    assert codings(text, url=url) == [LEOPARDS]
    assert codings(text) == []


def test_a_transcript() -> None:
    text = (
        "MODERATOR: Welcome to the briefing of the Norwegian ministry of defence.\n\n"
        "MINISTER GRAM: We will send eight Leopard 2 tanks to Ukraine.\n\n"
        "Q: Will you send 54 howitzers to Ukraine as well?\n\n"
        "MINISTER GRAM: We will send four howitzers."
    )
    assert codings(text) == [LEOPARDS, Coded("pledge", "NOR", "artillery", 4, to="UKR")]


def test_a_live_blog() -> None:
    text = (
        "09:30 - Norway will send eight Leopard 2 tanks to Ukraine.\n\n"
        "10:15 - Canada will send four Leopard 2 tanks to Ukraine.\n\n"
        "11:00 - Fighting goes on around Bakhmut."
    )
    assert codings(text) == [LEOPARDS, Coded("pledge", "CAN", "tank: Leopard 2", 4, to="UKR")]


def test_what_was_said_before_with_nothing_added_counts_once() -> None:
    once = "Norway will send eight Leopard 2 tanks to Ukraine."
    assert codings(f"{once}\n\n{once}") == [LEOPARDS]
    assert codings(f"Norway to send eight Leopard 2 tanks to Ukraine\n\n{once}") == [LEOPARDS]


def test_two_givers_of_one_item_are_two_statements() -> None:
    text = (
        "Norway will send eight Leopard 2 tanks to Ukraine. "
        "Portugal will send eight Leopard 2 tanks to Ukraine."
    )
    assert [s.actors for s in read(text)] == [("NOR",), ("PRT",)]


def test_other_wars_and_disasters() -> None:
    text = (
        "Japan will give Turkey $6 million in humanitarian aid after the earthquake. "
        "South Korea will send Turkey 3,000 tents."
    )
    assert codings(text) == [
        Coded("pledge", "JPN", "humanitarian-aid", money=6e6, currency="USD", to="TUR"),
        Coded("pledge", "KOR", "humanitarian-aid", 3000, to="TUR"),
    ]
