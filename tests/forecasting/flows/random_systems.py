"""Random systems, with everything that may flow in them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from pledgebook.forecasting.flows import (
    Amount,
    Customer,
    Event,
    Handover,
    Law,
    Line,
    Lot,
    Mode,
    Noise,
    Ramp,
    Regime,
    Reorder,
    System,
    Tie,
    Total,
    Works,
)

CHANCE = st.floats(0, 1)
TIES = st.none() | st.builds(Tie, st.sampled_from(["one", "other"]), st.sampled_from([0.5, 1.0]))
NOISES = st.sampled_from(
    [
        None,
        Noise.lognormal(0.5),
        Noise.gamma(1.0),
        Noise.poisson(),
        Noise.poisson(3.0),
        Noise.compound(Law((1.0, 5.0), (0.7, 0.3))),
        Noise(factor=Law((0.0, 1.0, 2.0), (0.25, 0.5, 0.25))),
    ]
)


def sizes(most: float = 1000.0) -> st.SearchStrategy[float | Amount]:
    exact = st.floats(0, most, allow_subnormal=False)
    return exact | st.builds(Amount, st.floats(1, most), st.floats(0.01, 1.0), tie=TIES)


def losses() -> st.SearchStrategy[float | Amount]:
    return CHANCE | st.builds(Amount, st.floats(0.01, 0.5), st.floats(0.1, 1.0), high=st.just(1.0))


@st.composite
def lines(draw: st.DrawFn, key: str, steps: int) -> Line:
    starts = draw(st.lists(st.integers(0, steps), max_size=2, unique=True))
    shapes = st.none() | st.lists(st.floats(0, 3), min_size=steps, max_size=steps)
    use = [Regime(start, draw(sizes(50)), draw(shapes)) for start in starts]
    uses = len(use) > 0
    policies = st.builds(
        Reorder,
        point=st.floats(0, 100),
        up_to=st.floats(100, 300),
        lead=st.integers(1, 5) | st.just(Law((1.0, 4.0), (0.5, 0.5))),
        unit_cost=st.floats(0, 10),
        order_cost=st.floats(0, 5),
        budget=st.none() | st.floats(0, 1000),
        every=st.integers(1, 3),
    ) | st.builds(
        Reorder, point=st.floats(0, 100), quantity=st.floats(1, 50), unit_cost=st.floats(0, 10),
        budget=st.none() | st.floats(0, 1000),
    )  # fmt: skip
    events = st.builds(
        Event, st.just("event"), sizes(100), st.integers(0, 3), st.integers(3, 20),
        st.integers(1, 5), CHANCE,
    )  # fmt: skip
    return Line(
        key,
        opening=draw(sizes()),
        ages=draw(st.sampled_from([{}, {0: 0.25, 2: 0.5}, {30: 1.0}])),
        use=use,
        noise=draw(NOISES) if uses else None,
        events=[draw(events)] if uses and draw(st.booleans()) else [],
        mode=draw(st.sampled_from(Mode)),
        reserve=draw(sizes(200)),
        shelf_life=draw(st.none() | st.integers(1, 10)),
        reorder=draw(st.none() | policies),
        backorder=uses and draw(st.booleans()),
    )


@st.composite
def lots(draw: st.DrawFn, key: str, keys: Sequence[str], steps: int) -> Lot:
    pair = draw(st.permutations(keys))
    by = sorted(draw(st.lists(CHANCE, min_size=steps, max_size=steps)))
    return Lot(
        key,
        pair[0],
        draw(sizes()),
        by,
        lost=draw(losses()),
        source=pair[1] if len(pair) > 1 and draw(st.booleans()) else None,
        transit=draw(st.integers(0, 4)),
        tie=draw(TIES),
    )


@st.composite
def all_works(draw: st.DrawFn, key: str, keys: Sequence[str]) -> Works:
    served = draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))
    ramps = st.builds(Ramp, sizes(60), sizes(10), sizes(10), CHANCE)
    return Works(
        key,
        draw(sizes(50)),
        ramps=draw(st.lists(ramps, max_size=2)),
        idle_until=draw(st.just(0.0) | sizes(10)),
        idle_never=draw(st.sampled_from([0.0, 0.3])),
        customers=[
            Customer(
                one,
                draw(st.floats(0, 1 / len(served))),
                draw(st.none() | sizes(300)),
                draw(st.integers(0, 3)),
                draw(losses()),
            )
            for one in served
        ],
    )


@st.composite
def systems(draw: st.DrawFn) -> System:
    steps = draw(st.integers(1, 20))
    keys = ["front", "shelf", "depot"][: draw(st.integers(1, 3))]
    handovers = []
    if len(keys) > 1:
        for i in range(draw(st.integers(0, 2))):
            pair = draw(st.permutations(keys))
            transit, lost = draw(st.integers(0, 3)), draw(losses())
            rate = draw(sizes(30))
            handovers.append(Handover(f"h{i}", pair[0], pair[1], rate, 0, None, transit, lost))
    works = [draw(all_works(f"works {i}", keys)) for i in range(draw(st.integers(0, 2)))]
    everything = [*keys, *(one.key for one in works)]
    return System(
        steps,
        [draw(lines(key, steps)) for key in keys],
        lots=[draw(lots(f"lot {i}", keys, steps)) for i in range(draw(st.integers(0, 4)))],
        works=works,
        handovers=handovers,
        totals=draw(st.sampled_from([[], [Total("all", everything)]])),
    )
