"""The gate before the reader: what it opens to, what it keeps out, and by which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coding import CATALOGUE, codings
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.demo import DOCUMENTS
from pledgebook.reading.text.gate import Gate, Points, gate
from pledgebook.reading.text.lexicon import category_nouns
from pledgebook.reading.text.wording import table
from pledgebook.vocabulary.catalogue import load_catalogue

DOOR = gate(CATALOGUE)
DEMO = [json.loads(line) for line in DOCUMENTS.read_text(encoding="utf-8").splitlines()]

CHOIR = "The choir sang in the old church and the baker gave out warm bread to all the children. "
MATCH = (
    "France beat Italy in the third round on Sunday. The goalkeeper held the defence together, "
    "and a shot from twenty metres settled it. The trainer praised the attack of his team, which "
    "had come from Portugal by bus, and the referee was booed by 30,000 people. "
)
NEIGHBOURS = (
    "Parliament in Berlin debated pensions on Tuesday. The minister promised 5 billion euros for "
    "schools, roads and swimming pools, and the opposition spoke of a gift to the building trade. "
)


@pytest.mark.parametrize("text", [CHOIR, MATCH, NEIGHBOURS], ids=["choir", "match", "pensions"])
def test_other_news_is_kept_out(text: str) -> None:
    assert not DOOR.opens(text * 5)
    assert codings(text * 5) == []


@pytest.mark.parametrize("record", DEMO, ids=[record["id"] for record in DEMO])
def test_reports_on_aid_are_read(record: dict[str, str]) -> None:
    assert DOOR.opens(record["text"])


@pytest.mark.parametrize(
    "sentence",
    [
        "Norway will send eight Leopard 2 tanks to Ukraine.",
        "The Red Cross flew 400 tents and 2,000 blankets from Finland to Haiti after the quake.",
        "Japan's government granted Moldova a loan of 100 million dollars for gas and generators.",
        "The IMF board released a tranche of 880 million dollars to Pakistan, the ministry said.",
        "South Korean howitzers from Hanwha will be made for the Polish army.",
    ],
)
def test_one_passage_is_enough_among_much_else(sentence: str) -> None:
    assert DOOR.opens(f"{MATCH * 20}\n\n{sentence}\n\n{MATCH * 20}")


def test_a_brief_text_is_always_read() -> None:
    assert DOOR.opens("Canada: 4.")
    assert DOOR.opens("")


def test_a_long_list_of_one_thing_is_read() -> None:
    lines = "\n".join(f"- {number} howitzers" for number in range(2, 102))
    assert DOOR.opens(f"Norway will send Ukraine the following:\n{lines}\n")


def test_both_sides_are_needed() -> None:
    things = "Tanks, howitzers, missiles, radars, ammunition and grenades lay about. " * 8
    people = "Ukraine, Norway, the army, the navy, the troops and the minister waited. " * 8
    assert DOOR.points(things).who == 0
    assert DOOR.points(people).what == 0
    assert not DOOR.opens(things)
    assert not DOOR.opens(people)
    assert DOOR.opens(things + people)


def test_names_added_to_the_catalogue_count(tmp_path: Path) -> None:
    filler = CHOIR * 10
    text = f"Freedonia is to hand over twelve Gruffalo II to Ukraine, said its army. {filler}"
    assert not DOOR.opens(text)
    additions = tmp_path / "additions.toml"
    additions.write_text(
        '[[item]]\nid = "gruffalo"\ndesignation = "Gruffalo II"\ncategory = "tank"\n'
        'aliases = ["Gruffalo"]\n'
        '[[party]]\ncode = "FRD"\nname = "Freedonia"\nkind = "state"\n',
        encoding="utf-8",
    )
    door = Gate(load_catalogue(additions))
    assert door.points(text).total > DOOR.points(text).total
    assert door.opens(text)


def test_a_word_that_stands_often_counts_twice() -> None:
    once, often = f"Howitzers. {CHOIR * 6}", f"{'Howitzers. ' * 9}{CHOIR * 6}"
    assert DOOR.points(often).what == 2 * DOOR.points(once).what > 0


def test_a_thing_counts_once() -> None:
    """A name that holds another of its class adds nothing to it."""
    assert DOOR.points(f"The United States came. {CHOIR}") == DOOR.points(f"United States. {CHOIR}")


def test_no_words_are_no_points() -> None:
    assert DOOR.points("") == Points()


@given(st.text(max_size=6000))
def test_any_text_has_points_or_none(text: str) -> None:
    points = DOOR.points(text)
    assert points.total == points.what + points.who >= 0
    assert DOOR.opens(text) or len(text) >= table("gate.toml")["brief"]


@given(st.lists(st.sampled_from(["a" * 3000, "tanks", " ", "\n", "Ukraine", "x y z"]), max_size=40))
def test_more_text_never_closes_the_gate(pieces: list[str]) -> None:
    """A passage that is enough stays enough, whatever stands behind it."""
    passage = "Norway's army will send howitzers, missiles and radars to Ukraine. "
    start = passage * (table("gate.toml")["passage"] // len(passage) + 1)
    assert DOOR.opens(start + "".join(pieces))


def test_the_table_is_in_order() -> None:
    data = table("gate.toml")
    seen: dict[str, str] = {}
    categories = {noun.category for noun in category_nouns()}
    for name, entry in data["class"].items():
        assert entry["side"] in {"what", "who"}, name
        assert entry["weight"] > 0, name
        assert entry["most"] > 0, name
        assert set(entry.get("nouns", ())) <= categories, name
        words = entry.get("words", [])
        assert words == sorted(words), f"{name} is out of order"
        for word in words:
            assert word == word.lower(), word
            assert seen.setdefault(word, name) == name, f"{word} is in {seen[word]} and in {name}"
    assert data["brief"] < data["passage"]


def test_a_gate_is_made_once() -> None:
    assert gate(CATALOGUE) is DOOR


_SAID = st.sampled_from(
    [*CHOIR.split(), *NEIGHBOURS.split(), "howitzers", "Air-defence", "the", "UNITED", "States"]
)


@given(st.lists(_SAID | st.text(max_size=8), max_size=30).map(" ".join))
def test_what_touches_nothing_gathers_no_points(text: str) -> None:
    assert DOOR.touches(text) or DOOR.points(text) == Points()


def test_a_word_that_counts_touches() -> None:
    assert DOOR.touches("among the Howitzers")
    assert not DOOR.touches("by our own staff")
