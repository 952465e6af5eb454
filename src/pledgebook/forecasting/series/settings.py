"""The words, distances and priors of series, from their data file."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pledgebook.errors import CatalogueError
from pledgebook.forecasting.series.point import Hedge, SeriesMeasure
from pledgebook.ledger.cues import phrases
from pledgebook.vocabulary.statement import Category

__all__ = ["Near", "OpenEnd", "Pooling", "Settings", "SlipPrior", "load_settings"]

_FILE = Path(__file__).parent.parent / "data" / "series.toml"
# An address may hold any word at all.
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Words(_Strict):
    target: tuple[str, ...]
    capacity: tuple[str, ...]
    requirement: tuple[str, ...]
    estimate: tuple[str, ...]
    claim: tuple[str, ...]
    as_of: tuple[str, ...]
    complete: tuple[str, ...]
    part: tuple[str, ...]
    part_of: tuple[str, ...]
    nameless: tuple[str, ...]


class Near(_Strict):
    """How near is the same; the data file says what each means."""

    echo_days: int = Field(ge=0)
    same_time_days: int = Field(ge=0)
    parts_by: float = Field(ge=1)
    least_span_days: int = Field(ge=1)
    least_between_days: int = Field(ge=1)
    same_target: float = Field(gt=1)
    reached_tolerance: float = Field(ge=0, lt=0.5)
    least_horizon_days: int = Field(ge=1)


class OpenEnd(_Strict):
    """How "at least" and "up to" are read, as logarithms beyond the bound."""

    at_least_middle: float
    at_least_spread: float = Field(gt=0)
    up_to_middle: float
    up_to_spread: float = Field(gt=0)
    running_above: float = Field(gt=0)


class Pooling(_Strict):
    """How much the priors weigh, and how disagreement is met."""

    prior_weight: float = Field(gt=2)
    most_scatter: float = Field(ge=1)
    distrust: float = Field(ge=0)
    middle_low: float = Field(ge=0, le=0.5)
    middle_high: float = Field(ge=0.5, le=1)
    movement: float = Field(ge=0)


class SlipPrior(_Strict):
    """What is assumed of slipping targets before one is seen."""

    median: float = Field(gt=0)
    median_spread: float = Field(gt=0)
    scatter: float = Field(gt=0)
    scatter_spread: float = Field(gt=0)
    party_spread: float = Field(gt=0)
    never_a: float = Field(gt=0)
    never_b: float = Field(gt=0)


class Settings(_Strict):
    """All words and settings of the data file, which says what each means."""

    items_apart: frozenset[Category]
    words: _Words
    near: Near
    drift: Mapping[SeriesMeasure, float]
    between: Mapping[SeriesMeasure, float]
    told: Mapping[Hedge, float]
    open_end: OpenEnd
    pooling: Pooling
    slip: SlipPrior

    def has(self, name: str, text: str) -> bool:
        """Tell whether a text, but for addresses, has one of the words of a list, by its name."""
        return phrases(getattr(self.words, name)).search(_ADDRESS.sub(" ", text)) is not None


@functools.cache
def load_settings(path: Path = _FILE) -> Settings:
    """Read the settings. Raises CatalogueError where the file breaks its schema."""
    try:
        return Settings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        what = f"the settings of series are wrong: {error}"
        raise CatalogueError(what, where=str(path), mend="Mend the file") from error
