"""The weights and words of reconciling, read from their data file."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pledgebook.errors import CatalogueError
from pledgebook.reading.text.wording import alternation

_FILE = Path(__file__).parent / "data" / "reconcile.toml"
_GROUPS = _FILE.with_name("groups.toml")


_NUMBER = r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Strict):
    """What a rule adds to the score of a pair, and how the reason is said.

    A weight that is `stated` was set by judgement, not fitted to coded statements.
    """

    weight: float
    stated: bool = False
    says: str = Field(min_length=1)


class Days(_Strict):
    """How far apart in days statements may be to be compared, by what they share."""

    actor: int = Field(ge=0)
    item: int = Field(ge=0)
    amount: int = Field(ge=0)


class Rules(_Strict):
    """All settings of reconciling; the data file says what each means."""

    threshold: float
    link: float
    link_in_the_thick: float
    most_compared: int = Field(ge=2)
    most_met: int = Field(ge=1)
    near_days: int = Field(ge=0)
    far_days: int = Field(gt=0)
    news_days: int = Field(ge=0)
    doubt: float
    most_parts: int = Field(ge=2)
    further_words: frozenset[str]
    continuing: tuple[str, ...] = Field(min_length=1)
    days: Days
    rules: Mapping[str, Rule]

    @functools.cached_property
    def continues(self) -> re.Pattern[str]:
        """Finds the phrases of `continuing` in a text."""
        numbered = [phrase.removeprefix("* ") for phrase in self.continuing if phrase[0] == "*"]
        plain = [phrase for phrase in self.continuing if phrase[0] != "*"]
        found = rf"{alternation(plain)}|{_NUMBER}\s+{alternation(numbered)}"
        return re.compile(rf"\b(?:{found})\b", re.IGNORECASE)

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


@functools.cache
def load_groups() -> Mapping[str, frozenset[str]]:
    """Return the codes of the members of groups of states, by the code of the group."""
    found = tomllib.loads(_GROUPS.read_text("utf-8"))
    return {code: frozenset(members) for code, members in found.items()}
