"""The benchmarks report what they should: scores and floors, news, the gate, hostile texts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def _scripts_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)


def statement(**changed: object) -> dict[str, Any]:
    return {
        "kind": "pledge",
        "actors": ["NOR"],
        "item": {"category": "tank", "designation": "Leopard 2"},
        "evidence": "Norway will send eight tanks",
        **changed,
    }


def scorer(folder: Path, gold: list[dict[str, Any]], predicted: list[dict[str, Any]]) -> str:
    """What the scorer of the corpora prints for two sets of documents."""
    from corpus import find_corpus

    corpora = find_corpus()
    if corpora is None:
        pytest.skip("the coded corpora and their scorer are not on this machine")
    for name, documents in (("gold", gold), ("predicted", predicted)):
        lines = "".join(json.dumps(document) + "\n" for document in documents)
        (folder / name).write_text(lines, encoding="utf-8")
    command = [sys.executable, str(corpora / "score.py"), "gold", "predicted"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_scorers_report_is_read_right(tmp_path: Path) -> None:
    from score import Score

    text = "Norway will send eight tanks. It rained."
    gold: list[dict[str, Any]] = [
        {"id": "a", "text": text, "statements": [statement(), statement(kind="refusal")]},
        {"id": "b", "text": text, "statements": []},
    ]
    predicted = [
        {"id": "a", "statements": [statement(item={"category": "tank", "designation": None})]},
        {"id": "b", "statements": [statement(evidence="not in the text")]},
    ]
    score = Score.parse(scorer(tmp_path, gold, predicted))
    assert score == Score(
        core=0.5, full=0.0, found=0.5, words=1.0, on_empty=1, coded=2, predicted=2
    )


def test_a_report_of_another_shape_is_refused() -> None:
    from score import Score

    with pytest.raises(ValueError, match="holds nothing like"):
        Score.parse("all is well")


def test_a_report_without_pairs_is_read(tmp_path: Path) -> None:
    from score import Score

    gold = [{"id": "a", "text": "Norway", "statements": [statement()]}]
    score = Score.parse(scorer(tmp_path, gold, [{"id": "a", "statements": []}]))
    assert (score.core, score.found, score.words, score.predicted) == (0.0, 1.0, 0.0, 0)


def test_shut_parts_stay_shut() -> None:
    from score import OPEN_PARTS, by_part

    documents = [{"id": f"t{n}-story.{n}"} for n in range(1, 7)]
    split = by_part(documents, OPEN_PARTS)
    assert {part: [d["id"] for d in found] for part, found in split.items()} == {
        f"t{n}": [f"t{n}-story.{n}"] for n in range(1, 5)
    }
    with pytest.raises(ValueError, match=r"t2-t5\.1 is not plain"):
        by_part([{"id": "t2-t5.1"}], OPEN_PARTS)
    with pytest.raises(ValueError, match=r"story\.1 is not plain"):
        by_part([{"id": "story.1"}], OPEN_PARTS)


def test_floors_are_enforced() -> None:
    from argparse import Namespace

    from score import Score, below

    score = Score(core=0.6, full=0.39, found=0.99, words=0.8, on_empty=4, coded=10, predicted=10)
    floors = Namespace(floor_core=0.6, floor_full=0.4, floor_words=None, most_on_empty=3)
    assert below(score, floors) == [
        "evidence found in its document: 99.000%, not all",
        "full F1 0.390 is below 0.4",
        "4 statements on empty documents, not 3",
    ]


def test_without_corpora_there_is_nothing_to_score(tmp_path: Path) -> None:
    """A copy of the script stands where no corpora lie beside the project."""
    copy = tmp_path / "project" / "benchmarks" / "score.py"
    copy.parent.mkdir(parents=True)
    for name in ("score.py", "corpus.py"):
        (copy.parent / name).write_bytes((BENCHMARKS / name).read_bytes())
    done = subprocess.run(
        [sys.executable, copy, "--floor-core", "0.6"], env={}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing to score" in done.stdout


def test_varied_documents_all_differ() -> None:
    from sample_texts import Text, varied

    original = Text("a", None, "Norway will send 8 tanks in 2023, and 1,500 shells.")
    made = [one.text for one in varied([original], 50)]
    assert len(set(made)) == 50
    assert all("in 2023, and 1,500 shells" in text for text in made)
    assert len({text.split()[3] for text in made}) > 10


def test_the_news_are_the_same_for_the_same_seed_and_varied() -> None:
    from news import LONGEST, SHORTEST, stories

    made = list(stories(200, seed=5))
    assert made == list(stories(200, seed=5))
    assert made != list(stories(200, seed=6))
    assert len({story.text for story in made}) == 200
    assert len({story.topic for story in made}) >= 10
    assert 0 < sum(story.near for story in made) < 100
    words = [len(story.text.split()) for story in made]
    assert min(words) >= SHORTEST
    assert max(words) < LONGEST + 120
    assert not any("{" in story.text for story in made)


def test_one_text_of_the_mix_in_twenty_holds_statements() -> None:
    from sample_texts import Text
    from speed import ONE_IN, mixed

    originals = [Text(f"a.{n}", None, f"Norway will send {n} tanks.") for n in range(45)]
    mix = mixed(originals)
    chosen = [one for one in mix if one in originals]
    assert len(mix) == ONE_IN * len(chosen) > 0
    assert len({one.id for one in mix}) == len(mix)


def test_a_coder_that_is_not_there_is_named() -> None:
    from speed import coder_reader

    assert coder_reader("nobody") == "there is no such coder in this version"


def test_what_the_gate_keeps_out_is_counted() -> None:
    from gate import loss_of

    from pledgebook.reading.text.gate import gate
    from pledgebook.vocabulary.catalogue import load_catalogue

    choir = "The choir sang in the old church and the baker gave out warm bread. " * 10
    documents: list[dict[str, Any]] = [
        {"id": "a", "text": choir, "statements": [statement(), statement()]},
        {"id": "b", "text": "Norway will send eight tanks", "statements": [statement()]},
        {"id": "c", "text": choir, "statements": []},
    ]
    loss = loss_of(documents, gate(load_catalogue()))
    assert (loss.documents, loss.statements, loss.lost) == (3, 3, 2)
    assert loss.dropped == (("a", 2),)
    assert (loss.empty, loss.empty_dropped) == (1, 1)


def test_hostile_texts_are_as_long_as_asked() -> None:
    from hostile import TEXTS

    for name, made in TEXTS.items():
        assert 3_000 <= len(made(6_000)) <= 6_200, name
