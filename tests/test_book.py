"""The Book as a caller meets it: read, status, why, cite, judge, and the two clocks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from making import START, Clock, Said, norway, report
from pledgebook.book import Book, ReadProgress, default_place
from pledgebook.errors import CatalogueError, NotFoundError, UsageError
from pledgebook.ledger.explain import Explanation
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category, Kind, Scope


@pytest.fixture
def book(place: str, clock: Clock) -> Iterator[Book]:
    with Store.open(place, clock=clock) as store:
        store.add(norway())
    with Book.open(place, clock=clock) as opened:
        yield opened


def row(book: Book, **asked: str) -> dict[str, object]:
    return book.status(**asked).row(0, named=True)


def test_status_sets_the_stages_side_by_side(book: Book) -> None:
    found = row(book, donor="Norway")
    assert (found["donor"], found["recipient"], found["item"]) == ("NOR", "UKR", "Leopard 2")
    assert (found["pledged_low"], found["pledged_high"], found["pledged_unknown"]) == (8, 8, 0)
    assert (found["delivered_low"], found["outstanding_low"]) == (3, 5)
    assert (found["on_order_low"], found["asked_low"]) == (None, None)
    assert (found["commitments"], found["reports"], found["undated"]) == (1, 3, 0)
    late = row(book, donor="DNK")
    assert (late["promised"], late["due"], late["overdue"]) == (
        "2023-12",
        dt.date(2023, 12, 31),
        True,
    )


def test_an_empty_book_has_an_empty_table(place: str) -> None:
    with Book.open(place) as book:
        assert book.status().height == 0
        assert {"id", "donor", "outstanding_high", "pledged_money"} <= set(book.status().columns)
        assert book.documents() == []


@pytest.mark.parametrize(
    ("asked", "items"),
    [
        ({}, ["F-16", "Leopard 2", "Leopard 2", "tank"]),
        ({"item": "tank"}, ["Leopard 2", "Leopard 2", "tank"]),
        ({"item": "Leopard"}, ["Leopard 2", "Leopard 2"]),
        ({"item": "leopard-2"}, ["Leopard 2", "Leopard 2"]),
        ({"item": "f16"}, ["F-16"]),
        ({"recipient": "Ukraine", "donor": "SWE"}, ["Leopard 2"]),
        ({"donor": "UKR"}, ["tank"]),
        ({"donor": "Poland"}, []),
    ],
)
def test_filters_understand_names_codes_and_the_tree_of_items(
    book: Book, asked: dict[str, str], items: list[str]
) -> None:
    assert sorted(book.status(**asked)["item"]) == sorted(items)


def test_unknown_names_come_with_the_nearest(book: Book) -> None:
    with pytest.raises(NotFoundError, match="NOR"):
        book.status(donor="Norwey")
    with pytest.raises(NotFoundError, match="Leopard"):
        book.status(item="Leopart 2")
    with pytest.raises(NotFoundError, match="Check the spelling"):
        book.status(recipient="qqqqqqqqqqqqqq")


def test_every_row_opens_down_to_its_sentences(book: Book) -> None:
    for name in book.status()["id"]:
        tree = book.why(name)
        assert tree.kind == "figure"
        sentences = [node for node in tree.walk() if node.kind == "statement"]
        assert sentences
        for node in sentences:
            assert_sentence(book, node)
        json.dumps(tree.model_dump(mode="json"))


def assert_sentence(book: Book, node: Explanation) -> None:
    assert node.quote is not None
    assert node.source is not None
    text = book._store.document(node.source.document).text
    assert text[node.quote.start : node.quote.end] == node.quote.text
    shown = node.quote.before + node.quote.text + node.quote.after
    assert shown in text
    assert node.link is not None
    assert node.source.date is not None


def test_why_takes_the_beginning_of_any_id(book: Book) -> None:
    figure = book.why(str(row(book, donor="NOR")["id"])[:8])
    commitment = book.why(figure.children[0].id)
    statement = book.why(commitment.children[0].id)
    assert statement.source is not None
    document = book.why(statement.source.document)
    assert [one.kind for one in (figure, commitment, statement, document)] == [
        "figure",
        "commitment",
        "statement",
        "document",
    ]
    assert statement.link is not None
    assert statement.link.reasons
    assert {node.id for node in document.children} >= {statement.id}
    assert commitment.facts["outstanding"] == "5"


@pytest.mark.parametrize("name", ["f000000", "c0000000", "s00000", "d000000", "j0000", "x1", ""])
def test_an_id_that_is_not_there_is_said_so(book: Book, name: str) -> None:
    with pytest.raises(NotFoundError):
        book.why(name)


def test_why_shows_refusals_totals_and_doubts(place: str, clock: Clock) -> None:
    recalled = {"scope": Scope.BACKGROUND}
    with Book.open(place, clock=clock) as book:
        book._store.add(
            [
                report(Said("Norway sends eight tanks", quantity=8)),
                report(Said("the eight tanks", quantity=8, **recalled), date="2023-02-16"),  # type: ignore[arg-type]
                report(Said("Norway sends a further forty tanks", quantity=40), date="2023-02-18"),
                report(Said("the forty tanks", quantity=40, **recalled), date="2023-02-19"),  # type: ignore[arg-type]
                report(Said("the tanks", **recalled), date="2023-02-20"),  # type: ignore[arg-type]
                report(Said("Oslo now refuses", kind=Kind.REFUSAL), date="2023-05-01"),
                report(Said("in all 50", quantity=50, scope=Scope.TOTAL), date="2023-06-01"),
            ]
        )
        notes = [
            note
            for one in book.commitments()
            for note in book.why(one.id).notes
        ]  # fmt: skip
        total = next(note for note in notes if "running total of 50" in note)
        assert book.why(total.split("(")[-1].rstrip(")")).title.startswith("NOR pledged 50")
    assert any(note.startswith("may be the same as c") for note in notes)
    assert any(note.startswith("refused on 2023-05-01") for note in notes)


def test_an_ambiguous_beginning_lists_what_it_begins(book: Book) -> None:
    with pytest.raises(UsageError, match="begins 3 ids"):
        book.why("d")


def test_an_old_commitment_id_opens_after_a_merge(book: Book, clock: Clock) -> None:
    [norwegian] = book.commitments(donor="NOR")
    [swedish] = book.commitments(donor="SWE")
    book.judge("same", norwegian.id, swedish.id, by="me")
    assert book.why(swedish.id).id == norwegian.id
    # An earlier report comes in: the name changes, and the old one still opens.
    earlier = report(
        Said("Norway is to send eight Leopard 2", quantity=8, when="2023-02-14"), date="2023-02-13"
    )
    clock.advance(minutes=1)
    book._store.add([earlier])
    now = book.why(norwegian.id)
    assert now.id != norwegian.id
    assert {node.id for node in now.children} > set(norwegian.statements)


def test_the_id_of_a_total_that_stood_alone_opens_the_total(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book._store.add(
            [report(Said("in all 50", quantity=50, scope=Scope.TOTAL), date="2023-06-01")]
        )
        [alone] = book.commitments()
        clock.advance(minutes=1)
        book._store.add(
            [
                report(Said("Norway sends eight tanks", quantity=8)),
                report(Said("Norway sends a further forty tanks", quantity=40), date="2023-02-18"),
            ]
        )
        assert alone.id not in {one.id for one in book.commitments()}
        opened = book.why(alone.id)
        assert opened.id == alone.statements[0]
        assert any("more than the sum of 2 commitments (48)" in note for note in opened.notes)


def test_an_old_statement_id_opens_after_a_new_reading(book: Book, clock: Clock) -> None:
    made = norway()[1].document
    [swedish] = book.commitments(donor="SWE")
    clock.advance(minutes=1)
    again = Said("Sweden will give ten Leopard 2", actors=("SWE",), quantity=(10, None))
    from making import reading

    book._store.add([reading(made, [again], version="2")])
    now = book.why(swedish.statements[0])
    assert now.id != swedish.statements[0]
    assert now.quote is not None
    assert now.quote.text == again.quote
    assert book.why(swedish.id).children[0].id == now.id


def test_judgements_change_the_ledger_and_can_be_taken_back(book: Book, clock: Clock) -> None:
    before = book.status()
    [norwegian] = book.commitments(donor="NOR")
    delivery = norwegian.statements[-1]
    judgement = book.judge("wrong", delivery, by="Ada", note="another Norway")
    assert row(book, donor="NOR")["delivered_low"] is None
    explained = book.why(judgement.id)
    assert (explained.facts["by"], explained.facts["state"]) == ("Ada", "in force")
    clock.advance(minutes=1)
    book.revoke(judgement.id, by="Ada")
    assert book.status().equals(before)
    assert book.why(judgement.id).facts["state"] == "not in force"
    assert [one.revokes for one in book.judgements()] == [None, judgement.id]


def test_a_correction_shows_in_the_figures(book: Book) -> None:
    [swedish] = book.commitments(donor="SWE")
    book.judge(
        "corrected", swedish.statements[0], changes={"quantity": {"low": 12, "high": 12}}, by="me"
    )
    assert row(book, donor="SWE")["pledged_low"] == 12
    assert any("judged" in note for note in book.why(swedish.statements[0]).notes)


def test_judgements_about_nothing_are_refused(book: Book) -> None:
    for kind, ids in (("nonsense", ["c0"]), ("wrong", ["d" + "0" * 20]), ("same", [])):
        with pytest.raises(UsageError):
            book.judge(kind, *ids)
    with pytest.raises(UsageError, match="neither a statement nor a commitment"):
        book.judge("wrong", book.documents()[0].id)
    with pytest.raises(UsageError, match="no judgement"):
        book.revoke(book.documents()[0].id)


def test_the_ledger_of_an_earlier_day(book: Book) -> None:
    assert book.status(as_of="2023-02-13").height == 0
    found = book.status(as_of="2023-02-14", donor="NOR").row(0, named=True)
    assert (found["pledged_low"], found["delivered_low"], found["overdue"]) == (8, None, False)
    assert book.status(donor="DNK", as_of=dt.date(2023, 12, 31))["overdue"].to_list() == [False]
    assert book.status(donor="DNK", as_of="2024-01-01")["overdue"].to_list() == [True]


def test_the_ledger_as_the_book_knew_it(book: Book, clock: Clock) -> None:
    before = book.status()
    clock.advance(days=2)
    book._store.add([report(Said("Norway sends 50 more tanks", quantity=50), date="2023-02-15")])
    assert not book.status().equals(before)
    assert book.status(recorded_as_of=START).equals(before)
    assert book.status(recorded_as_of="2025-01-01").equals(before)
    assert book.status(recorded_as_of="2024-12-31").height == 0
    assert book.status(recorded_as_of="2025-01-01T11:59:59Z").height == 0


@pytest.mark.parametrize("asked", [{"as_of": "soon"}, {"recorded_as_of": "2023-99-99T00:00"}])
def test_dates_that_are_none_are_refused(book: Book, asked: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="Write it as 2023-02-14"):
        book.status(**asked)


def test_a_withdrawn_document_leaves_the_ledger_and_comes_back(book: Book, clock: Clock) -> None:
    before = book.status()
    name = norway()[2].document.id
    book.withdraw(name, by="me", note="retracted")
    assert row(book, donor="NOR")["delivered_low"] is None
    assert {one.id: one.state for one in book.documents()}[name] == "withdrawn"
    clock.advance(minutes=1)
    book.restore(name[:9], by="me")
    assert book.status().equals(before)
    with pytest.raises(NotFoundError, match="no document"):
        book.withdraw(str(row(book, donor="NOR")["id"]))


def test_a_purged_document_opens_as_a_tombstone(book: Book) -> None:
    name = norway()[2].document.id
    [norwegian] = book.commitments(donor="NOR")
    gone = norwegian.statements[-1]
    book.purge(name, by="me")
    tombstone = book.why(name)
    assert tombstone.facts["state"] == "purged"
    assert tombstone.facts["sha256"] == norway()[2].document.bytes_sha256
    assert tombstone.children == ()
    with pytest.raises(NotFoundError, match="no longer counts"):
        book.why(gone)


def test_citations_are_ready_to_paste(book: Book) -> None:
    [swedish] = book.commitments(donor="SWE")
    text = book.cite(swedish.id)
    digest = norway()[1].document.bytes_sha256[:12]
    for part in ("Sweden will give ten Leopard 2 tanks", "2023-02-24", digest, "one.txt"):
        assert part in text
    assert "> Sweden will give" in book.cite(swedish.id, "markdown")
    assert book.cite(swedish.id, "bibtex").startswith("@misc{pledgebook-s")
    [record] = json.loads(book.cite(swedish.statements[0], "json"))
    assert record["says"] == "SWE pledged 10 Leopard 2 to UKR"
    assert record["date"] == "2023-02-24"
    assert book.cite(norway()[1].document.id).count("SHA-256") == 1
    assert len(json.loads(book.cite(str(row(book, donor="NOR")["id"]), "json"))) == 3
    with pytest.raises(UsageError, match="markdown"):
        book.cite(swedish.id, "chicago")


def test_citations_escape_what_their_format_would_read(place: str, clock: Clock) -> None:
    sly = "100% of_the $400m {aid} \\ *now* [here]"
    with Book.open(place, clock=clock) as book:
        book._store.add([report(Said(sly, speaker="A & B"))])
        [commitment] = book.commitments()
        bibtex = book.cite(commitment.id, "bibtex")
        markdown = book.cite(commitment.id, "markdown")
    assert r"100\% of\_the \$400m \{aid\} \textbackslash{}" in bibtex
    assert r"A \& B" in bibtex
    assert r"\*now\* \[here\]" in markdown


def test_observations_are_kept_apart(book: Book) -> None:
    [observation] = book.observations()
    assert observation.entry.statement.kind is Kind.STOCK
    assert book.observations(as_of="2023-02-14") == []


def test_money_stands_in_its_own_currency(place: str, clock: Clock) -> None:
    aid = {"category": Category.MILITARY_AID, "designation": None}
    with Book.open(place, clock=clock) as book:
        book._store.add(
            [
                report(Said("a package of 400 million dollars", money=(4e8, "USD"), **aid)),  # type: ignore[arg-type]
                report(Said("one of two billion kroner", money=(2e9, "NOK"), **aid)),  # type: ignore[arg-type]
            ]
        )
        [found] = book.status().rows(named=True)
    assert found["pledged_money"] == [
        {"currency": "NOK", "low": 2e9, "high": 2e9},
        {"currency": "USD", "low": 4e8, "high": 4e8},
    ]
    assert (found["pledged_low"], found["pledged_unknown"]) == (None, 0)


def test_totals_count_the_unknown(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book._store.add(
            [
                report(Said("eight tanks", quantity=8)),
                report(Said("up to another 20 tanks", quantity=(None, 20)), date="2024-06-01"),
                report(Said("in all 30", quantity=30, scope=Scope.TOTAL), date="2024-06-02"),
                report(Said("a further batch of tanks"), date="2024-09-01"),
            ]
        )
        [found] = book.status().rows(named=True)
        notes = [note for node in book.why(found["id"]).walk() for note in node.notes]
    assert (found["pledged_low"], found["pledged_high"], found["pledged_unknown"]) == (8, 28, 1)
    assert any("running total of 30" in note for note in notes)


def test_a_ledger_is_made_once_for_each_state_of_the_book(book: Book, clock: Clock) -> None:
    first = book.ledger()
    assert book.ledger() is first
    clock.advance(days=1)
    assert book.ledger().today == first.today + dt.timedelta(days=1)


def test_real_files_are_read_and_read_once(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "one.txt").write_text(
        "OSLO, Feb. 14, 2023. Norway will send eight tanks to Ukraine.\n"
    )
    (folder / "empty.txt").write_text("")
    told: list[ReadProgress] = []
    with Book.open(place) as book:
        report = book.read(folder, date="2023-02-14", progress=told.append)
        assert (report.documents, report.new) == (1, 1)
        assert [problem.code for problem in report.problems] == ["empty-document"]
        assert told[-1].documents == 1
        again = book.read([str(folder)], date="2023-02-14")
        assert (again.new, again.unchanged, again.statements) == (0, 1, 0)
        [document] = book.documents()
        assert document.date == dt.date(2023, 2, 14)
        assert [problem.code for problem in book.problems()] == ["empty-document"]
        missing = book.read([folder / "missing.txt"])
        assert [problem.code for problem in missing.problems] == ["source-missing"]


def test_additions_to_the_catalogue_lie_beside_the_book(tmp_path: Path) -> None:
    beside = tmp_path / "aid.catalogue.toml"
    with Book.open(tmp_path / "aid.db") as plain:
        digest = plain.catalogue.digest
    beside.write_text('[[item]]\nid = "test-tank"\ndesignation = "Testtank"\ncategory = "tank"\n')
    with Book.open(tmp_path / "aid.db") as book:
        assert book.catalogue.digest != digest
        assert book.catalogue.find_item("Testtank") is not None
    beside.write_text("[[item]\n")
    with (
        Book.open(tmp_path / "aid.db") as book,
        pytest.raises(CatalogueError, match=r"aid\.catalog"),
    ):
        book.status()


def test_the_default_place_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEDGEBOOK_DB", str(tmp_path / "chosen.db"))
    with Book.open() as book:
        assert book.place == str(tmp_path / "chosen.db")
    monkeypatch.delenv("PLEDGEBOOK_DB")
    assert Path(default_place()).name == "book.db"


def test_both_engines_give_the_same_ledger(book: Book, tmp_path: Path, clock: Clock) -> None:
    with Book.open(tmp_path / "other.db", clock=clock) as other:
        other._store.add(reversed(norway()))
        assert other.status().equals(book.status())
        assert other.commitments() == book.commitments()


def test_the_table_is_a_plain_frame(book: Book) -> None:
    frame = book.status()
    assert isinstance(frame, pl.DataFrame)
    assert frame["id"].is_unique().all()
    assert pl.read_json(frame.write_json().encode()).height == frame.height
