"""A request and its id say the same; what cannot be asked is told with the mend."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import pytest
from hypothesis import assume as given_that
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.errors import UsageError
from pledgebook.forecasting.assumptions import Assumptions, Range, Rate
from pledgebook.forecasting.forecast import Measure
from pledgebook.forecasting.request import Request, is_forecast_id, parse_id, step_days, to_end
from pledgebook.vocabulary.statement import Per

FEBRUARY = dt.date(2023, 2, 14)
AMOUNTS = st.floats(min_value=1e-3, max_value=1e9)
SPANS = st.tuples(AMOUNTS, AMOUNTS).map(lambda two: (min(two), max(two)))
RANGES = SPANS.map(lambda two: Range(low=two[0], high=two[1]))
RATES = st.builds(
    lambda two, per: Rate(low=two[0], high=two[1], per=per), SPANS, st.sampled_from(Per)
)
ASSUMED = st.builds(
    Assumptions,
    stock=st.none() | RANGES,
    use=st.none() | RATES,
    share_of_output=st.none() | st.floats(min_value=0.001, max_value=1),
    reserve=AMOUNTS,
    shelf_life_days=st.none() | st.integers(1, 10_000),
)


def close(one: Range | None, other: Range | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one.low, other.low) and math.isclose(one.high, other.high)


@given(
    item=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20),
    recipient=st.sampled_from(["UKR", "Côte d'Ivoire", "a/b?c#d&e=f"]),
    start=st.dates(dt.date(2014, 1, 1), dt.date(2030, 1, 1)),
    length=st.integers(1, 3_000),
    step=st.sampled_from(["week", "month"]),
    scenarios=st.lists(
        st.sampled_from(["steady", "surge", "cut", "continued", "surge=2.5"]),
        min_size=1,
        unique=True,
    ),
    assumed=ASSUMED,
    draws=st.integers(100, 10**6),
    seed=st.integers(0, 2**32),
)
def test_an_id_opens_to_the_request(
    item: str, recipient: str, start: dt.date, length: int, step: str, scenarios: list[str],
    assumed: Assumptions, draws: int, seed: int,
) -> None:  # fmt: skip
    given_that(item == item.strip())
    asked = Request(
        item,
        recipient,
        start,
        start + dt.timedelta(days=length),
        "week" if step == "week" else "month",
        tuple(scenarios),
        assumed,
        draws,
        seed,
    )
    assert is_forecast_id(asked.id)
    again, place = parse_id(asked.id)
    assert (again.item, again.recipient, again.days) == (item, recipient, asked.days)
    assert (again.step, again.scenarios, again.draws, again.seed) == (
        asked.step,
        asked.scenarios,
        draws,
        seed,
    )
    assert close(again.assume.stock, assumed.stock)
    assert close(again.assume.use, assumed.use)
    assert again.assume.shelf_life_days == assumed.shelf_life_days
    assert place.measure is None
    assert again.id == asked.id


def test_an_id_can_name_a_point() -> None:
    asked = Request("155mm", "UKR", FEBRUARY, dt.date(2023, 12, 31), scenarios=("steady", "surge"))
    _, place = parse_id(f"{asked.id}#surge/days-of-supply@2023-06")
    assert place.measure is Measure.DAYS_OF_SUPPLY
    assert place.day == dt.date(2023, 6, 1)
    assert place.scenario == "surge"


@given(start=st.dates(dt.date(2014, 1, 1), dt.date(2030, 1, 1)), length=st.integers(1, 4_000))
def test_steps_cover_the_horizon_without_a_hole(start: dt.date, length: int) -> None:
    last = start + dt.timedelta(days=length)
    for step in ("week", "month"):
        days = step_days(start, last, "week" if step == "week" else "month")
        assert days[0] == start
        assert days[-2] <= last < days[-1]
        lengths = {(after - before).days for before, after in itertools.pairwise(days)}
        assert lengths == {7} if step == "week" else lengths <= {27, 28, 29, 30, 31, 32, 33, 34}


def test_months_that_begin_on_the_thirty_first_stay_at_the_ends() -> None:
    days = step_days(dt.date(2023, 1, 31), dt.date(2023, 4, 15), "month")
    assert [day.isoformat() for day in days] == [
        "2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until": dt.date(2023, 1, 1)}, "before it begins"),
        ({"draws": 5}, "draws"),
        ({"scenarios": ("sunny",)}, "no scenario"),
        ({"until": dt.date(2623, 1, 1)}, "more than"),
    ],
)
def test_what_cannot_be_asked_is_told_with_the_mend(changes: dict[str, object], words: str) -> None:
    fields: dict[str, object] = {
        "item": "155mm", "recipient": "UKR", "as_of": FEBRUARY, "until": dt.date(2024, 1, 1),
    }  # fmt: skip
    with pytest.raises(UsageError, match=words) as caught:
        Request(**{**fields, **changes})  # type: ignore[arg-type]
    assert caught.value.mend


@pytest.mark.parametrize(
    "text",
    ["forecast:", "forecast:155mm?until=2024", "forecast:a/b?until=2024&as_of=2023&draws=many",
     "forecast:a/b?until=2024&as_of=2023#joy@2023-02"],
)  # fmt: skip
def test_what_is_no_id_is_told(text: str) -> None:
    with pytest.raises(UsageError):
        parse_id(text)


def test_the_end_of_a_period_is_its_last_day() -> None:
    assert to_end("2024-02") == dt.date(2024, 2, 29)
    assert to_end("2024") == dt.date(2024, 12, 31)
    with pytest.raises(UsageError, match="no day"):
        to_end("soon")
