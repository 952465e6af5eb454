"""The balance without a browser: its address, what is prepared, its charts and words."""

from __future__ import annotations

import datetime as dt
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from making import Clock
from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.forecasting.assumptions import Assumptions, OwnWorks, Range, Rate, Shelf
from pledgebook.forecasting.forecast import Floats, Measure
from pledgebook.forecasting.request import parse_id
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Per
from pledgebook.web.balance.answering import Answer, answer_to
from pledgebook.web.balance.asked import Question
from pledgebook.web.balance.assuming import assumptions_of, read, to_toml, year_on
from pledgebook.web.balance.charts import fan_chart, marks_of
from pledgebook.web.balance.desk import Desk, Ready
from pledgebook.web.balance.fans import fan_rows, point_id
from pledgebook.web.balance.linking import linked
from pledgebook.web.balance.listing import lines_of, missing_words, narrowed
from pledgebook.web.balance.playing import beside, change_line, main_outlook, play
from pledgebook.web.balance.points import Figure
from pledgebook.web.balance.showing import chart_of, drawings, slug
from pledgebook.web.balance.workshop import Workshop
from pledgebook.web.charts import MOST_MARKS
from pledgebook.web.live import Live
from shells_story import told

DAY = dt.date(2023, 2, 15)
SHELLS = Question(item="155mm", recipient="UKR", until="2023-12")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    path = tmp_path_factory.mktemp("balance") / "shells.db"
    clock = Clock(dt.datetime(2023, 2, 15, 12, tzinfo=dt.UTC))
    with Store.open(path, clock=clock) as store:
        store.add(told(stock=True))
    with Book.open(path, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(book: Book) -> Iterator[Desk]:
    # Slow as this machine may be, the newest is waited for.
    made = Desk(book, Workshop(quick=3_600))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def live(book: Book) -> Live:
    return Live(book)


def ready(question: Question, desk: Desk, live: Live) -> tuple[Answer, Ready]:
    found = answer_to(question, desk, live, 120)
    assert found.ready is not None, found
    return found, found.ready


# The address.

words = st.text(st.characters(codec="utf-8"), max_size=30)


@given(st.builds(Question, item=words, recipient=words, until=words, stock=words, more=words))
def test_the_address_holds_the_whole_question(question: Question) -> None:
    given_back = dict(parse_qsl(question.query().removeprefix("?")))
    assert Question(**given_back) == question


def test_a_change_of_the_address_leaves_the_rest() -> None:
    assert SHELLS.query(times="2", until=None) == "?item=155mm&recipient=UKR&times=2"
    assert Question(item="tank", times="1", late="0").query() == "?item=tank"


def test_every_faulty_field_is_told_at_once() -> None:
    question = Question(
        item="155mm", recipient="", until="soon", course="worse", times="none", late="-3",
        stock="many", use="a few", share="140", losses="3-1", life="0", more="nothing = ",
    )  # fmt: skip
    faults = read(question, DAY).faults
    assert set(faults) == {
        "recipient", "until", "course", "times", "late", "stock", "use", "share", "losses",
        "life", "more",
    }  # fmt: skip
    assert faults["stock"] == "'many' is no range. Write 200000, or 200000-400000."
    assert faults["course"].startswith("No scenario is called 'worse'")


def test_a_horizon_in_the_past_is_a_fault_of_its_field() -> None:
    assert "before it begins" in read(SHELLS.__class__("155mm", "UKR", "2020"), DAY).faults["until"]


def test_sliders_bend_the_course() -> None:
    question = Question("155mm", "UKR", course="continued", times="1.25", late="30")
    found = read(question, DAY)
    assert found.course == "continued+use=1.25+late=30"
    assert found.request is not None
    assert found.request.scenarios[0] == found.course
    assert found.request.until == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("day", "end"),
    [("2023-12-05", "2024-12-31"), ("2023-11-30", "2024-11-30"), ("2023-02-01", "2024-02-29")],
)
def test_the_horizon_is_a_year_on(day: str, end: str) -> None:
    assert year_on(dt.date.fromisoformat(day)) == dt.date.fromisoformat(end)


def test_what_is_assumed_is_read_in_per_cent() -> None:
    faults: dict[str, str] = {}
    question = Question(share="30 %", losses="0-2", givers="USA, Germany", reserve="5,000")
    found = assumptions_of(question, faults)
    assert faults == {}
    assert found.share_of_output == pytest.approx(0.3)
    assert found.losses is not None
    assert found.losses.low == 0
    assert found.losses.high == pytest.approx(0.02)
    assert (found.givers, found.reserve) == (("USA", "Germany"), 5_000)


# Not below what a reader of TOML could take for whole.
amounts = st.floats(0.5, 1e9).map(lambda value: round(value, 3))
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@st.composite
def assumed(draw: st.DrawFn) -> Assumptions:
    low = draw(amounts)
    span = {"low": low, "high": low + draw(amounts)}
    rate = Rate(**span, per=draw(st.sampled_from(Per)))
    works = OwnWorks(
        name=draw(names), rate=rate, to=rate, reached=draw(st.dates()), share=draw(st.floats(0, 1))
    )
    given_: dict[str, Any] = {
        "stock": draw(st.none() | st.just(Range(**span))),
        "use": draw(st.none() | st.just(rate)),
        "share_of_output": draw(st.none() | st.floats(0, 1)),
        "givers": tuple(draw(st.lists(names, max_size=2))),
        "reserve": draw(amounts),
        "works": tuple(draw(st.lists(st.just(works), max_size=2))),
        "shelf": (Shelf(party=draw(names), stock=Range(**span), hands_over=rate),),
    }
    return Assumptions(**given_)


@given(assumed())
def test_assumptions_come_back_from_their_file(assume: Assumptions) -> None:
    try:
        found = Assumptions.model_validate(tomllib.loads(to_toml(assume)))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        pytest.fail(f"{error}:\n{to_toml(assume)}")
    assert found == assume


# What is prepared.


def test_what_takes_long_is_not_waited_for() -> None:
    shop, hold = Workshop(), threading.Event()
    try:
        assert shop.ask("slow", 1, lambda: hold.wait(60), 0) is None
        hold.set()
        made = shop.ask("slow", 1, lambda: False, 60)
        assert made is not None
        assert made.value
        assert made.fresh
    finally:
        shop.stop()


def test_the_older_one_does_until_the_newer_is_there() -> None:
    shop, hold = Workshop(), threading.Event()
    try:
        assert shop.ask("told", 1, lambda: "old", 60) is not None
        made = shop.ask("told", 2, lambda: hold.wait(60) and "new", 0)
        assert made is not None
        assert (made.value, made.fresh) == ("old", False)
        hold.set()
        made = shop.ask("told", 2, lambda: "other", 60)
        assert made is not None
        assert (made.value, made.fresh) == ("new", True)
    finally:
        hold.set()
        shop.stop()


def test_a_fault_is_told_to_who_asks_and_is_over_with_the_next_version() -> None:
    shop = Workshop()

    def fail() -> str:
        raise UsageError("no such item")

    try:
        with pytest.raises(UsageError, match="no such item"):
            shop.ask("told", 1, fail, 60)
        made = shop.ask("told", 2, lambda: "well", 60)
        assert made is not None
        assert made.value == "well"
    finally:
        shop.stop()


def test_a_thing_is_worked_out_once_for_all_who_ask() -> None:
    shop, times, begun = Workshop(), [], threading.Barrier(4)

    def ask() -> None:
        begun.wait(30)
        shop.ask("told", 1, lambda: times.append(1), 60)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for one in askers:
        one.start()
    for one in askers:
        one.join(60)
    shop.stop()
    assert times == [1]


def test_many_things_do_not_pile_up() -> None:
    shop = Workshop()
    for number in range(80):
        assert shop.ask(("ready", number), 1, lambda: "made", 60) is not None
    assert shop.kept <= 25
    shop.stop()


def test_the_fit_is_kept_where_no_promise_changed(book: Book, desk: Desk, live: Live) -> None:
    before, _ = ready(SHELLS, desk, live)
    [production] = [
        one.id
        for one in book.observations()
        if "America makes" in one.entry.statement.evidence.quote
    ]
    made = book.judge("wrong", production, by="tester")
    after, _ = ready(SHELLS, desk, live)
    book.revoke(made.id, by="tester")
    assert before.telling is not None
    assert after.telling is not None
    assert after.telling.number != before.telling.number
    assert after.telling.told.model is before.telling.told.model


# What is played.


def test_the_page_and_the_command_line_say_the_same(book: Book, desk: Desk, live: Live) -> None:
    found, held = ready(SHELLS, desk, live)
    mine = play(held, found.course)
    theirs = book.forecast("155mm", "2023-12", recipient="UKR")
    assert mine.id == theirs.id
    for measure, band in theirs.outlooks["steady"].bands.items():
        assert mine.outlooks["steady"].bands[measure].p50.tolist() == band.p50.tolist()
    assert mine.caveats == theirs.caveats
    assert mine.sources == theirs.sources


def test_few_draws_are_near_to_all_of_them(desk: Desk, live: Live) -> None:
    found, held = ready(SHELLS, desk, live)
    few, many = play(held, found.course, draws=1_000, moved=False), play(held, found.course)
    rough, fine = main_outlook(few), main_outlook(many)
    assert rough is not None
    assert fine is not None
    assert rough.run_dry
    assert fine.run_dry
    assert abs(rough.run_dry.by - fine.run_dry.by).max() < 0.08
    assert (few.draws, rough.influences) == (1_000, ())
    assert fine.influences[0].inputs == "use"


def test_more_use_runs_dry_no_later_and_a_delay_no_earlier(desk: Desk, live: Live) -> None:
    def dry(times: str, late: str) -> Floats:
        question = Question("155mm", "UKR", "2023-12", times=times, late=late)
        found, held = ready(question, desk, live)
        outlook = main_outlook(play(held, found.course, moved=False))
        assert outlook is not None
        assert outlook.run_dry is not None
        return outlook.run_dry.by

    usual = dry("1", "0")
    assert (dry("2", "0") >= usual).all()
    assert (dry("0.25", "0") <= usual).all()
    assert (dry("1", "120") >= usual).all()
    assert dry("1", "120").sum() > usual.sum()


def test_scenarios_stand_side_by_side(desk: Desk, live: Live) -> None:
    question = Question("155mm", "UKR", "2023-12", times="0.5", late="60")
    found, held = ready(question, desk, live)
    rows = beside(held, found.course)
    assert [one.name for one in rows] == [
        "steady+use=0.5+late=60", "steady", "surge", "cut", "continued", "required", "pace",
    ]  # fmt: skip
    assert [one.shown for one in rows] == [True, *[False] * 6]
    assert all(one.dry and not one.lacking for one in rows)


def test_what_cannot_be_played_says_why(desk: Desk, live: Live) -> None:
    question = Question("tank", "UKR", stock="200", use="9/month")
    found, held = ready(question, desk, live)
    rows = {one.name: one for one in beside(held, found.course)}
    assert "no report tells what UKR says it needs" in rows["required"].lacking
    assert rows["steady"].dry


def test_what_a_move_changed_is_told_in_words(desk: Desk, live: Live) -> None:
    found, held = ready(Question("155mm", "UKR", "2023-12", times="0.25"), desk, live)
    changed = change_line(play(held, found.course), play(held, "steady"))
    assert " Without the sliders: runs dry about " in changed
    assert change_line(play(held, "steady"), play(held, "steady")).count("Without") == 0


# What is drawn.


def test_a_fan_is_in_order_and_its_points_open(desk: Desk, live: Live) -> None:
    found, held = ready(Question("155mm", "UKR", "2023-12", late="30"), desk, live)
    forecast = play(held, found.course)
    outlook = main_outlook(forecast)
    assert outlook is not None
    for measure in outlook.bands:
        for step, row in enumerate(fan_rows(forecast, outlook, measure)):
            ends = [row[name] for name in ("p10", "p25", "median", "p75", "p90")]
            known = [one for one in ends if one is not None]
            assert known == sorted(known)
            request, place = parse_id(point_id(forecast, outlook, measure, step))
            assert (place.measure, place.day) == (measure, forecast.days[step])
            assert request.scenarios == (place.scenario,) == ("steady+late=30",)


def test_told_figures_lie_under_their_measure(desk: Desk, live: Live) -> None:
    found, held = ready(SHELLS, desk, live)
    drawn = {one.slug: one for one in drawings(held, play(held, found.course))}
    assert [one.words for one in drawn["stock"].figures] == [
        "Ukraine holds 300,000 rounds of 155mm"
    ]
    [use] = drawn["use"].figures
    assert (use.speaker, use.figure) == ("Oleksii Reznikov", "110,000")
    assert use.link.startswith("/documents/d")
    assert use.link.endswith(f"#{use.statement}")
    assert drawn["days-of-supply"].figures == ()
    assert "follows from the stock" in drawn["days-of-supply"].rests
    chart: Any = chart_of(held, found.course, Measure.STOCK)
    [told_row] = chart["datasets"]["told"]
    assert told_row["level"] == 300_000
    assert "Ukraine holds 300,000 rounds" in told_row["says"]


def test_promises_stand_on_the_axis_of_arrivals(desk: Desk, live: Live) -> None:
    found, held = ready(SHELLS, desk, live)
    chart: Any = chart_of(held, found.course, Measure.ARRIVALS)
    assert chart["datasets"]["due"]
    assert all(row["href"].startswith("/commitments/c") for row in chart["datasets"]["due"])


@pytest.mark.parametrize("measure", [Measure.STOCK, Measure.ARRIVALS])
def test_no_chart_has_too_many_marks(measure: Measure, desk: Desk, live: Live) -> None:
    longest = Question("155mm", "UKR", "2047-12", step="week")
    found, held = ready(longest, desk, live)
    forecast = play(held, found.course, draws=100, moved=False)
    outlook = main_outlook(forecast)
    assert outlook is not None
    assert forecast.steps > 1_290
    figures = [_figure(day) for day in range(5_000)]
    due = [{"day": 0, "level": 0, "says": "", "href": ""}] * 200
    assert marks_of(fan_chart(forecast, outlook, measure, figures, due)) <= MOST_MARKS


def _figure(number: int) -> Figure:
    day = DAY - dt.timedelta(days=number % 500)
    return Figure(
        day,
        day,
        day,
        1.0,
        None,
        "≥1",
        "",
        "somebody",
        day,
        "words",
        "",
        "/documents/d",
        f"s{number}",
    )


def test_colours_are_tokens(desk: Desk, live: Live) -> None:
    found, held = ready(SHELLS, desk, live)
    for drawing in drawings(held, play(held, found.course)):
        measure = next(one for one in Measure if slug(one) == drawing.slug)
        chart: Any = chart_of(held, found.course, measure)
        assert "#" not in str([layer["mark"] for layer in chart["layer"]])
        assert drawing.label.startswith("Fan chart. ")


# What is listed.


def test_of_what_something_can_be_said(desk: Desk, live: Live) -> None:
    view = live.view()
    made = desk.lines(view, 120)
    assert made is not None
    lines = made.value
    assert [(one.subject.recipient, one.name) for one in lines] == [
        ("UKR", "155mm"), ("UKR", "artillery ammunition"),
    ]  # fmt: skip
    first, second = lines
    assert first.says
    assert missing_words(first) == ""
    assert (len(first.stock), len(first.use), len(first.need), len(first.open)) == (1, 1, 1, 2)
    assert first.arriving == "140,000 rounds"
    assert second.arriving == "n/k rounds"
    assert missing_words(second).startswith("No report tells what is held or what is used up")
    assert narrowed(lines, "155", "Ukraine", view.catalogue) == [first]
    assert narrowed(lines, "", "DEU", view.catalogue) == []


def test_one_thing_that_is_on_its_way_is_one_item(clock: Clock, tmp_path: Path) -> None:
    words = "Norway will send one Leopard 2 tank to Ukraine, the ministry said."
    with Book.open(tmp_path / "aid.db", clock=clock) as book:
        (tmp_path / "norway.txt").write_text(words, encoding="utf-8")
        book.read([tmp_path / "norway.txt"], date="2023-01-05")
        series = book.forecaster.series(as_of="2023-02-15")
        lines = lines_of(series, book.ledger().commitments, book.catalogue)
        assert [one.arriving for one in lines] == ["1 item"]


def test_an_empty_book_lists_nothing(book: Book) -> None:
    nothing = book.forecaster.series(as_of="2020-01-01")
    assert lines_of(nothing, [], book.catalogue) == []


def test_ids_in_a_sentence_lead_to_their_home() -> None:
    statement, series = "s" + "0a" * 10, "t" + "1b" * 10
    text = f"sources part: A ({statement}) and {series}; cafe"
    assert linked(text) == [
        ("sources part: A (", ""), ("s0a0a0a0", f"/why/{statement}"), (") and ", ""),
        ("t1b1b1b1", f"/balance/series/{series}"), ("; cafe", ""),
    ]  # fmt: skip
    assert linked("") == []
