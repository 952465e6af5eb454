"""Long and odd layouts: tables, fact sheets, live blogs, briefings, parliamentary answers."""

from __future__ import annotations

import pytest
from coding import Coded, codings, read

STAGES = """Military aid for Ukraine, by donor

Donor | Item | Pledged | Delivered
Germany | Leopard 2 tanks | 18 | 18
Norway | M109 howitzers | 30 | 22
Denmark | Caesar howitzers | 19 | 0
Total | | 67 | 40
"""


def test_two_columns_of_figures_are_two_statements() -> None:
    assert codings(STAGES) == [
        Coded("pledge", "DEU", "tank: Leopard 2", 18, to="UKR"),
        Coded("delivery", "DEU", "tank: Leopard 2", 18, to="UKR", scope="total"),
        Coded("pledge", "NOR", "artillery: M109", 30, to="UKR"),
        Coded("delivery", "NOR", "artillery: M109", 22, to="UKR", scope="total"),
        Coded("pledge", "DNK", "artillery: Caesar", 19, to="UKR"),
    ]


def test_the_evidence_runs_from_the_head_of_the_row_to_its_figure() -> None:
    assert [s.evidence.quote for s in read(STAGES)][2:4] == [
        "Norway | M109 howitzers | 30",
        "Norway | M109 howitzers | 30 | 22",
    ]


@pytest.mark.parametrize(
    ("first", "second", "kinds"),
    [
        ("Committed", "Disbursed", ["pledge", "delivery"]),
        ("Requested", "Received", ["request", "delivery"]),
        ("On order", "Handed over", ["contract", "delivery"]),
        ("Already delivered", "To be delivered", ["delivery", "pledge"]),
    ],
)
def test_column_heads_decide_the_kind(first: str, second: str, kinds: list[str]) -> None:
    text = (
        f"Aid for Ukraine\n\nCountry | Equipment | {first} | {second}\n"
        "Poland | T-72 tanks | 60 | 40\nCzechia | RM-70 launchers | 30 | 20\n"
    )
    found = codings(text)
    assert [c.kind for c in found] == kinds * 2
    assert [c.quantity for c in found] == [60, 40, 30, 20]
    asking = [c.actors for c in found if c.kind == "request"]
    assert set(asking) <= {"UKR"}


def test_amounts_take_currency_and_magnitude_from_the_caption() -> None:
    text = (
        "Military aid to Ukraine, EUR million\n\nCountry | Committed | Disbursed\n"
        "Germany | 7,500 | 3,200\nNorway | 1,400 | 900.5\nAll countries | 8,900 | 4,100.5\n"
    )
    assert codings(text) == [
        Coded("pledge", "DEU", "military-aid", money=7.5e9, currency="EUR", to="UKR"),
        Coded("delivery", "DEU", "military-aid", money=3.2e9, currency="EUR", to="UKR",
              scope="total"),
        Coded("pledge", "NOR", "military-aid", money=1.4e9, currency="EUR", to="UKR"),
        Coded("delivery", "NOR", "military-aid", money=900.5e6, currency="EUR", to="UKR",
              scope="total"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "worth", "currency"),
    [
        ("Amount (USD million)", 500e6, "USD"),
        ("Amount in millions of euros", 500e6, "EUR"),
        ("Amount (thousands of US dollars)", 500e3, "USD"),
        ("Amount, NOK bn", 500e9, "NOK"),
        ("Amount (£m)", 500e6, "GBP"),
        ("Amount (JPY)", 500, "JPY"),
    ],
)
def test_units_in_the_head(head: str, worth: float, currency: str) -> None:
    text = (
        f"Help for Ukraine in 2023\n\nCountry | Purpose | {head}\n"
        "Japan | Humanitarian aid | 500\nCanada | Humanitarian aid | 20\nTotal | | 520\n"
    )
    found = codings(text)
    assert [(c.actors, c.item, c.money, c.currency) for c in found][:1] == [
        ("JPN", "humanitarian-aid", worth, currency)
    ]
    assert [c.actors for c in found] == ["JPN", "CAN"]


def test_a_donor_is_given_once_for_several_rows() -> None:
    text = (
        "Aid to Ukraine\n\nDonor | Item | Quantity\nGermany | Leopard 2 tanks | 14\n"
        " | Marder infantry fighting vehicles | 40\n | IRIS-T systems | 3\n"
        "Norway | Leopard 2 tanks | 8\n | M109 howitzers | 22\n"
    )
    assert [(c.actors, c.item, c.quantity) for c in codings(text)] == [
        ("DEU", "tank: Leopard 2", 14),
        ("DEU", "infantry-fighting-vehicle: Marder", 40),
        ("DEU", "air-defence: IRIS-T", 3),
        ("NOR", "tank: Leopard 2", 8),
        ("NOR", "artillery: M109", 22),
    ]
    grounds = [text[g.start : g.end] for s in read(text)[4:] for g in s.grounds]
    assert grounds == ["Norway"]


def test_a_line_of_its_own_names_the_donor_of_the_rows_below_it() -> None:
    text = (
        "Aid to Ukraine\n\nEquipment | Number\nLeopard 2 tanks | 8\nM109 howitzers | 22\n\n"
        "Denmark\n\nCaesar howitzers | 19\nLeopard 1 tanks | 30\n"
    )
    found = [(c.actors, c.item) for c in codings(text)]
    assert found[-2:] == [("DNK", "artillery: Caesar"), ("DNK", "tank: Leopard 1")]


def test_heads_that_come_again_and_rules_are_no_rows() -> None:
    text = (
        "Pledges to Ukraine\n\n| Country | Equipment | Number |\n| --- | --- | ---: |\n"
        "| Poland | T-72 tanks | 240 |\n| Country | Equipment | Number |\n"
        "| Slovakia | Zuzana 2 howitzers | 8 |\n| Total | | 248 |\n"
    )
    assert [(c.actors, c.quantity) for c in codings(text)] == [("POL", 240), ("SVK", 8)]


def test_the_donor_stands_in_the_heading() -> None:
    text = (
        "Norway's donations to Ukraine\n\nEquipment | Quantity | Status\n"
        "Leopard 2 tanks | 8 | Delivered\nNASAMS launchers | 2 | In preparation\n"
    )
    assert [(c.kind, c.actors, c.quantity) for c in codings(text)] == [
        ("delivery", "NOR", 8),
        ("pledge", "NOR", 2),
    ]


def test_a_row_that_is_written_out() -> None:
    text = "Donor: Norway; Recipient: Ukraine; Item: M109 howitzers; Pledged: 30; Delivered: 22."
    (first, second) = read(text)
    assert (first.kind, second.kind) == ("pledge", "delivery")
    assert second.evidence.quote == text[:-1]
    money = "Donor: Japan; Recipient: Ukraine; Purpose: humanitarian aid; Value (EUR million): 50."
    assert codings(money) == [
        Coded("pledge", "JPN", "humanitarian-aid", money=50e6, currency="EUR", to="UKR")
    ]


ITEMS = [
    "Leopard 2 tanks", "M109 howitzers", "155mm artillery rounds", "Stinger missiles",
    "Javelin missiles", "Bradley infantry fighting vehicles", "NASAMS launchers", "helmets",
    "generators", "M113 armoured personnel carriers",
]  # fmt: skip


def test_a_fact_sheet_of_sixty_items() -> None:
    lines = [f"- {count + 2} {ITEMS[count % len(ITEMS)]};" for count in range(60)]
    text = "Denmark has delivered the following to Ukraine:\n\n" + "\n".join(lines) + "\n"
    found = codings(text)
    assert [c.quantity for c in found] == list(range(2, 62))
    assert {(c.kind, c.actors, c.to) for c in found} == {("delivery", "DNK", "UKR")}
    quotes = [s.evidence.quote for s in read(text)]
    assert all(quote in line for quote, line in zip(quotes, lines, strict=True))


LIVE = """Ukraine live: the latest

12 March 2023, 14:05
Norway will send eight Leopard 2 tanks to Ukraine on Wednesday, the defence ministry said.

Friday 3 March, 09:30
Poland handed over 14 tanks to Ukraine on Thursday, its prime minister said.

24 February 2023
Canada will send four howitzers to Ukraine next month, Ottawa said.
"""


def test_each_entry_of_a_live_blog_has_its_own_day() -> None:
    assert [(c.actors, c.item, c.quantity, c.when) for c in codings(LIVE, "2023-03-14")] == [
        ("NOR", "tank: Leopard 2", 8, "2023-03-15"),
        ("POL", "tank", 14, "2023-03-02"),
        ("CAN", "artillery", 4, "2023-03"),
    ]


def test_one_line_with_a_day_is_a_dateline() -> None:
    text = "1 March 2023\nNorway will send eight Leopard 2 tanks to Ukraine tomorrow.\n"
    assert [c.when for c in codings(text, "2023-03-14")] == ["2023-03-15"]


BRIEFING = """Press briefing, Brussels

SECRETARY AUSTIN: We will provide Ukraine with 31 Abrams tanks.

We are also sending eight recovery vehicles.

MINISTER PISTORIUS (Germany): We have delivered 18 Leopard 2 tanks to Ukraine.

QUESTION: Will you send 100 F-16 jets?

MINISTER PISTORIUS (Germany): We will not send any jets.

Minister Reznikov (Ukraine): We need 250,000 shells a month.
"""


def test_labels_of_speakers_decide_who_we_are() -> None:
    found = [(s.kind, s.actors, s.item.category, s.speaker) for s in read(BRIEFING)]
    assert found[:3] == [
        ("pledge", ("USA",), "tank", "AUSTIN"),
        ("pledge", ("USA",), "engineering-vehicle", "AUSTIN"),
        ("delivery", ("DEU",), "tank", "PISTORIUS"),
    ]
    assert found[-1] == ("request", ("UKR",), "artillery-ammunition", "Reznikov")
    assert not any(s.quantity and s.quantity.low == 100 for s in read(BRIEFING))


def test_a_headline_with_a_title_is_no_transcript() -> None:
    text = (
        "President Biden: 31 tanks for Ukraine\n\nGermany will send 14 Leopard 2 tanks to Ukraine. "
        '"We will train the crews," Boris Pistorius said.\n'
    )
    assert {actor for s in read(text) for actor in s.actors} <= {"DEU", "USA"}
    assert not any(s.speaker == "Biden" for s in read(text))


ANSWERS = """Written answers, 14 February 2023

Mr John Healey: To ask the Secretary of State for Defence, how many AS90 howitzers have been \
provided to Ukraine.

Ben Wallace: The UK has provided 30 AS90 howitzers to Ukraine. We will send a further 100,000 \
artillery rounds this year.

Q2. Whether the Government plans to send Typhoon aircraft.
A. We have no plans to send Typhoon aircraft to Ukraine.
"""


def test_the_answers_of_a_minister_count_and_the_questions_do_not() -> None:
    found = [(s.kind, s.actors, s.item.designation or s.item.category) for s in read(ANSWERS)]
    assert found == [
        ("delivery", ("GBR",), "AS90"),
        ("pledge", ("GBR",), "artillery-ammunition"),
        ("refusal", ("GBR",), "Typhoon"),
    ]
