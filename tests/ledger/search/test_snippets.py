"""The piece of a text that is shown: marked, on one line, and never another text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger.search.found import Piece
from pledgebook.ledger.search.patterns import Pattern
from pledgebook.ledger.search.query import parse
from pledgebook.ledger.search.snippets import SHOWN, snippet
from pledgebook.ledger.search.words import fold

FILLER = "Nothing of note was said here by anybody at all. " * 20


def patterns(query: str) -> list[Pattern]:
    return [part.pattern for part in parse(query).parts]


def text_of(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def marks(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.marked]


def test_a_short_text_is_shown_whole() -> None:
    pieces = snippet("Norway will send\n eight tanks.", patterns("tank norway"))
    assert text_of(pieces) == "Norway will send eight tanks."
    assert marks(pieces) == ["Norway", "tanks"]


def test_the_piece_with_most_of_the_query_is_shown() -> None:
    text = f"A tank. {FILLER}A tank came from Norway to Kyiv. {FILLER}A tank."
    pieces = snippet(text, patterns("tank norway kyiv"))
    assert marks(pieces) == ["tank", "Norway", "Kyiv"]
    assert pieces[0].text.startswith("…")
    assert pieces[-1].text.endswith("…")
    assert len(text_of(pieces)) < SHOWN + 40


def test_a_part_of_a_text_stays_in_it() -> None:
    text = f"tank {FILLER}a tank here"
    pieces = snippet(text, patterns("tank"), len(text) - 40, len(text))
    assert text_of(pieces).endswith("a tank here")
    assert marks(pieces) == ["tank"]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("an F-16, an F16 and an F 16", "F-16", ["F-16", "F16", "F 16"]),
        ("Rüstung RÜSTUNG rustung", "rüstung", ["Rüstung", "RÜSTUNG", "rustung"]),
        ("向乌克兰提供坦克", "坦克", ["坦克"]),
        ("Леопарди й леопардів", "леопард*", ["Леопарди", "леопардів"]),
        ("12,400 rounds", "12400", ["12,400"]),
        ("air defence, defence air", '"air defence"', ["air defence"]),
        ("<b>tank</b> & <script>", "tank", ["tank"]),
        ("м'яч і м’яч", "мяч", ["м'яч", "м’яч"]),  # noqa: RUF001
    ],
)
def test_what_is_marked(text: str, query: str, found: list[str]) -> None:
    pieces = snippet(text, patterns(query))
    assert marks(pieces) == found
    assert text_of(pieces) == text


@given(st.text(st.characters(codec=None), max_size=400), st.text(max_size=12), st.integers(0, 300))
def test_a_snippet_is_a_piece_of_the_text(text: str, query: str, repeats: int) -> None:
    whole = text + " tank " * repeats
    pieces = snippet(whole, [*patterns(query), *patterns("tank")])
    one_line = " ".join(whole.split())
    shown = " ".join(text_of(pieces).strip("…").split())
    assert " ".join(shown.strip("…").split()) in one_line or shown in one_line
    assert all(piece.text for piece in pieces)
    for mark in marks(pieces):
        assert fold(mark)
