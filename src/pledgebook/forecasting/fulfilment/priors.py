"""What the model holds before it has seen anything, from its data file."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pledgebook.errors import CatalogueError

__all__ = ["COMMON", "GROUPS", "Law", "Priors", "load_priors"]

_FILE = Path(__file__).parent / "data" / "priors.toml"

COMMON = (
    "location", "due_shift", "due_slope", "scale", "shared", "dropped", "coming", "more", "report",
    "report_scale", "told", "trend",
)  # fmt: skip
"""The common parameters, in the order in which they stand in a vector."""
GROUPS = ("donor", "category", "told")
"""The kinds of group effects: of donors and categories on delays, of donors on disclosure."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Law(_Strict):
    """A normal law, or that of a logarithm: where it lies and how wide it is."""

    at: float
    spread: float = Field(gt=0)


class _Due(_Strict):
    usual: float = Field(gt=0)


class Priors(_Strict):
    """The laws of the common parameters and of the spreads between groups."""

    common: Mapping[str, Law]
    groups: Mapping[str, Law]
    due: _Due

    @model_validator(mode="after")
    def _whole(self) -> Priors:
        if set(self.common) != set(COMMON) or set(self.groups) != set(GROUPS):
            raise ValueError("each parameter has one law, and there are no others")
        return self


@functools.cache
def load_priors() -> Priors:
    """Read the data file. Raises CatalogueError where it breaks its schema."""
    try:
        return Priors.model_validate(tomllib.loads(_FILE.read_text("utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(
            f"the priors of fulfilment cannot be read ({error})", where=str(_FILE)
        ) from error
