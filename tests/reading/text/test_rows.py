"""Tables and forms in plain text: what a column holds, what a row says."""

from __future__ import annotations

import pytest
from coding import Coded, codings, read

from pledgebook.reading.text.rows import Row, cells_of, find_rows, money_of_head, role_of_head
from pledgebook.reading.text.segments import blocks

TABLE = """Military aid for Ukraine

Donor | Item | Quantity
Germany | Leopard 2 tanks | 14
Norway | M109 howitzers | 8
"""
FORM = """Contract notice

Buyer: Ministry of Defence of Norway
Item: 155mm artillery shells
Quantity: 20,000
Supplier: Nammo
Value: NOK 600 million
"""


def rows(text: str) -> dict[int, Row | None]:
    return find_rows(text, blocks(text))


def cells(text: str) -> list[list[tuple[str | None, str]]]:
    """Return role and text of the cells of each row."""
    return [
        [(cell.role, text[cell.start : cell.end]) for cell in row.cells]
        for row in rows(text).values()
        if row is not None
    ]


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("Donor", "donor"),
        ("Country", "donor"),
        ("Recipient", "recipient"),
        ("Item", "item"),
        ("Type of equipment", "item"),
        ("Quantity", "quantity"),
        ("Number of units", "quantity"),
        ("Value (EUR million)", "money"),
        ("Supplier", "supplier"),
        ("Contractor", "supplier"),
        ("Status", "status"),
        ("Date", "date"),
        ("Colour", None),
    ],
)
def test_what_a_column_head_announces(head: str, role: str | None) -> None:
    assert role_of_head(head) == role


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Value (EUR million)", ("EUR", 1e6)),
        ("Amount, NOK", ("NOK", 1.0)),
        ("US$ bn", ("USD", 1e9)),
        ("GBP m", ("GBP", 1e6)),
        ("Value", (None, 1.0)),
    ],
)
def test_currency_and_scale_of_a_head(head: str, expected: tuple[str | None, float]) -> None:
    assert money_of_head(head) == expected


@pytest.mark.parametrize("gap", [" | ", "\t", "    "])
def test_cells(gap: str) -> None:
    line = gap.join(["Norway", "Leopard 2 tanks", "8"])
    assert [line[a:b] for a, b in cells_of(line, 0, len(line))] == [
        "Norway",
        "Leopard 2 tanks",
        "8",
    ]


def test_a_table_under_column_heads() -> None:
    assert cells(TABLE) == [
        [("donor", "Germany"), ("item", "Leopard 2 tanks"), ("quantity", "14")],
        [("donor", "Norway"), ("item", "M109 howitzers"), ("quantity", "8")],
    ]
    found = rows(TABLE)
    assert [row is None for row in found.values()] == [True, False, False]


def test_a_form_of_keys_and_values() -> None:
    found = [row for row in rows(FORM).values() if row is not None]
    assert [row.form for row in found] == [True]
    (form,) = found
    assert [FORM[cell.start : cell.end] for cell in form.of("supplier")] == ["Nammo"]
    assert [cell.role for cell in form.cells] == ["donor", "item", "quantity", "supplier", "money"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Norway will send tanks.\nCanada will send guns.\nPoland will send jets.",
        "Norway said: tanks\n\nCanada said: guns",
        "One | line",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    assert rows(text) == {}


def test_what_a_table_says() -> None:
    assert codings(TABLE) == [
        Coded("pledge", "DEU", "tank: Leopard 2", 14, to="UKR"),
        Coded("pledge", "NOR", "artillery: M109", 8, to="UKR"),
    ]


def test_amounts_under_a_head_with_their_currency() -> None:
    text = (
        "Donor\tItem\tQuantity\tValue (EUR million)\n"
        "Germany\tLeopard 2 tanks\t14\t50\nNorway\tM109 howitzers\t8\t12.5\n"
    )
    assert codings(text) == [
        Coded("pledge", "DEU", "tank: Leopard 2", 14, money=50e6, currency="EUR"),
        Coded("pledge", "NOR", "artillery: M109", 8, money=12.5e6, currency="EUR"),
    ]


def test_the_status_column_decides_the_kind() -> None:
    text = (
        "Military aid for Ukraine\n\nDonor | Item | Quantity | Status\n"
        "Germany | Leopard 2 tanks | 14 | delivered\nNorway | Leopard 2 tanks | 8 | pledged\n"
        "Canada | M777 howitzers | 4 | on order\n"
    )
    assert [(c.kind, c.actors) for c in codings(text)] == [
        ("delivery", "DEU"),
        ("pledge", "NOR"),
        ("contract", "CAN"),
    ]


def test_what_a_form_says() -> None:
    assert codings(FORM) == [
        Coded(
            "contract", "NOR", "artillery-ammunition: 155mm", 20000, "round",
            money=600e6, currency="NOK", supplier="Nammo",
        )
    ]  # fmt: skip


def test_the_evidence_of_a_row_is_its_line() -> None:
    assert [s.evidence.quote for s in read(TABLE)] == [
        "Germany | Leopard 2 tanks | 14",
        "Norway | M109 howitzers | 8",
    ]
