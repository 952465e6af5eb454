from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from drawing import drawn
from pledgebook.book import Book
from pledgebook.ledger.explain import Bond, Explanation, Quote, Source
from pledgebook.reporting.why_tree import why_tree


def statement(name: str, quote: Quote, **more: object) -> Explanation:
    source = Source(
        document="d" + "1" * 20,
        title="Tanks for Ukraine",
        date=None,
        url="https://example.org/tanks",
        origins=("https://example.org/tanks",),
        sha256="0" * 64,
    )
    fields = {"title": "NOR pledged 8 Leopard 2 to UKR", "quote": quote, "source": source} | more
    return Explanation.model_validate({"kind": "statement", "id": name, **fields})


QUOTE = Quote(
    before="OSLO — The government has decided.\nIt is the first decision of its kind. ",
    text="Norway will send eight Leopard 2 tanks",
    after=", the minister said" + ", and said again" * 20 + ".",
    start=72,
    end=110,
)


def test_a_tree_from_the_figure_to_the_quote(snapshot: SnapshotAssertion) -> None:
    first = statement("s" + "a" * 20, QUOTE, facts={"speaker": "the minister"})
    second = statement(
        "s" + "b" * 20,
        QUOTE.model_copy(update={"before": "", "after": ""}),
        link=Bond(
            score=0.9312,
            to=first.id,
            reasons=("the same party acts (+1.0)", "the quantities are equal (8) (+2.6)"),
            judged=False,
        ),
    )
    third = statement("s" + "c" * 20, QUOTE, link=Bond(score=1, to=None, reasons=(), judged=True))
    commitment = Explanation(
        kind="commitment",
        id="c" + "a" * 20,
        title="NOR to UKR: Leopard 2; pledged 8",
        notes=("pledged: 8 prevails; other reports say 12",),
        children=(first, second, third),
    )
    figure = Explanation(
        kind="figure",
        id="f" + "a" * 20,
        title="NOR to UKR: Leopard 2",
        facts={"pledged": "8", "on_order": "an unknown quantity"},
        children=(commitment,),
    )
    assert drawn(why_tree(figure), 100) == snapshot


def test_every_figure_opens_down_to_a_slice_of_a_text(told: Book) -> None:
    for row in told.rows():
        explanation = told.why(row.id)
        shown = " ".join(drawn(why_tree(explanation), 10_000).split())
        quotes = [node.quote.text for node in explanation.walk() if node.quote]
        assert quotes
        for quote in quotes:
            assert f"“{quote.translate({0x1B: 0xFFFD})}”" in shown


def test_documents_and_judgements_open_too(told: Book) -> None:
    document = next(one for one in told.documents() if one.url)
    shown = drawn(why_tree(told.why(document.id)), 200)
    assert "found at: https://example.org/latvia" in shown
    assert "\x1b" not in shown
    made = told.judge("wrong", told.commitments()[0].statements[0], by="A. Clerk", note="no such")
    shown = drawn(why_tree(told.why(made.id)), 200)
    assert "by: A. Clerk" in shown
    assert "no such" in shown
