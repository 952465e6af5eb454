"""The frame of a statement: who gets it, who supplies, when, and what needs no verb of its own."""

from __future__ import annotations

import pytest
from coding import Coded, codings, read

TANKS = "Norway will send eight Leopard 2 tanks to Ukraine."
LEOPARDS = Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR")
MINISTRY = "https://www.regjeringen.no/en/news/1"


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("Norway will send eight tanks to Ukraine.", "UKR"),
        ("Norway will give Ukraine eight tanks.", "UKR"),
        ("Norway will send eight tanks for the Ukrainian army.", "UKR"),
        ("Norway will send eight tanks to Moldova. Moldova needs help.", "MDA"),
        ("Norway ordered eight tanks from Rheinmetall.", None),
        ("Norway manufactures 20,000 shells a year.", None),
    ],
)
def test_recipients(text: str, recipient: str | None) -> None:
    assert read(text)[0].recipient == recipient


def test_who_asks_for_itself_is_the_one_who_gets() -> None:
    (found,) = read("Ukraine requested 300 tanks.")
    assert (found.actors, found.recipient) == (("UKR",), "UKR")


def test_the_supplier_is_the_company() -> None:
    (found,) = read("Norway will buy 54 Leopard 2 tanks from KNDS.")
    assert (found.actors, found.supplier) == (("NOR",), "KNDS")
    (found,) = read("Norway will buy 12 howitzers from Fjordvik Ordnance.")
    assert found.supplier == "Fjordvik Ordnance"
    (found,) = read("Norway will buy 12 howitzers for its army.")
    assert found.supplier is None


def test_two_dates_stay_with_their_clauses() -> None:
    text = (
        "Norway sent 22 howitzers to Ukraine in May 2022. "
        "Norway will send eight Leopard 2 tanks to Ukraine in March."
    )
    assert [one.when for one in codings(text)] == ["2022-05", "2023-03"]


def test_the_begin_of_a_running_total_is_no_date_of_the_act() -> None:
    (found,) = codings("Norway has sent Ukraine 36 howitzers since March 2022.")
    assert found == Coded("delivery", "NOR", "artillery", 36, to="UKR", scope="total")


def test_statements_stand_in_the_order_of_the_text() -> None:
    text = (
        "Britain will train 200 Ukrainian soldiers and will send 14 Challenger 2 tanks to Ukraine. "
        f"{TANKS}"
    )
    found = read(text)
    assert [one.kind for one in found] == ["training", "pledge", "pledge"]
    starts = [one.evidence.start for one in found]
    assert starts == sorted(starts)


def test_giver_by_giver() -> None:
    text = "Ukraine will receive Patriot batteries from the United States, Germany and Romania."
    assert [one.actors for one in codings(text)] == ["DEU", "ROU", "USA"]


def test_together_with() -> None:
    text = "Germany will send 80 Leopard 1 tanks to Ukraine together with Denmark."
    assert codings(text) == [Coded("pledge", "DEU DNK", "tank: Leopard 1", 80, to="UKR")]


def test_a_count_without_a_verb_goes_on_with_the_sentence_before() -> None:
    text = f"{TANKS} Also four M109 howitzers."
    assert codings(text) == [LEOPARDS, Coded("pledge", "NOR", "artillery: M109", 4, to="UKR")]


def test_a_page_of_a_government_is_about_aid_only_where_it_names_another_state() -> None:
    abroad = "We will send eight Leopard 2 tanks to Ukraine."
    home = "We will give 30 million kroner to the roads of the north."
    assert codings(abroad, url=MINISTRY) == [LEOPARDS]
    assert codings(home, url=MINISTRY) == []


def test_aid_without_an_amount_or_a_thing_says_nothing() -> None:
    assert codings("Norway will send military aid to Ukraine.") == []
    assert codings(f"{TANKS} Norway will go on sending military aid to Ukraine.") == [LEOPARDS]


def test_a_correction_takes_back_what_it_names() -> None:
    text = f"{TANKS} An earlier version of this report wrongly gave 30 tanks."
    assert codings(text) == [LEOPARDS]


def test_a_question_states_nothing() -> None:
    assert codings(f"Will Canada send four Leopard 2 tanks to Ukraine? {TANKS}") == [LEOPARDS]


def test_a_text_that_nobody_acts_in_says_nothing() -> None:
    assert codings("Eight tanks, four howitzers and 20 trucks stood in the yard.") == []


@pytest.mark.parametrize("mark", ["Norway", "The Norwegian government", "Norway's army", "Oslo"])
@pytest.mark.parametrize("verb", ["will send", "plans to send", "has agreed to send"])
def test_giver_and_verb_vary_freely(mark: str, verb: str) -> None:
    assert codings(f"{mark} {verb} eight Leopard 2 tanks to Ukraine.") == [LEOPARDS]


@pytest.mark.parametrize(
    "thing",
    [
        ("tanks", "tank"),
        ("howitzers", "artillery"),
        ("drones", "drone"),
        ("helicopters", "helicopter"),
        ("mortars", "artillery"),
        ("ambulances", "vehicle"),
        ("generators", "energy"),
        ("patrol boats", "ship"),
        ("radars", "radar-electronics"),
    ],
    ids=lambda thing: thing[0],
)
@pytest.mark.parametrize(
    ("pattern", "kind", "scope"),
    [
        ("Norway will send {} to Ukraine.", "pledge", "new"),
        ("Norway handed over {} to Ukraine.", "delivery", "new"),
        ("Norway has delivered {} to Ukraine.", "delivery", "total"),
        ("Norway refused to send {} to Ukraine.", "refusal", "new"),
        ("Ukraine asked Norway for {}.", "request", "new"),
    ],
    ids=["pledge", "delivery", "total", "refusal", "request"],
)
def test_kinds_and_things_vary_freely(
    thing: tuple[str, str], pattern: str, kind: str, scope: str
) -> None:
    (found,) = codings(pattern.format(f"20 {thing[0]}"))
    assert (found.kind, found.scope, found.item, found.quantity) == (kind, scope, thing[1], 20)
    assert (found.actors, found.to) == ("UKR" if kind == "request" else "NOR", "UKR")
