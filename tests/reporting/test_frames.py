from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from drawing import drawn
from pledgebook.reporting.frames import frame

_FIGURES = ("123,456,789", "€1.437B", "300,000–\n340,000", "n/k", "")


def table(names: list[str], figures: list[list[str]], width: int) -> str:
    made = frame()
    made.add_column("id", no_wrap=True)
    made.add_column("donor", overflow="fold")
    for head in ("pledged", "on\norder", "deliv-\nered", "out-\nstanding"):
        made.add_column(head, justify="right", no_wrap=True)
    for number, (name, row) in enumerate(zip(names, figures, strict=True)):
        made.add_row(f"f{number:07}", name, *map(Text, row))
    return drawn(made, width)


def test_what_has_room_stands_side_by_side() -> None:
    shown = table(["Norway"], [["8", "", "5", "3"]], 80)
    assert re.search(r"f0000000 +Norway +8 +5 +3", shown)


def test_what_has_no_room_is_stacked_and_says_what_it_is() -> None:
    shown = table(["Norway"], [["123,456,789", "n/k", "", "\noverdue"]], 50)
    assert re.search(r"f0000000 +Norway +pledged +123,456,789", shown)
    assert re.search(r"on order +n/k", shown)
    assert re.search(r"outstanding +overdue", shown)
    assert "delivered" not in shown


@pytest.mark.parametrize("width", [44, 60, 80, 120])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["NOR", "Norway, Sweden", "Rheinmetall Landsysteme"]),
            st.lists(st.sampled_from(_FIGURES), min_size=4, max_size=4),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_figure_is_ever_cut(rows: list[tuple[str, list[str]]], width: int) -> None:
    shown = table([name for name, _ in rows], [figures for _, figures in rows], width)
    assert "…" not in shown
    assert max(map(len, shown.splitlines())) <= width
    for figure in _FIGURES:
        for line in filter(None, figure.split("\n")):
            wanted = sum(one.split("\n").count(line) for _, figures in rows for one in figures)
            assert len(re.findall(rf"(?<!\S){re.escape(line)}(?!\S)", shown)) == wanted
