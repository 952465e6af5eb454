"""Asking a server: what it does not understand is left out, what fails is told, or tried again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from answering import Answer, Body, serving

from pledgebook.errors import PledgebookError
from pledgebook.reading.coders import StoppedError
from pledgebook.reading.llm.answers import answer_schema
from pledgebook.reading.llm.endpoint import Endpoint, EndpointError, Reply


def ask(url: str, waits: list[float] | None = None, **changes: Any) -> Reply:  # noqa: ANN401
    waited: list[float] = [] if waits is None else waits
    settings: dict[str, Any] = {"timeout": 5.0, "retries": 2, "sleep": waited.append} | changes
    with Endpoint(url, "m", **settings) as endpoint:
        return endpoint.ask("rules", "question")


def in_turn(*answers: Answer) -> Callable[[Body], Answer]:
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize("tail", ["", "/", "/v1", "/v1/", "/v1/chat/completions"])
def test_the_address_may_be_given_in_any_form(tail: str) -> None:
    with serving(lambda _: Answer("said")) as asked:
        reply = ask(asked.url + tail, key="secret")
    assert (reply.text, reply.spent.prompts, reply.spent.answers) == ("said", 1000, 100)
    assert asked.paths == ["/v1/chat/completions"]
    assert asked.keys == ["Bearer secret"]
    [body] = asked.bodies
    assert [message["content"] for message in body["messages"]] == ["rules", "question"]
    assert body["model"] == "m"
    assert body["temperature"] == 0
    assert body["response_format"]["json_schema"]["schema"] == answer_schema()


def test_no_key_no_header() -> None:
    with serving(lambda _: Answer()) as asked:
        ask(asked.url)
    assert asked.keys == [None]


def knowing(*known: str, status: int = 422) -> Callable[[Body], Answer]:
    """A server that takes only some forms of constraint."""

    def answer(body: Body) -> Answer:
        kind = body.get("response_format", {}).get("type")
        form = kind or ("grammar" if "grammar" in body else "words")
        if form in known:
            return Answer(form)
        return Answer(status=status, raw=f"body.response_format: unknown value {form!r}")

    return answer


@pytest.mark.parametrize(
    ("known", "asks"),
    [(["json_schema"], 1), (["json_object", "words"], 2), (["grammar"], 3), (["words"], 4)],
)
def test_what_a_server_does_not_know_is_left_out_for_good(known: Sequence[str], asks: int) -> None:
    with serving(knowing(*known)) as asked, Endpoint(asked.url, "m") as endpoint:
        assert endpoint.ask("rules", "one").text == known[0]
        assert len(asked.bodies) == asks
        assert endpoint.ask("rules", "two").text == known[0]
        assert len(asked.bodies) == asks + 1


def test_a_server_that_fails_over_what_it_does_not_know() -> None:
    waits: list[float] = []
    with serving(knowing("words", status=500)) as asked:
        assert ask(asked.url, waits).text == "words"
    assert waits == []


def test_a_server_with_other_names_for_things() -> None:
    def answer(body: Body) -> Answer:
        if "max_tokens" in body:
            return Answer(status=400, raw="Use max_completion_tokens instead of max_tokens")
        if "temperature" in body:
            return Answer(status=400, raw="temperature does not support 0")
        return Answer("well")

    with serving(answer) as asked:
        assert ask(asked.url, answer_tokens=77).text == "well"
    assert asked.bodies[-1]["max_completion_tokens"] == 77


def test_a_question_that_is_refused_for_another_reason_is_an_error() -> None:
    with serving(lambda _: Answer(status=400, raw="context length exceeded")) as asked:
        with pytest.raises(EndpointError, match="context length exceeded"):
            ask(asked.url)
        assert len(asked.bodies) == 4  # every form was tried


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_that_fails_is_asked_again(status: int) -> None:
    waits: list[float] = []
    with serving(in_turn(Answer(status=status), Answer(status=status), Answer("well"))) as asked:
        assert ask(asked.url, waits).text == "well"
    assert len(asked.bodies) == 3
    assert 0 < waits[0] <= 1 < 2 * waits[1]


def test_a_server_says_how_long_to_wait() -> None:
    waits: list[float] = []
    busy = Answer(status=429, headers=(("Retry-After", "7"),))
    with serving(in_turn(busy, Answer("well"))) as asked:
        ask(asked.url, waits)
    assert waits == [7.0]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "refuses the key"),
        (403, "refuses the key"),
        (402, "no money"),
        (404, "no such model or address"),
        (301, "does not answer as asked"),
        (503, "goes on failing"),
    ],
)
def test_what_fails_for_every_question_stops_the_reading(status: int, words: str) -> None:
    with serving(lambda _: Answer(status=status, raw="no, said the server")) as asked:
        with pytest.raises(StoppedError, match=words) as caught:
            ask(asked.url)
        assert asked.url in str(caught.value)
        assert "no, said the server" in str(caught.value)
        assert caught.value.mend


def test_a_question_too_long_stops_nothing_else() -> None:
    with (
        serving(lambda _: Answer(status=413)) as asked,
        pytest.raises(EndpointError, match="too long"),
    ):
        ask(asked.url)


def test_no_server() -> None:
    with serving(lambda _: Answer()) as asked:
        gone = asked.url
    waits: list[float] = []
    with pytest.raises(StoppedError, match="there is no server"):
        ask(gone, waits)
    assert len(waits) == 2


def test_no_address() -> None:
    with pytest.raises(StoppedError, match=r"cannot be used|no server"):
        ask("http://[")


def test_an_answer_that_takes_too_long() -> None:
    import threading

    done = threading.Event()

    def answer(_: Body) -> Answer:
        done.wait(5)
        return Answer()

    with serving(answer) as asked:
        with pytest.raises(EndpointError, match="in time"):
            ask(asked.url, timeout=0.1, retries=0)
        done.set()


@pytest.mark.parametrize(
    "raw", ["<html>", "[]", "{}", '{"choices": []}', '{"choices": [{"message": 3}]}', "null"]
)
def test_what_is_no_completion(raw: str) -> None:
    with serving(lambda _: Answer(raw=raw)) as asked:
        with pytest.raises(PledgebookError, match="something else than a completion"):
            ask(asked.url)
        assert len(asked.bodies) == 1


def test_a_broken_off_answer_is_told() -> None:
    with serving(lambda _: Answer("half", finish="length")) as asked:
        assert ask(asked.url).truncated
    with serving(lambda _: Answer("all")) as asked:
        assert not ask(asked.url).truncated


def test_tokens_are_guessed_where_nobody_counts_them() -> None:
    with serving(lambda _: Answer("x" * 350, usage=None)) as asked:
        spent = ask(asked.url).spent
    assert spent.guessed
    assert spent.answers == 101
    assert spent.prompts > 0


def test_an_empty_content_is_an_empty_answer() -> None:
    raw = json.dumps({"choices": [{"message": {"content": None}, "finish_reason": "stop"}]})
    with serving(lambda _: Answer(raw=raw)) as asked:
        assert ask(asked.url).text == ""
