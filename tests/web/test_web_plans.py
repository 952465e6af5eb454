"""Plans: edit a scenario, watch the search, read why, compare, and lose nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from browsers import serious_faults, watched
from plans_made import SCENARIO
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.planning.scenario.loading import read_scenario
from pledgebook.web.plans.editing import changed, faults_of, groups_of
from pledgebook.web.plans.shelf import Shelf
from served import Served

EXAMPLE = Path(__file__).parents[2] / "examples" / "february-2023.toml"
MINUTES = 120_000


def test_nothing_on_the_shelf_is_ever_overwritten(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "plans")
    assert shelf.names() == []
    first = shelf.save("winter", "a = 1\n", None)
    with pytest.raises(UsageError, match="already"):
        shelf.save("winter", "a = 2\n", None)
    second = shelf.save("winter", "a = 2\n", first.digest)
    with pytest.raises(UsageError, match="changed by somebody else"):
        shelf.save("winter", "a = 3\n", first.digest)
    assert shelf.save("winter", "a = 2\n", second.digest) == second
    shelf.remove("winter")
    with pytest.raises(NotFoundError):
        shelf.read("winter")
    texts = [path.read_text() for path in shelf.versions("winter")]
    assert texts == ["a = 2\n", "a = 1\n"]
    assert shelf.save("winter", "a = 9\n", None).text == "a = 9\n"


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/b", "a\\b", "A", "con", "compare", "x" * 61, "a.b", "é", "a\0"]
)
def test_names_lead_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name"):
        Shelf(tmp_path).path(name)


def test_the_form_changes_its_values_and_nothing_else() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    fields = {one.name: one for group in groups_of(text) for one in group.fields}
    assert len(fields) > 60
    assert changed(text, {name: one.value for name, one in fields.items()}) == text
    assert fields["need.0.amount"].hint.startswith("a month")
    edited = changed(
        text, {"need.0.amount": "50", "title": 'Skies "first"\\', "horizon.to": "2025-06"}
    )
    before, after = text.split("\n"), edited.split("\n")
    different = [
        at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other
    ]
    assert len(different) == 3
    scenario = read_scenario(edited).scenario
    assert scenario.title == 'Skies "first"\\'
    with pytest.raises(UsageError, match="is no value for"):
        changed(text, {"need.0.amount": "many"})


@given(st.text(max_size=30))
def test_any_text_in_the_form_stays_a_text(value: str) -> None:
    text = 'title = "old"  # said by # somebody\n[horizon]\nfrom = "2023-03"\n'
    edited = changed(text, {"title": value})
    (head, *_) = groups_of(edited)
    (one,) = head.fields
    cleaned = "".join(sign if sign.isprintable() else " " for sign in value.strip())
    assert one.value == cleaned
    assert one.hint == "said by # somebody"
    assert edited.count("\n") == text.count("\n")


def test_faults_have_their_lines() -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("amount = 45 ", "amount = -45 ")
    ((line, problem), *_) = faults_of(text)
    assert line is not None
    assert "-45" in text.split("\n")[line - 1]
    assert problem.mend or problem.what
    ((line, _),) = faults_of("title = \n")
    assert line == 1


def solved(tab: Page) -> None:
    expect(tab.get_by_role("heading", name="What is done")).to_be_visible(timeout=MINUTES)


def test_a_scenario_is_begun_mended_solved_and_explained(own_tab: Page, own_served: Served) -> None:
    tab = own_tab
    tab.goto("/plans")
    expect(tab.get_by_text("No scenario yet")).to_be_visible()
    assert serious_faults(tab) == []
    tab.get_by_label("Name (small letters").fill("february")
    tab.get_by_role("button", name="Begin").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("february")

    tab.get_by_role("link", name="Edit as text").click()
    area = tab.get_by_label("The scenario (TOML)")
    assert area.input_value() == EXAMPLE.read_text(encoding="utf-8")
    area.fill(SCENARIO.replace("amount = 1_000", "amount = -45"))
    expect(tab.locator("#faults")).to_contain_text("Line ")
    tab.locator("#faults [data-line]").first.click()
    marked = area.evaluate("(it) => it.value.slice(it.selectionStart, it.selectionEnd)")
    assert "-45" in marked
    assert serious_faults(tab) == []
    area.fill(SCENARIO)
    expect(tab.locator("#faults")).to_contain_text("No fault")

    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("1 earlier version is kept")).to_be_visible()

    tab.get_by_role("link", name="Edit as a form").click()
    tab.get_by_label("title", exact=True).fill("Skies first")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("2 earlier versions are kept")).to_be_visible()
    assert serious_faults(tab) == []

    tab.get_by_role("link", name="The plan").click()
    tab.get_by_role("button", name="Plan it").click()
    solved(tab)
    expect(tab.get_by_role("heading", name="Why the rest stays short")).to_be_visible()
    expect(tab.locator("[data-chart]")).to_have_attribute("data-drawn", "yes", timeout=20_000)
    assert serious_faults(tab) == []
    with own_served.client() as client:
        assert client.get("/plans/february/plan.csv").text.startswith("scenario,")
        assert client.get("/plans/february/plan.xlsx").content[:2] == b"PK"
        assert client.get("/plans/february/plan.json").json()["asked"]["gap"] == 0.01
        assert client.get("/plans/february/chart.svg").text.startswith("<svg")
        assert client.get("/plans/february/plan.pdf").status_code == 404
    tab.locator("a.why").first.click()
    expect(tab.get_by_role("heading", level=1)).to_be_visible(timeout=MINUTES)
    assert serious_faults(tab) == []


def test_a_long_search_is_watched_and_ended(own_tab: Page, own_served: Served) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    own_served.app.state.shelf.save("february", text, None)
    own_tab.goto("/plans/february")
    own_tab.get_by_label("Near enough to the best, %").fill("0")
    own_tab.get_by_label("At most so long, seconds").fill("3000")
    own_tab.get_by_label("also spending against shortage").check()
    own_tab.get_by_role("button", name="Plan it").click()
    (search,) = own_served.app.state.searches.newest("february")
    expect(own_tab.locator(".searching [role=status]")).to_contain_text(" s", timeout=MINUTES)
    button = own_tab.get_by_role("button", name="Take the best so far")
    if button.count():
        button.click()
    solved(own_tab)
    assert search.over
    assert search.process is not None
    assert search.process.poll() is not None


def test_two_plans_are_laid_beside_each_other(own_tab: Page, own_served: Served) -> None:
    shelf = own_served.app.state.shelf
    shelf.save("one", SCENARIO, None)
    shelf.save("two", SCENARIO.replace("amount = 1_000", "amount = 500"), None)
    own_tab.goto("/plans")
    own_tab.get_by_role("button", name="Beside each other").click()
    own_tab.get_by_role("button", name="Search both plans").click()
    expect(own_tab.get_by_text("What stays short")).to_be_visible(timeout=MINUTES)
    assert serious_faults(own_tab) == []


def test_two_people_who_edit_are_told(own_served: Served) -> None:
    shelf = own_served.app.state.shelf
    kept = shelf.save("winter", 'title = "a"\n', None)
    form = {"csrf": own_served.csrf, "was": kept.digest}
    with own_served.client() as client:
        assert (
            client.post("/plans/winter", data=form | {"text": 'title = "b"\n'}).status_code == 303
        )
        late = client.post("/plans/winter", data=form | {"text": 'title = "c"\n'})
        assert late.status_code == 400
        assert "changed by somebody else" in late.text
        for path in ("/plans/none", "/plans/..%2f..%2fetc", "/plans/winter/plan.csv"):
            assert client.get(path).status_code in (400, 404)
        odd = {"id": "plan:/etc/passwd#order/x@2023-03"}
        assert client.get("/plans/winter/why", params=odd).status_code == 404
    assert shelf.read("winter").text == 'title = "b"\n'


def test_it_can_be_read_without_scripts(chrome: Browser, own_served: Served) -> None:
    own_served.app.state.shelf.save("winter", SCENARIO, None)
    with watched(chrome, base_url=own_served.url, java_script_enabled=False) as (context, _):
        context.request.get(own_served.entry)
        page = context.new_page()
        page.goto("/plans/winter")
        page.get_by_role("button", name="Plan it").click()
        solved(page)
