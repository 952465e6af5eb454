"""How large a problem is, before it is built: columns, rows, and the memory that a plan takes."""

from __future__ import annotations

import os
from dataclasses import dataclass

from pledgebook.planning.problem import Problem

__all__ = ["Size", "machine_memory", "size_of"]

# Measured with benchmarks/plan_sizes.py: 150 MB for Pledgebook itself, and while it solves 2 kB
# (decomposed) to 9 kB (searched as a whole) a column; see docs/scenario.md.
_BASE = 150e6
_A_COLUMN = 6_000.0


@dataclass(frozen=True, slots=True)
class Size:
    """An estimate: columns and rows of the program, bytes to build and solve it."""

    columns: int
    rows: int
    bytes: float


def size_of(problem: Problem, cases: int) -> Size:
    """Estimate the size of a problem with so many cases (1: deterministic)."""
    steps, years = problem.steps, problem.years
    cases = max(cases, 1)
    drawn = sum(len(shelf.to) for shelf in problem.shelves)
    ordered = sum(len(line.to) for line in problem.lines)
    lines = {line.name: line for line in problem.lines}
    called = sum(len(lines[one.line].to) for one in problem.contracts)
    tiers = sum(len(line.tiers) / line.tier_steps for line in problem.lines)
    budgets = len(problem.budgets)
    paid = sum(
        len(line.buyers) if line.buyers is not None else budgets for line in problem.lines
    ) + sum(len(one.buyers) for one in problem.contracts)
    runs = sum(line.least > 0 or line.restart is not None for line in problem.lines)
    pairs = sum(len(need.met_by) for need in problem.needs)
    pieces = sum(len(need.pieces) for need in problem.needs)
    first = (drawn + ordered + called + runs) * steps + 2 * tiers * steps + paid * years
    second = (len(problem.stocks) + pieces + (pairs if pairs > len(problem.needs) else 0)) * steps
    rows_first = len(problem.shelves) + (len(problem.lines) + runs) * steps + 3 * tiers * steps
    rows_first += (budgets + len(problem.lines) + len(problem.contracts)) * years
    rows_second = (len(problem.stocks) + len(problem.needs)) * steps
    columns = round(first + cases * second)
    rows = round(rows_first + cases * rows_second)
    return Size(columns, rows, _BASE + _A_COLUMN * columns)


def machine_memory() -> float:
    """Return the bytes of memory of this machine; endless where it does not tell."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return float("inf")
