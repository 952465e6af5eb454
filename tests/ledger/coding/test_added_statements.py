"""What a person adds is a statement like any other, at its words, for as long as they say so."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from making import CODER, DIGEST, Clock, Said, document, norway, reading
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.causes import Cause
from pledgebook.ledger.coding.additions import addition, is_sound, new_statement
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.records import Reading, statement_ids
from pledgebook.ledger.stages import Stage

TEXT = "Norway will send eight Leopard 2 tanks. Finland follows with six Leopard 2 tanks."
WORDS = "Finland follows with six Leopard 2 tanks"
FIELDS: dict[str, Any] = {
    "kind": "pledge",
    "actors": ["FIN"],
    "recipient": "UKR",
    "item": {"category": "tank", "designation": "Leopard 2"},
    "quantity": {"low": 6, "high": 6},
}
READ = Said("Norway will send eight Leopard 2 tanks", quantity=8)
FINLAND = Said(WORDS, actors=("FIN",), quantity=6)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(place: str, clock: Clock) -> Iterator[Book]:
    with Book.open(place, clock=clock) as opened:
        opened.store.add([reading(document(TEXT), [READ])])
        yield opened


def add(book: Book, by: str = "ann", **changes: Any) -> Judgement:  # noqa: ANN401
    [made] = [one for one in book.documents() if one.state == "shown"]
    text = book.coding.text(made.id)
    start = text.index(WORDS)
    return book.add_statement(made.id, start, start + len(WORDS), FIELDS | changes, by=by)


def name_of(made: Judgement) -> str:
    return made.subjects[0].statement


def reread(book: Book, *said: Said, version: str = "2") -> None:
    book.store.add([reading(document(TEXT), said, version=version)])


def test_it_counts_and_opens_down_to_its_words(book: Book) -> None:
    made = add(book)
    [finland] = [one for one in book.commitments() if one.donors == ("FIN",)]
    assert finland.statements == (name_of(made),)
    assert finland.stages[Stage.PLEDGED].quantity == Interval(6, 6)
    opened = book.why(name_of(made)[:9])
    assert opened.quote is not None
    assert opened.quote.text == WORDS
    assert opened.facts["added by"] == "ann"
    assert opened.notes == (f"judged: {made.id}",)
    assert opened.statement is not None
    assert opened.statement.rule == "added by ann"
    assert book.why(made.id).children[0].id == name_of(made)
    entry = book.ledger().entries[name_of(made)]
    assert TEXT[entry.statement.evidence.start : entry.statement.evidence.end] == WORDS


@pytest.mark.parametrize(
    ("start", "end", "changes", "says"),
    [
        (0, 0, {}, "no piece"),
        (5, 4, {}, "no piece"),
        (-1, 4, {}, "no piece"),
        (0, len(TEXT) + 1, {}, "no piece"),
        (38, 40, {}, "^"),
        (39, 40, {}, "blank"),
        (0, 6, {"kind": "gift"}, "kind"),
        (0, 6, {"quantity": {"low": 7, "high": 6}}, "above high"),
        (0, 6, {"actors": ["UKR", "FIN"]}, "sorted"),
        (0, 6, {"when": "soon"}, "when"),
        (0, 6, {"score": 2}, "no field 'score'"),
        (0, 6, {"evidence": {}}, "no field 'evidence'"),
    ],
)
def test_a_span_outside_the_text_and_odd_fields_are_refused(
    start: int, end: int, changes: dict[str, Any], says: str
) -> None:
    if says == "^":
        assert new_statement("d", TEXT, start, end, FIELDS, "ann").evidence.quote == ". "
        return
    with pytest.raises(UsageError, match=says) as caught:
        new_statement("d", TEXT, start, end, FIELDS | changes, "ann")
    assert caught.value.mend


def test_a_field_that_is_needed_is_asked_for() -> None:
    with pytest.raises(UsageError, match="item"):
        new_statement("d", TEXT, 0, 6, {"kind": "pledge", "actors": ["FIN"]}, "ann")


def test_what_is_there_already_is_not_added(book: Book) -> None:
    first = add(book)
    with pytest.raises(UsageError, match=f"{name_of(first)} says the same"):
        add(book)
    [made] = book.documents()
    fields = {**FIELDS, "actors": ["NOR"], "quantity": {"low": 8, "high": 8}}
    with pytest.raises(UsageError, match="says the same"):
        book.add_statement(made.id, 0, 30, fields, by="ann")
    with pytest.raises(NotFoundError):
        book.add_statement("d00000", 0, 30, fields, by="ann")


def test_two_people_who_add_the_same_add_one(book: Book, clock: Clock) -> None:
    first = add(book)
    clock.advance(minutes=1)
    second = add(book, by="bob")
    assert name_of(first) == name_of(second)
    assert first.id != second.id
    assert len(book.ledger().entries) == 2
    book.revoke(first.id, by="ann")
    assert book.ledger().entries[name_of(first)].added == "bob"
    book.revoke(second.id, by="bob")
    assert name_of(first) not in book.ledger().entries


def test_it_is_corrected_judged_wrong_joined_and_parted_like_any_other(
    book: Book, clock: Clock
) -> None:
    name = name_of(add(book))
    [norway] = [one for one in book.ledger().entries if one != name]
    clock.advance(minutes=1)
    book.judge("corrected", name, by="bob", changes={"quantity": {"low": 7, "high": 7}})
    [finland] = [one for one in book.commitments() if "FIN" in one.donors]
    assert finland.stages[Stage.PLEDGED].quantity == Interval(7, 7)
    clock.advance(minutes=1)
    same = book.judge("same", name, norway, by="bob")
    assert book.ledger().home[name] == book.ledger().home[norway]
    clock.advance(minutes=1)
    book.revoke(same.id)
    book.judge("different", name, norway, by="bob")
    assert book.ledger().home[name] != book.ledger().home[norway]
    wrong = book.judge("wrong", name, by="bob")
    assert name not in book.ledger().entries
    clock.advance(minutes=1)
    book.revoke(wrong.id)
    assert name in book.ledger().entries


def test_taken_back_the_book_is_as_before(book: Book, clock: Clock) -> None:
    before = book.ledger()
    made = add(book)
    assert book.ledger() != before
    clock.advance(minutes=1)
    back = book.revoke(made.id, by="ann")
    assert dataclasses.replace(book.ledger(), today=before.today) == before
    with pytest.raises(NotFoundError, match="no longer counts"):
        book.why(name_of(made))
    clock.advance(minutes=1)
    book.revoke(back.id, by="ann")
    assert name_of(made) in book.ledger().entries


def test_it_stays_through_new_readings_and_becomes_one_with_what_they_find(book: Book) -> None:
    name = name_of(add(book))
    reread(book, version="2")
    assert set(book.ledger().entries) == {name}
    reread(book, READ, dataclasses.replace(FINLAND, quote="follows with six"), version="3")
    ledger = book.ledger()
    [found] = [one for one in ledger.entries.values() if one.statement.actors == ("FIN",)]
    assert found.added is None
    assert found.id != name
    assert ledger.decisions.stranded == ()
    assert book.why(name).id == found.id


def test_read_with_other_fields_it_is_still_counted_once(book: Book) -> None:
    add(book)
    reread(book, READ, dataclasses.replace(FINLAND, when="2023-03"))
    [finland] = [one for one in book.commitments() if one.donors == ("FIN",)]
    assert len(finland.statements) == 2
    assert finland.stages[Stage.PLEDGED].quantity == Interval(6, 6)


@pytest.mark.parametrize("read", [True, False])
def test_it_moves_to_the_text_of_a_newer_extractor(book: Book, read: bool) -> None:
    name = name_of(add(book))
    old = document(TEXT)
    newer = document(f"A head line\n{TEXT}", bytes_sha256=old.bytes_sha256, extractor="text/2")
    book.store.add([reading(newer, [READ] if read else [])])
    entry = book.ledger().entries[name]
    assert entry.document == newer.id
    assert entry.statement.evidence.quote == WORDS
    assert entry.statement.evidence.start == newer.text.index(WORDS)


def test_it_is_stranded_where_its_words_are_gone_or_hidden(book: Book) -> None:
    made = add(book)
    [stored] = book.documents()
    book.withdraw(stored.id)
    assert book.ledger().entries == {}
    assert book.ledger().decisions.state(made) == "stranded"
    book.restore(stored.id)
    assert book.ledger().decisions.state(made) == "in force"
    old = document(TEXT)
    newer = document("All is new.", bytes_sha256=old.bytes_sha256, extractor="text/2")
    book.store.add([reading(newer, [])])
    assert book.ledger().decisions.state(made) == "stranded"
    assert book.ledger().entries == {}


def test_a_purge_takes_its_words(book: Book) -> None:
    made = add(book)
    [stored] = book.documents()
    book.purge(stored.id, by="ann")
    assert book.ledger().entries == {}
    assert book.why(made.id).children == ()
    with pytest.raises(NotFoundError):
        book.why(name_of(made))
    with pytest.raises(UsageError, match="purged"):
        book.add_statement(stored.id, 0, 6, FIELDS, by="ann")


def test_both_clocks_and_what_changed(book: Book, clock: Clock) -> None:
    then = clock.now
    clock.advance(days=1)
    made = add(book)
    name = name_of(made)
    assert name not in book.ledger(recorded_as_of=then).entries
    assert name in book.ledger(recorded_as_of=clock.now).entries
    assert name not in book.ledger(as_of="2023-02-13").entries
    assert name in book.ledger(as_of="2023-02-14").entries
    recorded = book.diff(then, recorded=True).changes
    [report] = [one for change in recorded.changes for one in change.reports]
    assert (report.cause, report.after and report.after.id) == (Cause.ADDED, name)
    assert report.judgements == (made.id,)
    assert recorded.judged == (made,)
    published = book.diff("2023-02-13", "2023-02-14").changes
    causes = {one.cause for change in published.changes for one in change.reports}
    assert causes == {Cause.REPORTED}
    here = clock.now
    clock.advance(days=1)
    book.revoke(made.id, by="ann")
    back = book.diff(here, recorded=True).changes
    [report] = [one for change in back.changes for one in change.reports]
    assert (report.cause, report.judgements) == (Cause.UNADDED, (made.id,))


def test_an_added_stock_is_an_observation(book: Book) -> None:
    from pledgebook.ledger.told import observed

    name = name_of(add(book, kind="stock", recipient=None))
    assert name in {one.id for one in book.observations()}
    assert [one.id for one in observed(book.store)] == [name]


def test_accepted_changes_nothing_and_is_shown(told: Book) -> None:
    before = told.ledger()
    [first, second] = list(before.entries)[:2]
    made = told.judge("accepted", first, second, by="ann")
    after = told.ledger()
    assert after.commitments == before.commitments
    assert after.entries == before.entries
    assert after.decisions.state(made) == "in force"
    assert told.why(first).facts["accepted by"] == "ann"
    assert told.why(made.id).title.startswith("accepted")
    for kind in (Verdict.ADDED, Verdict.CODED):
        with pytest.raises(UsageError, match="of a document"):
            told.judge(kind, first)


def test_its_judgement_is_held_against_what_it_names() -> None:
    made = document(TEXT)
    start = TEXT.index(WORDS)
    statement = new_statement(made.id, TEXT, start, start + len(WORDS), FIELDS, "ann")
    judgement = addition(statement, by="ann", note="", made_at=dt.datetime.now(dt.UTC))
    assert is_sound(judgement)
    [subject] = judgement.subjects
    assert statement_ids(made.id, [statement]) == [subject.statement]
    for other in (
        {"subjects": (subject.model_copy(update={"statement": "s" + "0" * 20}),)},
        {"subjects": (subject.model_copy(update={"start": subject.start + 1}),)},
        {"subjects": (subject, subject)},
        {"changes": {**judgement.changes, "status": "tentative"}},
        {"changes": {**judgement.changes, "kind": "gift"}},
        {"changes": {**judgement.changes, "score": 0.5}},
    ):
        assert not is_sound(judgement.model_copy(update=other))


@settings(max_examples=30)
@given(st.text(min_size=1, max_size=40), st.data())
def test_any_words_of_any_text_come_back_as_they_stand(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if not text[start:end].strip():
        with pytest.raises(UsageError):
            new_statement("d", text, start, end, FIELDS, "ann")
        return
    statement = new_statement("d", text, start, end, FIELDS, "ann")
    made = addition(statement, by="ann", note="", made_at=dt.datetime.now(dt.UTC))
    assert is_sound(Judgement.from_row(made.to_row()))
    assert statement.evidence.quote == text[start:end]


def test_the_order_of_readings_and_additions_does_not_matter(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book.store.add([reading(document(TEXT), [READ])])
        made = add(book)
        book.store.add(norway())
        expected = book.ledger()
    other_place = place if "://" in place else place + ".other"
    if other_place == place:
        return
    with Book.open(other_place, clock=clock) as other:
        other.store.add(norway())
        other.store.take([made])
        other.store.add(
            [Reading(document(TEXT), (READ.statement(document(TEXT)),), CODER, "1", DIGEST)]
        )
        assert other.ledger().commitments == expected.commitments
