"""Parts know their whole: packages with items and funds, goods with what pays for them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from making import START, Said, entries, report
from pledgebook.ledger.cases import prepare
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.records import Reading
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.totals import money_total, quantity_total
from pledgebook.ledger.undertakings import settle
from pledgebook.ledger.wholes import Part, Relation
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Ground, Kind, Scope, Status

TODAY = dt.date(2024, 1, 1)
ROOT = Path(__file__).resolve().parents[2]
USA = ("USA",)


def apart(*readings: Reading) -> list[Group]:
    """Every statement as an undertaking of its own, so that joining plays no part."""
    tree = load_catalogue()
    cases = [prepare(entry, tree, frozenset()) for entry in entries(readings)]
    return [Group([case]) for case in cases if case is not None]


def told(
    groups: Sequence[Group],
    different: Sequence[tuple[str, str]] = (),
    packages: dict[str, str] | None = None,
) -> tuple[Commitment, ...]:
    commitments, _ = settle(groups, TODAY, load_catalogue(), different=different, packages=packages)
    return commitments


def ledger(*readings: Reading) -> tuple[Commitment, ...]:
    return told(apart(*readings))


def aid(quote: str, amount: float, **changes: Any) -> Said:  # noqa: ANN401
    said: dict[str, Any] = {
        "quote": quote,
        "actors": USA,
        "category": Category.MILITARY_AID,
        "designation": None,
        "money": (amount, "USD"),
        "when": "2023-08-29",
    }
    return Said(**(said | changes))


def item(quote: str, **changes: Any) -> Said:  # noqa: ANN401
    said: dict[str, Any] = {
        "quote": quote,
        "actors": USA,
        "category": Category.ANTI_TANK_WEAPON,
        "designation": "TOW",
        "when": "2023-08-29",
    }
    return Said(**(said | changes))


def parts(found: Sequence[Commitment]) -> set[tuple[str, str]]:
    """The whole and the part of each relation, by item."""
    names = {one.id: one.item for one in found}
    return {(names[part.whole], names[part.part]) for part in relations(found)}


def relations(found: Sequence[Commitment]) -> list[Part]:
    return [part for one in found for part in one.wholes]


def total(found: Sequence[Commitment], currency: str = "USD") -> float | None:
    return money_total(found, Stage.PLEDGED)[currency].low


PACKAGE = aid("a package worth 250 million dollars", 250e6)


def test_items_that_are_listed_after_a_package_are_parts_of_it() -> None:
    found = ledger(
        report(PACKAGE, item("200 TOW missiles", quantity=200), item("HAWK interceptors",
               category=Category.MISSILE, designation="HAWK"), date="2023-08-29")
    )  # fmt: skip
    assert parts(found) == {("military-aid", "TOW"), ("military-aid", "HAWK")}
    whole = next(one for one in found if one.parts)
    assert {part.part for part in whole.parts} == {one.id for one in found if one.wholes}
    [part, _] = whole.parts
    assert part.relation is Relation.PACKAGE
    assert part.reason == (
        "one document lists it with the package: the same giver, recipient and date"
    )
    assert part.statements[0] in whole.statements


@pytest.mark.parametrize(
    "changes",
    [
        {"actors": ("NOR",)},
        {"recipient": "MDA"},
        {"when": "2023-05-01"},
        {"kind": Kind.DELIVERY},
        {"scope": Scope.BACKGROUND},
        {"status": Status.TENTATIVE},
        {"quote": "on top come 200 TOW missiles"},
        {"category": Category.TRAINING_SERVICE, "designation": None, "kind": Kind.TRAINING},
    ],
)
def test_what_is_not_told_of_as_of_one_announcement_is_no_part(changes: dict[str, Any]) -> None:
    other = item("200 TOW missiles", quantity=200)
    found = ledger(report(PACKAGE, dataclasses.replace(other, **changes), date="2023-08-29"))
    assert relations(found) == []


@pytest.mark.parametrize(("package", "goods"), [("2023-08-25", None), (None, "2023-08-25")])
def test_what_comes_right_after_a_package_needs_no_date(
    package: str | None, goods: str | None
) -> None:
    head = aid("announced 400 million dollars on Friday", 400e6, when=package)
    near = item("It includes 200 TOW missiles", quantity=200, when=goods)
    [part] = relations(ledger(report(head, near, date="2023-08-29")))
    assert part.reason == (
        "one document names it right after the package: the same giver and recipient"
    )
    between = Said("and so on " * 13, kind=Kind.STOCK)
    assert relations(ledger(report(head, between, near, date="2023-08-29"))) == []
    assert relations(ledger(report(near, head, date="2023-08-29"))) == []


def test_a_package_far_away_in_the_text_holds_nothing() -> None:
    far = "and so on " * 200
    found = ledger(report(PACKAGE, Said(far, kind=Kind.STOCK), item("200 TOW missiles")))
    assert relations(found) == []


def test_money_for_civilians_holds_no_weapons() -> None:
    gift = aid("50 million for food", 50e6, category=Category.HUMANITARIAN_AID)
    beds = item("hospital beds", category=Category.MEDICAL, designation=None)
    found = ledger(report(gift, item("200 TOW missiles"), beds))
    assert parts(found) == {("humanitarian-aid", "medical")}


def test_an_item_goes_to_the_package_that_was_named_last() -> None:
    found = ledger(
        report(
            PACKAGE,
            item("200 TOW missiles"),
            aid("another 600 million for 2024", 600e6, when="2023-08-29"),
            item("HAWK interceptors", category=Category.MISSILE, designation="HAWK"),
            date="2023-08-29",
        )
    )
    whole = {part.part: part.whole for part in relations(found)}
    by_item = {one.item: one for one in found if one.wholes}
    packages = {one.id: one.stages[Stage.PLEDGED].money["USD"].low for one in found if one.parts}
    assert packages[whole[by_item["TOW"].id]] == 250e6
    assert packages[whole[by_item["HAWK"].id]] == 600e6


def test_words_within_the_words_of_a_package_name_its_items_whatever_the_date() -> None:
    package = aid("350 million dollars of aid with 100 TOW", 350e6, when=None)
    found = ledger(report(package, item("100 TOW", quantity=100, when="2023")))
    [part] = relations(found)
    assert part.reason == "the words that name it stand within those of the package"


def test_what_was_read_under_the_words_of_a_package_is_a_part_of_it() -> None:
    package = aid("350 million dollars of aid", 350e6, when=None)
    ground = Ground(field="actors", start=0, end=10)
    below = item("100 TOW", quantity=100, when="2023", more={"grounds": (ground,)})
    [part] = relations(ledger(report(package, below)))
    assert part.reason == "it is listed under the words of the package"


@pytest.mark.parametrize("words", ["of which 100 million come from a fund", "100 million of it"])
def test_an_amount_that_is_said_to_be_a_part_is_not_added(words: str) -> None:
    fund = aid(words, 100e6, when=None)
    found = ledger(report(PACKAGE, fund, date="2023-08-29"))
    [part] = relations(found)
    assert part.reason == "the text says that it is a part"
    assert total(found) == 250e6
    alone = money_total([one for one in found if one.wholes], Stage.PLEDGED)
    assert alone["USD"].low == 100e6


def test_amounts_that_add_up_to_their_neighbour_are_its_parts() -> None:
    found = ledger(
        report(
            aid("one billion in all", 1e9),
            aid("350 million from stocks", 350e6, when="2023"),
            aid("650 million for purchases", 650e6, when=None),
            date="2023-08-29",
        )
    )
    assert len(relations(found)) == 2
    assert {part.reason for part in relations(found)} == {"in one document the parts add up to it"}
    assert total(found) == 1e9


def test_amounts_beside_each_other_are_added() -> None:
    found = ledger(report(PACKAGE, aid("100 million for the navy", 100e6), date="2023-08-29"))
    assert relations(found) == []
    assert total(found) == 350e6


@pytest.mark.parametrize(
    "fund",
    [
        aid("of which 300 million come from a fund", 300e6),
        aid("of which 250 million come from a fund", 250e6),
        aid("of which 100 million come from a fund", 100e6, money=(100e6, "EUR")),
        aid("of which 100 million come from a fund", 100e6, category=Category.FUEL,
            recipient="MDA"),
    ],
)  # fmt: skip
def test_a_part_is_less_than_its_whole_and_of_the_same_kind(fund: Said) -> None:
    assert relations(ledger(report(PACKAGE, fund, date="2023-08-29"))) == []


def test_parts_of_parts_count_once() -> None:
    found = ledger(
        report(
            aid("33 billion were asked of Congress", 33e9),
            aid("of this 20 billion is military", 20e9),
            aid("this includes 5 billion of drawdown", 5e9),
            item("200 TOW missiles"),
            date="2023-08-29",
        )
    )
    assert len(relations(found)) == 3
    assert total(found) == 33e9


def test_several_documents_show_one_relation() -> None:
    first, second, third, fourth = apart(
        report(PACKAGE, item("200 TOW missiles", quantity=200), date="2023-08-29"),
        report(
            aid("the 250-million-dollar package", 250e6, scope=Scope.BACKGROUND),
            item("with 200 TOW", quantity=200, scope=Scope.BACKGROUND),
            date="2023-08-31",
        ),
    )
    found = told([Group(first.cases + third.cases), Group(second.cases + fourth.cases)])
    [part] = relations(found)
    assert part.reports == 2


def test_what_was_told_apart_is_not_related() -> None:
    groups = apart(report(PACKAGE, aid("of which 100 million are old", 100e6, when=None)))
    [part] = relations(told(groups))
    parted = told(groups, different=[part.statements])
    assert relations(parted) == []
    assert total(parted) == 350e6


def test_what_is_one_undertaking_is_no_part_of_itself() -> None:
    one, other = apart(report(PACKAGE, aid("of which 100 million are old", 100e6, when=None)))
    assert relations(told([Group(one.cases + other.cases)])) == []


def test_a_judgement_parts_and_merges_in_the_ledger() -> None:
    found = entries([report(PACKAGE, item("200 TOW missiles", quantity=200), date="2023-08-29")])
    whole, part = [entry for entry in found if entry.statement.kind is Kind.PLEDGE]

    def book(kind: Verdict | None = None) -> Sequence[Commitment]:
        judged = (
            [Judgement.make(kind, [[whole], [part]], by="A. Clerk", note="", made_at=START)]
            if kind
            else []
        )
        return build_ledger(found, judged, today=TODAY, tree=load_catalogue()).commitments

    assert len(relations(book())) == 1
    assert relations(book(Verdict.DIFFERENT)) == []
    assert len(book(Verdict.SAME)) == 1


def test_no_circle_comes_about() -> None:
    one, other = apart(
        report(PACKAGE, aid("of which 100 million are old", 100e6, when=None), date="2023-08-29")
    )
    third, fourth = apart(
        report(
            aid("the 300 million", 300e6, scope=Scope.BACKGROUND),
            aid("of which 90 million are new", 90e6, scope=Scope.BACKGROUND),
            date="2023-09-29",
        )
    )
    found = told([Group(one.cases + fourth.cases), Group(other.cases + third.cases)])
    assert len(relations(found)) == 1


def test_rows_of_one_package_of_a_data_set_are_parts_of_its_money() -> None:
    rows = [
        report(aid("value 250", 250e6), lead="1", date="2023-08-29"),
        report(item("TOW 200", quantity=200, when=None), lead="2", date="2023-08-29"),
        report(item("TOW-2 100", quantity=100, designation="HAWK", when=None), lead="3"),
        report(aid("value 90", 90e6, when=None), lead="4", date="2023-08-29"),
    ]
    packages = {one.document.id: "USA7" for one in rows[:2]} | {rows[2].document.id: "USA8"}
    found = told(apart(*rows), packages=packages)
    [part] = relations(found)
    assert part.reason == "the data set gives both the package USA7"
    assert parts(found) == {("military-aid", "TOW")}
    assert relations(ledger(*rows)) == []


# One pays, another gives


SLOVAK = Said("Slovakia gives 13 jets", actors=("SVK",), quantity=13, category=Category.AIRCRAFT,
              designation="MiG-29")  # fmt: skip


def test_money_that_pays_a_giver_back_lies_within_what_he_gave() -> None:
    back = Said(
        "the EU reimburses it with 200 million euros",
        actors=("EU",),
        recipient="SVK",
        category=Category.FINANCIAL_AID,
        designation=None,
        money=(200e6, "EUR"),
    )
    found = ledger(report(SLOVAK, back))
    [part] = relations(found)
    assert part.relation is Relation.FUNDING
    assert part.reason == "it pays back what SVK gave"
    assert parts(found) == {("MiG-29", "financial-aid")}
    unpaid = dataclasses.replace(back, quote="the EU lends it 200 million euros")
    assert relations(ledger(report(SLOVAK, unpaid))) == []


def test_what_one_pays_for_and_another_hands_over_counts_once() -> None:
    shells: dict[str, Any] = {
        "category": Category.ARTILLERY_AMMUNITION,
        "designation": "155mm",
        "unit": "round",
    }
    order = Said("Czechia procures 500,000 shells", actors=("CZE",), quantity=500_000, **shells)
    paid = Said("Berlin is funding 180,000 of the rounds", actors=("DEU",), quantity=180_000,
                **shells)  # fmt: skip
    found = ledger(report(order, paid))
    [part] = relations(found)
    assert part.reason == "DEU pays, CZE hands over"
    assert quantity_total(found, Stage.PLEDGED).low == 500_000
    own = dataclasses.replace(paid, quote="Berlin gives 180,000 shells")
    separate = ledger(report(order, own))
    assert relations(separate) == []
    assert quantity_total(separate, Stage.PLEDGED).low == 680_000


def test_two_who_pay_each_for_his_own_lot_pay_for_two_lots() -> None:
    howitzers: dict[str, Any] = {"category": Category.ARTILLERY, "designation": "Caesar"}
    found = ledger(
        report(
            Said("six were paid for by Kyiv", actors=("UKR",), quantity=6, **howitzers),
            Said("twelve were paid for by France", actors=("FRA",), quantity=12, **howitzers),
        )
    )
    assert relations(found) == []


def test_the_coded_corpus_has_most_of_its_parts_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    import wholes
    from corpus import find_corpus

    corpora = find_corpus()
    if corpora is None:
        pytest.skip("the coded corpora are not here")
    catalogue = load_catalogue()
    counted = [wholes.found_in(one, catalogue) for one in wholes.documents(corpora)]
    rows = [row for found, _ in counted for row in found]
    right = sum(wholes.is_within(item, whole) for whole, item, _ in rows)
    assert right >= 0.8 * sum(named for _, named in counted)
