"""`import`, `releases` and `compare`, as a person at a terminal meets them."""

from __future__ import annotations

import json
from pathlib import Path

from syrupy.assertion import SnapshotAssertion

from kiel_files import COUNTRIES, LATER, ROWS, later_rows, write_csv, write_folder
from program import Inside

DIRTY = {4, 5}
CLEAN = [one for number, one in enumerate(ROWS) if number not in DIRTY]


def test_what_comes_in_is_told(inside: Inside, snapshot: SnapshotAssertion) -> None:
    write_folder(Path("release-2022-10"))
    done = inside("import", "kiel", "release-2022-10", "--db", "new.db", "--check")
    assert done.code == 1  # three cells cannot be read
    assert done.out == snapshot(name="out")
    assert done.err == snapshot(name="err")


def test_clean_rows_leave_with_zero_and_a_second_time_changes_nothing(inside: Inside) -> None:
    write_folder(Path("release-2022-10"), CLEAN)
    asked = ("import", "kiel", "release-2022-10", "--db", "new.db")
    assert inside(*asked).code == 0
    again = inside(*asked)
    assert again.code == 0
    assert "nothing changed" in again.out


def test_sums_that_differ_are_listed(inside: Inside) -> None:
    off = ("", "Norway", "0", "0", "0", "0.02")
    table = [off if line[1] == "Norway" else line for line in COUNTRIES]
    write_folder(Path("release-2022-10"), CLEAN, Country_Summary=table)
    done = inside("import", "kiel", "release-2022-10", "--db", "new.db", "--check")
    assert done.code == 1
    assert (
        "differs: Country summary, norway, military: the sheet has 20M, the rows come to 10M"
        in done.out
    )


def test_releases_are_listed_and_compared(inside: Inside, snapshot: SnapshotAssertion) -> None:
    write_folder(Path("release-2022-10"), CLEAN)
    write_csv(Path("release-2023-02.csv"), LATER, later_rows())
    for name in ("release-2022-10", "release-2023-02.csv"):
        assert inside("import", "kiel", name, "--db", "new.db").code == 0
    listed = json.loads(inside("releases", "--db", "new.db", "--format", "json").out)
    assert [(one["name"], one["current"], one["rows"]) for one in listed] == [
        ("2022-10", False, len(CLEAN)),
        ("2023-02", True, 3),
    ]
    assert inside("compare", "kiel", "--db", "new.db").out == snapshot(name="diff")
    field = inside("compare", "kiel", "--field", "no. of units", "--db", "new.db")
    assert field.out == snapshot(name="field")
    rows = inside("compare", "kiel", "2022-10", "--db", "new.db", "--format", "csv").out
    assert "changed,NOR | 2022-03-01 | leopard 2a4,No. of Units,8,14," in rows


def test_a_release_is_set_beside_the_reports(inside: Inside, snapshot: SnapshotAssertion) -> None:
    Path("report.txt").write_text("On Tuesday Norway pledged eight Leopard 2A4 tanks to Ukraine.")
    assert inside("read", "report.txt", "--date", "2022-03-01", "--db", "new.db").code == 0
    write_folder(Path("release-2022-10"), CLEAN)
    assert inside("import", "kiel", "release-2022-10", "--db", "new.db").code == 0
    done = inside("compare", "kiel", "--reports", "--donor", "Norway", "--db", "new.db")
    assert done.out == snapshot
    found = json.loads(
        inside("compare", "kiel", "--reports", "--db", "new.db", "--format", "json").out
    )
    assert {one["verdict"] for one in found} == {"agrees", "only-release"}


def test_a_row_is_opened_and_let_in(inside: Inside) -> None:
    write_folder(Path("release-2022-10"), CLEAN)
    assert inside("import", "kiel", "release-2022-10", "--db", "new.db").code == 0
    assert "8" not in inside("status", "--donor", "Norway", "--db", "new.db").out
    from pledgebook.book import Book

    with Book.open("new.db") as book:
        [release] = book.releases()
        entry = book._store.release_entries(release.id)[0]
    opened = inside("why", entry.id[:12], "--db", "new.db").out
    assert "a row of kiel 2022-10 (current), MAIN.csv#row=2" in " ".join(opened.split())
    done = inside("judge", "counted", entry.id[:12], "--by", "me", "--db", "new.db")
    assert done.code == 0
    assert "Leopard 2A4" in inside("status", "--donor", "Norway", "--db", "new.db").out


def test_a_wrong_format_or_file_is_one_sentence(inside: Inside) -> None:
    done = inside("import", "excel", "x.xlsx", "--db", "new.db")
    assert (done.code, done.out) == (2, "")
    assert "Check the path" in done.err
    for form in ("kiel", "jsonl"):
        assert inside("import", form, "misspelt", "--db", "new.db").code == 2
    assert not Path("new.db").exists()
    Path("x.csv").write_text("a,b\n1,2\n")
    done = inside("import", "excel", "x.csv", "--db", "new.db")
    assert done.code == 2
    assert "no format is called 'excel'" in done.err
    done = inside("import", "kiel", "x.csv", "--db", "new.db")
    assert done.code == 2
    assert "main sheet" in done.err


def test_what_cannot_be_compared_is_said(inside: Inside) -> None:
    write_folder(Path("release-2022-10"), CLEAN)
    write_csv(Path("release-2023-02.csv"), LATER, later_rows())
    for name in ("release-2022-10", "release-2023-02.csv"):
        assert inside("import", "kiel", name, "--db", "aid.db").code == 0
    done = inside("compare", "kiel", "--field", "Nonsense", "--db", "aid.db")
    assert (done.code, "'Nonsense'" in done.err) == (2, True)
    done = inside("compare", "kiel", "--donor", "Norway", "--db", "aid.db")
    assert (done.code, "Add --reports" in done.err) == (2, True)
    done = inside("compare", "kiel", "--reports", "--donor", "Norwey", "--db", "aid.db")
    assert (done.code, "Did you mean NOR (Norway)?" in done.err) == (2, True)


def test_a_check_that_cannot_be_made_stores_nothing(inside: Inside) -> None:
    Path("aid.csv").write_text("Country,What,Number\nNorway,Leopard 2,8\n", "utf-8")
    done = inside("import", "table", "aid.csv", "--check", "--db", "aid.db")
    assert (done.code, "--check is for the format kiel" in done.err) == (2, True)
    assert "Book:" not in done.err
