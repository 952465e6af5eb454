"""A sentence as a row of units, and the merging of mentions that overlap."""

from __future__ import annotations

from coding import units
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reading.grammar.units import collect, units_of
from pledgebook.reading.quantities.dates import find_dates
from pledgebook.reading.quantities.money import find_money
from pledgebook.reading.quantities.numbers import find_numbers
from pledgebook.reading.text.mentions import PartyMention


def row(text: str) -> list[tuple[str, str]]:
    return [(unit.kind, unit.text) for unit in units(text)]


def test_mentions_are_one_unit_each() -> None:
    assert row("On 13 February Norway gave up to four Leopard 2 tanks worth NOK 250 million.") == [
        ("word", "On"),
        ("date", "13 February"),
        ("party", "Norway"),
        ("word", "gave"),
        ("number", "up to four"),
        ("item", "Leopard 2"),
        ("item", "tanks"),
        ("word", "worth"),
        ("money", "NOK 250 million"),
        ("punct", "."),
    ]


def test_the_owner_is_cut_off() -> None:
    assert row("Norway's tanks and the army's guns") == [
        ("party", "Norway"),
        ("punct", "'s"),
        ("item", "tanks"),
        ("word", "and"),
        ("word", "the"),
        ("word", "army"),
        ("punct", "'s"),
        ("item", "guns"),
    ]


def test_curly_and_straight_apostrophes_are_one() -> None:
    straight = units("Norway's army won't send tanks")
    curly = units("Norway’s army won’t send tanks")
    assert [unit.low for unit in straight] == [unit.low for unit in curly]
    assert [unit.text for unit in curly][-3] == "won’t"


def test_offsets_are_those_of_the_text() -> None:
    text = "“Norway will send eight Leopard 2 tanks,” he said."
    found = units(text)
    assert all(text[unit.start : unit.end] == unit.text for unit in found)
    assert "".join(unit.text for unit in found) == text.replace(" ", "").replace(
        "Leopard2", "Leopard 2"
    )


def test_a_calibre_and_a_price_hold_no_number() -> None:
    found = row("155mm shells for $5 billion")
    assert [kind for kind, _ in found] == ["item", "item", "word", "money"]


def test_the_stronger_mention_wins_where_two_overlap() -> None:
    text = "in May 2023 eight"
    dates = find_dates(text, None)
    may = PartyMention(3, 6, "XXX", "person", ambiguous=True)
    spans = collect([may], [], find_numbers(text), find_money(text), dates)
    assert [entry[2] for entry in spans.entries] == ["date", "number"]
    assert spans.starts == [entry[0] for entry in spans.entries]


def test_a_mention_that_reaches_over_the_end_is_left_out() -> None:
    text = "tanks from Norway"
    party = PartyMention(11, 17, "NOR", "name", ambiguous=False)
    spans = collect([party], [], [], [], [])
    assert [unit.kind for unit in units_of(text, spans, 0, 14)] == ["word", "word", "word"]
    assert [unit.kind for unit in units_of(text, spans, 0, 17)] == ["word", "word", "party"]


@given(st.text(max_size=200))
def test_units_cover_all_but_blanks(text: str) -> None:
    found = units(text)
    position = 0
    for unit in found:
        assert text[position : unit.start].strip() == ""
        assert unit.start < unit.end
        assert text[unit.start : unit.end] == unit.text
        position = unit.end
    assert text[position:].strip() == ""
