"""Both engines find the same, in the same order, with the same words marked, whatever is typed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library import library, opened
from postgresql_server import PostgreSQL
from searching import drawn

from making import Clock
from pledgebook.book import Book
from pledgebook.ledger.search.words import fold
from pledgebook.ledger.store import Store

WORDS = sorted({word for one in library() for word in fold(one.document.text[:200])})
CLAUSES = [
    "donor:NOR", "-donor:DEU", "item:leopard", "kind:delivery", "stage:pledged", "lang:en",
    "from:2023", "to:2023-03", "outlet:wire", "speaker:sunak", "type:document", "recipient:UKR",
]  # fmt: skip
PIECES = drawn([*WORDS, *CLAUSES, "leo*", '"leopard 2"', "harbour", "United Kingdom"])


@pytest.fixture(scope="module")
def both(
    postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Book, Book]]:
    """The same book twice, in a file and on a server; nobody writes to them."""
    place = str(tmp_path_factory.mktemp("search") / "both.db")
    with opened(place) as one, opened(postgresql.new_database()) as other:
        yield one, other


@given(st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join) | st.text(max_size=20))
@settings(max_examples=150)
def test_both_find_the_same(both: tuple[Book, Book], query: str) -> None:
    one, other = both
    assert one.search(query, limit=50) == other.search(query, limit=50)


@given(
    st.text(st.characters(codec=None)) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
)
@settings(max_examples=150)
def test_any_text_has_an_answer(both: tuple[Book, Book], query: str) -> None:
    for book in both:
        found = book.search(query, limit=5)
        assert found.query == query
        assert 0 <= len(found.hits) <= min(found.total, 5)


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE documents; --",
        '" OR words MATCH "a',
        "a' | 'b",
        "NEAR(a b, 2)",
        "{words} : a",
        "words:a",
        "a:* & !b <-> c",
        "\\' \\\\ \x00",
        "%s %(asked)s :asked ?",
        '"' * 500,
        "a* " * 500,
        "-" * 500,
        "tank " * 5000,
    ],
)
def test_no_language_of_an_engine_comes_through(both: tuple[Book, Book], query: str) -> None:
    one, other = both
    assert one.search(query) == other.search(query)
    assert one.search("").total == other.search("").total > 0


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
@settings(max_examples=60)
def test_words_are_found_in_what_has_them_all(both: tuple[Book, Book], words: list[str]) -> None:
    book = both[0]
    found = {hit.id for hit in book.search(" ".join(words), kinds=["document"], limit=1000).hits}
    for one in library():
        said = set(fold(f"{one.document.title or ''} {one.document.text}"))
        if set(words) <= said:
            assert one.document.id in found
        elif not all(word in said or word + "s" in said or word[:-1] in said for word in words):
            assert one.document.id not in found


def test_the_order_of_reading_does_not_matter(tmp_path: Path, both: tuple[Book, Book]) -> None:
    place = tmp_path / "turned.db"
    with Store.open(place, clock=Clock()) as store:
        store.add(reversed(library()))
    with Book.open(place, clock=Clock()) as turned:
        for query in itertools.chain(WORDS[::5], CLAUSES, ["", "ukraine leopard"]):
            assert turned.search(query) == both[0].search(query)
