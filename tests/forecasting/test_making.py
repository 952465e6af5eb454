"""A forecast from a book: what it says, what it leaves out, and that it never makes up a zero."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from making import Clock, report
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.assumptions import (
    Assumptions,
    Event,
    Losses,
    OwnWorks,
    Range,
    Rate,
    Reordering,
    Shelf,
)
from pledgebook.forecasting.forecast import Forecast, Measure
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Kind, Per
from shells_story import shells, told

DAY = "2023-02-14"
DRAWS = 1_000
STOCK = Assumptions(stock=Range(low=300_000, high=300_000))


def book(path: Path, *, stock: bool = False) -> Book:
    with Store.open(path, clock=Clock()) as store:
        store.add(told(stock=stock))
    return Book.open(path, clock=Clock())


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with book(tmp_path_factory.mktemp("without") / "aid.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def with_stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with book(tmp_path_factory.mktemp("with") / "aid.db", stock=True) as opened:
        yield opened


def ask(opened: Book, **how: Any) -> Forecast:  # noqa: ANN401
    fields: dict[str, Any] = {
        "item": "155mm", "until": "2023-12", "recipient": "Ukraine", "as_of": DAY, "draws": DRAWS,
    }  # fmt: skip
    return opened.forecast(**(fields | how))


def about(found: Forecast) -> dict[str, str]:
    return {caveat.about: caveat.why for caveat in found.caveats}


def test_what_is_told_is_played_forward(with_stock: Book) -> None:
    found = ask(with_stock)
    outlook = found.outlooks["steady"]
    assert set(outlook.bands) == set(Measure)
    wanted = outlook.bands[Measure.WANTED]
    assert wanted.p50[0] == pytest.approx(110_000, rel=0.05)
    assert np.all(wanted.p10 < wanted.p90)
    assert outlook.run_dry is not None
    assert outlook.run_dry.p50 is not None
    assert dt.date(2023, 4, 1) < outlook.run_dry.p50 < dt.date(2023, 9, 1)
    assert found.ratio is not None
    # 110,000 a month over 14,000 + 25,000: what Germany makes lies within Europe's.
    assert found.ratio.p50 == pytest.approx(110 / 39, rel=0.15)
    assert [one.donors for one in found.expected] == [("DEU",), ("USA",)]
    assert found.expected[0].low == 40_000


def test_without_stock_nothing_is_said_of_it(without: Book) -> None:
    found = ask(without)
    outlook = found.outlooks["steady"]
    for measure in (Measure.STOCK, Measure.DAYS_OF_SUPPLY, Measure.GAP, Measure.USE):
        assert measure not in outlook.bands
    assert outlook.met is None
    assert outlook.run_dry is None
    assert "unknown, not zero" in about(found)["stock of 155mm"]
    # What is needed is at least what is wanted less all that is promised.
    assert outlook.bands[Measure.NEEDED].p50[-1] > 9 * 110_000 - 140_000 - 110_000
    assert found.inputs["opening stock"] == "unknown"


def test_an_assumed_stock_is_named_as_assumed(without: Book) -> None:
    found = ask(without, assume=STOCK)
    assert Measure.STOCK in found.outlooks["steady"].bands
    kinds = {source.kind for source in found.sources[Measure.STOCK]}
    assert kinds == {"assumption", "series", "commitment"}
    assert "as you said" in found.inputs["opening stock"]


def test_one_day_later_figures_do_not_count(with_stock: Book) -> None:
    found = ask(with_stock, as_of="2023-01-15")
    assert "use of 155mm" in about(found)
    assert "stock of 155mm" in about(found)
    assert set(found.outlooks["steady"].bands) == {Measure.ARRIVALS, Measure.OUTPUT}
    assert found.ratio is None


def test_before_all_data_nothing_is_said(with_stock: Book) -> None:
    found = ask(with_stock, as_of="2020-01-01", until="2020-06")
    assert found.outlooks["steady"].bands == {}
    told_of = about(found)
    assert {"stock of 155mm", "use of 155mm", "output of 155mm", "arrivals"} <= told_of.keys()


def test_a_party_that_gave_nothing_makes_nothing_that_counts(with_stock: Book) -> None:
    found = ask(with_stock)
    assert "RUS" in about(found)["output of 155mm"]
    makers = [source.says for source in found.sources[Measure.OUTPUT]]
    assert len(makers) == 2
    assert not any("RUS" in says or "DEU" in says for says in makers)
    own = ask(with_stock, assume=Assumptions(givers=("Russia",)))
    assert ["RUS" in source.says for source in own.sources[Measure.OUTPUT]] == [True]


def test_the_same_question_has_the_same_answer(with_stock: Book) -> None:
    one, other = ask(with_stock), ask(with_stock)
    for measure, band in one.outlooks["steady"].bands.items():
        assert np.array_equal(band.p50, other.outlooks["steady"].bands[measure].p50)
    different = ask(with_stock, seed=2).outlooks["steady"].bands[Measure.WANTED]
    assert not np.array_equal(different.p50, one.outlooks["steady"].bands[Measure.WANTED].p50)


def test_scenarios_share_their_draws_and_differ_as_they_say(with_stock: Book) -> None:
    names = ("steady", "surge", "surge=3", "cut", "continued", "required", "pace")
    found = ask(with_stock, scenarios=names)
    assert tuple(found.outlooks) == names
    steady = found.outlooks["steady"].bands
    surge = found.outlooks["surge"].bands
    assert surge[Measure.WANTED].p50 == pytest.approx(1.5 * steady[Measure.WANTED].p50)
    triple = found.outlooks["surge=3"].bands
    assert triple[Measure.WANTED].p90 == pytest.approx(3 * steady[Measure.WANTED].p90)
    cut = found.outlooks["cut"].bands[Measure.STOCK]
    assert np.all(cut.p10 >= steady[Measure.STOCK].p10 - 1e-6)
    assert cut.p50[-1] == pytest.approx(cut.p50[0], rel=0.2)
    continued = found.outlooks["continued"].bands[Measure.ARRIVALS]
    assert continued.mean.sum() > steady[Measure.ARRIVALS].mean.sum()
    assert np.array_equal(continued.mean[:1], steady[Measure.ARRIVALS].mean[:1]) is False
    needed = found.outlooks["required"].bands[Measure.WANTED]
    assert needed.p50[0] == pytest.approx(356_400, rel=0.05)
    # 900,000 in all by February, 800,000 by December, both in round figures: 14,000 to 176,000.
    pace = found.outlooks["pace"].bands[Measure.ARRIVALS]
    assert 40_000 < pace.p50[0] < 60_000
    assert pace.p90[0] > 176_000


def test_a_scenario_that_cannot_be_played_is_named(tmp_path: Path) -> None:
    with Store.open(tmp_path / "aid.db", clock=Clock()) as store:
        said = shells("Ukraine fires 9,000 rounds of 155mm a day", Kind.EXPENDITURE, "UKR",
                      quantity=9_000, per=Per.DAY)  # fmt: skip
        store.add([report(said, date="2023-02-01")])
    with Book.open(tmp_path / "aid.db", clock=Clock()) as opened:
        found = ask(opened, scenarios=("required", "continued", "pace"))
        assert found.outlooks == {}
        named = about(found)
        assert {f"the scenario {one}" for one in ("required", "continued", "pace")} <= named.keys()


def test_assumptions_play_their_part(with_stock: Book) -> None:
    plain = ask(with_stock, assume=STOCK).outlooks["steady"].bands
    whole = Assumptions(
        stock=Range(low=300_000, high=300_000),
        share_of_output=0.5,
        losses=Losses(low=0.05, high=0.1),
        shelf_life_days=200,
        reordering=Reordering(
            below=100_000, up_to=200_000, unit_cost=3_000.0, budget_per_year=1e9,
            lead_days_low=60, lead_days_high=120,
        ),
        event=(
            Event(name="offensive", earliest=dt.date(2023, 6, 1), latest=dt.date(2023, 7, 1),
                  low=50_000, high=90_000),
        ),
        shelf=(
            Shelf(party="NOR", stock=Range(low=20_000, high=30_000), reserve=5_000,
                  hands_over=Rate(low=2_000, high=3_000, per=Per.MONTH)),
        ),
        works=(
            OwnWorks(name="new", rate=Rate(low=1_000, high=2_000),
                     to=Rate(low=9_000, high=9_000), reached=dt.date(2023, 10, 1),
                     idle_until=dt.date(2023, 4, 1), share=0.8),
        ),
    )  # fmt: skip
    found = ask(with_stock, assume=whole)
    bands = found.outlooks["steady"].bands
    assert bands[Measure.WANTED].mean.sum() > plain[Measure.WANTED].mean.sum() + 50_000
    assert bands[Measure.ARRIVALS].mean.sum() > plain[Measure.ARRIVALS].mean.sum() + 100_000
    assumed = [one.says for one in found.sources[Measure.ARRIVALS] if one.kind == "assumption"]
    assert len(assumed) == 4
    assert any("NOR" in says for says in assumed)
    moved = {one.inputs for one in found.outlooks["steady"].influences}
    assert {"use", "output", "events"} <= moved


def test_an_unknown_number_is_left_out_and_named(with_stock: Book) -> None:
    found = ask(with_stock, item="artillery-ammunition")
    unknown = [caveat for caveat in found.caveats if "not known how many" in caveat.why]
    assert len(unknown) == 1
    assert len(found.expected) == 2


def test_promises_of_the_whole_kind_are_named_and_not_counted(with_stock: Book) -> None:
    assert "1 open promise" in about(ask(with_stock))["promises that may be 155mm"]


def test_moving_inputs_are_told_with_errors(with_stock: Book) -> None:
    outlook = ask(with_stock).outlooks["steady"]
    assert outlook.influences_on == "what is missing until the end"
    shares = {one.inputs: one for one in outlook.influences}
    assert shares["use"].total > 0.5
    assert all(0 < one.total_error < 0.2 for one in outlook.influences)


def test_whose_shelves_are_meant_must_be_clear(with_stock: Book) -> None:
    assert ask(with_stock, recipient=None).recipient == "UKR"
    with pytest.raises(UsageError, match="whose shelves"):
        ask(with_stock, recipient=None, item="tank")
    with pytest.raises(NotFoundError, match="Did you mean"):
        ask(with_stock, item="15mm")
    with pytest.raises(NotFoundError, match="no recipient"):
        ask(with_stock, recipient="Atlantis")


def test_a_forecast_opens_down_to_its_sentences(with_stock: Book) -> None:
    found = ask(with_stock)
    opened = with_stock.why(f"{found.id}#stock@2023-06")
    assert opened.kind == "forecast"
    kinds = {node.kind for node in opened.walk()}
    assert kinds == {"forecast", "series", "commitment", "statement"}
    quotes = {node.quote.text for node in opened.walk() if node.quote is not None}
    assert "Ukraine fires 110,000 rounds of 155mm a month" in quotes
    assert "Germany will send 50,000 rounds of 155mm" in quotes
    whole = with_stock.why(found.id)
    assert next(child.title.split(" of ")[0] for child in whole.children) == "stock"
    assert len(whole.children) == len(Measure)
    series = next(node for node in opened.walk() if node.kind == "series")
    assert with_stock.why(series.id[:8], as_of=DAY).id == series.id


def test_a_target_opens_without_a_level(with_stock: Book) -> None:
    targets = [one for one in with_stock.forecaster.series(as_of=DAY).series if not one.has_band]
    assert len(targets) == 1
    opened = with_stock.why(targets[0].id, as_of=DAY)
    assert "level" not in opened.facts
    assert "36,000" in opened.children[0].quote.text if opened.children[0].quote else False


def test_a_point_that_cannot_be_opened_is_told(without: Book) -> None:
    found = ask(without)
    with pytest.raises(NotFoundError, match="stock cannot be said"):
        without.why(f"{found.id}#stock@2023-06")
    with pytest.raises(NotFoundError, match="outside the forecast"):
        without.why(f"{found.id}#wanted@2031")
    with pytest.raises(NotFoundError, match="no scenario"):
        without.why(f"{found.id}#surge/wanted@2023-06")


def test_weeks_and_months_tell_the_same_of_the_end(with_stock: Book) -> None:
    months = ask(with_stock, draws=4_000).outlooks["steady"]
    weeks = ask(with_stock, draws=4_000, step="week").outlooks["steady"]
    assert months.run_dry is not None
    assert weeks.run_dry is not None
    assert weeks.run_dry.never == pytest.approx(months.run_dry.never, abs=0.05)
    total = months.bands[Measure.WANTED].mean.sum()
    assert weeks.bands[Measure.WANTED].mean.sum() == pytest.approx(total, rel=0.06)


def test_a_larger_stock_never_runs_dry_sooner(without: Book) -> None:
    sizes = (100_000, 200_000, 400_000, 800_000)
    dry = []
    for size in sizes:
        assume = replace_stock(size)
        outlook = ask(without, assume=assume).outlooks["steady"]
        assert outlook.run_dry is not None
        dry.append(outlook.run_dry.by)
    for smaller, larger in itertools.pairwise(dry):
        assert np.all(larger <= smaller)


def replace_stock(size: float) -> Assumptions:
    return STOCK.with_options(stock=Range(low=size, high=size))


def test_steps_are_labelled_by_their_first_days(with_stock: Book) -> None:
    found = ask(with_stock)
    assert found.days[0] == dt.date(2023, 2, 14)
    assert found.steps == 11
    assert replace(found, draws=5).steps == 11
