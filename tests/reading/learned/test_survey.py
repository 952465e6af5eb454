"""The survey: candidates for statements, and what the grammar says of each on the way."""

from __future__ import annotations

from coding import CATALOGUE
from surveying import TEXT, document, surveyed

from pledgebook.reading.grammar.coder import read
from pledgebook.reading.learned.survey import MOST_SPOTS, survey


def test_what_could_be_a_statement_is_a_spot() -> None:
    found = surveyed()
    spots = {(TEXT[s.start : s.end], s.kind) for s in found.spots}
    assert ("14 armoured vehicles", "item") in spots
    assert any(kind == "money" and "NOK 40 million" in text for text, kind in spots)
    assert any(kind in ("number", "loose") and "sixty" in text for text, kind in spots)
    assert any(kind == "training" for _, kind in spots)


def test_a_sentence_without_any_is_a_spot_itself() -> None:
    found = surveyed()
    last = found.places[-1]
    assert [spot.kind for spot in last.spots] in (["line"], ["verb"])


def test_the_grammar_tells_what_governs_a_spot_and_who_acts() -> None:
    found = surveyed()
    [spot] = [s for s in found.spots if TEXT[s.start : s.end] == "14 armoured vehicles"]
    assert spot.reading is not None
    assert spot.reading.kind == "pledge"
    assert spot.actors == ("SWE",)
    assert spot.guess is not None
    assert spot.guess.actors == ("SWE",)


def test_looking_on_changes_nothing_of_what_the_grammar_reads() -> None:
    found = surveyed()
    from pledgebook.reading.grammar.emitting import finish

    assert finish(found.context) == read(document(TEXT), CATALOGUE)


def test_spots_are_numbered_in_the_order_of_the_text() -> None:
    found = surveyed()
    assert [spot.index for spot in found.spots] == list(range(len(found.spots)))
    places = [spot.place for spot in found.spots]
    assert places == sorted(places)


def test_an_endless_enumeration_has_bounds() -> None:
    found = surveyed(TEXT + "\nNorway will send " + ", ".join(["8 tanks"] * 60) + " to Moldova.")
    assert max(len(place.spots) for place in found.places) == MOST_SPOTS


def test_a_text_of_nothing_is_not_surveyed() -> None:
    assert survey(document("The choir sang, and everyone went home happy."), CATALOGUE) is None
