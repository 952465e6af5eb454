from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reporting.plain import one_line, plain


def test_orders_to_a_terminal_are_taken_out() -> None:
    assert plain("a\x1b[2Jb\x07\nc\td\r\n") == "a�[2Jb�\nc\td\n"
    assert plain("\u202eright to left") == "�right to left"
    assert one_line(" a\n b\x9b ") == "a b�"


@given(st.text(alphabet=st.characters()))
def test_no_control_character_is_left(text: str) -> None:
    left = {sign for sign in one_line(text) if unicodedata.category(sign) in {"Cc", "Cs"}}
    assert left == set()
    assert "\n" not in one_line(text)
