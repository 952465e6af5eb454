"""Tables of sourced figures: each row gives its statement or the reason why it gives none."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from releases_read import CATALOGUE, DATA, SHARED, codes, every, statements
from sheet_files import xlsx

from making import Clock
from pledgebook.errors import SourceError, UsageError
from pledgebook.exchange.comparing import diff_releases
from pledgebook.exchange.importing import import_file
from pledgebook.exchange.observations import importer
from pledgebook.exchange.rows import Release
from pledgebook.ledger.store import Store
from pledgebook.ledger.told import observed
from pledgebook.vocabulary.statement import Kind, Statement

FACTS = SHARED / "ammunition-facts.csv"
REBUILT = "a time to rebuild a stock is neither a stock nor a rate"
HEADER = "subject,system,metric,value_low,value_high,unit,period,status,who_says,pub_date"


@pytest.fixture(scope="module")
def release() -> Release:
    return importer.read(DATA / "figures.csv", CATALOGUE)


@pytest.fixture(scope="module")
def said(release: Release) -> dict[str, list[Statement]]:
    return statements(release)


def amount(statement: Statement) -> tuple[object, ...] | None:
    found = statement.quantity
    return (found.low, found.high, found.unit, found.per, found.approx) if found else None


def one_row(tmp_path: Path, line: str, header: str = HEADER) -> Release:
    path = tmp_path / "figures.csv"
    path.write_text(f"{header}\n{line}\n", encoding="utf-8")
    return importer.read(path, CATALOGUE)


def test_an_output_is_firm_and_a_target_is_not(said: dict[str, list[Statement]]) -> None:
    (made,), (aimed,), (planned,) = said["F1"], said["F2"], said["F3"]
    assert (made.kind, made.status, made.actors, made.when) == (
        *("production", "firm"),
        ("NOR",),
        "2023-03",
    )
    assert amount(made) == (1200, 1400, "round", "month", False)
    assert made.speaker == "the ministry"
    assert (aimed.status, aimed.when) == ("tentative", "2024-12")
    # October 2024 to January 2025: the first third of the American fiscal year.
    assert (planned.status, planned.when) == ("tentative", "2024-10/2025-01")
    assert amount(planned) == (9000, None, "round", "month", False)


def test_the_evidence_holds_the_words_that_tell_a_target_from_an_output(
    said: dict[str, list[Statement]],
) -> None:
    (aimed,) = said["F2"]
    assert aimed.evidence.quote.startswith("Country: Norway\nWeapon: 155mm shells\n")
    assert "Measure: production target" in aimed.evidence.quote
    assert [ground.field for ground in aimed.grounds] == ["speaker"]


def test_an_estimate_is_about_right_and_an_open_end_stays_open(
    said: dict[str, list[Statement]],
) -> None:
    (stock,) = said["F4"]
    assert (stock.kind, stock.item.designation, stock.when) == ("stock", "Leopard 2", "2022")
    assert amount(stock) == (200, None, "item", None, True)


def test_what_is_promised_is_no_delivery_even_among_transfers(
    said: dict[str, list[Statement]], release: Release
) -> None:
    (came,), (promised,) = said["F5"], said["F6"]
    assert (came.kind, came.scope, came.actors) == ("delivery", "total", ("DNK", "SWE"))
    assert came.recipient is None
    assert (promised.kind, promised.scope, amount(promised)) == (
        *("pledge", "total"),
        (300, 300, "item", None, False),
    )
    assert "transfers that are promised, at least in part, and stand as pledges: 1" in release.notes


def test_a_metric_may_name_the_recipient_or_the_item(said: dict[str, list[Statement]]) -> None:
    (sent,), (listed,) = said["F7"], said["F9"]
    assert (sent.actors, sent.recipient, sent.status) == (("PRK",), "RUS", "tentative")
    # At most so many: what the containers could hold.
    assert amount(sent) == (None, 90000, "round", None, True)
    assert (listed.kind, listed.item.category, listed.item.designation, listed.scope) == (
        *("pledge", "artillery-ammunition", "155mm", "new"),
    )


def test_who_needs_something_would_get_it(said: dict[str, list[Statement]]) -> None:
    (needed,) = said["F8"]
    assert (needed.kind, needed.actors, needed.recipient, needed.when) == (
        *("request", ("UKR",)),
        *("UKR", None),
    )


def test_money_is_money(said: dict[str, list[Statement]]) -> None:
    (funded,) = said["F10"]
    assert funded.money is not None
    assert (funded.money.low, funded.money.currency, funded.quantity) == (1.5e9, "EUR", None)
    assert (funded.kind, funded.item.category) == ("pledge", "artillery-ammunition")


def test_rows_without_a_statement_say_why(
    release: Release, said: dict[str, list[Statement]]
) -> None:
    silent = sorted(key for key, found in said.items() if not found)
    assert silent == ["F11", "F12", "F13", "F17"]
    told = [note for note in release.notes if note.startswith("rows without a statement")]
    assert told == [
        f"rows without a statement, since {REBUILT}: F11",
        "rows without a statement, since no figure stands in them: F13",
        "rows without a statement, since no item is named: F17",
        "rows without a statement, since their metric is not known: F12",
    ]


def test_a_cell_that_cannot_be_read_leaves_the_figure_unknown(
    said: dict[str, list[Statement]], release: Release
) -> None:
    assert [amount(said[key][0]) for key in ("F14", "F15", "F16")] == [None, None, None]
    assert [(problem.code, problem.place) for problem in release.problems] == [
        ("unknown-metric", "row 14, column Measure"),
        ("figure-quantity", "row 16, column Min"),
        ("figure-period", "row 17, column As of"),
        ("figure-low", "row 17, column Min"),
        ("figure-high", "row 17, column Max"),
        ("figure-published", "row 17, column Published"),
        ("figure-unit", "row 18, column Unit"),
        ("item", "row 19, column Weapon"),
        ("figure-period", "row 20, column As of"),
        ("unknown-item", None),
        ("unknown-party", None),
        ("unknown-status", None),
    ]
    assert all(problem.mend for problem in release.problems)


def test_zero_is_a_figure(said: dict[str, list[Statement]]) -> None:
    (none,), (at_most,) = said["F19"], said["F18"]
    assert amount(none) == (0, 0, "round", "day", False)
    assert (amount(at_most), at_most.when) == ((None, 0, "crate", "year", False), None)


def test_a_figure_counts_from_the_last_day_on_which_it_can_have_come_out(
    release: Release,
) -> None:
    days = {row.key: str(row.date) for row in release.rows}
    assert (days["F2"], days["F3"], days["F4"], days["F19"]) == (
        *("2023-04-02", "2023-04-30"),
        *("2022-12-31", "None"),
    )
    assert {row.key: row.url for row in release.rows}["F5"] == "https://example.org/b"
    assert release.published is None
    assert "columns that are not known and were kept: Mood" in release.notes


def test_columns_that_are_missing_are_told(tmp_path: Path) -> None:
    release = one_row(tmp_path, "Norway,155mm shells,stock,40", "party,item,metric,number")
    (stock,) = every(release)
    assert amount(stock) == (40, 40, "round", None, False)
    assert release.notes[0] == (
        "columns that are missing: unit, period, status, speaker, url, published"
    )
    assert "rows without a day of publication, which count from their import: 1" in release.notes


def test_a_single_column_of_values_may_hold_intervals(tmp_path: Path) -> None:
    header = "who,what,item,measure,value"
    release = one_row(tmp_path, "Norway,x,155mm shells,stock,up to 4", header)
    assert amount(every(release)[0]) == (None, 4, "round", None, False)


def test_workbooks_with_several_sheets_are_read(tmp_path: Path) -> None:
    head = ["Subject", "System", "Metric", "Value"]
    path = xlsx(
        tmp_path / "figures.xlsx",
        {
            "notes": [["only a note"]],
            "one": [head, ["Norway", "155mm shells", "stock", 40]],
            "two": [head, ["Sweden", "155mm shells", "losses", 3]],
        },
    )
    release = importer.read(path, CATALOGUE)
    assert [row.origin for row in release.rows] == [
        "figures.xlsx#sheet=one&row=2",
        "figures.xlsx#sheet=two&row=2",
    ]
    assert [statement.actors for statement in every(release)] == [("NOR",)]
    assert any(note.endswith(": sheet two, row 2") for note in release.notes)


@pytest.mark.parametrize(
    ("metric", "status", "kind", "firmness"),
    [
        ("deliveries", "delivered", "delivery", "firm"),
        ("deliveries", "delivered or in pipeline", "pledge", "firm"),
        ("deliveries", "expected", "pledge", "tentative"),
        ("transfers cumulative", "committed/sent", "pledge", "firm"),
        ("production", "target (slipped from 2025)", "production", "tentative"),
        ("production capacity", "capacity", "production", "firm"),
        ("identified", "identified, needs funds", "pledge", "tentative"),
        ("contracted", "", "contract", "firm"),
        ("items: 155mm shells", "delivered", "delivery", "firm"),
    ],
)
def test_metric_and_status_together_say_what_it_is(
    metric: str, status: str, kind: str, firmness: str, tmp_path: Path
) -> None:
    line = f"Norway,155mm shells,{metric},5,5,rounds,2023,{_quoted(status)},,2023-01-01"
    (found,) = every(one_row(tmp_path, line))
    assert (found.kind, found.status) == (kind, firmness)


def _quoted(text: str) -> str:
    return f'"{text}"'


def test_an_item_without_a_word_of_what_was_done_with_it_makes_no_statement(tmp_path: Path) -> None:
    release = one_row(tmp_path, "Norway,package,items: 155mm shells,5,5,rounds,2023,actual,,2023")
    assert every(release) == []
    assert "since neither metric nor status says what was done" in release.notes[1]


def test_a_highest_figure_without_an_upper_end_is_told(tmp_path: Path) -> None:
    line = "North Korea,152mm,transfers to Russia,6000000,,rounds,..2024-08,capacity estimate (max)"
    release = one_row(tmp_path, f"{line},,2024-08-27")
    assert codes(release) == ["open-maximum"]
    assert amount(every(release)[0]) == (6000000, None, "round", None, True)


def test_a_unit_that_nobody_knows_stands_as_it_is(tmp_path: Path) -> None:
    release = one_row(tmp_path, "Norway,155mm shells,stock,5,5,heaps,2023,actual,,2023")
    assert codes(release) == ["unknown-unit"]
    assert amount(every(release)[0]) == (5, 5, "heaps", None, False)


def test_the_maker_is_named_where_it_is_a_company(tmp_path: Path) -> None:
    line = "Rheinmetall,155mm shells,output,5,5,rounds/year,2023,actual,,2023-01-01"
    (made,) = every(one_row(tmp_path, line))
    assert (made.actors, made.supplier) == (("Rheinmetall",), "Rheinmetall")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "subject,system,metric\nx,y,z\n", "\x00\x01"])
def test_a_table_without_the_header_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        importer.read(path, CATALOGUE)


def test_a_mapping_adds_words_and_says_what_no_column_does(tmp_path: Path) -> None:
    mapping = tmp_path / "ours.toml"
    mapping.write_text(
        """
        [columns]
        subject = "Akteur"
        metric = ["Art"]
        [fixed]
        recipient = "UKR"
        [metric.delivery]
        words = ["Lieferung"]
        [metric.stock]
        words = ["output"]
        [periods.named]
        "seit Mai" = "2023-05/2023-06"
        """,
        encoding="utf-8",
    )
    path = tmp_path / "figures.csv"
    path.write_text(
        "Akteur,item,Art,value,period\n"
        "Norway,155mm shells,Lieferung,5,seit Mai\nNorway,155mm shells,output,6,2023\n",
        encoding="utf-8",
    )
    ours = importer.using(mapping, path).read(path, CATALOGUE)
    came, held = every(ours)
    assert (came.kind, came.recipient, came.when) == ("delivery", "UKR", "2023-05/2023-06")
    # What the user calls a stock is no output, whatever the word means elsewhere.
    assert (held.kind, held.recipient) == ("stock", None)
    with pytest.raises(SourceError, match="mapping"):
        importer.read(path, CATALOGUE)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[colums]\n", "colums"),
        ("[periods.named]\nthen = '2023-13'\n", "then"),
        ("[periods.named]\nthen = 'May'\n", "then"),
        ("[metric.x]\nkind = 'loan'\n", r"metric\.x\.kind"),
        ("[fiscal]\nUSA = 13\n", r"fiscal\.USA"),
        ("metric = 3\n", "metric"),
        ("[metric\n", "no TOML"),
        ("[metric]\nx = 3\n", r"metric\.x"),
    ],
)
def test_a_wrong_mapping_names_its_field(text: str, says: str, tmp_path: Path) -> None:
    mapping = tmp_path / "ours.toml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        importer.using(mapping, tmp_path / "figures.csv")


LOW = st.integers(0, 10**9)


@given(low=LOW, more=st.integers(0, 10**6), open_end=st.sampled_from(["", "low", "high"]))
def test_no_number_is_lost_or_made_up(
    low: int, more: int, open_end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ends = ("" if open_end == "low" else low, "" if open_end == "high" else low + more)
    line = f"Norway,155mm shells,output,{ends[0]},{ends[1]},rounds/day,2023,actual,,2023-01-01"
    (found,) = every(one_row(tmp_path_factory.mktemp("row"), line))
    assert amount(found) == (
        *(None if end == "" else end for end in ends),
        *("round", "day", False),
    )


def test_the_order_of_the_rows_changes_nothing(tmp_path: Path) -> None:
    lines = (DATA / "figures.csv").read_text(encoding="utf-8").splitlines()
    head, body = lines[:2], lines[2:]
    random.Random(5).shuffle(body)
    path = tmp_path / "figures.csv"
    path.write_text("\n".join([*head, *body]), encoding="utf-8")
    mixed = statements(importer.read(path, CATALOGUE))
    assert mixed == statements(importer.read(DATA / "figures.csv", CATALOGUE))


# A named release, as the others are.


def test_it_is_a_release_that_a_newer_one_takes_the_place_of(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "figures-2023-05.csv"
    path.write_text((DATA / "figures.csv").read_text(encoding="utf-8"), encoding="utf-8")
    first = import_file(store, CATALOGUE, "observations", path, by="me")
    assert (first.dataset, first.new, first.current) == ("observations-figures", True, True)
    assert (first.rows, first.statements) == (19, 15)
    assert not import_file(store, CATALOGUE, "observations", path, by="me").new
    clock.advance(days=1)
    newer = path.with_name("figures-2023-06.csv")
    newer.write_text(
        path.read_text(encoding="utf-8").replace('"1,200","1,400"', "1500,1500"), encoding="utf-8"
    )
    second = import_file(store, CATALOGUE, "observations", newer, by="me")
    assert (second.current, second.supersedes) == (True, first.name)
    known = store.releases(dataset="observations-figures")
    assert [one.current for one in known] == [False, True]
    diff = diff_releases(store, *known)
    assert [len(some) for some in (diff.added, diff.removed, diff.changed)] == [0, 0, 1]
    # The changed figure counts once, and those that stayed are not doubled.
    found = observed(store)
    assert len(found) == len({one.id for one in found})
    march = [one.statement for one in found if one.statement.when == "2023-03"]
    assert [amount(one) for one in march] == [(1500, 1500, "round", "month", False)]
    assert not any(one.release == known[0].id for one in found)
    assert {one.statement.kind for one in found} == {"production", "stock", "expenditure"}


# The facts themselves lie beside the project.


@pytest.fixture(scope="module")
def facts() -> Release:
    if not FACTS.exists():
        pytest.skip("the shared data are not here")
    return importer.read(FACTS, CATALOGUE)


def test_each_row_gives_a_statement_or_says_why_not(facts: Release) -> None:
    found = statements(facts)
    with FACTS.open(encoding="utf-8") as stream:
        ids = [row["fact_id"] for row in csv.DictReader(stream)]
    assert list(found) == ids
    assert len(ids) == 88
    silent = [key for key, some in found.items() if not some]
    assert silent == ["AF022", "AF023"]
    assert facts.notes[0].endswith("neither a stock nor a rate: AF022, AF023")
    assert all(len(some) <= 1 for some in found.values())


def test_no_row_is_a_fault(facts: Release) -> None:
    assert codes(facts) == ["open-maximum", "unknown-party"]
    assert {problem.severity for problem in facts.problems} == {"warning"}


def test_every_level_to_come_is_tentative(facts: Release) -> None:
    found = statements(facts)
    for row in facts.rows:
        if "target" in row.cells["metric"]:
            assert [one.status for one in found[row.key]] == ["tentative"], row.key
    assert len([row for row in facts.rows if "target" in row.cells["metric"]]) == 15


def test_no_statement_without_a_number_but_money(facts: Release) -> None:
    assert [one.kind for one in every(facts) if one.quantity is None] == [Kind.PLEDGE]
    assert [one.money.high for one in every(facts) if one.money is not None] == [1.7e9]


def test_no_row_counts_before_it_came_out(facts: Release) -> None:
    with FACTS.open(encoding="utf-8") as stream:
        given = {row["fact_id"]: row["pub_date"] for row in csv.DictReader(stream)}
    for row in facts.rows:
        said = given[row.key]
        assert (row.date is None) == (said == "")
        assert row.date is None or str(row.date).startswith(said)
        # Its last day: on the next one the month or year is another.
        after = row.date + dt.timedelta(days=1) if row.date else None
        assert after is None or not str(after).startswith(said)
