"""A ledger made in bulk is the ledger of one machine, to the last link."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
import pytest
from bulk_folders import Tables, folder_of, tables_at, tables_of
from bulk_news import news, package, repeated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_stories import stories
from making import Clock, Said, document, reading, report
from pledgebook.bulk.importing import import_bulk
from pledgebook.bulk.reconciling import BulkLedger, LedgerProgress, reconcile_bulk
from pledgebook.errors import SourceError
from pledgebook.ledger.inputs import stored_ledger
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.outlets import is_corrected, outlet_of
from pledgebook.ledger.records import Entry, Reading, statement_ids
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Scope
from stories import everything

TODAY = dt.date(2025, 1, 1)


def on_one_machine(readings: Iterable[Reading]) -> Ledger:
    entries = [
        Entry(
            name,
            statement,
            one.document.id,
            one.document.date or TODAY,
            one.document.date is not None,
            outlet=outlet_of(one.document.url),
            corrects=is_corrected(one.document.text, statement.evidence),
        )
        for one in readings
        for name, statement in zip(
            statement_ids(one.document.id, one.statements), one.statements, strict=True
        )
    ]
    return build_ledger(entries, today=TODAY, tree=load_catalogue())


def in_bulk(
    place: Path, readings: Sequence[Reading], *, size: int = 3, lot: int = 50_000, workers: int = 1
) -> tuple[BulkLedger, Tables]:
    folder = folder_of(place, readings, size=size)
    made = reconcile_bulk(folder, workers=workers, today=TODAY, lot=lot)
    return made, tables_at(place / "ledger")


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(told=news(), size=st.integers(1, 8), lot=st.sampled_from((1, 2, 7, 1000)))
def test_any_news_in_any_lots_give_the_ledger_of_one_machine(
    told: list[Reading], size: int, lot: int
) -> None:
    with tempfile.TemporaryDirectory() as place:
        _, found = in_bulk(Path(place), told, size=size, lot=lot)
    assert found == tables_of(on_one_machine(told))


@pytest.mark.parametrize("lot", [25, 10_000])
def test_repeated_news_give_the_ledger_of_one_machine(tmp_path: Path, lot: int) -> None:
    told = repeated(1_200, load_catalogue())
    made, found = in_bulk(tmp_path, told, size=100, lot=lot)
    assert found == tables_of(on_one_machine(told))
    assert made.links > 1_000
    assert (made.lots > made.categories) == (lot < 1_000)


def test_coded_stories_on_two_workers_give_the_ledger_of_one_machine(tmp_path: Path) -> None:
    told = [one for some in stories().values() for one in some] or [*everything(), *package()]
    made, found = in_bulk(tmp_path, told, size=100, lot=100, workers=2)
    assert found == tables_of(on_one_machine(told))
    assert made.parts > 0


def test_what_crosses_categories_and_recipients_is_found(tmp_path: Path) -> None:
    told = [
        *package(),
        report(
            Said("The allies have given Ukraine 40 Leopard 2 tanks so far", actors=("ALLIES",),
                 quantity=40, scope=Scope.TOTAL),
            date="2023-06-01",
        ),
        report(
            Said("Germany sends 20 tanks", actors=("DEU",), quantity=20, designation=None,
                 recipient=None, scope=Scope.BACKGROUND),
            date="2023-03-04",
        ),
    ]  # fmt: skip
    made, found = in_bulk(tmp_path, told, size=1, lot=1)
    assert {row["relation"] for row in found["parts"]} == {"package"}
    categories = {row["id"]: row["category"] for row in found["commitments"]}
    assert {categories[row["part"]] for row in found["parts"]} == {"tank", "air-defence"}
    tanks = next(row for row in found["commitments"] if row["category"] == "tank")
    assert tanks["recipient"] == "UKR"
    assert len(tanks["statements"]) == 3
    assert [row["verdict"] for row in found["checks"]] == ["exceeds"]
    assert found == tables_of(on_one_machine(told))
    assert (made.commitments, made.parts, made.checks) == (3, 2, 1)


def aid(quote: str, millions: int, scope: Scope = Scope.NEW) -> Said:
    return Said(quote, actors=("DEU",), category=Category.MILITARY_AID, designation=None,
                money=(millions * 1e6, "EUR"), scope=scope)  # fmt: skip


def test_a_running_total_takes_a_fund_of_a_package_once(tmp_path: Path) -> None:
    told = [
        report(
            aid("Germany announced military aid of 700 million euros", 700),
            aid("of it, 400 million euros go to workshops", 400),
            date="2023-03-01",
        ),
        report(aid("Germany will add 300 million euros", 300), date="2023-09-01"),
        report(aid("So far it has promised 1,000 million", 1000, Scope.TOTAL), date="2024-05-01"),
    ]
    made, found = in_bulk(tmp_path, told)
    assert (made.commitments, made.parts) == (3, 1)
    (check,) = found["checks"]
    assert check["verdict"] == "agrees"
    assert check["found"]["low"] == 1e9
    assert found == tables_of(on_one_machine(told))


def test_what_sums_over_others_is_no_part_of_anything(tmp_path: Path) -> None:
    told = [
        report(aid("Germany announced military aid of 90 million euros", 90), date="2023-03-01"),
        report(
            aid("So far it has promised 1,000 million euros in military aid", 1000, Scope.TOTAL),
            aid("400 million euros in spring", 400, Scope.TOTAL),
            aid("600 million euros in summer", 600, Scope.TOTAL),
            date="2023-09-01",
        ),
    ]
    made, found = in_bulk(tmp_path, told)
    assert (made.commitments, made.parts, made.checks) == (1, 0, 3)
    assert found == tables_of(on_one_machine(told))


def test_it_is_the_ledger_of_a_book_that_imported_the_folder(tmp_path: Path, clock: Clock) -> None:
    clock.now = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)
    told = [*everything(), *package()]
    # Two texts of the same bytes: the one that comes in later takes the place of the other.
    one = Said("Spain will send six Leopard 2 tanks", actors=("ESP",), quantity=6)
    text = f"{one.quote}."
    told += [
        reading(document(text, extractor=name, bytes_sha256="5" * 64), [one])
        for name in ("html/1", "text/1")
    ]
    made, found = in_bulk(tmp_path / "parts", told, size=2)
    with Store.open(tmp_path / "book.db", clock=clock) as store:
        import_bulk(store, str(tmp_path / "parts"), load_catalogue())
        ledger = stored_ledger(store, None, None, today=TODAY, tree=load_catalogue())
    assert found == tables_of(ledger)
    assert sum(row["donors"] == ["ESP"] for row in found["commitments"]) == 1
    assert made.statements == sum(len(one.statements) for one in ledger.commitments)


def test_a_second_run_takes_the_place_of_the_first(tmp_path: Path) -> None:
    _, before = in_bulk(tmp_path, [*package()])
    (tmp_path / "ledger" / "links" / "part-radar-0000.parquet").write_bytes(b"left over")
    stages = []

    def note(progress: LedgerProgress) -> None:
        stages.append((progress.stage, progress.done, progress.total))

    made = reconcile_bulk(tmp_path, workers=1, today=TODAY, progress=note)
    assert tables_at(tmp_path / "ledger") == before
    assert stages[0] == ("sorting", 0, 1)
    assert ("undertaking", 3, 3) in stages
    told = json.loads((tmp_path / "ledger" / "ledger.json").read_text())
    assert told["commitments"] == made.commitments == 3
    assert told["today"] == "2025-01-01"
    assert not (tmp_path / "ledger" / "work").exists() or not any(
        file.is_file() for file in (tmp_path / "ledger" / "work").rglob("*")
    )


def test_a_folder_without_statements_gives_empty_tables(tmp_path: Path) -> None:
    stock = report(Said("Norway holds 30 tanks", actors=("NOR",), category=Category.TANK))
    bare = [reading(stock.document, [])]
    made, found = in_bulk(tmp_path, bare)
    assert made.commitments == 0
    assert all(rows == [] for rows in found.values())
    assert (tmp_path / "ledger" / "ledger.json").exists()


def test_reasons_are_told_in_words(tmp_path: Path) -> None:
    _, found = in_bulk(tmp_path, [*package()])
    linked = [row for row in found["links"] if row["to"] is not None]
    assert linked
    for row in linked:
        assert row["reasons"]
        assert all(reason["says"] and reason["weight"] for reason in row["reasons"])
        assert 0 <= row["score"] <= 1
    ids = {row["id"] for row in found["commitments"]}
    assert {row["commitment"] for row in found["links"]} == ids


def test_where_nothing_was_read_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no bulk reading here"):
        reconcile_bulk(tmp_path, workers=1)


def test_the_tables_can_be_joined_by_any_tool(tmp_path: Path) -> None:
    in_bulk(tmp_path, [*package()])
    folder = tmp_path / "ledger"
    links = pl.scan_parquet(folder / "links" / "part-*.parquet")
    commitments = pl.scan_parquet(folder / "commitments" / "part-*.parquet")
    joined = links.join(commitments, left_on="commitment", right_on="id").collect()
    assert len(joined) == 6
