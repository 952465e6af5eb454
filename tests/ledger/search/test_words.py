# ruff: noqa: RUF001 (letters of many scripts are what this is about)
"""Texts into words: folded alike wherever they stand, whatever their script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger.search.words import LONGEST, fold, words_in

FOLDED = [
    ("F-16", "f 16"),
    ("F16s", "f 16 s"),
    ("Leopard 2A4", "leopard 2 a 4"),
    ("155-mm, 155mm and 155 mm", "155 mm 155 mm and 155 mm"),
    ("12,400 rounds", "12400 rounds"),
    ("12.400 Schuss, 1\u202f000\u202f000 €", "12400 schuss 1000000"),
    ("3.5 million on 24.02.2022", "3 5 million on 24 02 2022"),
    ("in 2022 300 tanks", "in 2022 300 tanks"),
    ("Rüstung für die Übung, Straße", "rustung fur die ubung strasse"),
    ("l'Élysée a livré", "l elysee a livre"),
    ("Łódź, Ærø, Þór", "lodz aero thor"),
    ("Київ отримав м'ячі, п’ять і об\u02bcєкт", "київ отримав мячі пять і обєкт"),
    ("Ґудзик і ёлка", "гудзик і елка"),
    ("café cafe\u0301 ca\u00adfé", "cafe cafe cafe"),
    ("Αθήνα", "αθηνα"),
    ("ﬁghters ＡＢＣ ①", "fighters abc 1"),
    ("٣٤ دبابة", "34 دبابة"),
    ("日本はウクライナに支援", "日 本 は ウ ク ラ イ ナ に 支 援"),
    ("向乌克兰提供100辆坦克", "向 乌 克 兰 提 供 100 辆 坦 克"),
    ("snake_case e.g. a_b", "snake case e g a b"),
    ("\x00\ud800 \x1b[31m!?…", "31 m"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "words"), FOLDED, ids=[text[:12] for text, _ in FOLDED])
def test_words(text: str, words: str) -> None:
    assert " ".join(fold(text)) == words


@given(st.text(st.characters(codec=None)))
def test_words_have_nothing_that_an_engine_could_take_amiss(text: str) -> None:
    for word in fold(text):
        assert 0 < len(word) <= LONGEST
        assert word.isalnum()
        assert not any("\ue000" <= letter <= "\uf8ff" for letter in word)
        # The engine that only tells ASCII letters and digits from the rest leaves it whole.
        assert all(letter.isalnum() for letter in word if letter.isascii())
        word.encode()


@given(st.text(st.characters(codec=None)))
def test_words_stand_where_they_say(text: str) -> None:
    placed = list(words_in(text))
    assert [word.text for word in placed] == fold(text)
    starts = [word.start for word in placed]
    assert starts == sorted(starts)
    for word in placed:
        assert fold(text[word.start : word.end]).count(word.text) >= 1


@given(st.text(max_size=30))
def test_folding_again_changes_nothing(text: str) -> None:
    words = fold(text)
    assert fold(" ".join(words)) == words


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_case_does_not_count(text: str) -> None:
    plain = [word for word in fold(text) if word.isascii()]
    assert fold(" ".join(plain).upper()) == plain
