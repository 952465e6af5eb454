"""The reading desk: a document and its statements, judged with the keyboard alone."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from browsers import serious_faults, watched
from making import Said, report
from pledgebook.ledger.judgements import Verdict
from pledgebook.web.desk.marking import Span, pieces
from served import Served

SPANS = st.lists(
    st.builds(Span, st.sampled_from("abcdef"), st.integers(-3, 40), st.integers(-3, 60)),
    max_size=8,
)


@given(st.text(max_size=40), SPANS)
def test_pieces_are_the_text_and_bear_their_statements(text: str, spans: list[Span]) -> None:
    found = pieces(text, spans)
    assert "".join(piece.text for piece in found) == text
    at = 0
    for piece in found:
        end = at + len(piece.text)
        inside = {one.name for one in spans if 0 <= one.start <= at and end <= one.end}
        assert set(piece.names) == inside
        at = end
    for one in spans:
        if 0 <= one.start < min(one.end, len(text)):
            held = "".join(piece.text for piece in found if one.name in piece.names)
            assert text[one.start : one.end] in held


def first_document(served: Served) -> str:
    """The document with the most statements."""
    return max(served.book.documents(), key=lambda one: (one.statements, one.id)).id


def test_a_document_is_judged_with_the_keyboard_alone(own_tab: Page, own_served: Served) -> None:
    name = first_document(own_served)
    own_tab.goto(f"/documents/{name}")
    assert serious_faults(own_tab) == []
    cards = own_tab.locator("[data-statement]")
    count = cards.count()
    assert count > 2
    own_tab.locator("h1").click()
    own_tab.keyboard.press("j")
    expect(cards.nth(1)).to_have_attribute("aria-current", "true")
    expect(own_tab.locator("a.m.now").first).to_be_visible()
    own_tab.keyboard.press("k")
    own_tab.keyboard.press("a")
    expect(own_tab.locator(".mark-accepted")).to_have_count(1)
    expect(cards.nth(1)).to_have_attribute("aria-current", "true")
    own_tab.keyboard.press("x")
    expect(own_tab.locator(".mark-wrong")).to_have_count(1)
    kinds = [one.kind for one in own_served.book.judgements()]
    assert kinds == [Verdict.ACCEPTED, Verdict.WRONG]
    own_tab.keyboard.press("u")
    expect(own_tab.locator(".mark-wrong")).to_have_count(0)
    own_tab.keyboard.press("?")
    expect(own_tab.get_by_role("dialog")).to_contain_text("the next statement")
    own_tab.keyboard.press("Escape")
    assert serious_faults(own_tab) == []


def test_a_statement_is_corrected(own_tab: Page, own_served: Served) -> None:
    name = first_document(own_served)
    own_tab.goto(f"/documents/{name}")
    own_tab.locator("h1").click()
    own_tab.keyboard.press("e")
    expect(own_tab.locator("form.edit")).to_be_visible()
    assert serious_faults(own_tab) == []
    form = own_tab.locator("form.edit")
    form.get_by_label("Quantity, at least").fill("7")
    form.get_by_label("at most").first.fill("9")
    form.get_by_role("button", name="Correct").click()
    expect(own_tab.locator(".mark-corrected")).to_have_count(1)
    (made,) = own_served.book.judgements()
    assert made.kind is Verdict.CORRECTED
    assert made.changes["quantity"]["low"] == 7
    assert made.changes["quantity"]["high"] == 9
    assert set(made.changes) == {"quantity"}


def test_marked_words_beyond_utf_16_become_a_statement(own_tab: Page, own_served: Served) -> None:
    odd = report(
        Said("Norway sends eight tanks", quantity=8),
        Said("\U0001d7cf\U0001d7d0 radios will come from Oslo \U0001f1f3\U0001f1f4"),
        date="2023-03-01",
    )
    text = odd.document.text
    own_served.book.store.add([odd])
    own_tab.goto(f"/documents/{odd.document.id}")
    own_tab.evaluate(
        """(words) => {
            const text = document.querySelector("[data-text]");
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
            }
        }""",
        "radios will come from Oslo",
    )
    own_tab.keyboard.press("n")
    expect(own_tab.locator("#n-quote")).to_have_value("radios will come from Oslo")
    adding = own_tab.locator("[data-adding]")
    adding.get_by_label("Actors, with commas between").fill("Norway")
    adding.get_by_label("Recipient").fill("Ukraine")
    adding.get_by_label("Category").select_option("radar-electronics")
    adding.get_by_role("button", name="Add").click()
    expect(own_tab.locator(".mark-added")).to_have_count(1)
    (made,) = own_served.book.judgements()
    (subject,) = made.subjects
    assert text[subject.start : subject.end] == "radios will come from Oslo"
    assert made.changes["actors"] == ["NOR"]
    assert subject.statement in own_served.book.ledger().entries


def test_done_leads_to_the_next_and_codings_can_be_taken_along(
    own_tab: Page, own_served: Served
) -> None:
    own_tab.goto("/reading")
    assert serious_faults(own_tab) == []
    own_tab.get_by_role("link", name="Read the next one").click()
    first = own_tab.url
    own_tab.get_by_role("button", name="Done, next").click()
    expect(own_tab.get_by_role("button", name="Done, next")).to_be_visible()
    assert own_tab.url.split("?")[0] != first.split("?")[0]
    own_tab.goto("/reading")
    expect(own_tab.get_by_text("you are done with 1.")).to_be_visible()
    with own_served.client() as client:
        lines = client.get("/reading/corpus.jsonl", params={"coder": "tester"}).text.splitlines()
    assert len(lines) == 1
    assert "statements" in json.loads(lines[0])


def test_two_people_are_compared(own_tab: Page, own_served: Served) -> None:
    book, name = own_served.book, first_document(own_served)
    statements = book.coding.of(name, "anna").statements
    book.coding.judge("wrong", name, statements[0].id, by="anna")
    book.coding.finish(name, by="anna")
    book.coding.finish(name, by="ben")
    own_tab.goto("/reading")
    own_tab.get_by_role("button", name="Compare").click()
    expect(own_tab.get_by_role("heading", level=1)).to_contain_text("anna and ben")
    expect(own_tab.get_by_text("anna has nothing here.")).to_be_visible()
    assert serious_faults(own_tab) == []


def test_text_of_documents_is_shown_as_text(own_tab: Page, own_served: Served) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(2)> Norway sends {{ 7*7 }} tanks"
    hostile = report(Said(nasty), date="2023-03-01")
    own_served.book.store.add([hostile])
    own_tab.context.on("dialog", lambda dialog: dialog.dismiss())
    own_tab.goto(f"/documents/{hostile.document.id}")
    expect(own_tab.locator("[data-text]")).to_contain_text(nasty)
    assert own_tab.locator("main img, main script").count() == 0


def test_it_works_without_scripts(chrome: Browser, own_served: Served) -> None:
    name = first_document(own_served)
    with watched(chrome, base_url=own_served.url, java_script_enabled=False) as (context, _):
        context.request.get(own_served.entry)
        page = context.new_page()
        page.goto("/documents")
        expect(page.locator("tbody tr").first).to_be_visible()
        page.goto(f"/documents/{name}")
        page.get_by_role("button", name="Accept").first.click()
        expect(page.locator(".mark-accepted")).to_have_count(1)
        page.get_by_role("link", name="Correct").first.click()
        expect(page.locator("form.edit")).to_be_visible()


def test_what_makes_no_sense_is_refused(own_served: Served) -> None:
    name = first_document(own_served)
    csrf = {"csrf": own_served.csrf}
    with own_served.client() as client:
        for path, form, status in (
            ("judge", {"kind": "same", "statement": "s0"}, 400),
            ("judge", {"kind": "wrong", "statement": "s0"}, 404),
            ("correct", {"statement": "s0"}, 404),
            ("add", {"quote": "nowhere to be found", "kind": "pledge"}, 400),
            ("add", {"quote": ""}, 400),
            ("undo", {"judgement": "j0"}, 403),
            ("reopen", {}, 400),
        ):
            answer = client.post(f"/documents/{name}/{path}", data=csrf | form)
            assert answer.status_code == status, (path, form, answer.text)
        assert client.get("/documents/d0").status_code == 404
        assert client.get("/reading/agreement?one=a&other=b").status_code == 404
    assert own_served.book.judgements() == []
