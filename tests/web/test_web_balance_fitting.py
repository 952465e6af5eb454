"""The fit of many promises: in a process of its own, with the same outcome."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections.abc import Iterator

import numpy as np
import pytest

from pledgebook.book import Book
from pledgebook.forecasting.fulfilment import FulfilmentModel, SpellSet, fit, spells_of
from pledgebook.web.balance.fitting import Fitter

Asked = tuple[SpellSet, dt.date]


@pytest.fixture
def asked(told: Book) -> Asked:
    """The promises of a book, and the day on which they are looked at."""
    ledger = told.ledger()
    return spells_of(ledger.commitments, ledger.entries, ledger.today), ledger.today


@pytest.fixture
def fitter() -> Iterator[Fitter]:
    """A fitter to whom any promise is many."""
    found = Fitter(many=1)
    yield found
    found.stop()


def same(one: FulfilmentModel, other: FulfilmentModel) -> bool:
    return (
        np.array_equal(one.fitted.vector, other.fitted.vector)
        and np.array_equal(one.fitted.covariance, other.fitted.covariance)
        and (one.commitments, one.lots, one.caveats)
        == (other.commitments, other.lots, other.caveats)
    )


def process_of(fitter: Fitter) -> int:
    assert fitter._pool is not None
    [process] = fitter._pool._processes
    return process


def test_a_process_of_its_own_comes_to_the_same(fitter: Fitter, asked: Asked) -> None:
    assert len(asked[0]) > 1
    assert same(fitter.fit(*asked), fit(*asked))
    first = process_of(fitter)
    assert first != os.getpid()
    fitter.fit(*asked)
    assert process_of(fitter) == first


def test_few_promises_are_fitted_at_once(asked: Asked) -> None:
    fitter = Fitter()
    assert same(fitter.fit(*asked), fit(*asked))
    assert fitter._pool is None


def test_a_process_that_was_killed_loses_nothing(fitter: Fitter, asked: Asked) -> None:
    expected = fitter.fit(*asked)
    os.kill(process_of(fitter), signal.SIGKILL)
    assert same(fitter.fit(*asked), expected)
    assert same(fitter.fit(*asked), expected)


def test_it_ends_with_the_server(fitter: Fitter, asked: Asked) -> None:
    fitter.fit(*asked)
    process = process_of(fitter)
    fitter.stop()
    for _ in range(600):
        if not _is_there(process):
            break
        time.sleep(0.05)
    assert not _is_there(process)
    # What is asked for after all is answered here.
    assert fitter.fit(*asked).commitments == fit(*asked).commitments


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
