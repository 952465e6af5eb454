"""What a model is learned from: reports, or the rows of a release, never both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from asking_story import asking_story
from making import Clock, Said, entries, release, report
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.forecasting.fulfilment import SpellSet, spells_of
from pledgebook.forecasting.learning import REPORTS, Learned, model_of, release_known
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Kind

DAY = dt.date(2024, 1, 1)


@pytest.fixture(scope="module")
def spells() -> SpellSet:
    ledger = build_ledger(entries(asking_story()), (), today=DAY, tree=load_catalogue())
    return spells_of(ledger.commitments, ledger.entries, DAY)


def row(quantity: int, came: int, when: str | None = "2022-06-01") -> list[Said]:
    said = [Said(f"row of {quantity} tanks", quantity=quantity, when=when)]
    if came:
        said.append(Said(f"{came} delivered", kind=Kind.DELIVERY, quantity=came))
    return said


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("learning") / "aid.db"
    with Store.open(path, clock=Clock()) as opened:
        older = [report(*row(n, 0), date=None) for n in (4, 5)]
        newer = [report(*row(n, n if n % 2 else n // 2), date=None) for n in (4, 5, 6, 7)]
        opened.add_release(release(older, "2022-10", "2022-10-03"), by="me")
        opened.add_release(release(newer, "2023-06", "2023-06-30"), by="me")
        undated = [report(*row(9, 3, None), date=None)]
        opened.add_release(release(undated, "bare", "2022-01-01", dataset="register"), by="me")
        yield opened


def test_without_a_release_it_is_learned_from_the_reports(spells: SpellSet) -> None:
    found = model_of(spells, DAY)
    assert found.says == REPORTS
    assert found.release is None
    assert found.model.commitments == len({one.commitment for one in spells})


def test_a_release_stands_in_place_of_the_reports(spells: SpellSet, store: Store) -> None:
    found = model_of(spells, DAY, store=store, release="tracker")
    assert found.release is not None
    assert found.release.name == "2023-06"
    assert found.model.commitments == 4
    assert found.model.lots == 4
    assert "2023-06 of tracker (to 2023-06-30)" in found.says
    assert found.model.estimates != model_of(spells, DAY).model.estimates
    assert any("rests on it" in one.why for one in found.caveats)


def test_what_came_out_later_is_not_known(spells: SpellSet, store: Store) -> None:
    early = dt.date(2023, 1, 1)
    found = model_of(spells, early, store=store, release="tracker")
    assert found.release is not None
    assert found.release.name == "2022-10"
    assert found.model.lots == 0
    with pytest.raises(UsageError, match="later than 2023-01-01"):
        model_of(spells, early, store=store, release="2023-06")


def test_one_release_can_be_named(store: Store) -> None:
    assert release_known(store, "2022-10", DAY).name == "2022-10"
    known = release_known(store, "tracker", DAY)
    assert release_known(store, known.id[:9], DAY) == known


def test_an_unknown_release_names_those_that_are_there(store: Store) -> None:
    with pytest.raises(NotFoundError, match="Imported are: register, tracker"):
        release_known(store, "kiel", DAY)


def test_an_empty_book_says_how_to_get_one(tmp_path: Path) -> None:
    with (
        Store.open(tmp_path / "new.db", clock=Clock()) as empty,
        pytest.raises(NotFoundError, match="pledgebook import"),
    ):
        release_known(empty, "kiel", DAY)


def test_rows_without_days_teach_nothing(spells: SpellSet, store: Store) -> None:
    with pytest.raises(UsageError, match="tells when something was promised"):
        model_of(spells, DAY, store=store, release="register")


def test_a_release_needs_its_book(spells: SpellSet) -> None:
    with pytest.raises(UsageError, match="kept in a book"):
        model_of(spells, DAY, release="kiel")


def test_single_promises_are_apart_from_what_the_data_lack(spells: SpellSet) -> None:
    story = [
        *asking_story(),
        report(Said("Greece will send three Leopard 2 tanks", actors=("GRC",), quantity=3),
               date=None),
    ]  # fmt: skip
    ledger = build_ledger(entries(story), (), today=dt.date(2025, 2, 1), tree=load_catalogue())
    told = spells_of(ledger.commitments, ledger.entries, dt.date(2025, 2, 1))
    found = model_of(told, dt.date(2025, 2, 1))
    assert isinstance(found, Learned)
    [unused] = found.unused
    assert "undated" in unused.why
    assert unused not in found.caveats
    assert {*found.caveats, *found.unused} == {*found.model.caveats}
    assert model_of(spells, DAY).unused == ()
