"""A scenario file is read whole or not at all: every fault is told, with its line and its mend."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_keys import with_tables
from syrupy.assertion import SnapshotAssertion

from pledgebook.errors import Problem, UsageError
from pledgebook.planning.compiling.compile import compile_scenario
from pledgebook.planning.scenario.faults import ScenarioError
from pledgebook.planning.scenario.loading import load_scenario, read_scenario, scenario_schema
from pledgebook.vocabulary.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = sorted(path for path in (ROOT / "examples").glob("*.toml") if path.stem != "feeds")

GOOD = """
[horizon]
from = "2023-03"
to = "2024-02"

[[item]]
name = "155mm"
price = 3000

[[need]]
recipient = "Ukraine"
item = "155mm"
amount = 1000

[[stock]]
recipient = "Ukraine"
item = "155mm"
opening = 500

[[donor]]
name = "Germany"
budget = 1e9
[[donor.shelf]]
item = "155mm"
held = 5000
reserve = 1000

[[line]]
name = "works"
item = "155mm"
capacity = 800
lead = 3
"""


def faults(text: str) -> tuple[Problem, ...]:
    """What is wrong with a scenario; empty where it can be planned."""
    try:
        compile_scenario(read_scenario(text, "plan.toml"), load_catalogue())
    except ScenarioError as error:
        return error.problems
    return ()


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def only(text: str, part: str) -> Problem:
    """The one fault of a text, which must stand on the line of a part of it."""
    found = faults(text)
    assert len(found) == 1, [str(one) for one in found]
    assert found[0].source == "plan.toml"
    assert (found[0].place or "").startswith(f"line {line_of(text, part)}, "), found[0]
    assert found[0].mend
    return found[0]


def test_a_sound_scenario_has_no_faults() -> None:
    assert faults(GOOD) == ()


LEAD = "lead = 3"
AMOUNT = "amount = 1000"
BUDGET = "budget = 1e9"
NEED = 'recipient = "Ukraine"\nitem = "155mm"\namount'
BREAK = "price_break = [{beyond = 5, rebate = 0.2}, {beyond = %d, rebate = %s}]"
EXPAND = "[[line.expansion]]\nadded = 1\ncost = 1\ndelay = 1\n"
PIECE = '{ from = "2023-05", to = "2023-04", value = 1 }'


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        (LEAD, f"leed = 3\n{LEAD}", "unknown-key", "lead"),
        ("[[stock]]", "[[stick]]\n[[stock]]", "unknown-key", "stock"),
        ('to = "2024-02"', 'to = "2024-02"\nstep = "week"', "literal-error", "month"),
        ('to = "2024-02"', 'to = "2024-13"', "month", "2023-03"),
        (NEED, NEED.replace("155mm", "155mn"), "unknown-item", "155mm"),
        (NEED, NEED.replace("Ukraine", "Ukrain"), "unknown-party", "Ukraine"),
        ("price = 3000", 'price = 3000\nunit = "rouns"', "unknown-unit", "round"),
        ("price = 3000", 'price = 3000\nunit = "tonne"', "unit", "round"),
        ("price = 3000", "", "no-price", "[[item]]"),
        ("capacity = 800", "capacity = -800", "negative", "0 or more"),
        ("reserve = 1000", "reserve = 6000", "reserve", "Lower it"),
        ("opening = 500", "opening = 500\narriving = -1", "negative", "0 or more"),
        (AMOUNT, 'amount = [{ from = "2022-12", value = 1 }]', "before-horizon", "`from`"),
        (AMOUNT, f"amount = [{PIECE}]", "order", "earlier"),
        (AMOUNT, 'amount = [{value = 1}, {to = "2023-05", value = 2}]', "overlap", "one piece"),
        (AMOUNT, 'amount = [{valu = 1}]', "unknown-key", "from, to, value"),
        (AMOUNT, 'amount = [{from = "2023-04"}]', "missing", "from, to, value"),
        (AMOUNT, "amount = [1, 2, 3]", "length", "12 steps"),
        (AMOUNT, "amount = []", "list", "one a step"),
        (AMOUNT, 'amount = "lots"', "number", "book"),
        (AMOUNT, 'amount = "book"', "no-book", "--db"),
        (AMOUNT, "amount = inf", "number", "too large"),
        (AMOUNT, "amount = true", "number", "True"),
        (AMOUNT, f"{AMOUNT}\nshort = [{{share = 0.7, cost = 2}}, {{share = 0.7, cost = 1}}]",
         "shares", "1.4"),
        (AMOUNT, f"{AMOUNT}\nshort = [{{share = 0.7}}]", "short", "cost"),
        (AMOUNT, f"{AMOUNT}\nspread = [2.0, 1.0]", "order", "low"),
        (LEAD, "lead = 3.5", "duration", "whole months"),
        (LEAD, 'lead = "soon"', "duration", "1 year"),
        (LEAD, f'{LEAD}\nbuyers = ["France"]', "unknown-donor", "[[donor]]"),
        (LEAD, f'{LEAD}\nbuyers = ["Frence"]', "unknown-party", "France"),
        (LEAD, f"{LEAD}\nleast = 900", "least", "capacity"),
        (LEAD, f"{LEAD}\nadvance = 1.5", "less-than-equal", "share"),
        (LEAD, f"{LEAD}\n[[line.customer]]\namount = 801", "customers", "capacity"),
        (LEAD, f'{LEAD}\nprice = [{{ from = "2023-04", value = 3 }}]', "gap", "2023-03"),
        (LEAD, f"{LEAD}\n{BREAK % (5, 0.3)}", "breaks", "lowest"),
        (LEAD, f"{LEAD}\n{BREAK % (9, 0.1)}", "breaks", "rise"),
        (LEAD, f'{LEAD}\n{EXPAND}from = "2022-01"', "outside", "within"),
        (BUDGET, "budget = { 2023 = 1 }", "missing", "unknown, not zero"),
        (BUDGET, "budget = [1, 2, 3]", "length", "2023, 2024"),
        (BUDGET, f"{BUDGET}\nshare = [0.5, 0.2]", "order", "least, most"),
        (BUDGET, f"{BUDGET}\nshare = [0.5, 1.2]", "less-than-equal", "burden"),
        ("[horizon]", "memory = 0.001\n[horizon]", "too-large", "fewer cases"),
        ("[horizon]", 'currency = "euros"\n[horizon]', "string-pattern-mismatch", "three letters"),
        ("[horizon]", "[transport]\ncapacity = 5\n[horizon]", "no-weight", "[[item]]"),
    ],
)  # fmt: skip
def test_each_fault_has_its_line_and_its_mend(old: str, new: str, code: str, words: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    found = faults(text)
    assert [one.code for one in found] == [code], [str(one) for one in found]
    fault = found[0]
    assert words.casefold() in str(fault).casefold()
    assert fault.mend
    # It stands where the two texts first differ, or in the table that lacks something.
    line = int((fault.place or "").split(",")[0].removeprefix("line "))
    changed = line_of(GOOD, old) - 2 * (code == "no-price")
    assert changed <= line <= changed + new.count("\n")


def test_contracts_are_held_to_their_lines_and_breaks() -> None:
    base = GOOD + '[[contract]]\nline = "works"\n'
    assert "price" in only(base, "[[contract]]").what
    breaks = "price_break = [{take = 5, price = 9}, {take = 5, price = 8}]\n"
    assert only(base + breaks, breaks).code == "breaks"
    breaks = "price_break = [{take = 5, price = 9}, {take = 6, price = 9}]\n"
    assert only(base + breaks, breaks).code == "breaks"
    unknown = base.replace('line = "works"', 'line = "work"') + "price = 2\n"
    assert "'works'" in (only(unknown, 'line = "work"').mend or "")
    alone = base + 'price = 2\nkind = "joint"\n'
    assert "2 buyers" in only(alone, "[[contract]]").what
    assert (
        only(base + 'price = 2\nfrom = "2023-06"\nto = "2023-05"\n', 'to = "2023-05"').code
        == "order"
    )


def test_an_empty_horizon_stops_at_once() -> None:
    text = GOOD.replace('to = "2024-02"', 'to = "2023-02"')
    assert only(text, 'to = "2023-02"').code == "empty-horizon"
    quarters = GOOD.replace('to = "2024-02"', 'to = "2024-03"\nstep = "quarter"')
    assert "2024-05" in (only(quarters, 'to = "2024-03"').mend or "")


def test_needs_without_any_supply_are_refused() -> None:
    text = GOOD[: GOOD.index("[[stock]]")]
    assert only(text, "[[need]]").code == "no-supply"


def test_all_faults_are_told_at_once(snapshot: SnapshotAssertion) -> None:
    text = (
        GOOD.replace("lead = 3", "led = 3\nlead = -3")
        .replace("held = 5000", 'held = 500\nrecipients = ["Ukrane"]')
        .replace("opening = 500", "opening = [5]")
        .replace("budget = 1e9", "budget = { 23 = 1 }")
        .replace("amount = 1000", "amount = 1000\npriority = 12")
        + '[[line]]\nname = "second"\nitem = "shells"\ncapacity = [1,\n 2]\n'
        + '[[contract]]\nline = "second"\nprice = 1\n'
        + '[[contract]]\nline = "third"\nprice = 1\nbuyers = ["Germny"]\n'
    )
    assert "\n".join(map(str, faults(text))) == snapshot


def test_what_cannot_be_read_is_left_out_and_the_rest_keeps_its_place() -> None:
    # The first shelf lacks what it must have: the second is still found on its own line.
    text = GOOD.replace(
        "[[donor.shelf]]",
        '[[donor.shelf]]\nitem = "155mm"\n[[donor.shelf]]',
    ).replace("reserve = 1000", "reserve = 6000")
    found = faults(text)
    assert [one.code for one in found] == ["missing", "reserve"]
    assert found[1].place == f"line {line_of(text, 'reserve = 6000')}, donor[1].shelf[2].reserve"


def test_the_error_names_the_first_and_counts_the_others() -> None:
    text = GOOD.replace("capacity = 800", "capacity = -800").replace("lead = 3", "lead = -3")
    with pytest.raises(
        ScenarioError,
        match=r"plan.toml, line 31, line\[1\].capacity: -800 is below"
        r".*then see the 1 other fault",
    ) as raised:
        compile_scenario(read_scenario(text, "plan.toml"), load_catalogue())
    assert len(raised.value.problems) == 2


@pytest.mark.parametrize("text", ["a = [\n1\nb = 2", "a = 1\na = 2", "[a]\nb = = 2", "x" * 3])
def test_a_text_that_is_no_toml_is_told_with_its_line(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"plan.toml, line \d+: this is no TOML"):
        read_scenario(text, "plan.toml")


def test_lines_end_as_they_may() -> None:
    text = GOOD.replace("reserve = 1000", "reserve = 6000")
    assert faults(text.replace("\n", "\r\n")) == faults(text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--init"):
        load_scenario(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("title = 'Žluťoučký'".encode("cp1250"))
    with pytest.raises(UsageError, match="UTF-8"):
        load_scenario(tmp_path / "latin.toml")
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load_scenario(tmp_path / "marked.toml").faults.errors == ()


def test_the_schema_takes_what_the_reader_takes() -> None:
    schema = json.loads(json.dumps(scenario_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    for text in [GOOD, *(path.read_text(encoding="utf-8") for path in EXAMPLES)]:
        errors = [error.message for error in check.iter_errors(tomllib.loads(text))]
        assert errors == []
    for old, new in [("lead = 3", "leed = 3"), ("held = 5000", "held = -1"), ("1e9", '"much"')]:
        assert list(check.iter_errors(tomllib.loads(GOOD.replace(old, new))))


def test_the_page_lists_every_key_as_it_is() -> None:
    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    assert page == with_tables(page), "run python tools/scenario_keys.py"


def test_the_scenario_of_the_page_is_sound() -> None:
    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    whole, *parts = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert faults(whole) == ()
    examples = "".join(path.read_text(encoding="utf-8") for path in EXAMPLES)
    shown = [line for part in parts for line in part.splitlines()]
    assert shown
    assert set(shown) <= set(examples.splitlines())


def paths(value: object, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = enumerate(value)
    found = [here] if here else []
    for key, one in inner:
        found += paths(one, (*here, key))
    return found


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value)


WHOLE = [tomllib.loads(path.read_text(encoding="utf-8")) for path in EXAMPLES]
PLACES = [(number, path) for number, whole in enumerate(WHOLE) for path in paths(whole)]
ODD = [-1, 0, "x", "", [], {}, True, float("inf"), float("nan"), "book", [[]], [{}], 10**30,
       "2023-03", {"a": 1}, [1, -1], "Germany", 1979, None]  # fmt: skip


@given(st.sampled_from(PLACES), st.sampled_from(ODD))
@settings(max_examples=80)
def test_whatever_stands_at_a_key_is_planned_with_or_refused_in_words(
    at: tuple[int, tuple[str | int, ...]], odd: object
) -> None:
    number, path = at
    whole = copy.deepcopy(WHOLE[number])
    table: Any = whole
    for part in path[:-1]:
        table = table[part]
    if odd is None:
        del table[path[-1]]
    else:
        table[path[-1]] = odd
    text = "".join(f"{json.dumps(key)} = {toml(value)}\n" for key, value in whole.items())
    for fault in faults(text):
        assert fault.place
        assert fault.mend
