"""How strongly two statements speak of one undertaking: the rules that hold of pairs of rows.

All pairs are scored in bulk; the reasons of one pair are the rules that held of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.cases import ALLIES
from pledgebook.ledger.joining.amounts import agreement
from pledgebook.ledger.joining.relations import Relation
from pledgebook.ledger.joining.table import KINDS, NONE, SCOPES, CaseTable, Ints
from pledgebook.ledger.rules import Rules, load_groups
from pledgebook.vocabulary.statement import Kind, Scope

__all__ = ["VETO", "PairScorer", "pair_keys"]

VETO = -8.0
"""The sum for a pair that its own evidence may not join; no sum is lower."""

Flags = npt.NDArray[np.bool_]
Sums = npt.NDArray[np.float32]
Longs = npt.NDArray[np.int64]

_SAME, _OVERLAP, _NOBODY, _EVERYBODY, _MEMBER, _APART = range(6)
_EQUAL, _RELATED, _CONFLICT = range(3)
_PLEDGE, _CONTRACT, _DELIVERY = KINDS[Kind.PLEDGE], KINDS[Kind.CONTRACT], KINDS[Kind.DELIVERY]
_NEW, _TOTAL = SCOPES[Scope.NEW], SCOPES[Scope.TOTAL]
_BACKGROUND = SCOPES[Scope.BACKGROUND]
_SMALL = 3.0
"""Numbers up to this are equal by chance."""
_AT_ONCE = 20_000
"""Pairs of which it is found together which rules hold: a flag is kept for each pair and rule."""


def pair_keys(pairs: Iterable[tuple[int, int]], rows: int) -> Longs:
    """Return sorted numbers for pairs of rows, to look pairs up in."""
    return np.array(sorted({min(pair) * rows + max(pair) for pair in pairs}), np.int64)


class _Tally:
    """Adds up the weights of rules; keeps which rules held where reasons are asked for."""

    def __init__(self, rules: Rules, size: int, *, keep: bool) -> None:
        self._rules = rules
        self.total = np.zeros(size, np.float32)
        self.held: dict[str, Flags] | None = {} if keep else None

    def rule(self, name: str, where: Flags) -> None:
        """Count a rule for the pairs of which it holds."""
        self.total += np.float32(self._rules.weight(name)) * where
        if self.held is not None:
            self.held[name] = where

    def rule_at(self, name: str, places: npt.NDArray[np.intp]) -> None:
        """Count a rule for the pairs at some places."""
        self.total[places] += np.float32(self._rules.weight(name))
        if self.held is not None:
            where = np.zeros(len(self.total), bool)
            where[places] = True
            self.held[name] = where


class PairScorer:
    """Scores pairs of rows of one table.

    `sums` are pairs of which one document says that they add up to a whole, `parts` those where it
    says that one is a part of the other; both as `pair_keys`.
    """

    def __init__(self, table: CaseTable, rules: Rules, sums: Longs, parts: Longs) -> None:
        self._table = table
        self._rules = rules
        self._sums = sums
        self._parts = parts
        self._actors = Relation(table.actors, self._actor_relation)
        self._items = Relation(table.item, self._item_relation)
        self._suppliers = Relation(table.supplier, self._supplier_relation)
        parties = {name: code for code, name in enumerate(table.party_codes.values)}
        self._acts = np.zeros((len(table.actor_codes.values), len(parties) + 1), bool)
        for code in np.unique(table.actors[table.buys]).tolist():
            for name in table.parties(code):
                if name in parties:
                    self._acts[code, parties[name]] = True

    def totals(self, one: Ints, other: Ints) -> Sums:
        """Return the sum of the weights of the rules that hold of each pair, `VETO` where none may.

        In each pair the earlier row comes first.
        """
        return self._score(one, other, keep=False)[0]

    def rules(self, one: int, other: int) -> list[str]:
        """Return the names of the rules that hold of a pair; none where it is vetoed."""
        first, second = sorted((one, other))
        return self.rules_of(np.array([first], np.int32), np.array([second], np.int32))[0]

    def rules_of(self, one: Ints, other: Ints) -> list[list[str]]:
        """Return, as `rules` does, the rules of many pairs, in each of which the earlier is first.

        It is meant for some thousands of pairs at a time: a flag is kept for each pair and rule.
        """
        _, held = self._score(one, other, keep=True)
        found: list[list[str]] = [[] for _ in range(len(one))]
        for name, where in (held or {}).items():
            for place in np.flatnonzero(where).tolist():
                found[place].append(name)
        return found

    def masks(self, one: Ints, other: Ints) -> list[int]:
        """Return the rules of many pairs as numbers: a bit for each, in the order of `Rules`."""
        place = {name: number for number, name in enumerate(self._rules.rules)}
        found = np.zeros(len(one), np.uint64)
        for start in range(0, len(one), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            _, held = self._score(one[some], other[some], keep=True)
            for name, where in (held or {}).items():
                found[some] |= where.astype(np.uint64) << np.uint64(place[name])
        masks: list[int] = found.tolist()
        return masks

    def _score(self, one: Ints, other: Ints, *, keep: bool) -> tuple[Sums, dict[str, Flags] | None]:
        table = self._table
        sale = self._is_sale(one, other) | self._is_sale(other, one)
        actors = self._actors.of(table.actors[one], table.actors[other])
        fits = self._fits(one, other) & ((actors != _APART) | sale)
        total = np.full(len(one), VETO, np.float32)
        kept = np.flatnonzero(fits)
        if not len(kept):
            return total, {} if keep else None
        one, other, actors = one[kept], other[kept], actors[kept]
        tally = _Tally(self._rules, len(kept), keep=keep)
        self._parties(tally, one, other, actors)
        key = one.astype(np.int64) * len(table) + other
        # What the document says of sums and parts settles what figures would leave open or deny.
        summed = _among(key, self._sums)
        part = _among(key, self._parts) & ~summed
        tally.rule("parts", summed)
        tally.rule("part-of", part)
        free = ~(summed | part)
        self._item(tally, one, other, ~summed)
        self._figures(tally, one, other, free)
        self._time(tally, one, other, free)
        total[kept] = np.maximum(tally.total, VETO)
        if tally.held is None:
            return total, None
        held = {name: np.zeros(len(total), bool) for name in tally.held}
        for name, where in tally.held.items():
            held[name][kept] = where
        return total, held

    # Who

    def _fits(self, one: Ints, other: Ints) -> Flags:
        table = self._table
        first, second = table.beneficiary[one], table.beneficiary[other]
        found: Flags = (table.field[one] == table.field[other]) & (
            (first == second) | (first == NONE) | (second == NONE)
        )
        return found

    def _is_sale(self, buyer: Ints, giver: Ints) -> Flags:
        table = self._table
        found = table.buys[buyer] & ~table.buys[giver]
        some = np.flatnonzero(found)
        found[some] = self._acts[table.actors[buyer[some]], table.beneficiary[giver[some]]]
        return found

    def _parties(self, tally: _Tally, one: Ints, other: Ints, actors: npt.NDArray[np.int8]) -> None:
        table = self._table
        tally.rule("actors-equal", actors == _SAME)
        tally.rule("actors-overlap", actors == _OVERLAP)
        tally.rule("actors-unknown", actors == _NOBODY)
        tally.rule("actors-allies", actors == _EVERYBODY)
        tally.rule("actors-group", actors == _MEMBER)
        tally.rule("actors-buyer-giver", actors == _APART)
        first, second = table.beneficiary[one], table.beneficiary[other]
        tally.rule("recipient-equal", first == second)
        tally.rule("recipient-missing", first != second)

    def _actor_relation(self, one: int, other: int) -> int:
        first, second = self._table.parties(one), self._table.parties(other)
        if one == other:
            return _SAME if first else _NOBODY
        if first & second:
            return _OVERLAP
        if first == {ALLIES} or second == {ALLIES}:
            return _EVERYBODY if first and second else _APART
        if _is_member(first, second) or _is_member(second, first):
            return _MEMBER
        return _APART

    # What

    def _item(self, tally: _Tally, one: Ints, other: Ints, where: Flags) -> None:
        table = self._table
        first, second = table.named[one], table.named[other]
        tally.rule("item-category", where & ~first & ~second)
        tally.rule("item-vague", where & (first != second))
        both = where & first & second
        relation = np.full(len(one), _EQUAL, np.int8)
        relation[both] = self._items.of(table.item[one[both]], table.item[other[both]])
        tally.rule("item-equal", both & (relation == _EQUAL))
        tally.rule("item-related", both & (relation == _RELATED))
        tally.rule("item-conflict", both & (relation == _CONFLICT))

    def _item_relation(self, one: int, other: int) -> int:
        first, second = self._table.sense(one), self._table.sense(other)
        if first.words == second.words:
            return _EQUAL
        return _RELATED if first.is_kind_of(second) else _CONFLICT

    def _figures(self, tally: _Tally, one: Ints, other: Ints, free: Flags) -> None:
        table = self._table
        apart = self._listed_apart(one, other)
        tally.rule("same-document", free & apart)
        first, second = table.quantity[one], table.quantity[other]
        counted, recounted = first != NONE, second != NONE
        tally.rule("quantity-one-sided", free & (counted != recounted))
        both = free & counted & recounted
        same_unit = table.unit[one] == table.unit[other]
        tally.rule("quantity-units", both & ~same_unit)
        measured = both & same_unit
        equal = measured & (first == second)
        # One document does not list the same thing twice: equal amounts are no sign there. And
        # "four more" are not the four of before.
        more = table.further[other] & (table.kind[other] == _DELIVERY)
        few = table.amounts.roof[first] <= _SMALL
        tally.rule("quantity-equal", equal & ~apart & ~more & ~few)
        tally.rule("quantity-equal-few", equal & ~apart & ~more & few)
        tally.rule("quantity-more", equal & more)
        self._unequal(tally, one, other, measured & ~equal)
        self._money(tally, one, other, free, apart)
        supplied, also = table.supplier[one], table.supplier[other]
        told = free & (supplied != NONE) & (also != NONE)
        same = np.zeros(len(one), bool)
        same[told] = self._suppliers.of(supplied[told], also[told]) == _EQUAL
        tally.rule("supplier-equal", told & same)
        tally.rule("supplier-conflict", told & ~same)
        bare = ~counted & (table.money[one] == NONE) & ~table.named[one]
        bare |= ~recounted & (table.money[other] == NONE) & ~table.named[other]
        tally.rule("says-little", free & bare)

    def _unequal(self, tally: _Tally, one: Ints, other: Ints, where: Flags) -> None:
        """Count what holds of two quantities of one unit that are not the same."""
        table = self._table
        some = np.flatnonzero(where)
        one, other = one[some], other[some]
        found = agreement(table.amounts, table.quantity[one], table.quantity[other])
        agrees = found.agrees | (found.close & (table.approx[one] | table.approx[other]))
        part = self._is_part(one, other, found.below) | self._is_part(other, one, found.above)
        differ = ~agrees & ~part
        alike = (table.kind[one] == table.kind[other]) & (table.scope[one] != _TOTAL)
        for name, held in (
            ("quantity-compatible", agrees),
            ("quantity-partial", part & ~agrees),
            ("quantity-conflict", differ),
            ("quantity-far", differ & ~found.of_one_order),
            ("quantity-rival", differ & alike & (table.scope[other] != _TOTAL)),
        ):
            tally.rule_at(name, some[held])

    def _money(self, tally: _Tally, one: Ints, other: Ints, free: Flags, apart: Flags) -> None:
        table = self._table
        first, second = table.money[one], table.money[other]
        paid, repaid = first != NONE, second != NONE
        counted, recounted = table.quantity[one] != NONE, table.quantity[other] != NONE
        either = (paid & ~repaid & recounted & ~counted) | (repaid & ~paid & counted & ~recounted)
        tally.rule("money-or-quantity", free & either)
        both = free & paid & repaid
        same = table.currency[one] == table.currency[other]
        tally.rule("money-currencies", both & ~same)
        equal = both & same & (first == second)
        tally.rule("money-equal", equal & ~apart)
        some = np.flatnonzero(both & same & ~equal)
        agrees = agreement(table.sums, first[some], second[some]).agrees
        tally.rule_at("money-compatible", some[agrees])
        tally.rule_at("money-conflict", some[~agrees])

    def _is_part(self, part: Ints, whole: Ints, below: Flags) -> Flags:
        """Tell where a delivery may be a part of a promise, or of another delivery."""
        table = self._table
        delivers = table.kind[part] == _DELIVERY
        promised = (table.kind[whole] == _PLEDGE) | (table.kind[whole] == _CONTRACT)
        again = table.kind[whole] == _DELIVERY
        elsewhere = table.document[part] != table.document[whole]
        found: Flags = delivers & ((promised & below) | (again & elsewhere))
        return found

    def _listed_apart(self, one: Ints, other: Ints) -> Flags:
        """Tell where one document gives two statements of one kind beside each other."""
        table = self._table
        named = table.named[one] != table.named[other]
        counted = (table.quantity[one] == NONE) == (table.quantity[other] == NONE)
        paid = (table.money[one] == NONE) == (table.money[other] == NONE)
        found: Flags = (
            (table.document[one] == table.document[other])
            & (table.kind[one] == table.kind[other])
            & (table.scope[one] == table.scope[other])
            & (named | (counted & paid))
        )
        return found

    def _comes_on_top(self, one: Ints, other: Ints, here: Flags) -> Flags:
        """Tell where the later statement speaks of more than the earlier one.

        News of "a further six" is another promise than all before it. Where it is only recalled, it
        is another than those of the same document, or of another figure. What one document
        announces may be a further part of what it has just named.
        """
        table = self._table
        new, recalled = table.scope[other] == _NEW, table.scope[other] == _BACKGROUND
        first, second = table.quantity[one], table.quantity[other]
        differ = (first != second) & (first != NONE) & (second != NONE)
        found: Flags = table.further[other] & ((new & ~here) | (recalled & (here | differ)))
        return found

    def _supplier_relation(self, one: int, other: int) -> int:
        names = self._table.supplier_codes.values
        first, second = str(names[one]), str(names[other])
        return _EQUAL if first in second or second in first else _CONFLICT

    # When, and in what order

    def _time(self, tally: _Tally, one: Ints, other: Ints, free: Flags) -> None:
        table, rules = self._table, self._rules
        kind, later = table.kind[one], table.kind[other]
        both = free & table.spanned[one] & table.spanned[other]
        equal = table.when[one] == table.when[other]
        meet = (table.first[one] <= table.last[other]) & (table.first[other] <= table.last[one])
        tally.rule("when-equal", both & equal)
        tally.rule("when-compatible", both & ~equal & meet)
        # A promise's date and its delivery's date are two dates.
        tally.rule("when-conflict", both & ~equal & ~meet & (kind == later))
        here = table.document[one] == table.document[other]
        new = table.scope[other] == _NEW
        promises = (later == _PLEDGE) | (later == _CONTRACT)
        tally.rule("recalled", free & ~here & ~new)
        tally.rule("further", free & promises & self._comes_on_top(one, other, here))
        first_promises = (kind == _PLEDGE) | (kind == _CONTRACT)
        turned = (kind == _DELIVERY) & promises
        tally.rule(
            "fulfilment",
            free & ((first_promises & (later == _DELIVERY)) | (turned & (here | ~new))),
        )
        tally.rule("promise-after-delivery", free & turned & new & ~here)
        ordered = (kind == _CONTRACT) != (later == _CONTRACT)
        tally.rule("order-and-pledge", free & ordered & first_promises & promises)
        delivered = (kind == _DELIVERY) | (later == _DELIVERY)
        tally.rule("order-and-delivery", free & ordered & delivered)
        tally.rule("only-considered", free & (table.firm[one] != table.firm[other]))
        days = table.day[other] - table.day[one]
        dated = free & ~here & table.dated[one] & table.dated[other]
        news = dated & new & (table.scope[one] == _NEW) & (kind == later)
        tally.rule("news-apart", news & (days > rules.news_days))
        tally.rule("news-far", news & (days > rules.far_days))
        tally.rule("published-near", dated & (days <= rules.near_days))
        tally.rule("published-far", dated & (days > rules.far_days))


def _is_member(some: frozenset[str], group: frozenset[str]) -> bool:
    """Tell whether all of some parties are members of the one group that the others are."""
    return len(group) == 1 and bool(some) and some <= load_groups().get(next(iter(group)), set())


def _among(keys: Longs, known: Longs) -> Flags:
    """Tell which keys are in a sorted list."""
    if not len(known):
        return np.zeros(len(keys), bool)
    places = np.searchsorted(known, keys)
    found: Flags = known[np.minimum(places, len(known) - 1)] == keys
    return found
