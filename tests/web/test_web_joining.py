"""The joining desk: join, part, take back, with the keyboard alone, and without scripts."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from browsers import serious_faults, watched
from pledgebook.ledger.judgements import Verdict
from served import Served


def largest(served: Served) -> str:
    """The commitment with the most statements."""
    return max(served.book.ledger().commitments, key=lambda one: len(one.statements)).id


def two(served: Served) -> tuple[str, str]:
    one, other, *_ = [
        each.id for each in served.book.ledger().commitments if each.recipient == "UKR"
    ]
    return one, other


def test_two_are_joined_and_parted_again_by_the_keyboard(own_tab: Page, own_served: Served) -> None:
    one, other = two(own_served)
    own_tab.goto(f"/joining?between={one},{other}")
    assert serious_faults(own_tab) == []
    own_tab.get_by_label("Why (may be left out)").fill("one package <b>twice</b> told")
    own_tab.keyboard.press("Tab")
    own_tab.locator("h1").click()
    own_tab.keyboard.press("s")
    expect(own_tab.get_by_text("Recorded.")).to_be_visible()
    (made,) = own_served.book.judgements()
    assert made.kind is Verdict.SAME
    assert made.by == "tester"
    homes = own_served.book.ledger().home
    assert homes["s" + one[1:]] == homes["s" + other[1:]]
    expect(own_tab.get_by_text("one package <b>twice</b> told")).to_be_visible()
    own_tab.keyboard.press("u")
    expect(own_tab.get_by_text("one package <b>twice</b> told")).to_have_count(0)
    homes = own_served.book.ledger().home
    assert homes["s" + one[1:]] != homes["s" + other[1:]]


def test_a_cluster_is_parted(own_tab: Page, own_served: Served) -> None:
    name = largest(own_served)
    before = len(own_served.book.ledger().commitments)
    own_tab.goto(f"/joining/{name}")
    assert serious_faults(own_tab) == []
    own_tab.get_by_role("checkbox").first.check()
    own_tab.get_by_role("button", name="Part those that are ticked").click()
    expect(own_tab.get_by_text("Recorded.")).to_be_visible()
    assert len(own_served.book.ledger().commitments) > before
    (made,) = own_served.book.judgements()
    assert made.kind is Verdict.DIFFERENT
    assert {subject.group for subject in made.subjects} == {0, 1}


def test_the_queue_leads_on_and_tells_its_keys(own_tab: Page) -> None:
    own_tab.goto("/joining")
    own_tab.locator("h1").click()
    own_tab.keyboard.press("?")
    expect(own_tab.get_by_role("dialog")).to_contain_text("take the last one back")
    own_tab.keyboard.press("Escape")
    assert serious_faults(own_tab) == []


def test_it_works_without_scripts(chrome: Browser, own_served: Served) -> None:
    one, other = two(own_served)
    with watched(chrome, base_url=own_served.url, java_script_enabled=False) as (context, _):
        context.request.get(own_served.entry)
        page = context.new_page()
        page.goto(f"/joining?between={one},{other}")
        page.get_by_role("button", name="Different").click()
        expect(page.get_by_text("Recorded.")).to_be_visible()
        page.get_by_role("button", name="Take back").click()
    made, back = own_served.book.judgements()
    assert back.revokes == made.id


def test_what_makes_no_sense_is_refused(own_served: Served) -> None:
    one, other = two(own_served)
    name = largest(own_served)
    csrf = {"csrf": own_served.csrf}
    every = own_served.app.state.live.view().commitment(name).statements
    with own_served.client() as client:
        for form, status in (
            ({"kind": "wrong", "one": one, "other": other}, 400),
            ({"kind": "same", "one": one, "other": one}, 400),
            ({"kind": "same", "one": one, "other": "c0"}, 404),
        ):
            assert client.post("/joining", data=csrf | form).status_code == status
        for ticked in ([], ["s0"], list(every)):
            split: dict[str, object] = {**csrf, "statement": ticked}
            assert client.post(f"/joining/{name}/split", data=split).status_code == 400
        assert client.get("/joining?between=c1").status_code == 400
        form = csrf | {"kind": "different", "one": one, "other": other}
        away = client.post("/joining", data=form | {"back": "//evil.example"})
        assert away.headers["location"].startswith("/joining?done=")
    assert len(own_served.book.judgements()) == 1
