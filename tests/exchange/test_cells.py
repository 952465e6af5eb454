"""Cells that a spreadsheet would run, cut or refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.exchange.cells import (
    LONGEST_CELL,
    as_written,
    cut_to,
    is_formula,
    neutral,
    printable,
)

RUN = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "\tx", " =1", "\u00a0=1", "\ufeff=1",
    "\u200b=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "\ufe661", "\x00=1",
    "\u202e=1", "=cmd|' /C calc'!A0",
]  # fmt: skip
SAFE = ["", "8 tanks", "a=1", "'s-Hertogenbosch", "Leopard 2", "155mm", "—", "*", "1-2", "≈5"]


@pytest.mark.parametrize("text", RUN)
def test_what_would_run_gets_an_apostrophe_and_loses_it_again(text: str) -> None:
    assert is_formula(text)
    assert neutral(text) == f"'{text}"
    assert not is_formula(neutral(text))
    assert as_written(neutral(text)) == text


@pytest.mark.parametrize("text", SAFE)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == as_written(text) == text


_signs = st.sampled_from("'=+-@ \t\r\n\uff1d\ufeff\x00")


@given(st.text(st.one_of(_signs, st.characters()), max_size=9))
def test_every_text_comes_back_and_none_is_run(text: str) -> None:
    assert as_written(neutral(text)) == text
    assert not is_formula(neutral(text))


def test_a_cell_is_cut_where_spreadsheets_end_it() -> None:
    assert cut_to("x" * LONGEST_CELL) == ("x" * LONGEST_CELL, False)
    short, was_cut = cut_to("x" * (LONGEST_CELL + 1))
    assert was_cut
    assert len(short) == LONGEST_CELL
    assert short.endswith("x […]")
    # A sign outside the first plane counts twice.
    short, was_cut = cut_to("🚜" * (LONGEST_CELL // 2 + 1))
    assert was_cut
    assert len(short.encode("utf-16-le")) // 2 <= LONGEST_CELL


@given(st.text(st.sampled_from("a🚜\ud800"), max_size=40), st.integers(8, 30))
def test_a_cut_text_fits_and_is_a_beginning(text: str, longest: int) -> None:
    short, was_cut = cut_to(text, longest)
    assert len(short.encode("utf-16-le", "surrogatepass")) // 2 <= longest
    assert was_cut == (len(text.encode("utf-16-le", "surrogatepass")) // 2 > longest)
    if was_cut:
        assert text.startswith(short.removesuffix(" […]"))
        assert len(short.encode("utf-16-le", "surrogatepass")) // 2 >= longest - 1


def test_what_xml_refuses_is_replaced_and_counted() -> None:
    assert printable("a\x00b\ud800c\ufffe\x1b\td\n") == ("a\ufffdb\ufffdc\ufffd\ufffd\td\n", 4)
    assert printable("🚜 ☃") == ("🚜 ☃", 0)
