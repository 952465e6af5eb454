from __future__ import annotations

from drawing import drawn
from making import Said, entries, report
from pledgebook.ledger.ledger import Observation
from pledgebook.reporting.names import Names
from pledgebook.reporting.observations import observation_record, observations_table
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind, Status

SHELLS = {"category": Category.ARTILLERY_AMMUNITION, "designation": "155mm", "recipient": None}


def observed(**changes: object) -> Observation:
    said = Said(**({"quote": "Ukraine fires shells", "actors": ("UKR",)} | SHELLS | changes))  # type: ignore[arg-type]
    [entry] = entries([report(said)])
    return Observation(entry)


def shown(observation: Observation, *, in_full: bool = True) -> str:
    names = Names(load_catalogue().parties, in_full=in_full)
    return drawn(observations_table([observation], names), 100)


def test_a_level_stands_with_its_unknown_size() -> None:
    line = shown(observed(kind=Kind.EXPENDITURE))
    assert "Ukraine" in line
    assert "uses up" in line
    assert "155mm" in line
    assert "n/k" in line
    assert "2023-02-14" in line
    assert "UKR" in shown(observed(kind=Kind.EXPENDITURE), in_full=False)


def test_a_level_that_is_only_planned_says_so() -> None:
    line = shown(observed(kind=Kind.PRODUCTION, status=Status.TENTATIVE, quantity=20_000))
    assert "may: makes" in line
    assert "20,000" in line


def test_the_record_holds_the_words() -> None:
    found = observation_record(observed(kind=Kind.STOCK, quantity=30))
    assert found["evidence"] == "Ukraine fires shells"
    assert found["kind"] == "stock"
    assert found["told"] == "2023-02-14"
