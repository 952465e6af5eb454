"""Who says it: the name as written, without article and title."""

from __future__ import annotations

import pytest
from coding import read

from pledgebook.reading.grammar.speakers import clean, speaker_in


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Boris Pistorius said that Germany would send tanks.", "Boris Pistorius"),
        ("Defence Minister Boris Pistorius said Germany would send tanks.", "Boris Pistorius"),
        (
            "German Defence Minister Boris Pistorius said Germany would send tanks.",
            "Boris Pistorius",
        ),
        ("Tanks will be sent, Boris Pistorius said.", "Boris Pistorius"),
        ("“We will send tanks,” said Boris Pistorius.", "Boris Pistorius"),
        ("Tanks will be sent, according to Boris Pistorius.", "Boris Pistorius"),
        ("According to Boris Pistorius, tanks will be sent.", "Boris Pistorius"),
        ("President Zelensky told reporters that tanks were needed.", "Zelensky"),
        ("The ministry said that tanks would be sent.", "ministry"),
        ("The Pentagon said that tanks would be sent.", "Pentagon"),
        ("Norway will send eight tanks.", None),
        ("The tanks that he spoke of have arrived.", None),
        ("He said that tanks would be sent.", None),
        ("", None),
    ],
)
def test_speakers(sentence: str, speaker: str | None) -> None:
    assert speaker_in(sentence) == speaker


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("the Pentagon", "Pentagon"),
        ("Gen. Mark Milley", "Mark Milley"),
        ("US Secretary of Defense Lloyd Austin", "Lloyd Austin"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
        ("Norway's", "Norway"),
        ("she", None),
        ("It", None),
    ],
)
def test_titles_and_articles_are_cut_off(name: str, cleaned: str | None) -> None:
    assert clean(name) == cleaned


def test_a_statement_bears_its_speaker() -> None:
    (statement,) = read("Norway will send eight Leopard 2 tanks to Ukraine, Jonas Gahr Store said.")
    assert statement.speaker == "Jonas Gahr Store"
    (statement,) = read("Norway will send eight Leopard 2 tanks to Ukraine.")
    assert statement.speaker is None


def test_the_speaker_of_a_turn() -> None:
    text = "MINISTER GRAM: Norway will send Ukraine eight Leopard 2 tanks."
    (statement,) = read(text)
    assert statement.speaker is not None
    assert statement.speaker.casefold() == "gram"
