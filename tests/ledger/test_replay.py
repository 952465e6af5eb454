"""Every prefix of a story is what a book would say that knows no more; and diffs lead through it.

By day of publication, by the time at which the book learnt of it, and in any order of reading.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_stories import stories
from making import Clock, Said, norway, report
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.changes import compare, put_into_effect
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Kind, Scope
from stories import everything

CORPUS = stories()
FAR = dt.date(2031, 1, 1)


def invented() -> list[Reading]:
    """A story with a merge, a split, a running total, a refusal and an undated report."""
    return [
        *everything(),
        report(Said("Norway sends eight tanks", quantity=8), date="2023-07-01"),
        report(
            Said("the forty tanks that were promised", quantity=40, scope=Scope.BACKGROUND),
            date="2023-07-20",
        ),
        report(Said("forty tanks from Oslo", quantity=40), date="2023-07-10"),
        report(Said("Oslo refuses them now", kind=Kind.REFUSAL), date="2023-09-01"),
        report(Said("in all 50 tanks from Norway", quantity=50, scope=Scope.TOTAL), date=None),
    ]


@contextlib.contextmanager
def book_of(path: Path, clock: Clock, readings: Sequence[Reading] = ()) -> Iterator[Book]:
    with Store.open(path, clock=clock) as store:
        store.add(readings)
    with Book.open(path, clock=clock) as book:
        yield book


def days_of(readings: Sequence[Reading]) -> list[dt.date]:
    """The days on which the story says more, and one long after."""
    return [*sorted({one.document.date for one in readings if one.document.date}), FAR]


def published(readings: Sequence[Reading], day: dt.date) -> list[Reading]:
    return [one for one in readings if one.document.date is None or one.document.date <= day]


def by_id(commitments: Sequence[Commitment]) -> dict[str, Commitment]:
    return {one.id: one for one in commitments}


def assert_the_same(one: Ledger, other: Ledger) -> None:
    # Compared part by part: a difference is then told in a few lines.
    for field in dataclasses.fields(Ledger):
        assert getattr(one, field.name) == getattr(other, field.name), field.name


def assert_prefixes(folder: Path, readings: Sequence[Reading], days: Sequence[dt.date]) -> None:
    """Hold the ledger of each day against a book that only ever held what was there by then.

    And lead from nothing to the end by what changed from day to day.
    """
    clock = Clock()
    told: list[Commitment] = []
    names: set[str] = set()
    with (
        book_of(folder / "whole.db", clock, readings) as whole,
        book_of(folder / "grown.db", clock) as grown,
    ):
        before = grown.ledger(as_of=dt.date(1990, 1, 1))
        for day in days:
            grown._store.add(published(readings, day))
            after = whole.ledger(as_of=day)
            assert_the_same(after, grown.ledger(as_of=day))
            changes = compare(before, after)
            told = put_into_effect(told, changes)
            assert by_id(told) == by_id(after.commitments)
            assert_reports(before, after)
            names |= set(by_id(after.commitments))
            before = after
        last = whole.ledger(as_of=days[-1])
        assert by_id(told) == by_id(last.commitments)
        # An id that was given on any day still opens what its first report now belongs to.
        for name in sorted(names):
            assert "s" + name[1:] in whole.why(name, as_of=days[-1]).model_dump_json()


def assert_reports(before: Ledger, after: Ledger) -> None:
    """Every report that came is in the changes once, with no other."""
    changes = compare(before, after)
    found = [one for change in changes.changes for one in change.reports]
    new = [one.entry.id for one in (*found, *changes.observations) if one.before is None]
    checked = {one.statement for one in after.checks} | {one.statement for one in before.checks}
    assert len(new) == len(set(new))
    assert set(new) <= set(after.entries) - set(before.entries)
    assert set(after.entries) - set(before.entries) <= set(new) | checked


@pytest.mark.skipif(not CORPUS, reason="the coded stories are not on this machine")
@pytest.mark.parametrize("name", sorted(CORPUS))
def test_every_prefix_of_a_coded_story(tmp_path: Path, name: str) -> None:
    readings = CORPUS[name]
    assert_prefixes(tmp_path, readings, days_of(readings))


@pytest.mark.skipif(not CORPUS, reason="the coded stories are not on this machine")
@pytest.mark.parametrize("part", ["a-", "b-"])
def test_prefixes_of_many_stories_told_at_once(tmp_path: Path, part: str) -> None:
    readings = [one for name, some in CORPUS.items() if name.startswith(part) for one in some]
    days = days_of(readings)
    assert_prefixes(tmp_path, readings, [*days[:: len(days) // 4], FAR])


def test_every_prefix_of_an_invented_story(tmp_path: Path) -> None:
    readings = invented()
    assert_prefixes(tmp_path, readings, days_of(readings))


Act = tuple[str, int, int]
acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["read", "read", "withdraw", "restore", "same", "different", "wrong", "corrected",
             "revoke", "reread"]
        ),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=4,
    max_size=14,
)  # fmt: skip


def act(book: Book, readings: list[Reading], step: Act) -> None:
    """Do one thing to a book, if there is anything to do it to."""
    kind, first, second = step
    ids = sorted(book.ledger(as_of=FAR).entries)
    documents = book.documents()
    judgements = book.judgements()
    with contextlib.suppress(UsageError):
        match kind:
            case "read" if readings:
                book._store.add([readings.pop(0)])
            case "reread" if documents:
                name = documents[first % len(documents)].id
                old = next(one for one in invented() if one.document.id == name)
                # A newer coder finds all but one statement, and each of them in fewer words.
                fewer = [
                    one.model_copy(update={"evidence": _shorter(one.evidence)})
                    for one in old.statements
                ]
                del fewer[second % len(fewer)]
                version = str(len(book.judgements()) + 2)
                book._store.add([dataclasses.replace(old, statements=tuple(fewer),
                                                     coder_version=version)])  # fmt: skip
            case "withdraw" if documents:
                book.withdraw(documents[first % len(documents)].id, by="me")
            case "restore" if documents:
                book.restore(documents[first % len(documents)].id, by="me")
            case "revoke" if judgements:
                book.revoke(judgements[first % len(judgements)].id, by="me")
            case "same" | "different" if ids:
                book.judge(kind, ids[first % len(ids)], ids[second % len(ids)], by="me")
            case "wrong" if ids:
                book.judge(kind, ids[first % len(ids)], by="me")
            case "corrected" if ids:
                changes = {"quantity": {"low": float(second), "high": None}}
                book.judge(kind, ids[first % len(ids)], by="me", changes=changes)


def _shorter(evidence: object) -> object:
    from pledgebook.vocabulary.statement import Evidence

    assert isinstance(evidence, Evidence)
    return Evidence(
        document=evidence.document,
        start=evidence.start,
        end=evidence.end - 1,
        quote=evidence.quote[:-1],
    )


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts, st.randoms(use_true_random=False))
def test_every_moment_of_a_book_can_be_asked_for_again(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Act], chance: random.Random
) -> None:
    """By the recorded clock, whatever was read, hidden, judged and taken back since."""
    clock = Clock()
    readings = invented()
    chance.shuffle(readings)
    with book_of(tmp_path_factory.mktemp("book") / "aid.db", clock) as book:
        seen: list[tuple[dt.datetime, Ledger]] = [(clock.now, book.ledger(as_of=FAR))]
        for step in steps:
            clock.advance(hours=7)
            act(book, readings, step)
            seen.append((clock.now, book.ledger(as_of=FAR)))
        told: list[Commitment] = []
        before = seen[0][1]
        for moment, ledger in seen:
            again = book.ledger(as_of=FAR, recorded_as_of=moment)
            assert_the_same(again, ledger)
            changes = compare(before, ledger)
            told = put_into_effect(told, changes)
            assert by_id(told) == by_id(ledger.commitments)
            before = ledger
        # Ids still open as long as their statement counts; one that does not says so.
        for _, ledger in seen:
            for name in by_id(ledger.commitments):
                if "s" + name[1:] in before.home:
                    assert book.why(name, as_of=FAR).kind == "commitment"
                elif any(one.statement == "s" + name[1:] for one in before.checks):
                    # A running total that stood alone until others were found.
                    assert book.why(name, as_of=FAR).kind == "statement"
                else:
                    with contextlib.suppress(NotFoundError):
                        assert book.why(name, as_of=FAR).kind == "commitment"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts, st.randoms(use_true_random=False))
def test_neither_the_order_of_reading_nor_what_is_read_later_matters(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Act], chance: random.Random
) -> None:
    """Prefixes by day again, with judgements, in a book that read the same in another order."""
    clock = Clock()
    folder = tmp_path_factory.mktemp("books")
    readings = invented()
    with (
        book_of(folder / "one.db", clock, readings) as one,
        book_of(folder / "two.db", clock) as two,
    ):
        for step in steps:
            if step[0] not in ("reread", "withdraw", "restore"):
                clock.advance(minutes=1)
                act(one, [], step)
        one.export_judgements(folder / "judgements.jsonl")
        two.import_judgements(folder / "judgements.jsonl")
        for day in [dt.date(2023, 3, 1), dt.date(2023, 7, 15), FAR]:
            some = published(readings, day)
            chance.shuffle(some)
            # On the day on which the first book read them, for the sake of those without a date.
            two._store.add(some)
            here, there = one.ledger(as_of=day), two.ledger(as_of=day)
            assert by_id(here.commitments) == by_id(there.commitments)
            assert here.checks == there.checks
            assert here.decisions.same == there.decisions.same
            assert here.decisions.different == there.decisions.different
            assert here.decisions.wrong == there.decisions.wrong


def test_the_small_story_leads_from_nothing_to_the_end(tmp_path: Path) -> None:
    assert_prefixes(tmp_path, norway(), days_of(norway()))
