"""What holds of every reading, whatever the text."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from coding import CATALOGUE, Coded, coded, codings, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledgebook.documents import load
from pledgebook.reading import read_document
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Category, Kind, Statement

SENTENCES = [
    "Norway will send eight Leopard 2 tanks to Ukraine.",
    "Germany and Denmark will jointly send up to 80 Leopard 1 tanks by the end of March.",
    "It also announced NOK 250 million ($24.8 million) in military aid.",
    "“We need 250,000 shells a month,” Zelensky said on Tuesday.",
    "Rheinmetall, which makes 70,000 artillery shells a year, has signed a deal with Berlin.",
    "The package includes:\n- four M113 armoured vehicles;\n- dozens of drones; and\n- fuel.",
    "Donor | Item | Quantity\nGermany | Leopard 2 tanks | 14\nNorway | M109 howitzers | 8",
    "Buyer: Ministry of Defence of Norway\nItem: 155mm shells\nQuantity: 20,000\nSupplier: Nammo",
    "Q: Will there be jets?\n\nMINISTER GRAM: We will not send F-16 fighter jets to Ukraine.",
    "Poland sent 14 tanks last month, Norway eight and Canada between two and four.",
    "Britain has trained more than 10,000 Ukrainian soldiers since June 2022.",
    "Russian forces destroyed two tanks near Bakhmut, killing 14 people.",
    "Ukraine fires some 5,000 155mm shells a day and is running low on them.",
    "10:15 - The Pentagon has suspended deliveries of Patriot missiles worth $1.2bn.",
    "Tanks for Ukraine",
    "Britain will train 200 Ukrainian soldiers and will send 14 Challenger 2 tanks to Ukraine.",
    "The Dutch army holds 18 of them.",
    "If parliament agrees, Sweden could give Ukraine Gripen jets in 2025.",
    "An earlier version of this report wrongly gave 30 tanks; it is 13.",
    "Fjordvik Ordnance won an order for 300 radars from the Swedish government.",
]
GAPS = st.sampled_from([" ", "\n", "\n\n", "  ", "\r\n"])
WORDS = sorted({word for sentence in SENTENCES for word in sentence.split()})


def joined(parts: Sequence[str], gaps: Sequence[str]) -> str:
    return "".join(part + gap for part, gap in zip(parts, [*gaps, ""], strict=False))


REPORTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).flatmap(
    lambda parts: st.lists(GAPS, min_size=len(parts), max_size=len(parts)).map(
        lambda gaps: joined(parts, gaps)
    )
)
SALADS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
NOISE = st.text(max_size=300)
SPOILED = st.tuples(REPORTS, NOISE, st.integers(0, 2000)).map(
    lambda made: made[0][: made[2]] + made[1] + made[0][made[2] :]
)
TEXTS = REPORTS | SALADS | NOISE | SPOILED
DATES = st.sampled_from([None, "2023-02-14", "2024-02-29", "1999-12-31", "2030-01-01"])
PUBLISHERS = st.sampled_from([None, "https://www.regjeringen.no/en/a", "https://news.example/a"])

thorough = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def check(text: str, found: list[Statement]) -> None:
    """Hold every law that one reading can be held to."""
    places = [(s.evidence.start, s.evidence.end) for s in found]
    assert places == sorted(places)
    for statement in found:
        evidence = statement.evidence
        assert 0 <= evidence.start < evidence.end <= len(text)
        assert text[evidence.start : evidence.end] == evidence.quote != ""
        assert statement.actors
        for code in (*statement.actors, statement.recipient):
            assert code is None or code in CATALOGUE.parties or is_plain_name(code, text)
        quantity, money = statement.quantity, statement.money
        for amount in (quantity, money):
            if amount is not None and amount.low is not None and amount.high is not None:
                assert amount.low <= amount.high
        if statement.when is not None:
            bounds(statement.when)
        if statement.supplier is not None:
            assert statement.kind in {Kind.CONTRACT, Kind.PRODUCTION}
            assert statement.supplier in CATALOGUE.parties or statement.supplier in text
        if statement.kind in {Kind.PRODUCTION, Kind.STOCK, Kind.EXPENDITURE}:
            assert statement.recipient is None
        if statement.kind is Kind.TRAINING:
            assert statement.item.category is Category.TRAINING_SERVICE
        assert statement.speaker is None or statement.speaker.strip() == statement.speaker != ""


def is_plain_name(code: str, text: str) -> bool:
    """Tell a body that the catalogue does not know: it is named as the text has it."""
    return code in text and re.match(r"[A-Z]", code) is not None


@thorough
@given(TEXTS, DATES, PUBLISHERS)
def test_every_reading_keeps_the_laws(text: str, date: str | None, url: str | None) -> None:
    check(text, read(text, date, url=url))


@settings(max_examples=60, deadline=None)
@given(TEXTS, DATES)
def test_the_same_text_gives_the_same_statements(text: str, date: str | None) -> None:
    assert read(text, date) == read(text, date)


@settings(max_examples=40, deadline=None)
@given(st.permutations(SENTENCES))
def test_sentences_in_any_order_break_nothing(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    found = read(text)
    check(text, found)
    assert found


@settings(max_examples=40, deadline=None)
@given(st.lists(st.characters(categories=["Cc", "Cf", "Zs", "Mn"]), max_size=40))
def test_control_characters_and_marks_break_nothing(marks: list[str]) -> None:
    text = SENTENCES[0]
    rng = random.Random(len(marks))
    for mark in marks:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + mark + text[at:]
    check(text, read(text))


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\t", "\x00", "￼", "﻿", "—", "|", ":", "- "])
def test_empty_texts_give_none(text: str) -> None:
    assert read(text) == []


def test_what_stands_before_in_other_documents_changes_nothing() -> None:
    alone = [codings(text) for text in SENTENCES]
    order = list(range(len(SENTENCES)))
    for seed in range(3):
        random.Random(seed).shuffle(order)
        for k in order:
            assert codings(SENTENCES[k]) == alone[k]


RECORDS: list[dict[str, Any]] = [
    {
        "id": f"story.{number}",
        "url": url,
        "date": "2023-02-14",
        "lang": "en",
        "style": "agency",
        "text": "\n\n".join(SENTENCES[number : number + 4]),
        "statements": [],
    }
    for number, url in enumerate(
        ["https://www.regjeringen.no/en/a", None, "https://news.example/a"]
    )
]


def from_jsonl(records: Sequence[dict[str, Any]], folder: Path) -> dict[str, list[Coded]]:
    """Return what is coded of each document of a JSONL file, by its id."""
    path = folder / "reports.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    found: dict[str, list[Coded]] = {}
    for document in load([str(path)]):
        assert isinstance(document, Document)
        assert document.name is not None
        found[document.name] = [coded(s) for s in read_document(document, CATALOGUE)]
    return found


def test_the_order_of_keys_and_what_else_a_line_holds_change_nothing(tmp_path: Path) -> None:
    plain = from_jsonl(RECORDS, tmp_path)
    assert all(plain.values())
    rng = random.Random(7)
    for _ in range(5):
        changed = []
        for record in RECORDS:
            fields = list(record.items())
            rng.shuffle(fields)
            others = dict(fields) | {"style": rng.choice(["agency", "blog"]), "title2": "x"}
            others["statements"] = [{"kind": "refusal", "actors": ["USA"]}]
            changed.append(others)
        assert from_jsonl(changed, tmp_path) == plain


def test_the_order_of_lines_changes_nothing(tmp_path: Path) -> None:
    plain = from_jsonl(RECORDS, tmp_path)
    assert from_jsonl(RECORDS[::-1], tmp_path) == plain
    assert from_jsonl([RECORDS[1], RECORDS[2], RECORDS[0]], tmp_path) == plain
