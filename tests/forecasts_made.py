"""Forecasts as an assembly would give them, from a small flow of their own, for what shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pledgebook.forecasting.forecast import (
    Band,
    Caveat,
    Expected,
    Floats,
    Forecast,
    Influence,
    Measure,
    Outlook,
    Ratio,
    RunDry,
    Source,
    StepName,
)
from pledgebook.forecasting.request import Request, step_days

AS_OF = dt.date(2023, 2, 24)
DRAWS = 2_000

USE = Source("series", "UKR, expenditure of 155mm, 7 points of 5 sources", "s1f0a2b3c4d5e6f708192")
MADE = Source("series", "USA, production of 155mm, 9 points of 6 sources", "s2a1b2c3d4e5f60718293")
TOLD_STOCK = Source("series", "UKR, stock of 155mm, 2 points of 2 sources", "s3c0ffee0123456789abc")
LOT = Source("commitment", "USA, 250,000 155mm shells", "c11d2e3f4051627384950")
SAID_STOCK = Source("assumption", "opening stock 200,000 to 400,000 rounds (as you said)")

INFLUENCES = (
    Influence("use", 0.61, 0.03, 0.66, 0.03),
    Influence("opening stock", 0.18, 0.02, 0.2, 0.03),
    Influence("arrivals of what was promised", 0.12, 0.02, 0.17, 0.02),
    Influence("output", 0.004, 0.015, 0.02, 0.02),
)


def quantiles(draws: Floats) -> Band:
    """The band of draws (draws, steps)."""
    cut = np.quantile(draws, (0.1, 0.25, 0.5, 0.75, 0.9), axis=0)
    return Band(draws.mean(axis=0), *cut)


def outlook(
    scenario: str, says: str, days: tuple[dt.date, ...], *, use: float = 1.0, stock: bool = True
) -> tuple[Outlook, Floats]:
    """An outlook with `use` times the usual use; returns the chance of each lot's arrival too."""
    steps = len(days) - 1
    random = np.random.default_rng(7)
    months = np.diff([day.toordinal() for day in days]) / 30.4375
    rate = 110_000 * use * np.exp(random.normal(0, 0.25, (DRAWS, 1)))
    wanted = rate * months * np.exp(random.normal(0, 0.1, (DRAWS, steps)))
    made = 24_000 * np.exp(random.normal(0.04, 0.02, (DRAWS, 1)) * np.arange(1, steps + 1))
    output = made * months
    mean = 60_000 * np.exp(random.normal(0, 0.3, (DRAWS, 1))) * months
    arrivals = np.where(random.random((DRAWS, steps)) < 0.7, mean, 0.0) + 0.3 * output
    opening = random.uniform(200_000, 400_000, DRAWS)
    held, levels, used = opening, [], []
    for step in range(steps):
        there = held + arrivals[:, step]
        taken = np.minimum(there, wanted[:, step])
        held = there - taken
        levels.append(held)
        used.append(taken)
    level, use_ = np.stack(levels, 1), np.stack(used, 1)
    needed = np.maximum.accumulate(np.cumsum(wanted - arrivals, axis=1), axis=1).clip(0)
    bands = {
        Measure.ARRIVALS: quantiles(arrivals),
        Measure.OUTPUT: quantiles(output),
        Measure.WANTED: quantiles(wanted),
        Measure.NEEDED: quantiles(needed),
    }
    met = dry = None
    gap = wanted - use_
    if stock:
        bands |= {
            Measure.STOCK: quantiles(level),
            Measure.DAYS_OF_SUPPLY: quantiles(level / (rate / 30.4375)),
            Measure.USE: quantiles(use_),
            Measure.GAP: quantiles(gap),
        }
        short = np.maximum.accumulate(gap > 0, axis=1)
        by = short.mean(axis=0)
        met = (gap <= 0).mean(axis=0)
        when = [next((days[i] for i in range(steps) if by[i] >= q), None) for q in (0.1, 0.5, 0.9)]
        dry = RunDry(by, *when)
    chance = 1 - np.exp(-np.arange(1, steps + 1) / 9)
    made_outlook = Outlook(
        scenario=scenario,
        says=says,
        bands=bands,
        met=met,
        run_dry=dry,
        influences=INFLUENCES,
        influences_on="the stock at the end" if stock else "what is needed by the end",
    )
    return made_outlook, chance


SCENARIOS: Mapping[str, tuple[str, float]] = {
    "steady": ("use goes on as it is", 1.0),
    "surge": ("use rises to 1.6 times what it is", 1.6),
    "cut": ("use is cut to what arrives", 0.6),
}


def full(*scenarios: str, step: StepName = "month", steps: int = 23) -> Forecast:
    """A forecast of which all is known, under one or more scenarios."""
    until = step_days(AS_OF, dt.date(2030, 1, 1), step)[steps] - dt.timedelta(days=1)
    request = Request("155mm", "UKR", AS_OF, until, step, scenarios or ("steady",), draws=DRAWS)
    days = request.days
    outlooks: dict[str, Outlook] = {}
    chance = np.zeros(steps)
    for name in scenarios or ("steady",):
        says, use = SCENARIOS[name]
        outlooks[name], chance = outlook(name, says, days, use=use)
    return Forecast(
        id=request.id,
        item="shell-155mm",
        item_name="155mm shells",
        unit="round",
        recipient="UKR",
        as_of=AS_OF,
        until=until,
        step=step,
        days=days,
        outlooks=outlooks,
        sources={
            Measure.STOCK: (SAID_STOCK, USE, LOT),
            Measure.DAYS_OF_SUPPLY: (SAID_STOCK, USE, LOT),
            Measure.ARRIVALS: (LOT, MADE),
            Measure.OUTPUT: (MADE,),
            Measure.WANTED: (USE,),
            Measure.USE: (SAID_STOCK, USE, LOT),
            Measure.GAP: (SAID_STOCK, USE, LOT),
            Measure.NEEDED: (USE, LOT, MADE),
        },
        expected=(
            Expected(
                "c11d2e3f4051627384950",
                ("USA",),
                "155mm",
                "round",
                250_000,
                250_000,
                dt.date(2023, 6, 30),
                0.12,
                chance,
                dt.date(2023, 8, 14),
            ),
            Expected(
                "c2233445566778899aabb",
                ("DEU", "DNK"),
                "155mm",
                "round",
                18_000,
                20_000,
                None,
                0.31,
                chance**2,
                dt.date(2023, 11, 2),
            ),
            Expected(
                "c33bb44cc55dd66ee77ff",
                ("NOR",),
                "155mm",
                None,
                None,
                None,
                dt.date(2023, 3, 31),
                0.55,
                chance**0.2,
                None,
            ),
        ),
        ratio=Ratio(3.1, 4.6, 7.9, (str(USE.id),), (str(MADE.id),)),
        caveats=(
            Caveat(
                "losses on the way",
                "no report tells of any, so that none are reckoned with",
                "read a report of losses",
                said=True,
            ),
            Caveat(
                "output of DEU",
                "its works are told as capacity only, which is not what they make",
                "read a report of what Rheinmetall makes a year",
            ),
        ),
        draws=DRAWS,
        seed=1,
        inputs={"opening stock": "200,000–400,000 rounds (as you said)"},
    )


def without_stock() -> Forecast:
    """The same where nobody tells the stock: the gap over arrivals, and what would be needed."""
    whole = full()
    found, _ = outlook("steady", "use goes on as it is", whole.days, stock=False)
    kept: dict[Measure, tuple[Source, ...]] = {
        measure: tuple(one for one in its if one.kind != "assumption")
        for measure, its in whole.sources.items()
        if measure not in {Measure.STOCK, Measure.DAYS_OF_SUPPLY, Measure.USE}
    }
    unsaid = Caveat(
        "stock, days of supply and run-dry date",
        "no report and no imported table tells what UKR holds",
        "read a report that does, or assume a stock with --stock 200000-400000",
    )
    return replace(
        whole, outlooks={"steady": found}, sources=kept, caveats=(unsaid, *whole.caveats), inputs={}
    )


def nothing_told() -> Forecast:
    """A forecast where no level and no promise was ever told: nothing can be said."""
    whole = full()
    return replace(
        whole,
        outlooks={"steady": Outlook("steady", "use goes on as it is", {})},
        sources={},
        expected=(),
        ratio=None,
        caveats=(
            Caveat(
                "use",
                "no report tells how much 155mm UKR uses",
                'read a report that does, or assume it with --use "110000/month"',
            ),
            Caveat("arrivals", "nobody has promised any", "read reports of promises"),
            Caveat(
                "stock, days of supply and run-dry date",
                "no report and no imported table tells what UKR holds",
                "read a report that does, or assume a stock with --stock 200000-400000",
            ),
        ),
        inputs={},
    )
