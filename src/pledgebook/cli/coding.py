"""Options of `read` that choose who reads, and say where a language model is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pledgebook.reading.coders import Coder
    from pledgebook.reading.llm.settings import LlmSettings

__all__ = [
    "CacheFolder",
    "CoderName",
    "Concurrency",
    "KeyVariable",
    "MaxCost",
    "MaxTokens",
    "Model",
    "NoCache",
    "PriceIn",
    "PriceOut",
    "RecordFolder",
    "ReplayFolder",
    "Url",
    "chosen",
    "settings",
]

CoderName = Annotated[
    str | None,
    typer.Option(
        "--coder",
        metavar="NAME",
        envvar="PLEDGEBOOK_CODER",
        show_envvar=False,
        help="Who reads: grammar, learned, llm, or several: grammar,llm.",
    ),
]
Url = Annotated[
    str | None,
    typer.Option("--llm-url", metavar="URL", help="An OpenAI-compatible server."),
]
Model = Annotated[
    str | None, typer.Option("--llm-model", metavar="NAME", help="The model to ask there.")
]
KeyVariable = Annotated[
    str | None,
    typer.Option(
        "--llm-key-env",
        metavar="VARIABLE",
        help="Environment variable with the key. [default: PLEDGEBOOK_LLM_KEY]",
    ),
]
Concurrency = Annotated[
    int | None,
    typer.Option("--llm-concurrency", metavar="N", help="Questions at a time. [default: 4]"),
]
MaxTokens = Annotated[
    int | None,
    typer.Option("--llm-max-tokens", metavar="N", help="Stop before this many tokens are passed."),
]
MaxCost = Annotated[
    float | None,
    typer.Option("--llm-max-cost", metavar="AMOUNT", help="Stop before this cost is passed."),
]
PriceIn = Annotated[
    float | None,
    typer.Option("--llm-price-in", metavar="PRICE", help="Price of a million prompt tokens."),
]
PriceOut = Annotated[
    float | None,
    typer.Option("--llm-price-out", metavar="PRICE", help="Price of a million answer tokens."),
]
RecordFolder = Annotated[
    Path | None,
    typer.Option("--llm-record", metavar="DIR", help="Write each prompt, and its answer, here."),
]
ReplayFolder = Annotated[
    Path | None,
    typer.Option("--llm-replay", metavar="DIR", help="Take the answers from here; ask nobody."),
]
CacheFolder = Annotated[
    Path | None,
    typer.Option("--llm-cache", metavar="DIR", help="Keep answers here. [default: user cache]"),
]
NoCache = Annotated[
    bool, typer.Option("--no-llm-cache", help="Ask again what was answered before.")
]


def settings(
    *,
    key_variable: str | None,
    no_cache: bool,
    cache: Path | None,
    **given: object,
) -> LlmSettings:
    """Return where the model is, from options first and the environment second.

    Raises UsageError where a variable is named that holds no key, or a value does not fit.
    """
    import os

    from pledgebook.errors import UsageError
    from pledgebook.reading.llm.cache import default_folder
    from pledgebook.reading.llm.settings import KEY_VARIABLE, LlmSettings

    key = os.environ.get(key_variable or KEY_VARIABLE)
    if key_variable is not None and not key:
        raise UsageError(
            "the variable holds no key", where=key_variable, mend="Set it, or leave it out"
        )
    found = LlmSettings.from_environment({"key": key, "cache": cache, **given})
    if no_cache or found.cache is None:
        from dataclasses import replace

        found = replace(found, cache=None if no_cache else default_folder())
    return found


@contextlib.contextmanager
def chosen(name: str | None, found: LlmSettings | None) -> Iterator[Coder]:
    """Open a coder, and close it at the end. Raises UsageError for one that there is not."""
    from pledgebook.reading import DEFAULT_CODER, coder

    made = coder(name or DEFAULT_CODER, llm=found)
    try:
        yield made
    finally:
        made.session.close()
