"""Limits are never passed, whatever is under way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.errors import UsageError
from pledgebook.reading.coders import StoppedError
from pledgebook.reading.llm.budget import Budget, Spent
from pledgebook.reading.llm.settings import LlmSettings


def test_cost_follows_from_the_prices() -> None:
    budget = Budget(price_in=2.0, price_out=10.0)
    assert budget.cost(Spent(1_000_000, 100_000)) == pytest.approx(3.0)
    assert budget.has_prices
    assert not Budget().has_prices


@given(
    st.integers(0, 5000),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2000), st.floats(0, 1)), max_size=12),
    st.integers(1, 4),
    st.booleans(),
)
def test_what_is_spent_stays_within_the_limit(
    limit: int, questions: list[tuple[int, int, float]], workers: int, by_cost: bool
) -> None:
    budget = (
        Budget(max_cost=limit / 1e6, price_in=1.0, price_out=1.0)
        if by_cost
        else Budget(max_tokens=limit)
    )
    refused: list[int] = []

    def ask(question: tuple[int, int, float]) -> None:
        asked, answered, share = question
        most = Spent(asked, answered)
        try:
            budget.reserve(most)
        except StoppedError:
            refused.append(most.tokens)
        else:
            budget.settle(most, Spent(asked, int(answered * share)))

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(ask, questions))
    spent = budget.spent.tokens
    assert spent <= limit + 1e-6
    # Nothing was refused that would still have fitted.
    assert all(spent + tokens > limit - 1e-6 for tokens in refused)


def test_what_was_not_charged_is_free_again() -> None:
    budget, most = Budget(max_tokens=100), Spent(50, 50)
    budget.reserve(most)
    budget.settle(most, None)
    budget.reserve(most)
    budget.settle(most, Spent(50, 40))
    with pytest.raises(StoppedError, match="limit of 100 tokens is reached \\(90 tokens spent"):
        budget.reserve(most)


def test_a_question_waits_for_what_is_under_way() -> None:
    budget, most = Budget(max_tokens=150), Spent(50, 50)
    budget.reserve(most)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(budget.reserve, most)
        assert not second.done()
        budget.settle(most, Spent(20, 10))
        second.result(5)
    budget.settle(most, Spent(50, 50))
    assert budget.spent.tokens == 130


def test_settings_come_from_the_environment_where_nothing_is_given() -> None:
    found = LlmSettings.from_environment(
        {"model": "given", "max_tokens": None},
        {
            "PLEDGEBOOK_LLM_URL": "http://here", "PLEDGEBOOK_LLM_MODEL": "other",
            "PLEDGEBOOK_LLM_MAX_TOKENS": "500", "PLEDGEBOOK_LLM_KEY": "secret",
        },
    )  # fmt: skip
    assert (found.url, found.model, found.max_tokens) == ("http://here", "given", 500)
    assert found.key == "secret"


def test_a_folder_that_is_named_goes_before_a_server_of_the_environment(tmp_path: object) -> None:
    environment = {"PLEDGEBOOK_LLM_URL": "http://here"}
    found = LlmSettings.from_environment({"replay": tmp_path}, environment)
    assert found.url is None
    with pytest.raises(UsageError, match="either asked"):
        LlmSettings.from_environment({"replay": tmp_path, "url": "http://there"}, environment)


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"concurrency": 0}, "too few"),
        ({"chunk": 10}, "too few"),
        ({"max_cost": 1.0}, "needs the prices"),
    ],
)
def test_settings_that_make_no_sense(given_: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        LlmSettings.from_environment(given_, {})
    with pytest.raises(UsageError, match="does not fit"):
        LlmSettings.from_environment({}, {"PLEDGEBOOK_LLM_CHUNK": "many"})
