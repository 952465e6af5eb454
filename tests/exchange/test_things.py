"""What cells name as items, and what names stand for parties."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from releases_read import CATALOGUE

from pledgebook.errors import SourceError
from pledgebook.exchange.intake import (
    Names,
    Notebook,
    clean,
    data_table,
    dataset_of,
    digest,
    sources,
)
from pledgebook.exchange.things import category_of, thing_of


@pytest.mark.parametrize(
    ("text", "category", "designation", "unit"),
    [
        ("Leopard 2A4 tanks", "tank", "Leopard 2A4", "item"),
        ("155mm", "artillery-ammunition", "155mm", "round"),
        ("155mm howitzer ammunition", "artillery-ammunition", "155mm", "round"),
        ("155mm towed gun", "artillery", "155mm", "item"),
        ("105mm L119 howitzer", "artillery", "L119", "item"),
        ("HIMARS rockets", "rocket-ammunition", "HIMARS", "round"),
        ("Ammunition for Mars II", "rocket-ammunition", "MARS II", "round"),
        ("ammunition for M109", "artillery-ammunition", "M109", "round"),
        ("Leopard 1 tanks and ammunition", "tank", "Leopard 1", "item"),
        ("spare parts for M109 artillery gun", "maintenance", "M109", "item"),
        ("Diesel-powered generator", "energy", None, "item"),
        ("Mistral air defence missile", "air-defence", "Mistral", "item"),
    ],
)
def test_things(text: str, category: str, designation: str | None, unit: str) -> None:
    found = thing_of(text, CATALOGUE)
    assert found is not None
    assert (found.category, found.designation, found.unit) == (category, designation, unit)


def test_what_nobody_knows_is_no_thing() -> None:
    assert thing_of("gizmos", CATALOGUE) is None
    assert thing_of("", CATALOGUE) is None


@pytest.mark.parametrize("text", ["air-defence", "Air defence", " AIR_DEFENCE "])
def test_categories_by_their_name(text: str) -> None:
    assert category_of(text) == "air-defence"
    assert category_of("air") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Norway", "NOR"),
        ("Norway, Government of", "NOR"),
        ("Saudi Arabia (Kingdom of), Government of", "SAU"),
        ("Hezbollah (Lebanon)*", "Hezbollah"),
        ("African Union**", "African Union"),
        ("occupied Palestinian territory", "PSE"),
        ("UA", "UKR"),
        ("UKR", "UKR"),
        ("unknown supplier(s)", None),
        ("", None),
        ("A body that nobody knows", "A body that nobody knows"),
    ],
)
def test_names_of_data_sets(text: str, code: str | None) -> None:
    assert Names(CATALOGUE, Notebook("a.csv")).code(text, "row 1") == code


def test_aliases_stand_for_parties_that_there_are() -> None:
    table = data_table("parties")
    assert set(table["aliases"].values()) <= set(CATALOGUE.parties)
    known = [name for name in table["aliases"] if CATALOGUE.find_party(name)]
    assert known == []


def test_unknown_names_are_one_line_with_their_first_place() -> None:
    notebook = Notebook("a.csv")
    names = Names(CATALOGUE, notebook)
    for row, name in enumerate(["Xx yy", "Zz", "Xx yy", *(f"Body {n}" for n in range(20))], 1):
        names.code(name, f"row {row}")
    (problem,) = notebook.finish()
    assert problem.severity == "warning"
    assert "'Xx yy' (row 1, 2 times); 'Body 0' (row 4)" in problem.what
    assert problem.what.endswith("; and 10 more")
    assert notebook.finish() == [problem]


def test_a_fault_is_noted_once() -> None:
    notebook = Notebook("a.csv")
    for place in ("row 1", "row 1", "row 2"):
        notebook.fault("odd", "it is odd", place=place)
    assert [problem.place for problem in notebook.problems] == ["row 1", "row 2"]


@given(text=st.text())
def test_a_clean_cell_is_one_line_that_can_be_printed(text: str) -> None:
    cleaned = clean(text)
    assert "\n" not in cleaned
    assert "\x00" not in cleaned
    assert cleaned == cleaned.strip()
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")


def test_formulas_stay_as_they_were_written() -> None:
    assert clean("=HYPERLINK(1)") == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("flows.json", "fts-flows"),
        ("fts-flows-2020.json", "fts-flows-2020"),
        ("fts Ukraine 2024-05-06.json", "fts-ukraine"),
        ("fts_20240506.json", "fts"),
        ("2024-05.json", "fts"),
        ("Ü.json", "fts"),
    ],
)
def test_data_sets_are_named_by_their_file(file: str, name: str) -> None:
    assert dataset_of("fts", Path(file)) == name


def test_the_hash_of_a_folder_is_that_of_its_files_in_any_order() -> None:
    assert digest([("a", "1")]) == "1"
    assert digest([("a", "1"), ("b", "2")]) == digest([("b", "2"), ("a", "1")])
    assert digest([("a", "1"), ("b", "2")]) != digest([("a", "2"), ("b", "1")])


def test_a_folder_gives_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.XML", "a.xml", "c.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [one.name for one in sources(tmp_path, {".xml"})] == ["a.xml", "b.XML"]
    with pytest.raises(SourceError, match=r"holds no file that ends in \.csv"):
        sources(tmp_path, {".csv"})
