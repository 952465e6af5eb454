"""Exports: what each format keeps and loses, as its page says, and how a file comes to be."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from lxml import etree  # type: ignore[import-untyped]
from whole_books import add_release, new_clock

from making import CODER, DIGEST, Clock, Said, document, reading
from pledgebook.book import Book
from pledgebook.errors import Problem, UsageError
from pledgebook.exchange import exporting
from pledgebook.exchange.cells import as_written
from pledgebook.exchange.export_tables import TABLES
from pledgebook.exchange.xlsx_export import Xlsx
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.statement import Category, Kind
from program import Inside

PAGE = Path(__file__).resolve().parents[2] / "docs" / "exports.md"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FILES = {
    "jsonl": "o.jsonl",
    "datapackage": "o.zip",
    "csv": "o.csv.zip",
    "xlsx": "o.xlsx",
    "parquet": "o.parquet.zip",
    "iati": "o.xml",
    "corpus": "o.corpus.jsonl",
}
LONG = "q" * 40_000


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """A book in which each thing that an export may lose has a name of its own."""
    clock = new_clock()
    path = tmp_path / "aid.db"
    path.with_name("aid.catalogue.toml").write_text("# added-by-me\n", encoding="utf-8")
    with Book.open(path, clock=clock) as opened:
        store = opened._store
        pledge = Said("Norway will send 777123 Leopard 2 tanks", quantity=777123)
        money = Said(
            "Norway gives 2,000,000 euros", money=(2_000_000, "EUR"), designation=None,
            category=Category.FINANCIAL_AID, supplier="=SUM(A1)",
        )  # fmt: skip
        asked = Said(
            "Ukraine asked for 31 ships", kind=Kind.REQUEST, actors=("UKR",), quantity=31,
            category=Category.SHIP, designation=None,
        )  # fmt: skip
        made = document(
            f"{pledge.quote}. {money.quote}. {asked.quote}. around-the-quotes {LONG} its-end",
            title="a\x07bell \x00nul",
            url="https://example.org/a?b=c&d=é",
        )
        old = Said("around-the-quotes", category=Category.DRONE, designation=None)
        store.add([Reading(made, (old.statement(made),), CODER, "0", DIGEST)])
        clock.advance(hours=1)
        store.add([reading(made, [pledge, money, asked])])
        store.add([reading(document("Nothing here.", title="nothing-was-read"), [])])
        broken = document("Sweden sends 5 tanks \ud800.", title="\udfffhalf")
        store.add([reading(broken, [Said("Sweden sends 5 tanks", actors=("SWE",), quantity=5)])])
        gone = document("Hidden: Denmark sends 6 tanks.")
        store.add([reading(gone, [Said("Denmark sends 6 tanks", actors=("DNK",), quantity=6)])])
        opened.withdraw(gone.id, by="me")
        store.add([], [Problem(code="odd", what="met-a-problem", source="x")])
        opened.judge("same", *[one.id for one in opened.commitments()[:2]], note="note-of-mine")
        add_release(store, clock, 9)
        yield opened


def cells_of(path: Path) -> str:
    """All that stands in an export, as one text."""
    if path.suffix == ".jsonl":
        found: list[str] = []

        def walk(node: object) -> None:
            if isinstance(node, str):
                found.append(node)
            elif isinstance(node, dict | list):
                for one in node.values() if isinstance(node, dict) else node:
                    walk(one)
            else:
                found.append(str(node))

        for line in path.read_bytes().splitlines():
            walk(json.loads(line))
        return "\n".join(found)
    if path.suffix == ".xlsx":
        from python_calamine import CalamineWorkbook

        workbook = CalamineWorkbook.from_path(path)
        return "\n".join(
            str(cell)
            for name in workbook.sheet_names
            for row in workbook.get_sheet_by_name(name).to_python()
            for cell in row
        )
    if path.suffix == ".xml":
        return "\n".join(etree.parse(path).getroot().itertext())
    parts = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith(".parquet"):
                import polars as pl

                parts += [str(cell) for row in pl.read_parquet(io.BytesIO(content)).rows()
                          for cell in row]  # fmt: skip
            elif name.endswith(".csv"):
                from pledgebook.ledger.columns import unescape

                csv.field_size_limit(10**9)
                text = io.StringIO(content.decode("utf-8-sig"), newline="")
                parts += [unescape(cell) for row in csv.reader(text) for cell in row]
            else:
                parts.append(content.decode())
    return "\n".join(parts)


THINGS: Mapping[str, Callable[[str], bool]] = {
    "quotations of what counts": lambda found: "777123 Leopard 2 tanks" in found,
    "whole texts": lambda found: "around-the-quotes qqq" in found,
    "quantities as numbers": lambda found: (
        re.search(r'(?m)^777123(\.0)?$|"low":777123', found) is not None
    ),
    "older readings": lambda found: "around-the-quotes" in found,
    "judgements, with who and why": lambda found: "note-of-mine" in found,
    "documents from which nothing was read": lambda found: "nothing-was-read" in found,
    "withdrawn documents": lambda found: "Denmark sends 6 tanks" in found,
    "problems that reading met": lambda found: "met-a-problem" in found,
    "releases of data sets, with their prices": lambda found: "2022-9" in found and "2.5" in found,
    "your additions to the catalogue": lambda found: "added-by-me" in found,
    "requests and refusals": lambda found: "Ukraine asked for 31 ships" in found,
    "a text of more than 32,767 characters": lambda found: "its-end" in found,
    "control characters": lambda found: "a\x07bell \x00nul" in found,
    "lone surrogates": lambda found: "\udfffhalf" in found,
    "a text that begins like a formula, as it is": lambda found: (
        re.search(r"(?m)^(?!')=SUM\(A1\)$|[“ ]=SUM\(A1\)", found) is not None
    ),
}


def stated() -> dict[str, dict[str, str]]:
    """What the page says that each format keeps."""
    text = PAGE.read_text(encoding="utf-8").partition("## What each format keeps")[2]
    lines = [line for line in text.partition("\n## ")[0].splitlines() if line.startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: dict(zip(table[0][1:], row[1:], strict=True)) for row in table[2:]}


@pytest.mark.parametrize("form", FILES)
def test_a_format_keeps_and_loses_what_its_page_says(book: Book, tmp_path: Path, form: str) -> None:
    page = stated()
    assert page.keys() == THINGS.keys()
    book.export(form, tmp_path / FILES[form])
    plain = cells_of(tmp_path / FILES[form])
    whole = None
    if form != "iati":
        book.export(form, tmp_path / FILES[form], with_text=True, force=True)
        whole = cells_of(tmp_path / FILES[form])
    for thing, is_in in THINGS.items():
        found = "no"
        if thing == "older readings" and page[thing][form] == "no":
            # The quotation of an older reading is a part of the text, if that is there.
            found = "yes" if is_in(plain) else "no"
        elif is_in(plain):
            found = "yes"
        elif whole is not None and is_in(whole):
            found = "with-text"
        assert found == page[thing][form], f"{form}: {thing}"


@pytest.mark.parametrize("form", FILES)
def test_the_same_book_gives_the_same_bytes(book: Book, tmp_path: Path, form: str) -> None:
    first, second = tmp_path / "one" / FILES[form], tmp_path / "two" / FILES[form]
    for path in (first, second):
        path.parent.mkdir()
        book.export(form, path)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("form", FILES)
def test_losses_are_told(book: Book, tmp_path: Path, form: str) -> None:
    report = book.export(form, tmp_path / FILES[form], with_text=form != "iati")
    told = {problem.code: problem for problem in report.problems}
    assert all(problem.mend for problem in told.values())
    expected = {
        "jsonl": set(),
        "datapackage": set(),
        "csv": {"character-replaced"},
        "xlsx": {"character-replaced", "cell-cut"},
        "parquet": {"character-replaced"},
        "iati": {"character-replaced"},
        "corpus": set(),
    }
    assert told.keys() == expected[form]


# How a file comes to be


def test_what_is_there_is_replaced_only_when_that_is_asked_for(book: Book, tmp_path: Path) -> None:
    for form, name in (*FILES.items(), ("csv", "folder"), ("datapackage", "package")):
        book.export(form, tmp_path / name)
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        with pytest.raises(UsageError, match="already"):
            book.export(form, tmp_path / name)
        assert {path: path.read_bytes() for path in before} == before
        book.export(form, tmp_path / name, force=True)
        assert {path: path.read_bytes() for path in before} == before
    assert not list(tmp_path.glob(".*"))


def test_the_book_is_never_overwritten(book: Book, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "aid.db")
    for name in ("aid.db", "aid.catalogue.toml", "link", "aid.db-wal"):
        with pytest.raises(UsageError, match="book itself"):
            book.export("jsonl", tmp_path / name, force=True)
    with pytest.raises(UsageError, match="no ordinary file"):
        book.export("jsonl", "/dev/null", force=True)
    with pytest.raises(UsageError, match="no ordinary file"):
        book.export("jsonl", tmp_path, force=True)
    with pytest.raises(UsageError, match="other files too"):
        book.export("csv", tmp_path, force=True)
    with pytest.raises(UsageError, match="folder is not there"):
        book.export("jsonl", tmp_path / "nowhere" / "b.jsonl")
    assert book.commitments()


@pytest.mark.parametrize("form", FILES)
def test_a_failure_leaves_everything_as_it_was(
    book: Book, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / FILES[form]
    path.write_text("mine", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        book.export(form, path, force=True)
    assert path.read_text(encoding="utf-8") == "mine"
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]


def test_a_format_says_what_it_cannot_do(book: Book, tmp_path: Path) -> None:
    for form, wishes, says in (
        ("jsonl", {"donor": "Norway"}, "whole book"),
        ("datapackage", {"table": "status"}, "whole book"),
        ("iati", {"with_text": True}, "no place for whole texts"),
        ("iati", {"donor": "France"}, "no promise"),
        ("csv", {"table": "tanks"}, "no table"),
        ("word", {}, "no format"),
    ):
        with pytest.raises(UsageError, match=says) as caught:
            book.export(form, tmp_path / "o", **wishes)
        assert caught.value.mend
    for form in ("csv", "parquet"):
        with pytest.raises(UsageError, match="holds one table"):
            book.export(form, tmp_path / f"o.{form}")
    with pytest.raises(UsageError, match="whole book"):
        book.export("jsonl", tmp_path / "o", as_of="2023-02-14")
    with pytest.raises(UsageError, match="names no publisher"):
        book.export("iati", tmp_path / "o", publisher="=me")


def test_every_format_is_there_and_has_its_name() -> None:
    for name in exporting.EXPORTERS:
        assert exporting.exporter_named(name).name == name
    assert FILES.keys() == exporting.EXPORTERS.keys()


# Tables


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_bear_the_figures_of_the_ledger(told: Book, tmp_path: Path) -> None:
    told.export("csv", tmp_path / "out")
    rows = read_csv(tmp_path / "out" / "commitments.csv")
    found = {row["id"]: row for row in rows}
    assert list(found) == [one.id for one in told.commitments()]
    for one in told.commitments():
        row = found[one.id]
        for stage in ("asked", "considered", "pledged", "on_order", "delivered", "refused"):
            figure = next((one.stages[at] for at in one.stages if at.value == stage), None)
            ends = [row[f"{stage}_low"], row[f"{stage}_high"]]
            if figure is None:
                assert [*ends, row[f"{stage}_unknown"]] == ["", "", ""]
                continue
            wanted = [figure.quantity.low, figure.quantity.high]
            assert [float(end) if end else None for end in ends] == wanted
            unknown = not figure.quantity.known and not figure.money
            assert row[f"{stage}_unknown"] == str(int(unknown))
    patriot = next(row for row in rows if row["designation"] == "Patriot")
    assert (patriot["pledged_low"], patriot["pledged_high"]) == ("", "4")
    helmets = next(row for row in rows if row["category"] == "personal-equipment")
    assert (helmets["pledged_low"], helmets["pledged_unknown"]) == ("", "1")
    aid = next(row for row in rows if row["category"] == "military-aid")
    assert aid["pledged_money"] == "EUR 200000000"
    statements = read_csv(tmp_path / "out" / "statements.csv")
    entries = told.ledger().entries
    assert [row["id"] for row in statements] == [
        entry.id for entry in sorted(entries.values(), key=lambda entry: entry.order)
    ]
    for row in statements:
        entry = entries[row["id"]]
        assert row["date"] == entry.counted.isoformat()
        assert row["commitment"] == told.ledger().home.get(entry.id, "")
        quote = entry.statement.evidence.quote.replace("\x1b", "\ufffd")
        assert as_written(row["quotation"]) == quote
    status = read_csv(tmp_path / "out" / "status.csv")
    assert [row["id"] for row in status] == [row.id for row in told.rows()]


def test_what_was_picked_is_what_is_there(told: Book, tmp_path: Path) -> None:
    told.export("csv", tmp_path / "out", donor="Germany", as_of="2023-04-30")
    rows = read_csv(tmp_path / "out" / "commitments.csv")
    assert {row["donors"] for row in rows} == {"DEU"}
    assert [row["id"] for row in rows] == [
        one.id for one in told.commitments(donor="DEU", as_of="2023-04-30")
    ]
    statements = read_csv(tmp_path / "out" / "statements.csv")
    assert {row["commitment"] for row in statements} == {row["id"] for row in rows}
    assert max(row["date"] for row in statements) <= "2023-04-30"
    documents = read_csv(tmp_path / "out" / "documents.csv")
    assert {row["id"] for row in documents} == {row["document"] for row in statements}


def test_one_table_is_one_file(told: Book, tmp_path: Path) -> None:
    import polars as pl

    told.export("csv", tmp_path / "s.csv", table="status")
    told.export("parquet", tmp_path / "s.parquet", table="status")
    frame = pl.read_parquet(tmp_path / "s.parquet")
    rows = read_csv(tmp_path / "s.csv")
    assert frame.columns == list(rows[0])
    assert frame["id"].to_list() == [row["id"] for row in rows]
    assert frame.schema["pledged_low"] == pl.Float64
    assert frame.schema["due"] == pl.Date
    assert frame.schema["overdue"] == pl.Boolean


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula(tmp_path: Path, form: str) -> None:
    evil = ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "\uff1d1", "'=1"]
    with Book.open(tmp_path / "aid.db", clock=Clock()) as book:
        for number, text in enumerate(evil):
            made = document(
                f"{text} {number} tanks", title=text, origin=f"{text}{number}", url=None
            )
            said = Said(
                f"{text} {number} tanks", speaker=text, supplier=text, designation=text,
                actors=(text,), quantity=number + 1, more={"rule": text},
            )  # fmt: skip
            book._store.add([reading(made, [said])])
        name = "o.xlsx" if form == "xlsx" else "o.zip"
        book.export(form, tmp_path / name)
    cells = [cell for cell in cells_of(tmp_path / name).split("\n") if cell]
    run = [cell for cell in cells if re.match(r"[\s]*[=+@\uff1d]|[\s]*-(?!\d+(\.\d+)?$)", cell)]
    assert run == []
    if form == "xlsx":
        with zipfile.ZipFile(tmp_path / name) as archive:
            for part in archive.namelist():
                if part.startswith("xl/worksheets/"):
                    assert b"<f>" not in archive.read(part)


def test_a_workbook_is_laid_out_to_be_read(book: Book, tmp_path: Path) -> None:
    book.export("xlsx", tmp_path / "o.xlsx")
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(tmp_path / "o.xlsx") as archive:
        workbook = etree.fromstring(archive.read("xl/workbook.xml"))
        names = [sheet.get("name") for sheet in workbook.iterfind(".//m:sheet", space)]
        assert names == [
            "Status", "Commitments", "Statements", "Documents", "Method and sources"
        ]  # fmt: skip
        for number in range(1, 5):
            sheet = etree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            assert sheet.find(".//m:pane", space).get("state") == "frozen"
            assert sheet.find(".//m:autoFilter", space) is not None
            assert len(sheet.findall(".//m:col", space)) > 3
        links = archive.read("xl/worksheets/_rels/sheet3.xml.rels").decode()
        assert "https://example.org/a?b=c&amp;d=" in links
    from python_calamine import CalamineWorkbook

    found = CalamineWorkbook.from_path(tmp_path / "o.xlsx")
    statements = found.get_sheet_by_name("Statements").to_python()
    header = statements[0]
    pledge = next(row for row in statements if row[header.index("quantity_low")] == 777123)
    assert pledge[header.index("date")] == dt.date(2023, 2, 14)
    assert pledge[header.index("quotation")] == "Norway will send 777123 Leopard 2 tanks"
    method = [str(cell) for row in found.get_sheet_by_name("Method and sources").to_python()
              for cell in row]  # fmt: skip
    for table in TABLES.values():
        assert {column.name for column in table.columns} <= set(method)
        assert {column.means for column in table.columns} <= set(method)
    assert "2025-01-01T13:00:00.000000Z" in method


def test_a_table_that_is_too_long_goes_on_in_the_next_sheet(
    told: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from python_calamine import CalamineWorkbook

    monkeypatch.setattr("pledgebook.exchange.xlsx_export.exporter", Xlsx(most_rows=5))
    report = told.export("xlsx", tmp_path / "o.xlsx")
    [problem] = [one for one in report.problems if one.code == "further-sheets"]
    found = CalamineWorkbook.from_path(tmp_path / "o.xlsx")
    sheets = [name for name in found.sheet_names if name.startswith("Statements")]
    assert len(sheets) == -(-report.rows["statements"] // 4) > 2
    assert all(name in problem.what for name in sheets[1:])
    rows = [found.get_sheet_by_name(name).to_python() for name in sheets]
    assert all(part[0] == rows[0][0] for part in rows)
    ids = list(itertools.chain.from_iterable([row[0] for row in part[1:]] for part in rows))
    assert ids == [
        entry.id for entry in sorted(told.ledger().entries.values(), key=lambda one: one.order)
    ]


# IATI


def activities(path: Path) -> list[etree._Element]:
    found: list[etree._Element] = etree.parse(path).getroot().findall("iati-activity")
    return found


def test_iati_files_are_valid(told: Book, book: Book, tmp_path: Path) -> None:
    folder = SHARED / "data" / "exchange" / "iati-2.03-schema"
    if not folder.is_dir():
        pytest.skip("the schema of IATI 2.03 is not beside the project")
    schema = etree.XMLSchema(etree.parse(folder / "iati-activities-schema.xsd"))
    for name, one in (("told", told), ("book", book)):
        one.export("iati", tmp_path / f"{name}.xml", publisher="XX-1=A & B")
        tree = etree.parse(tmp_path / f"{name}.xml")
        assert schema.validate(tree), schema.error_log
        tree.getroot()[0].remove(tree.getroot()[0].find("title"))
        assert not schema.validate(tree)


def test_money_becomes_transactions_and_nothing_unknown_becomes_zero(tmp_path: Path) -> None:
    def money(kind: Kind, low: float | None, high: float | None, actor: str) -> Said:
        from pledgebook.vocabulary.statement import Money

        return Said(
            f"{actor} {kind.value} {low} {high}", kind=kind, actors=(actor,), designation=None,
            category=Category.FINANCIAL_AID,
            more={"money": Money(low=low, high=high, currency="EUR")},
        )  # fmt: skip

    said = [
        money(Kind.PLEDGE, 200.5, 200.5, "NOR"),
        money(Kind.CONTRACT, 10, 20, "SWE"),
        money(Kind.DELIVERY, 5, None, "DNK"),
        money(Kind.PLEDGE, None, 7, "FIN"),
    ]
    with Book.open(tmp_path / "aid.db", clock=Clock()) as book:
        for one in said:
            book._store.add([_money_reading(one)])
        report = book.export("iati", tmp_path / "o.xml", publisher="XM-DAC-7=A ministry")
    found = {
        (
            transaction.find("transaction-type").get("code"),
            transaction.findtext("value"),
            transaction.find("value").get("currency"),
            transaction.findtext("provider-org/narrative"),
        )
        for activity in activities(tmp_path / "o.xml")
        for transaction in activity.findall("transaction")
    }
    assert found == {
        ("12", "200.50", "EUR", "Norway"),
        ("2", "10", "EUR", "Sweden"),
        ("3", "5", "EUR", "Denmark"),
    }
    told = " ".join(report.notes)
    assert "1 amounts of 'up to'" in told
    assert "2 ranges" in told
    assert "publisher" not in told
    first = activities(tmp_path / "o.xml")[0]
    assert first.findtext("iati-identifier").startswith("XM-DAC-7-c")
    assert first.find("reporting-org").get("secondary-reporter") == "1"
    assert first.find("recipient-country").get("code") == "UA"


def _money_reading(said: Said) -> Reading:
    made = document(f"{said.quote}.")
    more = dict(said.more)
    amount = more.pop("money")
    plain = Said(**{**vars(said), "more": more}).statement(made)
    return Reading(made, (plain.model_copy(update={"money": amount}),), CODER, "1", DIGEST)


# The command


def test_the_command_says_what_it_wrote(inside: Inside, aid: Path) -> None:
    said = inside.well("export", "jsonl", "-o", "b.jsonl", "--db", aid)
    assert "Written: b.jsonl" in said
    assert (aid.parent / "b.jsonl").exists()
    again = inside("export", "jsonl", "-o", "b.jsonl", "--db", aid)
    assert again.code == 2
    assert "--force" in again.err
    lossy = inside("export", "csv", "-o", "out", "--db", aid)
    assert lossy.code == 1
    assert "U+FFFD" in lossy.err
    iati = inside("export", "iati", "-o", "o.xml", "--db", aid, "--donor", "Norway")
    assert iati.code == 0
    assert "--publisher" in iati.err
    assert inside("export", "jsonl", "-o", "c.jsonl", "--db", "missing.db").code == 2


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder that nobody can write to")
@pytest.mark.parametrize("format_name", ["xlsx", "jsonl"])
def test_a_folder_that_takes_no_file_is_told(told: Book, format_name: str) -> None:
    with pytest.raises(UsageError, match="it cannot be written"):
        told.export(format_name, f"/proc/pledgebook.{format_name}")
