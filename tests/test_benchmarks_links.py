"""The benchmarks of joining: the fit of the weights, the folds, the scores, the measured stream."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pledgebook.ledger.joining.bodies import add_bodies
from pledgebook.ledger.joining.join import scorer_of
from pledgebook.ledger.joining.scoring import VETO
from pledgebook.ledger.joining.table import CaseTable
from pledgebook.ledger.rules import load_rules
from pledgebook.vocabulary.catalogue import load_catalogue

if TYPE_CHECKING:
    from link_weights import Pairs

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def _scripts_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)


@pytest.fixture
def corpora() -> Path:
    from corpus import find_corpus

    found = find_corpus()
    if found is None:
        pytest.skip("the coded corpora and their scorer are not on this machine")
    return found


def toy(count: int, weights: list[float], intercept: float) -> Pairs:
    """Pairs of which each rule holds by chance, and whose answer follows the weights."""
    from link_weights import Pairs

    chance = np.random.default_rng(7)
    held = (chance.random((count, len(weights))) < 0.5).astype(float)
    odds = held @ np.array(weights) + intercept
    same = (chance.random(count) < 1 / (1 + np.exp(-odds))).astype(float)
    return Pairs(held, same, np.ones(count), (("a", "b"),) * count)


def test_the_fit_finds_the_weights_that_made_the_answers() -> None:
    from link_weights import fit

    true = [2.0, -3.0, 0.0, 1.0]
    prior, fixed = np.zeros(4), np.array([False, False, False, True])
    prior[3] = 1.0
    found, intercept = fit([toy(20_000, true, -0.5)], prior, fixed)
    assert found[:3] == pytest.approx(true[:3], abs=0.15)
    assert found[3] == 1.0
    assert intercept == pytest.approx(-0.5, abs=0.15)


def test_few_pairs_leave_the_prior_nearly_as_it_is() -> None:
    from link_weights import fit

    prior, free = np.array([1.5, -2.0]), np.array([False, False])
    few, _ = fit([toy(10, [-3.0, 3.0], 0.0)], prior, free)
    many, _ = fit([toy(20_000, [-3.0, 3.0], 0.0)], prior, free)
    assert few == pytest.approx(prior, abs=0.3)
    assert many[0] < 0 < many[1]


def test_a_fold_is_a_matter_of_the_story_alone() -> None:
    from link_weights import FOLDS, Pairs, fold_of, outside

    stories = [f"story-{n}" for n in range(200)]
    folds = [fold_of(story, 0) for story in stories]
    assert folds == [fold_of(story, 0) for story in stories]
    assert set(folds) == set(range(FOLDS))
    assert folds != [fold_of(story, 1) for story in stories]
    pairs = Pairs(
        np.ones((3, 1)), np.ones(3), np.array([1.0, 0.1, 1.0]),
        ((stories[0], stories[0]), (stories[0], stories[1]), (stories[1], stories[1])),
    )  # fmt: skip
    for fold in range(FOLDS):
        kept = [
            0.0 if fold in {folds[int(s.split("-")[1])] for s in both} else count
            for both, count in zip(pairs.stories, pairs.counts, strict=True)
        ]
        assert outside(pairs, 0, fold).counts.tolist() == kept


def test_the_rules_of_many_pairs_are_those_of_each() -> None:
    from link_weights import rules_held
    from repetition import stream

    catalogue, rules = load_catalogue(), load_rules()
    table = CaseTable(rules.continues)
    add_bodies(table, stream(150, catalogue), catalogue, rules)
    table.sort()
    one, other = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))
    held, fits = rules_held(table, rules, one, other)
    scorer = scorer_of(table, rules)
    names = sorted(rules.rules)
    assert 0 < fits.sum() < len(fits)
    assert (scorer.totals(one, other)[~fits] == VETO).all()
    for row in np.flatnonzero(fits)[:300].tolist():
        said = {name for name, here in zip(names, held[row], strict=True) if here}
        assert said == set(scorer.rules(int(one[row]), int(other[row])))


def test_only_weights_change_in_the_data_file() -> None:
    from link_weights import RULES, with_weights, written

    text = RULES.read_text("utf-8")
    rules = load_rules(RULES)
    changed = with_weights(rules, dict.fromkeys(rules.rules, 1.25), -0.75)
    new = written(text, changed)
    stated = {name for name, rule in rules.rules.items() if rule.stated}
    read = tomllib.loads(new)
    assert read["threshold"] == -0.75
    for name, rule in read["rules"].items():
        assert rule["weight"] == (rules.weight(name) if name in stated else 1.25)
    blank = re.compile(r"^(weight|threshold) = .*$", re.MULTILINE)
    assert blank.sub("", new) == blank.sub("", text)
    with pytest.raises(ValueError, match=r"the weight of .* is not where"):
        written(text.replace("weight =", "heft ="), changed)


def test_each_fitted_rule_has_a_prior_and_each_prior_a_rule() -> None:
    from link_weights import PRIORS, prior_of

    rules = load_rules()
    priors = tomllib.loads(PRIORS.read_text("utf-8"))["weights"]
    weights, fixed = prior_of(rules, priors)
    for name, weight, stays in zip(sorted(rules.rules), weights, fixed, strict=True):
        assert weight == (rules.weight(name) if stays else priors[name])
    with pytest.raises(ValueError, match="have no prior, or the other way: nonsense"):
        prior_of(rules, priors | {"nonsense": 1.0})


@pytest.mark.slow
def test_the_weights_in_force_are_the_fitted_ones(corpora: Path) -> None:
    from link_weights import Corpora

    present = load_rules()
    fitted = Corpora.read(corpora, present).fitted()
    assert fitted.threshold == pytest.approx(present.threshold, abs=0.021)
    for name, rule in fitted.rules.items():
        assert rule.weight == pytest.approx(present.weight(name), abs=0.021), name


def test_b_cubed_by_hand() -> None:
    from link_scores import Item, Sheet, shares, together

    items = (
        Item("s", "A", 1), Item("s", "A", 1), Item("t", "A", 2), Item("t", "B", 2),
        Item("t", "B", None), Item("t", None, 2),
    )  # fmt: skip
    precision, recall = shares(items)
    assert [round(one.share, 3) for one in precision] == [1.0, 1.0, 0.333, 0.333, 0.0]
    assert [round(one.share, 3) for one in recall] == [0.667, 0.667, 0.333, 0.5, 0.0]
    sheet = Sheet(
        items, {("x",): 10.0, ("y",): 4.0}, {("x",): 12.0, ("y",): 4.0}, {("x",): "s", ("y",): "t"}
    )
    whole, part = sheet.scores(), together([(sheet, {"s"})])
    assert (whole.exact, whole.error, whole.bias) == pytest.approx((0.5, 0.1, 0.1))
    assert (part.precision, part.exact, part.bias) == pytest.approx((1.0, 0.0, 0.2))
    assert together([(sheet, {"s"}), (sheet, {"t"})]) == whole
    assert whole.f1 == pytest.approx(2 * 0.5333 * 0.4333 / (0.5333 + 0.4333), abs=1e-3)


def test_the_scores_are_those_of_the_corpora_s_scorer(corpora: Path) -> None:
    import links
    from link_scores import load, sheet_of

    documents = load(corpora / "written-dev.jsonl")
    predicted = links.joined(documents, load_catalogue())
    ours = sheet_of(corpora / "score_links.py", documents, predicted).scores()
    report = links.score(corpora)
    row = re.search(r"predicted +precision ([\d.]+) +recall ([\d.]+) +F1 ([\d.]+)", report)
    cells = re.search(r"exact ([\d.]+) .*error ([\d.]+) +bias ([-+\d.]+)", report)
    assert row is not None
    assert cells is not None
    said = [float(one) for one in (*row.groups(), *cells.groups())]
    found = [ours.precision, ours.recall, ours.f1, ours.exact, ours.error, ours.bias]
    assert found == pytest.approx(said, abs=5.1e-4)


def test_what_is_read_as_coded_loses_nothing(corpora: Path) -> None:
    import links
    from link_scores import load, sheet_of

    documents = load(corpora / "written-dev.jsonl")
    scorer = corpora / "score_links.py"
    bound = sheet_of(scorer, documents, links.coded_keys(documents, documents, scorer)).scores()
    assert (bound.f1, bound.exact, bound.error) == (1.0, 1.0, 0.0)
    unread = [one | {"statements": []} for one in documents]
    nothing = sheet_of(scorer, documents, unread).scores()
    assert (nothing.f1, nothing.exact) == (0.0, 0.0)


def test_the_stream_is_one_stream_and_comes_back_from_its_file(tmp_path: Path) -> None:
    from reconciling import rows, write_rows
    from repetition import stream

    catalogue = load_catalogue()
    made = list(stream(12_000, catalogue))
    assert made == list(stream(12_000, catalogue))
    assert made[:500] == list(stream(500, catalogue))
    assert len({body.id for body in made}) == len(made)
    write_rows(tmp_path / "rows", 12_000, catalogue)
    assert list(rows(tmp_path / "rows")) == made


def test_a_book_that_grew_is_held_against_one_joined_anew(tmp_path: Path) -> None:
    from reconciling import add_some, join_all, write_rows

    write_rows(tmp_path / "rows", 1_500, load_catalogue())
    whole = join_all(tmp_path / "rows")
    grown = add_some(tmp_path / "rows", 5, compared=True)
    assert whole["statements"] == grown["statements"] == 1_500
    assert 100 < whole["undertakings"] < 1_500
    assert (grown["differ"], len(grown["laps"])) == (0, 5)


def test_too_much_of_anything_is_a_fault() -> None:
    from reconciling import MILLION, Run, faults_of, median_of, percentile

    fine = Run(59.0, 59.0, 3.9e9, {"laps": [(0.9, 0.9)], "differ": 0})
    assert faults_of({f"join {MILLION}": fine, f"add {MILLION}": fine}) == []
    slow = Run(61.0, 61.0, 4.1e9, {"laps": [(1.5, 1.0)], "differ": 2})
    assert faults_of({f"join {MILLION}": slow}) == [
        "a million statements took 61 s, not 60",
        "a million statements took 4.1 GB, not 4",
        "2 statements differ from a book joined anew",
    ]
    assert faults_of({"join 1000": slow, "add 1000": slow})[:1] == [
        "2 statements differ from a book joined anew"
    ]
    assert median_of([fine, slow, fine]) == fine
    assert percentile([float(n) for n in range(100)]) == 95.0


def test_splink_is_given_what_a_statement_says() -> None:
    from splink_peer import rows_of

    said = {
        "kind": "pledge",
        "actors": ["NOR", "DNK"],
        "recipient": "UKR",
        "item": {"category": "tank", "designation": "Leopard 2A4"},
        "quantity": {"low": None, "high": 14.0, "unit": "item"},
        "money": None,
    }
    day = dt.date(2023, 2, 14)
    bare = {"kind": "delivery", "actors": [], "item": {"category": "tank", "designation": None}}
    found = rows_of([("a", "p", "d", day, said), ("b", "p", "e", day, bare)], load_catalogue())
    assert set(map(len, found.values())) == {2}
    first, second = (
        dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)
    )
    assert (first["actors_key"], first["quantity"], first["month"]) == ("DNK+NOR", 14.0, "2023-02")
    assert first["designation"] == "leopard 2a4"
    assert len(first["lineage"]) > 1
    missing = ("actors", "actors_key", "recipient", "designation", "lineage", "quantity", "money")
    assert all(second[name] is None for name in missing)
    assert (second["scope"], second["category"]) == ("new", "tank")


def test_splink_finds_what_is_plainly_the_same() -> None:
    pytest.importorskip("splink", reason="only the environment of the benchmarks has Splink")
    from splink_peer import SMALL, Model, table_of

    statements = [
        (
            f"{giver}-{amount}-{copy}", "p", f"d{copy}", dt.date(2023, 1, 1 + copy),
            {
                "kind": "pledge", "actors": [giver], "recipient": "UKR",
                "item": {"category": "tank", "designation": name},
                "quantity": {"low": amount, "high": amount, "unit": "item"},
            },
        )
        for giver, (name, amount), copy in itertools.product(
            ("NOR", "DNK", "DEU", "POL", "GBR"),
            (("Leopard 2", 8.0), ("Challenger 2", 14.0), ("T-72", 60.0)),
            range(4),
        )
    ]  # fmt: skip
    labels = [name[:-2] for name, *_ in statements]
    model = Model(table_of(statements, load_catalogue(), labels), SMALL)
    clusters = model.clusters(0.5)
    assert len(set(clusters.values())) == 15
    assert all(clusters[name] == clusters[f"{name[:-1]}0"] for name in clusters)
