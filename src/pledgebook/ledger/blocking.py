"""Which statements are compared at all: a few for each, so that large books stay quick.

Statements meet in lists by party and category; in each list, and in its parts by item and by
amount, every one meets those that come next in time. A pair that is never compared can still come
into one undertaking, through others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pledgebook.ledger.cases import Case


def meetings(cases: Sequence[Case], window: int) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions in `cases`, which are sorted by time; each pair once."""
    lists: dict[tuple[object, ...], list[int]] = defaultdict(list)
    buyers = {case.beneficiary for case in cases if case.buys_for_itself}
    for index, case in enumerate(cases):
        for key in case.keys:
            lists[key].append(index)
            lists[(*key, "item", case.words)].append(index)
            if case.quantity is not None:
                lists[(*key, "quantity", case.quantity, case.unit)].append(index)
            if case.money is not None:
                lists[(*key, "money", case.money, case.currency)].append(index)
        if case.family == "promise" and case.beneficiary in buyers:
            # A sale is told from both ends: what X buys meets what is handed over to X.
            lists["sale", case.category, case.beneficiary].append(index)
    seen: set[tuple[int, int]] = set()
    for name, members in lists.items():
        is_sale = name[0] == "sale"
        for position, one in enumerate(members):
            for other in members[position + 1 : position + 1 + window]:
                if is_sale and cases[one].buys_for_itself == cases[other].buys_for_itself:
                    continue
                if (one, other) not in seen:
                    seen.add((one, other))
                    yield one, other
