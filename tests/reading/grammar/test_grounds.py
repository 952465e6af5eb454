"""A statement that takes its kind or giver from elsewhere in the document points there."""

from __future__ import annotations

from coding import read

LIST = """Germany has delivered the following to Ukraine:
- 20 Marder infantry fighting vehicles
- two Patriot launchers
"""


def test_a_line_of_a_list_points_at_its_head() -> None:
    found = read(LIST)
    assert [statement.item.designation for statement in found] == ["Marder", "Patriot"]
    for statement in found:
        grounds = {ground.field: LIST[ground.start : ground.end] for ground in statement.grounds}
        head = "Germany has delivered the following to Ukraine:"
        assert grounds == {"kind": head, "actors": head}


def test_a_giver_named_in_the_line_is_not_looked_for_elsewhere() -> None:
    text = "Pledged to Ukraine:\n- Norway: eight Leopard 2 tanks\n- Canada: four howitzers\n"
    for statement in read(text):
        assert {ground.field for ground in statement.grounds} == {"kind"}


def test_a_whole_sentence_needs_no_ground() -> None:
    [statement] = read("Norway will send eight Leopard 2 tanks to Ukraine.")
    assert statement.grounds == ()
