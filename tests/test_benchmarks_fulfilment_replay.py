"""The replay of stories: what was open, what came, the chances of a report, the scores."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.forecasting.fulfilment import FulfilmentModel, Spell, arrival, fit
from pledgebook.forecasting.fulfilment.priors import COMMON
from pledgebook.forecasting.fulfilment.simulate import Truth, simulate
from pledgebook.forecasting.fulfilment.trials import truth_of

if TYPE_CHECKING:
    from replayed_stories import Story

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
START = dt.date(2024, 1, 10)


@pytest.fixture(autouse=True)
def _scripts_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)


def said(
    quote: str, kind: str, quantity: int | None, key: str | None, **fields: object
) -> dict[str, Any]:
    """Return a coded statement as the corpora have it."""
    amount = None
    if quantity is not None:
        amount = {"low": quantity, "high": quantity, "unit": "item", "per": None, "approx": False}
    return {
        "kind": kind, "status": "firm", "scope": "new", "actors": ["NOR"], "recipient": "UKR",
        "item": {"category": "tank", "designation": "Leopard 2"}, "quantity": amount,
        "money": None, "when": None, "supplier": None, "speaker": None, "commitment": key,
        "evidence": quote, **fields,
    }  # fmt: skip


def document(name: str, day: int, *statements: Mapping[str, Any]) -> dict[str, Any]:
    """Return a coded document of some day after the start."""
    return {
        "id": name,
        "date": (START + dt.timedelta(days=day)).isoformat(),
        "text": " ".join(one["evidence"] + "." for one in statements),
        "statements": list(statements),
    }


def tanks(name: str = "n-tanks", key: str = "nor-tanks") -> list[dict[str, Any]]:
    """Eight tanks are promised, two come by day 40, the other six by day 100."""
    return [
        document(f"{name}.1", 0, said("Norway will give eight tanks", "pledge", 8, key),
                 said("Oslo will also give some trucks", "pledge", None, f"{key}-trucks",
                      item={"category": "vehicle", "designation": None}),
                 said("Sweden will give ten tanks", "pledge", 10, None, actors=["SWE"])),
        document(f"{name}.2", 40, said("Two tanks have arrived", "delivery", 2, key)),
        document(f"{name}.3", 100, said("Six more tanks came in April", "delivery", 6, key)),
    ]  # fmt: skip


def story(documents: Sequence[Mapping[str, Any]], part: str = "a") -> Story:
    from replayed_stories import stories_of

    (found,) = stories_of(documents, part)
    return found


def test_what_was_open_and_what_came_is_told_by_day_and_window() -> None:
    from replayed_cases import END, cases_of, replayed

    cases = {(one.key, one.day): one for one in cases_of(replayed(story(tanks())))}
    first, second = START, START + dt.timedelta(days=40)
    assert set(cases) == {
        ("nor-tanks", first), ("nor-tanks-trucks", first),
        ("nor-tanks", second), ("nor-tanks-trucks", second),
    }  # fmt: skip
    # The story ends on day 100: nothing can be said of 180 days, nor of 90 from day 40 on.
    assert cases["nor-tanks", first].came == {
        ("some", 30): False, ("some", 90): True, ("some", END): True,
        ("all", 30): False, ("all", 90): False, ("all", END): True,
    }  # fmt: skip
    assert cases["nor-tanks", second].came == {
        ("some", 30): False, ("some", END): True, ("all", 30): False, ("all", END): True,
    }  # fmt: skip
    # How many trucks is not known: no report could tell that they are all.
    assert cases["nor-tanks-trucks", first].came == {
        ("some", 30): False, ("some", 90): False, ("some", END): False,
    }  # fmt: skip
    assert cases["nor-tanks", second].begun
    assert not cases["nor-tanks", first].begun
    assert cases["nor-tanks", second].again == {END}
    assert cases["nor-tanks-trucks", second].again == set()


def test_a_running_total_that_may_hold_a_promise_is_seen() -> None:
    from replayed_cases import cases_of, replayed

    documents = tanks()
    documents[2]["statements"].append(
        said("Norway has given ten trucks in all", "delivery", 10, None, scope="total",
             item={"category": "vehicle", "designation": None})
    )  # fmt: skip
    documents[2]["text"] += " Norway has given ten trucks in all."
    cases = list(cases_of(replayed(story(documents))))
    assert {case.key for case in cases if case.summed} == {"nor-tanks-trucks"}
    assert not any(case.summed for case in cases_of(replayed(story(tanks()))))


def test_a_day_of_a_story_does_not_know_its_later_days() -> None:
    from replayed_stories import known

    documents = tanks()
    whole, cut = story(documents), story(documents[:2])
    for joining in ("coded", "own"):
        day = START + dt.timedelta(days=40)
        one, other = known(whole, day, joining), known(cut, day, joining)
        assert one.spells == other.spells
        assert one.commitments == other.commitments


def test_stories_are_those_of_a_name_and_pages_those_of_a_key() -> None:
    from replayed_stories import kin_of, stories_of

    documents = [*tanks("n-one", "same"), *tanks("n-two", "same"), *tanks("n-three", "other")]
    found = stories_of(documents, "a")
    assert [one.name for one in found] == ["n-one", "n-three", "n-two"]
    assert kin_of(found) == {
        "n-one": frozenset({"n-two"}), "n-two": frozenset({"n-one"}), "n-three": frozenset(),
    }  # fmt: skip
    pages = stories_of(documents, "pages", by_key=True)
    assert [one.name for one in pages] == ["n-one + n-two", "n-three"]
    undated = documents[0] | {"id": "n-four.1", "date": None}
    assert stories_of([undated], "a") == []


def test_kin_named_in_the_data_file_are_kin() -> None:
    from replayed_stories import kin_of, stories_of

    here = stories_of(tanks("a-us-155mm", "one"), "a")
    there = stories_of(tanks("b-us-155mm", "two"), "b")
    assert kin_of([*here, *there])["a-us-155mm"] == {"b-us-155mm"}


def test_every_category_has_a_family() -> None:
    from replayed_stories import family_of

    from pledgebook.vocabulary.statement import Category

    assert {family_of(one) for one in Category} == {
        "arms", "munitions", "packages and money", "other goods and services",
    }  # fmt: skip


# The chances of a report


@pytest.fixture(scope="module")
def fitted() -> FulfilmentModel:
    """A model that has learned from promises of twelve donors in eight categories."""
    history = simulate(Truth(marked=0.0), 7, commitments=120)
    return fit(history.spells, history.as_of)


def knowing(truth: Truth, as_of: dt.date) -> FulfilmentModel:
    """Return a model that knows the truth for sure, in a world whose groups do not differ."""
    empty = fit([], as_of)
    values = truth_of(truth)
    sure = dataclasses.replace(
        empty.fitted,
        vector=np.array([values.get(name, 0.0) for name in COMMON]),
        covariance=np.eye(len(COMMON)) * 1e-12,
        spreads=dict.fromkeys(empty.fitted.spreads, 1e-6),
    )
    return dataclasses.replace(empty, fitted=sure)


def test_as_many_reports_come_as_the_chances_say() -> None:
    from replayed_chances import report_chances

    truth = Truth(marked=0.0, trend=0.0, donor_spread=0.0, category_spread=0.0, told_spread=0.0)
    ahead, last = (30, 90, 180, 360), 900
    rows = []
    for seed in (1, 2, 3):
        history = simulate(truth, seed, commitments=500, days=last)
        model = knowing(truth, history.as_of)
        days = [history.as_of + dt.timedelta(days=each) for each in ahead]
        own: dict[str, list[Spell]] = {}
        for spell in history.spells:
            own.setdefault(spell.commitment, []).append(spell)
        for name, spells in own.items():
            chances = report_chances(model, spells, history.as_of, days, draws=1)
            if chances is not None:
                left = [lot.told - last for lot in history.lots[name] if not lot.told < last]
                some = [any(told < each for told in left) for each in ahead]
                every = [all(told < each for told in left) for each in ahead]
                rows.append([[chances[0], some], [chances[1], every]])
    chance, came = np.moveaxis(np.array(rows, dtype=float), 2, 0)
    assert len(rows) > 900
    assert (came.sum(axis=0) > 10).all()
    error = np.sqrt((chance * (1.0 - chance)).sum(axis=0))
    assert (np.abs(came.sum(axis=0) - chance.sum(axis=0)) < 3.0 * error).all()
    misses, constant = (chance - came) ** 2, (came.mean(axis=0) - came) ** 2
    assert (misses.sum(axis=0) < constant.sum(axis=0)).all()


@settings(max_examples=25, deadline=None)
@given(
    promised=st.integers(0, 600),
    parts=st.lists(st.tuples(st.integers(1, 300), st.floats(0.05, 0.3)), max_size=3),
    due=st.none() | st.integers(1, 900),
)
def test_a_report_needs_an_arrival_and_all_need_one(
    promised: int, parts: list[tuple[int, float]], due: int | None, fitted: FulfilmentModel
) -> None:
    from replayed_chances import REFERENCE, moved_all, report_chances

    as_of = fitted.as_of
    start = as_of - dt.timedelta(days=promised)
    named = [
        (start + dt.timedelta(days=lag), share)
        for lag, share in parts
        if start + dt.timedelta(days=lag) <= as_of
    ]

    def spell(share: float, reported: dt.date | None) -> Spell:
        return Spell(
            "c1", ("D01",), "item-1", (start, start), share=share, reported=reported,
            due=None if due is None else start + dt.timedelta(days=due),
        )  # fmt: skip

    spells = [spell(share, day) for day, share in named]
    spells.append(spell(1.0 - sum(share for _, share in named), None))
    days = [as_of + dt.timedelta(days=each) for each in (0, 10, 100, 1000)]
    chances = report_chances(fitted, spells, as_of, days)
    arrives = arrival(fitted, spells, as_of, [as_of, *(day + dt.timedelta(days=1) for day in days)])
    assert chances is not None
    assert arrives is not None
    some, whole = chances
    assert some[0] == pytest.approx(0.0, abs=1e-9)
    assert (np.diff(some) >= -1e-9).all()
    assert (np.diff(whole) >= -1e-9).all()
    assert (whole <= some + 1e-9).all()
    assert (some <= arrives.first_by + 1e-3).all()
    # Only the times between days count, as long as the day of knowledge moves along.
    moved = moved_all(spells, as_of)
    shift = REFERENCE - as_of
    prior = fit([], as_of), fit([], REFERENCE)
    before = report_chances(prior[0], spells, as_of, days)
    after = report_chances(prior[1], moved, REFERENCE, [day + shift for day in days])
    assert before is not None
    assert after is not None
    assert np.allclose(before, after, atol=1e-9)


def test_of_what_is_complete_no_report_is_to_come() -> None:
    from replayed_chances import report_chances

    done = Spell("c1", ("NOR",), "tank", (START, START), share=1.0, reported=START)
    assert report_chances(fit([], START), [done], START, [START]) is None


def test_age_alone_is_kaplan_meier_with_late_entry() -> None:
    from replayed_chances import Lives, Survival

    lives = Lives.none()
    for entry, end, told in ((0, 10, True), (0, 20, False), (5, 30, True), (15, 40, False)):
        lives.add(entry, end, told=told)
    lives.add(50, 50, told=True)
    assert len(lives.end) == 4
    age = Survival(lives)
    # At 10 one of three at risk is told of, at 30 one of two.
    assert age.chance(0, 10) == pytest.approx(1 / 3)
    assert age.chance(10, 20) == pytest.approx(1 / 2)
    assert age.chance(0, 30) == pytest.approx(2 / 3)
    assert age.chance(30, 1000) == pytest.approx(0.0)
    assert Survival(Lives.none()).chance(0, 10) is None


# The scores


def test_scores_are_those_of_their_definitions() -> None:
    from replayed_scores import rank, reliability, scored

    chances = np.array([0.9, 0.4, 0.1, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.1])
    came = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0])
    stories = ["a", "a", "b", "b", "c", "c", "d", "d", "e", "e"]
    half = np.full(10, 0.5)
    score = scored(chances, came, stories, {"half": half, "itself": chances})
    assert score.brier == pytest.approx(((chances - came) ** 2).mean())
    assert score.log == pytest.approx(
        -np.log([0.9, 0.6, 0.9, 0.1, 0.8, 0.8, 0.7, 0.7, 0.6, 0.9]).mean()
    )
    assert (score.cases, score.stories, score.told) == (10, 5, 5)
    assert score.over["half"] is not None
    middle, low, high = score.over["half"]
    assert middle == pytest.approx(1 - score.brier / 0.25)
    assert low < middle < high
    assert score.over["itself"] == (0.0, 0.0, 0.0)
    # Of 25 pairs 20 lie right, 3 wrong and 2 are equal.
    assert rank(chances, came) == pytest.approx(21 / 25)
    assert rank(chances, np.ones(10)) is None
    bins = reliability(chances, came, stories)
    assert [one.cases for one in bins] == [3, 2, 1, 2, 2]
    assert [one.came for one in bins] == pytest.approx([1 / 3, 0.0, 0.0, 1.0, 1.0])
    assert bins[0].stories == 2


def test_too_few_stories_bear_no_skill() -> None:
    from replayed_scores import scored

    came = np.array([1.0, 0.0, 1.0, 0.0])
    score = scored(came * 0.5, came, ["a", "a", "b", "b"], {"half": np.full(4, 0.5)})
    assert score.over["half"] is None
    assert score.rank is None


# All of it


def test_made_stories_are_replayed_without_a_look_ahead() -> None:
    from fulfilment_replay import Replay
    from replayed_cases import END
    from replayed_report import FORECASTERS, as_json, counted, markdown, plain, tables, worst

    def stories(*, cut: bool) -> list[Story]:
        names = [f"n-{at}" for at in range(6)]
        whole = [story(tanks(name, name), "a" if at % 2 else "b") for at, name in enumerate(names)]
        return [story(tanks(names[0], names[0])[: 2 if cut else 3], "b"), *whole[1:]]

    full = list(Replay(stories(cut=False)).forecasts())
    short = list(Replay(stories(cut=True)).forecasts())
    assert len(full) == 24
    for one in full:
        assert set(one.chances) == set(FORECASTERS)
        for chances in one.chances.values():
            assert all(0.0 <= chances[aim] <= 1.0 for aim in one.case.came)
    (first,) = (one for one in full if (one.case.key, one.case.day) == ("n-0", START))
    (same,) = (one for one in short if (one.case.key, one.case.day) == ("n-0", START))
    # What the story itself told later moves none of its own forecasts.
    for who in FORECASTERS:
        assert first.chances[who]["some", 30] == pytest.approx(same.chances[who]["some", 30])
    # In all other stories the tanks were told to come, and the trucks were not: that is learned.
    (trucks,) = (one for one in full if (one.case.key, one.case.day) == ("n-0-trucks", START))
    for who in ("other parts", "other stories"):
        assert first.chances[who]["some", END] > 1.2 * trucks.chances[who]["some", END]
    assert first.chances["constant"] == pytest.approx(
        {
            ("some", 30): 0.0, ("some", 90): 0.5, ("some", END): 0.5,
            ("all", 30): 0.0, ("all", 90): 0.0, ("all", END): 1.0,
        }
    )  # fmt: skip
    found = list(tables(full))
    assert found[0].rows[0][1:5] == ("24", "6", "6", "0.500")
    for table in found:
        assert plain(table).count("\n") == len(table.rows) + 1
        assert markdown(table).count("\n") == len(table.rows) + 3
    assert "24 open commitments on days of 6 stories, of 12 different ones; of 6" in counted(full)
    assert len(list(worst(full, 3))) == 3
    assert len(as_json(full)["forecasts"]) == 24


def test_the_own_joining_is_held_against_the_coded_keys() -> None:
    from replayed_cases import END, cases_of, replayed

    one = story(tanks())
    cases = list(cases_of(replayed(one, "own"), replayed(one)))
    told = {(case.key, case.day): case.came["some", END] for case in cases}
    assert told["nor-tanks", START]
    assert not told["nor-tanks-trucks", START]
    # What bears no key cannot be held against anything.
    assert {case.key for case in cases} == {"nor-tanks", "nor-tanks-trucks"}
