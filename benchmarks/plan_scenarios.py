"""The planning benchmark's instances as scenario files of the product."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from plan_instances import Arrays, find_instances

__all__ = ["scenario_text"]

FIRST_YEAR = 2023


def scenario_text(instance: Arrays, *, cases: int = 1, spread: float = 0.0) -> str:
    """Return an instance as a TOML file; its model is the defaults of a scenario.

    With a `spread`, each need is eight times in ten from 1 / (1 + spread) to 1 + spread times what
    the instance says, in so many `cases`.
    """
    return "\n".join(_lines(instance, cases, spread)) + "\n"


def _lines(instance: Arrays, cases: int, spread: float) -> Iterator[str]:
    held, need, price = instance["held"], instance["need"], instance["price"]
    donors, items = held.shape
    years = need.shape[1] // 12
    yield 'title = "The planning benchmark"'
    yield f"parties = {['recipient', *(f'd{donor}' for donor in range(donors))]}"
    yield f'[horizon]\nfrom = "{FIRST_YEAR}-01"\nto = "{FIRST_YEAR + years - 1}-12"'
    if cases > 1:
        yield f"[cases]\nnumber = {cases}"
    for item in range(items):
        yield f'[[item]]\nname = "i{item}"\nown = true\nprice = {_number(price[item])}'
        yield f'[[need]]\nname = "i{item}"\nrecipient = "recipient"\nitem = "i{item}"'
        yield f"amount = [{', '.join(map(_number, need[item]))}]"
        if spread:
            yield f"spread = [{1 / (1 + spread)!r}, {1 + spread!r}]"
        yield f'[[stock]]\nname = "i{item}"\nrecipient = "recipient"\nitem = "i{item}"\nopening = 0'
    for donor in range(donors):
        yield f'[[donor]]\nname = "d{donor}"'
        yield f"budget = [{', '.join(map(_number, instance['budget'][donor]))}]"
        for item in np.flatnonzero(held[donor]).tolist():
            yield f'[[donor.shelf]]\nname = "d{donor} i{item}"\nitem = "i{item}"'
            yield f"held = {_number(held[donor, item])}"
            yield f"most = {_number(held[donor, item] / 6)}"
    for line, item in enumerate(np.asarray(instance["line_item"], int).tolist()):
        buyers = np.flatnonzero(instance["eligible"][:, line])
        beyond = np.cumsum(instance["tier"][line])
        yield f'[[line]]\nname = "l{line}"\nitem = "i{item}"'
        yield f"price = {_number(instance['line_price'][line])}"
        yield f"capacity = {_number(instance['capacity'][line])}"
        yield f"lead = {int(instance['lead'][line])}\nrebate_paid = false"
        yield f"buyers = {[f'd{donor}' for donor in buyers]}"
        yield "price_break = ["
        yield f"  {{ beyond = {_number(beyond[0])}, rebate = 0.06 }},"
        yield f"  {{ beyond = {_number(beyond[1])}, rebate = 0.12 }},\n]"
        yield f'[[line.expansion]]\nname = "l{line} grown"\ndelay = 9'
        yield f"added = {_number(instance['added'][line])}"
        yield f"cost = {_number(instance['expansion_cost'][line])}"


def _number(value: float) -> str:
    return repr(float(value))


def main() -> None:
    """Write an instance as a scenario."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("seed", 3), ("donors", 40), ("items", 60), ("months", 36), ("lines", 80)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("-o", metavar="FILE.toml", type=Path, required=True)
    given = vars(parser.parse_args())
    out: Path = given.pop("o")
    instances = find_instances()
    if instances is None:
        parser.error("the planning benchmark is not beside the project")
    out.write_text(scenario_text(instances.make(**given)), encoding="utf-8")


if __name__ == "__main__":
    main()
