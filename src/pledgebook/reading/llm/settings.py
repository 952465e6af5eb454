"""What a user says about the language model: where it is, what it may cost, where answers lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pledgebook.errors import UsageError

__all__ = ["KEY_VARIABLE", "LlmSettings"]

KEY_VARIABLE = "PLEDGEBOOK_LLM_KEY"
"""The environment variable that the key is taken from; a key is never an argument."""

_PREFIX = "PLEDGEBOOK_LLM_"


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """How a model is asked.

    `url` is the address of an OpenAI-compatible server, with or without `/v1`. `max_tokens` and
    `max_cost` bound a whole reading, prompts and answers together; the cost follows from the two
    prices, in any currency, for a million tokens. `record` and `replay` are folders of prompts and
    answers. `cache` keeps answers between readings; None keeps none.
    """

    url: str | None = None
    model: str | None = None
    key: str | None = None
    concurrency: int = 4
    max_tokens: int | None = None
    max_cost: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0
    record: Path | None = None
    replay: Path | None = None
    cache: Path | None = None
    timeout: float = 300.0
    answer_tokens: int = 8_192
    chunk: int = 6_000
    retries: int = 4

    def __post_init__(self) -> None:
        """Raise UsageError where the settings contradict each other."""
        if self.url is not None and self.replay is not None:
            raise UsageError(
                "answers are either asked of a server or replayed from a folder",
                where="--llm-replay",
                mend="Leave out --llm-url or --llm-replay",
            )
        for name, value, least in (
            ("concurrency", self.concurrency, 1),
            ("answer-tokens", self.answer_tokens, 16),
            ("chunk", self.chunk, 200),
        ):
            if value < least:
                raise UsageError(f"{value} is too few", where=f"--llm-{name}")
        if self.max_cost is not None and not (self.price_in or self.price_out):
            raise UsageError(
                "a limit on the cost needs the prices",
                where="--llm-max-cost",
                mend="Give --llm-price-in and --llm-price-out, for a million tokens",
            )

    @property
    def only_records(self) -> bool:
        """Whether prompts are written and nobody is asked."""
        return self.record is not None and self.url is None and self.replay is None

    @classmethod
    def from_environment(
        cls,
        given: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> LlmSettings:
        """Return settings from PLEDGEBOOK_LLM_... variables; what is given goes before them.

        `given` holds fields by name; those that are None are taken from the environment. Raises
        UsageError where one of the variables does not hold what it should.
        """
        found = os.environ if environment is None else environment
        given = given or {}
        values: dict[str, object] = {}
        for name, read in _READERS.items():
            text = found.get(_PREFIX + name.upper(), "")
            if not text:
                continue
            try:
                values[name] = read(text)
            except ValueError as error:
                raise UsageError(f"{text!r} does not fit", where=_PREFIX + name.upper()) from error
        values |= {name: value for name, value in given.items() if value is not None}
        if values.get("replay") is not None and given.get("url") is None:
            # A folder that is asked for goes before a server that is always there.
            values.pop("url", None)
        return cls(**values)  # type: ignore[arg-type]


_READERS = {
    "url": str,
    "model": str,
    "key": str,
    "concurrency": int,
    "max_tokens": int,
    "max_cost": float,
    "price_in": float,
    "price_out": float,
    "record": Path,
    "replay": Path,
    "cache": Path,
    "timeout": float,
    "answer_tokens": int,
    "chunk": int,
}
