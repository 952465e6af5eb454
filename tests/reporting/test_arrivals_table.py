"""What is awaited as a person sees it, and as plain data: from chances made by hand."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pytest
from syrupy.assertion import SnapshotAssertion

from asking_story import asking_story
from drawing import drawn
from fulfilment_told import quick_and_slow
from making import START, entries
from pledgebook.forecasting.arrivals import ArrivalsList, Awaited, Expectation
from pledgebook.forecasting.forecast import Band, Caveat
from pledgebook.forecasting.fulfilment import Arrivals, FulfilmentModel, fit
from pledgebook.forecasting.learning import REPORTS, Learned
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.release_view import StoredRelease
from pledgebook.reporting.answer_cells import flat_fields, flat_record
from pledgebook.reporting.arrivals_records import (
    ARRIVALS_FIELDS,
    ARRIVALS_PARTS,
    arrivals_more,
    awaited_record,
)
from pledgebook.reporting.arrivals_table import arrivals_next, arrivals_table, told_median
from pledgebook.reporting.fulfilment_table import effect_lines, effects_of
from pledgebook.reporting.names import Names
from pledgebook.reporting.status_table import NAMES_FROM
from pledgebook.vocabulary.catalogue import load_catalogue

CATALOGUE = load_catalogue()
DAY, BY = dt.date(2023, 8, 14), dt.date(2023, 12, 31)
DAYS = (dt.date(2023, 8, 15), *(dt.date(2023, month, 1) for month in (9, 10, 11, 12)),
        dt.date(2024, 1, 1))  # fmt: skip


def band(*low_middle_high: tuple[float, float, float]) -> Band:
    """A band of which the quartiles and the mean lie half way."""
    low, middle, high = np.array(low_middle_high, dtype=float).T
    mean = (low + middle + high) / 3
    return Band(mean, low, (low + middle) / 2, middle, (middle + high) / 2, high)


def tanks() -> Arrivals:
    each = [(0, 0, 2), (0, 1, 6), (0, 0, 5), (0, 0, 3), (0, 0, 0.1)]
    since = [(0, 0, 2), (0, 2, 8), (1, 4, 11), (2, 6, 14), (3, 7, 14)]
    none = band((0, 0, 0))
    return Arrivals(band(*each), band(*since), band((0, 3, 9)), none, ("c1",), ())


@pytest.fixture(scope="module")
def prior() -> FulfilmentModel:
    return fit([], DAY)


@pytest.fixture(scope="module")
def found(prior: FulfilmentModel) -> ArrivalsList:
    ledger = build_ledger(entries(asking_story()), (), today=DAY, tree=CATALOGUE)
    open_ = {
        (one.donors, one.item): one
        for one in ledger.commitments
        if one.outstanding is not None and one.outstanding.high != 0
    }

    def row(donors: tuple[str, ...], item: str, *chances: float, **more: object) -> Awaited:
        one = open_[donors, item]
        fields: dict[str, object] = {"median": dt.date(2023, 11, 2), "open": 1.0} | more
        left = one.outstanding or UNKNOWN
        return Awaited(one, left, *chances, **fields)  # type: ignore[arg-type]

    rows = (
        row(("EST",), "155mm", 0.25, 0.6, 0.4, 0.1, median=None),
        row(("DEU", "DNK"), "Leopard 1", 0.301, 0.8, 0.55, 0.1, median=DAY),
        row(("NOR",), "Leopard 2", 0.004, 0.999, 0.2, 0.05, open=0.8),
        row(("POL",), "Leopard 2", 0.12, 0.5, 0.25, 0.2, median=dt.date(2033, 1, 1)),
    )
    leopards = tuple(one.id for one in rows[1:])
    return ArrivalsList(
        as_of=DAY,
        by=BY,
        days=DAYS,
        rows=rows,
        expected=(
            Expectation("UKR", "tank", "tank", "item", whole=True, counted=leopards,
                        unknown=(), within=(), outstanding=Interval(83, 97), arrivals=tanks()),
            Expectation("UKR", "155mm", "155mm", "round", whole=False, counted=(),
                        unknown=(rows[0].id,), within=(), outstanding=UNKNOWN, arrivals=None),
            Expectation("UKR", "leopard-2", "Leopard 2", "item", whole=False,
                        counted=leopards[1:], unknown=(rows[0].id,), within=(leopards[0],),
                        outstanding=Interval(3, 17), arrivals=tanks()),
            Expectation("UKR", "tank", "tank", "item", whole=False, counted=leopards[:1],
                        unknown=(), within=(), outstanding=Interval(80, 80), arrivals=tanks()),
        ),
        learned=Learned(prior, REPORTS, None, (), (Caveat("c1", "it is undated"),)),
        own=2,
        caveats=(
            Caveat("what is expected", "of 1 promise the outstanding number is not known"),
            Caveat("fulfilment", "the chances are those of the prior", said=True),
        ),
        draws=1_000,
        seed=1,
    )  # fmt: skip


def page(found: ArrivalsList, width: int = 80) -> str:
    names = Names(CATALOGUE.parties, in_full=width >= NAMES_FROM)
    return drawn(arrivals_table(found, names), width)


def words(found: ArrivalsList) -> str:
    return " ".join(page(found, 200).split())


@pytest.mark.parametrize("width", [80, 120])
def test_the_page_at_a_width(found: ArrivalsList, width: int, snapshot: SnapshotAssertion) -> None:
    assert page(found, width).splitlines() == snapshot


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_the_page_keeps_to_its_width(found: ArrivalsList, width: int) -> None:
    assert max(map(len, page(found, width).splitlines())) <= width


def test_what_is_unknown_is_no_zero(found: ArrivalsList) -> None:
    [line] = [one for one in page(found).splitlines() if one.startswith("155mm (rounds)")]
    assert line.split()[2:] == ["1", "1", "n/k", "n/k", "n/k", "n/k"]
    assert "comes on top, and is not zero" in words(found)


def test_parts_and_sums_are_told_apart(found: ArrivalsList) -> None:
    text = words(found)
    assert "1 promise lies within another one of the same line" in text
    assert "tank, all kinds" in text
    assert "tank, no kind named" in text
    assert "do not add them" in text


def test_by_month_only_the_whole_where_there_is_one(found: ArrivalsList) -> None:
    assert "tank, all kinds by month" in page(found)
    assert "Leopard 2 by month" not in page(found)
    kinds = [one for one in found.expected if not one.whole]
    assert "Leopard 2 by month" in page(replace(found, expected=tuple(kinds)))
    many = page(replace(found, expected=tuple(kinds * 3)))
    assert "narrow it with --item" in many
    assert "Aug 2023" not in many.split("What to expect")[1]


def test_the_first_month_is_no_whole_one(found: ArrivalsList) -> None:
    assert "15–31 Aug 2023" in page(found)
    assert "\nSep 2023" in page(found)


def test_medians_are_told_as_far_as_they_bear(found: ArrivalsList) -> None:
    assert [told_median(row, DAY) for row in found.rows] == [
        "never so", "now", "Nov 2023", "later",
    ]  # fmt: skip


def test_nothing_open_is_said(found: ArrivalsList) -> None:
    empty = replace(found, rows=(), expected=())
    assert "Nothing that was promised is open on 2023-08-14" in page(empty)
    assert arrivals_next(empty) == []
    # What cannot be said is said all the same.
    assert "the outstanding number is not known" in words(empty)


def test_the_likeliest_is_opened_next(found: ArrivalsList) -> None:
    [(command, _)] = arrivals_next(found)
    assert command == f"pledgebook why {found.rows[2].id[:10]}"


def test_a_model_of_nothing_says_so(found: ArrivalsList) -> None:
    assert "No promise in the reports of this book gives a time" in words(found)
    learned = replace(found.learned, model=quick_and_slow(DAY))
    assert "How 80 promises in the reports of this book were kept; of these, 80 lots" in words(
        replace(found, learned=learned)
    )


def test_a_release_is_named(found: ArrivalsList) -> None:
    release = StoredRelease(
        "i1", "kiel", "2024-06", "kiel", dt.date(2024, 6, 30), "a.csv", "0", None, (), "me",
        START, 1, 10,
    )  # fmt: skip
    learned = replace(
        found.learned,
        model=quick_and_slow(DAY),
        says="the release 2024-06 of kiel",
        release=release,
    )
    changed = replace(found, learned=learned)
    assert "in the release 2024-06 of kiel were kept" in words(changed)
    record = arrivals_more(changed)["model"]["release"]
    assert record == {"id": "i1", "dataset": "kiel", "name": "2024-06", "day": "2024-06-30"}


def test_effects_are_named_only_where_they_are_clear(prior: FulfilmentModel) -> None:
    names = Names(CATALOGUE.parties)
    model = quick_and_slow(DAY)
    lines = effect_lines(model, names, ["DEU", "NOR"], ["tank"])
    assert any(line.startswith("Norway: takes 0.") for line in lines)
    assert any(line.startswith("Germany: takes 7 ") for line in lines)
    assert "No category is known to be quicker or slower." in lines
    # Who has no part in what is shown is not named.
    assert not any("Norway" in line for line in effect_lines(model, names, ["DEU"], []))
    assert effect_lines(prior, names, ["DEU"], ["tank"]) == []
    strongest = effects_of(model, "donor")
    assert [one.clear for one in strongest] == [True, True]


def test_records_hold_all(found: ArrivalsList) -> None:
    records = [awaited_record(row, found) for row in found.rows]
    assert all(tuple(record) == ARRIVALS_FIELDS for record in records)
    assert records[0]["outstanding"] == {"low": None, "high": None}
    assert records[0]["half_by"] is None
    assert records[2]["any_by"] == 0.999
    flat = flat_record(records[2], ARRIVALS_PARTS)
    assert set(flat) == set(flat_fields(ARRIVALS_FIELDS, ARRIVALS_PARTS))
    assert flat["outstanding_high"] == 3
    more = arrivals_more(found)
    assert len(more["months"]) == 5
    whole, shells, *_ = more["expected"]
    assert whole["since_now"]["p50"] == [0, 2, 4, 6, 7]
    assert shells["since_now"] is None
    assert shells["outstanding"] is None
    assert shells["of_unknown_size"] == [found.rows[0].id]
    assert more["model"]["release"] is None
    assert more["model"]["unused"][0]["why"] == "it is undated"
    assert set(more["model"]["estimates"]) == set(found.learned.model.estimates)
    json.dumps([records, more], allow_nan=False)
