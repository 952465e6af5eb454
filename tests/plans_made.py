"""Scenarios made by hand, small, and the plans for them; no figure in them is a real one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np

from pledgebook.planning.compiling.compiled import Compiled, Origin
from pledgebook.planning.problem import (
    Budget,
    Case,
    Contract,
    Expansion,
    Line,
    Need,
    Problem,
    Shelf,
    ShortPiece,
    Stock,
    Substitute,
)

STEPS = 18
START = (2023, 2)


def days(steps: int = STEPS) -> tuple[dt.date, ...]:
    year, month = START
    numbers = [year * 12 + month - 1 + step for step in range(steps + 1)]
    return tuple(dt.date(number // 12, number % 12 + 1, 1) for number in numbers)


def flat(value: float, steps: int = STEPS) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.full(steps, float(value))


def problem(**changes: Any) -> Problem:  # noqa: ANN401 - any field of a problem
    """Shells from two shelves, one works and a joint purchase; tanks from one shelf."""
    shells = Stock("shells UKR", "UKR", "155mm", 30_000, 10, flat(2_000))
    tanks = Stock("tanks UKR", "UKR", "leopard-2", 0, 1_000, flat(0))
    pieces = (ShortPiece(0.5, 60_000), ShortPiece(0.5, 20_000))
    made: dict[str, Any] = {
        "steps": STEPS,
        "year_of": np.array([day.year - START[0] for day in days()[:-1]]),
        "currency": "EUR",
        "stocks": (shells, tanks),
        "needs": (
            Need("155mm for UKR", "UKR", "155mm", flat(20_000), pieces,
                 (Substitute("shells UKR"),), 1),
            Need("tanks for UKR", "UKR", "leopard-2", flat(2),
                 (ShortPiece(1.0, 20e6),), (Substitute("tanks UKR"),), 2),
        ),
        "shelves": (
            Shelf("DEU shells", "DEU", "155mm", 60_000, 20_000, flat(0), flat(10_000), 300,
                  ("shells UKR",), 1),
            Shelf("NOR shells", "NOR", "155mm", 8_000, 8_000, flat(0), flat(8_000), 300,
                  ("shells UKR",), 1),
            Shelf("DEU tanks", "DEU", "leopard-2", 30, 12, flat(0), flat(3), 100_000,
                  ("tanks UKR",), 2),
        ),
        "lines": (
            Line("Works A", "155mm", "DEU", flat(3_000), flat(9_000), 6, ("shells UKR",),
                 expansions=(Expansion("a second shift at Works A", 20e6, 4_000, 5, 0, 9),)),
        ),
        "contracts": (
            Contract("joint purchase", "Works A", "joint", 2_700, 1e6, 2, flat(3_000), {1: 12_000},
                     ("DEU", "NOR"), 2),
        ),
        "budgets": (
            Budget("DEU", np.array([200e6, 150e6])),
            Budget("NOR", np.array([60e6, 60e6])),
        ),
    }  # fmt: skip
    return Problem(**(made | changes))


def compiled(made: Problem | None = None) -> Compiled:
    """The scenario of a problem, with where its parts stand in a file."""
    made = made or problem()
    return Compiled(
        problem=made,
        file="winter.toml",
        title="Winter 2023",
        days=days(made.steps),
        years=("2023", "2024", "2025")[: made.years],
        units={"155mm": "round", "leopard-2": "item"},
        labels={
            "leopard-2": "Leopard 2",
            "DEU": "Germany",
            "NOR": "Norway",
            "UKR": "Ukraine",
            "DEU shells": "Germany's shelf of 155mm",
            "NOR shells": "Norway's shelf of 155mm",
            "DEU tanks": "Germany's shelf of Leopard 2",
            "155mm for UKR": "155mm for Ukraine",
            "tanks for UKR": "Leopard 2 for Ukraine",
            "shells UKR": "155mm in Ukraine",
            "tanks UKR": "Leopard 2 in Ukraine",
            "joint purchase": "the joint purchase",
        },
        origins={
            ("need", "155mm for UKR"): (
                Origin("need[0].amount", 12, "20,000 a month", ("tffffffffffffffffffff",)),
            ),
            ("line", "Works A"): (Origin("line[0]", 30, "Works A"),),
        },
    )


def cases(count: int = 5) -> tuple[Case, ...]:
    """Courses of use from low to high, and arrivals that fall as use grows."""
    found = []
    for number in range(count):
        share = 0.7 + 0.6 * number / (count - 1)
        found.append(
            Case(
                f"case {number + 1}",
                1 / count,
                {"155mm for UKR": flat(20_000 * share)},
                {"shells UKR": flat(2_000 * (2 - share))},
            )
        )
    return tuple(found)


def enough() -> Problem:
    """So much on the shelves that nothing stays short."""
    made = problem()
    stocks = tuple(replace(one, opening=1e6 if one.item == "155mm" else 40.0)
                   for one in made.stocks)  # fmt: skip
    return replace(made, stocks=stocks)


def clashing() -> Problem:
    """Norway must bear half of all, of which nothing can be paid from its budget."""
    made = problem(
        budgets=(
            Budget("DEU", np.array([200e6, 150e6])),
            Budget("NOR", np.array([0.0, 0.0]), least_share=0.5),
        )
    )
    needs = tuple(replace(one, pieces=()) if one.item == "155mm" else one for one in made.needs)
    stocks = tuple(replace(one, opening=150e3) if one.item == "155mm" else one
                   for one in made.stocks)  # fmt: skip
    return replace(made, needs=needs, stocks=stocks)


def certain(**changes: Any) -> Problem:  # noqa: ANN401 - any field of a problem
    """A problem with one best plan alone, so that its page is the same everywhere.

    Draws and calls are bounded in every step, the works make all they can, what is there is used
    as early as can be.
    """
    steps = 12
    made = problem()
    shells, _ = made.stocks
    need, _ = made.needs
    deu, nor, _ = made.shelves
    (works,) = made.lines
    (joint,) = made.contracts
    tanks = Stock("tanks UKR", "UKR", "leopard-2", 3, 1_000, flat(0, steps))
    fields: dict[str, Any] = {
        "steps": steps,
        "year_of": made.year_of[:steps],
        "stocks": (replace(shells, arriving=flat(2_000, steps)), tanks),
        "needs": (
            replace(need, amount=flat(20_000, steps)),
            Need("tanks for UKR", "UKR", "leopard-2", flat(1, steps),
                 (ShortPiece(1.0, 20e6),), (Substitute("tanks UKR"),), 2),
        ),
        "shelves": (
            replace(deu, most=flat(2_000, steps), replenished=flat(0, steps)),
            replace(nor, most=flat(8_000, steps), replenished=flat(0, steps)),
        ),
        "lines": (
            replace(works, price=3_000 + 10 * np.arange(steps, dtype=np.float64),
                    capacity=flat(5_000, steps), lead=4, buyers=("DEU",),
                    expansions=(replace(works.expansions[0], added=2_000, delay=3),)),
        ),
        "contracts": (
            replace(joint, most=flat(1_000, steps), take={1: 500}, start=2),
        ),
        "budgets": (
            Budget("DEU", np.array([400e6, 400e6])),
            Budget("NOR", np.array([300e6, 300e6])),
        ),
    }  # fmt: skip
    return replace(made, **(fields | changes))


def certain_cases(count: int = 5) -> tuple[Case, ...]:
    """Cases for the problem with one best plan: more or less use, and a chance each."""
    return tuple(
        Case(f"case {number}", 1 / count, {"155mm for UKR": flat(16_000 + 2_000 * number, 12)})
        for number in range(count)
    )


SCENARIO = """\
title = "A small winter"
currency = "EUR"

[horizon]
from = "2023-03"
to = "2024-02"

[[item]]
name = "155mm"
price = 4_000

[[need]]
name = "shells"
recipient = "Ukraine"
item = "155mm"
amount = 1_000
source = "the ministry, 14 February 2023"

[[stock]]
recipient = "Ukraine"
item = "155mm"
opening = 500

[[donor]]
name = "Germany"
budget = 20_000_000

[[donor.shelf]]
item = "155mm"
held = 3_000
reserve = 1_000

[[line]]
name = "Works A"
item = "155mm"
capacity = 400
lead = 3
"""
"""A scenario file that needs no book."""
