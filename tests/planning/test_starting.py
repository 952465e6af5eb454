"""A scenario to begin with: it compiles as it is, and what is not known is no zero."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator

import numpy as np
import pytest
from syrupy.assertion import SnapshotAssertion

from making import Clock, report
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.forecast import Measure
from pledgebook.forecasting.making import Told, make_forecast
from pledgebook.forecasting.request import parse_id
from pledgebook.ledger.store import Store
from pledgebook.planning.compiling.compile import compile_scenario
from pledgebook.planning.compiling.compiled import Compiled
from pledgebook.planning.scenario.faults import ScenarioError
from pledgebook.planning.scenario.loading import read_scenario
from pledgebook.planning.scenario.starting import start_scenario
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Kind
from shells_story import shells, told

DAY = dt.date(2023, 2, 20)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    path = tmp_path_factory.mktemp("book") / "aid.db"
    stock = shells("Germany holds 80,000 rounds of 155mm", Kind.STOCK, "DEU", quantity=80_000)
    with Store.open(path, clock=Clock()) as store:
        store.add([*told(stock=True), report(stock, date="2023-02-11")])
    with Book.open(path, clock=Clock()) as opened:
        yield opened.forecaster.told(DAY)


def started(book: Told, *items: str, until: str = "2024-02") -> str:
    return start_scenario(book, items=items, recipient="Ukraine", until=until, source="aid.db")


def compiled(book: Told, text: str) -> Compiled:
    return compile_scenario(read_scenario(text, "start.toml"), load_catalogue(), book)


def test_what_is_written_to_begin_with(book: Told, snapshot: SnapshotAssertion) -> None:
    assert started(book, "155mm", "Leopard 2") == snapshot


def test_it_compiles_as_it_is(book: Told) -> None:
    found = compiled(book, started(book, "155mm", "Leopard 2"))
    made = found.problem
    assert found.days[0] == dt.date(2023, 3, 1)
    assert made.steps == 12
    assert made.needs[0].amount[0] == pytest.approx(110_000, rel=0.03)
    assert made.stocks[0].opening == pytest.approx(300_000)
    assert made.shelves[0].held == pytest.approx(80_000)
    assert {one.name for one in made.lines} == {"European Union: 155mm", "United States: 155mm"}
    assert made.budgets == ()
    # Of 140,000 rounds that are promised, some come, and not all.
    assert 30_000 < made.stocks[0].arriving.sum() < 130_000


def test_every_figure_of_the_book_leads_back_to_it(book: Told) -> None:
    found = compiled(book, started(book, "155mm"))
    known = {one.id for one in book.book.series} | {one.id for one in book.ledger.commitments}
    rests = {
        kind: [s for origin in found.origins[kind, name] for s in origin.sources]
        for kind, name in found.origins
    }
    for kind in ("need", "stock", "shelf", "line"):
        own = [source for source in rests[kind] if not source.startswith("forecast:")]
        assert own
        assert set(own) <= known
    [forecast] = {s for s in (*rests["need"], *rests["stock"]) if s.startswith("forecast:")}
    request, _ = parse_id(forecast)
    wanted = make_forecast(book, request).outlooks["steady"].bands[Measure.WANTED].p50
    need = found.problem.needs[0].amount
    assert need[:3] == pytest.approx(wanted[:3], rel=0.1)
    [origin] = found.origins["need", "155mm for Ukraine"]
    line = started(book, "155mm").splitlines()[(origin.line or 0) - 1]
    assert line.startswith('amount = "book"')


def test_what_is_unknown_is_a_comment_and_no_zero(book: Told) -> None:
    text = started(book, "155mm", "Leopard 2")
    assert "TODO" in text
    values = tomllib.loads(text)
    assert [one["item"] for one in values["need"]] == ["155mm"]

    def numbers(value: object) -> Iterator[float]:
        if isinstance(value, dict):
            for one in value.values():
                yield from numbers(one)
        elif isinstance(value, list):
            for one in value:
                yield from numbers(one)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield value

    assert 0 not in set(numbers(values))
    assert "budget" not in str(values["donor"])


def test_lines_that_are_filled_in_are_read(book: Told) -> None:
    text = started(book, "155mm")
    aim = text.index("# [[line.expansion]]")
    end = text.index("# cost = ...", aim)
    opened = text[aim:end].replace("# ", "") + "cost = 500\n"
    found = compiled(book, text[:aim] + opened + text[end:])
    grown = [grow for line in found.problem.lines for grow in line.expansions]
    assert [grow.name for grow in grown] == ["United States: 155mm to 36000 a month"]
    assert grown[0].added == pytest.approx(22_000)
    assert grown[0].delay > 12


def test_cases_draw_what_the_forecast_draws(book: Told) -> None:
    text = started(book, "155mm") + "[cases]\nnumber = 40\n"
    made = compiled(book, text).problem
    assert len(made.cases) == 40
    [need], [stock] = made.needs, made.stocks
    use = np.array([case.amount[need.name][0] for case in made.cases])
    assert np.median(use) == pytest.approx(need.amount[0], rel=0.1)
    assert use.max() > 2 * use.min()
    came = np.array([case.arriving[stock.name].sum() for case in made.cases])
    assert came.mean() == pytest.approx(stock.arriving.sum(), rel=0.15)
    assert len({case.opening[stock.name] for case in made.cases}) == 40


def test_without_the_book_its_figures_are_missed(book: Told) -> None:
    with pytest.raises(ScenarioError, match="--db") as raised:
        compile_scenario(read_scenario(started(book, "155mm")), load_catalogue())
    assert {one.code for one in raised.value.problems} == {"no-book"}
    assert len(raised.value.problems) == 4


def test_what_the_book_does_not_tell_is_a_fault_of_the_key(book: Told) -> None:
    text = started(book, "155mm").replace('amount = "book"', 'amount = "book requirement"')
    assert compiled(book, text).problem.needs[0].amount[0] == pytest.approx(356_400, rel=0.03)
    tanks = text + '[[need]]\nrecipient = "Ukraine"\nitem = "Leopard 2"\namount = "book"\n'
    tanks += '[[need]]\nrecipient = "ours"\nitem = "155mm"\namount = "book"\n'
    tanks = tanks.replace("currency", 'parties = ["ours"]\ncurrency', 1)
    tanks += '[[item]]\nname = "Leopard 2"\nprice = 3\n'
    with pytest.raises(ScenarioError) as raised:
        compiled(book, tanks)
    assert [one.code for one in raised.value.problems] == ["not-told", "not-told"]
    assert "unknown, not zero" in raised.value.problems[0].what
    assert "the scenario's own" in raised.value.problems[1].what


def test_a_plan_far_from_the_day_of_the_book_says_so(book: Told) -> None:
    text = started(book, "155mm").replace('"2023-03"', '"2023-06"')
    assert any("days before the plan begins" in note for note in compiled(book, text).notes)
    early = started(book, "155mm").replace('"2023-03"', '"2022-06"')
    assert any("days after the plan begins" in note for note in compiled(book, early).notes)


def test_quarters_are_rounded_up(book: Told) -> None:
    text = start_scenario(book, items=["155mm"], recipient="UKR", until="2023-12", step="quarter")
    found = compiled(book, text)
    assert found.problem.steps == 4
    months = compiled(book, started(book, "155mm", until="2024-02")).problem
    np.testing.assert_allclose(
        found.problem.needs[0].amount, months.needs[0].amount.reshape(4, 3).sum(axis=1)
    )
    assert found.problem.stocks[0].arriving.sum() == pytest.approx(
        months.stocks[0].arriving.sum(), rel=0.01
    )


def test_a_question_that_cannot_be_asked_is_refused(book: Told) -> None:
    with pytest.raises(UsageError, match="--item"):
        start_scenario(book, items=[], recipient="Ukraine", until="2024")
    with pytest.raises(UsageError, match="ends in 2022-12"):
        started(book, "155mm", until="2022")
    with pytest.raises(NotFoundError, match="Leopard"):
        started(book, "Leoperd 2")
