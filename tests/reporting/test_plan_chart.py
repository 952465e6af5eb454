"""The picture of a plan: the specification is valid, says what it shows, and is drawn for real."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from plans_made import cases, clashing, compiled, enough, problem
from pledgebook.errors import UsageError
from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.asking import Wishes, answer_of
from pledgebook.reporting.chart_files import chart_bytes, save_chart
from pledgebook.reporting.plan_chart import plan_chart


@cache
def answer(which: str) -> PlanAnswer:
    made = {"short": problem(cases=cases()), "enough": enough(), "clash": clashing()}[which]
    return answer_of(compiled(made), Wishes(changes=False))


def spec_of(which: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(chart_bytes(plan_chart(answer(which)), ".vl.json"))
    return found


@pytest.mark.parametrize("which", ["short", "enough"])
def test_the_specification_is_valid(which: str) -> None:
    path = resources.files("altair.vegalite.v6.schema") / "vega-lite-schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(spec_of(which))


def test_the_bars_are_what_is_met_and_short() -> None:
    made, spec = answer("short"), spec_of("short")
    need = made.problem.needs[0]
    panel = spec["vconcat"][0]
    bars = spec["datasets"][panel["layer"][0]["data"]["name"]]
    short = sum(row["high"] - row["low"] for row in bars if row["what"] == "short")
    met = sum(row["high"] - row["low"] for row in bars if row["what"] == "met")
    band = made.short(need)
    assert short == pytest.approx(band.total[0])
    assert met == pytest.approx(band.wanted - band.total[0])
    assert panel["title"] == "155mm for Ukraine, rounds: 57 % met"
    before = spec["datasets"][panel["layer"][1]["data"]["name"]]
    assert sum(row["high"] for row in before) == pytest.approx(
        band.wanted - made.short(need, before=True).total[0]
    )


def test_every_action_has_a_row() -> None:
    made, spec = answer("short"), spec_of("short")
    panel = spec["vconcat"][len(made.problem.needs)]
    cells = spec["datasets"][panel["data"]["name"]]
    assert {row["action"].strip() for row in cells} == {one.says for one in made.schedule()}
    assert max(row["share"] for row in cells) == 1
    assert len(spec_of("enough")["vconcat"]) == len(made.problem.needs) + 1


def test_there_is_no_picture_of_no_plan() -> None:
    with pytest.raises(UsageError, match="no plan was found"):
        plan_chart(answer("clash"))


def test_the_picture_is_drawn_for_real(tmp_path: Path) -> None:
    path = tmp_path / "plan.svg"
    save_chart(plan_chart(answer("short")), path)
    text = path.read_text(encoding="utf-8")
    assert "What to do" in text
    assert "155mm for Ukraine" in text
