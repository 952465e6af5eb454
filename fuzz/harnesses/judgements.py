"""Files of judgements: lines of JSON that another person's book wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator

from a_book import judgement_seeds
from altering import altered
from harness import Harness
from material import pieces

from pledgebook.errors import PledgebookError, Problem
from pledgebook.exchange.judgements import read_judgement_lines


def check(data: bytes) -> None:
    """Check one input: the lines of a file, or a sound line that is altered."""
    (mode,), rest = pieces(data, 1)
    if mode & 1:
        sound = judgement_seeds()[(mode >> 1) % len(judgement_seeds())]
        rest = json.dumps(altered(json.loads(sound), rest)).encode()
    for found in read_judgement_lines(rest.splitlines(keepends=True), "judgements.jsonl"):
        if isinstance(found, Problem):
            continue
        _, line = found
        try:
            judgement = line.judgement()
        except PledgebookError:
            continue
        assert isinstance(judgement.proper_id, str)
        assert all(one.start < one.end for one in judgement.subjects)


def _seeds() -> Iterator[bytes]:
    for number, line in enumerate(judgement_seeds()):
        yield b"\0" + line.encode("utf-8", "replace")
        yield bytes([1 | number << 1]) + b'\3\0\5"same"'


def _words() -> Iterator[str]:
    yield from ('"kind":', '"same"', '"different"', '"wrong"', '"added"', '"coded"', '"corrected"')
    yield from (
        '"changes":{',
        '"quantity":',
        '"money":',
        '"when":',
        '"group":',
        '"subjects":[',
        "1e999",
    )
    yield from ("null", '"revokes":', '"made_at":"0001-01-01T00:00:00+14:00"', "\\ud800", "\ufeff")


HARNESS = Harness(
    law="a line is a problem, or a judgement whose id can be made anew",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=("pledgebook.exchange", "pledgebook.ledger", "pledgebook.vocabulary"),
    longest=1536,
)
