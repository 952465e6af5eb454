"""Burden shares, and the data that they rest on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking_books import catalogue

from asking_story import asking_story
from making import Said, report
from pledgebook.book import Book
from pledgebook.errors import CatalogueError
from pledgebook.ledger.answers.burden import Burden, BurdenList
from pledgebook.ledger.answers.economies import load_economies
from pledgebook.ledger.records import Reading
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category, Kind

KIEL = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "kiel" / "release-2022-10"
# Reference rates of the European Central Bank on 5 June 2023: 1 EUR = 1.0690 USD, 11.8275 NOK.
DOLLARS, KRONER = 1.0690, 11.8275


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    yield from opened(tmp_path, asking_story())


def opened(folder: Path, readings: list[Reading]) -> Iterator[Book]:
    with Store.open(folder / "aid.db") as store:
        store.add(readings)
    with Book.open(folder / "aid.db") as found:
        yield found


def by_donor(found: BurdenList) -> dict[str, Burden]:
    return {row.donor: row for row in (*found.states, *found.apart)}


def test_money_is_held_against_gdp_and_heads(book: Book) -> None:
    found = book.answers.burden()
    germany = by_donor(found)["DEU"]
    worth = germany.worth[Stage.PLEDGED]
    assert worth.low == pytest.approx(200e6 * DOLLARS, rel=1e-4)
    assert worth.high == worth.low
    # World Bank, 2020: 3,846.41393 billion dollars; CLDR 48: 84,119,100 inhabitants.
    share = 200e6 * DOLLARS / 3_846.41393e9
    assert germany.of_gdp[Stage.PLEDGED].low == pytest.approx(share, rel=1e-4)
    assert germany.per_head[Stage.PLEDGED].low == pytest.approx(
        200e6 * DOLLARS / 84_119_100, rel=1e-4
    )
    norway = by_donor(found)["NOR"]
    assert norway.worth[Stage.PLEDGED].low == pytest.approx(100e6 / KRONER * DOLLARS, rel=1e-3)
    assert found.currency == "USD"
    assert any("European Central Bank" in source for source in found.sources)


def test_what_has_no_price_is_counted_and_no_zero(book: Book) -> None:
    found = by_donor(book.answers.burden())
    assert found["DEU"].worth[Stage.PLEDGED].unknown == 1  # the shells
    assert found["NLD"].worth[Stage.PLEDGED].low is None
    assert found["NLD"].worth[Stage.PLEDGED].unknown == 1
    assert found["NLD"].of_gdp == {}


def test_institutions_and_joint_donors_stand_apart(book: Book) -> None:
    found = book.answers.burden()
    assert {row.donor for row in found.apart} == {"EU", "DEU, DNK"}
    assert all(row.of_gdp == row.per_head == {} for row in found.apart)
    assert "EU" not in {row.donor for row in found.states}


def test_the_heaviest_burden_comes_first(book: Book) -> None:
    states = book.answers.burden().states
    assert [row.donor for row in states[:2]] == ["DEU", "NOR"]


def test_the_other_measure_has_another_year_and_source(book: Book) -> None:
    nominal, ppp = book.answers.burden(), book.answers.burden("ppp")
    assert by_donor(ppp)["DEU"].gdp == 5_230_000_000_000
    assert by_donor(nominal)["DEU"].gdp == 3_846_413_930_000
    assert nominal.economies.measure["gdp_nominal"].year == "2020"


def test_every_row_opens(book: Book) -> None:
    for row in by_donor(book.answers.burden(item="military-aid")).values():
        assert book.why(row.id).id == row.id


def test_what_a_state_buys_for_itself_is_no_burden(tmp_path: Path) -> None:
    own = Said("Berlin orders tanks for 500 million euros", kind=Kind.CONTRACT, actors=("DEU",),
               recipient=None, money=(500e6, "EUR"))  # fmt: skip
    for book in opened(tmp_path, [report(own)]):
        assert by_donor(book.answers.burden()) == {}


def test_an_economy_that_is_not_known_has_no_share(tmp_path: Path) -> None:
    """Of Ukraine's neighbours, Moldova's nominal GDP is not in the data."""
    aid = Said("Moldova gives a million euros", actors=("MDA",), money=(1e6, "EUR"),
               category=Category.HUMANITARIAN_AID, designation=None)  # fmt: skip
    for book in opened(tmp_path, [report(aid)]):
        [row] = book.answers.burden().states
        assert row.gdp is None
        assert row.of_gdp == {}
        assert row.per_head[Stage.PLEDGED].low is not None
        assert book.answers.burden("ppp").states[0].of_gdp


def test_every_measure_has_a_year_and_a_source() -> None:
    economies = load_economies()
    assert set(economies.measure) == {"population", "gdp_ppp", "gdp_nominal"}
    for measure in economies.measure.values():
        assert measure.year
        assert measure.source
        assert measure.url.startswith("https://")


def test_every_economy_is_a_state_of_the_catalogue() -> None:
    found = load_economies().by_code
    parties = catalogue().parties
    assert all(parties[code].kind == "state" for code in found)
    assert {"USA", "DEU", "GBR", "UKR", "TWN", "XKX"} <= set(found)
    assert "EU" not in found
    # Of the two measures neither is a thousand times the other: no slip of units.
    both = [one for one in found.values() if one.gdp_nominal and one.gdp_ppp]
    assert len(both) == 40
    assert all(0.3 < (one.gdp_ppp or 0) / (one.gdp_nominal or 1) < 6 for one in both)
    assert all(300 < (one.gdp_ppp or 0) / (one.population or 1) < 300_000 for one in found.values())


def test_a_wrong_data_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "economies.toml"
    path.write_text('[[economy]]\ncode = "NOR"\npopulation = 0\n')
    with pytest.raises(CatalogueError, match=r"economies\.toml"):
        load_economies(path)


@pytest.mark.skipif(not KIEL.exists(), reason="the release is not beside the project")
def test_nominal_gdp_is_that_of_the_release() -> None:
    with (KIEL / "Country_Summary.csv").open(encoding="utf-8", newline="") as lines:
        sheet = list(csv.reader(lines))[5:]
    told = {}
    for row in sheet:
        party = catalogue().find_party(row[1])
        if party is not None and party.kind == "state":
            told[party.code] = round(float(row[7]) * 1e9)
    known = load_economies().by_code
    assert {code: known[code].gdp_nominal for code in told} == told
    assert len(told) == 40
