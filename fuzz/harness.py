"""What a harness is: a law for every input, with inputs and words to begin with.

One module of `harnesses` is one harness, called by the module's name. None of them needs atheris:
an input is plain bytes, so that a finding is replayed by the tests as it was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

__all__ = ["Harness", "harness_named", "names"]

_PLACE = Path(__file__).parent / "harnesses"


@dataclass(frozen=True, slots=True)
class Harness:
    """A part of Pledgebook under fuzzing.

    `law` says in a sentence what holds for every input; `check` raises where it does not. `seeds`
    are inputs to begin with and `words` pieces worth putting in, both from files of the repository.
    `longest` bounds an input in bytes, `goal` is how many executions a whole round of fuzzing has,
    and `rooms` are the packages whose branches are watched.
    """

    law: str
    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    words: Callable[[], Iterable[str]]
    rooms: tuple[str, ...]
    longest: int = 1024
    goal: int = 500_000


def names() -> list[str]:
    """Return the names of all harnesses."""
    return sorted(path.stem for path in _PLACE.glob("[a-z]*.py"))


def harness_named(name: str) -> Harness:
    """Return a harness. Raises KeyError where there is none of this name."""
    if name not in names():
        raise KeyError(name)
    found: Harness = import_module(f"harnesses.{name}").HARNESS
    return found
