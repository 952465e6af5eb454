"""What a data set, a whole book or a file of settings can cost is bounded."""

from __future__ import annotations

import pytest
from import_costs import CASES

from costing import Cost, costs_of

_CELLS = "it has more rows and cells than a sheet may have"
_ELEMENTS = "more than 500,000 elements stand in or between its activities"
_DEEP = "this is no TOML: it is nested too deeply"
_PARTS = "this is no TOML: a key has more than 30 parts"
_BOMB = "it unpacks to 1,0"

OUTCOMES = {
    "a table of commas": _CELLS,
    "a table of empty lines": _CELLS,
    "a sheet of repeated cells": "a sheet spans 1,000,000 rows and 10,000 columns",
    "XML in XML": "it is broken XML (Excessive depth",
    "an activity of a million elements": _ELEMENTS,
    "elements between activities": _ELEMENTS,
    "an element of attributes": "it is broken XML",
    "a text of 30 MB": "it is broken XML (Resource limit",
    "entities of a data set": "it declares a document type",
    "JSON in JSON": "it is no JSON that can be read",
    "a million things that are no flows": "read",
    "a number of many digits": "it is no JSON that can be read",
    "tables in tables": _DEEP,
    "tables in tables of a scenario": _DEEP,
    "a key of many parts": _PARTS,
    "a table's name of many parts": _PARTS,
    "a key of quoted parts": _PARTS,
    "tables of a scenario, deep": "it holds 725,000 keys and values, the limit is 100,000",
    "digits of a scenario": "this is no TOML: a number of it has too many digits",
    "needs of a scenario": "it holds 200,001 keys and values, the limit is 100,000",
    "a list of a scenario": "it holds 500,001 keys and values, the limit is 100,000",
    "a scenario beyond its bound": "the scenario is too large: more than 2 MB",
    "nested assumptions": _DEEP,
    "nested additions to the catalogue": _DEEP,
    "a data package of one line": _BOMB,
    "a data package of one cell": _BOMB,
    "a data package of commas": _BOMB,
    "a line of a book in JSON": "this is no JSON",
    "a row of a book of many things": "the row was changed since it was written",
}
"""How what it is refused for begins."""

MOST = 300
"""Megabytes beyond what the process had before: most of them those of the file itself."""
HEAVY = {"tables of a scenario, deep": 900}


@pytest.fixture(scope="module")
def costs() -> dict[str, Cost]:
    return costs_of("import_costs")


def test_each_case_has_its_outcome() -> None:
    assert list(OUTCOMES) == list(CASES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_an_import_costs_is_bounded(costs: dict[str, Cost], name: str) -> None:
    assert name in costs, "killed for its memory or its processor time"
    assert costs[name].says.startswith(OUTCOMES[name])
    assert costs[name].megabytes < HEAVY.get(name, MOST)
