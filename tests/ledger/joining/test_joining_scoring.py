"""Each rule holds where its words say, and what holds adds up to the sum."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joining_rows import RULES, all_pairs, books, cases_of, scored, told

from making import Said
from pledgebook.ledger.cases import FAMILIES
from pledgebook.ledger.joining.reasons import probability, reasons_of
from pledgebook.ledger.joining.scoring import VETO, pair_keys
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import Category, Kind, Money, Scope, Status

EARLY, LATER = "2023-02-14", "2023-02-20"
PAID = {"category": Category.MILITARY_AID, "designation": None, "quantity": None}
DELIVERED = {"kind": Kind.DELIVERY}
RECALLED = {"scope": Scope.BACKGROUND}


@dataclass(frozen=True)
class Story:
    """Two promises of eight tanks, with what makes a rule hold, and what makes it hold no more.

    `unless` changes the second statement; `late` and `unless_late` are the days between them.
    """

    rule: str
    first: dict[str, Any] = field(default_factory=dict)
    second: dict[str, Any] = field(default_factory=dict)
    unless: dict[str, Any] | None = None
    both: dict[str, Any] = field(default_factory=dict)
    date: str = "2023-02-20"
    unless_date: str | None = None
    one_document: bool = False

    def holding(self) -> set[str]:
        return self._rules(self.second, self.date)

    def lapsed(self) -> set[str]:
        second = self.second | (self.unless or {})
        return self._rules(second, self.unless_date or self.date)

    def _rules(self, second: dict[str, Any], date: str) -> set[str]:
        fields = {"quantity": 8} | self.both
        one = Said(**({"quote": "eight tanks are promised"} | fields | self.first))
        other = Said(**({"quote": "the tanks once again"} | fields | second))
        sides = (one, EARLY), (other, date)
        table, scorer = scored(told(*sides, one_document=self.one_document))
        assert len(table) == 2
        return set(scorer.rules(0, 1))


FIRST_OF_THEM = {"quote": "the first of them", "quantity": 3} | DELIVERED
SALE = {"kind": Kind.CONTRACT, "actors": ("UKR",), "recipient": None}
MONEY = PAID | {"money": (4e8, "USD")}
WHEN = {"when": "2023-03"}

STORIES = [
    Story("actors-equal", unless={"actors": ("NOR", "SWE")}),
    Story("actors-overlap", second={"actors": ("NOR", "SWE")}, unless={"actors": ("NOR",)}),
    Story("actors-allies", second={"actors": ("ALLIES",)}, unless={"actors": ("NOR",)}),
    Story(
        "actors-group",
        first={"actors": ("EU",)},
        unless={"actors": ("DNK", "USA")},
        second={"actors": ("DNK",)},
    ),
    Story("actors-unknown", both={"actors": ()}, unless={"actors": ("NOR",)}),
    Story("actors-buyer-giver", first=SALE, second=DELIVERED, unless={"recipient": "MDA"}),
    Story("recipient-equal", unless={"recipient": None}),
    Story("recipient-missing", second={"recipient": None}, unless={"recipient": "UKR"}),
    Story("item-equal", unless={"designation": "Leopard 2A4"}),
    Story("item-related", second={"designation": "Leopard 2A4"}, unless={"designation": None}),
    Story("item-vague", second={"designation": None}, unless={"designation": "Leopard 2"}),
    Story("item-category", both={"designation": None}, unless={"designation": "Leopard 2"}),
    Story("item-conflict", second={"designation": "Abrams"}, unless={"designation": "Leopard 2"}),
    Story("quantity-equal", unless={"quantity": 9}),
    Story("quantity-equal-few", both={"quantity": 3}, unless={"quantity": 4}),
    Story(
        "quantity-more",
        second={"quote": "eight more tanks came"} | DELIVERED,
        unless={"quote": "the eight tanks came"},
    ),
    Story("quantity-compatible", second={"quantity": (None, 8)}, unless={"quantity": (None, 7)}),
    Story("quantity-partial", second={"quantity": 3} | DELIVERED, unless={"quantity": 9}),
    Story("quantity-conflict", second={"quantity": 9}, unless={"quantity": (8, 9)}),
    Story("quantity-far", second={"quantity": 21}, unless={"quantity": 20}),
    Story("quantity-rival", second={"quantity": 9}, unless={"scope": Scope.TOTAL}),
    Story("quantity-units", second={"unit": "round"}, unless={"unit": "item"}),
    Story("quantity-one-sided", second={"quantity": None}, unless={"quantity": 8}),
    Story(
        "part-of",
        second=FIRST_OF_THEM,
        unless={"quote": "three in Odesa", "quantity": 3},
        one_document=True,
    ),
    Story("money-equal", both=MONEY, unless={"money": (5e8, "USD")}),
    Story(
        "money-conflict", both=MONEY, second={"money": (5e8, "USD")}, unless={"money": (4e8, "USD")}
    ),
    Story(
        "money-currencies",
        both=MONEY,
        second={"money": (4e8, "EUR")},
        unless={"money": (4e8, "USD")},
    ),
    Story(
        "money-or-quantity",
        second={"money": (4e8, "USD"), "quantity": None},
        unless={"quantity": 8},
    ),
    Story("when-equal", both=WHEN, unless={"when": "2023-03-01"}),
    Story("when-compatible", first=WHEN, second={"when": "2023"}, unless={"when": "2024"}),
    Story("when-conflict", first=WHEN, second={"when": "2024"}, unless=DELIVERED),
    Story("supplier-equal", both={"supplier": "KNDS"}, unless={"supplier": None}),
    Story(
        "supplier-conflict",
        first={"supplier": "Rheinmetall"},
        second={"supplier": "KNDS"},
        unless={"supplier": "Rheinmetall AG"},
    ),
    Story("recalled", second=RECALLED, unless={"scope": Scope.NEW}),
    Story("news-apart", date="2023-06-01", unless=RECALLED),
    Story("news-far", date="2024-06-01", unless_date="2024-02-01"),
    Story(
        "further",
        second={"quote": "Norway sends a further eight"},
        unless={"quote": "Norway sends the eight"},
    ),
    Story(
        "says-little",
        second={"designation": None, "quantity": None},
        unless={"designation": "Leopard 2"},
    ),
    Story("published-near", unless_date="2023-03-20"),
    Story("published-far", date="2024-06-01", unless_date="2024-02-01"),
    Story("fulfilment", second=DELIVERED, unless={"kind": Kind.PLEDGE}),
    Story("promise-after-delivery", first=DELIVERED, unless=RECALLED),
    Story("order-and-pledge", second={"kind": Kind.CONTRACT}, unless={"kind": Kind.PLEDGE}),
    Story(
        "order-and-delivery",
        first={"kind": Kind.CONTRACT},
        second=DELIVERED,
        unless={"kind": Kind.PLEDGE},
    ),
    Story("same-document", unless=DELIVERED, one_document=True),
    Story("only-considered", second={"status": Status.TENTATIVE}, unless={"status": Status.FIRM}),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
def test_a_rule_holds_where_its_words_say_and_not_elsewhere(story: Story) -> None:
    assert story.rule in story.holding()
    assert story.rule not in story.lapsed()


@pytest.mark.parametrize(
    ("quote", "changes", "date", "on_top"),
    [
        ("six more are promised", {}, LATER, True),
        ("the six more that were promised", RECALLED | {"quantity": 6}, LATER, True),
        ("the eight more that were promised", RECALLED, LATER, False),
        ("six more came", DELIVERED, LATER, False),
        ("six more in all", {"scope": Scope.TOTAL}, LATER, False),
        ("six more are promised", {}, None, False),
        ("the eight more that were promised", RECALLED, None, True),
    ],
)
def test_what_comes_on_top_is_another_promise(
    quote: str, changes: dict[str, Any], date: str | None, on_top: bool
) -> None:
    one = Said("eight tanks are promised", quantity=8)
    fields: dict[str, Any] = {"quote": quote, "quantity": 8}
    other = Said(**(fields | changes))
    found = told((one, EARLY), (other, date or EARLY), one_document=date is None)
    table, scorer = scored(found)
    assert table.ids == [entry.id for entry in found]
    assert ("further" in scorer.rules(0, 1)) == on_top


def adding_up() -> list[Entry]:
    jets = {"actors": ("SVK",), "category": Category.AIRCRAFT, "designation": "MiG-29"}
    return told(
        (Said("four came", Kind.DELIVERY, quantity=4, **jets), EARLY),  # type: ignore[arg-type]
        (Said("nine will follow", quantity=9, **jets), EARLY),  # type: ignore[arg-type]
        (Said("13 promised", quantity=13, scope=Scope.BACKGROUND, **jets), EARLY),  # type: ignore[arg-type]
        one_document=True,
    )


def test_what_adds_up_is_not_held_apart_by_its_figures() -> None:
    table, scorer = scored(adding_up())
    assert len(table) == 3
    for one, other in ((0, 1), (0, 2), (1, 2)):
        rules = scorer.rules(one, other)
        assert "parts" in rules
        assert not [name for name in rules if name.startswith(("quantity", "item"))]
    # Without the whole nothing adds up.
    _, scorer = scored(adding_up()[:2])
    assert "parts" not in scorer.rules(0, 1)


@pytest.mark.parametrize(
    ("low", "high", "agrees"), [(3e8, 4e8, True), (4e8, None, True), (1e8, 2e8, False)]
)
def test_amounts_that_meet_agree(low: float, high: float | None, agrees: bool) -> None:
    said = Said("a package", **MONEY), Said("the package", **MONEY)  # type: ignore[arg-type]
    one, other = told((said[0], EARLY), (said[1], EARLY))
    money = Money(low=low, high=high, currency="USD")
    changed = replace(other, statement=other.statement.model_copy(update={"money": money}))
    _, scorer = scored([one, changed])
    assert ("money-compatible" in scorer.rules(0, 1)) == agrees
    assert ("money-conflict" in scorer.rules(0, 1)) != agrees


def test_no_rule_is_dead_and_none_is_without_a_story() -> None:
    stories = {story.rule for story in STORIES} | {"parts", "money-compatible"}
    assert stories == set(RULES.rules)


@pytest.mark.parametrize(
    "second",
    [
        {"actors": ("SWE",)},
        {"recipient": "MDA"},
        {"category": Category.AIRCRAFT},
        {"kind": Kind.REQUEST},
        {"actors": ()},
    ],
)
def test_what_cannot_be_one_is_vetoed(second: dict[str, Any]) -> None:
    eight: dict[str, Any] = {"quantity": 8}
    _, scorer = scored(
        told((Said("one", **eight), EARLY), (Said("other", **(eight | second)), EARLY))
    )
    one, other = all_pairs(2)
    assert scorer.totals(one, other).tolist() == [VETO]
    assert scorer.rules(0, 1) == []


crowds = books(kinds=tuple(FAMILIES), least=2, most=16, days=500)


@settings(max_examples=60)
@given(crowds)
def test_a_sum_is_that_of_the_rules_that_hold(found: list[Entry]) -> None:
    table, scorer = scored(found)
    one, other = all_pairs(len(table))
    for first, second, total in zip(one, other, scorer.totals(one, other).tolist(), strict=True):
        names = scorer.rules(int(first), int(second))
        assert names == scorer.rules(int(second), int(first))
        assert len(names) == len(set(names))
        if names:
            weights = sum(RULES.weight(name) for name in names)
            assert total == pytest.approx(max(weights, VETO), abs=1e-4)
        else:
            assert total == VETO


BY_ORDER = {
    "recalled", "further", "fulfilment", "promise-after-delivery", "news-apart", "news-far",
    "quantity-more", "quantity-equal", "quantity-equal-few",
}  # fmt: skip
"""Rules that ask which report came later; "four more" later are not the four of before."""


@settings(max_examples=60)
@given(crowds)
def test_which_came_first_matters_only_to_what_asks_for_it(found: list[Entry]) -> None:
    latest = max(entry.counted.toordinal() for entry in found)
    turned = [
        replace(
            entry,
            counted=entry.counted.fromordinal(2 * latest - entry.counted.toordinal()),
            document=entry.document,
        )
        for entry in found
    ]
    table, scorer = scored(found)
    back, scorer_back = scored(turned)
    place = {name: row for row, name in enumerate(back.ids)}
    one, other = all_pairs(len(table))
    for first, second in zip(one.tolist(), other.tolist(), strict=True):
        rules = set(scorer.rules(first, second))
        again = set(scorer_back.rules(place[table.ids[first]], place[table.ids[second]]))
        assert rules - BY_ORDER == again - BY_ORDER


@settings(max_examples=60)
@given(crowds)
def test_pairs_score_the_same_in_any_company(found: list[Entry]) -> None:
    table, scorer = scored(found)
    one, other = all_pairs(len(table))
    if not len(one):
        return
    whole = scorer.totals(one, other)
    np.testing.assert_array_equal(scorer.totals(one[::-1], other[::-1])[::-1], whole)
    single = [scorer.totals(one[[n]], other[[n]])[0] for n in range(len(one))]
    np.testing.assert_allclose(single, whole, atol=1e-4)


@settings(max_examples=60)
@given(crowds)
def test_reasons_are_said_in_full_words(found: list[Entry]) -> None:
    table, scorer = scored(found)
    cases = {case.id: case for case in cases_of(found)}
    one, other = all_pairs(len(table))
    for first, second in zip(one.tolist(), other.tolist(), strict=True):
        names = scorer.rules(first, second)
        sides = cases[table.ids[first]], cases[table.ids[second]]
        reasons = reasons_of(names, *sides, RULES)
        assert reasons == reasons_of(names[::-1], sides[1], sides[0], RULES)
        for reason in reasons:
            assert reason.rule in names
            assert "{" not in reason.says
            assert "None" not in reason.says
            assert "unknown" not in reason.says
        weights = [abs(reason.weight) for reason in reasons]
        assert weights == sorted(weights, reverse=True)


@given(st.floats(-1e6, 1e6))
def test_a_score_lies_between_nought_and_one(total: float) -> None:
    assert 0 < probability(total) < 1
    assert probability(total) + probability(-total) == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_pairs_are_looked_up_by_sorted_numbers(pairs: list[tuple[int, int]]) -> None:
    keys = pair_keys(pairs, 10)
    assert keys.tolist() == sorted({min(pair) * 10 + max(pair) for pair in pairs})
