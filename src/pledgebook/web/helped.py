"""What the help tells: topics, words and keys, from `data/help.toml`."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Help", "Topic", "load_help"]

_FILE = Path(__file__).parent / "data" / "help.toml"


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Topic(_Plain):
    """One piece of help: `text` has its paragraphs, set apart by empty lines.

    `see` names a page of the app, with the words of the link.
    """

    title: str = Field(min_length=1)
    text: str = Field(min_length=1)
    see: dict[str, str] = {}

    @property
    def paragraphs(self) -> list[str]:
        """The text, paragraph by paragraph, each on one line."""
        return [" ".join(part.split()) for part in self.text.strip().split("\n\n")]


class Key(_Plain):
    """What keys do, on one desk."""

    desk: str
    keys: dict[str, str]


class Help(_Plain):
    """All that the help tells: topics by name, the words with what they mean, and the keys."""

    topic: dict[str, Topic]
    word: dict[str, str]
    key: list[Key]


@functools.cache
def load_help() -> Help:
    """Return the help."""
    return Help.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))
