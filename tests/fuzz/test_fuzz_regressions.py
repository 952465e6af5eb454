"""What fuzzing found stays mended: every finding is replayed, and every harness holds its seeds.

It needs no atheris; `make fuzz-coverage` looks for more.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from harness import harness_named, names

REGRESSIONS = Path(__file__).resolve().parents[2] / "fuzz" / "regressions"
FOUND = sorted(path for path in REGRESSIONS.glob("*/*") if path.is_file())
_MUTANTS = 40


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_is_mended(path: Path) -> None:
    harness_named(path.parent.name).check(path.read_bytes())


def test_every_regression_is_of_a_harness() -> None:
    assert {path.parent.name for path in FOUND} <= set(names())


@pytest.mark.parametrize("name", names())
def test_a_harness_holds_its_seeds_and_some_inputs_near_them(name: str) -> None:
    harness = harness_named(name)
    seeds = list(dict.fromkeys(one[: harness.longest] for one in harness.seeds()))
    words = [word.encode("utf-8", "surrogatepass") for word in harness.words()]
    assert seeds
    assert words
    assert harness.goal >= 500_000
    chance = random.Random(name)
    for seed in seeds[:: max(1, len(seeds) // _MUTANTS)]:
        harness.check(seed)
        at = chance.randrange(len(seed) + 1)
        harness.check((seed[:at] + chance.choice(words) + seed[at:])[: harness.longest])
        changed = bytearray(seed)
        changed[chance.randrange(len(seed))] = chance.randrange(256)
        harness.check(bytes(changed))
