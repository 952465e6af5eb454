"""Ask an OpenAI-compatible server: /v1/chat/completions, whatever of it a server understands."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pledgebook.errors import PledgebookError
from pledgebook.reading.coders import StoppedError
from pledgebook.reading.llm.answers import answer_schema
from pledgebook.reading.llm.budget import Spent, guess_tokens
from pledgebook.reading.llm.gbnf import grammar

if TYPE_CHECKING:
    import httpx

__all__ = ["Endpoint", "EndpointError", "Reply"]

_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_LONGEST_WAIT = 60.0
_SAID = 300


class EndpointError(PledgebookError):
    """One question could not be answered: the server failed, or its answer is none."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of an answer, what it cost, and whether it broke off at the limit of its length."""

    text: str
    spent: Spent
    truncated: bool


class Endpoint:
    """A server and a model on it. Several threads may ask at a time.

    What a server does not understand is found out once and then left out: it is asked for answers
    by JSON Schema first, then for JSON with the schema beside it, by a grammar, and at last by
    nothing but the words of the prompt. The door stands behind all of them.
    """

    def __init__(
        self,
        url: str,
        model: str | None,
        *,
        key: str | None = None,
        timeout: float = 300.0,
        answer_tokens: int = 8_192,
        retries: int = 4,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        import httpx

        self._url = _completions(url)
        self._model = model
        self._retries = retries
        self._sleep = sleep
        self._answer_tokens = answer_tokens
        self._lock = threading.Lock()
        self._forms = list(_FORMS)
        self._length = "max_tokens"
        self._temperature = True
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=10.0), headers=headers, follow_redirects=False
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, system: str, user: str) -> Reply:
        """Return the answer to a question.

        Raises EndpointError where this question fails, StoppedError where every one would.
        """
        attempt = 0
        while True:
            body = self._body(system, user)
            response, fault = self._post(body)
            if response is not None and response.is_success:
                return self._reply(response, system, user)
            if response is not None and _is_not_understood(response):
                if self._adapt(body, response.text):
                    continue
                raise EndpointError(
                    f"the server refuses the question ({response.status_code}: {_says(response)})",
                    where=self._url,
                    mend="See its log; a smaller --llm-chunk may help",
                )
            if response is not None and response.status_code not in _AGAIN:
                raise self._refusal(response)
            attempt += 1
            if attempt > self._retries:
                raise self._give_up(response, fault)
            self._sleep(_wait(attempt, response))

    def _post(self, body: dict[str, Any]) -> tuple[httpx.Response | None, Exception | None]:
        import httpx

        try:
            return self._client.post(self._url, json=body), None
        except httpx.TransportError as error:
            return None, error
        except (httpx.InvalidURL, httpx.HTTPError) as error:
            raise StoppedError(
                f"the address cannot be used ({error})", where=self._url, mend="Check --llm-url"
            ) from error

    def _body(self, system: str, user: str) -> dict[str, Any]:
        with self._lock:
            form, length, temperature = self._forms[0], self._length, self._temperature
        body: dict[str, Any] = {
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": user},
            ],
            length: self._answer_tokens,
            "stream": False,
        }
        if self._model:
            body["model"] = self._model
        if temperature:
            body["temperature"] = 0
        return body | _constraint(form)

    def _adapt(self, body: dict[str, Any], said: str) -> bool:
        """Leave out what a server says it does not understand; tell whether to ask again."""
        low = said.lower()
        with self._lock:
            if "max_completion_tokens" in low and "max_tokens" in body:
                self._length = "max_completion_tokens"
                return True
            if "temperature" in low and "temperature" in body:
                self._temperature = False
                return True
            form = next((one for one in _FORMS if body | _constraint(one) == body), _FORMS[-1])
            if form not in self._forms:
                return True  # Another thread has found it out in the meantime.
            if len(self._forms) > 1 and form == self._forms[0] and form != _FORMS[-1]:
                self._forms.pop(0)
                return True
        return False

    def _reply(self, response: httpx.Response, system: str, user: str) -> Reply:
        try:
            content = response.json()
            choice = content["choices"][0]
            text = choice["message"].get("content") or ""
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise EndpointError(
                f"the server answers something else than a completion ({_says(response)})",
                where=self._url,
                mend="Check that --llm-url names an OpenAI-compatible server",
            ) from error
        if not isinstance(text, str):
            text = ""
        used = content.get("usage") or {}
        asked, answered = used.get("prompt_tokens"), used.get("completion_tokens")
        if isinstance(asked, int) and isinstance(answered, int):
            spent = Spent(asked, answered)
        else:
            spent = Spent(guess_tokens(system) + guess_tokens(user), guess_tokens(text), True)
        return Reply(text, spent, choice.get("finish_reason") == "length")

    def _refusal(self, response: httpx.Response) -> PledgebookError:
        status = response.status_code
        if status in (401, 403):
            what, mend = "the server refuses the key", "Check the key's environment variable"
        elif status == 402:
            what, mend = "the account has no money left", "Top it up"
        elif status == 404:
            what, mend = "there is no such model or address", "Check --llm-url and --llm-model"
        elif status == 413:
            return EndpointError(
                "the question is too long for the server", where=self._url, mend="Lower --llm-chunk"
            )
        else:
            what, mend = "the server does not answer as asked", "Check --llm-url"
        return StoppedError(f"{what} ({status}: {_says(response)})", where=self._url, mend=mend)

    def _give_up(self, response: httpx.Response | None, fault: Exception | None) -> PledgebookError:
        import httpx

        if response is not None:
            what = f"the server goes on failing ({response.status_code}: {_says(response)})"
            return StoppedError(what, where=self._url, mend="Try again later")
        if isinstance(fault, httpx.TimeoutException) and not isinstance(
            fault, httpx.ConnectTimeout
        ):
            return EndpointError(
                "the server did not answer in time", where=self._url, mend="Lower --llm-chunk"
            )
        return StoppedError(
            f"there is no server ({fault})", where=self._url, mend="Start it, or check --llm-url"
        )


_NOT_UNDERSTOOD = frozenset({400, 415, 422, 501})
_PARAMETERS = ("response_format", "json_schema", "grammar", "temperature", "max_completion_tokens")


def _is_not_understood(response: httpx.Response) -> bool:
    """Tell whether a server refuses the form of a question; llama-cpp-python does so with a 500."""
    if response.status_code == 500:
        return any(name in response.text for name in _PARAMETERS)
    return response.status_code in _NOT_UNDERSTOOD


_FORMS = ("json_schema", "json_object", "grammar", "words")


def _constraint(form: str) -> dict[str, Any]:
    """Return what asks a server for an answer by the schema."""
    schema = answer_schema()
    match form:
        case "json_schema":
            named = {"name": "statements", "strict": True, "schema": schema}
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        case "json_object":
            # llama-cpp-python takes the schema here; others pass over it.
            return {"response_format": {"type": "json_object", "schema": schema}}
        case "grammar":
            return {"grammar": grammar(schema)}
        case _:
            return {}


def _completions(url: str) -> str:
    """Return the address that questions go to, of a server's address in any of the usual forms."""
    base = url.strip().rstrip("/")
    if "://" not in base:
        base = f"http://{base}"
    if base.endswith("/chat/completions"):
        return base
    if not base.rpartition("/")[2].startswith("v") or not base[-1].isdigit():
        base += "/v1"
    return f"{base}/chat/completions"


def _says(response: httpx.Response) -> str:
    """Return the beginning of what a server says, on one line."""
    said = " ".join(response.text.split())
    return said[:_SAID] or "nothing said"


def _wait(attempt: int, response: httpx.Response | None) -> float:
    """Return seconds until the next attempt: as the server asks, or longer every time."""
    asked = response.headers.get("retry-after", "") if response is not None else ""
    if asked.replace(".", "", 1).isdigit():
        return min(float(asked), _LONGEST_WAIT)
    spread: float = 0.5 + random.random() / 2  # noqa: S311 - no secret hangs on it
    return min(2.0 ** (attempt - 1) * spread, _LONGEST_WAIT)
