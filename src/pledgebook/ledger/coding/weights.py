"""What makes a statement worth checking first, from a data file."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pledgebook.errors import CatalogueError

__all__ = ["Weighing", "load_weighing"]

_FILE = Path(__file__).parents[1] / "data" / "queue.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Weights(_Strict):
    """What each reason adds; the data file says what each means."""

    coders: float = Field(gt=0)
    readers: float = Field(gt=0)
    contradiction: float = Field(gt=0)
    large: float = Field(gt=0)
    most_large: float = Field(gt=0)
    low_score: float = Field(gt=0)
    undated: float = Field(gt=0)


class Large(_Strict):
    """From how many times the median of how many amounts on an amount stands out."""

    times: float = Field(gt=1)
    least: int = Field(gt=1)


class Score(_Strict):
    """Below which score a statement stands out."""

    below: float = Field(gt=0, le=1)


class Weighing(_Strict):
    """All of it."""

    weights: Weights
    large: Large
    score: Score


@functools.cache
def load_weighing(path: Path = _FILE) -> Weighing:
    """Return the weights. Raises CatalogueError where the file breaks its schema."""
    try:
        return Weighing.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"the weights are not in order: {error}", where=str(path)) from error
