"""The weights and words of reconciling, read from their data file."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pledgebook.errors import CatalogueError

_FILE = Path(__file__).parent / "data" / "reconcile.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Strict):
    """What a rule adds to the score of a pair, and how the reason is said."""

    weight: float
    says: str = Field(min_length=1)


class Rules(_Strict):
    """All settings of reconciling; the data file says what each means."""

    threshold: float
    window: int = Field(gt=0)
    most_compared: int = Field(ge=2)
    doubt_window: int = Field(gt=0)
    near_days: int = Field(ge=0)
    far_days: int = Field(gt=0)
    news_days: int = Field(ge=0)
    vague_weight: float = Field(gt=0, le=1)
    doubt: float
    total_margin: float = Field(ge=0)
    most_parts: int = Field(ge=2)
    further_words: frozenset[str]
    rules: Mapping[str, Rule]

    def weight(self, name: str) -> float:
        """Return the weight of a rule by its name."""
        return self.rules[name].weight


@functools.cache
def load_rules(path: Path = _FILE) -> Rules:
    """Read the rules. Raises CatalogueError where the file breaks its schema."""
    try:
        return Rules.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise CatalogueError(
            f"the rules of reconciling are wrong: {error}", where=str(path), mend="Mend the file"
        ) from error
