"""What `check` finds: each rule on a case that breaks it and on one that does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking_books import TODAY, catalogue, ledger

from asking_story import SHELLS, asking_story
from making import Said, document, entries, reading, report
from pledgebook.book import Book
from pledgebook.errors import CatalogueError, NotFoundError
from pledgebook.exchange.importing import import_file
from pledgebook.ledger.answers.checks import check_all
from pledgebook.ledger.answers.findings import Finding, Subject
from pledgebook.ledger.answers.plausible import load_plausible
from pledgebook.ledger.answers.rows import subject_of_rows
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.money.convert import Converter
from pledgebook.ledger.money.rates import load_rates
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category, Kind, Scope

KIEL = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "kiel"
MONEY: dict[str, Any] = {"category": Category.MILITARY_AID, "designation": None}


def dollars() -> Converter:
    return Converter(load_rates(), "USD")


def found_in(found: Ledger, stale_days: int = 100_000) -> dict[str, Finding]:
    subject = Subject(found.commitments, found.entries, found.today, found.checks)
    made = check_all(subject, catalogue(), load_plausible(), dollars(), stale_days=stale_days)
    assert len({(one.code, one.ids) for one in made}) == len(made)
    return {one.code: one for one in made}


def codes(*readings: Reading, today: dt.date = TODAY, stale_days: int = 100_000) -> set[str]:
    return set(found_in(ledger(*readings, today=today), stale_days))


def test_a_sound_story_has_no_errors() -> None:
    found = found_in(ledger())
    assert [one for one in found.values() if one.severity == "error"] == []


def test_more_rounds_than_the_package_can_buy() -> None:
    """Two million shells in a package of 175 million dollars: less than 88 dollars each."""
    found = found_in(
        ledger(
            report(
                Said("Washington announces a package of 175 million dollars", actors=("USA",),
                     money=(175e6, "USD"), **MONEY),
                Said("it holds 2,000,000 rounds of 155mm", actors=("USA",), quantity=2_000_000,
                     **SHELLS),
                date="2023-09-06",
            )
        )
    )  # fmt: skip
    assert found["too-cheap"].severity == "error"
    assert "at most $87.5 for each round" in found["too-cheap"].what
    assert found["too-many"].severity == "warning"
    assert {name[0] for name in found["too-cheap"].ids} == {"c", "s", "d"}


def test_a_plausible_package_is_left_alone() -> None:
    assert "too-cheap" not in codes(
        report(
            Said(
                "a package of 175 million dollars", actors=("USA",), money=(175e6, "USD"), **MONEY
            ),
            Said("it holds 20,000 rounds of 155mm", actors=("USA",), quantity=20_000, **SHELLS),
            date="2023-09-06",
        )
    )


def test_a_package_of_somebody_else_buys_nothing() -> None:
    assert "too-cheap" not in codes(
        report(
            Said("Oslo gives 10,000 dollars", money=(10_000, "USD"), **MONEY),
            Said("Washington gives 20,000 rounds", actors=("USA",), quantity=20_000, **SHELLS),
            date="2023-09-06",
        )
    )


def test_prices_in_another_currency_are_converted() -> None:
    """100 Leopard 2 for 10 million kroner: not ten thousand dollars each."""
    found = found_in(
        ledger(
            report(Said("100 Leopard 2 for 10 million kroner", quantity=100, money=(10e6, "NOK")),
                   date="2023-06-05")
        )
    )  # fmt: skip
    assert "at most $9,0" in found["too-cheap"].what


def test_too_dear() -> None:
    found = found_in(ledger(report(Said("one tank for a billion", quantity=1, money=(1e9, "EUR")))))
    assert found["too-dear"].severity == "error"


def test_far_too_many_is_an_error() -> None:
    found = found_in(ledger(report(Said("50,000 tanks", quantity=50_000))))
    assert found["too-many"].severity == "error"


def test_a_rate_and_a_running_total_are_no_undertaking() -> None:
    assert "too-many" not in codes(
        report(Said("in all 50,000 tanks", quantity=50_000, scope=Scope.TOTAL))
    )


def test_the_nearest_bound_counts() -> None:
    plausible = load_plausible()
    category = Category.ARTILLERY_AMMUNITION
    narrow = plausible.bound_of(category, "155mm-he", "round", catalogue())
    wide = plausible.bound_of(category, "60mm", "round", catalogue())
    assert narrow is not None
    assert wide is not None
    assert (narrow.item, wide.item) == ("155mm", None)
    assert plausible.bound_of(category, None, "tonne", catalogue()) is None


def test_more_delivered_than_promised() -> None:
    handed: dict[str, Any] = {"kind": Kind.DELIVERY, "when": "2023-03-01"}
    eight = report(Said("eight tanks", quantity=8), date="2023-02-01")
    found = found_in(ledger(eight, report(Said("nine came", quantity=9, **handed),
                                          date="2023-03-02")))  # fmt: skip
    assert found["delivered-above-promised"].severity == "error"
    assert "delivered 9, promised 8" in found["delivered-above-promised"].what
    assert "delivered-above-promised" not in codes(
        eight, report(Said("all eight came", quantity=8, **handed), date="2023-03-02")
    )


@pytest.mark.parametrize(
    ("when", "kind", "code"),
    [
        ("2022-02-30", Kind.PLEDGE, "no-date"),
        ("1922-03-01", Kind.PLEDGE, "date-too-early"),
        ("2922-03-01", Kind.PLEDGE, "date-too-late"),
        ("2024-03-01", Kind.DELIVERY, "delivered-in-future"),
        ("2012-05-01", Kind.DELIVERY, "before-the-war"),
    ],
)
def test_dates_that_cannot_be(when: str, kind: Kind, code: str) -> None:
    told = report(Said("eight tanks", quantity=8, kind=kind, when=when), date="2023-02-14")
    found = found_in(ledger(told))
    assert found[code].severity == "error"
    assert any(name.startswith("s") for name in found[code].ids)


def test_dates_that_can_be() -> None:
    assert codes(
        report(Said("eight tanks by 2026", quantity=8, when="2026"), date="2023-02-14"),
        report(Said("Seoul got two jets", quantity=2, kind=Kind.DELIVERY, recipient="KOR",
                    category=Category.AIRCRAFT, when="1962"), date="2023-02-14"),
    ) == set()  # fmt: skip


def test_a_report_from_the_future() -> None:
    assert "report-in-future" in codes(report(Said("eight tanks", quantity=8), date="2031-01-01"))


def test_delivered_long_before_it_was_promised() -> None:
    told = [
        report(Said("eight tanks came in 2021", quantity=8, kind=Kind.DELIVERY, when="2021-03-01"),
               date="2023-02-01"),
        report(Said("eight tanks are promised", quantity=8), date="2023-02-10"),
    ]  # fmt: skip
    made = ledger(*told)
    assert len(made.commitments) == 1
    assert found_in(made)["delivered-before-promised"].severity == "warning"


def test_promises_without_news_are_stale() -> None:
    promise = report(Said("eight tanks", quantity=8), date="2022-06-01")
    assert "stale" in codes(promise, stale_days=365)
    assert "stale" not in codes(promise, stale_days=600)
    many = ledger(
        promise,
        report(Said("ten howitzers", designation="M109", category=Category.ARTILLERY, quantity=10),
               date="2022-07-01"),
        report(Said("five tanks", actors=("SWE",), quantity=5), date="2022-08-01"),
    )  # fmt: skip
    subject = Subject(many.commitments, many.entries, many.today, many.checks)
    every = check_all(subject, catalogue(), load_plausible(), dollars(), stale_days=365)
    stale = {one.ids: one.what for one in every if one.code == "stale"}
    # One finding for each giver, and none of the ids is lost.
    assert sorted(map(len, stale)) == [1, 2]
    assert {name for ids in stale for name in ids} == {one.id for one in many.commitments}
    [both] = [what for ids, what in stale.items() if len(ids) == 2]
    assert both == (
        "NOR: of 2 promises without a date nothing was heard for 549 to 579 days, "
        "the longest first: Leopard 2, M109"
    )
    dated = report(Said("eight tanks by May", quantity=8, when="2023-05"), date="2022-06-01")
    assert "stale" not in codes(dated, stale_days=365)


def test_totals_are_held_against_sums() -> None:
    donors = [("NOR",), ("SWE",), ("DNK",)]
    single = [
        report(Said(f"{actors[0]} gives ten tanks", actors=actors, quantity=10),
               date=f"2023-0{place}-01")
        for place, actors in enumerate(donors, start=2)
    ]  # fmt: skip
    total: dict[str, Any] = {"actors": ("ALLIES",), "scope": Scope.TOTAL}
    more = report(Said("the allies promised 50 tanks", quantity=50, **total), date="2023-06-01")
    less = report(Said("the allies promised 20 tanks", quantity=20, **total), date="2023-06-01")
    assert found_in(ledger(*single, more))["total-above-sum"].severity == "note"
    assert found_in(ledger(*single, less))["total-below-sum"].severity == "warning"


def test_errors_come_first() -> None:
    subject = ledger(
        report(Said("50,000 tanks", quantity=50_000), date="2022-01-01"),
        report(
            Said("eight ships", actors=("SWE",), quantity=8, category=Category.SHIP),
            date="2022-01-02",
        ),
    )
    made = check_all(
        Subject(subject.commitments, subject.entries, TODAY), catalogue(), load_plausible(),
        dollars(), stale_days=30,
    )  # fmt: skip
    assert [one.severity for one in made] == ["error", "warning", "warning"]


def test_wrong_bounds_are_told(tmp_path: Path) -> None:
    path = tmp_path / "plausible.toml"
    path.write_text('earliest_year = "once"\n')
    with pytest.raises(CatalogueError, match=r"plausible\.toml"):
        load_plausible(path)


# Imported releases


def row(text: str, *said: Said) -> Reading:
    """An imported row: its cells one a line, quoted by what it states."""
    return reading(document(text, "2023-09-06"), said)


def test_a_row_of_a_release_is_checked_by_itself() -> None:
    cells = (
        "ID: USM33\nCountries: United States\nItems: 155mm artillery round\n"
        "No. of Units: 2000000\nMonetary Value as Given by Source: 175000000"
    )
    made = entries(
        [
            row(cells,
                Said("Items: 155mm artillery round\nNo. of Units: 2000000", actors=("USA",),
                     quantity=2_000_000, **SHELLS),
                Said("Monetary Value as Given by Source: 175000000", actors=("USA",),
                     money=(175e6, "USD"), **MONEY)),
            row("ID: USM34\nNo. of Units: 10", Said("No. of Units: 10", quantity=10)),
        ]
    )  # fmt: skip
    subject = subject_of_rows(made, catalogue(), TODAY)
    assert len(subject.commitments) == 3
    found = check_all(subject, catalogue(), load_plausible(), dollars())
    assert [(one.severity, one.code) for one in found] == [
        ("error", "too-cheap"),
        ("warning", "too-many"),
    ]
    assert not any(name.startswith("c") for one in found for name in one.ids)


def test_money_in_another_row_of_the_package_is_a_reason_to_look() -> None:
    made = entries(
        [
            row("ID: USM33\nItems: shells\nNo. of Units: 2000000",
                Said("Items: shells\nNo. of Units: 2000000", actors=("USA",), quantity=2_000_000,
                     **SHELLS)),
            row("ID: USM33\nTotal: 175000000",
                Said("Total: 175000000", actors=("USA",), money=(175e6, "USD"), **MONEY)),
        ]
    )  # fmt: skip
    rows = subject_of_rows(made, catalogue(), TODAY)
    packages = {entry.document: "kiel USM33" for entry in made}
    subject = Subject(rows.commitments, rows.entries, TODAY, source="release", packages=packages)
    [cheap, _] = check_all(subject, catalogue(), load_plausible(), dollars())
    assert (cheap.severity, cheap.code) == ("warning", "too-cheap")


@pytest.fixture
def book(place: str) -> Iterator[Book]:
    with Book.open(place) as opened:
        yield opened


def test_a_release_that_is_not_there_is_told(book: Book) -> None:
    with pytest.raises(NotFoundError):
        book.answers.check(release="kiel")


@pytest.mark.skipif(not KIEL.exists(), reason="the release is not beside the project")
def test_the_release_of_june_2024(place: str) -> None:
    """Three million drones for two million euros: the row's own text says that it was 3000."""
    path = place
    with Store.open(path) as store:
        import_file(store, catalogue(), "kiel", KIEL / "release-2024-06-part.csv", by="test")
    with Book.open(path) as opened:
        errors = [one for one in opened.answers.check(release="kiel") if one.severity == "error"]
        assert [one.code for one in errors] == ["too-cheap"]
        assert "3,000,000 drone" in errors[0].what
        for name in errors[0].ids:
            assert opened.why(name).id == name


def test_check_takes_a_book(place: str) -> None:
    with Store.open(place) as store:
        store.add(asking_story())
    with Book.open(place) as opened:
        found = opened.answers.check(as_of="2023-12-31", stale_days=30)
        assert {one.code for one in found} == {"stale"}
        assert opened.answers.check(donor="NLD", as_of="2023-12-31") == []
