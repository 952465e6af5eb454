from __future__ import annotations

import csv
import io
import json

from pledgebook.book import Book
from pledgebook.reporting import records
from pledgebook.reporting.rounding import Rounded


def rows_of(told: Book) -> list[records.Record]:
    rounded = Rounded(told.ledger().entries)
    return [records.row_record(row, rounded) for row in told.rows()]


def test_json_is_complete_and_comes_back(told: Book) -> None:
    found = rows_of(told)
    assert json.loads(records.to_json(found)) == found
    by_item = {(row["donor"], row["item"]): row for row in found}
    patriots = by_item["DEU", "Patriot"]
    assert patriots["pledged"] == {"low": 0, "high": 4, "unknown": 0, "approx": False, "money": []}
    assert patriots["on_order"] is None
    helmets = by_item["DEU", "personal-equipment"]
    assert helmets["pledged"]["unknown"] == 1
    assert helmets["pledged"]["low"] is None
    package = by_item["DEU", "military-aid"]
    assert package["pledged"]["money"] == [
        {"currency": "EUR", "low": 2e8, "high": 2e8, "unknown": 0}
    ]


def test_csv_has_a_column_for_every_part(told: Book) -> None:
    read = list(csv.DictReader(io.StringIO(records.status_csv(rows_of(told)))))
    assert [row["id"] for row in read] == [row.id for row in told.rows()]
    by_item = {(row["donor"], row["item"]): row for row in read}
    shells = by_item["DEU", "155mm"]
    assert (shells["pledged_low"], shells["pledged_high"]) == ("100000", "")
    assert by_item["DEU", "military-aid"]["pledged_money"] == "EUR 200000000..200000000"
    assert by_item["DNK", "F-16"]["overdue"] == "true"
    commitments = by_item["NOR", "Leopard 2"]["commitments"].split()
    assert commitments == [one.id for one in told.commitments(donor="NOR", item="Leopard 2")]


def test_an_empty_csv_still_has_its_head(told: Book) -> None:
    head = records.status_csv(rows_of(told)).splitlines()[0]
    assert records.status_csv([]).splitlines() == [head]


def test_documents_problems_and_judgements_have_all_their_columns(told: Book) -> None:
    documents = [records.document_record(one) for one in told.documents()]
    assert set(records.DOCUMENT_FIELDS) == set(documents[0])
    statement = told.commitments()[0].statements[0]
    judgement = told.judge("wrong", statement, by="A", note="no")
    record = records.judgement_record(judgement, "in force")
    assert set(records.JUDGEMENT_FIELDS) == set(record)
    text = records.to_csv([record], records.JUDGEMENT_FIELDS)
    assert next(csv.DictReader(io.StringIO(text)))["statements"] == statement
