"""What the overview says, worked out of a view: no browser, no server."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from making import Clock, Said, report
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import What
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED
from pledgebook.ledger.store import Store
from pledgebook.ledger.totals import money_total
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind
from pledgebook.web.balance.desk import Desk
from pledgebook.web.changed import changed
from pledgebook.web.commitment.listing import SORTS, listed, page_of
from pledgebook.web.commitment.rows import commitment_table
from pledgebook.web.commitment.timeline import timeline_of
from pledgebook.web.keeping import Kept
from pledgebook.web.live import EVERYTHING, Live, View, Wanted
from pledgebook.web.overview.ahead import Lookout
from pledgebook.web.overview.choices import choices_of
from pledgebook.web.overview.days import coded, days_of
from pledgebook.web.overview.drawing import items_chart, months_chart, steps
from pledgebook.web.overview.gathering import LISTED, items_of, months_of, overview_of
from pledgebook.web.wording import Wording


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A book of `stories.everything`, for the whole module."""
    from stories import everything

    path = tmp_path_factory.mktemp("figures") / "aid.db"
    with Store.open(path, clock=Clock()) as store:
        store.add(everything())
    with Book.open(path, clock=Clock()) as found:
        yield found


@pytest.fixture(scope="module")
def view(book: Book) -> View:
    return Live(book).view()


# Kept


def test_a_question_is_worked_out_once_for_all_who_ask() -> None:
    kept, begun, go_on = Kept(), threading.Event(), threading.Event()
    made: list[int] = []

    def make() -> int:
        begun.set()
        assert go_on.wait(10)
        made.append(1)
        return 7

    answers: list[int] = []
    askers = [
        threading.Thread(target=lambda: answers.append(kept.get("q", make))) for _ in range(4)
    ]
    askers[0].start()
    assert begun.wait(10)
    for asker in askers[1:]:
        asker.start()
    go_on.set()
    for asker in askers:
        asker.join(10)
    assert answers == [7, 7, 7, 7]
    assert made == [1]


def test_no_more_answers_are_kept_than_there_is_room_for() -> None:
    kept = Kept(most=2)
    for question in "abca":
        kept.get(question, lambda question=question: question)  # type: ignore[misc]
    assert len(kept) == 2
    assert kept.get("a", lambda: "made anew") == "a"
    assert kept.get("b", lambda: "made anew") == "made anew"


def test_what_failed_is_tried_again() -> None:
    kept = Kept()

    def fails() -> str:
        raise NotFoundError("nothing is known as that")

    with pytest.raises(NotFoundError):
        kept.get("q", fails)
    assert kept.get("q", lambda: "found") == "found"


def worked(seconds: float) -> None:
    """Use up processor time of this thread."""
    start = time.thread_time()
    while time.thread_time() - start < seconds:
        sum(range(1_000))


def test_what_takes_long_is_worked_out_beside() -> None:
    """A slow answer of a moment ago is given at once, and said to be that; the new one comes."""
    kept, begun, go_on = Kept(), threading.Event(), threading.Event()

    def first() -> str:
        worked(0.03)
        return "first"

    def second() -> str:
        begun.set()
        assert go_on.wait(10)
        return "second"

    assert kept.lately("q", 1, first) == ("first", True)
    assert kept.lately("q", 1, second) == ("first", True)
    assert kept.lately("q", 2, second) == ("first", False)
    # It is begun when the first has been of use for a while, by somebody who asks then.
    while not begun.wait(0.01):
        assert kept.lately("q", 2, second) == ("first", False)
    assert kept.lately("q", 2, second) == ("first", False)
    go_on.set()
    # Whoever asks for that very view by `get` waits for the same work.
    waited: tuple[str, float] = kept.get(("q", 2), lambda: ("never", 0.0))
    assert waited[0] == "second"
    done = threading.Event()
    while not done.wait(0.01):
        answer, fresh = kept.lately("q", 2, second)
        if fresh:
            done.set()
    assert answer == "second"


def test_what_is_quick_is_always_new() -> None:
    kept = Kept()
    for number in range(1, 4):
        assert kept.lately("q", number, lambda number=number: number) == (number, True)  # type: ignore[misc]


def test_a_slow_answer_is_not_put_out_by_quick_ones() -> None:
    kept = Kept(most=3)

    def slow() -> str:
        worked(0.03)
        return "slow"

    def never() -> str:
        raise AssertionError("it is not to be worked out by whoever asks")

    assert kept.lately("slow", 1, slow) == ("slow", True)
    for number in range(10):
        assert kept.lately(("quick", number), 1, lambda number=number: number)[1]  # type: ignore[misc]
    assert kept.lately("slow", 2, never) == ("slow", False)


def test_what_is_asked_for_again_and_again_stays() -> None:
    kept = Kept(most=2)

    def slow() -> float:
        worked(0.03)
        return time.monotonic()

    often, _ = kept.lately("often", 1, slow)
    seldom, _ = kept.lately("seldom", 1, slow)
    # Also an answer of a moment ago is one that somebody asked for.
    assert kept.lately("often", 2, slow) == (often, False)
    kept.lately("new", 2, slow)
    assert kept.lately("often", 3, slow) == (often, False)
    again, fresh = kept.lately("seldom", 3, slow)
    assert fresh
    assert again > seldom


def test_what_fails_beside_is_told_to_the_next() -> None:
    kept = Kept()

    def slow() -> str:
        worked(0.03)
        return "well"

    def fails() -> str:
        raise NotFoundError("nothing is known as that")

    kept.lately("q", 1, slow)
    told, pause = "well", threading.Event()
    while told == "well":
        pause.wait(0.005)
        try:
            told, _ = kept.lately("q", 2, fails)
        except NotFoundError as error:
            told = error.what
    assert told == "nothing is known as that"


# The overview


def test_the_overview_counts_and_lists(view: View) -> None:
    found, _ = overview_of(view, EVERYTHING, Kept())
    assert found.total == len(view.ledger.commitments) == 13
    assert [one.item for one in found.overdue] == ["F-16"]
    assert [clash.commitment.item for clash in found.clashes] == ["Leopard 2"]
    assert {line.sums.category for line in found.categories} == {
        one.category.value for one in view.ledger.commitments
    }
    assert sum(line.commitments or 0 for line in found.categories) == found.total
    assert sum(line.overdue or 0 for line in found.categories) == 1
    assert found.reached[Stage.PLEDGED] == sum(
        Stage.PLEDGED in one.stages for one in view.ledger.commitments
    )
    # Nobody told how many helmets Germany promised, nor how large its package is in things.
    assert found.unknown[Stage.PLEDGED] == 1
    for stage in COUNTED:
        assert found.money[stage] == money_total(view.ledger.commitments, stage)
    assert found.money[Stage.PLEDGED]["EUR"].low == 200_000_000


def test_a_narrowed_overview_is_that_of_what_fits(view: View) -> None:
    kept = Kept()
    found, _ = overview_of(view, Wanted(donor="Germany", item="artillery"), kept)
    assert [line.sums.category for line in found.categories] == ["artillery"]
    assert found.total == 1
    assert overview_of(view, Wanted(donor="Germany", item="artillery"), kept) == (found, True)
    with pytest.raises(NotFoundError, match="Atlantis"):
        overview_of(view, Wanted(donor="Atlantis"), kept)


def test_the_newest_statements_are_those_of_all(view: View) -> None:
    ledger = view.ledger
    newest = overview_of(view, EVERYTHING, Kept())[0].newest
    every = sorted(ledger.entries.values(), key=lambda one: one.order, reverse=True)
    assert list(newest) == every[:LISTED]
    of_germany = overview_of(view, Wanted(donor="DEU"), Kept())[0].newest
    homes = {one.id for one in view.commitments(Wanted(donor="DEU"))}
    wanted = [one for one in every if ledger.home.get(one.id) in homes]
    assert list(of_germany) == wanted[:LISTED]


def test_the_largest_are_of_every_kind(tmp_path: Path) -> None:
    said = [
        Said(
            f"Berlin will give {1000 * number} shells of lot {number}",
            actors=("DEU",),
            quantity=1000 * number,
            unit="round",
            category=Category.ARTILLERY_AMMUNITION,
            designation=f"{100 + number}mm",
        )
        for number in range(1, 13)
    ]
    tanks = Said("Oslo will give 8 tanks", quantity=8)
    with Book.open(tmp_path / "aid.db", clock=Clock()) as book:
        book.store.add([report(*said, tanks)])
        found, _ = overview_of(Live(book).view(), EVERYTHING, Kept())
    sizes = [one.outstanding and one.outstanding.low for one in found.largest]
    assert len(found.largest) == LISTED
    assert 8 in sizes
    assert sizes[:3] == [12_000, 11_000, 10_000]


def test_months_count_commitments_without_gaps(view: View) -> None:
    months = months_of(view, EVERYTHING, Kept())
    assert list(months) == sorted(months)
    assert sum(counts[What.PLEDGED] for counts in months.values()) == sum(
        any(
            event.what is What.PLEDGED and event.commitment == one.id and event.is_dated
            for event in one.history
        )
        for one in view.ledger.commitments
    )
    chart = months_chart(months)
    counted = sum(row["count"] for row in chart["data"]["values"])
    assert counted == sum(sum(counts.values()) for counts in months.values())


@pytest.mark.parametrize(
    ("years", "step", "columns"), [(4, "month", 48), (5, "quarter", 20), (30, "year", 30)]
)
def test_long_times_are_told_in_longer_steps(years: int, step: str, columns: int) -> None:
    months = {
        f"{year}-{month:02}": Counter({What.PLEDGED: 1})
        for year in range(1990, 1990 + years)
        for month in range(1, 13)
    }
    name, counts = steps(months)
    assert (name, len(counts)) == (step, columns)
    assert sum(found[What.PLEDGED] for _, found in counts) == 12 * years


def test_the_chart_of_items_draws_what_is_known(view: View) -> None:
    lines = items_of(view, EVERYTHING, Kept())
    assert [line.item for line in lines][:2] == ["155mm", "F-16"]
    drawn = items_chart(lines)["data"]["values"]
    shown = {row["item"]: (row["low"], row["high"], row["says"]) for row in drawn}
    assert shown["PzH 2000"] == (14, 20, "14–20")
    assert shown["155mm, rounds"] == (100_000, 100_000, "≥100,000")
    assert shown["Patriot"] == (3, 3, "≤3")
    # Helmets of unknown number are no zero: they are not drawn at all.
    assert "personal equipment" not in shown


def test_days_are_coded_as_gaps(view: View) -> None:
    days = days_of(view, Kept())
    assert days == sorted({one.counted for one in view.ledger.entries.values()})
    first, *gaps = coded(days).split(" ")
    day, read = dt.date.fromisoformat(first), []
    for gap in ["0", *gaps]:
        day += dt.timedelta(days=int(gap))
        read.append(day)
    assert read == days
    assert coded([]) == ""


def test_filters_offer_what_the_book_tells_of(view: View) -> None:
    choices = choices_of(view, Kept())
    assert ("CHE", "Switzerland") in choices["donor"]
    assert (
        choices["recipient"] == [("DEU", "Germany"), ("UKR", "Ukraine")]
        or (
            "UKR",
            "Ukraine",
        )
        in choices["recipient"]
    )
    assert ("air-defence", "air defence") in choices["item"]
    assert ("Leopard 2", "Leopard 2") in choices["item"]


@pytest.fixture
def desk(book: Book) -> Iterator[Desk]:
    found = Desk(book)
    yield found
    found.stop()


def test_what_lies_ahead_is_worked_out_beside(book: Book, desk: Desk) -> None:
    lookout = Lookout(Live(book), desk)
    first = lookout.look(1)
    assert first.state == "working"
    assert lookout._thread is not None
    lookout._thread.join(120)
    found = lookout.look(1)
    assert (found.state, found.day) == ("ready", book.ledger().today)
    # The book tells of no stock and no use.
    assert found.headlines == ()


# The list


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_has_every_commitment_once(view: View, sort: str) -> None:
    found, _ = listed(view, EVERYTHING, sort, Kept())
    assert sorted(one.id for one in found) == sorted(one.id for one in view.ledger.commitments)


def test_orders_begin_with_what_is_asked_for(view: View) -> None:
    def first(sort: str) -> Commitment:
        return listed(view, EVERYTHING, sort, Kept())[0][0]

    assert first("due").overdue
    assert first("doubt").contradictions
    assert first("size").item == "155mm"
    assert first("newest").last == max(one.last for one in view.ledger.commitments)
    assert first("no such order") is first("newest")


def test_pages_cut_a_list(view: View) -> None:
    every, _ = listed(view, EVERYTHING, "donor", Kept())
    cut = [page_of(every, number, 5) for number in (1, 2, 3, 99)]
    assert [len(page.rows) for page in cut] == [5, 5, 3, 3]
    assert [one for page in cut[:3] for one in page.rows] == list(every)
    assert (cut[3].number, cut[3].pages, cut[3].total) == (3, 3, 13)


def test_unknown_is_no_zero_in_the_table(view: View) -> None:
    table = commitment_table("commitments", view.ledger.commitments, view.ledger.today)
    rows = {row["item"] or row["category"]: row for row in table.rows}
    helmets = rows["personal equipment"]
    assert (helmets["pledged_low"], helmets["outstanding_low"]) == ("unknown", "unknown")
    assert "pledged_high" not in helmets
    assert rows["military aid"]["pledged_money"] == "EUR 200,000,000"
    assert "pledged_low" not in rows["military aid"]
    assert rows["F-16"]["days_late"] == (dt.date(2025, 1, 1) - dt.date(2023, 12, 31)).days


# The line of time


def test_the_line_of_time_shows_what_is_late(view: View) -> None:
    late = next(one for one in view.ledger.commitments if one.overdue)
    line = timeline_of(late, view.ledger.today)
    assert [lane.name for lane in line.lanes] == ["Pledged", "Promised for"]
    promised, overdue = line.lanes[1].spans
    assert (promised.late, overdue.late) == (False, True)
    assert overdue.x + overdue.width == pytest.approx(line.now)
    assert "2023-12-31" in line.says


def test_every_place_on_the_line_is_on_it(view: View) -> None:
    for one in view.ledger.commitments:
        line = timeline_of(one, view.ledger.today)
        places = [mark.x for lane in line.lanes for mark in lane.marks]
        places += [span.x + span.width for lane in line.lanes for span in lane.spans]
        places += [x for x, _ in line.ticks]
        assert line.lanes
        assert all(0 <= x <= 100 for x in places)
        assert len(line.ticks) <= 6


# What changed


def test_what_changed_between_two_days(book: Book) -> None:
    live, kept = Live(book), Kept()
    before, after = live.view(dt.date(2023, 3, 4)), live.view()
    found = changed(before, after, EVERYTHING, kept)
    assert found.since == dt.date(2023, 3, 4)
    assert sum(found.kinds.values()) == len(found.changes) > 3
    assert found.events["overdue now"] == 1
    only = changed(before, after, Wanted(donor="LVA"), kept)
    assert [change.lead.item for change in only.changes] == ["Stinger"]
    with pytest.raises(UsageError, match="not before"):
        changed(after, before, EVERYTHING, kept)


# Words


def test_names_take_the_place_of_codes() -> None:
    words = Wording(load_catalogue().parties)
    assert words.text("NOR to UKR: MARS, 155MM (XYZ)") == "Norway to Ukraine: MARS, 155MM (XYZ)"
    reading = report(
        Said("it handed over 8 tanks", kind=Kind.DELIVERY, quantity=8, actors=("DEU", "NOR"))
    )
    [statement] = reading.statements
    assert words.statement(statement) == "Germany and Norway delivered 8 Leopard 2 to Ukraine"
