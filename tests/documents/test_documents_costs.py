"""What a document can cost is bounded, whatever it is made of."""

from __future__ import annotations

import pytest
from document_costs import CASES

from costing import Cost, costs_of

OUTCOMES = {
    "a page of one line": "9999977",
    "a page of one line in pieces": "8586904",
    "a page of one script": "16",
    "a page of line breaks": "html-damaged",
    "a page of cells": "3199997",
    "a page of elements within elements": "html-damaged",
    "a page nested nearly too deep": "2269",
    "a page of open brackets": "10000000",
    "a tag of attributes": "html-damaged",
    "entities of a page": "10",
    "JSON in JSON": "not-json",
    "JSON objects in objects": "not-json",
    "a line of JSON in JSON": "not-json",
    "a number of a million digits": "not-json",
    "mail in mail": "damaged",
    "a mail of a million parts": "too-large",
    "a mail with a subject without end": "11",
    "a row of commas": "empty-document",
    "an open quotation mark in a table": "not-csv",
    "entities in a Word document": "damaged",
    "nesting in a Word document": "damaged",
    "paragraphs of a Word document": "empty-document",
    "a text of marks of direction": "4000000",
}
"""The code of the problem, or the length of the document."""

MOST = 350
"""Megabytes beyond what the process had before: most of it for pages that are read in full."""


@pytest.fixture(scope="module")
def costs() -> dict[str, Cost]:
    return costs_of("document_costs")


def test_each_case_has_its_outcome() -> None:
    assert list(OUTCOMES) == list(CASES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_a_document_costs_is_bounded(costs: dict[str, Cost], name: str) -> None:
    assert name in costs, "killed for its memory or its processor time"
    assert costs[name].says == OUTCOMES[name]
    assert costs[name].megabytes < MOST
