"""What is looked for is found, on each engine: by words, names and fields, and nothing besides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from library import LONG, opened
from postgresql_server import PostgreSQL
from searching import counts, kinds, marked, quotes, titles

from engines import ENGINES, POSTGRESQL
from making import Clock
from pledgebook.book import Book
from pledgebook.errors import UsageError


@pytest.fixture(scope="module", params=ENGINES)
def book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Book]:
    """A book of `library` on each engine, made once; nobody writes to it."""
    place = str(tmp_path_factory.mktemp("search") / "library.db")
    if request.param == POSTGRESQL:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        place = server.new_database()
    with opened(place) as found:
        yield found


NORWAY = ["Norway → Ukraine: Leopard 2 (delivery)", *["Norway → Ukraine: Leopard 2 (pledge)"] * 2]
STATEMENTS = [
    ("challenger", ["United Kingdom → Ukraine: Challenger 2 (pledge)"]),
    # By what a party is called elsewhere, though the text says London.
    ("United Kingdom", ["United Kingdom → Ukraine: Challenger 2 (pledge)"]),
    ("British tanks", ["United Kingdom → Ukraine: Challenger 2 (pledge)"]),
    ("Sunak", ["United Kingdom → Ukraine: Challenger 2 (pledge)"]),
    ("rheinmetall", ["Germany → Ukraine: 35mm (contract)"]),
    ("12400", ["Germany → Ukraine: 35mm (contract)"]),
    ("12.400", ["Germany → Ukraine: 35mm (contract)"]),
    ("35 mm", ["Germany → Ukraine: 35mm (contract)"]),
    ("F16", ["Denmark → Ukraine: F-16 (pledge)"]),
    ("F-16s", ["Denmark → Ukraine: F-16 (pledge)"]),
    ('"F 16"', ["Denmark → Ukraine: F-16 (pledge)"]),
    ("aircraft", ["Denmark → Ukraine: F-16 (pledge)"]),
    ('"handed over three"', ["Norway → Ukraine: Leopard 2 (delivery)"]),
    ('"three handed over"', []),
    ("norway three", ["Norway → Ukraine: Leopard 2 (delivery)"]),
    ("norway -three leopard -holds", NORWAY[1:]),
    ("swed*", ["Sweden → Ukraine: Leopard 2 (pledge)"]),
    ("vehicules blindes", ["France → Ukraine: AMX-10 RC (delivery)"]),
    ("armoured vehicle", ["France → Ukraine: AMX-10 RC (delivery)"]),
    ("леопарди", ["Poland → Ukraine: Leopard 2A4 (delivery)"]),
    ("チョッキ", ["Japan → Ukraine: personal equipment (delivery)"]),
    ("ョッ", ["Japan → Ukraine: personal equipment (delivery)"]),
    ("キョッ", []),
    ("donor:Germany", ["Germany → Ukraine: 35mm (contract)",
                       "Germany → Ukraine: Leopard 2A6 (pledge)"]),
    ("donor:DEU leopard", ["Germany → Ukraine: Leopard 2A6 (pledge)"]),
    ('donor:"United Kingdom" donor:Denmark', ["Denmark → Ukraine: F-16 (pledge)",
                                              "United Kingdom → Ukraine: Challenger 2 (pledge)"]),
    ("item:aircraft", ["Denmark → Ukraine: F-16 (pledge)"]),
    ("item:Leopard kind:delivery", [NORWAY[0], "Poland → Ukraine: Leopard 2A4 (delivery)"]),
    ('item:"Leopard 2A4"', ["Poland → Ukraine: Leopard 2A4 (delivery)"]),
    ("recipient:UKR kind:contract", ["Germany → Ukraine: 35mm (contract)"]),
    ("stage:on-order", ["Germany → Ukraine: 35mm (contract)"]),
    ("stage:asked", ["Ukraine: tank (request)"]),
    ("speaker:sunak", ["United Kingdom → Ukraine: Challenger 2 (pledge)"]),
    ("outlet:wire.example", ["United Kingdom → Ukraine: Challenger 2 (pledge)"]),
    ("outlet:nachrichten", ["Germany → Ukraine: Leopard 2A6 (pledge)"]),
    ("lang:fr", ["France → Ukraine: AMX-10 RC (delivery)"]),
    ("to:2022", ["Japan → Ukraine: personal equipment (delivery)"]),
    ("from:2023-04", ["France → Ukraine: AMX-10 RC (delivery)"]),
    ("from:2023-03-02 to:2023-03-03", ["Germany → Ukraine: 35mm (contract)"]),
    ("lang:en -donor:NOR -donor:DEU -recipient:UKR -from:2023-02-15", []),
    ("unheard", []),
]  # fmt: skip


@pytest.mark.parametrize(("query", "found"), STATEMENTS, ids=[one for one, _ in STATEMENTS])
def test_statements(book: Book, query: str, found: list[str]) -> None:
    assert titles(book, query) == sorted(found)


DOCUMENTS = [
    ("minister", ["Challengers for Ukraine"]),
    ("entscheidung", ["Leopard-Entscheidung"]),
    ("rustungsguter", ["Leopard-Entscheidung"]),
    ("provided OR minister", []),
    ('"minister praised London"', ["Challengers for Ukraine"]),
    # The title and the text are two things.
    ('"Ukraine London"', []),
    ("donor:GBR", ["Challengers for Ukraine"]),
    ("item:ammunition", ["Rounds"]),
    ("київ", ["Київ отримав перші Леопарди від Польщі."]),
    ("ウクライナ", ["日本はウクライナに防弾チョッキを提供した。"]),
    ("harbour lighthouse", ["Harbour news"]),
    ('"harbour closed"', ["Harbour news"]),
    ('"harbour lighthouse"', []),
    ("from:2024", ["Harbour news"]),
]


@pytest.mark.parametrize(("query", "found"), DOCUMENTS, ids=[one for one, _ in DOCUMENTS])
def test_documents(book: Book, query: str, found: list[str]) -> None:
    assert titles(book, query, "document") == sorted(found)


COMMITMENTS = [
    ("challenger", ["United Kingdom → Ukraine: Challenger 2"]),
    ("item:leopard stage:delivered donor:NOR", ["Norway → Ukraine: Leopard 2"]),
    # The words stand in two of its reports.
    ('"will send" "handed over" leopard', ["Norway → Ukraine: Leopard 2"]),
    ("speaker:sunak", ["United Kingdom → Ukraine: Challenger 2"]),
    ("kind:delivery donor:NOR", ["Norway → Ukraine: Leopard 2"]),
    ("from:2023-03-21 donor:NOR", ["Norway → Ukraine: Leopard 2"]),
    ("to:2023-02-14 donor:NOR", ["Norway → Ukraine: Leopard 2"]),
    # None of its reports is of these days, though the first is older and the last newer.
    ("from:2023-02-25 to:2023-03-20 donor:NOR", []),
    ("rheinmetall", ["Germany → Ukraine: 35mm"]),
    ("minister", []),
]


@pytest.mark.parametrize(("query", "found"), COMMITMENTS, ids=[one for one, _ in COMMITMENTS])
def test_commitments(book: Book, query: str, found: list[str]) -> None:
    assert titles(book, query, "commitment") == sorted(found)


def test_a_long_text_is_shown_where_it_has_the_words(book: Book) -> None:
    [hit] = book.search("lighthouse").hits
    assert marked(hit) == ["lighthouse"]
    assert "harbour closed" in quotes(book.search("lighthouse"))[0]
    [hit] = book.search("opened harbour").hits
    assert "The harbour opened" in quotes(book.search("opened harbour"))[0]
    assert len(LONG) > 40_000


def test_a_hit_says_what_it_is(book: Book) -> None:
    [hit] = book.search("challenger", kinds=["statement"]).hits
    entry = book.ledger().entries[hit.id]
    assert (hit.document, hit.date, hit.outlet) == (entry.document, entry.counted, "wire.example")
    assert hit.commitment == book.ledger().home[hit.id]
    assert marked(hit) == ["Challenger"]
    [whole] = book.search("challenger", kinds=["commitment"]).hits
    assert (whole.id, whole.commitment, whole.document) == (hit.commitment, hit.commitment, None)
    assert whole.snippet == hit.snippet
    [report] = book.search("challenger", kinds=["document"]).hits
    assert (report.id, report.document, report.outlet) == (
        hit.document,
        hit.document,
        "wire.example",
    )


def test_what_fits_better_comes_first(book: Book) -> None:
    # In the title, and twice in the text.
    assert book.search("leopard", kinds=["document"]).hits[0].title == "Leopard-Entscheidung"
    found = book.search("leopard", limit=1000)
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    # A word that few have weighs more than one that many have.
    best = book.search("leopard леопарди", kinds=["statement"]).hits[0]
    assert best.title == "Poland → Ukraine: Leopard 2A4 (delivery)"


def test_equals_come_by_date_the_newest_first_and_by_id(book: Book) -> None:
    found = book.search("", limit=1000)
    assert {hit.score for hit in found.hits} == {0.0}
    order = [(-hit.date.toordinal(), hit.id) for hit in found.hits]
    assert order == sorted(order)
    held = len(book.documents()) + len(book.ledger().entries) + len(book.ledger().commitments)
    assert found.total == held == len(order)


def test_pages_are_cut_from_one_list(book: Book) -> None:
    whole = book.search("leopard", limit=1000)
    parts = [book.search("leopard", limit=3, offset=at) for at in range(0, whole.total + 3, 3)]
    assert [hit for one in parts for hit in one.hits] == list(whole.hits)
    assert {one.total for one in parts} == {whole.total}
    assert parts[-1].hits == ()
    none = book.search("leopard", limit=0)
    assert (none.total, none.hits, none.facets) == (whole.total, (), whole.facets)


@pytest.mark.parametrize("query", ["", "leopard", "donor:NOR", "ukraine -tank"])
def test_a_facet_counts_what_its_clause_leaves(book: Book, query: str) -> None:
    found = book.search(query, facet_values=100)
    assert sum(counts(found, "type").values()) == found.total
    seen = 0
    for facet in found.facets:
        assert facet.others == 0
        if facet.name == "donor" and "donor:" in query:
            continue
        for value in facet.values:
            assert book.search(f"{query} {value.clause}").total == value.count
            seen += 1
    assert seen > 10


def test_facets_list_the_most_frequent(book: Book) -> None:
    full = book.search("", facet_values=100)
    cut = book.search("", facet_values=2)
    for one, other in zip(full.facets, cut.facets, strict=True):
        assert other.values == one.values[:2]
        assert other.others == max(len(one.values) - 2, 0)
        found = [value.count for value in one.values]
        assert found == sorted(found, reverse=True)


def test_kinds_narrow_the_hits_and_not_the_tabs(book: Book) -> None:
    found = book.search("leopard", kinds=["statement", "commitment"])
    assert set(kinds(found)) == {"statement", "commitment"}
    assert counts(found, "type") == counts(book.search("leopard"), "type")
    assert counts(found, "type")["document"] > 0
    assert found.total == sum(counts(found, "type").values()) - counts(found, "type")["document"]
    assert book.search("leopard type:document").total == counts(found, "type")["document"]


def test_a_field_that_makes_no_sense_is_words(book: Book) -> None:
    found = book.search("donor:Atlantis")
    assert (found.total, found.taken_as_words) == (0, ("donor:Atlantis",))
    for query in ("kind:minister", "from:minister", "lang:minister1", "stage:minister"):
        assert book.search(query).taken_as_words == (query,)
    # The words are looked for: this text has them beside each other.
    assert titles(book, "from:Польщі", "document") == []
    assert book.search("to:Kyiv").taken_as_words == ("to:Kyiv",)
    assert titles(book, "to:Kyiv", "document") == ["Challengers for Ukraine"]
    assert book.search("donor:NOR from:2023").taken_as_words == ()


def test_what_may_have_been_meant(book: Book) -> None:
    assert book.search("Chalenger").suggestions[0] == "Challenger"
    assert "Norway leopard" in book.search("Norwy leopard").suggestions
    assert book.search('donor:"Germny" rounds').suggestions == ('donor:"Germany" rounds',)
    assert book.search("qqqqqqqq").suggestions == ()
    assert book.search("leopard").suggestions == ()
    for query in ("Chalenger", "Norwy leopard", 'donor:"Germny" rounds'):
        for suggestion in book.search(query).suggestions:
            assert book.search(suggestion).total > 0


def test_a_question_that_cannot_be(book: Book) -> None:
    with pytest.raises(UsageError, match="nothing to look for"):
        book.search("x", kinds=["outlet"])
    for wrong in ({"limit": -1}, {"offset": -1}, {"limit": 100_000}):
        with pytest.raises(UsageError, match="no page"):
            book.search("x", **wrong)  # type: ignore[arg-type]


def test_an_empty_book_has_nothing(place: str) -> None:
    with Book.open(place, clock=Clock()) as empty:
        for query in ("", "tank", "donor:NOR", "tank*"):
            found = empty.search(query)
            assert (found.total, found.hits, found.suggestions) == (0, (), ())
            assert all(facet.values == () for facet in found.facets)
