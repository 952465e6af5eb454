"""The status by dimensions: stages, units and joint donors apart, and each row opens."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence

import pytest
from asking_books import catalogue, ledger
from hypothesis import given, settings
from hypothesis import strategies as st

from asking_story import asking_story
from making import Said, entries, report
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.answers.grouping import (
    DIMENSIONS,
    TIMES,
    GroupRow,
    dimensions,
    group_id,
    group_rows,
)
from pledgebook.ledger.filters import EVERYTHING, Filter
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.records import Reading
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status


def rows(by: str, found: Ledger | None = None) -> dict[tuple[str | None, ...], GroupRow]:
    found = found or ledger()
    made = group_rows(found.commitments, dimensions(by), found.entries, catalogue())
    keyed = {(*row.labels, row.unit): row for row in made}
    assert len(keyed) == len(made)
    return keyed


def test_dimensions_are_read_from_a_list() -> None:
    assert dimensions(" Donor, month,donor") == ("donor", "month")
    assert dimensions(["stage"]) == ("stage",)
    for wrong in ("", "donor,colour", "month,year"):
        with pytest.raises(UsageError):
            dimensions(wrong)


def test_by_donor_stages_stand_side_by_side() -> None:
    norway = rows("donor")["NOR", "item"]
    assert norway.quantities == {Stage.PLEDGED: Total(8, 8), Stage.DELIVERED: Total(5, 5)}
    assert norway.outstanding == Total(3, 3)
    assert norway.overdue == 1


def test_units_are_never_mixed_and_money_stands_apart() -> None:
    found = rows("donor")
    assert found["DEU", "round"].quantities[Stage.PLEDGED] == Total(10_000, 12_000)
    assert found["DEU", "round"].outstanding == Total(0, 0)
    assert found["DEU", None].money[Stage.PLEDGED] == {"EUR": Total(200e6, 200e6)}
    # Money alone has no number of items that would be unknown.
    assert found["DEU", None].quantities[Stage.PLEDGED] == Total()
    assert ("DEU", "item") not in found


def test_what_is_unknown_is_counted_in_the_unit_of_its_category() -> None:
    estonia = rows("donor")["EST", "round"]
    assert estonia.quantities == {Stage.PLEDGED: Total(unknown=1)}
    assert estonia.outstanding == Total(unknown=1)


def test_joint_donors_stand_once_under_their_joint_name() -> None:
    found = rows("donor")
    assert found["DEU, DNK", "item"].quantities[Stage.PLEDGED] == Total(80, 80)
    assert found["DEU, DNK", "item"].joint == 1
    assert ("DNK", "item") not in found


def test_by_stage_each_has_a_row_of_its_own() -> None:
    found = rows("stage")
    pledged = found["pledged", "item"]
    # 8 of Norway, 80 jointly, 24 jets, and of Poland what prevails: 10.
    assert pledged.quantities == {Stage.PLEDGED: Total(122, 122)}
    assert pledged.outstanding is None
    assert found["asked", "item"].quantities == {Stage.ASKED: Total(144, 144, 1)}
    assert found["considered", "item"].quantities == {Stage.CONSIDERED: Total(6, 6)}
    assert found["refused", "item"].quantities == {Stage.REFUSED: Total(unknown=2)}


def test_by_month_promises_by_report_and_deliveries_by_their_day() -> None:
    found = rows("month,category")
    assert found["2023-02", "tank", "item"].quantities == {Stage.PLEDGED: Total(88, 88)}
    # What is outstanding stands beside the promise: 8 - 5, and 80.
    assert found["2023-02", "tank", "item"].outstanding == Total(83, 83)
    assert found["2023-03", "tank", "item"].quantities == {Stage.DELIVERED: Total(3, 3)}
    # Told in June, handed over in May.
    assert found["2023-05", "tank", "item"].quantities == {Stage.DELIVERED: Total(2, 2)}
    assert ("2023-04", "tank", "item") not in found


def test_quarters_and_years() -> None:
    assert rows("quarter,category")["2023-Q1", "tank", "item"].quantities == {
        Stage.ASKED: Total(100, 100),
        Stage.PLEDGED: Total(88, 88),
        Stage.DELIVERED: Total(3, 3),
    }
    assert {labels[0] for labels in rows("year")} == {"2023"}


def test_a_time_longer_than_a_month_is_put_in_no_month() -> None:
    told = ledger(
        report(
            Said("seven tanks came in the course of 2023", kind=Kind.DELIVERY, quantity=7,
                 when="2023"),
            Said("one ship came in the winter", kind=Kind.DELIVERY, quantity=1,
                 category=Category.SHIP, designation=None, when="2023-01/2023-03"),
            date="2024-02-01",
        )
    )  # fmt: skip
    assert set(rows("month", told)) == {("2023", "item"), ("2023-01/2023-03", "item")}
    assert set(rows("quarter,category", told)) == {
        ("2023", "tank", "item"),
        ("2023-Q1", "ship", "item"),
    }


def test_parts_that_do_not_add_up_to_the_figure_stay_one() -> None:
    """A delivery of unknown size leaves the sum open: no month can be given its share."""
    told = ledger(
        report(Said("three tanks arrived", kind=Kind.DELIVERY, quantity=3, when="2023-03-01"),
               date="2023-03-02"),
        report(Said("more tanks arrived", kind=Kind.DELIVERY, when="2023-05-01"),
               date="2023-05-02"),
    )  # fmt: skip
    whole = rows("donor", told)["NOR", "item"].quantities[Stage.DELIVERED]
    parts = [row.quantities[Stage.DELIVERED] for row in rows("month", told).values()]
    assert together(parts) == whole


def test_rows_that_add_up_different_things_say_so() -> None:
    found = rows("donor")[None, "item"]
    assert found.categories == ("air-defence", "aircraft", "missile", "tank")
    assert found.quantities[Stage.ASKED] == Total(144, 144, 1)


def test_the_order_of_the_dimensions_does_not_change_an_id() -> None:
    one = {row.id for row in rows("donor,month").values()}
    assert one == {row.id for row in rows("month,donor").values()}
    assert one.isdisjoint(row.id for row in rows("donor").values())
    narrowed = group_id({"donor": "NOR"}, "item", Filter(recipient="UKR"))
    assert narrowed != group_id({"donor": "NOR"}, "item", EVERYTHING)


@pytest.fixture
def book(place: str) -> Iterator[Book]:
    with Store.open(place) as store:
        store.add(asking_story())
    with Book.open(place) as opened:
        yield opened


@pytest.mark.parametrize(
    "by", [*DIMENSIONS, "donor,month", "category,stage,year", "recipient,item,supplier,quarter"]
)
def test_every_row_opens(book: Book, by: str) -> None:
    """By its whole id and by the beginning that a table shows, also in a narrowed table."""
    for narrowed in ({}, {"donor": "Norway"}, {"item": "tank", "recipient": "Ukraine"}):
        found = book.answers.rows(by, **narrowed)
        assert found
        for row in found:
            explanation = book.why(row.id)
            assert explanation.id == row.id
            assert {child.id for child in explanation.children} == {
                one.id for one in row.commitments
            }
            assert book.why(row.id[:10]).id[:10] == row.id[:10]


def test_a_row_is_explained_in_words(book: Book) -> None:
    [row] = book.answers.rows("month", donor="NOR", item="Leopard 2")[:1]
    told = book.why(row.id)
    assert told.title == "by month: 2023-02 (only donor NOR, item leopard-2)"
    assert told.facts == {"pledged": "8", "outstanding": "3"}
    assert "Norway will send eight" in book.cite(row.id)


def test_an_id_of_nothing_is_not_found(book: Book) -> None:
    with pytest.raises(NotFoundError):
        book.why("f001" + "0" * 17)
    with pytest.raises(NotFoundError):
        book.why("f000" + "0" * 17)


def test_the_frame_holds_the_rows(book: Book) -> None:
    frame = book.status(by="donor,month")
    found = book.answers.rows("donor,month")
    assert frame["id"].to_list() == [row.id for row in found]
    assert frame.columns[:4] == ["id", "donor", "month", "unit"]
    assert frame.filter(donor="NOR", month="2023-02")["pledged_low"].to_list() == [8.0]
    assert frame.schema == book.status(by="donor,month", as_of="1999-01-01").schema


# Laws


def together(terms: Iterable[Total]) -> Total:
    found = list(terms)
    known = [term for term in found if term.low is not None]
    if not known:
        return Total(unknown=sum(term.unknown for term in found))
    high: float | None = 0
    for term in known:
        high = None if high is None or term.high is None else high + term.high
    low = sum(term.low or 0 for term in known)
    return Total(low, high, sum(term.unknown for term in found))


AMOUNTS = st.one_of(
    st.none(),
    st.integers(1, 50),
    st.tuples(st.none(), st.integers(1, 50)),
    st.tuples(st.integers(1, 20), st.integers(20, 50)),
)
SAID: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    kind=st.sampled_from([Kind.PLEDGE, Kind.DELIVERY, Kind.CONTRACT, Kind.REFUSAL, Kind.REQUEST]),
    actors=st.sampled_from([("NOR",), ("DEU",), ("DEU", "DNK"), ("SWE",)]),
    category=st.sampled_from([Category.TANK, Category.AIRCRAFT, Category.MILITARY_AID]),
    unit=st.sampled_from(["item", "round"]),
    quantity=AMOUNTS,
    money=st.sampled_from([None, None, (1_000_000.0, "EUR"), (2_000_000.0, "USD")]),
    status=st.sampled_from(list(Status)),
    scope=st.sampled_from([Scope.NEW, Scope.BACKGROUND]),
    when=st.sampled_from([None, "2023-03", "2023-04-05", "2023", "2024-06"]),
    recipient=st.sampled_from(["UKR", None]),
)


def told(said: Sequence[dict[str, object]]) -> list[Reading]:
    made = []
    for number, fields in enumerate(said):
        amount = fields["quantity"]
        if isinstance(amount, int):
            fields = fields | {"quantity": (float(amount), float(amount))}
        one = Said(f"report {number} says so", designation=None, **fields)  # type: ignore[arg-type]
        made.append(report(one, date=f"2023-{1 + number % 12:02}-15", lead=f"Number {number}."))
    return made


@settings(max_examples=60)
@given(st.lists(SAID, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_groups_add_up_to_the_whole_in_any_order(
    said: list[dict[str, object]], chance: random.Random
) -> None:
    """By unit and stage, a partition sums to what is not divided; parts of packages aside."""
    found = entries(told(said))
    one = build_ledger(found, today=ledger().today, tree=catalogue())
    chance.shuffle(found)
    other = build_ledger(found, today=ledger().today, tree=catalogue())
    everything = by_unit(group_rows(one.commitments, (), one.entries, catalogue()))
    has_parts = any(commitment.wholes for commitment in one.commitments)
    for by in (["donor"], ["category"], ["month"], ["year"], ["donor", "quarter"], ["recipient"]):
        divided = group_rows(one.commitments, by, one.entries, catalogue())
        assert divided == group_rows(other.commitments, by, other.entries, catalogue())
        if not has_parts:
            assert by_unit(divided) == everything


def by_unit(rows: Iterable[GroupRow]) -> dict[tuple[str | None, str, str], Total]:
    terms: dict[tuple[str | None, str, str], list[Total]] = {}
    for row in rows:
        for stage, total in row.quantities.items():
            terms.setdefault((row.unit, stage.value, ""), []).append(total)
        for stage, amounts in row.money.items():
            for code, total in amounts.items():
                terms.setdefault((row.unit, stage.value, code), []).append(total)
        if row.outstanding is not None:
            terms.setdefault((row.unit, "outstanding", ""), []).append(row.outstanding)
    return {key: together(some) for key, some in terms.items()}


def test_every_pair_of_dimensions_can_be_had() -> None:
    found = ledger()
    for pair in itertools.combinations(DIMENSIONS, 2):
        if set(pair) <= set(TIMES):
            continue
        made = group_rows(found.commitments, pair, found.entries, catalogue())
        assert len({row.id for row in made}) == len(made) > 0
