"""Releases of the tracker, invented for tests: its headers and its traps, and no row of its own."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

HEADER = (
    "ID", "countries", "Announcement Date", "Type of Aid General", "Type of Aid Specific",
    "Explanation", "Original Currency", "Monetary Value as Given by Source", "", "Type of item",
    "Sub-type of item", "Soviet origin (1)", "No. of Units",
    "No. of Units delivered (in-kind military aid)", "Unit Price in USD",
    "Value committed (own estimate, in USD)", "Value delivered (own estimate, in USD)", "Total ",
    "Converted Value in EUR", "Total monetary value delivered in EUR", "Official Source",
    "Source of Aid 1", "Source of Aid 2", "Source for Delivery", "Working/debug >>>",
    "Total_value_dummy (1 is first row in the package)", "value_source_commitments",
    "Sub-type of item",
)  # fmt: skip
"""As in the older release: the column of items has no header, one header stands twice."""

_ANEW = {
    "countries": "Countries",
    "": "Items",
    "Type of item": "Type of Item",
    HEADER[13]: "No. of Units Delivered (in-kind military aid)",
    "Working/debug >>>": "Coordinates",
}
LATER = (
    *(_ANEW.get(name, name) for name in HEADER[:-1]),
    "Type of donation",
    "Allocated Total",
    "Mood of the minister",
)
"""As in a later one: other spellings, positions on the ground, and a column that nobody knows."""

SNAKE = (
    "activity_id", "donor", "announcement_date", "aid_type_general", "aid_type_specific",
    "explanation", "measure", "reporting_currency", "tot_activity_value",
    "tot_activity_value_EUR", "item", "item_type", "item_numb", "item_numb_deliv",
)  # fmt: skip
"""As in one that is later still: all headers anew."""

EMPTY: Mapping[str, str] = {
    "item_type": ".", "subtype": ".", "units": ".", "delivered": ".", "price": ".", "currency": ".",
    "value": "Not given", "committed": ".", "handed": ".", "total": "", "eur": "", "handed_eur": "",
    "official": "Yes ", "source": ".", "second": ".", "delivery": ".", "first": "0", "origin": "0",
    "item": ".", "explanation": "", "how": "Value is given by the source", "id": "XM1",
    "specific": "Weapons",
}  # fmt: skip


def row(donor: str, date: str, aid: str = "Military", **cells: str) -> list[str]:
    """Return a row of the older layout; what is not given says nothing, in the sheet's own way."""
    has = {**EMPTY, **cells}
    return [
        has["id"], donor, date, aid, has["specific"], has["explanation"], has["currency"],
        has["value"], has["item"], has["item_type"], has["subtype"], has["origin"], has["units"],
        has["delivered"], has["price"], has["committed"], has["handed"], has["total"], has["eur"],
        has["handed_eur"], has["official"], has["source"], has["second"], has["delivery"], "",
        has["first"], has["how"], has["subtype"],
    ]  # fmt: skip


TANK = {"item": "Leopard-2A4", "item_type": "Heavy weapon", "subtype": "Main Battle Tank (MBT)"}
SHELL = {
    "item": "155mm artillery round",
    "item_type": "Ammunition for heavy weapon",
    "subtype": "155mm howitzer ammunition",
}

ROWS = (
    row("Norway", "2022-03-01 00:00:00", id="NOM1", first="1", total="100000000", currency="NOK",
        eur="10000000", handed_eur="4000000", source="https://example.org/norway", units="8",
        delivered="0", **TANK),
    row("Norway", "2022-03-01 00:00:00", id="NOM1", units="undisclosed", delivered="undisclosed",
        **SHELL),
    row("Norway", "2022-03-01 00:00:00", id="NOM1", units=".", delivered=".",
        item="helmet\xa0", item_type="Military equipment"),
    row("Norway", "2022-03-01 00:00:00", id="NOM1", units="100",
        item="helmet", item_type="Military equipment"),
    row("Germany", "until 7/27/2022", id="DEM1", first="1", total="5000000", currency="EUR",
        eur="5000000", units="1.000.00", delivered="dozens", price="395,88", **SHELL),
    row("Germany", "2922-02-09 00:00:00", id="DEM1", units="12", delivered="12",
        item="leopard-2a4", item_type="Heavy weapon"),
    row("Germany", "not specified, 03/22", "Humanitarian", id="DEH1", first="1", total="2000000",
        currency="EUR", eur="2000000", specific="Assistance"),
    row("EU (Commission and Council)", "2022-02-28 00:00:00", "Financial", id="EUF1", first="1",
        total="500000000", currency="EUR", eur="500000000", specific="Loan"),
    row("European Peace Facility", "2022-02-28 00:00:00", id="EPM1", first="1",
        total="600000000", currency="EUR", eur="600000000"),
    row("Poland", "between 3/4/22 & 3/11/22", id="PLM1", first="1", total=".", currency=".",
        eur="."),
    row("Poland", "2022-04-01 00:00:00", id="PLM2", units="40", **TANK),
    row("Poland", "2022-04-01 00:00:00", id="PLM2", units="40", **TANK),
)  # fmt: skip

READ_ME = (
    ("", ""),
    ("", "An invented tracker (covering January 24 to October 3, 2022)"),
)
COUNTRIES = (
    ("", "", "", "", "", ""),
    ("", "Numbers by country", "", "", "", ""),
    ("", "Country", "EU member", "Financial commitments", "Humanitarian commitments",
     "Military commitments"),
    ("", "", "", "\u20ac billion", "\u20ac billion", "\u20ac billion"),
    ("", "Norway", "0", "0", "0", "0.01"),
    ("", "Germany", "1", "0", "0.002", "0.005"),
    ("", "EU (Commission and Council)", "0", "0.5", "0", "0"),
    ("", "Poland", "1", "0", "0", "0"),
    ("", "Total", ".", "0.5", "0.002", "0.015"),
)  # fmt: skip
WEAPON_HEAD = (
    "",
    "Total Number",
    "Type",
    "Sub-type",
    "Not included",
    "Norway",
    "Germany",
    "Poland",
)
COMMITTED = (WEAPON_HEAD, ("LEOPARD-2A4", "100", "Heavy", "MBT", "", "8", "12", "80"))
DELIVERED = (WEAPON_HEAD, ("Leopard-2A4", "12", "Heavy", "MBT", "", "0", "12", "0"))
RATES = (("", "Currency", "1 EUR"), ("", "EUR", "1"), ("", "NOK", "10"))


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return path


def write_folder(
    folder: Path, rows: Sequence[Sequence[str]] = ROWS, **sheets: Sequence[Sequence[str]]
) -> Path:
    """Write a release as a folder of CSV files, with the sheets that sum it up."""
    folder.mkdir()
    write_csv(folder / "MAIN.csv", HEADER, rows)
    others: dict[str, Sequence[Sequence[str]]] = {
        "ReadMe": READ_ME,
        "Country_Summary": COUNTRIES,
        "Committed_weapons": COMMITTED,
        "Delivered_weapons": DELIVERED,
        "Exchange_rates": RATES,
    } | sheets
    for name, table in others.items():
        head, *rest = table
        write_csv(folder / f"{name}.csv", head, rest)
    return folder


def write_book(path: Path, sheets: Mapping[str, Sequence[Sequence[str]]]) -> Path:
    """Write a workbook; cells that are numbers or days are such, as its authors' would be."""
    import datetime as dt

    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, table in sheets.items():
        sheet = book.add_worksheet(name)
        for y, cells in enumerate(table):
            for x, cell in enumerate(cells):
                if cell.endswith(" 00:00:00"):
                    try:
                        sheet.write_datetime(y, x, dt.datetime.fromisoformat(cell), day)
                        continue
                    except (ValueError, OverflowError):
                        pass
                try:
                    sheet.write_number(y, x, float(cell))
                except ValueError:
                    sheet.write_string(y, x, cell)
    book.close()
    return path


def later_rows() -> list[list[str]]:
    """Return rows of the later layout: a newer state of the tracker."""
    changed = [list(one) for one in ROWS[:2]]
    changed[0][HEADER.index("No. of Units")] = "14"
    changed[0][HEADER.index("ID")] = "NOM7"
    rows = [[*one[:-1], "Allocation", "", "glad"] for one in changed]
    place = HEADER.index("Working/debug >>>")
    rows[0][place] = "50.4, 30.5"
    new = row("Norway", "2023-02-14 00:00:00", id="NOM9", first="1", total="70000000",
              currency="NOK", eur="7000000", units="4", **TANK)  # fmt: skip
    return [*rows, [*new[:-1], "Allocation", "30000000", ""]]
