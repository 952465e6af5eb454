"""One pays, another gives: money that pays somebody back, and goods with what they are paid by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pledgebook.ledger.cases import Case, related
from pledgebook.ledger.claims import Claim, Member, Relation, most_of
from pledgebook.ledger.cues import Cues
from pledgebook.vocabulary.statement import Scope

__all__ = ["is_payment", "payments"]

_STRENGTH = 4


def is_payment(case: Case, cues: Cues) -> bool:
    """Tell whether a statement says that somebody pays for what another gives."""
    if case.family != "promise" or case.scope is Scope.TOTAL:
        return False
    quote = case.entry.statement.evidence.quote
    return cues.has("paid", quote) or (case.money is not None and cues.has("reimbursed", quote))


def payments(members: Sequence[Member], cues: Cues) -> Iterator[Claim]:
    """Yield what one document shows of payments; its members come in the order of the text."""
    for payment in members:
        if not is_payment(payment.case, cues):
            continue
        goods = [
            member
            for member in members
            if member is not payment
            and member.case.scope is not Scope.TOTAL
            and payment.case.actors.isdisjoint(member.case.actors)
            and abs(payment.gap(member)) <= cues.near.paid
        ]
        back = [one for one in goods if _is_paid_back(payment, one, cues)]
        shared = [one for one in goods if _is_paid_for(payment, one, cues)]
        for found, words in ((back, cues.says.reimbursed), (shared, cues.says.paid)):
            if not found:
                continue
            # What was told last before the payment; after it only where nothing was told before.
            nearest = min(
                found,
                key=lambda one: (one.gap(payment) < 0, abs(one.gap(payment)), one.case.id),
            )
            yield _paying(payment.case, nearest.case, words)
            break


def _is_paid_back(payment: Member, goods: Member, cues: Cues) -> bool:
    """Tell whether money goes to somebody for what he gave: "the EU reimburses Poland"."""
    one, other = payment.case, goods.case
    return (
        one.money is not None
        and one.category in cues.holds
        and one.beneficiary is not None
        and one.beneficiary in other.actors
        and other.beneficiary not in (None, one.beneficiary)
        and cues.has("reimbursed", payment.quote)
    )


def _is_paid_for(payment: Member, goods: Member, cues: Cues) -> bool:
    """Tell whether both speak of the same goods for the same recipient: one pays, one gives.

    Two who pay, each for a lot of his own, pay for two lots.
    """
    one, other = payment.case, goods.case
    if one.beneficiary is None or one.beneficiary != other.beneficiary:
        return False
    if one.category is not other.category or one.category in cues.holds:
        return False
    if not cues.has("paid", payment.quote) or cues.has("paid", goods.quote):
        return False
    named = one.designation is not None and other.designation is not None
    if named and not related(one, other):
        return False
    if one.quantity is None or other.quantity is None:
        return named
    return one.unit == other.unit and (
        one.quantity.meets(other.quantity)
        or (_goods(one) < _goods(other) and cues.has("some", payment.quote))
    )


def _paying(payment: Case, goods: Case, words: str) -> Claim:
    """Put the smaller within the larger; where nothing tells, the money within the goods."""
    whole, part = goods, payment
    same = payment.currency == goods.currency and payment.money is not None
    more_money = same and most_of(payment) > most_of(goods) > 0
    more_goods = payment.unit == goods.unit and _goods(payment) > _goods(goods) > 0
    if more_money or more_goods:
        whole, part = payment, goods
    payers, givers = (" and ".join(sorted(case.actors)) for case in (payment, goods))
    reason = words.format(payers=payers, givers=givers)
    return Claim(whole, part, Relation.FUNDING, _STRENGTH, reason)


def _goods(case: Case) -> float:
    return case.quantity.floor if case.quantity is not None else 0.0
