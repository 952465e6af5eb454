"""The ledger that follows its book is the one that is built of everything, after every change."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from followed import TREE, Teller, assert_anew, dense, follow, live_of
from hypothesis import given, settings
from hypothesis import strategies as st

from asking_story import asking_story
from making import Clock, Said, document, entries, norway, reading, release, report
from pledgebook.book import Book
from pledgebook.errors import BookError
from pledgebook.ledger.joining.reasons import Reasons
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.live.ledgers import LiveLedger
from pledgebook.ledger.reconcile import Link, reconcile
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category
from shells_story import told as shells_story
from stories import everything

ROOT = Path(__file__).resolve().parent.parent.parent.parent

STORIES: dict[str, Callable[[], list[Reading]]] = {
    "everything": everything,
    "norway": norway,
    "asking": asking_story,
    "shells": lambda: shells_story(stock=True),
}


@pytest.fixture
def live(store: Store, clock: Clock) -> LiveLedger:
    return live_of(store, clock)


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.integers(0, 24), st.integers(1, 10))
def test_a_made_up_book(
    tmp_path_factory: pytest.TempPathFactory, seed: int, documents: int, steps: int
) -> None:
    clock = Clock()
    with Store.open(tmp_path_factory.mktemp("book") / "a.db", clock=clock) as store:
        follow(store, clock, seed, documents, steps)


def test_a_made_up_book_on_each_engine(store: Store, clock: Clock) -> None:
    steps = follow(store, clock, 5, 30, 12)
    assert len(set(steps)) > 5


@pytest.mark.parametrize("story", STORIES)
def test_a_story_told_document_by_document(tmp_path: Path, clock: Clock, story: str) -> None:
    with Store.open(tmp_path / "a.db", clock=clock) as store:
        live = live_of(store, clock)
        teller = Teller(store, clock, 3, ())
        for number, made in enumerate(STORIES[story]()):
            store.add([made])
            assert_anew(live.refresh(), store, clock, (story, number))
        for _ in range(10):
            teller.step(live.refresh())
            assert_anew(live.refresh(), store, clock, (story, teller.steps))


def test_a_stream_of_some_thousand_statements(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    from big_book import readings

    made = list(readings(1_500, 4, TREE))
    with Store.open(tmp_path / "a.db", clock=clock) as store:
        store.add(made[:-4])
        live = live_of(store, clock)
        assert_anew(live.refresh(), store, clock)
        teller = Teller(store, clock, 1, made[-4:])
        for turn in range(3):
            for _ in range(6):
                teller.step(live.refresh())
            assert_anew(live.refresh(), store, clock, (turn, teller.steps))
        assert live.refresh().commitments


def test_nothing_is_made_where_nothing_changed(
    store: Store, live: LiveLedger, clock: Clock
) -> None:
    store.add(norway())
    first = live.refresh()
    assert live.refresh() is first is live.current
    clock.advance(hours=1)
    assert live.refresh() is first
    clock.advance(days=1)
    assert live.refresh() is not first
    assert live.refresh().today == clock().date()


def plain(ledger: Ledger) -> dict[str, Any]:
    """All that a ledger says, apart from the objects that say it."""
    return {one.name: repr(getattr(ledger, one.name)) for one in dataclasses.fields(ledger)}


def test_a_ledger_that_was_handed_out_stays_as_it_was(
    store: Store, live: LiveLedger, clock: Clock
) -> None:
    readings = dense(8, 30)
    store.add(readings[:20])
    teller = Teller(store, clock, 8, readings[20:])
    kept = []
    for _ in range(8):
        ledger = live.refresh()
        kept.append((ledger, copy.deepcopy(plain(ledger))))
        teller.step(ledger)
    assert len({id(ledger) for ledger, _ in kept}) > 2
    for ledger, said in kept:
        assert plain(ledger) == said


def test_rows_that_people_let_in_follow_their_releases(
    store: Store, live: LiveLedger, clock: Clock
) -> None:
    store.add(norway())

    def row(quantity: int) -> Reading:
        made = document(f"Norway: {quantity} Leopard 2", extractor="import:made/1")
        return reading(made, [Said(made.text, quantity=quantity)])

    def judge(kind: Verdict, *groups: Any) -> Judgement:  # noqa: ANN401
        made = Judgement.make(kind, groups, by="a", note="", made_at=clock.advance(seconds=1))
        store.judge(made)
        assert_anew(live.refresh(), store, clock, kind)
        return made

    live.refresh()
    added = store.add_release(release([row(8), row(3)]), by="a")
    assert_anew(live.refresh(), store, clock, "a release")
    eight, three = store.release_entries(added.id)
    report = next(iter(live.refresh().entries.values()))
    same = judge(Verdict.SAME, [eight], [report])
    assert eight.id in live.refresh().entries
    judge(Verdict.COUNTED, [three])
    assert three.id in live.refresh().entries
    store.withdraw(three.document, by="a")
    assert_anew(live.refresh(), store, clock, "a row withdrawn")
    assert three.id not in live.refresh().entries
    store.add_release(release([row(8)], "2023-02", "2023-02-28"), by="a")
    assert_anew(live.refresh(), store, clock, "a newer release")
    store.judge(same.revocation(by="a", note="", made_at=clock.advance(seconds=1)))
    assert_anew(live.refresh(), store, clock, "taken back")
    assert eight.id not in live.refresh().entries


def test_what_was_read_anew_takes_its_judgements_along(
    store: Store, live: LiveLedger, clock: Clock
) -> None:
    said = [Said("Norway will send eight Leopard 2 tanks", quantity=8), Said("Sweden will too")]
    store.add([report(*said)])
    first = live.refresh()
    groups = [[first.entries[name]] for name in first.entries]
    made = Judgement.make(Verdict.WRONG, groups[:1], by="a", note="", made_at=clock())
    store.judge(made)
    assert len(live.refresh().entries) == 1
    store.add([report(dataclasses.replace(said[0], quantity=9), said[1], version="9")])
    assert_anew(live.refresh(), store, clock, "read anew")
    assert [one.id for one in live.refresh().decisions.applied] == [made.id]


def test_what_is_overdue_follows_the_day(store: Store, live: LiveLedger, clock: Clock) -> None:
    clock.now = dt.datetime(2023, 11, 1, tzinfo=dt.UTC)
    store.add(norway())
    seen = []
    for _ in range(3):
        ledger = live.refresh()
        assert_anew(ledger, store, clock, clock.now)
        seen.append(sum(one.overdue for one in ledger.commitments))
        clock.advance(days=45)
    assert seen[0] < seen[-1]
    clock.now = dt.datetime(2023, 11, 1, tzinfo=dt.UTC)
    assert_anew(live.refresh(), store, clock, "a clock that was put back")
    assert sum(one.overdue for one in live.refresh().commitments) == seen[0]


def test_parts_follow_what_was_judged_of_others(
    store: Store, live: LiveLedger, clock: Clock
) -> None:
    """An item lies in the package named last: where that one goes, in the one before."""
    aid: dict[str, Any] = {"category": Category.MILITARY_AID, "designation": None}
    store.add(
        [
            report(
                Said("Norway gives a package worth 100 million euros", money=(1e8, "EUR"), **aid),
                Said("Norway gives another worth 250 million euros", money=(2.5e8, "EUR"), **aid),
                Said("eight Leopard 2 tanks", quantity=8),
            )
        ]
    )

    def judge(kind: Verdict, *groups: Any) -> Judgement:  # noqa: ANN401
        made = Judgement.make(kind, groups, by="a", note="", made_at=clock.advance(seconds=1))
        store.judge(made)
        assert_anew(live.refresh(), store, clock, kind)
        return made

    def wholes() -> list[str]:
        [tanks] = [one for one in live.refresh().commitments if one.designation]
        return [part.whole for part in tanks.wholes]

    first, second, tanks = live.refresh().entries.values()
    assert wholes() == ["c" + second.id[1:]]
    different = judge(Verdict.DIFFERENT, [second], [tanks])
    assert wholes() == []
    store.judge(different.revocation(by="a", note="", made_at=clock.advance(seconds=1)))
    assert_anew(live.refresh(), store, clock, "taken back")
    assert wholes() == ["c" + second.id[1:]]
    judge(Verdict.WRONG, [second])
    assert wholes() == ["c" + first.id[1:]]


def test_a_part_of_a_sum_follows_its_fellow_parts(
    store: Store, live: LiveLedger, clock: Clock
) -> None:
    """Two amounts add up to a third: without the one, the other is a part no longer."""

    def said(quote: str, money: float, category: Category) -> Said:
        return Said(quote, money=(money, "EUR"), category=category, designation=None)

    store.add(
        [
            report(
                said("Norway gives 100 million euros", 1e8, Category.MIXED_AID),
                said("sixty million for arms", 6e7, Category.MILITARY_AID),
                said("forty million for food", 4e7, Category.HUMANITARIAN_AID),
            )
        ]
    )
    ledger = live.refresh()
    assert_anew(ledger, store, clock)
    assert [len(one.wholes) for one in ledger.commitments] == [0, 1, 1]
    food = list(ledger.entries.values())[2]
    store.judge(Judgement.make(Verdict.WRONG, [[food]], by="a", note="", made_at=clock()))
    assert_anew(live.refresh(), store, clock)
    assert [len(one.wholes) for one in live.refresh().commitments] == [0, 0]


def test_after_a_failure_all_is_made_anew(
    store: Store, live: LiveLedger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(norway()[:2])
    live.refresh()
    store.add(norway()[2:])
    with monkeypatch.context() as patched:

        def fail(*_: object) -> None:
            raise RuntimeError

        patched.setattr("pledgebook.ledger.live.telling.Telling.follow", fail)
        with pytest.raises(RuntimeError):
            live.refresh()
    assert live.current is None
    assert_anew(live.refresh(), store, clock)


def test_a_large_change_is_read_as_a_whole(
    store: Store, live: LiveLedger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pledgebook.ledger.live.source._MANY", 5)
    readings = dense(2, 24)
    store.add(readings[:4])
    live.view()
    store.add(readings[4:])
    assert_anew(live.refresh(), store, clock)
    assert live.view().ledger is live.current


def test_many_threads_judge_and_look(tmp_path: Path) -> None:
    """Readers always see a whole ledger; in the end all that was judged is in it."""
    with Book.open(tmp_path / "a.db", clock=Clock()) as book:
        book.store.add(dense(6, 40))
        names = [one.statements[0] for one in book.ledger().commitments[:12]]
        faults: list[BaseException] = []

        def work(do: Callable[[int], object], number: int) -> None:
            try:
                for turn in range(6):
                    do(number + turn)
            except BaseException as fault:  # noqa: BLE001 - told below, on the main thread
                faults.append(fault)

        def judge(number: int) -> None:
            book.judge("accepted", names[number % len(names)], note=threading.current_thread().name)

        def look(number: int) -> None:
            ledger = book.ledger(as_of="2024-05-01" if number % 4 == 0 else None)
            known = {one.id for one in ledger.commitments}
            assert set(ledger.home.values()) == known
            view = book.live.view()
            assert len(view.commitments()) == len(view.ledger.commitments)

        threads = [
            threading.Thread(target=work, args=(judge if number % 3 == 0 else look, number))
            for number in range(24)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults
        assert len(book.judgements()) == 48
        assert len(book.ledger().decisions.applied) == 48


def test_reasons_in_words_are_those_of_a_tuple() -> None:
    groups = reconcile(entries(norway()), TREE)
    links = [link for group in groups for link in group.links.values() if link.to]
    assert links
    for link in links:
        reasons = link.reasons
        assert isinstance(reasons, Reasons)
        told = tuple(reasons)
        assert told
        assert reasons == told == reasons.told()
        assert link == dataclasses.replace(link, reasons=told)
        assert hash(link) == hash(Link(link.statement, link.score, link.to, told, link.judged))
        assert reasons[0] == told[0]
        assert reasons[1:] == told[1:]
        assert reasons != told[1:]
        assert repr(reasons) == repr(told)


def test_who_does_not_wait_is_shown_the_last_where_the_next_takes_long(
    store: Store, live: LiveLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pledgebook.ledger.live.ledgers._SLOW", -1.0)
    store.add(norway()[:1])
    first = live.view(wait=False)
    assert live.view(wait=False) is first
    store.add(norway()[1:])
    # Once some change of it took long; the first view, of everything, tells nothing of that.
    assert live.view(wait=False) is first
    assert live.view() is live.view(wait=False) is not first
    store.add(everything())
    second, pause = live.current_view, threading.Event()
    assert live.view(wait=False) is second
    while live.view(wait=False) is second:
        pause.wait(0.005)
    assert live.view(wait=False) is live.view()


def test_nobody_is_shown_what_was_right_long_ago(
    store: Store, live: LiveLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pledgebook.ledger.live.ledgers._SLOW", -1.0)
    monkeypatch.setattr("pledgebook.ledger.live.ledgers._A_MOMENT", -1.0)
    store.add(norway()[:1])
    first = live.view(wait=False)
    store.add(norway()[1:])
    assert live.view(wait=False) is live.view() is not first


def test_what_fails_beside_is_told_to_the_next_who_asks(
    store: Store, live: LiveLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(norway()[:1])
    first, pause = live.view(), threading.Event()
    store.add(norway()[1:])

    def ask() -> None:
        while live.view(wait=False) is first:
            pause.wait(0.005)

    with monkeypatch.context() as patched:

        def fail(*_: object) -> None:
            raise BookError("the disk is gone")

        patched.setattr("pledgebook.ledger.live.telling.Telling.follow", fail)
        live._took = 1.0
        assert live.view(wait=False) is first
        with pytest.raises(BookError, match="the disk is gone"):
            ask()
    assert live.view(wait=False) is not first
