"""What cannot be is refused, with its place and its mend."""

from __future__ import annotations

import math

import pytest

from pledgebook.errors import UsageError
from pledgebook.forecasting.flows import (
    Amount,
    Customer,
    Event,
    Handover,
    Law,
    Line,
    Lot,
    Noise,
    Ramp,
    Regime,
    Reorder,
    System,
    Tie,
    Total,
    Works,
    simulate,
)

A = Line("a", 10, use=[Regime(0, 1)])
NOW = [1.0, 1.0]


def of(*lines: Line, **rest: object) -> System:
    return System(2, lines or [A], **rest)  # type: ignore[arg-type]


def lot(**changes: object) -> System:
    given = {"key": "lot", "to": "a", "size": 1.0, "by": NOW} | changes
    return of(lots=[Lot(**given)])  # type: ignore[arg-type]


def customer(**changes: object) -> System:
    return of(works=[Works("w", 1, customers=[Customer(**({"line": "a"} | changes))])])  # type: ignore[arg-type]


def policy(**changes: object) -> System:
    given = {"point": 1.0, "up_to": 2.0} | changes
    return of(Line("a", use=[Regime(0, 1)], reorder=Reorder(**given)))  # type: ignore[arg-type]


CASES: dict[str, tuple[System, str, str]] = {
    "no steps": (System(0, [A]), "steps", "the horizon is empty"),
    "no lines": (System(2, []), "lines", "there is nothing to play forward"),
    "no days": (of(step_days=0.0), "step_days", "0.0 is not above zero"),
    "too few days": (of(step_days=[7.0]), "step_days", "it has 1 steps, the horizon 2"),
    "no year": (of(steps_a_year=0), "steps_a_year", "a year has no steps"),
    "twins": (of(A, A), "line", 'the key "a" is there twice'),
    "two of a key": (of(works=[Works("a", 1)]), "keys", 'the key "a" stands for two things'),
    "negative stock": (of(Line("a", -1)), 'line "a", opening', "-1 is below zero"),
    "unknown stock": (of(Line("a", math.nan)), 'line "a", opening', "nan is no amount"),
    "upside down": (of(Line("a", Amount(5, 1, 9, 2))), 'line "a", opening', "from 9 to 2"),
    "outside": (of(Line("a", Amount(5, 1, 6, 9))), 'line "a", opening', "is not within"),
    "tie": (of(Line("a", Amount(5, 1, tie=Tie("x", 2)))), 'line "a", opening, tie', "correlation"),
    "negative use": (of(Line("a", use=[Regime(0, -2)])), 'line "a", use[0], level', "below zero"),
    "early use": (of(Line("a", use=[Regime(-1, 2)])), 'line "a", use[0]', "before the horizon"),
    "two starts": (
        of(Line("a", use=[Regime(0, 1), Regime(0, 2)])), "start of a regime", "there twice",
    ),
    "reserved": (of(Line("a", use=[Regime(0, 1, key="opening")])), 'line "a"', "is taken"),
    "shape": (of(Line("a", use=[Regime(0, 1, [1.0])])), "shape", "it has 1 steps, the horizon 2"),
    "negative shape": (of(Line("a", use=[Regime(0, 1, [1.0, -1.0])])), "shape", "below zero"),
    "noise": (of(Line("a", use=[Regime(0, 1)], noise=Noise())), "noise", "neither a factor nor"),
    "noise alone": (of(Line("a", noise=Noise.poisson())), 'line "a"', "but no use"),
    "no values": (of(Line("a", use=A.use, noise=Noise(factor=Law(())))), "factor", "no value"),
    "chances": (
        of(Line("a", use=A.use, noise=Noise(size=Law((1.0,), (0.5, 0.5))))), "size", "differ in",
    ),
    "event": (of(Line("a", use=A.use, events=[Event("e", 1, 5, 3)])), 'event "e"', "cannot begin"),
    "short event": (of(Line("a", use=A.use, events=[Event("e", 1, 0, 0, 0)])), "duration", "no st"),
    "chance": (of(Line("a", use=A.use, events=[Event("e", 1, 0, 0, 1, 2)])), "chance", "no share"),
    "shelf life": (of(Line("a", shelf_life=0)), "shelf_life", "nothing can be kept"),
    "ages": (of(Line("a", ages={0: 0.7, 1: 0.7})), "ages", "the shares add up to 1.4"),
    "young": (of(Line("a", ages={-1: 0.5})), "ages", "an age is below zero"),
    "no policy": (policy(up_to=None), "reorder", "either a level"),
    "both": (policy(quantity=1.0), "reorder", "either a level"),
    "below": (policy(up_to=0.0), "up_to", "orders up to 0.0"),
    "no lead": (policy(lead=0), "lead", "no whole step"),
    "half a lead": (policy(lead=Law((1.5,))), "lead", "no whole step"),
    "budget": (policy(budget=-1.0), "budget", "below zero"),
    "every": (policy(every=0), "every", "it never orders"),
    "lot to nowhere": (lot(to="b"), 'lot "lot", to', 'there is no "b"'),
    "lot from nowhere": (lot(source="b"), 'lot "lot", source', 'there is no "b"'),
    "lot to itself": (lot(source="a"), 'lot "lot"', "goes to where it comes from"),
    "negative lot": (lot(size=-5.0), 'lot "lot", size', "below zero"),
    "short curve": (lot(by=[1.0]), 'lot "lot", by', "it has 1 steps, the horizon 2"),
    "no chance": (lot(by=[0.5, 1.5]), 'lot "lot", by', "1.5 is no share"),
    "unknown chance": (lot(by=[0.5, math.nan]), 'lot "lot", by', "nan is no share"),
    "falling": (lot(by=[0.5, 0.4]), 'lot "lot", by', "falls"),
    "all lost": (lot(lost=1.5), 'lot "lot", lost', "more than all"),
    "perhaps all lost": (lot(lost=Amount(0.1, 1.0)), 'lot "lot", lost', "more than all"),
    "back in time": (lot(transit=-1), 'lot "lot", transit', "before it sets out"),
    "loose": (lot(tie=Tie("x", -3)), 'lot "lot", tie', "correlation"),
    "negative rate": (of(works=[Works("w", -1)]), 'works "w", rate', "below zero"),
    "ramp": (of(works=[Works("w", 1, [Ramp(-1)])]), 'works "w", ramps[0], to', "below zero"),
    "never": (of(works=[Works("w", 1, idle_never=2)]), "idle_never", "no share"),
    "who": (customer(line="b"), 'works "w", customer "b"', 'there is no "b"'),
    "share": (customer(share=1.2), 'customer "a", share', "1.2 is no share"),
    "backlog": (customer(backlog=-1), 'customer "a", backlog', "below zero"),
    "shares": (
        of(A, Line("b"), works=[Works("w", 1, customers=[Customer("a"), Customer("b", 0.5)])]),
        'works "w", shares', "the shares add up to 1.5",
    ),
    "handover": (of(handovers=[Handover("h", "a", "a", 1)]), 'handover "h"', "where it comes from"),
    "window": (
        of(A, Line("b"), handovers=[Handover("h", "a", "b", 1, 3, 2)]), 'handover "h"', "cannot go",
    ),
    "nothing": (of(totals=[Total("t", [])]), 'total "t"', "a total of nothing"),
    "nobody": (of(totals=[Total("t", ["z"])]), 'total "t"', 'there is no "z"'),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_is_refused(name: str) -> None:
    system, where, what = CASES[name]
    with pytest.raises(UsageError) as caught:
        simulate(system, draws=1)
    assert where in (caught.value.where or "")
    assert what in caught.value.what
    assert caught.value.mend
