"""Population and GDP of states, each measure with its year and source."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pledgebook.errors import CatalogueError

__all__ = ["Economies", "Economy", "Measure", "load_economies"]

_FILE = Path(__file__).parents[1] / "data" / "economies.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(_Strict):
    """What a figure of an economy is: its unit, the year that it is of, and who says so."""

    title: str
    unit: str
    year: str
    source: str
    url: str
    note: str = ""


class Economy(_Strict):
    """A state by its code; a measure that is not known is None, which is not zero."""

    code: str = Field(pattern=r"^[A-Z]{3}$")
    population: int | None = Field(default=None, gt=0)
    gdp_ppp: int | None = Field(default=None, gt=0)
    gdp_nominal: int | None = Field(default=None, gt=0)


class Economies(_Strict):
    """The economies and what their figures are."""

    measure: Mapping[str, Measure]
    economy: tuple[Economy, ...]

    @functools.cached_property
    def by_code(self) -> Mapping[str, Economy]:
        """The economies by the code of their state."""
        return {one.code: one for one in self.economy}


@functools.cache
def load_economies(path: Path = _FILE) -> Economies:
    """Read the data file. Raises CatalogueError where it breaks its schema."""
    try:
        return Economies.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise CatalogueError(
            f"the data of economies is wrong: {error}", where=str(path), mend="Mend the file"
        ) from error
