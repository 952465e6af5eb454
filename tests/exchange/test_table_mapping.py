"""Saved mappings: their fields, their faults, and where they are found."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from releases_read import DATA

from pledgebook.errors import UsageError
from pledgebook.exchange.intake import DATA as PACKAGED
from pledgebook.exchange.intake import data_table
from pledgebook.exchange.table.mapping import (
    FIELDS,
    Mapping,
    find_mapping,
    load_mapping,
    mapping_schema,
)
from pledgebook.vocabulary.statement import Kind, Scope, Status

MAPPING = DATA / "own-table.mapping.toml"
GOOD = 'fixed = { kind = "pledge", category = "tank" }\n'


def test_the_schema_that_ships_is_the_one_of_the_fields() -> None:
    stored = json.loads((PACKAGED / "table-mapping.schema.json").read_text(encoding="utf-8"))
    assert stored == mapping_schema()
    jsonschema.Draft202012Validator.check_schema(stored)


def test_a_mapping_fits_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(mapping_schema())
    assert not list(validator.iter_errors(load_mapping(MAPPING).model_dump(mode="json")))
    assert list(validator.iter_errors({"columns": {"colour": "Farbe"}}))


def test_statements_take_what_they_do_not_say_from_the_table() -> None:
    mapping = Mapping.model_validate(
        {
            "columns": {"item": "Item", "when": "Day", "kind": "Stage"},
            "fixed": {"recipient": "UKR", "currency": "EUR"},
            "statements": [
                {"columns": {"money": "Sum", "currency": "Cur"}},
                {"fixed": {"kind": "delivery", "when": "2024"}},
            ],
        }
    )
    first, second = mapping.parts()
    assert first.columns == {
        "item": "Item",
        "when": "Day",
        "kind": "Stage",
        "money": "Sum",
        "currency": "Cur",
    }
    assert first.fixed == {"recipient": "UKR"}
    assert second.columns == {"item": "Item"}
    assert second.fixed == {
        "recipient": "UKR",
        "currency": "EUR",
        "kind": "delivery",
        "when": "2024",
    }
    assert mapping.headers() == ("Item", "Day", "Stage", "Sum", "Cur")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("columns = 5", "columns"),
        ("[columns]\ncolour = 'Farbe'", "colour"),
        ("kind = ", "no TOML"),
        ("", "no column and no fixed value gives the kind"),
        ("fixed = { kind = 'pledge' }", "neither an item"),
        ("fixed = { kind = 'pledge', money = '5' }", "money needs a currency"),
        (GOOD + "decimal = ';'", "decimal"),
        (GOOD + "header_row = 0", "header_row"),
        (GOOD + "factor = { money = -1 }", "factor.money"),
        (GOOD + "dataset = 'My Data'", "dataset"),
        (GOOD + "[[statements]]\nfixed = { kinds = 'x' }", "kinds"),
        ("\xff\xfe", "no UTF-8 text"),
        ("kind = " + "[" * 5000, "nested too deeply"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_field(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=why) as caught:
        load_mapping(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_mapping_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")
    large = tmp_path / "large.toml"
    large.write_text("#" * 1_000_001, encoding="utf-8")
    with pytest.raises(UsageError, match="too large"):
        load_mapping(large)


def test_a_mapping_is_found_by_path_or_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pledgebook.exchange.table.mapping._saved", lambda: tmp_path / "config")
    tables, books, config = (tmp_path / name for name in ("tables", "books", "config"))
    for folder in (tables, books, config):
        folder.mkdir()
    table, book = tables / "aid.csv", str(books / "book.db")
    with pytest.raises(UsageError, match=r"needs a mapping.*--suggest"):
        find_mapping(None, table, book)
    places = [
        (config / "ours.toml", "ours"),
        (books / "ours.mapping.toml", "ours"),
        (tables / "ours.mapping.toml", "ours"),
        (tables / "aid.mapping.toml", None),
    ]
    for place, name in places:
        place.write_text(GOOD, encoding="utf-8")
        assert find_mapping(name, table, book) == place
    assert find_mapping(str(config / "ours.toml"), table, book) == config / "ours.toml"
    assert find_mapping("ours", tables / "x.csv", "postgresql+psycopg://h/d").parent == tables
    with pytest.raises(UsageError, match="no mapping is called 'theirs'"):
        find_mapping("theirs", table, book)


def test_the_words_of_the_data_file_are_of_known_fields() -> None:
    table = data_table("table")
    assert set(table["headers"]) <= {*FIELDS, "quantity_pledged", "quantity_delivered"}
    for name, kinds in (("kind", Kind), ("status", Status), ("scope", Scope)):
        assert set(table[name]) == set(kinds)
        words = [word for listed in table[name].values() for word in listed]
        assert all(word == word.casefold() for word in words)
        assert len(words) == len(set(words))
