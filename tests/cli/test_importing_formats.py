"""`import` of flows, transfers, prices, and tables of the user's own, as a person meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from program import Inside

DATA = Path(__file__).resolve().parent.parent / "exchange" / "data"


@pytest.mark.parametrize(
    ("form", "file"),
    [
        ("fts", "fts-flows.json"),
        ("iati", "iati-activities.xml"),
        ("sipri", "sipri-register.csv"),
        ("prices", "prices.csv"),
        ("observations", "figures.csv"),
    ],
)
def test_a_data_set_comes_in_and_its_faults_are_told(
    form: str, file: str, inside: Inside, snapshot: SnapshotAssertion
) -> None:
    before = inside("status", "--db", "aid.db", "--format", "json").out
    done = inside("import", form, DATA / file, "--db", "aid.db")
    assert done.code == 1
    assert done.out == snapshot(name="out")
    assert done.err == snapshot(name="err")
    # What a data set says stands beside the reports and is never added to them.
    assert inside("status", "--db", "aid.db", "--format", "json").out == before


def test_a_table_is_suggested_a_mapping_and_read_by_it(inside: Inside) -> None:
    shutil.copy(DATA / "own-table.csv", "aid.csv")
    asked = ("import", "table", "aid.csv", "--db", "new.db")
    bare = inside(*asked)
    assert bare.code == 2
    assert "needs a mapping of its columns" in bare.err
    suggested = inside("import", "table", "aid.csv", "--suggest", "--db", "other.db").out
    assert 'item = "Gegenstand"' in suggested
    assert not Path("other.db").exists()
    Path("aid.mapping.toml").write_text(suggested, encoding="utf-8")
    assert "table-aid aid: 4 rows, 7 statements" in inside(*asked).out


def test_a_mapping_and_a_data_set_are_named(inside: Inside) -> None:
    shutil.copy(DATA / "own-table.csv", "aid.csv")
    shutil.copy(DATA / "own-table.mapping.toml", "ours.toml")
    named = ("--mapping", "ours.toml", "--dataset", "ours", "--name", "May", "--db", "new.db")
    assert "ours May: 4 rows, 7 statements" in inside("import", "table", "aid.csv", *named).out
    listed = json.loads(inside("releases", "--db", "new.db", "--format", "json").out)
    assert [(one["dataset"], one["name"]) for one in listed] == [("ours", "May")]


def test_what_does_not_fit_together_is_wrong_usage(inside: Inside) -> None:
    for more, says in (
        (("import", "fts", "x.json", "--suggest"), "--suggest is for the format table"),
        (("import", "sipri", DATA / "sipri-register.csv", "--mapping", "x"), "takes no mapping"),
        (("import", "sipri", DATA / "sipri-register.csv", "--dataset", "A b"), "no name of a data"),
        (("import", "fts", DATA / "prices.csv"), "no JSON that can be read"),
    ):
        done = inside(*more, "--db", "new.db")
        assert done.code == 2
        assert says in done.err
        assert "Traceback" not in done.err
